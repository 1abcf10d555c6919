package registry_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
)

var shownToken = regexp.MustCompile(`<code id="token">(trunk_[0-9A-Za-z]+)</code>`)

// makeToken makes a token on the page and gives its text.
func (b *browser) makeToken(values url.Values) string {
	b.t.Helper()
	b.open("/account/tokens")
	b.press("Make the token", values)
	b.wants(http.StatusCreated, "It is shown this once")
	found := shownToken.FindStringSubmatch(b.page.body)
	if found == nil {
		b.t.Fatalf("no token is shown: %s", b.page.body)
	}
	return found[1]
}

func (in *instance) publishWith(token string, build archivetest.Build) answer {
	in.t.Helper()
	return in.send("/extensions/new", publication{
		metadata: map[string]any{"name": build.Project, "vers": build.Version}, archive: build.Archive(), header: bearer(token),
	})
}

// A token is made on the page, for what was ticked alone, used, listed and revoked.
func TestTokensOnTheWeb(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice := in.signedIn(t, "alice")
	alice.wants(http.StatusOK, "There is none yet.", "Signed in as alice")
	for _, box := range alice.elements("input") {
		if _, checked := lookup(box, "checked"); checked {
			t.Errorf("%s is ticked by itself", attribute(box, "value"))
		}
	}
	alice.press("Make the token", url.Values{"name": {" "}, "projects": {"pg-*, x"}})
	alice.wants(http.StatusBadRequest, "The token was not made.", "A token needs a name", "Choose at least one thing", "Projects are named by letters")
	for _, id := range []string{"name", "projects"} {
		if !strings.Contains(alice.page.body, `id="`+id+`-wrong"`) || !strings.Contains(alice.page.body, `<a href="#`+id+`">`) {
			t.Errorf("what is wrong with %s is not said at the field", id)
		}
	}
	if !strings.Contains(alice.page.body, `value="pg-*, x"`) {
		t.Error("what was written is gone")
	}
	if n := in.count("SELECT count(*) FROM tokens"); n != 0 {
		t.Errorf("there are %d tokens", n)
	}
	token := alice.makeToken(url.Values{"name": {"CI of pgmq"}, "scopes": {"publish-new", "publish-update"}, "projects": {"pgmq*, other"}})
	ends := time.Now().UTC().AddDate(0, 0, 90).Format(time.DateOnly)
	alice.wants(http.StatusCreated, "Can create projects and publish versions, for pgmq* and other alone, until "+ends+".")
	if a := in.publishWith(token, pgmq); a.status != http.StatusOK {
		t.Fatalf("it does not publish: %s", a.body)
	}
	if a := in.publishWith(token, archivetest.Build{Project: "hll", Version: "1.0"}); a.code() != "project_not_covered" {
		t.Errorf("it publishes more than it is for: %s", a.body)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/version/"+pgmq.Version+"/yank", token, `{"reason": "x"}`); a.code() != "scope_missing" {
		t.Errorf("it yanks: %s", a.body)
	}
	alice.open("/account/tokens")
	alice.wants(http.StatusOK, "CI of pgmq", ends)
	if strings.Contains(alice.page.body, token) || strings.Contains(alice.text(), "never used") {
		t.Errorf("the list holds the token, or does not know that it was used: %s", alice.text())
	}
	alice.follow("Revoke CI of pgmq")
	alice.wants(http.StatusOK, "Revoke the token “CI of pgmq”?", "for pgmq* and other alone")
	if a := in.call(http.MethodGet, "/api/v1/me", token, ""); a.status != http.StatusOK {
		t.Errorf("looking revoked it: %s", a.body)
	}
	alice.press("Revoke it", nil)
	alice.wants(http.StatusOK, "The token is revoked.", "revoked "+time.Now().UTC().Format(time.DateOnly))
	if a := in.call(http.MethodGet, "/api/v1/me", token, ""); a.code() != "token_revoked" {
		t.Errorf("it is still good: %s", a.body)
	}
	alice.open("/account/sign-in") // nothing happens to whoever only looks
	alice.open("/account")
	alice.press("Sign out", nil)
	alice.wants(http.StatusOK, "For those who publish")
	alice.open("/account/tokens")
	if alice.at.Path != "/account" || in.count("SELECT count(*) FROM web_sessions") != 0 || alice.cookies["trunk_session"] != "" {
		t.Errorf("still signed in at %s with %v", alice.at, alice.cookies)
	}
	want(t, in.actions(t), "account.create", "session.create", "token.create", "artefact.publish", "token.revoke", "session.end")
}

