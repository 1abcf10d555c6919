package registry_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// call sends a JSON document, "" for none, with a token.
func (in *instance) call(method, path, token, document string) answer {
	in.t.Helper()
	header := http.Header{}
	if token != "" {
		header = bearer(token)
	}
	if document == "" {
		return in.do(method, path, header, nil)
	}
	header.Set("Content-Type", "application/json")
	return in.do(method, path, header, strings.NewReader(document))
}

// appoint makes a user an administrator.
func (in *instance) appoint(user string) {
	in.t.Helper()
	if _, err := in.access().Appoint(in.t.Context(), user, true); err != nil {
		in.t.Fatal(err)
	}
}

// operation is one of the contract's, with an example of everything it takes.
type operation struct {
	*openapi3.Operation

	method, path string
	// ids are what stands in the path in place of the examples.
	ids map[string]string
}

func (o operation) name() string { return o.method + " " + o.path }

// optional is what an operation needs that takes a token, and does without one too.
const optional = "no token, or any"

// needs are the scopes and roles of the contract, "–" for none at all, "any token", and optional.
func (o operation) needs() string {
	var alternatives []string
	for _, requirement := range *o.Security {
		if len(requirement) == 0 {
			return optional
		}
		for scheme, words := range requirement {
			switch {
			case scheme == "signIn":
				return "a sign-in"
			case len(words) == 0:
				return "any token"
			default:
				alternatives = append(alternatives, strings.Join(words, " and "))
			}
		}
	}
	return cmp.Or(strings.Join(alternatives, " or "), "–")
}

func operations(t *testing.T) []operation {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, item := range document.Paths.Map() {
		for method, o := range item.Operations() {
			if o.Security == nil {
				t.Fatalf("%s %s declares no security", method, path)
			}
			all = append(all, operation{Operation: o, method: method, path: path})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method)) })
	return all
}

