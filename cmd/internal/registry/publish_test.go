package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

var pgmq = archivetest.Build{
	Project: "pgmq", Version: "0.5.0", Control: "comment = 'queues'\ndefault_version = '0.5.0'\nrequires = 'pg_partman'\n",
	Files: map[string]archivetest.File{"pgmq.so": {Type: "shared-object", Data: archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6"}}.Bytes()}},
}

func with(build archivetest.Build, change func(*archivetest.Build)) archivetest.Build {
	change(&build)
	return build
}

// The main job through the generated client: publish, find, look inside, download.
func TestPublishFindDownload(t *testing.T) {
	in := serve(t, nil)
	ctx := t.Context()
	archive := pgmq.Archive()
	contentType, body := publication{
		metadata: map[string]any{
			"name": "pgmq", "vers": "0.5.0", "description": "Message queue", "documentation": "https://tembo.io/pgmq", "repository": "https://github.com/tembo-io/pgmq",
			"license": "Apache-2.0", "homepage": nil, "categories": []string{"orchestration", "featured"},
			"libraries":      []map[string]any{{"library_name": "pgmq", "requires_restart": true}},
			"configurations": []map[string]any{{"name": "pgmq.x", "required": true, "default": "on"}},
		},
		archive: archive,
	}.form(t)
	published, err := in.client.PublishExtensionWithBodyWithResponse(ctx, contentType, bytes.NewReader(body), func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", in.token("alice"))
		return nil
	})
	if err != nil || string(published.Body) != "Successfully published extension pgmq version 0.5.0" {
		t.Fatalf("published: %v %s", err, published.Body)
	}

	project, err := in.client.GetProjectWithResponse(ctx, "PGMQ", nil)
	if err != nil || project.JSON200 == nil || len(*project.JSON200) != 1 {
		t.Fatalf("project: %v %s", err, project.Body)
	}
	v := (*project.JSON200)[0]
	if v.Name != "pgmq" || v.Version != "0.5.0" || v.Description != "Message queue" || !slices.Equal(v.PostgresVersions, []int{17}) || len(v.Downloads) != 1 || len(v.Extensions) != 1 {
		t.Errorf("the version is %+v", v)
	}
	if e := v.Extensions[0]; e.ExtensionName != "pgmq" || !slices.Equal(e.DependenciesExtensionNames, []string{"pg_partman"}) || e.ControlFile == nil || e.ControlFile.Content == nil ||
		*e.ControlFile.Content != pgmq.Control || len(e.LoadableLibraries) != 1 || e.LoadableLibraries[0].Priority != 2147483647 || len(e.Configurations) != 1 {
		t.Errorf("the extension is %+v", e)
	}
	for what, list := range map[string]*[]trunk.ProjectVersion{
		"all":       must(in.client.ListProjectsWithResponse(ctx, nil))(t).JSON200,
		"extension": must(in.client.ListProjectsWithResponse(ctx, &trunk.ListProjectsParams{ExtensionName: new("pgmq")}))(t).JSON200,
		"version":   must(in.client.GetProjectVersionWithResponse(ctx, "pgmq", "0.5.0"))(t).JSON200,
	} {
		if list == nil || len(*list) != 1 || (*list)[0].Name != "pgmq" {
			t.Errorf("%s: %v", what, list)
		}
	}
	contents := must(in.client.GetContentsWithResponse(ctx, "pgmq", "latest", nil))(t)
	if c := contents.JSON200; c == nil || len(c.Files) != 5 || len(c.SharedObjects) != 1 || !slices.Equal(c.SharedObjects[0].PostgresVersions, []int{17}) {
		t.Errorf("the contents are %s", contents.Body)
	}
	for path, want := range map[string]string{
		"/extensions/all":             `"latestVersion":"0.5.0"`,
		"/extensions/detail/pgmq":     `"extension_name":"pgmq"`,
		"/extensions/libraries":       `["pgmq"]`,
		"/categories/all":             `"slug":"featured"`,
		"/extensions/detail/pgmq/1.0": `[]`,
		"/api/v1/trunk-projects/none": `[]`,
		"/":                           `"ok"`,
	} {
		if a := in.get(path); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}

	link := v.Downloads[0].Link
	if !strings.HasPrefix(link, in.url) || !strings.HasSuffix(link, ".tar.gz") {
		t.Errorf("the link is %s", link)
	}
	if a := in.get("/extensions/pgmq/latest/download"); a.body != link {
		t.Errorf("the legacy download is %q, the link is %q", a.body, link)
	}
	follow := func(method string, header http.Header) answer {
		a := in.do(method, link, nil, nil)
		if a.status != http.StatusFound {
			t.Fatalf("%s %s: %d %s", method, link, a.status, a.body)
		}
		return in.do(method, a.header.Get("Location"), header, nil)
	}
	if a := follow(http.MethodGet, nil); a.body != string(archive) {
		t.Errorf("the download has %d bytes, want %d", len(a.body), len(archive))
	}
	if a := follow(http.MethodHead, nil); a.status != http.StatusOK || a.header.Get("Content-Length") != strconv.Itoa(len(archive)) {
		t.Errorf("HEAD: %d %v", a.status, a.header)
	}
	if a := follow(http.MethodGet, http.Header{"Range": {"bytes=2-5"}}); a.status != http.StatusPartialContent || a.body != string(archive[2:6]) {
		t.Errorf("a range: %d %x", a.status, a.body)
	}
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// The commands of the README of old, typed as they were, with a token added to the one that publishes.
func TestCurlExamples(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl on this machine")
	}
	in := serve(t, nil)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pgmq-0.5.0.tar.gz"), pgmq.Archive(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(command string) string {
		t.Helper()
		shell := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, "http://localhost:8080", in.url))
		shell.Dir, shell.Env = dir, append(os.Environ(), "TOKEN="+in.token("alice"))
		out, err := shell.Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		return string(out)
	}
	metadata := `{"name": "pgmq", "vers": "0.5.0", "description": "Message queue for Postgres", "documentation": "…", "repository": "…", "license": "Apache-2.0", "homepage": "…"}`
	if out := run(`curl -F metadata='` + metadata + `' \
     -F file=@./pgmq-0.5.0.tar.gz --url 'http://localhost:8080/extensions/new'`); !strings.Contains(out, "[token_missing]") {
		t.Errorf("without a token: %s", out)
	}
	if out := run(`curl -F metadata='` + metadata + `' \
     -F file=@./pgmq-0.5.0.tar.gz --url 'http://localhost:8080/extensions/new' -H "Authorization: Bearer ${TOKEN}"`); out != "Successfully published extension pgmq version 0.5.0" {
		t.Errorf("publish: %s", out)
	}
	if out := run(`curl --request GET --url 'http://localhost:8080/extensions/all'`); !strings.Contains(out, `"name":"pgmq"`) {
		t.Errorf("all: %s", out)
	}
	if out := run(`curl --request GET --url 'http://localhost:8080/extensions/pgmq/0.5.0/download'`); !strings.HasPrefix(out, in.url) || !strings.HasSuffix(out, ".tar.gz") {
		t.Errorf("download: %s", out)
	}
}

