package registry_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// Without an issuer nobody signs in on the pages, and everything else goes on.
func TestSignInOnTheWebIsOff(t *testing.T) {
	in := serve(t, nil)
	b := in.browser(t)
	for _, path := range []string{"/account", "/account/sign-in", "/account/callback?code=x&state=y"} {
		b.open(path)
		b.wants(http.StatusNotImplemented, "Nobody can sign in on these pages", "sign_in_unconfigured")
	}
	b.open("/account/tokens")
	b.wants(http.StatusNotImplemented, "Nobody can sign in on these pages")
	in.publish("alice", pgmq, nil)
	if _, err := registryConfig(map[string]string{"SIGN_IN_ISSUER": "https://login.example.org"}); err == nil || !strings.Contains(err.Error(), "SIGN_IN_CLIENT_ID") {
		t.Errorf("an issuer without a client: %v", err)
	}
}

// An issuer that is away is told on a page, before somebody is sent there and after.
func TestIssuerOfThePagesGoesAway(t *testing.T) {
	in, issuer := serveWithSignIn(t, nil)
	issuer.http.Close()
	b := in.browser(t)
	b.open("/account")
	b.wants(http.StatusOK, "Sign in")
	b.follow("Sign in")
	b.wants(http.StatusServiceUnavailable, "does not answer right now", "Try again in")
	if b.page.header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	in, issuer = serveWithSignIn(t, nil)
	b = in.browser(t)
	back := b.begin("alice")
	issuer.http.Close()
	b.open(back.String())
	b.wants(http.StatusServiceUnavailable, "does not answer right now")
	if in.count("SELECT count(*) FROM accounts") != 0 {
		t.Error("somebody has an account")
	}
}

// Who keeps coming back with what is no sign-in is told to wait, and with what is one as well.
func TestFailedSignInsOnTheWebAreLimited(t *testing.T) {
	in, _ := serveWithSignIn(t, map[string]string{"LIMIT_FAILED_SIGN_IN": "2/1h"})
	b := in.browser(t)
	for _, status := range []int{http.StatusUnauthorized, http.StatusUnauthorized, http.StatusTooManyRequests} {
		if a := b.open("/account/callback?code=x&state=y"); a.status != status || status == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
			t.Errorf("got %d, want %d: %s", a.status, status, b.text())
		}
	}
	b.wants(http.StatusTooManyRequests, "That is too often")
	b.signIn("alice")
}

