package trunk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"pgtrunk.io/registry/sdk/go/api"
)

// Target says which build of an extension is wanted.
type Target struct {
	// PGVersion is the PostgreSQL major.
	PGVersion int
	// Platform is such as "linux/arm64"; "linux/amd64" where it is "".
	Platform string
	// Version is the project's; the latest where it is "".
	Version string
}

// Build is an archive of a project's version for one PostgreSQL major and platform.
type Build struct {
	Project, Version string
	PGVersion        int
	Platform         string
	// Link is where the archive is. Its bytes never change.
	Link string
	// SHA256 is their digest in lower-case hex.
	SHA256 string
}

// Resolve finds the build of an extension, or of a project, for a target. Where there is none the error's code says why, such
// as artefact_unknown, and its sentence what there is.
func (c *Client) Resolve(ctx context.Context, name string, target Target) (Build, error) {
	version, platform := target.Version, target.Platform
	if version == "" {
		version = "latest"
	}
	if platform == "" {
		platform = "linux/amd64"
	}
	params := api.GetDownloadAddressParams{Platform: new(api.Platform(platform))}
	if target.PGVersion != 0 {
		params.PGVersion = &target.PGVersion
	}
	response, err := c.api.GetDownloadAddressWithResponse(ctx, name, version, &params)
	if err != nil {
		return Build{}, err //nolint:wrapcheck // as the errors of reads
	}
	link := strings.TrimSpace(string(response.Body))
	project, exact, err := place(link)
	if err != nil {
		return Build{}, err
	}
	found, err := c.ProjectVersion(ctx, project, exact)
	if err != nil {
		return Build{}, err
	}
	for _, download := range found.Downloads {
		if download.Link == link {
			return Build{
				Project: found.Name, Version: found.Version, PGVersion: download.PGVersion, Platform: string(download.Platform),
				Link: link, SHA256: download.SHA256,
			}, nil
		}
	}
	return Build{}, fmt.Errorf("%w: the build at %s is not among those of %s %s", errUnexpected, link, project, exact)
}

// place takes the project and version from an archive's address.
func place(link string) (project, version string, err error) {
	address, err := url.Parse(link)
	if err != nil {
		return "", "", fmt.Errorf("the archive's address: %w", err)
	}
	_, path, found := strings.Cut(address.EscapedPath(), "/api/v1/trunk-projects/")
	parts := strings.Split(path, "/")
	if !found || len(parts) != 5 {
		return "", "", fmt.Errorf("%w: %q is no address of an archive", errUnexpected, link)
	}
	project, err = url.PathUnescape(parts[0])
	if err == nil {
		version, err = url.PathUnescape(parts[2])
	}
	return project, version, err
}

// Download writes the archive of a build to a path, in place of what is there. The digest is computed meanwhile; the file
// appears when it is right. In every other case, a context that ends included, nothing is left behind. An archive with
// other bytes is a [*DigestError].
func (c *Client) Download(ctx context.Context, build Build, path string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("download: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	err = c.fetch(ctx, build, file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil { //nolint:gosec // an archive is no secret
		return fmt.Errorf("download: %w", err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("download: %w", err)
	}
	return nil
}

// fetch writes the archive into a file, from its beginning again where the connection broke.
func (c *Client) fetch(ctx context.Context, build Build, into *os.File) error {
	for attempt := 1; ; attempt++ {
		broken, err := c.fetchOnce(ctx, build, into)
		if err == nil || !broken || attempt >= c.transport.attempts || ctx.Err() != nil {
			return err
		}
		if err := pause(ctx, c.transport.backOff(attempt)); err != nil {
			return err
		}
		if _, err := into.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("download: %w", err)
		}
		if err := into.Truncate(0); err != nil {
			return fmt.Errorf("download: %w", err)
		}
	}
}

// fetchOnce tells of a fault whether it was the connection's, after the answer had begun.
func (c *Client) fetchOnce(ctx context.Context, build Build, into io.Writer) (broken bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, build.Link, nil)
	if err != nil {
		return false, fmt.Errorf("download: %w", err)
	}
	// The bytes as they are: nothing on the way is to pack them once more.
	request.Header.Set("Accept-Encoding", "identity")
	response, err := c.transport.Do(request)
	if err != nil {
		return false, err
	}
	defer func() { _ = response.Body.Close() }()
	digest := sha256.New()
	reading := &reader{from: response.Body}
	if _, err := io.Copy(io.MultiWriter(into, digest), reading); err != nil {
		var silence *TimeoutError
		return reading.failed && !errors.As(err, &silence), fmt.Errorf("download %s: %w", build.Link, err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != build.SHA256 {
		return false, &DigestError{Link: build.Link, Want: build.SHA256, Got: got}
	}
	return false, nil
}

// reader remembers that it was the reading that failed, not the writing.
type reader struct {
	from   io.Reader
	failed bool
}

// Read is that of the reader within.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.failed = err != nil && !errors.Is(err, io.EOF)
	return n, err //nolint:wrapcheck // a reader's errors are its own
}
