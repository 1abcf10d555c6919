package registry_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// versions gives "VERSION:downloads" of a list of versions.
func (in *instance) versions(path string) []string {
	in.t.Helper()
	a := in.get(path)
	var list []trunk.ProjectVersion
	if err := json.Unmarshal([]byte(a.body), &list); err != nil || a.status != http.StatusOK {
		in.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	var got []string
	for _, v := range list {
		var builds []string
		for _, d := range v.Downloads {
			builds = append(builds, strings.TrimPrefix(string(d.Platform), "linux/"))
		}
		got = append(got, v.Version+":"+strings.Join(builds, ","))
	}
	return got
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// One odd version disturbs nobody, and clients that sort by their own rules still take the latest.
func TestOddVersions(t *testing.T) {
	in := serve(t, nil)
	plain := func(project, version string) {
		t.Helper()
		in.publish("alice", archivetest.Build{Project: project, Version: version}, nil)
	}
	for _, version := range []string{"1.0.0", "1.0.0-beta.1", "0.9.0", "1.0.0+build", "123456789012.0.0-rc.1"} {
		plain("odd", version)
	}
	in.publish("alice", archivetest.Build{Project: "undefaulted", Version: "16.1", Control: "comment = 'no default_version'\n"}, nil)
	plain("calm", "2.1")
	// Clients read the twelve digits as 0, so to them that pre-release is an old version.
	want(t, in.versions("/api/v1/trunk-projects/odd"), "0.9.0:amd64", "1.0.0:amd64", "1.0.0+build:amd64", "123456789012.0.0-rc.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects/odd?all=true"), "0.9.0:amd64", "1.0.0-beta.1:amd64", "1.0.0:amd64", "1.0.0+build:amd64", "123456789012.0.0-rc.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects?extension-name=odd"), "0.9.0:amd64", "1.0.0:amd64", "1.0.0+build:amd64", "123456789012.0.0-rc.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects"), "2.1:amd64", "1.0.0+build:amd64", "16.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects/odd/version/1.0.0-beta.1"), "1.0.0-beta.1:amd64")
	want(t, in.versions("/api/v1/trunk-projects/odd/version/1.0.0%2Bbuild"), "1.0.0+build:amd64")
	if a := in.get("/extensions/odd/latest/download"); !strings.Contains(a.body, "odd-1.0.0+build-pg17-linux-amd64.tar.gz") {
		t.Errorf("latest is %s", a.body)
	} else if a := in.get(a.body); a.status != http.StatusFound {
		t.Errorf("the link of a version with a + gives %d %s", a.status, a.body)
	}
}

// Names are found whatever their case and hyphens; an extension name belongs to its first project.
func TestNames(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", archivetest.Build{Project: "Uuid_Tools", Version: "1.0", Extension: "uuid-ossp"}, nil)
	in.publish("bob", archivetest.Build{Project: "squatter", Version: "9.0", Extension: "uuid-ossp"}, nil)
	for _, path := range []string{
		"/api/v1/trunk-projects/uuid-tools", "/api/v1/trunk-projects/UUID_TOOLS", "/api/v1/trunk-projects?extension-name=uuid-ossp",
		"/api/v1/trunk-projects?extension-name=UUID_ossp",
	} {
		want(t, in.versions(path), "1.0:amd64")
	}
	if a := in.get("/extensions/uuid-ossp/latest/download"); !strings.Contains(a.body, "/Uuid_Tools/") {
		t.Errorf("the extension leads to %s", a.body)
	}
}

