package registry_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// suggest gives what is suggested, by the texts.
func (in *instance) suggest(text string) []string {
	in.t.Helper()
	a := in.get("/api/v1/suggest?" + q(text))
	var suggestions trunk.Suggestions
	if err := json.Unmarshal([]byte(a.body), &suggestions); err != nil || a.status != http.StatusOK {
		in.t.Fatalf("suggest %s: %d %s", text, a.status, a.body)
	}
	texts := []string{}
	for _, s := range suggestions.Items {
		if s.Project != s.Text {
			in.t.Errorf("%s suggests %+v", text, s)
		}
		texts = append(texts, s.Text)
	}
	return texts
}

// Names that begin so come first, then what the words mean.
func TestSuggest(t *testing.T) {
	in := serveShelf(t)
	for text, first := range map[string]string{"ve": "vector", "VEC": "vector", "pg_c": "pg_cron", "pg-cron": "pg_cron", "cron": "pg_cron", "hash": "hashids", "simil": "vector", "scheduler": "pg_cron", "vetcor": "vector"} {
		if got := in.suggest(text); len(got) == 0 || got[0] != first {
			t.Errorf("%s suggests %q, want first %s", text, got, first)
		}
	}
	if got := in.suggest("search"); !slices.Contains(got, "vector") || !slices.Contains(got, "zhparser") {
		t.Errorf("search suggests %q", got)
	}
	for _, text := range []string{"", " ", "zz", "nonesuch", "!!!", "全文"} {
		if got := in.suggest(text); len(got) != 0 {
			t.Errorf("%q suggests %q", text, got)
		}
	}
	for i := range 12 {
		in.publish("alice", archivetest.Build{Project: fmt.Sprintf("many%cthings", 'a'+i), Version: "1.0"}, nil)
	}
	got := in.suggest("many")
	if len(got) != 8 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 8 {
		t.Errorf("many suggests %q", got)
	}
}

// What a search costs in statements, however much there is.
func TestSearchCost(t *testing.T) {
	in := serveShelf(t)
	cost := func(path string, wanted int64) {
		t.Helper()
		before := in.statements.Load()
		if a := in.get(path); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if got := in.statements.Load() - before; got != wanted {
			t.Errorf("%s: %d statements, want %d", path, got, wanted)
		}
	}
	// The state of the catalogue is asked first. The words of the synonyms and what is known of the projects are asked for once.
	cost("/api/v1/search?q=vector", 6)
	cost("/api/v1/search?q=job+scheduler+17&pg_version=17", 5)
	for path, wanted := range map[string]int64{
		"/api/v1/search?q=vector&limit=5":                          4,
		"/api/v1/search?q=quartzite":                               4,
		"/api/v1/search?q=job+scheduler+17&pg_version=17&limit=50": 4,
		"/api/v1/search?q=similarty":                               4,
		"/api/v1/search?q=%22job+scheduler%22+-vector&sort=name":   4,
		"/api/v1/search?q=nonesuch":                                3,
		"/api/v1/search?q=the":                                     3,
		"/api/v1/search":                                           3,
		"/api/v1/search?category=search&pg_version=17":             3,
		"/api/v1/suggest?q=":                                       0,
		"/api/v1/suggest?q=ve":                                     1,
		"/api/v1/suggest?q=vector":                                 4,
	} {
		cost(path, wanted)
	}
	cost("/api/v1/search?q=job&sort=name&limit=1&cursor="+*in.search("q=job&sort=name&limit=1").NextCursor, 4)
	// What was asked before is known for as long as nothing changes.
	for _, path := range []string{"/api/v1/search?q=vector", "/api/v1/search", "/api/v1/search?q=nonesuch"} {
		cost(path, 1)
	}
	if names := in.namesFound("q=nonesuch"); len(names) != 0 {
		t.Errorf("found %q", names)
	}
	in.publish("alice", archivetest.Build{Project: "nonesuch", Version: "1.0"}, nil)
	if names := in.namesFound("q=nonesuch"); !slices.Equal(names, []string{"nonesuch"}) {
		t.Errorf("what was published since is not found: %q", names)
	}
}

// connection is one beside the registry's, in a transaction that ends with the test at the latest.
func (in *instance) connection() pgx.Tx {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	tx, err := conn.Begin(in.t.Context())
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) })
	return tx
}