// Every refusal: its status, its code, a sentence, and nothing left behind.
func TestRefusedPublishesLeaveNothing(t *testing.T) {
	in := serve(t, map[string]string{"UPLOAD_LIMIT": "1MiB"})
	in.publish("alice", pgmq, nil)
	alice, bob := bearer(in.token("alice")), bearer(in.token("bob"))
	updateOnly := bearer(in.grant(access.Grant{User: "alice", Scopes: []account.Scope{account.PublishUpdate}}))
	newOnly := bearer(in.grant(access.Grant{User: "alice", Scopes: []account.Scope{account.PublishNew}}))
	others := bearer(in.grant(access.Grant{User: "alice", Scopes: account.Scopes(), Projects: []string{"pg_*"}}))
	expired := bearer(in.grant(access.Grant{User: "alice", Scopes: account.Scopes(), Lifetime: time.Nanosecond}))
	revoked := in.grant(access.Grant{User: "carol", Scopes: account.Scopes()})
	who, err := in.access().Recognise(t.Context(), "", revoked)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.access().Revoke(t.Context(), who.Token.ID, "", access.Grant{}.Origin); err != nil {
		t.Fatal(err)
	}
	wrongChecksum := in.token("alice")[:len(in.token("alice"))-1] + "_"
	unknown := account.MintSecret([account.TokenEntropy]byte{1, 2, 3}).Reveal()
	next := with(pgmq, func(b *archivetest.Build) { b.Version = "0.6.0" })
	meta := func(name, version string) map[string]any { return map[string]any{"name": name, "vers": version} }
	changed := with(pgmq, func(b *archivetest.Build) { b.Control = "default_version = 'changed'\n" })
	arm := with(next, func(b *archivetest.Build) { b.Architecture = "aarch64" })
	pg16 := with(next, func(b *archivetest.Build) { b.Postgres = 16 })
	before := in.state()
	for name, c := range map[string]struct {
		p      publication
		status int
		code   string
	}{
		"no token":                     {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive()}, 401, "token_missing"},
		"an empty token":               {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: http.Header{"Authorization": {"Bearer "}}}, 401, "token_missing"},
		"not a token":                  {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: bearer("hello")}, 401, "token_malformed"},
		"a wrong checksum":             {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: bearer(wrongChecksum)}, 401, "token_malformed"},
		"nobody's token":               {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: bearer(unknown)}, 401, "token_unknown"},
		"an expired token":             {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: expired}, 401, "token_expired"},
		"a revoked token":              {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: bearer(revoked)}, 401, "token_revoked"},
		"a wrong token on the parts":   {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), parts: http.Header{"Authorization": {unknown}}}, 401, "token_unknown"},
		"two tokens that differ":       {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: alice, parts: http.Header{"Authorization": {in.token("bob")}}}, 400, "token_conflict"},
		"a token for updates only":     {publication{metadata: meta("fresh", "0.6.0"), archive: with(next, func(b *archivetest.Build) { b.Project = "fresh" }).Archive(), header: updateOnly}, 403, "scope_missing"},
		"a token for new ones only":    {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: newOnly}, 403, "scope_missing"},
		"a token for other projects":   {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: others}, 403, "project_not_covered"},
		"not the owner":                {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive(), header: bob}, 403, "not_owner"},
		"another case of a name":       {publication{metadata: meta("PGMQ", "0.6.0"), archive: next.Archive(), header: alice}, 409, "name_taken"},
		"another's name in other case": {publication{metadata: meta("PGMQ", "0.6.0"), archive: next.Archive(), header: bob}, 409, "name_taken"},
		"other bytes":                  {publication{metadata: meta("pgmq", "0.5.0"), archive: changed.Archive(), header: alice}, 409, "artefact_exists"},
		"an archive over the limit": {publication{metadata: meta("pgmq", "0.6.0"), archive: with(next, func(b *archivetest.Build) {
			b.Files = map[string]archivetest.File{"x": {Type: "extra", Data: random(2 << 20)}}
		}).Archive(), header: alice}, 413, "payload_too_large"},
		"metadata over its limit":                        {publication{metadata: map[string]any{"name": "pgmq", "vers": "0.6.0", "x": strings.Repeat("a", 300<<10)}, archive: next.Archive(), header: alice}, 413, "payload_too_large"},
		"metadata that is no JSON":                       {publication{metadata: "name=pgmq", archive: next.Archive(), header: alice}, 400, "request_malformed"},
		"a name that is none":                            {publication{metadata: meta("pg mq", "0.6.0"), archive: next.Archive(), header: alice}, 422, "name_invalid"},
		"a reserved name":                                {publication{metadata: meta("all", "0.6.0"), archive: next.Archive(), header: alice}, 422, "name_reserved"},
		"a version that is none":                         {publication{metadata: meta("pgmq", "latest"), archive: next.Archive(), header: alice}, 422, "version_invalid"},
		"metadata that is wrong":                         {publication{metadata: map[string]any{"name": "pgmq", "vers": "0.6.0", "homepage": "javascript:x"}, archive: next.Archive(), header: alice}, 422, "metadata_invalid"},
		"a category nobody knows":                        {publication{metadata: map[string]any{"name": "pgmq", "vers": "0.6.0", "categories": []string{"nonsense"}}, archive: next.Archive(), header: alice}, 422, "category_unknown"},
		"an archive that is none":                        {publication{metadata: meta("pgmq", "0.6.0"), archive: []byte("hello"), header: alice}, 422, "archive_not_gzip"},
		"half an archive":                                {publication{metadata: meta("pgmq", "0.6.0"), archive: next.Archive()[:300], header: alice}, 422, "archive_truncated"},
		"another version":                                {publication{metadata: meta("pgmq", "0.6.1"), archive: next.Archive(), header: alice}, 422, "manifest_version_mismatch"},
		"another project":                                {publication{metadata: meta("other", "0.6.0"), archive: with(next, func(b *archivetest.Build) { b.Extension = "x" }).Archive(), header: alice}, 422, "manifest_name_mismatch"},
		"another architecture":                           {publication{metadata: meta("pgmq", "0.6.0"), archive: arm.Archive(), header: alice}, 422, "shared_object_architecture"},
		"another PostgreSQL":                             {publication{metadata: meta("pgmq", "0.6.0"), archive: pg16.Archive(), header: alice}, 422, "shared_object_postgres_version"},
		"a name taken by a different project's manifest": {publication{metadata: meta("pgmq", "0.6.0"), archive: with(next, func(b *archivetest.Build) { b.Project, b.Extension = "elsewhere", "x" }).Archive(), header: alice}, 422, "manifest_name_mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			a := in.send("/extensions/new", c.p)
			if a.status != c.status || a.code() != c.code {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, c.status, c.code)
			}
			if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || strings.Count(strings.TrimSpace(a.body), "\n") > 0 {
				t.Errorf("not one line of text: %s %q", kind, a.body)
			}
			p := c.p
			p.header = p.header.Clone()
			if p.header == nil {
				p.header = http.Header{}
			}
			p.header.Set("Accept", "application/json")
			b := in.send("/extensions/new", p)
			if kind := b.header.Get("Content-Type"); b.status != c.status || b.code() != c.code || kind != "application/problem+json" {
				t.Errorf("as a problem: %d %s %s", b.status, kind, b.body)
			}
		})
	}
	if after := in.state(); after != before {
		t.Errorf("refused publishes left something behind:\nbefore %s\nafter  %s", before, after)
	}
}