// Below the base path of a platform every route works, and shows that platform alone.
func TestBasePath(t *testing.T) {
	in := serve(t, nil)
	both := func(version, architecture string, postgres int) {
		t.Helper()
		in.publish("alice", archivetest.Build{Project: "two", Version: version, Architecture: architecture, Postgres: postgres}, nil)
	}
	both("1.0", "x86_64", 17)
	both("1.0", "aarch64", 17)
	both("1.0", "aarch64", 15)
	both("1.1", "x86_64", 17)
	want(t, in.versions("/api/v1/trunk-projects/two"), "1.0:arm64,amd64,arm64", "1.1:amd64")
	want(t, in.versions("/platform/linux-amd64/api/v1/trunk-projects/two"), "1.0:amd64", "1.1:amd64")
	want(t, in.versions("/platform/linux-arm64/api/v1/trunk-projects/two"), "1.0:arm64,arm64")
	want(t, in.versions("/platform/linux-arm64/api/v1/trunk-projects?extension-name=two"), "1.0:arm64,arm64")
	for path, ending := range map[string]string{
		"/extensions/two/1.0/download":                                       "two-1.0-pg17-linux-amd64.tar.gz",
		"/platform/linux-arm64/extensions/two/1.0/download":                  "two-1.0-pg15-linux-arm64.tar.gz",
		"/extensions/two/1.0/download?platform=linux/arm64&pg_version=17":    "two-1.0-pg17-linux-arm64.tar.gz",
		"/platform/linux-arm64/extensions/two/1.0/download?pg_version=17":    "two-1.0-pg17-linux-arm64.tar.gz",
		"/platform/linux-amd64/extensions/two/latest/download?pg_version=17": "two-1.1-pg17-linux-amd64.tar.gz",
	} {
		if a := in.get(path); !strings.HasSuffix(a.body, ending) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	for path, c := range map[string]struct {
		status int
		code   string
	}{
		"/platform/linux-sparc/extensions/all":                                               {404, "platform_unknown"},
		"/platform/linux-arm64/nowhere":                                                      {404, "route_unknown"},
		"/platform/linux-arm64":                                                              {200, ""},
		"/platform/linux-arm64/":                                                             {200, ""},
		"/extensions/two/1.0/download?pg_version=14":                                         {404, "artefact_unknown"},
		"/extensions/two/9.9/download":                                                       {404, "version_unknown"},
		"/extensions/nobody/1.0/download":                                                    {404, "project_unknown"},
		"/extensions/two/1.0/download?pg_version=x":                                          {400, "request_invalid"},
		"/extensions/two/1.0/download?platform=linux/vax":                                    {400, "request_invalid"},
		"/api/v1/trunk-projects/two/version/9.9/contents":                                    {404, "version_unknown"},
		"/api/v1/trunk-projects/none/version/9.9/contents":                                   {404, "project_unknown"},
		"/api/v1/trunk-projects/two/version/1.0/artefacts/two-1.0-pg99-linux-amd64.tar.gz":   {404, "artefact_unknown"},
		"/api/v1/trunk-projects/two/version/1.0/artefacts/other-1.0-pg17-linux-amd64.tar.gz": {404, "artefact_unknown"},
		"/api/v1/trunk-projects/two/version/1.0/artefacts/..":                                {404, ""},
		"/nowhere": {404, "route_unknown"},
	} {
		if a := in.get(path); a.status != c.status || a.code() != c.code && c.code != "" {
			t.Errorf("%s: %d %s, want %d %s", path, a.status, a.body, c.status, c.code)
		}
	}
	build := archivetest.Build{Project: "below", Version: "1.0", Architecture: "aarch64"}
	a := in.send("/platform/linux-arm64/extensions/new", publication{metadata: map[string]any{"name": "below", "vers": "1.0"}, archive: build.Archive(), header: bearer(in.token("alice"))})
	if a.status != http.StatusOK {
		t.Errorf("publishing below a base path: %d %s", a.status, a.body)
	}
}

// What is not served is a problem, with the headers that belong to it.
func TestOtherRequests(t *testing.T) {
	in := serve(t, nil)
	if a := in.do(http.MethodPut, "/extensions/all", nil, nil); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET, HEAD" || a.code() != "method_not_allowed" {
		t.Errorf("PUT: %d %v %s", a.status, a.header, a.body)
	}
	if a := in.get("/extensions/new"); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "POST" || a.code() != "method_not_allowed" {
		t.Errorf("GET of publish: %d %s", a.status, a.body)
	}
	for _, path := range []string{"/", "/extensions/all", "/categories/all", "/api/v1/trunk-projects", "/livez", "/readyz", "/version", "/swagger-ui/", "/redoc", "/api-docs/openapi.json", "/api-docs/openapi.yaml"} {
		get, head := in.get(path), in.do(http.MethodHead, path, nil, nil)
		if get.status != http.StatusOK || head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: GET %d, HEAD %d %v", path, get.status, head.status, head.header)
		}
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(in.get("/api-docs/openapi.json").body), &document); err != nil || document["openapi"] != "3.1.0" {
		t.Errorf("the contract: %v", err)
	}
	for path, policy := range map[string]string{"/swagger-ui/": "script-src 'self'", "/redoc": "default-src 'none'"} {
		if a := in.get(path); !strings.Contains(a.header.Get("Content-Security-Policy"), policy) || strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe-eval") {
			t.Errorf("%s: the policy is %q", path, a.header.Get("Content-Security-Policy"))
		}
	}
}

