package registry_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/adapters/postgres/catalogtest"
	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// walk gives the names of all pages, and how many there were.
func (in *instance) walk(query string, between func(page int)) (names []string, pages int) {
	in.t.Helper()
	result := in.search(query)
	for {
		pages++
		names = append(names, itemNames(result)...)
		if result.NextCursor == nil {
			return names, pages
		}
		if between != nil {
			between(pages)
		}
		result = in.search(query + "&cursor=" + *result.NextCursor)
	}
}

// Page after page gives each answer once, in the order that was asked for, and what was there at the start is neither
// skipped nor repeated while others publish.
func TestSearchPageByPage(t *testing.T) {
	in := serve(t, nil)
	publish := func(name string) {
		t.Helper()
		in.publish("alice", archivetest.Build{Project: name, Version: "1.0"}, map[string]any{"description": "A widget", "license": "MIT"})
	}
	recent := []string{"mike", "alpha", "Zulu", "kilo", "bravo", "yankee", "lima"}
	for _, name := range recent {
		publish(name)
	}
	slices.Reverse(recent)
	byName := []string{"alpha", "bravo", "kilo", "lima", "mike", "yankee", "Zulu"}
	in.exec("UPDATE search_cards SET downloads = 5 WHERE name IN ('kilo', 'Zulu')")
	in.exec("UPDATE catalogue_clock SET version = version + 1")
	in.refreshSearch()
	popular := []string{"kilo", "Zulu", "alpha", "bravo", "lima", "mike", "yankee"}
	for _, question := range []string{"", "q=widget&", "license=MIT&", "q=widget+-nonesuch&pg_version=17&"} {
		for sort, order := range map[string][]string{"name": byName, "recent": recent, "downloads": popular, "relevance": popular} {
			for _, limit := range []int{1, 3, 7, 100} {
				query := fmt.Sprintf("%ssort=%s&limit=%d", question, sort, limit)
				names, pages := in.walk(query, nil)
				if !slices.Equal(names, order) || pages != (len(order)+limit-1)/limit {
					t.Errorf("%s: %d pages, %q, want %q", query, pages, names, order)
				}
			}
		}
	}
	fresh := 0
	for _, query := range []string{"sort=recent&limit=2", "q=widget&sort=name&limit=2", "q=widget&limit=3", "sort=downloads&limit=3"} {
		there := itemNames(in.search("sort=name&limit=100"))
		names, _ := in.walk(query, func(page int) {
			if page < 3 {
				fresh++
				publish(fmt.Sprintf("fresh%c", 'a'+fresh))
			}
		})
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s repeats: %q", query, names)
		}
		for _, name := range there {
			if !slices.Contains(names, name) {
				t.Errorf("%s skips %s: %q", query, name, names)
			}
		}
	}
	// A cursor is good for its own query, whatever the page is cut to, and for no other.
	cursor := "&cursor=" + *in.search("q=widget&sort=name&pg_version=17&limit=2").NextCursor
	if names := itemNames(in.search("q=widget&sort=name&pg_version=17&limit=1" + cursor)); len(names) != 1 {
		t.Errorf("another limit: %q", names)
	}
	for _, query := range []string{
		"q=widgets&sort=name&pg_version=17", "q=widget&pg_version=17", "q=widget&sort=recent&pg_version=17", "q=widget&sort=name", "q=widget&sort=name&pg_version=16", "sort=name&pg_version=17",
		"q=widget&sort=name&pg_version=17&trusted=false", "q=widget&sort=name&pg_version=17&owner=alice", "q=widget&sort=name&pg_version=17&license=MIT",
		"q=widget&sort=name&pg_version=17&category=search", "q=widget&sort=name&pg_version=17&platform=linux/amd64",
	} {
		if a := in.get("/api/v1/search?" + query + cursor); a.status != http.StatusBadRequest || a.code() != "cursor_mismatch" {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if a := in.get("/platform/linux-amd64/api/v1/search?q=widget&sort=name&pg_version=17" + cursor); a.code() != "cursor_mismatch" {
		t.Errorf("below a base path: %d %s", a.status, a.body)
	}
	if a := in.get("/api/v1/search?sort=name" + forged(t, *in.search("sort=name&limit=2").NextCursor, "nonsense")); a.code() != "cursor_invalid" {
		t.Errorf("a forged cursor: %d %s", a.status, a.body)
	}
}

// forged is a cursor with another place in it, as a parameter.
func forged(t *testing.T, cursor, place string) string {
	t.Helper()
	var parts map[string]any
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		t.Fatal(err)
	}
	parts["a"] = place
	raw, err = json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	return "&cursor=" + base64.RawURLEncoding.EncodeToString(raw)
}

