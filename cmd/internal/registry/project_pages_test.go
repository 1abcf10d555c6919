package registry_test

import (
	"debug/elf"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// document is a page as a browser reads it.
type document struct{ root *html.Node }

func parsePage(t testing.TB, body string) document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return document{root}
}

// all gives the elements of a name.
func (d document) all(name string) []*html.Node {
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

// raw gives the text of the element with an id, as it is; "" without one.
func (d document) raw(id string) string {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "id") == id && n.FirstChild != nil {
			return n.FirstChild.Data
		}
	}
	return ""
}

func (d document) head(element, key, value, wanted string) string {
	for _, n := range d.all(element) {
		if attribute(n, key) == value {
			return attribute(n, wanted)
		}
	}
	return ""
}

// page fetches a page that has to be there.
func (in *instance) page(path string) document {
	in.t.Helper()
	a := in.browse(path)
	in.isPage(path, a, http.StatusOK)
	return parsePage(in.t, a.body)
}

func (in *instance) yank(name, version, document string) {
	in.t.Helper()
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/"+name+"/version/"+version+"/yank", in.token("alice"), document); a.status != http.StatusOK {
		in.t.Fatal(a.body)
	}
}

// scheduler is a project with several versions, for several majors and two architectures, whose extension is called
// otherwise.
func (in *instance) scheduler() {
	in.t.Helper()
	machines := map[string]elf.Machine{"x86_64": elf.EM_X86_64, "aarch64": elf.EM_AARCH64}
	for _, build := range []struct {
		version, architecture string
		majors                []int
	}{
		{"1.6.3", "x86_64", []int{14, 15}},
		{"1.6.4", "x86_64", []int{14, 15, 18}},
		{"1.6.4", "aarch64", []int{18}},
		{"1.6.5", "x86_64", []int{14, 15, 16, 17}},
		{"1.6.5", "aarch64", []int{16, 17}},
	} {
		for _, major := range build.majors {
			in.publish("alice", archivetest.Build{
				Project: "pg_cron", Extension: "cron-jobs", Version: build.version, Postgres: major, Architecture: build.architecture,
				Control: "default_version = '1.6'\nrequires = 'cube'\nschema = 'pg_catalog'\nsuperuser = false\n",
				Files: map[string]archivetest.File{
					"README.md": {Data: []byte("# pg_cron\n\nSee [the docs](docs/x.md).\n")}, "licenses/NOTICE": {Type: "license-file", Data: []byte("n")},
					"cron.so":        {Type: "shared-object", Data: archivetest.Object{Postgres: major, Machine: machines[build.architecture]}.Bytes()},
					"bitcode/x.bc":   {Type: "bitcode", Data: []byte("b")},
					"extra/stop.txt": {Type: "extra", Data: []byte("e")},
					"extension/note": {Data: []byte("is not listed")},
				},
			}, map[string]any{
				"description": "Job scheduler for PostgreSQL. Runs jobs.", "license": "PostgreSQL", "repository": "https://github.com/citusdata/pg_cron", "categories": []string{"orchestration", "featured"},
				"libraries":      []map[string]any{{"library_name": "cron", "requires_restart": true, "priority": 1}},
				"configurations": []map[string]any{{"configuration_name": "cron.database_name", "is_required": true, "recommended_default_value": "postgres"}},
			})
		}
	}
	in.publish("bob", archivetest.Build{Project: "cube", Version: "1.0"}, nil)
	in.publish("bob", archivetest.Build{Project: "user_one", Version: "1.0", Control: "default_version = '1.0'\nrequires = 'cron-jobs'\n"}, nil)
}

