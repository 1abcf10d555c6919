package ports

import (
	"context"
	"io"
)

// Spool is where an upload waits on local disk before it goes to the object store.
type Spool interface {
	// Create makes an empty file that nobody else sees.
	Create(ctx context.Context) (SpoolFile, error)
}

// SpoolFile is an upload on local disk: written once, then read as often as it takes. Closing removes it.
type SpoolFile interface {
	io.ReadWriteSeeker
	io.Closer
	// Size is how many bytes were written.
	Size() int64
	// Rewind goes back to the start, for reading.
	Rewind() error
}
