package repositories

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

// internet is one server on this machine that stands behind every name.
type internet struct {
	hosts map[string]http.Handler

	mutex    sync.Mutex
	requests []*http.Request
}

func (i *internet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mutex.Lock()
	i.requests = append(i.requests, r)
	i.mutex.Unlock()
	if handler := i.hosts[r.Host]; handler != nil {
		handler.ServeHTTP(w, r)
		return
	}
	_, _ = io.WriteString(w, "a host that should not have been asked")
}

// asked lists the hosts that were, and the token that each got.
func (i *internet) asked() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	var asked []string
	for _, r := range i.requests {
		asked = append(asked, strings.TrimSpace(r.Host+" "+r.Header.Get("Authorization")))
	}
	return asked
}

// open makes a reader for which every name resolves to the internet above; the rest is as in production, TLS included.
func open(t *testing.T, hosts map[string]http.Handler, options Options) (*Reader, *internet) {
	t.Helper()
	world := &internet{hosts: hosts}
	server := httptest.NewUnstartedServer(world)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	reader := New(options)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	reader.transport.TLSClientConfig = &tls.Config{RootCAs: roots, ServerName: "example.com", MinVersion: tls.VersionTLS12}
	reader.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	t.Cleanup(reader.transport.CloseIdleConnections)
	// A machine that is busy with other tests is no slow host.
	reader.deadline = time.Minute
	return reader, world
}

// files are those of a repository at o/r, and g/s/p on GitLab.
type files map[string]string

// under gives the names in a folder, and whether it is one.
func (f files) under(folder string) (names []string, ok bool) {
	for file := range f {
		if parent(file) == folder {
			names = append(names, path.Base(file))
		}
		ok = ok || folder == "" || strings.HasPrefix(file, folder+"/")
	}
	slices.Sort(names)
	return names, ok
}

func answer(w http.ResponseWriter, value any) { _ = json.NewEncoder(w).Encode(value) }

// gitHub answers as documented: the README of a folder, base64 in lines of 60, and nothing over 1 MB.
func (f files) gitHub(w http.ResponseWriter, r *http.Request) {
	folder, ok := strings.CutPrefix(r.URL.Path, "/repos/o/r/readme")
	names, _ := f.under(strings.TrimPrefix(folder, "/"))
	name, err := pick(names)
	if !ok || err != nil || r.UserAgent() == "" {
		http.NotFound(w, r)
		return
	}
	text := f[strings.TrimPrefix(folder+"/"+name, "/")]
	file := map[string]any{"type": "file", "encoding": "base64", "size": len(text), "name": name, "path": name}
	if len(text) > 1_000_000 {
		file["encoding"], file["content"] = "none", ""
	} else {
		var lines strings.Builder
		for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(text))), 60) {
			fmt.Fprintf(&lines, "%s\n", line)
		}
		file["content"] = lines.String()
	}
	answer(w, file)
}

// gitLab answers for the project g/s/p.
func (f files) gitLab(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/api/v4/projects/g%2Fs%2Fp")
	file, isFile := strings.CutPrefix(rest, "/repository/files/")
	switch {
	case ok && rest == "":
		about := map[string]any{"id": 1, "readme_url": nil}
		names, _ := f.under("")
		if name, err := pick(names); err == nil {
			about["readme_url"] = "https://gitlab.com/g/s/p/-/blob/feature/main/" + url.PathEscape(name)
		}
		answer(w, about)
	case ok && rest == "/repository/tree" && r.URL.Query().Get("per_page") == "100":
		names, isFolder := f.under(r.URL.Query().Get("path"))
		if !isFolder {
			http.NotFound(w, r)
			return
		}
		entries := []any{
			map[string]any{"name": "readme.md", "type": "tree", "mode": "040000"},
			map[string]any{"name": "README.md", "type": "blob", "mode": "120000"},
		}
		for _, name := range names {
			entries = append(entries, map[string]any{"name": name, "type": "blob", "mode": "100644"})
		}
		answer(w, entries)
	case ok && isFile && r.URL.Query().Get("ref") == "HEAD":
		file, _ = url.PathUnescape(strings.TrimSuffix(file, "/raw"))
		f.raw(w, r, file)
	default:
		http.NotFound(w, r)
	}
}