func TestProjectPage(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	before := in.statements.Load()
	page := in.page("/extensions/pg_cron")
	if got := in.statements.Load() - before; got != 9 {
		t.Errorf("the page takes %d statements", got)
	}
	text := words(page.root)
	for _, want := range []string{
		"pg_cron 1.6.5", "Job scheduler for PostgreSQL. Runs jobs.", "PostgreSQL licence", "owner alice", "provides cron-jobs", "Nothing else was chosen, so this is for PostgreSQL 17, linux/amd64",
		"needs a restart", "for the other ways install cube before", "Needs cube.", "Needed by 1 project: user_one.", "3 versions", "cron-jobs 1.6 whoever may create in the database always pg_catalog", "See the docs.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	for id, want := range map[string]string{
		"trunk-command": "trunk install pg_cron --version 1.6.5 --pg-version 17 --registry " + in.url, "sql-command": "CREATE EXTENSION IF NOT EXISTS cube;\nCREATE EXTENSION \"cron-jobs\";",
		"settings": "shared_preload_libraries = 'cron'   # add to what is there\ncron.database_name = 'postgres'   # required",
	} {
		if got := page.raw(id); got != want {
			t.Errorf("%s is %q", id, got)
		}
	}
	for _, c := range [][5]string{
		{"link", "rel", "canonical", "href", in.url + "/extensions/pg_cron"},
		{"link", "type", "application/atom+xml", "href", "/feeds/projects/pg_cron"},
		{"link", "type", "application/json", "href", "/api/v1/trunk-projects/pg_cron"},
		{"meta", "property", "og:title", "content", "pg_cron 1.6.5 – Job scheduler for PostgreSQL"},
		{"meta", "name", "description", "content", "Job scheduler for PostgreSQL. Compiled for PostgreSQL 14–17."},
		{"meta", "name", "robots", "content", ""},
	} {
		if got := page.head(c[0], c[1], c[2], c[3]); got != c[4] {
			t.Errorf("%s is %q", c[2], got)
		}
	}
	if words(page.all("title")[0]) != "pg_cron 1.6.5 – Job scheduler for PostgreSQL – Trunk" {
		t.Errorf("the title is %q", words(page.all("title")[0]))
	}
	for _, target := range []string{"/feeds/projects/pg_cron", "/api/v1/trunk-projects/pg_cron", "/extensions/cube", "/extensions/pg_cron/1.6.4", "/extensions/details/pg_cron/readme"} {
		if a := in.get(target); a.status != http.StatusOK {
			t.Errorf("%s: %d", target, a.status)
		}
	}
}

// What machines read says the same, and no rating.
func TestProjectPageForMachines(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	var linked []map[string]any
	for _, script := range in.page("/extensions/pg_cron").all("script") {
		if attribute(script, "type") != "application/ld+json" {
			continue
		}
		var one map[string]any
		if err := json.Unmarshal([]byte(script.FirstChild.Data), &one); err != nil {
			t.Fatal(err)
		}
		linked = append(linked, one)
	}
	if len(linked) != 2 {
		t.Fatalf("there are %d", len(linked))
	}
	app := linked[0]
	for key, want := range map[string]string{
		"@context": "https://schema.org", "@type": "SoftwareApplication", "name": "pg_cron", "softwareVersion": "1.6.5", "license": "PostgreSQL", "operatingSystem": "Linux",
		"softwareRequirements": "PostgreSQL 14–18", "url": in.url + "/extensions/pg_cron", "applicationCategory": "DeveloperApplication",
		"downloadUrl": in.url + "/api/v1/trunk-projects/pg_cron/version/1.6.5/artefacts/pg_cron-1.6.5-pg17-linux-amd64.tar.gz",
	} {
		if app[key] != want {
			t.Errorf("%s is %v", key, app[key])
		}
	}
	raw, _ := json.Marshal(linked)
	if strings.Contains(string(raw), "Rating") || strings.Contains(string(raw), "eview") || fmt.Sprint(app["offers"]) != "map[@type:Offer price:0 priceCurrency:USD]" {
		t.Errorf("linked data: %s", raw)
	}
	if items, _ := linked[1]["itemListElement"].([]any); linked[1]["@type"] != "BreadcrumbList" || len(items) != 3 || !strings.Contains(fmt.Sprint(items), "/categories/orchestration") {
		t.Errorf("the way here is %v", linked[1])
	}
}

