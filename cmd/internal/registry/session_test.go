package registry_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"pgtrunk.io/registry/core/extension/archivetest"
)

const (
	sessionCookie = "trunk_session"
	attemptCookie = "trunk_sign_in"
)

// begin signs somebody in as far as the way back, and gives that.
func (b *browser) begin(user string) *url.URL {
	b.t.Helper()
	b.open("/account/sign-in")
	b.stop = true
	b.press("Sign in", url.Values{"user": {user}})
	b.stop = false
	back, err := url.Parse(b.page.header.Get("Location"))
	if err != nil || back.Path != "/account/callback" || back.Query().Get("code") == "" {
		b.t.Fatalf("sent to %s: %v", back, err)
	}
	return back
}

// tamper changes what the browser keeps of a sign-in that was begun.
func (b *browser) tamper(change func(kept map[string]string)) {
	b.t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(b.cookies[attemptCookie])
	if err != nil {
		b.t.Fatal(err)
	}
	kept := map[string]string{}
	if err := json.Unmarshal(raw, &kept); err != nil {
		b.t.Fatal(err)
	}
	change(kept)
	raw, err = json.Marshal(kept)
	if err != nil {
		b.t.Fatal(err)
	}
	b.cookies[attemptCookie] = base64.RawURLEncoding.EncodeToString(raw)
}

// A sign-in ends in the browser where it was begun, once, and with what was asked for.
func TestSignInIsBoundToTheBrowser(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	other := in.browser(t)
	theirs := other.begin("mallory")
	for name, c := range map[string]struct {
		change func(b *browser, back *url.URL)
		code   string
	}{
		"another browser's way back": {func(_ *browser, back *url.URL) { *back = *theirs }, "sign_in_unknown"},
		"another one's code":         {func(_ *browser, back *url.URL) { set(back, "code", theirs.Query().Get("code")) }, "sign_in_refused"},
		"another state":              {func(_ *browser, back *url.URL) { set(back, "state", "x") }, "sign_in_unknown"},
		"no state":                   {func(_ *browser, back *url.URL) { set(back, "state", "") }, "sign_in_unknown"},
		"neither state nor cookie":   {func(b *browser, back *url.URL) { set(back, "state", ""); clear(b.cookies) }, "sign_in_unknown"},
		"no cookie":                  {func(b *browser, _ *url.URL) { clear(b.cookies) }, "sign_in_unknown"},
		"a cookie of nonsense":       {func(b *browser, _ *url.URL) { b.cookies[attemptCookie] = "nonsense" }, "sign_in_unknown"},
		"another nonce":              {func(b *browser, _ *url.URL) { b.tamper(func(kept map[string]string) { kept["nonce"] = "x" }) }, "jwt_nonce"},
		"no nonce":                   {func(b *browser, _ *url.URL) { b.tamper(func(kept map[string]string) { kept["nonce"] = "" }) }, "sign_in_unknown"},
		"another verifier": {func(b *browser, _ *url.URL) {
			b.tamper(func(kept map[string]string) { kept["verifier"] = strings.Repeat("x", 43) })
		}, "sign_in_refused"},
		"another issuer":        {func(_ *browser, back *url.URL) { set(back, "iss", "https://issuer.example.org") }, "sign_in_refused"},
		"no code":               {func(_ *browser, back *url.URL) { set(back, "code", "") }, "sign_in_refused"},
		"a made-up code":        {func(_ *browser, back *url.URL) { set(back, "code", "x") }, "sign_in_refused"},
		"refused by the issuer": {func(_ *browser, back *url.URL) { set(back, "error", "access_denied") }, "sign_in_refused"},
	} {
		b := in.browser(t)
		back := b.begin("alice")
		c.change(b, back)
		before := in.state()
		b.open(back.String())
		b.wants(http.StatusUnauthorized, "Nobody was signed in")
		if !strings.Contains(in.log.String(), `"code":"`+c.code+`"`) || b.cookies[sessionCookie] != "" || b.cookies[attemptCookie] != "" {
			t.Errorf("%s: no %s, or %v is left", name, c.code, b.cookies)
		}
		if after := in.state(); after != before {
			t.Errorf("%s left something:\nbefore %s\nafter  %s", name, before, after)
		}
		in.log.reset()
	}
	// The same way back again, with all that belongs to it.
	b := in.browser(t)
	back := b.begin("alice")
	kept := b.cookies[attemptCookie]
	b.open(back.String())
	b.wants(http.StatusOK, "Signed in as alice")
	b.cookies = map[string]string{attemptCookie: kept}
	b.open(back.String())
	b.wants(http.StatusUnauthorized, "used before, or too long ago")
	// What an issuer says is not repeated unless it is a word.
	b.begin("alice")
	b.tamper(func(kept map[string]string) { set(back, "state", kept["state"]) })
	set(back, "error", "<script>Call 555-1234</script>")
	b.open(back.String())
	if strings.Contains(b.text(), "555") {
		t.Errorf("it says what anybody wrote: %s", b.text())
	}
}