// Forms that are none are refused with a sentence, too.
func TestRefusedForms(t *testing.T) {
	in := serve(t, nil)
	token := in.token("alice")
	before := in.state()
	form := func(boundary, body string) http.Header {
		return http.Header{"Content-Type": {"multipart/form-data; boundary=" + boundary}, "X-Body": {body}}
	}
	part := func(name, data string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + data + "\r\n"
	}
	for name, c := range map[string]struct {
		header http.Header
		status int
		code   string
	}{
		"JSON":                {http.Header{"Content-Type": {"application/json"}, "X-Body": {"{}"}}, 415, "media_type_unsupported"},
		"no type":             {http.Header{"X-Body": {"x"}}, 415, "media_type_unsupported"},
		"no boundary":         {http.Header{"Content-Type": {"multipart/form-data"}, "X-Body": {"x"}}, 415, "media_type_unsupported"},
		"no parts":            {form("b", "--b--\r\n"), 400, "request_malformed"},
		"garbage":             {form("b", "garbage"), 400, "request_malformed"},
		"only metadata":       {form("b", part("metadata", `{"name":"a","vers":"1"}`)+"--b--\r\n"), 400, "request_malformed"},
		"the file first":      {form("b", part("file", "x")+part("metadata", "{}")+"--b--\r\n"), 400, "request_malformed"},
		"a body that is over": {form("b", part("metadata", `{"name":"a","vers":"1"}`)+"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\x1f\x8bhalf"), 400, "request_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.NewReader(c.header.Get("X-Body"))
			c.header.Set("Authorization", token)
			c.header.Del("X-Body")
			if a := in.do(http.MethodPost, "/extensions/new", c.header, body); a.status != c.status || a.code() != c.code {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, c.status, c.code)
			}
		})
	}
	if after := in.state(); after != before {
		t.Errorf("something is left behind:\nbefore %s\nafter  %s", before, after)
	}
}

