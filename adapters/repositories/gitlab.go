package repositories

import (
	"context"
	"net/http"
	"net/url"
	"path"

	"pgtrunk.io/registry/core/extension"
)

// gitLab is https://docs.gitlab.com/api/projects, …/repositories and …/repository_files.
type gitLab struct{ *client }

func newGitLab(transport http.RoundTripper, token string) gitLab {
	return gitLab{newClient(transport, "https://gitlab.com/api/v4/projects/", token)}
}

func (g gitLab) readme(ctx context.Context, project, folder string) (extension.Readme, error) {
	// A project and a file are one segment each: their slashes are escaped.
	project = url.PathEscape(project)
	find := g.inFolder
	if folder == "" {
		find = g.atTop
	}
	name, err := find(ctx, project, folder)
	if err != nil {
		return extension.Readme{}, err
	}
	text, err := g.get(ctx, extension.ReadmeLimit, project+"/repository/files/"+url.PathEscape(path.Join(folder, name))+"/raw?ref=HEAD")
	return extension.Readme{Name: name, Text: string(text)}, err
}

// atTop gives the name of the README that GitLab itself shows. A listing would not do: folders come first in it, and it
// comes in pages.
func (g gitLab) atTop(ctx context.Context, project, _ string) (string, error) {
	var about struct {
		ReadmeURL string `json:"readme_url"`
	}
	if err := g.json(ctx, project, &about); err != nil {
		return "", err
	}
	u, err := url.Parse(about.ReadmeURL)
	if err != nil {
		return "", err
	}
	// The branch's name may have slashes; the file's has none.
	if name := path.Base(u.Path); sane(name) {
		return name, nil
	}
	return "", errAbsent
}

// inFolder gives the name of the README among the first hundred of a folder.
func (g gitLab) inFolder(ctx context.Context, project, folder string) (string, error) {
	var entries []struct{ Name, Type, Mode string }
	if err := g.json(ctx, project+"/repository/tree?per_page=100&path="+url.QueryEscape(folder), &entries); err != nil {
		return "", err
	}
	var names []string
	for _, entry := range entries {
		// The text of a symbolic link would be the path that it points to.
		if entry.Type == "blob" && entry.Mode != "120000" {
			names = append(names, entry.Name)
		}
	}
	return pick(names)
}