// codeberg answers as Forgejo does.
func (f files) codeberg(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, "/api/v1/repos/o/r/")
	if file, ok := strings.CutPrefix(rest, "raw/"); ok {
		f.raw(w, r, file)
		return
	}
	folder, ok := strings.CutPrefix(rest, "contents")
	folder = strings.TrimPrefix(folder, "/")
	if _, isFile := f[folder]; isFile {
		answer(w, map[string]any{"name": path.Base(folder), "type": "file", "content": "", "encoding": "base64"})
		return
	}
	names, isFolder := f.under(folder)
	if !ok || !isFolder {
		http.NotFound(w, r)
		return
	}
	entries := []any{
		map[string]any{"name": "readme.md", "type": "dir"},
		map[string]any{"name": "README.md", "type": "symlink", "target": "doc/README.md"},
	}
	for _, name := range names {
		entries = append(entries, map[string]any{"name": name, "type": "file"})
	}
	answer(w, entries)
}

func (f files) raw(w http.ResponseWriter, r *http.Request, file string) {
	text, ok := f[file]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = io.WriteString(w, text)
}

func (f files) hosts() map[string]http.Handler {
	return map[string]http.Handler{
		"api.github.com": http.HandlerFunc(f.gitHub),
		gitLabHost:       http.HandlerFunc(f.gitLab),
		codebergHost:     http.HandlerFunc(f.codeberg),
	}
}

// tops are the addresses of the repository on each host, and where a folder's path goes.
var tops = map[string]string{
	"https://github.com/o/r":     "/tree/main/",
	"https://gitlab.com/g/s/p":   "/-/tree/main/",
	"https://codeberg.org/o/r":   "/src/branch/main/",
	"http://codeberg.org/o/r":    "/src/tag/v1/",
	"https://github.com/o/r.git": "/tree/main/",
}

func TestReadme(t *testing.T) {
	repository := files{
		"Makefile": "all:", "README.rst": "the\r\ntop", "src/a.c": "int a;", "a b/ü/ReadMe.txt": "a folder's",
		"a b/ü/README.adoc": "better", "a b/Makefile": "all:", "100%/README.md": "all of it",
	}
	for top, tree := range tops {
		reader, _ := open(t, repository.hosts(), Options{})
		for address, want := range map[string]extension.Readme{
			top:                          {Name: "README.rst", Text: "the\ntop"},
			top + tree + "src":           {Name: "README.rst", Text: "the\ntop"},
			top + tree + "src/missing":   {Name: "README.rst", Text: "the\ntop"},
			top + tree + "a%20b":         {Name: "README.rst", Text: "the\ntop"},
			top + tree + "a%20b/%C3%BC/": {Name: "README.adoc", Text: "better"},
			top + tree + "100%25":        {Name: "README.md", Text: "all of it"},
		} {
			if got, err := reader.Readme(t.Context(), address); got != want || err != nil {
				t.Errorf("%s: got %+v, %v", address, got, err)
			}
		}
	}
	reader, _ := open(t, repository.hosts(), Options{})
	for _, address := range []string{
		"https://github.com/o/r/blob/main/a%20b/%C3%BC/ReadMe.txt",
		"https://gitlab.com/g/s/p/-/blob/main/a%20b/%C3%BC/ReadMe.txt",
		"https://codeberg.org/o/r/src/branch/main/a%20b/%C3%BC/ReadMe.txt",
	} {
		if got, err := reader.Readme(t.Context(), address); got.Text != "better" || err != nil {
			t.Errorf("%s: got %+v, %v", address, got, err)
		}
	}
}

