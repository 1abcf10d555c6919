package registry_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// heading gives the words of a page's h1.
func heading(a answer) string {
	found := regexp.MustCompile(`<h1[^>]*>(.*?)</h1>`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// links gives the addresses of a page that begin with something.
func links(a answer, prefix string) []string {
	var list []string
	for _, found := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(a.body, -1) {
		if address := html.UnescapeString(found[1]); strings.HasPrefix(address, prefix) {
			list = append(list, address)
		}
	}
	return list
}

// linkOf gives the address behind words.
func linkOf(t *testing.T, a answer, words string) string {
	t.Helper()
	found := regexp.MustCompile(`<a[^>]*href="([^"]*)"[^>]*>\s*` + regexp.QuoteMeta(words)).FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("there is no link %q:\n%s", words, a.body)
	}
	return html.UnescapeString(found[1])
}

// What fits a question, how to narrow it, and how to take that back.
func TestSearchPage(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	a := in.browse("/search?q=similarity")
	in.isPage("/search", a, http.StatusOK)
	if got := heading(a); got != "1 extension for “similarity”" || !strings.Contains(a.body, "<title>1 extension for “similarity” – Trunk</title>") {
		t.Errorf("the heading is %q", got)
	}
	if !strings.Contains(a.body, "<mark>similarity</mark>") || !strings.Contains(a.body, `provides <span class="name">vector</span>`) || !strings.Contains(a.body, `content="noindex"`) {
		t.Errorf("the row is %s", a.body)
	}

	all := in.browse("/search")
	if got := heading(all); got != "3 extensions" {
		t.Errorf("all are %q", got)
	}
	arm := in.browse(linkOf(t, all, "linux/arm64"))
	if got := heading(arm); got != "1 extension, linux/arm64" {
		t.Errorf("for arm64 there is %q", got)
	}
	// The pair travels to the project, and a facet keeps the other filters.
	want(t, links(arm, "/extensions/"), "/extensions/pg_cron?platform=linux/arm64")
	both := in.browse(linkOf(t, arm, "16"))
	if got := heading(both); got != "1 extension, PostgreSQL 16, linux/arm64" {
		t.Errorf("for both there is %q", got)
	}
	if got := linkOf(t, both, "PostgreSQL 16"); got != "/search?platform=linux/arm64" {
		t.Errorf("the chip leads to %s", got)
	}
	if got := linkOf(t, both, "clear all"); got != "/search" {
		t.Errorf("clear all leads to %s", got)
	}
	want(t, links(in.browse("/search?sort=name"), "/extensions/"), "/extensions/pg_cron", "/extensions/pgmq", "/extensions/vectors")

	evil := `"><script>alert(1)</script>`
	if a := in.browse("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"); a.status != http.StatusOK || strings.Contains(a.body, evil) || strings.Count(a.body, "<script") != 2 {
		t.Errorf("words become a script: %s", a.body)
	}
	for path, code := range map[string]string{
		"/search?pg_version=x": "request_invalid", "/search?platform=linux/vax": "platform_unknown", "/search?sort=stars": "request_invalid",
		"/search?trusted=perhaps": "request_invalid", "/search?cursor=x": "cursor_invalid",
	} {
		a := in.browse(path)
		status := http.StatusBadRequest
		if code == "platform_unknown" {
			status = http.StatusNotFound
		}
		in.isPage(path, a, status)
		if !strings.Contains(a.body, "/problems/"+code) {
			t.Errorf("%s says %s", path, a.body)
		}
	}
}

// Where nothing is found, the page says what comes nearest, and how much one filter less gives.
func TestSearchPageWithoutResults(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	a := in.browse("/search?q=vectors&pg_version=9&platform=linux/arm64")
	in.isPage("no results", a, http.StatusOK)
	if got := heading(a); got != "No extension for “vectors”, PostgreSQL 9, linux/arm64" {
		t.Errorf("the heading is %q", got)
	}
	want(t, links(a, "/extensions/"), "/extensions/vectors?pg_version=9&platform=linux/arm64")
	b := in.browse("/search?q=vectors&pg_version=17&platform=linux/arm64")
	if got := linkOf(t, b, "without linux/arm64"); got != "/search?pg_version=17&q=vectors" || !strings.Contains(b.body, "without linux/arm64</a>: 1") {
		t.Errorf("one filter less is %s:\n%s", got, b.body)
	}
	if strings.Contains(b.body, "without PostgreSQL 17</a>") {
		t.Error("a way out leads to nothing")
	}
}

// Pages follow each other, and a cursor is good for its own question.
func TestSearchPages(t *testing.T) {
	in := serve(t, nil)
	for i := range 22 {
		in.publish("alice", archivetest.Build{Project: fmt.Sprintf("number_%c%c", 'a'+i/10, 'a'+i%10), Version: "1.0"}, nil)
	}
	first := in.browse("/search?sort=name")
	next := linkOf(t, first, "Next page")
	second := in.browse(next)
	if a, b := len(links(first, "/extensions/")), len(links(second, "/extensions/")); a != 20 || b != 2 || linkOf(t, second, "First page") != "/search?sort=name" {
		t.Errorf("the pages have %d and %d", a, b)
	}
	if strings.Contains(second.body, "Next page") {
		t.Error("the last page has a next one")
	}
	in.isPage("another question", in.browse(next+"&q=x"), http.StatusBadRequest)
}

// A category has the rows and filters of a search, and leads to its neighbours.
func TestCategoryPage(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	a := in.browse("/categories/orchestration")
	in.isPage("a category", a, http.StatusOK)
	if heading(a) != "Orchestration" || !strings.Contains(a.body, "2 extensions") || !strings.Contains(a.body, "Jobs, queues and workflows") ||
		!strings.Contains(a.body, `href="/feeds/categories/orchestration"`) || !strings.Contains(a.body, `<link rel="canonical" href="`+in.url+`/categories/orchestration">`) {
		t.Errorf("the page is %s", a.body)
	}
	if got := linkOf(t, a, "linux/arm64"); got != "/categories/orchestration?platform=linux/arm64" || !strings.Contains(in.browse(got).body, "1 extension for linux/arm64") {
		t.Errorf("the filter leads to %s", got)
	}
	if len(links(a, "/categories/machine_learning")) != 1 || len(links(a, "/categories/orchestration")) < 2 {
		t.Error("a neighbour is missing")
	}
	in.isPage("an empty category", in.browse("/categories/auditing_logging"), http.StatusOK)
	in.isPage("an unknown category", in.browse("/categories/none"), http.StatusNotFound)
	if a := in.browse("/categories/Machine-Learning"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/categories/machine_learning" {
		t.Errorf("another spelling: %d %v", a.status, a.header)
	}
	for path, most := range map[string]int64{"/search": 2, "/search?q=similarity": 3, "/categories/orchestration": 3} {
		in.browse(path)
		before := in.statements.Load()
		in.browse(path)
		if got := in.statements.Load() - before; got != most {
			t.Errorf("%s: %d statements, want %d", path, got, most)
		}
	}
}