// What people write stays text, wherever it is shown.
func TestWhatPeopleWriteOnTheWebStaysText(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.}}`
	alice, mallory := in.signedIn(t, "alice"), in.signedIn(t, evil)
	token := alice.makeToken(url.Values{"name": {evil}, "scopes": {"publish-new"}})
	alice.isHarmless(evil)
	in.publishWith(token, pgmq)
	alice.open("/account/tokens")
	alice.isHarmless(evil)
	alice.follow("Revoke " + evil)
	alice.isHarmless(evil)
	alice.open("/account/projects/pgmq/versions/" + pgmq.Version + "/yank")
	alice.press("Yank it", url.Values{"reason": {evil}, "replacement": {evil}})
	alice.wants(http.StatusUnprocessableEntity)
	alice.isHarmless("script")
	alice.press("Yank it", url.Values{"reason": {evil}, "replacement": {""}})
	alice.wants(http.StatusOK)
	alice.isHarmless(evil)
	alice.press("Invite", url.Values{"user": {evil + "x"}})
	alice.isHarmless("script")
	alice.press("Invite", url.Values{"user": {evil}})
	alice.isHarmless(evil)
	mallory.open("/account/invitations")
	mallory.press("Accept pgmq", nil)
	mallory.isHarmless(evil)
	alice.open("/account/projects/pgmq")
	alice.follow("Remove " + evil)
	alice.wants(http.StatusOK, "Take pgmq from "+evil+"?")
	alice.isHarmless(evil)
	alice.press("Remove "+evil, nil)
	alice.wants(http.StatusOK, "The owner is removed.")
	alice.open("/account/tokens?done=" + url.QueryEscape(evil) + "&q=" + url.QueryEscape(evil))
	alice.isHarmless("alice")
}

// isHarmless checks that a text is on the page, and that nothing on it is a script of anybody else's.
func (b *browser) isHarmless(text string) {
	b.t.Helper()
	if !strings.Contains(b.text(), text) {
		b.t.Errorf("%s does not hold %q:\n%s", b.at, text, b.text())
	}
	for _, script := range b.elements("script") {
		if !strings.HasPrefix(attribute(script, "src"), "/assets/") {
			b.t.Errorf("%s has the script %q %s", b.at, attribute(script, "src"), words(script))
		}
	}
	for _, image := range b.elements("img") {
		b.t.Errorf("%s has the picture %q", b.at, attribute(image, "src"))
	}
}

// How many statements each page takes, however much there is on it.
func TestStatementsOfAccountPages(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice := in.signedIn(t, "alice")
	token := alice.makeToken(url.Values{"name": {"t"}, "scopes": {"publish-new", "publish-update"}})
	for i := range 3 {
		for _, version := range []string{"1.0", "1.1"} {
			if a := in.publishWith(token, archivetest.Build{Project: fmt.Sprint("project", i), Version: version}); a.status != http.StatusOK {
				t.Fatal(a.body)
			}
		}
		alice.makeToken(url.Values{"name": {"t"}, "scopes": {"yank"}})
	}
	var id string
	in.query("SELECT min(id::text) FROM tokens", &id)
	for path, most := range map[string]int64{
		"/account":                                            1,
		"/account/tokens":                                     3,
		"/account/tokens/" + id + "/revoke":                   3,
		"/account/projects":                                   9,
		"/account/projects/project1":                          11,
		"/account/projects/project1/deprecate":                6,
		"/account/projects/project1/versions/1.0/yank":        4,
		"/account/projects/project1/owners/remove?user=alice": 8,
		"/account/invitations":                                3,
	} {
		alice.stop = path == "/account"
		before := in.statements.Load()
		alice.open(path)
		if spent := in.statements.Load() - before; spent != most || alice.page.status >= http.StatusBadRequest {
			t.Errorf("%s: %d, with %d statements, want %d", path, alice.page.status, spent, most)
		}
	}
}

// Pages for everybody are the same with and without somebody's cookie, and ask nobody whose it is.
func TestPublicPagesKnowNobody(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	alice, nobody := in.signedIn(t, "alice"), in.browser(t)
	in.publish("bob", pgmq, nil)
	for _, path := range []string{"/", "/nowhere", "/extensions/all", "/api/v1/trunk-projects/pgmq", "/swagger-ui/", "/redoc", "/readyz"} {
		with, without := alice.open(path), nobody.open(path)
		different := with.body != without.body && with.status < http.StatusBadRequest
		if different || with.header.Get("ETag") != without.header.Get("ETag") || strings.Contains(strings.Join(with.header.Values("Vary"), ","), "Cookie") {
			t.Errorf("%s knows who asks: %v", path, with.header)
		}
	}
	if a := alice.open("/api/v1/me"); a.status != http.StatusUnauthorized {
		t.Errorf("the API takes a cookie: %d", a.status)
	}
}

// Many at once, each with their own.
func TestAccountPagesDoNotMix(t *testing.T) {
	in, _ := serveWithSignIn(t, nil)
	names := []string{"alice", "bob", "carol", "dave"}
	browsers := make([]*browser, len(names))
	for i, name := range names {
		browsers[i] = in.signedIn(t, name)
		browsers[i].makeToken(url.Values{"name": {"of " + name}, "scopes": {"yank"}})
	}
	var group sync.WaitGroup
	for i, b := range browsers {
		group.Go(func() {
			for range 10 {
				b.open("/account/tokens")
				for j, name := range names {
					if got := strings.Contains(b.text(), "of "+name); got != (i == j) || !strings.Contains(b.text(), "Signed in as "+names[i]) {
						t.Errorf("%s reads %s", names[i], b.text())
					}
				}
			}
		})
	}
	group.Wait()
}
