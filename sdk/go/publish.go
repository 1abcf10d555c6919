package trunk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"

	"pgtrunk.io/registry/sdk/go/api"
)

// PublishFile publishes the archive at a path: a .tar.gz with manifest.json at its root, as `trunk build` makes it. It gives
// the registry's line for a terminal. The same bytes again are success; other bytes for the same version, PostgreSQL major
// and platform are refused with the code artefact_exists. It is tried again when the registry is busy.
func (c *Client) PublishFile(ctx context.Context, metadata api.Metadata, path string) (string, error) {
	open := func() (io.ReadCloser, int64, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, 0, fmt.Errorf("open the archive: %w", err)
		}
		info, err := file.Stat()
		if err != nil {
			return nil, 0, errors.Join(fmt.Errorf("open the archive: %w", err), file.Close())
		}
		return file, info.Size(), nil
	}
	return c.publish(repeat(ctx), metadata, filepath.Base(path), open)
}

// Publish is [Client.PublishFile] for an archive that is read once, while it is sent, and so is not tried again.
func (c *Client) Publish(ctx context.Context, metadata api.Metadata, archive io.Reader) (string, error) {
	open := func() (io.ReadCloser, int64, error) { return io.NopCloser(archive), -1, nil }
	return c.publish(ctx, metadata, "archive.tar.gz", open)
}

// publish sends both parts of the form; open gives the archive and its size, -1 where that is not known, and is called for
// each attempt where the context says that there may be several.
func (c *Client) publish(ctx context.Context, metadata api.Metadata, name string, open func() (io.ReadCloser, int64, error)) (string, error) {
	before, after, contentType, err := envelope(metadata, name)
	if err != nil {
		return "", err
	}
	archive, size, err := open()
	if err != nil {
		return "", err
	}
	wrap := func(archive io.ReadCloser) io.ReadCloser {
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(before), archive, bytes.NewReader(after)), archive}
	}
	response, err := c.api.PublishExtensionWithBodyWithResponse(ctx, contentType, wrap(archive), func(ctx context.Context, request *http.Request) error {
		request.ContentLength = -1
		if size >= 0 {
			request.ContentLength = int64(len(before)) + size + int64(len(after))
		}
		if ctx.Value(repeatable{}) != nil {
			request.GetBody = func() (io.ReadCloser, error) {
				again, _, err := open()
				if err != nil {
					return nil, err
				}
				return wrap(again), nil
			}
		}
		return nil
	})
	if err != nil {
		return "", err //nolint:wrapcheck // as the errors of reads
	}
	return strings.TrimSpace(string(response.Body)), nil
}

// envelope is what goes before and after the archive in the form (RFC 7578).
func envelope(metadata api.Metadata, name string) (before, after []byte, contentType string, err error) {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part := func(disposition, kind string) (io.Writer, error) {
		return writer.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
	}
	document, err := json.Marshal(metadata)
	if err != nil {
		return nil, nil, "", fmt.Errorf("write the metadata: %w", err)
	}
	into, err := part(`form-data; name="metadata"`, "application/json")
	if err == nil {
		_, err = into.Write(document)
	}
	if err == nil {
		_, err = part(`form-data; name="file"; filename="`+strings.Map(inQuotes, name)+`"`, "application/gzip")
	}
	if err != nil {
		return nil, nil, "", fmt.Errorf("write the form: %w", err)
	}
	before = bytes.Clone(form.Bytes())
	form.Reset()
	if err := writer.Close(); err != nil {
		return nil, nil, "", fmt.Errorf("end the form: %w", err)
	}
	return before, form.Bytes(), writer.FormDataContentType(), nil
}

// inQuotes keeps what may stand between the quotes of a header's parameter.
func inQuotes(r rune) rune {
	if r < ' ' || r == '"' || r == '\\' || r == 0x7f {
		return '_'
	}
	return r
}