// An address with an empty part reaches no handler, and with that gets around no check of who asks.
func TestEmptyParts(t *testing.T) {
	in := serve(t, nil)
	for path, method := range map[string]string{
		"/api/v1/trunk-projects//owners":             http.MethodGet,
		"/api/v1/trunk-projects//deprecate":          http.MethodPost,
		"/api/v1/trunk-projects//version/1.0":        http.MethodDelete,
		"/api/v1/trunk-projects/a/version//contents": http.MethodGet,
		"/extensions//1.0/download":                  http.MethodGet,
	} {
		before := in.statements.Load()
		a := in.do(method, path, nil, nil)
		if a.code() != "request_invalid" || in.statements.Load() != before {
			t.Errorf("%s %s: %d %s, after %d statements", method, path, a.status, a.body, in.statements.Load()-before)
		}
	}
}

// What a read costs in statements, however much there is.
func TestQueriesPerRequest(t *testing.T) {
	in := serve(t, nil)
	for _, project := range []string{"a", "b", "c"} {
		for _, version := range []string{"1.0", "1.1", "2.0"} {
			in.publish("alice", archivetest.Build{Project: project, Version: version}, map[string]any{"categories": []string{"search"}})
		}
	}
	for path, most := range map[string]int64{
		"/":                     0,
		"/livez":                0,
		"/version":              0,
		"/swagger-ui/":          0,
		"/redoc":                0,
		"/categories/all":       1,
		"/extensions/libraries": 1,
		"/extensions/all":       6,
		"/extensions/detail/a":  5,
		"/api/v1/events":        2,
		"/api/v1/events?project=a&kind=published&since=1":                              2,
		"/api/v1/trunk-projects":                                                       4,
		"/api/v1/trunk-projects?extension-name=a":                                      2,
		"/api/v1/trunk-projects/a":                                                     2,
		"/api/v1/trunk-projects/a/version/1.0":                                         2,
		"/api/v1/trunk-projects/none":                                                  2,
		"/extensions/a/latest/download":                                                1,
		"/extensions/a/1.0/download":                                                   1,
		"/api/v1/trunk-projects/a/version/1.0/contents":                                2,
		"/api/v1/trunk-projects/a/version/1.0/artefacts/a-1.0-pg17-linux-amd64.tar.gz": 1,
	} {
		before := in.statements.Load()
		in.get(path)
		if got := in.statements.Load() - before; got != most {
			t.Errorf("%s: %d statements, want %d", path, got, most)
		}
	}
	// What was asked for before costs the question whether it is still so.
	for _, path := range []string{"/api/v1/trunk-projects/a", "/api/v1/trunk-projects?extension-name=a", "/api/v1/trunk-projects/a/version/1.0", "/extensions/detail/a"} {
		before := in.statements.Load()
		in.get(path)
		if got := in.statements.Load() - before; got != 1 {
			t.Errorf("%s again: %d statements, want 1", path, got)
		}
	}
	before := in.statements.Load()
	in.publish("alice", archivetest.Build{Project: "a", Version: "3.0"}, map[string]any{"categories": []string{"search"}})
	if got := in.statements.Load() - before; got != 18 {
		t.Errorf("a publish: %d statements, want 18", got)
	}
	alice := in.token("alice")
	for _, c := range []struct {
		method, path, document string
		most                   int64
	}{
		{http.MethodGet, "/api/v1/me", "", 1},
		{http.MethodGet, "/api/v1/tokens", "", 2},
		{http.MethodPost, "/api/v1/tokens", `{"name": "x"}`, 5},
		{http.MethodGet, "/api/v1/audit", "", 2},
		{http.MethodGet, "/api/v1/trunk-projects/a/owners", "", 3},
		{http.MethodPost, "/api/v1/trunk-projects/a/deprecate", `{"message": "m"}`, 8},
		{http.MethodPost, "/api/v1/trunk-projects/a/version/1.0/yank", `{"reason": "r"}`, 9},
		{http.MethodDelete, "/api/v1/trunk-projects/a/version/1.1", "", 12},
	} {
		before := in.statements.Load()
		if a := in.call(c.method, c.path, alice, c.document); a.status >= http.StatusBadRequest {
			t.Fatalf("%s %s: %s", c.method, c.path, a.body)
		}
		if got := in.statements.Load() - before; got != c.most {
			t.Errorf("%s %s: %d statements, want %d", c.method, c.path, got, c.most)
		}
	}
	before = in.statements.Load()
	if a := in.send("/extensions/new", publication{metadata: "{}", header: bearer("trunk_" + strings.Repeat("0", 39))}); a.code() != "token_malformed" {
		t.Errorf("a wrong checksum: %s", a.body)
	}
	if got := in.statements.Load() - before; got != 0 {
		t.Errorf("a token with a wrong checksum costs %d statements", got)
	}
}