// The pair that was chosen decides everything, and what cannot be had says what is nearest.
func TestPairs(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	for _, c := range []struct {
		query, command, says, show string
	}{
		{"?pg_version=15", "--version 1.6.5 --pg-version 15 --registry " + in.url, "PostgreSQL 15, linux/amd64", ""},
		{"?pg_version=16&platform=linux/arm64", "--version 1.6.5 --pg-version 16 --registry " + in.url + "/platform/linux-arm64", "", ""},
		{"?platform=linux-arm64", "--version 1.6.5 --pg-version 17 --registry " + in.url + "/platform/linux-arm64", "", ""},
		{"?pg_version=18&platform=linux/arm64", "", "There is none of 1.6.5 for PostgreSQL 18, linux/arm64; the newest there is 1.6.4.", "/extensions/pg_cron/1.6.4?pg_version=18&platform=linux/arm64#install"},
		{"?pg_version=14&platform=linux/arm64", "", "No version has one for PostgreSQL 14, linux/arm64; the nearest is 1.6.5 for PostgreSQL 16, linux/arm64.", "/extensions/pg_cron?pg_version=16&platform=linux/arm64#install"},
		{"?pg_version=99", "", "No version has one for PostgreSQL 99, linux/amd64; the nearest is 1.6.5 for PostgreSQL 17, linux/amd64.", "/extensions/pg_cron?pg_version=17&platform=linux/amd64#install"},
		{"?pg_version=x&platform=windows", "--version 1.6.5 --pg-version 17 --registry " + in.url, "Nothing else was chosen", ""},
		{"/1.6.3?pg_version=17", "", "There is none of 1.6.3 for PostgreSQL 17, linux/amd64; the newest there is 1.6.5.", "/extensions/pg_cron?pg_version=17&platform=linux/amd64#install"},
	} {
		page := in.page("/extensions/pg_cron" + c.query)
		command := page.raw("trunk-command")
		if !strings.HasSuffix(command, c.command) || (command == "") != (c.command == "") {
			t.Errorf("%s: the command is %q", c.query, command)
		}
		if !strings.Contains(words(page.root), c.says) {
			t.Errorf("%s does not say %q: %s", c.query, c.says, words(page.root))
		}
		shown := slices.ContainsFunc(page.all("a"), func(a *html.Node) bool { return words(a) == "Show it" && attribute(a, "href") == c.show })
		if shown != (c.show != "") {
			t.Errorf("%s: %s is shown: %t", c.query, c.show, shown)
		}
	}
	// The table has words in each cell, and leads to each pair.
	table := in.page("/extensions/pg_cron").all("table")[0]
	if got := words(table); !strings.HasSuffix(got, "Platform 14 15 16 17 18 linux/amd64 1.6.5 1.6.5 1.6.5 1.6.5 1.6.4 older linux/arm64 "+strings.Repeat("none ", 2)+"1.6.5 1.6.5 1.6.4 older") {
		t.Errorf("the table says %q", got)
	}
	if page := in.page("/platform/linux-arm64/extensions/pg_cron"); !strings.Contains(page.raw("trunk-command"), "/platform/linux-arm64") {
		t.Error("below the address of a platform the page is for another one")
	}
}

