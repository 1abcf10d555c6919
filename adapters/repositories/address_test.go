package repositories

import (
	"net/url"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/fault"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]place{
		"https://github.com/pgvector/pgvector":                              {gitHubHost, "pgvector/pgvector", ""},
		"https://github.com/pgvector/pgvector/":                             {gitHubHost, "pgvector/pgvector", ""},
		"https://github.com/pgvector/pgvector.git":                          {gitHubHost, "pgvector/pgvector", ""},
		"https://github.com/pgvector/pgvector.git/":                         {gitHubHost, "pgvector/pgvector", ""},
		"http://github.com/pgvector/pgvector":                               {gitHubHost, "pgvector/pgvector", ""},
		"HTTPS://GitHub.com/A/B_c.d-e":                                      {gitHubHost, "A/B_c.d-e", ""},
		"https://github.com/o/.github":                                      {gitHubHost, "o/.github", ""},
		"https://github.com/o/r#readme":                                     {gitHubHost, "o/r", ""},
		"https://github.com/o/r?tab=readme-ov-file":                         {gitHubHost, "o/r", ""},
		"https://github.com/o/r/tree/main":                                  {gitHubHost, "o/r", ""},
		"https://github.com/o/r/tree/main/a/b/":                             {gitHubHost, "o/r", "a/b"},
		"https://github.com/o/r/tree/main/a%20b/%C3%A9":                     {gitHubHost, "o/r", "a b/é"},
		"https://github.com/o/r/blob/main/README.md":                        {gitHubHost, "o/r", ""},
		"https://github.com/o/r/blob/main/a/b/README.md":                    {gitHubHost, "o/r", "a/b"},
		"https://gitlab.com/group/project":                                  {gitLabHost, "group/project", ""},
		"https://gitlab.com/group/sub/sub/project.git":                      {gitLabHost, "group/sub/sub/project", ""},
		"https://gitlab.com/group/sub/project/-/tree/main":                  {gitLabHost, "group/sub/project", ""},
		"https://gitlab.com/group/sub/project/-/tree/main/a?ref_type=heads": {gitLabHost, "group/sub/project", "a"},
		"https://gitlab.com/group/project/-/blob/main/a/README.md":          {gitLabHost, "group/project", "a"},
		"https://codeberg.org/o/r":                                          {codebergHost, "o/r", ""},
		"https://codeberg.org/o/r.git":                                      {codebergHost, "o/r", ""},
		"https://codeberg.org/o/r/src/branch/main":                          {codebergHost, "o/r", ""},
		"https://codeberg.org/o/r/src/branch/main/a/b":                      {codebergHost, "o/r", "a/b"},
		"https://codeberg.org/o/r/src/tag/v1/a":                             {codebergHost, "o/r", "a"},
		"https://codeberg.org/o/r/src/commit/0123abc/a":                     {codebergHost, "o/r", "a"},
	} {
		if got, err := parse(address); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", address, got, err)
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, address := range []string{
		"", " ", "/", "github.com/o/r", "//github.com/o/r", "https:github.com/o/r", "https:///o/r", "%", "https://github.com/%zz/r",
		"git@github.com:o/r.git", "ssh://git@github.com/o/r.git", "git://github.com/o/r", "git+https://github.com/o/r", "ftp://github.com/o/r", "file:///etc/passwd", "javascript:alert(1)",
		"https://user@github.com/o/r", "https://user:secret@github.com/o/r", "https://@github.com/o/r",
		"https://github.com:443/o/r", "https://github.com:/o/r", "https://github.com:8080/o/r",
		"https://www.github.com/o/r", "https://api.github.com/o/r", "https://github.com./o/r", "https://github.com.example.org/o/r", "https://example.org/github.com/o/r", "https://gitlab.example.org/o/r", "https://bitbucket.org/o/r",
		"https://127.0.0.1/o/r", "https://[::1]/o/r", "https://localhost/o/r", "https://github.com\\@example.org/o/r", "https://example.org#@github.com/o/r", "https://github.com%2fexample.org/o/r",
		"https://github.com", "https://github.com/", "https://github.com/o", "https://github.com/o/", "https://github.com//o/r", "https://github.com/o//r", "https://github.com/o/r//",
		"https://github.com/o/..", "https://github.com/../r", "https://github.com/o/%2e%2e", "https://github.com/o/.", "https://github.com/o/.git", "https://github.com/o/..git", "https://github.com/o/...git",
		"https://github.com/o/r/tree/main/../a", "https://github.com/o/r/tree/../a", "https://github.com/o/r/tree/main/a%2f..%2fb", "https://github.com/o/r/tree/main/a%5cb", `https://github.com/o/r/tree/main/a\b`, "https://github.com/o/r/tree/main//a",
		"https://github.com/o/r/tree/main/%00", "https://github.com/o/r/tree/main/a%0d%0ab", "https://github.com/o/r/tree/main/%ff", "https://github.com/o/r/tree/main/%E2%80%AE",
		"https://github.com/o/r r", "https://github.com/o/r%20r", "https://github.com/o/ré", "https://github.com/o/r\n", "https://github.com/o/r\x00", "https://github.com/o;/r", "https://github.com/o/r@main", "https://github.com/o/r%3fx",
		"https://github.com/o/r/tree", "https://github.com/o/r/blob", "https://github.com/o/r/blob/main", "https://github.com/o/r/issues", "https://github.com/o/r/src/branch/main", "https://github.com/o/r/branch/main",
		"https://gitlab.com/project", "https://gitlab.com/-/tree/main", "https://gitlab.com/g/-/tree/main", "https://gitlab.com/g/p/-/issues", "https://gitlab.com/g/p/-/tree", "https://gitlab.com/g/../p",
		"https://codeberg.org/o", "https://codeberg.org/o/r/src", "https://codeberg.org/o/r/src/branch", "https://codeberg.org/o/r/src/tree/main", "https://codeberg.org/o/r/issues",
		"https://github.com/o/" + strings.Repeat("r", 256), "https://gitlab.com/g" + strings.Repeat("/g", 1024) + "/p",
	} {
		got, err := parse(address)
		if fault.CodeOf(err) != fault.RepositoryUnsupported {
			t.Errorf("%q: got %+v, %v", address, got, err)
			continue
		}
		for _, host := range []string{gitHubHost, gitLabHost, codebergHost} {
			if !strings.Contains(err.Error(), host) {
				t.Errorf("%q: %v does not name %s", address, err, host)
			}
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"https://github.com/o/r.git", "https://github.com/o/r/tree/main/a%20b", "https://github.com/o/r/blob/main/a/README.md",
		"https://gitlab.com/g/s/p/-/tree/main/a", "https://codeberg.org/o/r/src/branch/main/a", "https://u@github.com:1/../%2e%2e?#",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got, err := parse(address)
		if err != nil {
			if fault.CodeOf(err) != fault.RepositoryUnsupported {
				t.Errorf("%q: %v", address, err)
			}
			return
		}
		if !strings.Contains(strings.ToLower(address), got.host) {
			t.Errorf("%q: the host is %q", address, got.host)
		}
		for part := range strings.SplitSeq(got.project+"/"+got.folder, "/") {
			if part != "" && !sane(part) {
				t.Errorf("%q: %q", address, part)
			}
		}
		// What goes into a request stays below where it is put.
		path := escape(got.project, "contents", got.folder)
		u, err := url.Parse("https://codeberg.org/api/v1/repos/" + path)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.TrimSuffix("/api/v1/repos/"+got.project+"/contents/"+got.folder, "/")
		if u.Host != codebergHost || u.Path != want || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q becomes %s", address, u)
		}
		if again, err := parse("https://" + got.host + "/" + got.project + ".git"); err != nil || again.project != got.project {
			t.Errorf("%q: %+v becomes %+v, %v", address, got, again, err)
		}
	})
}