// The token may be on the request, on the parts, on both.
func TestWhereTheTokenMayBe(t *testing.T) {
	in := serve(t, nil)
	token := in.token("alice")
	for i, where := range []publication{
		{header: http.Header{"Authorization": {token}}},
		{header: bearer(token)},
		{header: http.Header{"Authorization": {"bearer  " + token}}},
		{parts: http.Header{"Authorization": {token}}},
		{header: bearer(token), parts: http.Header{"Authorization": {token}}},
	} {
		build := archivetest.Build{Project: fmt.Sprint("p", i), Version: "1.0"}
		where.metadata, where.archive = map[string]any{"name": build.Project, "vers": "1.0"}, build.Archive()
		if a := in.send("/extensions/new", where); a.status != http.StatusOK {
			t.Errorf("%v %v: %d %s", where.header, where.parts, a.status, a.body)
		}
	}
}

// The same bytes again are fine and change nothing.
func TestTheSameBytesAgain(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	before := in.state()
	in.publish("alice", pgmq, map[string]any{"description": "changed"})
	if after := in.state(); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	a := in.tryPublish("alice", with(pgmq, func(b *archivetest.Build) { b.Control = "default_version = '9'\n" }), nil)
	there, sent := digest(pgmq.Archive()), digest(with(pgmq, func(b *archivetest.Build) { b.Control = "default_version = '9'\n" }).Archive())
	if a.status != http.StatusConflict || !strings.Contains(a.body, there) || !strings.Contains(a.body, sent) {
		t.Errorf("other bytes: %d %s", a.status, a.body)
	}
}

