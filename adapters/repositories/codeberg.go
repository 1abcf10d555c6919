package repositories

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"pgtrunk.io/registry/core/extension"
)

// codeberg is Forgejo's https://codeberg.org/api/swagger.
type codeberg struct{ *client }

func newCodeberg(transport http.RoundTripper, token string) codeberg {
	return codeberg{newClient(transport, "https://codeberg.org/api/v1/repos/", token)}
}

func (c codeberg) readme(ctx context.Context, project, folder string) (extension.Readme, error) {
	var entries []struct{ Name, Type string }
	err := c.json(ctx, escape(project, "contents", folder), &entries)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && folder != "" {
		// The address of a file looks like that of a folder; the answer is then the file and not a list.
		return c.readme(ctx, project, parent(folder))
	}
	if err != nil {
		return extension.Readme{}, err
	}
	var names []string
	for _, entry := range entries {
		// "symlink" is left out, as for GitLab.
		if entry.Type == "file" {
			names = append(names, entry.Name)
		}
	}
	name, err := pick(names)
	if err != nil {
		return extension.Readme{}, err
	}
	text, err := c.get(ctx, extension.ReadmeLimit, escape(project, "raw", folder, name))
	return extension.Readme{Name: name, Text: string(text)}, err
}
