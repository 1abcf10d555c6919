// Package apidocs holds the pages that document the API: Swagger UI, to try operations out, and a page to read that is
// rendered from the contract and needs no script. Both work offline and under a policy without inline script or style.
//
// The handlers know nothing of a web framework. They are meant to be mounted at /swagger-ui/ and at /redoc; every
// address in them is relative, so that a base path in front of both changes nothing.
package apidocs

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// ReadingPolicy is the Content-Security-Policy of the reading page: text, one style sheet, one picture, nothing else.
const ReadingPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// SwaggerUIPolicy is the Content-Security-Policy of Swagger UI. Its style sheet draws its icons from data: addresses.
// Each of origins (such as "https://artefacts.example.org") may be asked too: a download that is tried out is redirected
// to the object store, and the browser would refuse to follow it there.
func SwaggerUIPolicy(origins ...string) string {
	connect := strings.Join(append([]string{"'self'"}, origins...), " ")
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " + connect +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

//go:embed swagger-ui swagger-ui-dist/swagger-ui-bundle.js swagger-ui-dist/swagger-ui.css
//go:embed swagger-ui-dist/LICENSE swagger-ui-dist/NOTICE swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt
//go:embed reading/reading.css
var embedded embed.FS

// file is one answer: bytes that never change while the process lives.
type file struct {
	name, contentType, etag string
	body                    []byte
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	contentType := map[string]string{".md": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8"}[path.Ext(name)]
	if contentType == "" {
		contentType = mime.TypeByExtension(path.Ext(name))
	}
	return file{name: name, contentType: contentType, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, body: body}
}

func (f file) serve(w http.ResponseWriter, r *http.Request, policy string) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("Content-Type", f.contentType)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	// The names carry no hash, so every use asks whether there is something new; the answer is nearly always 304.
	header.Set("Cache-Control", "public, no-cache")
	header.Set("ETag", f.etag)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(f.body))
}

// files serves a fixed set of files, found by the last element of the address, under one policy. An address that ends
// in a slash means index; an unknown one is answered by missing, or with a plain 404 where that is nil.
type files struct {
	byName  map[string]file
	index   string
	policy  string
	missing http.Handler
}

func (s *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD are answered here.", http.StatusMethodNotAllowed)
		return
	}
	name := s.index
	if !strings.HasSuffix(r.URL.Path, "/") {
		name = path.Base(r.URL.Path)
	}
	f, ok := s.byName[name]
	if !ok {
		if s.missing != nil {
			s.missing.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
		return
	}
	f.serve(w, r, s.policy)
}

// relativeRedirect sends a client from one spelling of an address to another without naming what stands in front of
// it: http.Redirect would write the path as the server sees it, which is not the client's behind a base path.
func relativeRedirect(w http.ResponseWriter, location string) {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusMovedPermanently)
}

// SwaggerUI serves the page, its script and its style at every address below the folder it is mounted at, which must
// end in a slash in the client's eyes: /swagger-ui is redirected to /swagger-ui/. It reads ../api-docs/openapi.yaml.
// The origins are those of SwaggerUIPolicy; missing answers addresses without a file and may be nil.
func SwaggerUI(missing http.Handler, origins ...string) http.Handler {
	served := &files{
		byName: map[string]file{}, index: "index.html", policy: SwaggerUIPolicy(origins...), missing: missing,
	}
	for _, name := range []string{
		"swagger-ui/index.html", "swagger-ui/initializer.js", "swagger-ui/page.css", "swagger-ui/mark.svg",
		"swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-dist/swagger-ui.css", "swagger-ui-dist/LICENSE",
		"swagger-ui-dist/NOTICE", "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
	} {
		served.byName[path.Base(name)] = newFile(path.Base(name), mustRead(name))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) == "swagger-ui" && !strings.HasSuffix(r.URL.Path, "/") {
			relativeRedirect(w, "swagger-ui/")
			return
		}
		served.ServeHTTP(w, r)
	})
}

// mustRead reads an embedded file, whose name is a constant of this package.
func mustRead(name string) []byte {
	body, err := embedded.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}