// actions are what was recorded, the oldest first.
func (in *instance) actions(t *testing.T) []string {
	t.Helper()
	var list []string
	in.query("SELECT coalesce(array_agg(action ORDER BY id), '{}') FROM audit_entries", &list)
	return list
}

// A project is looked after from its page: what it lacks, what is taken back, who owns it.
func TestProjectsOnTheWeb(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice, bob := in.signedIn(t, "alice"), in.signedIn(t, "bob")
	token := alice.makeToken(url.Values{"name": {"all"}, "scopes": {"publish-new", "publish-update"}})
	for _, build := range []archivetest.Build{
		{Project: "pgmq", Version: "1.0.0"},
		{Project: "pgmq", Version: "1.1.0"},
		{Project: "pgmq", Version: "1.1.0", Postgres: 18},
		{Project: "hll", Version: "2.0", Postgres: 18, Architecture: "aarch64"},
	} {
		if a := in.publishWith(token, build); a.status != http.StatusOK {
			t.Fatalf("%+v: %s", build, a.body)
		}
	}
	alice.open("/account/projects")
	alice.wants(http.StatusOK, "hll 2.0", "⚠ 3 builds missing 17, 18 on linux/amd64; 17 on linux/arm64", "⚠ 2 builds missing 17, 18 on linux/arm64")
	alice.follow("pgmq")
	alice.wants(http.StatusOK, "Builds of 1.1.0", "PostgreSQL linux/amd64 linux/arm64 18 ✓ there ⚠ missing 17 ✓ there ⚠ missing", "1.0.0", "alice (you)")

	alice.follow("Yank 1.1.0")
	alice.wants(http.StatusOK, "Yank pgmq 1.1.0?")
	alice.press("Yank it", url.Values{"reason": {" \r\n "}, "replacement": {"9.9"}})
	alice.wants(http.StatusBadRequest, "Nothing was changed.", "Write a sentence.")
	alice.press("Yank it", url.Values{"reason": {"Loses\r\nmessages."}, "replacement": {"9.9"}})
	alice.wants(http.StatusUnprocessableEntity, "Nothing was changed.", "9.9")
	if !strings.Contains(alice.page.body, `<a href="#replacement">`) || !strings.Contains(alice.page.body, "Loses messages.") {
		t.Errorf("the form does not say where: %s", alice.page.body)
	}
	alice.press("Yank it", url.Values{"replacement": {"1.0.0"}})
	alice.wants(http.StatusOK, "The version is yanked.", "Builds of 1.0.0", "by alice: Loses messages. Use 1.0.0.")
	if a := in.get("/api/v1/trunk-projects/pgmq/version/1.1.0"); !strings.Contains(a.body, `"yanked_replacement":"1.0.0"`) {
		t.Errorf("the API says %s", a.body)
	}
	alice.press("Offer again 1.1.0", nil)
	alice.wants(http.StatusOK, "The version is offered again.", "Builds of 1.1.0")

	alice.follow("Deprecate")
	alice.press("Deprecate it", url.Values{"message": {""}})
	alice.wants(http.StatusBadRequest, "Write a sentence.")
	alice.press("Deprecate it", url.Values{"message": {"Use something else."}})
	alice.wants(http.StatusOK, "The project is deprecated.", "Deprecated: Use something else.")
	alice.press("Take the deprecation back", nil)
	alice.wants(http.StatusOK, "not deprecated any more")

	alice.press("Invite", url.Values{"user": {"nobody"}})
	alice.wants(http.StatusNotFound, "There is no user called", "Nothing was changed.")
	alice.press("Invite", url.Values{"user": {"bob"}})
	alice.wants(http.StatusOK, "The invitation is made.", "bob invited by alice")
	alice.press("Withdraw the invitation of bob", nil)
	alice.wants(http.StatusOK, "The invitation is withdrawn.")
	alice.press("Invite", url.Values{"user": {"Bob"}})
	bob.open("/account/tokens")
	bob.wants(http.StatusOK, "Invitations (1)")
	bob.follow("Invitations (1)")
	bob.press("Decline pgmq", nil)
	bob.wants(http.StatusOK, "The invitation is declined.", "Nobody asks you")
	alice.press("Invite", url.Values{"user": {"bob"}, "transfer": {"yes"}})
	alice.wants(http.StatusOK, "who leaves then")
	bob.open("/account/invitations")
	bob.wants(http.StatusOK, "alice asks you to own it in their place")
	bob.press("Accept pgmq", nil)
	bob.wants(http.StatusOK, "You own the project now.", "bob (you)")
	alice.open("/account/projects/pgmq")
	alice.wants(http.StatusForbidden, "alice does not own the project pgmq")

	bob.press("Invite", url.Values{"user": {"alice"}})
	alice.open("/account/invitations")
	alice.press("Accept pgmq", nil)
	alice.press("Invite", url.Values{"user": {"bob"}})
	alice.wants(http.StatusConflict, "They own the project already.")
	alice.follow("Remove bob")
	alice.wants(http.StatusOK, "Take pgmq from bob?")
	alice.press("Remove bob", nil)
	alice.wants(http.StatusOK, "The owner is removed.")
	alice.follow("Leave pgmq")
	alice.press("Leave it", nil)
	alice.wants(http.StatusConflict, "Nobody else owns that project")
	alice.open("/account/projects/hll")
	alice.press("Invite", url.Values{"user": {"bob"}})
	bob.open("/account/invitations")
	bob.press("Accept hll", nil)
	bob.follow("Leave hll")
	bob.press("Leave it", nil)
	bob.wants(http.StatusOK, "You do not own the project any more.", "You own none yet.")
}

