package ports

import (
	"context"
	"io"
)

// ObjectStore keeps the bytes of artefacts under keys that carry their digest.
type ObjectStore interface {
	// Put writes an object with its checksum unless there is one under its key already, which is success too: the key
	// says what the bytes are. It never overwrites.
	//
	// Errors: store_unavailable; ErrDigestMismatch where the body is not what SHA256 says, and then nothing is stored.
	Put(ctx context.Context, object Object) error
	// Link gives an address from which a client may read the object for some time. It asks nothing of the store.
	Link(ctx context.Context, key string, options LinkOptions) (string, error)
	// Check asks whether the store answers.
	//
	// Errors: store_unavailable.
	Check(ctx context.Context) error
}

// Object is what is to be stored.
type Object struct {
	Key string
	// Body is read from its start; Size is its length in bytes.
	Body   io.ReadSeeker
	Size   int64
	SHA256 [32]byte
	// ContentType and Metadata are stored beside the bytes.
	ContentType string
	Metadata    map[string]string
}

// LinkOptions says what a link is for.
type LinkOptions struct {
	// Method is GET or HEAD: a link is good for one of them.
	Method string
	// Filename is what the client is told to save the bytes as.
	Filename string
}

// storeError is an error that callers compare with.
type storeError string

// Error gives the text.
func (e storeError) Error() string { return string(e) }

// ErrDigestMismatch says that the bytes of a Put were not what its SHA256 says.
const ErrDigestMismatch = storeError("the bytes are not what the digest says")

// ObjectKey is where an artefact's bytes are: below sha256/, under their digest in lower-case hex.
func ObjectKey(sha256 string) string { return "sha256/" + sha256 }