// try sends the operation with the contract's examples, about a project.
func (o operation) try(in *instance, project, token string) answer {
	in.t.Helper()
	if o.OperationID == "publishExtension" {
		build := archivetest.Build{Project: project, Version: "0.9.0"}
		p := publication{metadata: map[string]any{"name": project, "vers": "0.9.0"}, archive: build.Archive()}
		if token != "" {
			p.header = bearer(token)
		}
		return in.send("/extensions/new", p)
	}
	path, query := o.path, url.Values{}
	for _, p := range o.Parameters {
		value := fmt.Sprint(p.Value.Example)
		if p.Value.In == openapi3.ParameterInQuery && p.Value.Required {
			query.Set(p.Value.Name, value)
		}
		if p.Value.In != openapi3.ParameterInPath {
			continue
		}
		switch p.Value.Name {
		case "name":
			value = project
		case "slug":
			value = "search"
		case "user":
			if o.OperationID == "followUser" {
				value = "alice"
			}
		case "file":
			value = project + "-0.8.0-pg17-linux-amd64.tar.gz"
		default:
			value = cmp.Or(o.ids[p.Value.Name], value)
		}
		path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", url.PathEscape(value))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return in.call(o.method, path, token, o.document(in.t))
}

// document is the example of a body, "" for none.
func (o operation) document(t testing.TB) string {
	t.Helper()
	if o.RequestBody == nil {
		return ""
	}
	schema := o.RequestBody.Value.Content["application/json"].Schema.Value
	example, err := json.Marshal(schema.Examples[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(example)
}

// Every operation of the contract with every kind of token. The table of what each needs is docs/rights.md.
func TestRightsMatrix(t *testing.T) {
	in := serveMail(t, map[string]string{"EXTERNAL_HOSTS": "artefacts.example.org", "WEBHOOK_LOOPBACK": "true"})
	in.publish("alice", archivetest.Build{Project: "pgvector", Version: "0.8.0"}, nil)
	called := newReceiver(t)
	all := operations(t)
	in.token("bob")
	in.token("root")
	in.appoint("root")
	unknown := account.MintSecret([account.TokenEntropy]byte{9}).Reveal()
	lacking := func(needs string) string {
		scopes := slices.DeleteFunc(account.Scopes(), func(s account.Scope) bool { return slices.Contains(strings.Split(needs, " or "), string(s)) })
		return in.grant(access.Grant{User: "alice", Scopes: scopes})
	}
	table := &bytes.Buffer{}
	_, _ = fmt.Fprintln(table, "| operation | needs | no token | not a token | nobody's | too small a scope | somebody else's | the right one |")
	_, _ = fmt.Fprintln(table, "|---|---|---|---|---|---|---|---|")
	for i, o := range all {
		needs := o.needs()
		project := fmt.Sprintf("matrix_of_%c%c", 'a'+i/26, 'a'+i%26)
		for _, version := range []string{"0.8.0", "0.8.1"} {
			in.publish("alice", archivetest.Build{Project: project, Version: version, Files: map[string]archivetest.File{"README.md": {Data: []byte("# it\n")}}}, nil)
		}
		cells := []string{o.name(), needs}
		try := func(token string, want func(a answer) bool) {
			t.Helper()
			a := o.try(in, project, token)
			if !want(a) {
				t.Errorf("%s (%s): cell %d: got %d %s", o.name(), needs, len(cells), a.status, a.body)
			}
			cell := strconv.Itoa(a.status)
			if a.status >= http.StatusBadRequest {
				cell += " " + a.code()
			}
			cells = append(cells, cell)
		}
		refused := func(status int, codes ...string) func(answer) bool {
			return func(a answer) bool { return a.status == status && slices.Contains(codes, a.code()) }
		}
		passes := func(a answer) bool { return a.status != 401 && a.status != 403 && a.status < 500 }
		switch needs {
		case "–":
			for range 5 {
				cells = append(cells, "")
			}
			try("", passes)
			table.WriteString("| " + strings.Join(cells, " | ") + " |\n")
			continue
		case "a sign-in":
			try("", func(a answer) bool { return a.code() == "token_missing" })
			for range 3 {
				cells = append(cells, "")
			}
			try(in.token("alice"), func(a answer) bool { return a.code() == "sign_in_unconfigured" })
			cells = append(cells, "TestSignIn")
			table.WriteString("| " + strings.Join(cells, " | ") + " |\n")
			continue
		}
		if needs == optional {
			try("", passes)
		} else {
			try("", refused(401, "token_missing"))
		}
		try("nonsense", refused(401, "token_malformed"))
		try(unknown, refused(401, "token_unknown"))
		right, own := in.token("alice"), strings.HasPrefix(o.path, "/api/v1/me/")
		switch {
		case strings.HasPrefix(o.path, "/api/v1/webhooks/{id}"):
			hook := in.hooked(called, "alice", `, "project": "`+project+`"`)
			ping := decoded[deliveryView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", right, ""))
			o.ids = map[string]string{"id": hook.ID, "delivery": ping.ID}
			cells = append(cells, "")
			try(in.token("bob"), refused(404, "webhook_unknown"))
		case needs == "any token", needs == optional:
			cells = append(cells, "", "")
		case needs == account.Administrator:
			try(in.grant(access.Grant{User: "root", Scopes: []account.Scope{account.Yank}}), refused(403, "token_narrowed"))
			try(in.token("bob"), refused(403, "not_administrator"))
			right = in.token("root")
		case own:
			try(lacking(needs), refused(403, "scope_missing"))
			try(in.token("bob"), refused(404, "invitation_unknown"))
			invited := in.call(http.MethodPost, "/api/v1/trunk-projects/"+project+"/owners", in.token("alice"), `{"user": "bob"}`)
			if invited.status != http.StatusAccepted {
				t.Fatalf("invite: %s", invited.body)
			}
			right = in.token("bob")
		default:
			try(lacking(needs), refused(403, "scope_missing"))
			try(in.token("bob"), refused(403, "not_owner"))
		}
		try(right, passes)
		table.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	t.Logf("\n%s", table)
	const page = "../../../docs/rights.md"
	kept, err := os.ReadFile(page)
	if err != nil || !strings.HasSuffix(string(kept), "\n"+table.String()) {
		t.Errorf("docs/rights.md is not what the contract says (%v); its table has to be:\n%s", err, table)
	}
}

// A token is made with less, listed, used, and revoked.
func TestTokens(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	alice := in.token("alice")
	made := in.call(http.MethodPost, "/api/v1/tokens", alice, `{"name": "CI", "scopes": ["yank"], "projects": ["pg*"]}`)
	var token struct {
		ID        string  `json:"id"`
		Token     string  `json:"token"`
		Name      string  `json:"name"`
		ExpiresAt *string `json:"expires_at"`
	}
	if err := json.Unmarshal([]byte(made.body), &token); err != nil || made.status != http.StatusCreated || token.ExpiresAt == nil || token.Name != "CI" {
		t.Fatalf("made: %d %s %v", made.status, made.body, err)
	}
	if made.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the answer may be kept: %v", made.header)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/deprecate", token.Token, `{"message": "use another"}`); a.status != http.StatusOK {
		t.Errorf("used: %s", a.body)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/other/deprecate", token.Token, `{"message": "use another"}`); a.code() != "project_not_covered" {
		t.Errorf("for another project: %s", a.body)
	}
	for document, code := range map[string]string{
		`{"name": "x", "scopes": ["owners"]}`:                        "grant_too_wide",
		`{"name": "x", "projects": ["*"]}`:                           "grant_too_wide",
		`{"name": "x", "expires_at": "2999-01-01T00:00:00Z"}`:        "grant_too_wide",
		`{"name": "x", "expires_at": "2001-01-01T00:00:00Z"}`:        "request_invalid",
		`{"name": "x", "scopes": ["admin"]}`:                         "request_invalid",
		`{"name": ""}`:                                               "request_invalid",
		`{"name": "x", "projects": ["a b"]}`:                         "request_invalid",
		`{"name": "x"`:                                               "request_malformed",
		`{"name": "` + strings.Repeat("x", 300<<10) + `"}`:           "payload_too_large",
		`{"name": "x", "scopes": ["yank"], "projects": ["pg_cron"]}`: "",
	} {
		if a := in.call(http.MethodPost, "/api/v1/tokens", token.Token, document); a.code() != code {
			t.Errorf("%.60s: %d %s, want %s", document, a.status, a.body, code)
		}
	}
	listed := in.call(http.MethodGet, "/api/v1/tokens", alice, "")
	if !strings.Contains(listed.body, token.ID) || strings.Contains(listed.body, token.Token) || !strings.Contains(listed.body, `"last_used_at":"2`) {
		t.Errorf("listed: %s", listed.body)
	}
	if a := in.call(http.MethodDelete, "/api/v1/tokens/"+token.ID, in.token("bob"), ""); a.code() != "token_id_unknown" {
		t.Errorf("revoked by another user: %d %s", a.status, a.body)
	}
	for range 2 {
		if a := in.call(http.MethodDelete, "/api/v1/tokens/"+token.ID, alice, ""); a.status != http.StatusNoContent {
			t.Errorf("revoked: %d %s", a.status, a.body)
		}
	}
	if a := in.call(http.MethodGet, "/api/v1/me", token.Token, ""); a.code() != "token_revoked" {
		t.Errorf("after that: %s", a.body)
	}
	if a := in.call(http.MethodGet, "/api/v1/me", alice, ""); !strings.Contains(a.body, `"name":"alice"`) || !strings.Contains(a.body, `"administrator":false`) {
		t.Errorf("me: %s", a.body)
	}
}

// Pages of a list follow each other, and a cursor is good for its own query only.
func TestCursors(t *testing.T) {
	in := serve(t, nil)
	alice := in.token("alice")
	for i := range 5 {
		in.call(http.MethodPost, "/api/v1/tokens", alice, fmt.Sprintf(`{"name": "t%d"}`, i))
	}
	var names []string
	var first string
	for path := "/api/v1/tokens?limit=2"; path != ""; {
		a := in.call(http.MethodGet, path, alice, "")
		var page struct {
			Items []struct {
				Name string `json:"name"`
			} `json:"items"`
			Next *string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		for _, item := range page.Items {
			names = append(names, item.Name)
		}
		path = ""
		if page.Next != nil {
			path = "/api/v1/tokens?limit=2&cursor=" + *page.Next
			first = cmp.Or(first, *page.Next)
		}
	}
	want(t, names, "t4", "t3", "t2", "t1", "t0", "test")
	for path, code := range map[string]string{
		"/api/v1/audit?cursor=" + first:          "cursor_mismatch",
		"/api/v1/audit?user=bob&cursor=" + first: "cursor_mismatch",
		"/api/v1/tokens?cursor=bm9uc2Vuc2U":      "cursor_invalid",
		"/api/v1/tokens?cursor=x":                "cursor_invalid",
		"/api/v1/tokens?limit=0":                 "request_invalid",
		"/api/v1/tokens?limit=101":               "request_invalid",
	} {
		if a := in.call(http.MethodGet, path, alice, ""); a.status != http.StatusBadRequest || a.code() != code {
			t.Errorf("%s: %d %s, want %s", path, a.status, a.body, code)
		}
	}
	if a := in.call(http.MethodGet, "/api/v1/tokens?cursor="+first, in.token("bob"), ""); a.code() != "cursor_mismatch" {
		t.Errorf("somebody else's cursor: %s", a.body)
	}
}

// Owning a project is offered and accepted, handed over, and never ends with nobody.
func TestOwners(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	alice, bob, carol := in.token("alice"), in.token("bob"), in.token("carol")
	const project = "/api/v1/trunk-projects/pgmq"
	step := func(what, method, path, token, document string, status int, contains string) {
		t.Helper()
		if a := in.call(method, path, token, document); a.status != status || !strings.Contains(a.body, contains) {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	step("alice owns it", "GET", project+"/owners", "", "", 200, `"name":"alice"`)
	step("bob may not publish", "POST", project+"/deprecate", bob, `{"message": "m"}`, 403, "not_owner")
	step("bob invites himself", "POST", project+"/owners", bob, `{"user": "bob"}`, 403, "not_owner")
	step("nobody is invited", "POST", project+"/owners", alice, `{"user": "nobody"}`, 404, "account_unknown")
	step("alice is invited", "POST", project+"/owners", alice, `{"user": "alice"}`, 409, "already_owner")
	step("bob accepts what was not offered", "POST", "/api/v1/me/invitations/pgmq/accept", bob, "", 404, "invitation_unknown")
	step("bob is invited", "POST", project+"/owners", alice, `{"user": "bob"}`, 202, `"transfer":false`)
	step("bob is not yet an owner", "POST", project+"/deprecate", bob, `{"message": "m"}`, 403, "not_owner")
	step("alice sees it", "GET", project+"/invitations", alice, "", 200, `"user":"bob"`)
	step("carol does not", "GET", project+"/invitations", carol, "", 403, "not_owner")
	step("bob sees it", "GET", "/api/v1/me/invitations", bob, "", 200, `"project":"pgmq"`)
	step("alice withdraws it", "DELETE", project+"/invitations/bob", alice, "", 204, "")
	step("bob is too late", "POST", "/api/v1/me/invitations/pgmq/accept", bob, "", 404, "invitation_unknown")
	step("bob is invited again", "POST", project+"/owners", alice, `{"user": "BOB"}`, 202, `"user":"bob"`)
	step("bob declines", "POST", "/api/v1/me/invitations/pgmq/decline", bob, "", 204, "")
	step("and again", "POST", project+"/owners", alice, `{"user": "bob"}`, 202, "")
	step("bob accepts", "POST", "/api/v1/me/invitations/PGMQ/accept", bob, "", 200, `"name":"bob"`)
	step("bob is an owner", "POST", project+"/deprecate", bob, `{"message": "m"}`, 200, `"message":"m"`)
	step("it is shown", "GET", "/extensions/detail/pgmq", "", "", 200, `"userName":"bob"`)
	step("bob hands over to carol", "POST", project+"/owners", bob, `{"user": "carol", "transfer": true}`, 202, `"transfer":true`)
	step("carol accepts", "POST", "/api/v1/me/invitations/pgmq/accept", carol, "", 200, `"name":"carol"`)
	step("bob is out", "POST", project+"/undeprecate", bob, "", 403, "not_owner")
	step("carol removes alice", "DELETE", project+"/owners/alice", carol, "", 204, "")
	step("carol cannot leave", "DELETE", project+"/owners/carol", carol, "", 409, "last_owner")
	step("alice is no owner to remove", "DELETE", project+"/owners/alice", carol, "", 404, "owner_unknown")
	step("a project that is not there", "GET", "/api/v1/trunk-projects/none/owners", "", "", 404, "project_unknown")
	if got := in.count("SELECT count(*) FROM audit_entries WHERE project = 'pgmq' AND action LIKE 'owner.%'"); got != 10 {
		t.Errorf("%d changes of owners are recorded, want 10", got)
	}
}

// The record is for administrators, for the owners of a project, and for everybody's own.
func TestAudit(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	in.publish("bob", archivetest.Build{Project: "unlike", Version: "1.0"}, nil)
	alice, bob := in.token("alice"), in.token("bob")
	root := in.token("root")
	in.appoint("root")
	actions := func(token, query string) []string {
		t.Helper()
		a := in.call(http.MethodGet, "/api/v1/audit"+query, token, "")
		var page struct {
			Items []struct {
				User    *string `json:"user"`
				Project *string `json:"project"`
				From    *string `json:"from"`
				Action  string  `json:"action"`
			} `json:"items"`
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			return []string{a.code()}
		}
		var list []string
		for _, e := range page.Items {
			parts := []string{e.Action}
			for _, s := range []*string{e.User, e.Project, e.From} {
				if s == nil {
					s = new(string)
				}
				parts = append(parts, *s)
			}
			list = append(list, strings.Join(parts, ":"))
		}
		return list
	}
	want(t, actions(alice, ""), "artefact.publish:alice:pgmq:127.0.0.1", "token.create:alice::")
	want(t, actions(alice, "?project=PGMQ"), "artefact.publish:alice:pgmq:127.0.0.1")
	want(t, actions(alice, "?user=alice&action=token.create"), "token.create:alice::")
	want(t, actions(alice, "?project=unlike"), "not_owner")
	want(t, actions(alice, "?user=bob"), "not_administrator")
	want(t, actions(alice, "?user=nobody"), "account_unknown")
	want(t, actions(alice, "?project=none"), "project_unknown")
	want(t, actions(root, "?user=bob"), "artefact.publish:bob:unlike:127.0.0.1", "token.create:bob::")
	want(t, actions(root, "?action=administrator.grant"), "administrator.grant:::")
	if got := actions(root, ""); len(got) != 6 {
		t.Errorf("all of it: %q", got)
	}
	// Where another owner was is not an owner's business.
	in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/owners", alice, `{"user": "bob"}`)
	in.call(http.MethodPost, "/api/v1/me/invitations/pgmq/accept", bob, "")
	want(t, actions(bob, "?project=pgmq"), "owner.accept:bob:pgmq:127.0.0.1", "owner.invite:alice:pgmq:", "artefact.publish:alice:pgmq:")
}

// Administrators remove, record, and look after libraries.
func TestAdministration(t *testing.T) {
	in := serve(t, map[string]string{"EXTERNAL_HOSTS": "artefacts.example.org"})
	in.publish("alice", pgmq, nil)
	root := in.token("root")
	in.appoint("root")
	if a := in.call(http.MethodPost, "/admin/extensions/libraries/pg_cron", root, ""); a.body != `["pg_cron"]`+"\n" {
		t.Errorf("a library: %d %s", a.status, a.body)
	}
	if a := in.get("/extensions/libraries"); !strings.Contains(a.body, "pg_cron") {
		t.Errorf("libraries: %s", a.body)
	}
	record := map[string]any{
		"name": "faraway", "version": "1.0.0", "description": "lies elsewhere", "repository_link": nil, "documentation_link": nil,
		"extensions": []any{map[string]any{"extension_name": "faraway", "control_file": map[string]any{"absent": false, "content": "default_version = '1.0'\n"}}},
		"downloads": []any{map[string]any{
			"link": "https://artefacts.example.org/faraway.tar.gz", "pg_version": 17, "platform": "linux/amd64", "sha256": strings.Repeat("ab", 32),
		}},
	}
	send := func(change map[string]any) answer {
		t.Helper()
		document := maps.Clone(record)
		maps.Copy(document, change)
		raw, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		return in.call(http.MethodPost, "/admin/api/v1/trunk-projects", root, string(raw))
	}
	download := func(key string, value any) map[string]any {
		d := maps.Clone(record["downloads"].([]any)[0].(map[string]any))
		d[key] = value
		return map[string]any{"downloads": []any{d}}
	}
	before := in.state()
	for name, c := range map[string]struct {
		change map[string]any
		code   string
	}{
		"another host":    {download("link", "https://evil.example.org/a.tar.gz"), "host_not_allowed"},
		"plain http":      {download("link", "http://artefacts.example.org/a.tar.gz"), "host_not_allowed"},
		"a user in it":    {download("link", "https://u@artefacts.example.org/a.tar.gz"), "host_not_allowed"},
		"another port":    {download("link", "https://artefacts.example.org:444/a.tar.gz"), "host_not_allowed"},
		"no digest":       {download("sha256", "x"), "request_invalid"},
		"a reserved name": {map[string]any{"name": "new"}, "name_reserved"},
		"a bad version":   {map[string]any{"version": "1..0"}, "version_invalid"},
		"another case":    {map[string]any{"name": "PGMQ"}, "name_taken"},
	} {
		if a := send(c.change); a.code() != c.code {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, c.code)
		}
	}
	if after := in.state(); after != before {
		t.Errorf("refused records left something:\nbefore %s\nafter  %s", before, after)
	}
	for range 2 {
		if a := send(nil); a.status != http.StatusOK || !strings.Contains(a.body, "/faraway-1.0.0-pg17-linux-amd64.tar.gz") {
			t.Fatalf("recorded: %d %s", a.status, a.body)
		}
	}
	if a := send(download("sha256", strings.Repeat("cd", 32))); a.code() != "artefact_exists" {
		t.Errorf("other bytes: %d %s", a.status, a.body)
	}
	if a := in.get("/api/v1/trunk-projects/faraway/version/1.0.0/artefacts/faraway-1.0.0-pg17-linux-amd64.tar.gz"); a.header.Get("Location") != "https://artefacts.example.org/faraway.tar.gz" {
		t.Errorf("the download leads to %q", a.header.Get("Location"))
	}
	if a := in.get("/api/v1/trunk-projects/faraway/version/1.0.0/contents"); a.code() != "artefact_unknown" {
		t.Errorf("contents: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodDelete, "/admin/extensions/PGMQ", root, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"versions_deleted":1`) {
		t.Errorf("removed: %d %s", a.status, a.body)
	}
	want(t, in.versions("/api/v1/trunk-projects/pgmq"))
	if a := in.tryPublish("alice", with(pgmq, func(b *archivetest.Build) { b.Version = "9.0" }), nil); a.code() != "not_owner" {
		t.Errorf("its owner publishes again: %s", a.body)
	}
	in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/owners", root, `{"user": "bob"}`)
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/owners", root, `{"user": "alice"}`); a.status != http.StatusAccepted {
		t.Errorf("given to somebody: %d %s", a.status, a.body)
	}
	in.call(http.MethodPost, "/api/v1/me/invitations/pgmq/accept", in.token("alice"), "")
	if a := in.tryPublish("alice", pgmq, nil); a.code() != "version_deleted" {
		t.Errorf("the number that was deleted: %s", a.body)
	}
	in.publish("alice", with(pgmq, func(b *archivetest.Build) { b.Version = "9.0" }), nil)
}