func TestReadmeUnknown(t *testing.T) {
	for name, repository := range map[string]files{
		"no repository": {},
		"no README":     {"Makefile": "all:", "src/README.md": "of a folder"},
		"too long":      {"README.md": strings.Repeat("a", extension.ReadmeLimit+1)},
		"longer yet":    {"README.md": strings.Repeat("a", 3*extension.ReadmeLimit)},
	} {
		reader, _ := open(t, repository.hosts(), Options{})
		for top, tree := range tops {
			for _, address := range []string{top, top + tree + "missing"} {
				got, err := reader.Readme(t.Context(), address)
				if fault.CodeOf(err) != fault.ReadmeUnknown || got != (extension.Readme{}) {
					t.Errorf("%s: %s: got %.100v, %v", name, address, got, err)
					continue
				}
				if long := repository["README.md"] != ""; strings.Contains(err.Error(), "too long") != long {
					t.Errorf("%s: %s: %v", name, address, err)
				}
			}
		}
	}
}

// everywhere puts one handler behind all three hosts.
func everywhere(handler http.HandlerFunc) map[string]http.Handler {
	return map[string]http.Handler{"api.github.com": handler, gitLabHost: handler, codebergHost: handler}
}

// A host that does not answer as it should is one to ask again later.
func TestReadmeUnavailable(t *testing.T) {
	status := func(code int, wait string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if wait != "" {
				w.Header().Set("Retry-After", wait)
			}
			w.WriteHeader(code)
		}
	}
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    time.Duration
	}{
		"a token that is refused":   {status(http.StatusUnauthorized, ""), time.Minute},
		"limited in GitHub's way":   {status(http.StatusForbidden, ""), time.Minute},
		"limited":                   {status(http.StatusTooManyRequests, "17"), 17 * time.Second},
		"limited for an hour":       {status(http.StatusTooManyRequests, "3600"), time.Hour},
		"limited for a day":         {status(http.StatusTooManyRequests, "86400"), time.Minute},
		"limited for less than now": {status(http.StatusTooManyRequests, "-1"), time.Minute},
		"limited until a date":      {status(http.StatusTooManyRequests, "Wed, 21 Oct 2015 07:28:00 GMT"), time.Minute},
		"broken":                    {status(http.StatusInternalServerError, ""), time.Minute},
		"in maintenance":            {status(http.StatusServiceUnavailable, "5"), 5 * time.Second},
		"no content":                {status(http.StatusNoContent, ""), time.Minute},
		"a redirect to nowhere":     {status(http.StatusFound, ""), time.Minute},
		"nothing":                   {text(""), time.Minute},
		"a page":                    {text("<!doctype html>"), time.Minute},
		"other JSON":                {text(`"a string"`), time.Minute},
		"JSON that is cut":          {text(`[{"name":`), time.Minute},
		"a connection that is cut":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, time.Minute},
	} {
		var log bytes.Buffer
		reader, _ := open(t, everywhere(c.handler), Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		for top := range tops {
			got, err := reader.Readme(t.Context(), top)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || f.Code != fault.RepositoryUnavailable || f.RetryAfter != c.want || got != (extension.Readme{}) {
				t.Errorf("%s: %s: got %+v, %v", name, top, got, err)
			}
		}
		if lines := strings.Count(log.String(), "level=WARN"); lines != len(tops) {
			t.Errorf("%s: the log has %d lines", name, lines)
		}
	}
}

// A host that is slow, at the start or with each byte, is given up at the deadline.
func TestDeadline(t *testing.T) {
	if d := New(Options{}).deadline; d != 5*time.Second {
		t.Errorf("the deadline is %s", d)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			// The end of TLS is told before the connection is closed: an answer could arrive in between.
			panic(http.ErrAbortHandler)
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(5 * time.Millisecond)
			defer tick.Stop()
			for r.Context().Err() == nil {
				<-tick.C
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
			}
		},
	} {
		reader, _ := open(t, everywhere(handler), Options{})
		reader.deadline = 100 * time.Millisecond
		for top, tree := range tops {
			start := time.Now()
			_, err := reader.Readme(t.Context(), top+tree+"folder")
			if fault.CodeOf(err) != fault.RepositoryUnavailable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %s: %v", name, top, err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("%s: %s took %s", name, top, took)
			}
		}
	}
}