func TestOtherSpellings(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	for path, want := range map[string]string{
		"/extensions/PG-Cron?pg_version=15":            "301 /extensions/pg_cron?pg_version=15",
		"/extensions/PG_CRON/1.6.4":                    "301 /extensions/pg_cron/1.6.4",
		"/extensions/pg_cron/":                         "301 /extensions/pg_cron",
		"/extensions/pg_cron/1.6.4/?platform=x":        "301 /extensions/pg_cron/1.6.4?platform=x",
		"/extensions/cron-jobs?platform=linux%2Farm64": "302 /extensions/pg_cron?platform=linux%2Farm64",
		"/extensions/Cron_Jobs/1.6.4":                  "302 /extensions/pg_cron/1.6.4",
		"/extensions/pg_cron/latest?pg_version=15":     "302 /extensions/pg_cron?pg_version=15",
	} {
		a := in.browse(path)
		if got := fmt.Sprint(a.status, " ", a.header.Get("Location")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for path, status := range map[string]int{"/extensions//evil.example": 404, "/extensions/%2F%2Fevil.example": 404, "/extensions/%2F%2Fevil.example/": 301, "/extensions/a%00b": 404, "/extensions/%FF": 404} {
		a := in.browse(path)
		if a.status != status || strings.HasPrefix(a.header.Get("Location"), "//") || strings.HasPrefix(a.header.Get("Location"), "http") {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Location"))
		}
	}
	before := in.statements.Load()
	a := in.browse("/extensions/pg_corn")
	in.isPage("an unknown project", a, http.StatusNotFound)
	if got := in.statements.Load() - before; got != 6 || !strings.Contains(a.body, `<a href="/extensions/pg_cron">pg_cron</a>`) {
		t.Errorf("%d statements: %s", got, a.body)
	}
	a = in.browse("/extensions/pg_cron/9.9")
	in.isPage("an unknown version", a, http.StatusNotFound)
	if !strings.Contains(a.body, "There is 1.6.5, 1.6.4, 1.6.3.") {
		t.Errorf("the page is %s", a.body)
	}
	// The routes of the wire are what they were.
	for _, path := range []string{"/extensions/all", "/extensions/libraries", "/extensions/detail/pg_cron", "/extensions/detail/pg_cron/1.6.4"} {
		if a := in.browse(path); a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
}

func TestVersionPage(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	before := in.statements.Load()
	page := in.page("/extensions/pg_cron/1.6.4?pg_version=18&platform=linux/arm64")
	if got := in.statements.Load() - before; got != 7 {
		t.Errorf("the page takes %d statements", got)
	}
	text := words(page.root)
	for _, want := range []string{
		"pg_cron 1.6.4", "The newest is 1.6.5", "What is in the archive for PostgreSQL 18, linux/arm64", "CREATE EXTENSION can install 1.0", "extension/note", "not installed", "4 archives",
		"alice published it first on", "names https://github.com/citusdata/pg_cron as the source", "superuser = false",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if page.head("meta", "name", "robots", "content") != "noindex" || page.head("link", "rel", "canonical", "href") != "" {
		t.Error("an old version is in the index, or a copy of another page")
	}
	in.publish("alice", archivetest.Build{Project: "odd", Version: "1.0.0+build.1"}, nil)
	if page := in.page("/extensions/odd/1.0.0+build.1"); !strings.Contains(page.raw("trunk-command"), "--version 1.0.0+build.1 ") {
		t.Errorf("the command is %q", page.raw("trunk-command"))
	}
	for _, link := range in.page("/extensions/odd").all("a") {
		if href := attribute(link, "href"); strings.HasPrefix(href, "/extensions/odd/") {
			in.page(href)
		}
	}
}

// Who has a withdrawn version learns why and what instead; nobody else is offered it.
func TestWithdrawnPages(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	in.yank("pg_cron", "1.6.5", `{"reason": "Workers <b>leak</b>.", "replacement": "1.6.4"}`)
	page := in.page("/extensions/pg_cron")
	text := words(page.root)
	if !strings.Contains(page.raw("trunk-command"), "--version 1.6.4") || !strings.Contains(text, "1.6.5 yanked") || !strings.Contains(text, "by alice: “Workers <b>leak</b>.” Use 1.6.4.") {
		t.Errorf("the page says %s", text)
	}
	page = in.page("/extensions/pg_cron/1.6.5")
	folded := false
	for _, details := range page.all("details") {
		folded = folded || strings.Contains(words(details), "trunk install pg_cron --version 1.6.5") && attribute(details, "open") == ""
	}
	if !folded || !strings.Contains(words(page.root), "Yanked") {
		t.Error("the commands of a withdrawn version are not folded")
	}
	in.yank("pg_cron", "1.6.4", `{"reason": "b"}`)
	in.yank("pg_cron", "1.6.3", `{"reason": "a"}`)
	before := in.statements.Load()
	page = in.page("/extensions/pg_cron")
	text = words(page.root)
	for _, want := range []string{"Every version was yanked", "alice", "See the docs", "“Workers <b>leak</b>.” Use 1.6.4", ": “b”", ": “a”", "there is nothing to install"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	for _, id := range []string{"trunk-command", "curl-command", "docker-command", "sql-command"} {
		if page.raw(id) != "" {
			t.Errorf("it offers %s", page.raw(id))
		}
	}
	if strings.Contains(text, ".tar.gz") || slices.ContainsFunc(page.all("script"), func(s *html.Node) bool { return attribute(s, "type") == "application/ld+json" }) {
		t.Error("it offers a file")
	}
	if got := in.statements.Load() - before; got != 9 {
		t.Errorf("the page takes %d statements", got)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/cube/deprecate", in.token("bob"), `{"message": "Use <i>seg</i>."}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	for _, path := range []string{"/extensions/cube", "/extensions/cube/1.0"} {
		if text := words(in.page(path).root); !strings.Contains(text, "Deprecated by its owners: “Use <i>seg</i>.”") {
			t.Errorf("%s says %s", path, text)
		}
	}
}

func TestDeletedPages(t *testing.T) {
	in := serve(t, nil)
	for _, version := range []string{"1.0", "1.1"} {
		in.publish("alice", archivetest.Build{Project: "gone", Version: version}, nil)
	}
	remove := func(path string) {
		t.Helper()
		if a := in.call(http.MethodDelete, path, in.token("alice"), ""); a.status != http.StatusOK && a.status != http.StatusNoContent {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
	}
	remove("/api/v1/trunk-projects/gone/version/1.0")
	a := in.browse("/extensions/gone/1.0")
	in.isPage("a deleted version", a, http.StatusGone)
	if !strings.Contains(a.body, "gone 1.0 was there and was deleted") {
		t.Errorf("the page is %s", a.body)
	}
	in.isPage("another version", in.browse("/extensions/gone/1.1"), http.StatusOK)
	remove("/api/v1/trunk-projects/gone/version/1.1")
	for _, path := range []string{"/extensions/gone", "/extensions/gone/1.1", "/extensions/gone/9.9"} {
		in.isPage(path, in.browse(path), http.StatusGone)
	}
}

// Caches ask whether there is something new, and are told in a few bytes.
func TestProjectPageTags(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	for _, path := range []string{"/extensions/pg_cron", "/extensions/pg_cron/1.6.4"} {
		tag := in.browse(path).header.Get("ETag")
		if a := in.do(http.MethodGet, path, http.Header{"If-None-Match": {tag}}, nil); a.status != http.StatusNotModified || a.body != "" {
			t.Errorf("%s: %d", path, a.status)
		}
		if a := in.do(http.MethodHead, path, http.Header{"Accept-Encoding": {"identity"}}, nil); a.status != http.StatusOK || a.header.Get("ETag") != tag {
			t.Errorf("HEAD %s: %d", path, a.status)
		}
	}
}

// What strangers write stays text, wherever it stands.
func TestEvilProject(t *testing.T) {
	in := serve(t, nil)
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.}}</title><!--`
	corpus, err := os.ReadFile("../../../web/readme/testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	owner := `<img src=x onerror=alert(1)>"` + "'"
	in.publish(owner, archivetest.Build{
		Project: "evil", Version: "1.0.0-rc.1", Control: "default_version = '1.0'\ncomment = '<script>alert(1)</script>'\n",
		Files: map[string]archivetest.File{
			"README.md": {Data: corpus}, `extension/<script>alert(1)<script>.txt`: {Type: "extra", Data: []byte("x")}, `"onmouseover="alert(1)".so.txt`: {Type: "extra", Data: []byte("x")},
		},
	}, map[string]any{
		"description": evil, "license": evil[:60], "homepage": "https://example.org/\"onclick=alert(1)", "documentation": "https://example.org/'><script>alert(1)</script>",
		"configurations":      []map[string]any{{"configuration_name": "a.b", "is_required": true, "recommended_default_value": evil}},
		"system_dependencies": map[string][]string{"<script>": {evil}},
	})
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/evil/deprecate", in.token(owner), `{"message": "<script>alert(1)</script>"}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	for _, path := range []string{"/extensions/evil", "/extensions/evil/1.0.0-rc.1", "/extensions/evil?pg_version=%22%3E%3Cscript%3E&platform=%22onx=1&q=%22%3E%3Cscript%3Ealert(1)", "/extensions/%3Cscript%3Ealert(1)%3C%2Fscript%3E"} {
		a := in.browse(path)
		checkHarmless(t, path, parsePage(t, a.body))
		if a.status == http.StatusOK && !strings.Contains(words(parsePage(t, a.body).root), evil) {
			t.Errorf("%s does not show what was written", path)
		}
	}
}

func checkHarmless(t testing.TB, path string, page document) {
	t.Helper()
	for n := range page.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case slices.Contains([]string{"iframe", "object", "embed", "base", "style", "frame", "applet", "math"}, n.Data):
			t.Errorf("%s has a <%s>", path, n.Data)
		case n.Data == "img" && !strings.HasPrefix(attribute(n, "src"), "/badges/"):
			t.Errorf("%s has an image %q", path, attribute(n, "src"))
		case n.Data == "script" && attribute(n, "type") != "application/ld+json" && !strings.HasPrefix(attribute(n, "src"), "/assets/"):
			t.Errorf("%s has a script %q %q", path, attribute(n, "src"), words(n))
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || a.Key == "href" && strings.Contains(strings.SplitN(value, "/", 2)[0], "script:") {
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			}
		}
	}
}

// The pages stay small whatever is in an archive.
func TestProjectPageBudgets(t *testing.T) {
	in := serve(t, nil)
	files := map[string]archivetest.File{}
	for i := range 500 {
		files[fmt.Sprintf("extension/large--1.%d--1.%d.sql", i, i+1)] = archivetest.File{Type: "sql-file", Data: []byte("--")}
	}
	for i := range 25 {
		in.publish("alice", archivetest.Build{Project: "large", Version: fmt.Sprint("1.", i), Files: files, Control: "default_version = '1.0'\n" + strings.Repeat("# long\n", 2000)},
			map[string]any{"description": strings.Repeat("many words ", 80)})
	}
	for _, path := range []string{"/extensions/large", "/extensions/large?versions=all", "/extensions/large/1.24"} {
		a := in.browse(path)
		in.isPage(path, a, http.StatusOK)
		if len(a.body) > 100<<10 {
			t.Errorf("%s has %d bytes", path, len(a.body))
		}
	}
	page := in.page("/extensions/large")
	if text := words(page.root); !strings.Contains(text, "The newest 20 of 25") || !strings.Contains(text, "All 25 versions") {
		t.Errorf("the page says %s", text)
	}
	if all := in.page("/extensions/large?versions=all"); !strings.Contains(words(all.root), "1.4 ") || !strings.Contains(all.raw("versions"), "25 versions") {
		t.Error("not all versions are shown")
	}
}

// The commands of the page do what they say: the files of the manifest are where the server looks, and no others.
func TestCommandsOfThePage(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sha256sum", "tar"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	in := serve(t, nil)
	in.scheduler()
	in.publish("alice", archivetest.Build{
		Project: "older", Version: "1.0", Files: map[string]archivetest.File{
			"older.control": {Type: "control-file", Data: []byte("default_version = '1.0'\n")}, "older--1.0.sql": {Type: "sql-file", Data: []byte("SELECT 1;\n")},
			"extension/older.control": {}, "extension/older--1.0.sql": {},
		}, Manifest: map[string]any{"manifest_version": 1},
	}, nil)
	for path, want := range map[string][]string{
		"/extensions/pg_cron?pg_version=16": {
			"lib/bitcode/x.bc", "lib/cron.so", "share/extension/cron-jobs--1.0.sql", "share/extension/cron-jobs.control", "share/extra/stop.txt",
		},
		"/extensions/older": {"share/extension/older--1.0.sql", "share/extension/older.control"},
	} {
		page := in.page(path)
		for id, script := range map[string]string{"curl-command": page.raw("curl-command"), "docker-command": asScript(t, page.raw("docker-command"))} {
			server := newServerFolder(t)
			if output, err := server.run(script); err != nil {
				t.Errorf("%s of %s: %v\n%s\n%s", id, path, err, script, output)
			}
			if got := server.files(); !slices.Equal(got, want) {
				t.Errorf("%s of %s installs %q, want %q", id, path, got, want)
			}
		}
		// Other bytes than those that were published are not unpacked.
		server := newServerFolder(t)
		wrong := strings.Replace(page.raw("curl-command"), "echo '", "echo '0", 1)
		if output, err := server.run(wrong); err == nil || len(server.files()) > 0 {
			t.Errorf("a wrong digest is not noticed: %s %q", output, server.files())
		}
	}
}

// serverFolder is where a server would look for extensions, with a pg_config that says so.
type serverFolder struct {
	t   *testing.T
	dir string
}

func newServerFolder(t *testing.T) serverFolder {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"bin", "work", "server/share/extension", "server/lib"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	script := "#!/bin/sh\ncase $1 in --sharedir) echo '" + dir + "/server/share';; --pkglibdir) echo '" + dir + "/server/lib';; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "bin", "pg_config"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return serverFolder{t, dir}
}

func (s serverFolder) run(script string) (string, error) {
	command := exec.CommandContext(s.t.Context(), "bash", "-c", script)
	command.Dir = filepath.Join(s.dir, "work")
	command.Env = []string{"PATH=" + filepath.Join(s.dir, "bin") + ":" + os.Getenv("PATH"), "HOME=" + s.dir}
	output, err := command.CombinedOutput()
	return string(output), err
}

// files are what was installed.
func (s serverFolder) files() []string {
	s.t.Helper()
	var names []string
	err := filepath.Walk(filepath.Join(s.dir, "server"), func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			name, _ := filepath.Rel(filepath.Join(s.dir, "server"), path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return names
}

// asScript does what a builder of images does with the lines: ADD fetches and compares, RUN runs. The archive lies in the
// working directory instead of /tmp, which all tests have in common.
func asScript(t *testing.T, lines string) string {
	t.Helper()
	add, run, ok := strings.Cut(strings.ReplaceAll(lines, "/tmp/", "./"), "\nRUN ")
	words := strings.Fields(strings.ReplaceAll(add, "\\\n", " "))
	if !ok || len(words) != 4 || words[0] != "ADD" {
		t.Fatalf("the lines are %q", lines)
	}
	digest := strings.TrimPrefix(words[1], "--checksum=sha256:")
	return fmt.Sprintf("set -e\ncurl -fsSLo %s %s\necho '%s  %s' | sha256sum -c -\n%s\ntest ! -e %s", words[3], words[2], digest, words[3], run, words[3])
}

// Feeds lead to the pages.
func TestFeedsLeadToPages(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	body := in.get("/feeds/projects/pg_cron").body
	address := in.url + "/extensions/pg_cron/1.6.5"
	if !strings.Contains(body, `<link href="`+address+`" rel="alternate" type="text/html">`) {
		t.Errorf("the feed is %s", body)
	}
	in.page(strings.TrimPrefix(address, in.url))
}
