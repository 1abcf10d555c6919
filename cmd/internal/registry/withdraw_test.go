package registry_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/upkeep"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// exec changes the database behind the registry's back.
func (in *instance) exec(sql string, args ...any) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(in.t.Context()) }()
	if _, err := conn.Exec(in.t.Context(), sql, args...); err != nil {
		in.t.Fatal(err)
	}
}

// What was yanked is nobody's latest any more, and who has its number still gets it.
func TestYank(t *testing.T) {
	in := serve(t, nil)
	for _, version := range []string{"1.0", "1.1", "2.0"} {
		in.publish("alice", with(pgmq, func(b *archivetest.Build) { b.Version = version }), nil)
	}
	alice := in.token("alice")
	const project = "/api/v1/trunk-projects/pgmq"
	yank := func(version, document string) answer {
		return in.call(http.MethodPost, project+"/version/"+version+"/yank", alice, document)
	}
	// An installation is on its way: it has the link.
	link := in.get("/extensions/pgmq/latest/download").body
	before := in.state()
	for document, code := range map[string]string{
		`{}`:                                    "request_invalid",
		`{"reason": "  "}`:                      "request_invalid",
		`{"reason": "a\u0000b"}`:                "request_invalid",
		`{"reason": "r", "replacement": "2.0"}`: "replacement_unknown",
		`{"reason": "r", "replacement": "9.9"}`: "replacement_unknown",
		`{"reason": "` + strings.Repeat("r", 1001) + `"}`: "request_invalid",
	} {
		if a := yank("2.0", document); a.code() != code {
			t.Errorf("%.60s: %d %s, want %s", document, a.status, a.body, code)
		}
	}
	if a := yank("9.9", `{"reason": "r"}`); a.code() != "version_unknown" {
		t.Errorf("no such version: %s", a.body)
	}
	if after := in.state(); after != before {
		t.Errorf("refused yanks left something:\nbefore %s\nafter  %s", before, after)
	}
	if a := yank("2.0", `{"reason": "loses data", "replacement": "1.1"}`); a.status != http.StatusOK || !strings.Contains(a.body, `"by":"alice"`) {
		t.Fatalf("yanked: %d %s", a.status, a.body)
	}
	if a := in.get(link); a.status != http.StatusFound {
		t.Errorf("the installation on its way: %d %s", a.status, a.body)
	} else if response, err := http.Get(a.header.Get("Location")); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("its bytes: %v %v", response, err)
	} else {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	want(t, in.versions(project), "1.0:amd64", "1.1:amd64")
	want(t, in.versions(project+"?all=true"), "1.0:amd64", "1.1:amd64", "2.0:amd64")
	want(t, in.versions("/api/v1/trunk-projects?extension-name=pgmq"), "1.0:amd64", "1.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects"), "1.1:amd64")
	want(t, in.versions(project+"/version/2.0"), "2.0:amd64")
	for _, what := range []string{`"yanked":true`, `"yanked_reason":"loses data"`, `"yanked_replacement":"1.1"`} {
		if a := in.get(project + "/version/2.0"); !strings.Contains(a.body, what) {
			t.Errorf("the version does not say %s: %s", what, a.body)
		}
	}
	if a := in.get("/extensions/pgmq/latest/download"); !strings.Contains(a.body, "/1.1/") {
		t.Errorf("latest is %s", a.body)
	}
	if a := in.get("/extensions/all"); !strings.Contains(a.body, `"latestVersion":"1.1"`) {
		t.Errorf("all: %s", a.body)
	}
	// An old one stays in the list, marked: "install X --version OLD" goes on.
	yank("1.0", `{"reason": "old"}`)
	want(t, in.versions(project), "1.0:amd64", "1.1:amd64")
	if a := in.get(project); strings.Count(a.body, `"yanked":true`) != 1 {
		t.Errorf("the list: %s", a.body)
	}
	// The only one that was left.
	yank("1.1", `{"reason": "all"}`)
	want(t, in.versions(project))
	want(t, in.versions("/api/v1/trunk-projects"))
	if a := in.get("/extensions/pgmq/latest/download"); a.code() != "version_unknown" {
		t.Errorf("latest of nothing: %s", a.body)
	}
	if a := in.get("/extensions/pgmq/2.0/download"); a.status != http.StatusOK {
		t.Errorf("by its number: %s", a.body)
	}
	for range 2 {
		if a := in.call(http.MethodPost, project+"/version/2.0/unyank", alice, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"yanked":null`) {
			t.Errorf("unyanked: %d %s", a.status, a.body)
		}
	}
	want(t, in.versions(project), "1.0:amd64", "1.1:amd64", "2.0:amd64")
	if a := in.tryPublish("alice", with(pgmq, func(b *archivetest.Build) { b.Version, b.Control = "1.1", "default_version = '2'\n" }), nil); a.code() != "artefact_exists" {
		t.Errorf("other bytes for a yanked one: %s", a.body)
	}
	if got := in.count("SELECT count(*) FROM events WHERE kind IN ('yanked', 'unyanked')"); got != 4 {
		t.Errorf("%d events, want 4", got)
	}
}

// A deprecated project says so wherever it is read.
func TestDeprecation(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	alice := in.token("alice")
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/deprecate", alice, `{"message": "Use another."}`); a.status != http.StatusOK {
		t.Fatalf("deprecated: %s", a.body)
	}
	for _, path := range []string{"/api/v1/trunk-projects", "/api/v1/trunk-projects/pgmq"} {
		if a := in.get(path); !strings.Contains(a.body, `"deprecated":"Use another."`) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/undeprecate", alice, ""); !strings.Contains(a.body, `"deprecated":null`) {
		t.Errorf("undeprecated: %s", a.body)
	}
	if a := in.get("/api/v1/trunk-projects/pgmq"); strings.Contains(a.body, "deprecated") {
		t.Errorf("after that: %s", a.body)
	}
}

// A deleted version is gone and its number with it; owners delete what is new and needed by nobody, administrators anything.
func TestDelete(t *testing.T) {
	in := serve(t, nil)
	alice, root := in.token("alice"), in.token("root")
	in.appoint("root")
	base := func(version string) archivetest.Build { return archivetest.Build{Project: "base", Version: version} }
	in.publish("alice", base("1.0"), nil)
	in.publish("alice", base("1.1"), nil)
	in.publish("bob", archivetest.Build{Project: "on_top", Version: "1.0", Control: "default_version = '1.0'\nrequires = 'base'\n"}, nil)
	const project = "/api/v1/trunk-projects/base"
	remove := func(path, token string) answer { return in.call(http.MethodDelete, project+path, token, "") }
	if a := remove("/version/1.0", alice); a.status != http.StatusNoContent {
		t.Errorf("one of two: %d %s", a.status, a.body)
	}
	if a := remove("/version/1.1", alice); a.code() != "deletion_in_use" || !strings.Contains(a.body, "on_top") {
		t.Errorf("the one that is needed: %d %s", a.status, a.body)
	}
	if a := remove("", alice); a.code() != "deletion_in_use" {
		t.Errorf("all that is needed: %d %s", a.status, a.body)
	}
	if a := in.tryPublish("alice", base("1.0"), nil); a.code() != "version_deleted" {
		t.Errorf("published again: %d %s", a.status, a.body)
	}
	if a := in.tryPublish("alice", with(base("1.0"), func(b *archivetest.Build) { b.Postgres = 16 }), nil); a.code() != "version_deleted" {
		t.Errorf("another build of it: %d %s", a.status, a.body)
	}
	for _, path := range []string{project + "/version/1.0/contents", "/extensions/base/1.0/download", project + "/version/1.0/artefacts/base-1.0-pg17-linux-amd64.tar.gz"} {
		if a := in.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	want(t, in.versions(project), "1.1:amd64")
	in.publish("alice", base("2.0"), nil)
	in.exec("UPDATE releases SET created_at = created_at - $1::interval WHERE version = '2.0'", (73 * time.Hour).String())
	if a := remove("/version/2.0", alice); a.code() != "deletion_too_late" {
		t.Errorf("after 73 hours: %d %s", a.status, a.body)
	}
	if a := remove("/version/2.0", root); a.status != http.StatusNoContent {
		t.Errorf("an administrator: %d %s", a.status, a.body)
	}
	for _, c := range []struct{ path, token, code string }{
		{"/version/2.0", alice, "version_unknown"},
		{"/version/1.1", in.token("bob"), "not_owner"},
	} {
		if a := remove(c.path, c.token); a.code() != c.code {
			t.Errorf("%s: %s, want %s", c.path, a.body, c.code)
		}
	}
	if a := remove("", root); a.status != http.StatusNoContent {
		t.Errorf("all of it: %d %s", a.status, a.body)
	}
	want(t, in.versions(project))
	if a := in.tryPublish("bob", base("3.0"), nil); a.code() != "not_owner" {
		t.Errorf("somebody else takes the name: %s", a.body)
	}
	in.publish("alice", base("3.0"), nil)
}

// Names that people would take for another project's are refused, but to who owns that one.
func TestLookalikes(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", archivetest.Build{Project: "pgvector", Version: "0.8.0"}, nil)
	in.publish("alice", archivetest.Build{Project: "pg_hint_plan15", Version: "1.0"}, nil)
	in.publish("alice", archivetest.Build{Project: "pg_hint_plan16", Version: "1.0"}, nil)
	in.token("bob")
	before := in.state()
	for name, code := range map[string]string{
		"pgvectr": "name_lookalike", "pgvectors": "name_lookalike", "pg_vector": "name_lookalike", "pgvect0r": "name_lookalike", "PGVetcor": "name_lookalike",
		"pg_hint_plan17": "name_lookalike", "PgVector": "name_taken", "latest": "name_reserved",
	} {
		a := in.tryPublish("bob", archivetest.Build{Project: name, Version: "1.0"}, nil)
		if a.code() != code || code == "name_lookalike" && !strings.Contains(a.body, "the project pg") {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, code)
		}
	}
	if after := in.state(); after != before {
		t.Errorf("refused names left something:\nbefore %s\nafter  %s", before, after)
	}
	in.publish("alice", archivetest.Build{Project: "pg_hint_plan17", Version: "1.0"}, nil)
	in.publish("bob", archivetest.Build{Project: "pgvectorscale", Version: "1.0"}, nil)
}

// A README comes with an archive of the latest version.
func TestReadme(t *testing.T) {
	in := serve(t, nil)
	readme := func(text string) func(*archivetest.Build) {
		return func(b *archivetest.Build) { b.Files = map[string]archivetest.File{"README.md": {Data: []byte(text)}} }
	}
	const path = "/extensions/details/pgmq/readme"
	alice := in.token("alice")
	in.publish("alice", pgmq, nil)
	if a := in.get(path); a.code() != "readme_unknown" {
		t.Errorf("without one: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodPost, path, alice, ""); a.code() != "repository_unsupported" {
		t.Errorf("without a repository: %d %s", a.status, a.body)
	}
	in.publish("alice", with(with(pgmq, readme("# new\r\n")), func(b *archivetest.Build) { b.Version = "2.0" }), nil)
	in.publish("alice", with(with(pgmq, readme("# old\n")), func(b *archivetest.Build) { b.Version = "1.9" }), nil)
	if a := in.get(path); a.body != "# new\n" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
		t.Errorf("the latest version's: %q %v", a.body, a.header)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/version/2.0/yank", alice, `{"reason": "r"}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	if a := in.call(http.MethodPost, path, alice, ""); a.body != "# old\n" {
		t.Errorf("read again: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodPost, "/extensions/details/none/readme", alice, ""); a.code() != "project_unknown" {
		t.Errorf("of nothing: %s", a.body)
	}
}

// cleanUp does once what a process does now and then.
func (in *instance) cleanUp(grace time.Duration) upkeep.Summary {
	in.t.Helper()
	store, err := postgres.Open(in.t.Context(), in.cfg.Database)
	if err != nil {
		in.t.Fatal(err)
	}
	defer store.Close()
	objects, err := s3.New(in.t.Context(), in.cfg.Objects)
	if err != nil {
		in.t.Fatal(err)
	}
	cfg := in.cfg
	cfg.UpkeepGrace = grace
	summary, err := registry.Upkeep(store, objects, cfg).Run(in.t.Context())
	if err != nil {
		in.t.Fatal(err)
	}
	return summary
}

// The object of what was deleted goes after a while; what an artefact names never does, also while it is published.
func TestUpkeep(t *testing.T) {
	in := serve(t, nil)
	root := in.token("root")
	in.appoint("root")
	in.publish("alice", pgmq, nil)
	in.publish("alice", archivetest.Build{Project: "kept", Version: "1.0"}, nil)
	in.call(http.MethodDelete, "/admin/extensions/pgmq", root, "")
	run := func(grace time.Duration) upkeep.Summary {
		t.Helper()
		return in.cleanUp(grace)
	}
	if got := run(time.Hour); got != (upkeep.Summary{Objects: 2}) {
		t.Errorf("within the grace period: %+v", got)
	}
	if got := run(-time.Hour); got.Objects != 2 || got.Removed != 1 || got.Freed == 0 || len(in.objects()) != 1 {
		t.Errorf("after it: %+v, %d objects", got, len(in.objects()))
	}
	if got := run(-time.Hour); got != (upkeep.Summary{Objects: 1}) {
		t.Errorf("again: %+v", got)
	}
	if a := in.get("/api/v1/trunk-projects/kept/version/1.0/artefacts/kept-1.0-pg17-linux-amd64.tar.gz"); a.status != http.StatusFound {
		t.Errorf("the one that was kept: %s", a.body)
	} else if bytes := in.do(http.MethodGet, a.header.Get("Location"), nil, nil); bytes.status != http.StatusOK {
		t.Errorf("its bytes: %d", bytes.status)
	}
	// Publishes of one and the same bytes, deletions and sweeps, all at once: whatever is listed in the end is there.
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for round := range 5 {
				project := fmt.Sprintf("racing%c", 'a'+i)
				build := archivetest.Build{Project: "racing", Version: fmt.Sprintf("%d.0", round), Manifest: map[string]any{"name": "racing"}}
				a := in.send("/extensions/new", publication{metadata: map[string]any{"name": project, "vers": build.Version}, archive: build.Archive(), header: bearer(root)})
				if a.status != http.StatusOK && a.code() != "store_unavailable" {
					t.Errorf("publish %s: %d %s", project, a.status, a.body)
				}
				if round%2 == 0 {
					in.call(http.MethodDelete, "/api/v1/trunk-projects/"+project+"/version/"+build.Version, root, "")
				}
				run(-time.Hour)
			}
		})
	}
	group.Wait()
	var listed []trunk.ProjectVersion
	if err := json.Unmarshal([]byte(in.get("/api/v1/trunk-projects").body), &listed); err != nil {
		t.Fatal(err)
	}
	for _, version := range listed {
		for _, download := range version.Downloads {
			if a := in.do(http.MethodGet, in.get(download.Link).header.Get("Location"), nil, nil); a.status != http.StatusOK {
				t.Errorf("%s %s is listed and has no bytes: %d", version.Name, version.Version, a.status)
			}
		}
	}
}