// Who publishes finds it at once, by its name and by its words, before anything is counted anew; what is withdrawn is
// found no more.
func TestSearchIsCurrent(t *testing.T) {
	in := serveShelf(t)
	in.refreshSearch()
	// Nobody counts while this is held.
	counting := in.connection()
	if _, err := counting.Exec(t.Context(), "SELECT pg_advisory_xact_lock(hashtextextended('trunk.search_refresh', 0))"); err != nil {
		t.Fatal(err)
	}
	publish := func(version, description string) {
		t.Helper()
		in.publish("alice", archivetest.Build{Project: "zeppelin", Version: version}, map[string]any{"description": description, "categories": []string{"monitoring"}})
	}
	finds := func(found bool, queries ...string) {
		t.Helper()
		for _, query := range queries {
			if names := in.namesFound(query); slices.Contains(names, "zeppelin") != found {
				t.Errorf("%s finds %q", query, names)
			}
		}
	}
	publish("1.0", "Airships of granite")
	finds(true, "q=zeppelin", "q=granite", "q=zepp*", "q=airship", "q=grantie", "q=", "category=monitoring", "owner=alice&sort=recent", "q=monitoring")
	publish("2.0", "Airships of marble")
	finds(true, "q=zeppelin", "q=marble")
	finds(false, "q=granite")
	alice := in.token("alice")
	yank := func(version, path string) {
		t.Helper()
		if a := in.call(http.MethodPost, "/api/v1/trunk-projects/zeppelin/version/"+version+path, alice, `{"reason": "r"}`); a.status != http.StatusOK {
			t.Fatal(a.body)
		}
	}
	yank("2.0", "/yank")
	finds(true, "q=zeppelin", "q=granite")
	finds(false, "q=marble")
	yank("1.0", "/yank")
	finds(false, "q=zeppelin", "q=granite", "q=marble", "", "category=monitoring")
	if got := in.suggest("zepp"); len(got) != 0 {
		t.Errorf("what is withdrawn is suggested: %q", got)
	}
	yank("2.0", "/unyank")
	finds(true, "q=zeppelin", "q=marble", "category=monitoring")
	if counted := in.count("SELECT projects FROM search_counts WHERE facet = ''"); counted != 5 {
		t.Errorf("%d were counted, so this was not before a refresh", counted)
	}
}

// A search that takes too long is given up and answered 503, as soon as it may; what needs no search goes on.
func TestSearchTooSlow(t *testing.T) {
	in := serveShelf(t)
	in.search("q=vector")
	locked := in.connection()
	lock := func(tables string) {
		t.Helper()
		if _, err := locked.Exec(t.Context(), "LOCK TABLE "+tables+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			t.Fatal(err)
		}
	}
	lock("search_documents")
	start := time.Now()
	if a := in.get("/api/v1/search?q=similarity"); a.status != http.StatusServiceUnavailable || a.code() != "overloaded" || a.header.Get("Retry-After") == "" {
		t.Errorf("a search: %d %v %s", a.status, a.header, a.body)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("given up after %s", took)
	}
	if names := in.namesFound("q=vector"); !slices.Contains(names, "vector") {
		t.Errorf("what was found a moment ago is %q", names)
	}
	// Names are looked up elsewhere: what is known of them is told.
	if got := in.suggest("vector"); !slices.Equal(got, []string{"vector"}) {
		t.Errorf("suggested is %q", got)
	}
	if a := in.get("/api/v1/trunk-projects/vector"); a.status != http.StatusOK {
		t.Errorf("a look-up: %d %s", a.status, a.body)
	}
	lock("search_cards, search_names, search_counts")
	for _, path := range []string{"/api/v1/search", "/api/v1/suggest?q=vector"} {
		if a := in.get(path); a.status != http.StatusServiceUnavailable || a.code() != "overloaded" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if err := locked.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := in.namesFound("q=vector"); !slices.Contains(names, "vector") {
		t.Errorf("afterwards are found %q", names)
	}
}

// Without a database there is no search, and it says so.
func TestSearchWithoutDatabase(t *testing.T) {
	in := serve(t, map[string]string{"DATABASE_URL": "postgres://postgres@" + closedAddress(t) + "/trunk?sslmode=disable"})
	for _, path := range []string{"/api/v1/search", "/api/v1/search?q=vector", "/api/v1/search?category=search&sort=name", "/api/v1/suggest?q=vector"} {
		if a := in.get(path); a.status != http.StatusServiceUnavailable || a.code() != "database_unavailable" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v %s", path, a.status, a.header, a.body)
		}
	}
	if a := in.get("/api/v1/suggest?q="); a.status != http.StatusOK {
		t.Errorf("suggesting nothing: %d %s", a.status, a.body)
	}
}

// One address searches so often and no more, whatever it says of itself; all else goes on.
func TestSearchesAreLimited(t *testing.T) {
	in := serve(t, map[string]string{"LIMIT_SEARCH": "4/1h"})
	for i, path := range []string{"/api/v1/search?q=a", "/api/v1/suggest?q=a", "/search?q=a", "/api/v1/search?q=b"} {
		a := in.get(path)
		if want := fmt.Sprintf(`"search";r=%d;t=3600`, 3-i); a.status != http.StatusOK || a.header.Get("RateLimit") != want || a.header.Get("RateLimit-Policy") != `"search";q=4;w=14400` {
			t.Errorf("%s: %d %v, want %s", path, a.status, a.header, want)
		}
	}
	for _, path := range []string{"/api/v1/search?q=a", "/api/v1/suggest?q=c", "/search?q=a"} {
		a := in.do(http.MethodGet, path, http.Header{"X-Forwarded-For": {"192.0.2.7"}}, nil)
		if wait, err := strconv.Atoi(a.header.Get("Retry-After")); a.status != http.StatusTooManyRequests || err != nil || wait < 3500 {
			t.Errorf("one too many, %s: %d %v", path, a.status, a.header)
		}
	}
	if a := in.get("/api/v1/trunk-projects"); a.status != http.StatusOK || a.header.Get("RateLimit") != "" {
		t.Errorf("a read that is no search: %d %v", a.status, a.header)
	}
}
