package registry_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
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

// furnish publishes a few projects.
func (in *instance) furnish() {
	in.t.Helper()
	in.publish("alice", archivetest.Build{Project: "pg_cron", Version: "1.6.5"}, map[string]any{
		"description": "Job scheduler <b>for</b> PostgreSQL", "license": "PostgreSQL", "categories": []string{"orchestration"},
	})
	in.publish("alice", archivetest.Build{Project: "pg_cron", Version: "1.6.5", Architecture: "aarch64", Postgres: 16}, map[string]any{})
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "0.5.0"}, map[string]any{"description": "Queues", "categories": []string{"orchestration"}})
	in.publish("bob", archivetest.Build{Project: "vectors", Version: "1.0", Extension: "vector"}, map[string]any{
		"description": "Vector similarity search", "categories": []string{"search", "machine_learning"},
	})
}

// The root is a page for people and a word for programs, and caches can tell.
func TestHome(t *testing.T) {
	in := serve(t, nil)
	in.isPage("an empty home", in.browse("/"), http.StatusOK)
	in.furnish()
	a := in.browse("/")
	in.isPage("home", a, http.StatusOK)
	for _, words := range []string{
		`href="/extensions/pg_cron"`, "Job scheduler &lt;b&gt;for&lt;/b&gt;", `href="/categories/orchestration"`, `<option value="16">`, `<option value="linux/arm64">`,
		"3 projects, 3 versions, 4 builds, for PostgreSQL 16, 17 on linux/amd64 and linux/arm64", "trademarks of the PostgreSQL Community Association",
		`<link rel="canonical" href="` + in.url + `/">`,
	} {
		if !strings.Contains(a.body, words) {
			t.Errorf("home does not say %q:\n%s", words, a.body)
		}
	}
	if strings.Count(a.body, `href="/extensions/pg_cron"`) != 1 {
		t.Error("a project is new more than once")
	}
	for _, accept := range []string{"", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0, */*"} {
		if a := in.do(http.MethodGet, "/", http.Header{"Accept": {accept}}, nil); a.status != http.StatusOK || strings.TrimSpace(a.body) != `"ok"` || !slices.Contains(a.header.Values("Vary"), "Accept") {
			t.Errorf("with Accept %q: %d %v %s", accept, a.status, a.header, a.body)
		}
	}
	if !slices.Contains(a.header.Values("Vary"), "Accept") {
		t.Errorf("home varies on %v", a.header.Values("Vary"))
	}
	if a := in.browse("/?cat=machine_learning"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/categories/machine_learning" {
		t.Errorf("an old link gives %d %v", a.status, a.header)
	}
	if a := in.browse("/?pg_version=16&platform=linux/arm64"); !strings.Contains(a.body, `value="16" selected`) || !strings.Contains(a.body, "/extensions/pgmq?pg_version=16&amp;platform=linux/arm64") {
		t.Errorf("the pair does not travel along: %s", a.body)
	}
}

// What has not changed is told in a few bytes, and what has is sent.
func TestPageTags(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	for _, path := range []string{"/", "/categories", "/users/alice", "/publish", "/problems", "/problems/name_taken", "/robots.txt", "/sitemap.xml", "/opensearch.xml"} {
		a := in.browse(path)
		again := in.do(http.MethodGet, path, http.Header{"Accept": {"text/html"}, "If-None-Match": {a.header.Get("ETag")}}, nil)
		if again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != a.header.Get("ETag") {
			t.Errorf("%s: %d %v", path, again.status, again.header)
		}
		head := in.do(http.MethodHead, path, http.Header{"Accept": {"text/html"}, "Accept-Encoding": {"identity"}}, nil)
		if head.status != http.StatusOK || head.body != "" || head.header.Get("ETag") != a.header.Get("ETag") {
			t.Errorf("HEAD %s: %d %v", path, head.status, head.header)
		}
	}
	tag := in.browse("/").header.Get("ETag")
	in.publish("carol", archivetest.Build{Project: "another", Version: "1.0"}, nil)
	if a := in.do(http.MethodGet, "/", http.Header{"Accept": {"text/html"}, "If-None-Match": {tag}}, nil); a.status != http.StatusOK || !strings.Contains(a.body, "another") {
		t.Errorf("who published does not see it: %d", a.status)
	}
}

func TestCategoriesPage(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	a := in.browse("/categories")
	in.isPage("/categories", a, http.StatusOK)
	if !strings.Contains(a.body, `href="/categories/machine_learning"`) || !strings.Contains(a.body, "Models, vectors and embeddings") {
		t.Errorf("the categories are %s", a.body)
	}
	if a := in.browse("/categories/all"); a.header.Get("Content-Type") != "application/json" || !strings.HasPrefix(a.body, "[") {
		t.Errorf("the wire's list is %d %v", a.status, a.header)
	}
}

func TestOwnerPage(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/deprecate", in.token("alice"), `{"message": "Use <i>another</i>."}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	a := in.browse("/users/alice")
	in.isPage("/users/alice", a, http.StatusOK)
	for _, words := range []string{"2 projects", ">pg_cron</a>", "16, 17", "Deprecated projects", "Use &lt;i&gt;another&lt;/i&gt;."} {
		if !strings.Contains(a.body, words) {
			t.Errorf("the page does not say %q:\n%s", words, a.body)
		}
	}
	if a := in.browse("/users/ALICE"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/users/alice" {
		t.Errorf("another spelling: %d %v", a.status, a.header)
	}
	in.isPage("/users/nobody", in.browse("/users/nobody"), http.StatusNotFound)
}

// The guide's curl command publishes, at this very registry.
func TestPublishGuide(t *testing.T) {
	in := serve(t, nil)
	a := in.browse("/publish")
	in.isPage("/publish", a, http.StatusOK)
	command := html.UnescapeString(regexp.MustCompile(`(?s)<code id="curl">(.*?)</code>`).FindStringSubmatch(a.body)[1])
	metadata := regexp.MustCompile(`-F metadata='([^']+)'`).FindStringSubmatch(command)[1]
	address := regexp.MustCompile(`http\S+`).FindString(command)
	if address != in.url+"/extensions/new" || !strings.Contains(command, `-H "Authorization: Bearer $TRUNK_API_TOKEN"`) {
		t.Errorf("the command is %s", command)
	}
	build := archivetest.Build{Project: "my_extension", Version: "1.0.0"}
	if a := in.send("/extensions/new", publication{metadata: metadata, archive: build.Archive(), header: bearer(in.token("alice"))}); a.status != http.StatusOK {
		t.Errorf("the command's metadata are refused: %d %s", a.status, a.body)
	}
	for _, code := range []string{"token_missing", "name_taken", "artefact_exists", "archive_path", "shared_object_architecture"} {
		if !strings.Contains(a.body, `href="/problems/`+code+`"`) {
			t.Errorf("%s is not explained", code)
		}
	}
}

// The address that a problem has for its type explains it.
func TestProblemPages(t *testing.T) {
	in := serve(t, nil)
	var problem struct {
		Type  string `json:"type"`
		Title string `json:"title"`
	}
	if err := json.Unmarshal([]byte(in.get("/feeds/projects/none").body), &problem); err != nil {
		t.Fatal(err)
	}
	a := in.browse(problem.Type)
	in.isPage(problem.Type, a, http.StatusOK)
	if !strings.Contains(a.body, problem.Title) || !strings.Contains(a.body, "project_unknown") {
		t.Errorf("%s says %s", problem.Type, a.body)
	}
	in.isPage("/problems", in.browse("/problems"), http.StatusOK)
	in.isPage("/problems/nothing", in.browse("/problems/nothing"), http.StatusNotFound)
}

// What search engines and browsers ask for.
func TestMachinePages(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	if a := in.get("/robots.txt"); a.status != http.StatusOK || !strings.Contains(a.body, "Disallow: /search\n") || !strings.Contains(a.body, "Sitemap: "+in.url+"/sitemap.xml\n") {
		t.Errorf("robots.txt: %d %s", a.status, a.body)
	}
	if a := in.get("/opensearch.xml"); a.status != http.StatusOK || !strings.Contains(a.body, in.url+"/search?q={searchTerms}") {
		t.Errorf("opensearch.xml: %d %s", a.status, a.body)
	}
	type sitemap struct {
		Files  []string `xml:"sitemap>loc"`
		Places []struct {
			Address string `xml:"loc"`
			Changed string `xml:"lastmod"`
		} `xml:"url"`
	}
	var index, file sitemap
	if err := xml.Unmarshal([]byte(in.get("/sitemap.xml").body), &index); err != nil || len(index.Files) != 1 {
		t.Fatalf("the index is %+v, %v", index, err)
	}
	if err := xml.Unmarshal([]byte(in.get(index.Files[0]).body), &file); err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, place := range file.Places {
		listed[strings.TrimPrefix(place.Address, in.url)] = place.Changed
	}
	for _, path := range []string{"/", "/categories", "/categories/search", "/publish", "/users/alice", "/users/bob", "/extensions/pg_cron"} {
		changed, ok := listed[path]
		if !ok || (changed == "") == strings.HasPrefix(path, "/extensions/") {
			t.Errorf("the sitemap has %q for %s", changed, path)
		}
	}
	for _, file := range []string{"0.xml", "2.xml", "x.xml", "1", "01.xml"} {
		if a := in.get("/sitemaps/" + file); a.status != http.StatusNotFound || a.code() != "route_unknown" {
			t.Errorf("%s: %d %s", file, a.status, a.body)
		}
	}
}

// What a page costs in statements, the first time and while nothing changes.
func TestStatementsPerPage(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	eventually(t, "known", func() bool {
		in.browse("/")
		before := in.statements.Load()
		in.browse("/")
		return in.statements.Load() == before
	})
	for path, most := range map[string]int64{
		"/?pg_version=17": 6, "/": 0, "/stats": 10, "/users/alice": 7, "/users/nobody": 1, "/publish": 0, "/problems": 0, "/problems/name_taken": 0, "/project-health": 0, "/no/where": 0,
	} {
		before := in.statements.Load()
		in.browse(path)
		if got := in.statements.Load() - before; got != most {
			t.Errorf("%s: %d statements, want %d", path, got, most)
		}
	}
}

// With the database away people are told on a page that it is ours to mend, and what needs no database is there.
func TestPagesWithTheDatabaseAway(t *testing.T) {
	in := serve(t, map[string]string{"DATABASE_URL": "postgres://postgres@" + closedAddress(t) + "/trunk?sslmode=disable"})
	for _, path := range []string{"/", "/search?q=vector", "/categories", "/categories/search", "/users/alice"} {
		a := in.browse(path)
		in.isPage(path, a, http.StatusServiceUnavailable)
		if !strings.Contains(a.body, a.header.Get("X-Request-Id")) || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "Try again in ") ||
			!strings.Contains(a.body, `href="/readyz"`) {
			t.Errorf("%s does not help: %v\n%s", path, a.header, a.body)
		}
	}
	for _, path := range []string{"/publish", "/problems", "/problems/internal", "/project-health"} {
		in.isPage(path, in.browse(path), http.StatusOK)
	}
	if a := in.browse("/sitemap.xml"); a.status != http.StatusServiceUnavailable {
		t.Errorf("/sitemap.xml: %d", a.status)
	}
}

// Below the base path of a platform the pages are about that platform.
func TestPagesBelowABasePath(t *testing.T) {
	in := serve(t, nil)
	in.furnish()
	a := in.browse("/platform/linux-arm64/search")
	in.isPage("search", a, http.StatusOK)
	want(t, links(a, "/extensions/"), "/extensions/pg_cron?platform=linux/arm64")
	if a := in.browse("/platform/linux-arm64/"); !strings.Contains(a.body, `value="linux/arm64" selected`) {
		t.Errorf("home is %s", a.body)
	}
	if a := in.browse("/"); strings.Contains(a.body, `" selected`) {
		t.Error("the home of a platform is everybody's")
	}
	in.isPage("an unknown platform", in.browse("/platform/linux-vax/search"), http.StatusNotFound)
}
