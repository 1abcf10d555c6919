package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options say where to publish and as whom.
type Options struct {
	// URL is the registry's address.
	URL string
	// Token gives the API token of a user.
	Token func(ctx context.Context, user string) (string, error)
	// NewestOnly leaves out earlier versions and all but one build: enough for whoever only reads what projects are.
	NewestOnly bool
	// Progress is told how many of how many projects are there, as they come.
	Progress func(done, total int)
}

// uploads is how many go on at once.
const uploads = 4

// Fill publishes everything. What is there already stays as it is.
//
// Errors: the first publish that is refused; ctx ending.
func Fill(ctx context.Context, options Options) error {
	all, err := projects()
	if err != nil {
		return err
	}
	// Builds of one name follow each other, whose project they create.
	order, byName := []string{}, map[string][]project{}
	for _, p := range all {
		if byName[p.Name] == nil {
			order = append(order, p.Name)
		}
		byName[p.Name] = append(byName[p.Name], p)
	}
	f := filler{Options: options, client: &http.Client{Timeout: time.Minute}}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(uploads)
	var done atomic.Int64
	for _, name := range order {
		group.Go(func() error {
			for _, p := range byName[name] {
				if err := f.project(ctx, p); err != nil {
					return err
				}
			}
			options.Progress(int(done.Add(1)), len(order))
			return nil
		})
	}
	return group.Wait()
}

type filler struct {
	Options

	client *http.Client
}

func (f filler) project(ctx context.Context, p project) error {
	token, err := f.Token(ctx, p.owner())
	if err != nil {
		return err
	}
	builds := p.builds()
	if f.NewestOnly {
		builds = builds[len(builds)-1:]
	}
	for _, b := range builds {
		if err := f.publish(ctx, token, b); err != nil {
			return fmt.Errorf("publish %s %s for PostgreSQL %d: %w", b.Name, b.Version, b.postgres, err)
		}
	}
	return nil
}

// publish sends the form that every client sends.
func (f filler) publish(ctx context.Context, token string, b build) error {
	archive, err := b.archive()
	if err != nil {
		return err
	}
	contentType, form, err := b.form(archive)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL+"/extensions/new", form)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := f.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(answer))
	}
	return err
}

func (b build) form(archive []byte) (contentType string, body io.Reader, err error) {
	libraries := b.Libraries
	for _, name := range b.Preload {
		libraries = append(libraries, library{Name: name, RequiresRestart: true})
	}
	metadata, err := json.Marshal(map[string]any{
		"name": b.Name, "vers": b.Version, "description": b.Description, "license": b.License, "homepage": optional(b.Homepage),
		"documentation": optional(b.Docs), "repository": b.Repository, "categories": b.Categories, "libraries": libraries,
		"system_dependencies": b.Dependencies, "configurations": b.Settings,
	})
	if err != nil {
		return "", nil, fmt.Errorf("write the metadata: %w", err)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	if err := w.WriteField("metadata", string(metadata)); err != nil {
		return "", nil, fmt.Errorf("write the form: %w", err)
	}
	part, err := w.CreateFormFile("file", b.Name+".tar.gz")
	if err == nil {
		_, err = part.Write(archive)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", nil, fmt.Errorf("write the form: %w", err)
	}
	return w.FormDataContentType(), &form, nil
}

// optional is null for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
