package registry_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// search asks a question, and fails the test unless it is answered. The path is what follows /api/v1/search.
func (in *instance) search(query string) trunk.SearchResult {
	in.t.Helper()
	return in.searchAt("/api/v1/search?" + query)
}

func (in *instance) searchAt(path string) (result trunk.SearchResult) {
	in.t.Helper()
	a := in.get(path)
	if err := json.Unmarshal([]byte(a.body), &result); err != nil || a.status != http.StatusOK {
		in.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return result
}

func itemNames(result trunk.SearchResult) []string {
	names := []string{}
	for _, item := range result.Items {
		names = append(names, item.Name)
	}
	return names
}

// written gives counts as "VALUE:COUNT VALUE:COUNT".
func written(counts []trunk.FacetCount) string {
	var all []string
	for _, c := range counts {
		all = append(all, fmt.Sprintf("%s:%d", c.Value, c.Count))
	}
	return strings.Join(all, " ")
}

// marked gives a snippet with its hits in brackets.
func marked(item trunk.SearchItem) string {
	var b strings.Builder
	for _, f := range item.Snippet {
		if f.Hit {
			b.WriteString("[" + f.Text + "]")
			continue
		}
		b.WriteString(f.Text)
	}
	return b.String()
}

// q writes a question as a parameter.
func q(text string) string { return "q=" + url.QueryEscape(text) }

// oddLicence is written so that nothing may take a part of it for an operator.
const oddLicence = `O'Reilly \ & "Sons" | !(:*)`

// serveShelf starts a registry with five projects that differ in everything.
func serveShelf(t *testing.T) *instance {
	t.Helper()
	in := serve(t, nil)
	const trusted = "comment = 'c'\ndefault_version = '1.0'\ntrusted = true\n"
	type build struct {
		postgres     int
		architecture string
	}
	for _, p := range []struct {
		user, name, description, license, control, readme string
		categories                                        []string
		builds                                            []build
	}{
		{"alice", "pg_cron", "Job scheduler for the night", "PostgreSQL", "", "", []string{"orchestration"}, []build{{17, "x86_64"}, {16, "aarch64"}}},
		{"bob", "pgmq_lite", "Message queue with jobs", "Apache-2.0", "", "", []string{"orchestration"}, []build{{17, "x86_64"}, {17, "aarch64"}}},
		{"alice", "vector", "Vector similarity search", "PostgreSQL", trusted, "# About\n\nMade of quartzite.\n", []string{"machine_learning", "search"}, []build{{17, "x86_64"}}},
		{"bob", "hashids", "Short unique ids", "MIT", trusted, "", []string{"tooling_admin"}, []build{{15, "x86_64"}}},
		{"carol", "zhparser", "Search in Chinese: 全文検索", oddLicence, "", "", []string{"search"}, []build{{16, "x86_64"}}},
	} {
		for _, b := range p.builds {
			archive := archivetest.Build{Project: p.name, Version: "1.0", Postgres: b.postgres, Architecture: b.architecture, Control: p.control}
			if p.readme != "" {
				archive.Files = map[string]archivetest.File{"README.md": {Data: []byte(p.readme)}}
			}
			in.publish(p.user, archive, map[string]any{"description": p.description, "license": p.license, "categories": p.categories})
		}
	}
	return in
}

// Filters leave what fits all of them, and a major and a platform are those of one build. Facets say what each value would
// leave beside the other filters, whether there is a question or not.
func TestSearchFilters(t *testing.T) {
	in := serveShelf(t)
	in.refreshSearch()
	license := "license=" + url.QueryEscape(oddLicence)
	for query, names := range map[string][]string{
		"":                                         {"hashids", "pg_cron", "pgmq_lite", "vector", "zhparser"},
		"category=search":                          {"vector", "zhparser"},
		"category=monitoring":                      {},
		"category=nonsense":                        {},
		"pg_version=17":                            {"pg_cron", "pgmq_lite", "vector"},
		"pg_version=1":                             {},
		"pg_version=99":                            {},
		"platform=linux/arm64":                     {"pg_cron", "pgmq_lite"},
		"pg_version=17&platform=linux/arm64":       {"pgmq_lite"},
		"pg_version=16&platform=linux/arm64":       {"pg_cron"},
		"pg_version=16&platform=linux/amd64":       {"zhparser"},
		"license=PostgreSQL":                       {"pg_cron", "vector"},
		license:                                    {"zhparser"},
		"owner=bob":                                {"hashids", "pgmq_lite"},
		"trusted=true":                             {"hashids", "vector"},
		"trusted=false":                            {"pg_cron", "pgmq_lite", "zhparser"},
		"owner=alice&trusted=true":                 {"vector"},
		"owner=alice&category=orchestration":       {"pg_cron"},
		"owner=alice&license=MIT":                  {},
		"category=search&pg_version=16&" + license: {"zhparser"},
		"q=job":               {"pg_cron", "pgmq_lite"},
		"q=job&pg_version=17": {"pg_cron", "pgmq_lite"},
		"q=job&pg_version=17&platform=linux/arm64":             {"pgmq_lite"},
		"q=job&pg_version=16&platform=linux/arm64&owner=alice": {"pg_cron"},
		"q=job&platform=linux/arm64&owner=carol":               {},
		"q=search&trusted=true":                                {"vector"},
		"q=search&" + license:                                  {"zhparser"},
		"q=vector&owner=bob":                                   {},
	} {
		result := in.search(query + "&sort=name")
		want(t, itemNames(result), names...)
		if result.Total.Value != len(names) || result.Total.Relation != trunk.SearchTotalRelationEq || result.NextCursor != nil {
			t.Errorf("%s: in all %+v, the next is %v", query, result.Total, result.NextCursor)
		}
	}
	for query, facets := range map[string][]string{
		"": {
			"orchestration:2 search:2 machine_learning:1 tooling_admin:1", "17:3 16:2 15:1", "linux/amd64:5 linux/arm64:2",
			"PostgreSQL:2 Apache-2.0:1 MIT:1 " + oddLicence + ":1", "alice:2 bob:2 carol:1", "false:3 true:2",
		},
		"pg_version=17&platform=linux/arm64": {"orchestration:1", "17:1 16:1", "linux/amd64:3 linux/arm64:1", "Apache-2.0:1", "bob:1", "false:1"},
		"owner=alice&trusted=true": {
			"machine_learning:1 search:1", "17:1", "linux/amd64:1", "PostgreSQL:1", "alice:1 bob:1", "false:1 true:1",
		},
		"q=job&category=search": {"orchestration:2", "", "", "", "", ""},
		"q=job&owner=bob":       {"orchestration:1", "17:1", "linux/amd64:1 linux/arm64:1", "Apache-2.0:1", "alice:1 bob:1", "false:1"},
	} {
		f := in.search(query).Facets
		want(t, []string{written(f.Category), written(f.PGVersion), written(f.Platform), written(f.License), written(f.Owner), written(f.Trusted)}, facets...)
		if f.Relation != trunk.SearchFacetsRelationEq {
			t.Errorf("%s: the facets are %s", query, f.Relation)
		}
	}
	// Below the base path of a platform there is that platform.
	for path, names := range map[string][]string{
		"/platform/linux-arm64/api/v1/search?sort=name":                            {"pg_cron", "pgmq_lite"},
		"/platform/linux-arm64/api/v1/search?sort=name&q=job&pg_version=17":        {"pgmq_lite"},
		"/platform/linux-amd64/api/v1/search?sort=name&pg_version=16":              {"zhparser"},
		"/platform/linux-arm64/api/v1/search?sort=name&platform=linux/amd64&q=job": {"pg_cron", "pgmq_lite"},
	} {
		want(t, itemNames(in.searchAt(path)), names...)
	}
}

// What an answer shows.
func TestSearchItems(t *testing.T) {
	in := serveShelf(t)
	item := in.search("q=vector").Items[0]
	if item.Name != "vector" || !slices.Equal(item.Extensions, []string{"vector"}) || item.Version != "1.0" || item.Description != "Vector similarity search" ||
		!slices.Equal(item.Categories, []string{"machine_learning", "search"}) || !slices.Equal(item.PostgresVersions, []int{17}) || !slices.Equal(item.Platforms, []trunk.Platform{"linux/amd64"}) ||
		item.License != "PostgreSQL" || !slices.Equal(item.Owners, []string{"alice"}) || !item.Trusted || item.Deprecated != nil || item.ReleasedAt.IsZero() {
		t.Errorf("the answer is %+v", item)
	}
	cron := in.search("q=pg_cron").Items[0]
	if !slices.Equal(cron.PostgresVersions, []int{16, 17}) || !slices.Equal(cron.Platforms, []trunk.Platform{"linux/arm64", "linux/amd64"}) || cron.Trusted {
		t.Errorf("the answer is %+v", cron)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/vector/deprecate", in.token("alice"), `{"message": "Use another one."}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	for _, query := range []string{"q=vector", "category=machine_learning"} {
		if item := in.search(query).Items[0]; item.Deprecated == nil || *item.Deprecated != "Use another one." {
			t.Errorf("%s: %+v", query, item)
		}
	}
	for text, snippet := range map[string]string{
		"similarity":       "Vector [similarity] search",
		"vectors":          "[Vector] [similarity] [search]", // what means the same too
		"quartzite":        "# About Made of [quartzite].",
		`"vector similar"`: "[Vector] [similarity] [search]",
	} {
		if items := in.search(q(text)).Items; len(items) == 0 || items[0].Name != "vector" || marked(items[0]) != snippet {
			t.Errorf("%s: %+v, want %q", text, items, snippet)
		}
	}
}

// What questions find.
func TestSearchQuestions(t *testing.T) {
	in := serveShelf(t)
	in.refreshSearch()
	for text, c := range map[string]struct {
		first  string // the name of the best answer, "" for none at all
		others string // those that have to be there too, in brackets those that must not
	}{
		"vector":                                 {first: "vector"},
		"VECTOR":                                 {first: "vector"},
		"cron":                                   {first: "pg_cron"},
		"pg cron":                                {first: "pg_cron"},
		"PG-Cron":                                {first: "pg_cron"},
		"scheduling":                             {first: "pg_cron"},
		"similar":                                {first: "vector"},
		"sched*":                                 {first: "pg_cron"},
		"sched":                                  {first: "pg_cron"},
		"embedding":                              {first: "vector"}, // a synonym
		"全文検索":                                   {first: "zhparser"},
		`"similarity search"`:                    {first: "vector", others: "(zhparser)"},
		`"search similarity"`:                    {},
		`search -vector`:                         {first: "zhparser", others: "(vector)"},
		`search -"similarity search"`:            {first: "zhparser", others: "(vector)"},
		"-search":                                {others: "(vector)(zhparser) pg_cron hashids pgmq_lite", first: "*"},
		"job 16":                                 {first: "pg_cron", others: "pgmq_lite"},
		"queue arm64 pg17":                       {first: "pgmq_lite"},
		"alice vector":                           {first: "vector"},
		"quartzite":                              {first: "vector"},
		"nonesuch":                               {},
		"nonesuch vector":                        {first: "vector"},
		"the":                                    {},
		"of the and":                             {},
		"the vector":                             {first: "vector"},
		"a b c d e f g h i j k l m n o p vector": {first: "vector"}, // by its name alone
		"&|!":                                    {first: "*"},
	} {
		names := itemNames(in.search(q(text)))
		first := ""
		if len(names) > 0 {
			first = names[0]
		}
		if first != c.first && c.first != "*" {
			t.Errorf("%s finds %q, want first %q", text, names, c.first)
		}
		for _, name := range []string{"vector", "zhparser", "pg_cron", "hashids", "pgmq_lite"} {
			wanted, refused := strings.Contains(" "+c.others+" ", " "+name+" "), strings.Contains(c.others, "("+name+")")
			if found := slices.Contains(names, name); wanted && !found || refused && found {
				t.Errorf("%s finds %q", text, names)
			}
		}
	}
	for text, better := range map[string]string{
		"similarty": "similarity", "vetcor search": "vector search", "shceduler -queue": "scheduler", "vector": "", "nonesuch": "", "the": "", "quartzite": "",
	} {
		result := in.search(q(text))
		if got := result.DidYouMean; (got == nil) != (better == "") || got != nil && *got != better {
			t.Errorf("%s: %v, want %q", text, got, better)
		}
		if better != "" && len(result.Items) == 0 {
			t.Errorf("%s finds nothing", text)
		}
	}
}

// Whatever is asked is a question and nothing else.
func TestSearchOddQuestions(t *testing.T) {
	in := serveShelf(t)
	before := in.count("SELECT count(*) FROM projects")
	for _, text := range []string{
		"'", "''", `"`, `""`, `\`, `\'`, `'\`, "vector'", `vec"tor`, `vector\`, "a & b", "a | b", "!a", "!", "a <-> b", "a <2> b", "(a", "a)", "a:*", "a:ABCD", ":*", "*", "**", "vec**",
		"'); DROP TABLE projects; --", "' OR 1=1", "$1", "%s%n", "%", "_", "{{.}}", "<script>alert(1)</script>", "🐘", "🐘🐘 vector", "e\u0301", "بحث", "\u202evector\u202c", "\u200b", "\ufeff",
		"\U0010FFFF", "\u0001\u001f", "\t\n", "-", "--", "- vector", `-"`, `-""`, `"-vector"`, "-the", "12345678901234567890", "1e400", "0x00", "null", "vector\u00a0search",
		strings.Repeat("a ", 100), strings.Repeat("-a ", 66), strings.Repeat("🐘", 200), strings.Repeat("é", 200), strings.Repeat(`"a b" `, 33), strings.Repeat("(", 200), "İ ß ﬁ ǅ",
	} {
		for _, path := range []string{"/api/v1/search?", "/api/v1/search?sort=name&category=search&", "/api/v1/suggest?"} {
			if a := in.get(path + q(text)); a.status != http.StatusOK {
				t.Errorf("%s%q: %d %s", path, text, a.status, a.body)
			}
		}
	}
	for _, value := range []string{"'", `\`, "a'b", "x:*", "!", "🐘", "' OR ''='", "=", strings.Repeat("é", 200)} {
		for _, filter := range []string{"category", "license", "owner"} {
			if got := in.search(filter + "=" + url.QueryEscape(value)); len(got.Items) != 0 {
				t.Errorf("%s=%q leaves %q", filter, value, itemNames(got))
			}
		}
	}
	if after := in.count("SELECT count(*) FROM projects"); after != before {
		t.Errorf("%d projects, before %d", after, before)
	}
}

// What is no parameter is refused, with what is wrong.
func TestSearchParameters(t *testing.T) {
	in := serveShelf(t)
	for query, code := range map[string]string{
		q(strings.Repeat("é", 201)): "request_invalid", "q=a%00b": "request_invalid", "category=": "request_invalid", "category=a%00b": "request_invalid",
		"license=%00": "request_invalid", "owner=" + strings.Repeat("a", 201): "request_invalid", "pg_version=0": "request_invalid", "pg_version=x": "request_invalid",
		"pg_version=1000": "request_invalid", "pg_version=-1": "request_invalid", "pg_version=99999999999999999999": "request_invalid", "platform=vax": "request_invalid",
		"platform=": "request_invalid", "trusted=maybe": "request_invalid", "sort=best": "request_invalid", "sort=": "request_invalid", "limit=0": "request_invalid",
		"limit=101": "request_invalid", "limit=x": "request_invalid", "cursor=": "request_invalid", "cursor=%21": "request_invalid", "cursor=abc": "cursor_invalid",
		"cursor=" + strings.Repeat("a", 1001): "request_invalid",
	} {
		if a := in.get("/api/v1/search?" + query); a.status != http.StatusBadRequest || a.code() != code {
			t.Errorf("%s: %d %s, want %s", query, a.status, a.body, code)
		}
	}
	// What is not UTF-8 is nobody's word.
	for _, query := range []string{"q=%ff", "q=vec%fftor", "category=%ff", "license=a%ffb", "owner=%ff", "q=a&owner=%ff"} {
		if a := in.get("/api/v1/search?" + query); a.status != http.StatusOK && a.code() != "request_invalid" {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if a := in.get("/api/v1/suggest?q=vec%ff"); a.status != http.StatusOK && a.code() != "request_invalid" {
		t.Errorf("suggest: %d %s", a.status, a.body)
	}
	for _, query := range []string{"", "?q=" + strings.Repeat("a", 201), "?q=%00"} {
		if a := in.get("/api/v1/suggest" + query); a.status != http.StatusBadRequest || a.code() != "request_invalid" {
			t.Errorf("suggest%s: %d %s", query, a.status, a.body)
		}
	}
	if a := in.do(http.MethodPost, "/api/v1/search", nil, nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d %s", a.status, a.body)
	}
}