// A hundred publishes of one version at a time: of different bytes one is taken, the same bytes are all taken once.
func TestConcurrentPublishes(t *testing.T) {
	in := serve(t, map[string]string{"MAX_UPLOADS": "200"})
	in.publish("alice", pgmq, nil)
	const racers = 100
	race := func(t *testing.T, build func(i int) archivetest.Build) map[int]int {
		t.Helper()
		statuses := map[int]int{}
		var (
			mutex sync.Mutex
			group sync.WaitGroup
		)
		for i := range racers {
			contentType, body := publication{metadata: map[string]any{"name": "pgmq", "vers": build(i).Version}, archive: build(i).Archive()}.form(t)
			token := in.token("alice")
			group.Go(func() {
				a := in.do(http.MethodPost, "/extensions/new", http.Header{"Content-Type": {contentType}, "Authorization": {token}}, bytes.NewReader(body))
				mutex.Lock()
				defer mutex.Unlock()
				statuses[a.status]++
			})
		}
		group.Wait()
		return statuses
	}
	t.Run("different bytes", func(t *testing.T) {
		statuses := race(t, func(i int) archivetest.Build {
			return with(pgmq, func(b *archivetest.Build) { b.Version, b.Control = "1.0.0", fmt.Sprintf("default_version = '%d'\n", i) })
		})
		if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != racers-1 {
			t.Errorf("the statuses are %v", statuses)
		}
	})
	t.Run("the same bytes", func(t *testing.T) {
		statuses := race(t, func(int) archivetest.Build { return with(pgmq, func(b *archivetest.Build) { b.Version = "2.0.0" }) })
		if statuses[http.StatusOK] != racers {
			t.Errorf("the statuses are %v", statuses)
		}
	})
	for _, version := range []string{"1.0.0", "2.0.0"} {
		var list []trunk.ProjectVersion
		if err := json.Unmarshal([]byte(in.get("/api/v1/trunk-projects/pgmq/version/"+version).body), &list); err != nil || len(list) != 1 || len(list[0].Downloads) != 1 {
			t.Errorf("%s: %v %v", version, list, err)
		}
	}
	if audited := in.count("SELECT count(*) FROM audit_entries WHERE action = 'artefact.publish'"); audited != 3 {
		t.Errorf("%d publishes are in the audit, want 3", audited)
	}
}

// Many users race for a name: one owns it, and only that one's build is there.
func TestRacingForAProject(t *testing.T) {
	in := serve(t, nil)
	const racers = 12
	for i := range racers {
		in.token(fmt.Sprint("user", i))
	}
	var group sync.WaitGroup
	var mutex sync.Mutex
	won := 0
	for i := range racers {
		build := archivetest.Build{Project: "prize", Version: fmt.Sprintf("1.0.%d", i)}
		contentType, body := publication{metadata: map[string]any{"name": "prize", "vers": build.Version}, archive: build.Archive()}.form(t)
		header := http.Header{"Content-Type": {contentType}, "Authorization": {in.tokens[fmt.Sprint("user", i)]}}
		group.Go(func() {
			a := in.do(http.MethodPost, "/extensions/new", header, bytes.NewReader(body))
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case a.status == http.StatusOK:
				won++
			case a.code() != "not_owner":
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	group.Wait()
	if owners := in.count("SELECT count(*) FROM project_owners"); won != 1 || owners != 1 || in.count("SELECT count(*) FROM releases") != 1 {
		t.Errorf("%d won, %d own it", won, owners)
	}
}

func (in *instance) count(query string) (n int) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	if err := conn.QueryRow(in.t.Context(), query).Scan(&n); err != nil {
		in.t.Fatal(err)
	}
	return n
}

// Who asks is settled before the upload is read: a bad token gets its answer within the first 64 KiB of 50 MB.
func TestBadTokenIsToldEarly(t *testing.T) {
	in := serve(t, nil)
	for name, header := range map[string]string{
		"on the request": "Authorization: Bearer nonsense\r\n",
		"on the parts":   "",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(in.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			head := "POST /extensions/new HTTP/1.1\r\nHost: x\r\n" + header + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n" +
				"--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\nAuthorization: nonsense\r\n\r\n{\"name\":\"a\",\"vers\":\"1\"}\r\n" +
				"--b\r\nContent-Disposition: form-data; name=\"file\"\r\nAuthorization: nonsense\r\n\r\n"
			// The answer comes after the header that holds the token, and nothing of the archive is waited for.
			if _, err := io.WriteString(conn, head); err != nil {
				t.Fatal(err)
			}
			answered := make([]byte, 12)
			if _, err := io.ReadFull(conn, answered); err != nil || string(answered) != "HTTP/1.1 401" {
				t.Errorf("after %d bytes: %q, %v", len(head), answered, err)
			}
			t.Logf("401 after %d of 50,000,000 bytes", len(head))
		})
	}
}