// Where there are more than can be looked at, every order still gives each project once, filters hold, counts say that
// they are estimates, and a place that nobody gave is refused or stands somewhere.
func TestSearchManyProjects(t *testing.T) {
	const projects = 1200
	in := serve(t, map[string]string{"DATABASE_URL": catalogtest.URL(t, projects), "UPKEEP_INTERVAL": "never"})
	in.refreshSearch()
	if n := in.count("SELECT count(*) FROM search_cards"); n != projects {
		t.Fatalf("%d projects", n)
	}
	for _, sort := range []string{"relevance", "downloads", "recent", "name"} {
		names, pages := in.walk("limit=100&sort="+sort, nil)
		if sort == "name" && !slices.IsSortedFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
			t.Error("the names are out of order")
		}
		slices.Sort(names)
		if got := len(slices.Compact(names)); got != projects || pages != projects/100 {
			t.Errorf("by %s: %d projects on %d pages", sort, got, pages)
		}
	}
	whole := in.search("limit=1")
	if whole.Total.Relation != trunk.SearchTotalRelationGte || whole.Total.Value < 1000 || whole.Facets.Relation != trunk.SearchFacetsRelationAbout || len(whole.Facets.PGVersion) == 0 {
		t.Errorf("in all %+v, with %+v", whole.Total, whole.Facets)
	}
	// Of filters, alone and together, the pages hold what the catalogue does.
	for _, filter := range []string{"trusted=true", "trusted=false", "pg_version=17", "platform=linux/arm64", "pg_version=16&platform=linux/arm64", "category=search", "pg_version=17&trusted=true&category=search"} {
		kept := map[string]string{"trusted": "trusted=", "pg_version": "pg=", "platform": "platform=", "category": "category="}
		facets := []string{}
		for part := range strings.SplitSeq(filter, "&") {
			name, value, _ := strings.Cut(part, "=")
			facets = append(facets, "'"+kept[name]+value+"'")
		}
		if filter == "pg_version=16&platform=linux/arm64" {
			facets = append(facets, "'build=16 linux/arm64'")
		}
		wanted := in.count("SELECT count(*) FROM search_cards WHERE facets @> ARRAY[" + strings.Join(facets, ", ") + "]")
		for _, sort := range []string{"downloads", "recent", "name"} {
			names, _ := in.walk(filter+"&limit=100&sort="+sort, nil)
			all := len(names)
			slices.Sort(names)
			if distinct := len(slices.Compact(names)); all != wanted || distinct != wanted {
				t.Errorf("%s by %s: %d names, %d distinct, want %d", filter, sort, all, distinct, wanted)
			}
		}
	}
	for _, sort := range []string{"downloads", "recent", "name"} {
		cursor := *in.search("limit=1&sort=" + sort).NextCursor
		for _, place := range []string{
			"nonsense", "{}", `{"f":"a\u0000b"}`, `{"f":"\udfff"}`, `{"d":-9223372036854775808,"f":"x"}`, `{"r":"0001-01-01T00:00:00Z","f":""}`, `{"r":"9999-12-31T23:59:59.999999999Z"}`,
			`{"d":1e400}`, `{"f":"` + strings.Repeat("a", 500) + `"}`,
		} {
			if a := in.get("/api/v1/search?limit=1&sort=" + sort + forged(t, cursor, place)); a.status != http.StatusOK && a.code() != "cursor_invalid" {
				t.Errorf("by %s after %s: %d %s", sort, place, a.status, a.body)
			}
		}
	}
}