func set(address *url.URL, name, value string) {
	query := address.Query()
	query.Set(name, value)
	address.RawQuery = query.Encode()
}

// A session is new with each sign-in, ends in time, and is nothing that somebody can bring along.
func TestSessions(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	b := in.browser(t)
	planted := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	b.cookies[sessionCookie] = planted
	b.signIn("alice")
	first := b.cookies[sessionCookie]
	if first == planted || len(first) != 43 {
		t.Errorf("the session is %q", first)
	}
	b.begin("alice") // signs in again, while signed in
	b.tamper(func(kept map[string]string) { kept["return"] = "/account/projects" })
	b.open(b.page.header.Get("Location"))
	if b.at.Path != "/account/projects" || b.cookies[sessionCookie] == first || in.count("SELECT count(*) FROM web_sessions") != 1 {
		t.Errorf("came to %s with %v, of %d sessions", b.at, b.cookies, in.count("SELECT count(*) FROM web_sessions"))
	}
	for what, token := range map[string]string{"planted": planted, "the first": first, "nothing": "", "nonsense": "nonsense", "long": strings.Repeat("x", 10_000)} {
		other := in.browser(t)
		other.cookies[sessionCookie] = token
		before := in.statements.Load()
		if a := other.open("/account/tokens"); other.at.Path != "/account" || a.status != http.StatusOK || strings.Contains(a.body, "alice") {
			t.Errorf("%s is signed in: %d %s", what, a.status, other.at)
		}
		if spent := in.statements.Load() - before; len(token) != 43 && spent != 0 {
			t.Errorf("%s costs %d statements", what, spent)
		}
	}
	in.query("UPDATE web_sessions SET expires_at = now() - interval '1 second'", nil)
	b.open("/account/projects?x=1")
	if b.at.String() != in.url+"/account?return=%2Faccount%2Fprojects%3Fx%3D1" {
		t.Errorf("after its end it is %s", b.at)
	}
	if a := b.post("/account/tokens", url.Values{"name": {"x"}, "scopes": {"yank"}}); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "nothing was changed") {
		t.Errorf("a form after its end: %d %s", a.status, a.body)
	}
	b.follow("Sign in")
	b.press("Sign in", url.Values{"user": {"alice"}})
	b.wants(http.StatusOK, "Signed in as alice")
	in.query("UPDATE web_sessions SET expires_at = now() - interval '1 second'", nil)
	if in.cleanUp(time.Hour); in.count("SELECT count(*) FROM web_sessions") != 0 {
		t.Error("sessions that have ended are kept")
	}
}

// What browsers are told of the cookies.
func TestSessionCookies(t *testing.T) {
	for scheme, prefix := range map[string]string{"http": "", "https": "__Host-"} {
		settings := map[string]string{"SESSION_LIFETIME": "20m"}
		if scheme == "https" {
			settings["PUBLIC_URL"] = "https://localhost"
		}
		in, _ := serveWithSignIn(t, settings)
		in.url = "http://" + regexp.MustCompile(`"address":"([^"]+)"`).FindStringSubmatch(in.log.String())[1]
		b := in.browser(t)
		b.stop = true
		b.open("/account/sign-in")
		begun := b.page.header.Get("Set-Cookie")
		b.open(b.page.header.Get("Location"))
		b.press("Sign in", url.Values{"user": {"alice"}})
		back, err := url.Parse(b.page.header.Get("Location"))
		if err != nil || back.Scheme != scheme {
			t.Fatalf("sent to %s, %v", back, err)
		}
		b.open(in.url + back.RequestURI())
		over := b.page.header.Values("Set-Cookie")
		b.open(in.url + "/account/tokens")
		if b.wants(http.StatusOK, "Signed in as alice"); len(over) != 2 {
			t.Fatalf("%s: %v", scheme, over)
		}
		for line, form := range map[string]string{
			begun:   `^` + prefix + attemptCookie + `=[\w-]+; Path=/; Max-Age=600; HttpOnly; {secure}SameSite=Lax$`,
			over[0]: `^` + prefix + attemptCookie + `=; Path=/; Max-Age=0; HttpOnly; {secure}SameSite=Lax$`,
			over[1]: `^` + prefix + sessionCookie + `=[\w-]{43}; Path=/; Expires=[^;]+; Max-Age=1(200|199); HttpOnly; {secure}SameSite=Lax$`,
		} {
			secure := ""
			if scheme == "https" {
				secure = "Secure; "
			}
			if !regexp.MustCompile(strings.ReplaceAll(form, "{secure}", secure)).MatchString(line) {
				t.Errorf("%s: %s", scheme, line)
			}
		}
		if policy := b.page.header.Get("Referrer-Policy"); policy != "same-origin" {
			t.Errorf("the referrer policy is %s", policy)
		}
	}
}