// What nobody has, and what is somebody else's.
func TestWhatIsNotYoursOnTheWeb(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice, bob := in.signedIn(t, "alice"), in.signedIn(t, "bob")
	token := alice.makeToken(url.Values{"name": {"of alice alone"}, "scopes": {"publish-new"}})
	in.publishWith(token, pgmq)
	var id string
	in.query("SELECT id::text FROM tokens", &id)
	before := in.state()
	for path, status := range map[string]int{
		"/account/tokens/" + id + "/revoke":                         http.StatusNotFound,
		"/account/tokens/nonsense/revoke":                           http.StatusNotFound,
		"/account/tokens/%00/revoke":                                http.StatusNotFound,
		"/account/projects/pgmq/deprecate":                          http.StatusForbidden,
		"/account/projects/none/deprecate":                          http.StatusNotFound,
		"/account/projects/%ff/deprecate":                           http.StatusNotFound,
		"/account/projects/pgmq/owners/remove":                      http.StatusForbidden,
		"/account/invitations/pgmq/accept":                          http.StatusNotFound,
		"/account/projects/pgmq/invitations":                        http.StatusForbidden,
		"/account/projects/pgmq/versions/" + pgmq.Version + "/yank": http.StatusForbidden,
	} {
		if a := bob.post(path, url.Values{"user": {"alice"}, "message": {"m"}, "reason": {"r"}}); a.status != status {
			t.Errorf("POST %s: %d, want %d: %s", path, a.status, status, bob.text())
		}
		if strings.HasSuffix(path, "accept") || strings.HasSuffix(path, "invitations") {
			status = http.StatusMethodNotAllowed
		}
		if a := bob.open(path); a.status != status {
			t.Errorf("GET %s: %d, want %d: %s", path, a.status, status, bob.text())
		}
	}
	if after := in.state(); after != before {
		t.Errorf("it left something:\nbefore %s\nafter  %s", before, after)
	}
	bob.open("/account/tokens")
	if strings.Contains(bob.page.body, "of alice") || strings.Contains(bob.page.body, "<b>alice") {
		t.Errorf("bob sees what is alice's: %s", bob.text())
	}
	if a := bob.open("/account/tokens?cursor=nonsense"); a.status != http.StatusBadRequest {
		t.Errorf("a cursor of nobody: %d", a.status)
	}
}

// An administrator's browser reaches no further than anybody's. What they make there on purpose may, and says so.
func TestNothingIsAdministeredOnTheWeb(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	in.publish("alice", pgmq, nil)
	root := in.signedIn(t, "root")
	in.appoint("root")
	root.open("/account/projects/pgmq")
	root.wants(http.StatusForbidden, "root does not own the project pgmq")
	if a := root.post("/account/projects/pgmq/deprecate", url.Values{"message": {"m"}}); a.status != http.StatusForbidden {
		t.Errorf("deprecated: %d", a.status)
	}
	scopes := []string{"publish-new", "publish-update", "yank", "owners"}
	narrow := root.makeToken(url.Values{"name": {"narrow"}, "scopes": scopes, "projects": {"hll"}})
	if strings.Contains(root.text(), "administer") {
		t.Error("a narrow token is said to administer")
	}
	if a := in.call(http.MethodGet, "/admin/", narrow, ""); a.code() != "token_narrowed" {
		t.Errorf("narrow: %d %s", a.status, a.body)
	}
	wide := root.makeToken(url.Values{"name": {"wide"}, "scopes": scopes})
	root.wants(http.StatusCreated, "and administer this registry")
	if a := in.call(http.MethodGet, "/admin/", wide, ""); a.status != http.StatusOK {
		t.Errorf("wide: %d %s", a.status, a.body)
	}
}