func TestCallerWhoLeaves(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reader, _ := open(t, everywhere(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}), Options{})
	if _, err := reader.Readme(ctx, "https://github.com/o/r"); fault.CodeOf(err) != fault.RepositoryUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A body without an end is read to its limit and no further.
func TestEndlessBody(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat("[", 1<<16)); err != nil {
				return
			}
		}
	}
	whole := files{"README.md": "a"}.hosts()
	for name, hosts := range map[string]map[string]http.Handler{
		"the first answer": everywhere(endless),
		"the text": {
			"api.github.com": http.HandlerFunc(endless),
			gitLabHost: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/raw") {
					endless(w, r)
				}
				whole[gitLabHost].ServeHTTP(w, r)
			}),
			codebergHost: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/raw/") {
					endless(w, r)
				}
				whole[codebergHost].ServeHTTP(w, r)
			}),
		},
	} {
		reader, _ := open(t, hosts, Options{})
		for top := range tops {
			if _, err := reader.Readme(t.Context(), top); fault.CodeOf(err) != fault.ReadmeUnknown || !strings.Contains(err.Error(), "too long") {
				t.Errorf("%s: %s: %v", name, top, err)
			}
		}
	}
}

// apis are the hosts that are asked for each host of an address.
var apis = map[string]string{
	"https://github.com/o/r": "api.github.com", "https://gitlab.com/g/s/p": gitLabHost, "https://codeberg.org/o/r": codebergHost,
}

var tokens = Options{GitHubToken: "t-github", GitLabToken: "t-gitlab", CodebergToken: "t-codeberg"}

// A redirect to anywhere but the provider's own hosts is not even connected to.
func TestRedirectsThatAreRefused(t *testing.T) {
	for _, to := range []string{
		"https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://localhost/",
		"https://example.org/", "http://example.org/", "file:///etc/passwd", "//example.org/",
		"http://api.github.com/", "http://gitlab.com/", "http://codeberg.org/",
		"https://api.github.com:444/", "https://gitlab.com:444/", "https://codeberg.org:444/", "https://user@api.github.com/", "https://user@gitlab.com/", "https://user@codeberg.org/",
		"https://gist.github.com/", "https://evil-github.com/", "https://api.github.com.example.org/", "https://pages.gitlab.com/", "https://pages.codeberg.org/",
	} {
		for top, api := range apis {
			reader, world := open(t, everywhere(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }), tokens)
			if _, err := reader.Readme(t.Context(), top); fault.CodeOf(err) != fault.RepositoryUnavailable {
				t.Errorf("%s to %s: %v", top, to, err)
			}
			for _, asked := range world.asked() {
				if !strings.HasPrefix(asked, api+" ") {
					t.Errorf("%s to %s: %s was asked", top, to, asked)
				}
			}
			if n := len(world.asked()); n != 1 {
				t.Errorf("%s to %s: %d requests", top, to, n)
			}
		}
	}
	// One provider is another host for the others.
	for top := range apis {
		for other, to := range apis {
			if other == top {
				continue
			}
			reader, world := open(t, everywhere(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://"+to, http.StatusFound) }), tokens)
			if _, err := reader.Readme(t.Context(), top); fault.CodeOf(err) != fault.RepositoryUnavailable || len(world.asked()) != 1 {
				t.Errorf("%s to %s: %v; asked %v", top, to, err, world.asked())
			}
		}
	}
}

// A repository that was renamed is found, and there are at most three redirects.
func TestRedirectsThatAreFollowed(t *testing.T) {
	whole := files{"README.md": "moved"}.hosts()
	for _, n := range []int{1, 3, 4} {
		hosts := map[string]http.Handler{}
		for host, handler := range whole {
			hosts[host] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if hops := len(r.URL.Query()["hop"]); hops < n {
					to := *r.URL
					query := to.Query()
					query.Add("hop", "1")
					to.RawQuery = query.Encode()
					http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
					return
				}
				handler.ServeHTTP(w, r)
			})
		}
		reader, _ := open(t, hosts, tokens)
		for top := range apis {
			got, err := reader.Readme(t.Context(), top)
			if n <= 3 && (err != nil || got.Text != "moved") || n > 3 && fault.CodeOf(err) != fault.RepositoryUnavailable {
				t.Errorf("%s: %d redirects: got %+v, %v", top, n, got, err)
			}
		}
	}
}

