package repositories

import (
	"context"
	"net/http"
	"net/url"
	"path"

	"pgtrunk.io/registry/core/extension"
)

// gitHub is https://docs.github.com/en/rest/repos/contents.
type gitHub struct{ *client }

func newGitHub(transport http.RoundTripper, token string) gitHub {
	return gitHub{newClient(transport, "https://api.github.com/repos/", token, "raw.githubusercontent.com", gitHubHost)}
}

func (g gitHub) readme(ctx context.Context, project, folder string) (extension.Readme, error) {
	// GitHub finds the file, follows symbolic links and sends the text with the name; encoding/json takes the base64 off.
	var file struct {
		Name     string
		Encoding string
		Content  []byte
	}
	if err := g.json(ctx, escape(project, "readme", folder), &file); err != nil {
		return extension.Readme{}, err
	}
	switch {
	case file.Encoding == "none":
		// A file over 1 MB comes without its text.
		return extension.Readme{}, errTooLong
	case !sane(file.Name):
		return extension.Readme{}, errAbsent
	default:
		return extension.Readme{Name: file.Name, Text: string(file.Content)}, nil
	}
}

// escape joins parts of a path, of which some may be empty, and escapes what a URL must not hold.
func escape(parts ...string) string {
	return (&url.URL{Path: path.Join(parts...)}).EscapedPath()
}
