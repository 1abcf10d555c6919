package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/publish"
)

const (
	// metadataLimit bounds the metadata part, in bytes.
	metadataLimit = 256 << 10
	// formOverhead is what a form may hold besides the archive, in bytes.
	formOverhead = metadataLimit + 64<<10
)

// PublishExtension takes the two parts of a publish as they come; nothing of the archive is held in memory.
func (h *handlers) PublishExtension(ctx context.Context, request api.PublishExtensionRequestObject) (api.PublishExtensionResponseObject, error) {
	form := &form{parts: request.Body, info: infoOf(ctx), limit: h.UploadLimit, access: h.Access}
	if form.info.authorization != "" {
		form.tokens = []string{form.info.authorization}
	}
	metadata, err := form.metadata(ctx)
	if err != nil {
		return nil, err
	}
	archive, err := form.archive(ctx)
	if err != nil {
		return nil, err
	}
	outcome, err := h.Publish.Publish(ctx, publish.Command{
		Caller: caller(ctx), Metadata: metadata, Archive: archive,
	})
	form.info.tell(outcome.Allowance)
	if err != nil {
		return nil, err
	}
	return api.PublishExtension200TextResponse{
		Body: fmt.Sprintf("Successfully published extension %s version %s", outcome.Project, outcome.Version),
	}, nil
}

// form is a publish as it arrives. Published command lines send the token on each part, others on the request.
type form struct {
	parts  *multipart.Reader
	info   *requestInfo
	limit  int64
	access *access.Service
	// tokens are those that came so far; the first one is recognised.
	tokens []string
}

// recognise notes one more header and finds out, unless that was done before, whose token it is.
func (f *form) recognise(ctx context.Context, authorization string) error {
	known := len(f.tokens) > 0
	if authorization != "" {
		f.tokens = append(f.tokens, authorization)
	}
	if known {
		return access.Agree(f.tokens...)
	}
	return admit(ctx, f.access, f.tokens...)
}

// metadata reads the first part.
func (f *form) metadata(ctx context.Context) (extension.Metadata, error) {
	part, err := f.next("metadata")
	if err != nil {
		return extension.Metadata{}, err
	}
	if err := f.recognise(ctx, part.Header.Get("Authorization")); err != nil {
		return extension.Metadata{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(&uploadReader{part: part, info: f.info}, metadataLimit+1))
	if err != nil {
		return extension.Metadata{}, err
	}
	if len(raw) > metadataLimit {
		return extension.Metadata{}, fault.New(fault.PayloadTooLarge, "The metadata is over %d KiB. Make it shorter.", metadataLimit>>10)
	}
	return extension.ParseMetadata(raw)
}

// archive opens the second part.
func (f *form) archive(ctx context.Context) (io.Reader, error) {
	part, err := f.next("file")
	if err != nil {
		return nil, err
	}
	if err := f.recognise(ctx, part.Header.Get("Authorization")); err != nil {
		return nil, err
	}
	return &uploadReader{part: part, info: f.info, left: f.limit, limit: f.limit}, nil
}

func (f *form) next(name string) (*multipart.Part, error) {
	part, err := f.parts.NextRawPart()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.RequestMalformed, "The form has no part called %s. Send metadata first, then file.", name)
	}
	if err != nil {
		return nil, uploadFault(err)
	}
	if part.FormName() != name {
		return nil, fault.New(fault.RequestMalformed, "The form has a part called %q where %s belongs. Send metadata first, then file.", part.FormName(), name)
	}
	return part, nil
}

// uploadReader reads a part, moves the deadline while bytes come, and says in faults what goes wrong.
type uploadReader struct {
	part *multipart.Part
	info *requestInfo
	// left is how much more is taken, in bytes; not watched where limit is 0.
	left, limit int64
}

// Read reads from the part.
func (u *uploadReader) Read(p []byte) (int, error) {
	u.info.extend()
	n, err := u.part.Read(p)
	if u.limit > 0 {
		if u.left -= int64(n); u.left < 0 {
			return 0, tooLarge(u.limit)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, uploadFault(err)
	}
	return n, err //nolint:wrapcheck // io.EOF has to stay itself
}

func tooLarge(limit int64) error {
	return fault.New(fault.PayloadTooLarge,
		"The archive is over the limit of %d bytes (%d MiB). Make it smaller, or ask the registry's operator for a higher limit.",
		limit, limit>>20)
}

// uploadFault says what a broken upload means to its sender.
func uploadFault(err error) error {
	if tooMuch, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(tooMuch.Limit - formOverhead)
	}
	return fault.New(fault.RequestMalformed, "The upload broke off or is not multipart/form-data. Send it again.").Because(err)
}