// A token goes to the interface that it is for and in no redirect elsewhere; net/http does not send it again after one.
func TestTokens(t *testing.T) {
	hosts := files{"README.md": "a"}.hosts()
	for top, want := range map[string][]string{
		"https://github.com/o/r":   {"api.github.com Bearer t-github"},
		"https://gitlab.com/g/s/p": {"gitlab.com Bearer t-gitlab", "gitlab.com Bearer t-gitlab"},
		"https://codeberg.org/o/r": {"codeberg.org Bearer t-codeberg", "codeberg.org Bearer t-codeberg"},
	} {
		reader, world := open(t, hosts, tokens)
		if _, err := reader.Readme(t.Context(), top); err != nil || !slices.Equal(world.asked(), want) {
			t.Errorf("%s: %v; asked %v", top, err, world.asked())
		}
		reader, world = open(t, hosts, Options{})
		if _, err := reader.Readme(t.Context(), top); err != nil || strings.Contains(strings.Join(world.asked(), ""), "Bearer") {
			t.Errorf("%s: %v; asked %v", top, err, world.asked())
		}
	}

	redirect := func(to string) http.Handler { return http.RedirectHandler(to, http.StatusFound) }
	reader, world := open(t, map[string]http.Handler{
		"api.github.com": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/repos/o/r/readme" && r.URL.RawQuery == "" {
				redirect("https://raw.githubusercontent.com/o/r").ServeHTTP(w, r)
				return
			}
			hosts["api.github.com"].ServeHTTP(w, r)
		}),
		"raw.githubusercontent.com": redirect("https://github.com/o/r"),
		"github.com":                redirect("https://api.github.com/repos/o/r/readme?again"),
	}, tokens)
	want := []string{"api.github.com Bearer t-github", "raw.githubusercontent.com", "github.com", "api.github.com"}
	if _, err := reader.Readme(t.Context(), "https://github.com/o/r"); err != nil || !slices.Equal(world.asked(), want) {
		t.Errorf("%v; asked %v", err, world.asked())
	}
}

// What does not name a repository is refused before anybody is asked.
func TestReadmeUnsupported(t *testing.T) {
	reader, world := open(t, nil, tokens)
	for _, address := range []string{"", "https://example.org/o/r", "git@github.com:o/r.git", "https://github.com/o/../r"} {
		if _, err := reader.Readme(t.Context(), address); fault.CodeOf(err) != fault.RepositoryUnsupported {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked := world.asked(); asked != nil {
		t.Errorf("asked %v", asked)
	}
}

// A name that a host makes up must not go into a path.
func TestNamesFromHosts(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../README.md", "a/b", `a\b`, "README\n.md", "README\x00", "readme." + strings.Repeat("m", 255)} {
		about := func(w http.ResponseWriter, _ *http.Request) {
			answer(w, map[string]any{"name": name, "encoding": "base64", "content": "", "readme_url": "https://gitlab.com/g/s/p/-/blob/main/" + url.PathEscape(name) + "/.."})
		}
		list := func(w http.ResponseWriter, _ *http.Request) {
			answer(w, []any{map[string]any{"name": name, "type": "file"}})
		}
		reader, world := open(t, map[string]http.Handler{
			"api.github.com": http.HandlerFunc(about), gitLabHost: http.HandlerFunc(about), codebergHost: http.HandlerFunc(list),
		}, Options{})
		for top := range apis {
			if got, err := reader.Readme(t.Context(), top); fault.CodeOf(err) != fault.ReadmeUnknown {
				t.Errorf("%s: %q: got %+v, %v", top, name, got, err)
			}
		}
		if n := len(world.asked()); n != len(apis) {
			t.Errorf("%q: %d requests", name, n)
		}
	}
}
