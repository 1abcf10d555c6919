package registry_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pgtrunk.io/registry/web/site"
)

// browse asks as a browser does.
func (in *instance) browse(path string) answer {
	in.t.Helper()
	return in.do(http.MethodGet, path, http.Header{
		"Accept": {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, "Accept-Encoding": {"identity"},
	}, nil)
}

// isPage tells what is wrong with an answer that should be a page.
func (in *instance) isPage(path string, a answer, status int) {
	in.t.Helper()
	if a.status != status || a.header.Get("Content-Type") != "text/html; charset=UTF-8" || a.header.Get("Content-Security-Policy") != site.Policy ||
		a.header.Get("Set-Cookie") != "" || strings.Count(a.body, "<h1") != 1 {
		in.t.Errorf("%s: %d, want a page with %d: %v\n%s", path, a.status, status, a.header, a.body)
	}
	caching := "no-store"
	if status < http.StatusBadRequest {
		caching = "public, max-age=60, stale-while-revalidate=600"
	}
	if a.header.Get("Cache-Control") != caching || (a.header.Get("ETag") == "") != (caching == "no-store") {
		in.t.Errorf("%s: caches are told %q and %q", path, a.header.Get("Cache-Control"), a.header.Get("ETag"))
	}
}

// Where nothing is served, people get a page and programs a problem.
func TestUnknownRouteForPeople(t *testing.T) {
	in := serve(t, nil)
	before := in.statements.Load()
	a := in.browse("/extensions/a/b/c/vector<b>")
	in.isPage("an unknown route", a, http.StatusNotFound)
	if !strings.Contains(a.body, `value="a b c vector b"`) || !strings.Contains(a.body, a.header.Get("X-Request-Id")) {
		t.Errorf("the page does not help: %s", a.body)
	}
	if got := in.statements.Load() - before; got != 0 {
		t.Errorf("an error page takes %d statements", got)
	}
	for _, accept := range []string{"", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"} {
		a := in.do(http.MethodGet, "/no/where", http.Header{"Accept": {accept}}, nil)
		if a.status != http.StatusNotFound || a.code() != "route_unknown" {
			t.Errorf("with Accept %q: %d %s", accept, a.status, a.body)
		}
	}
	if a := in.browse("/api/v1/trunk-projects/none/version/1/contents"); a.code() != "project_unknown" {
		t.Errorf("an operation answers a browser %d %s", a.status, a.body)
	}
}

// Assets are kept for ever under names that change with them.
func TestAssets(t *testing.T) {
	in := serve(t, nil)
	page := in.browse("/nowhere").body
	addresses := regexp.MustCompile(`/assets/[a-z]+\.[0-9a-f]{12}\.[a-z]+`).FindAllString(page, -1)
	if len(addresses) < 4 {
		t.Fatalf("the page has %v", addresses)
	}
	for _, address := range addresses {
		a := in.get(address)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", address, a.status, a.header)
		}
	}
	if a := in.browse("/assets/app.css"); a.status != http.StatusNotFound {
		t.Errorf("an unknown asset: %d", a.status)
	}
}