// Each form is taken from these pages alone, and from somebody who is signed in; looking changes nothing.
func TestAccountFormsAreOurOwn(t *testing.T) {
	source, err := os.ReadFile("../../../adapters/http/pages_account.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := regexp.MustCompile(`e\.POST\("([^"]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < 10 {
		t.Fatalf("only %d forms", len(routes))
	}
	in, _ := serveWithSignIn(t, nil)
	alice := in.signedIn(t, "alice")
	in.publish("bob", archivetest.Build{Project: "asked", Version: "1.0"}, nil)
	in.query("INSERT INTO project_owners SELECT p.id, a.id, now() FROM projects p, accounts a WHERE a.name = 'alice'", nil)
	alice.makeToken(url.Values{"name": {"t"}, "scopes": {"yank"}})
	var token string
	in.query("SELECT id::text FROM tokens WHERE name = 't'", &token)
	values := url.Values{"name": {"x"}, "scopes": {"yank"}, "reason": {"r"}, "message": {"m"}, "user": {"bob"}}
	before := in.state()
	for _, route := range routes {
		path := strings.NewReplacer(":id", token, ":name", "asked", ":version", "1.0").Replace(route[1])
		target := alice.resolve(path)
		for name, value := range map[string]string{"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"} {
			a := alice.send(http.MethodPost, target, values, http.Header{name: {value}, "Accept": {"*/*"}})
			if a.status != http.StatusForbidden || a.code() != "origin_forbidden" {
				t.Errorf("%s from another site by %s: %d %s", path, name, a.status, a.body)
			}
		}
		alice.open(path)
		nobody := in.browser(t)
		if a := nobody.post(path, values); path != "/account/sign-out" && (a.status != http.StatusUnauthorized || !strings.Contains(a.body, "nothing was changed")) {
			t.Errorf("%s of nobody: %d %s", path, a.status, a.body)
		}
	}
	if after := in.state(); after != before {
		t.Errorf("it left something:\nbefore %s\nafter  %s", before, after)
	}
	if a := alice.send(http.MethodPost, alice.resolve("/account/tokens"), values, http.Header{"Content-Type": {"text/plain"}}); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form of another type: %d", a.status)
	}
	if alice.open("/account/tokens"); !slices.ContainsFunc(alice.elements("button"), func(n *html.Node) bool { return words(n) == "Sign out" }) {
		t.Error("another site signed alice out")
	}
}

// Nobody is led to another site by signing in.
func TestSigningInLeadsNowhereElse(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice := in.signedIn(t, "alice")
	alice.stop = true
	for _, address := range []string{
		"https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "\\\\evil.example.org", "/\t/evil.example.org", "/\n/evil.example.org",
		"javascript:alert(1)", "http:evil.example.org", "///evil.example.org", " //evil.example.org", "account", "", "/%zz", "/account", "/account/sign-out",
		"/account/callback?x", "/" + strings.Repeat("x", 2000),
	} {
		a := alice.open("/account?" + url.Values{"return": {address}}.Encode())
		if a.status != http.StatusSeeOther || a.header.Get("Location") != "/account/tokens" {
			t.Errorf("%q leads to %s", address, a.header.Get("Location"))
		}
	}
	for _, address := range []string{"/account/projects?x=1", "/extensions/pgmq", "/"} {
		if a := alice.open("/account?" + url.Values{"return": {address}}.Encode()); a.header.Get("Location") != address {
			t.Errorf("%q leads to %s", address, a.header.Get("Location"))
		}
	}
	// Nor by what the browser keeps.
	bob := in.browser(t)
	back := bob.begin("bob")
	bob.tamper(func(kept map[string]string) { kept["return"] = "//evil.example.org" })
	bob.open(back.String())
	bob.wants(http.StatusOK, "Signed in as bob")
	want(t, bob.went, in.url+"/account/tokens")
}
