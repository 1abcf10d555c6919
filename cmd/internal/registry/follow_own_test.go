package registry_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/link"
)

// signedInToken gives a token of somebody who signs in with a provider that says something of their address.
func (in *instance) signedInToken(issuer *signInServer, user, email string, verified bool) string {
	in.t.Helper()
	jwt := issuer.jwt(user, map[string]any{"email": email, "email_verified": verified})
	a := in.do(http.MethodPost, "/token/new", bearer(jwt), nil)
	if a.status != http.StatusOK {
		in.t.Fatalf("%s signs in: %d %s", user, a.status, a.body)
	}
	return a.body
}

// serveOwn starts a registry that sends letters and takes an issuer's tokens.
func serveOwn(t *testing.T) (*instance, *signInServer) {
	t.Helper()
	issuer := startSignInServer(t)
	in := serveMail(t, map[string]string{"OIDC_PROVIDERS": issuer.http.URL + " trunk"})
	in.publish("alice", pgmq, nil)
	return in, issuer
}

// Whoever has signed in with an address that is theirs follows with it at once; with any other they are asked like anybody.
func TestFollowingWithOnesOwnAddress(t *testing.T) {
	in, issuer := serveOwn(t)
	ada := in.signedInToken(issuer, "ada", "Ada@example.org", true)
	a := in.call(http.MethodPost, followPgmq, ada, `{"cadence": "daily"}`)
	var made struct {
		ID      string `json:"id"`
		Email   string `json:"email"`
		Project string `json:"project"`
		Cadence string `json:"cadence"`
	}
	if err := json.Unmarshal([]byte(a.body), &made); err != nil || a.status != http.StatusCreated || made.Email != "Ada@example.org" || made.Project != "pgmq" || made.Cadence != "daily" {
		t.Fatalf("%d %s %v", a.status, a.body, err)
	}
	if a := in.call(http.MethodPost, followPgmq, ada, `{"email": "ADA@example.org", "pg_version": 17}`); a.status != http.StatusCreated || !strings.Contains(a.body, made.ID) {
		t.Errorf("again, otherwise spelt: %d %s", a.status, a.body)
	}
	// What she follows is hers at once.
	want(t, in.letters("ada@example.org"))
	if a := in.call(http.MethodPost, followPgmq, ada, `{"email": "eve@example.org"}`); a.status != http.StatusAccepted {
		t.Errorf("another's address: %d %s", a.status, a.body)
	}
	want(t, in.letters("eve@example.org"), "confirmation")
	bob := in.signedInToken(issuer, "bob", "bob@example.org", false)
	if a := in.call(http.MethodPost, followPgmq, bob, `{}`); a.status != http.StatusConflict || a.code() != "address_unverified" {
		t.Errorf("not verified: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodPost, followPgmq, bob, `{"email": "bob@example.org"}`); a.status != http.StatusAccepted {
		t.Errorf("not verified, but named: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodPost, followPgmq, "", `{}`); a.status != http.StatusBadRequest || a.code() != "address_invalid" {
		t.Errorf("nobody with no address: %d %s", a.status, a.body)
	}
	// Somebody else cannot have the provider say that an address is theirs which is no address.
	odd := in.signedInToken(issuer, "odd", "odd@example.org\r\nBcc: eve@example.org", true)
	if a := in.call(http.MethodPost, followPgmq, odd, `{}`); a.code() != "address_unverified" {
		t.Errorf("an address that is none: %d %s", a.status, a.body)
	}
	// What the provider says counts from the next time on.
	in.signedInToken(issuer, "bob", "bob@example.org", true)
	if a := in.call(http.MethodPost, followPgmq, bob, `{}`); a.status != http.StatusCreated {
		t.Errorf("verified since: %d %s", a.status, a.body)
	}
}

// What one follows is listed, changed and ended with a token, and nobody else's.
func TestWhatIFollow(t *testing.T) {
	in, issuer := serveOwn(t)
	in.publish("alice", archivetest.Build{Project: "pg_cron", Version: "1.0.0"}, nil)
	ada, bob := in.signedInToken(issuer, "ada", "ada@example.org", true), in.signedInToken(issuer, "bob", "bob@example.org", true)
	for _, path := range []string{followPgmq, "/api/v1/trunk-projects/pg_cron/subscriptions", "/api/v1/categories/search/subscriptions", "/api/v1/users/alice/subscriptions"} {
		if a := in.call(http.MethodPost, path, ada, `{"pg_version": 17}`); a.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
	}
	type subscription struct {
		ID       string  `json:"id"`
		Project  *string `json:"project"`
		Category *string `json:"category"`
		User     *string `json:"user"`
		Postgres *int    `json:"pg_version"`
		Cadence  string  `json:"cadence"`
	}
	var all []subscription
	for path := "/api/v1/me/subscriptions?limit=3"; path != ""; {
		a := in.call(http.MethodGet, path, ada, "")
		var page struct {
			Items []subscription `json:"items"`
			Next  *string        `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		all, path = append(all, page.Items...), ""
		if page.Next != nil {
			path = "/api/v1/me/subscriptions?limit=3&cursor=" + *page.Next
		}
	}
	if len(all) != 4 || *all[0].User != "alice" || *all[1].Category != "search" || *all[2].Project != "pg_cron" || *all[3].Project != "pgmq" {
		t.Fatalf("listed %+v", all)
	}
	path := "/api/v1/me/subscriptions/" + all[3].ID
	for _, c := range []struct{ document, want string }{
		{`{"cadence": "daily"}`, `"pg_version":17`}, {`{"pg_version": null}`, `"pg_version":null`}, {`{"pg_version": 16}`, `"cadence":"daily"`},
	} {
		if a := in.call(http.MethodPatch, path, ada, c.document); a.status != http.StatusOK || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d %s", c.document, a.status, a.body)
		}
	}
	for _, document := range []string{`{}`, `{"pg_version": "17"}`, `{"pg_version": 9}`, `{"pg_version": 1.5}`, `{"cadence": "weekly"}`, `{"email": "eve@example.org"}`} {
		if a := in.call(http.MethodPatch, path, ada, document); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", document, a.status, a.body)
		}
	}
	for _, method := range []string{http.MethodPatch, http.MethodDelete} {
		document := ""
		if method == http.MethodPatch {
			document = `{"cadence": "immediate"}`
		}
		for _, id := range []string{all[3].ID, "x", "01961f0c-5a4e-7c31-9a6a-0d5b1c2e3f40"} {
			if a := in.call(method, "/api/v1/me/subscriptions/"+id, bob, document); a.status != http.StatusNotFound || a.code() != "subscription_unknown" {
				t.Errorf("%s of %s by another: %d %s", method, id, a.status, a.body)
			}
		}
	}
	if a := in.call(http.MethodDelete, path, ada, ""); a.status != http.StatusNoContent || in.count("SELECT count(*) FROM subscriptions") != 3 {
		t.Errorf("ended: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodDelete, path, ada, ""); a.code() != "subscription_unknown" {
		t.Errorf("ended twice: %d %s", a.status, a.body)
	}
}

// Whoever wanted no letters gets them again by signing in and following; one whose letters came back does not.
func TestFollowingAgainAfterSilence(t *testing.T) {
	in, issuer := serveOwn(t)
	ada := in.signedInToken(issuer, "ada", "ada@example.org", true)
	in.call(http.MethodPost, followPgmq, ada, `{}`)
	b := in.browser(t)
	b.open(in.link(link.Silence, recipientOf("ada@example.org"), time.Time{}))
	b.press("Stop all letters", nil)
	b.wants(http.StatusOK, "No letters any more")
	if in.count("SELECT count(*) FROM subscriptions") != 0 {
		t.Error("it follows something still")
	}
	if a := in.call(http.MethodPost, followPgmq, ada, `{}`); a.status != http.StatusCreated || in.count("SELECT count(*) FROM recipients WHERE closed_at IS NULL") != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	in.query("UPDATE recipients SET closed_at = now(), closed_reason = 'bounced'", nil)
	if a := in.call(http.MethodPost, followPgmq, ada, `{}`); a.status != http.StatusConflict || a.code() != "address_closed" {
		t.Errorf("after letters came back: %d %s", a.status, a.body)
	}
}

// On the pages it takes one button for those who are signed in, and what they follow is listed with their account.
func TestFollowingWhileSignedIn(t *testing.T) {
	in, _ := serveMailWithSignIn(t, nil)
	in.publish("bob", pgmq, nil)
	b := in.signedIn(t, "alice")
	b.open("/extensions/pgmq")
	b.follow("follow without a letter")
	b.wants(http.StatusOK, "Follow pgmq", "Letters go to alice@example.org")
	b.press("Follow", url.Values{"pg_version": {"17"}})
	b.wants(http.StatusOK, "You follow it", "Letters go to alice@example.org", "pgmq")
	want(t, in.letters("alice@example.org"))
	b.press("Save pgmq", url.Values{"cadence": {"daily"}})
	b.wants(http.StatusOK, "Saved.")
	want(t, in.list("SELECT concat_ws(',', pg_major, prereleases, digest, withdrawals, confirmed_at IS NOT NULL) FROM subscriptions"), "17,f,t,t,t")
	b.press("Save pgmq", url.Values{"cadence": {"weekly"}})
	b.wants(http.StatusBadRequest, "Choose one of the list")
	b.open("/account/following")
	// From a page of another site, with the cookie.
	address, err := url.Parse(in.url + "/account/following/stop")
	if err != nil {
		t.Fatal(err)
	}
	if a := b.send(http.MethodPost, address, nil, http.Header{"Origin": {"https://evil.example"}, "Accept": {"application/json"}}); a.status != http.StatusForbidden || in.count("SELECT count(*) FROM subscriptions") != 1 {
		t.Errorf("from another site: %d", a.status)
	}
	b.press("Stop following pgmq", nil)
	b.wants(http.StatusOK, "You do not follow it any more", "follows nothing")
	b.open("/account/follow/users/bob")
	b.press("Follow", nil)
	b.wants(http.StatusOK, "You follow it")
	b.press("Stop all letters", nil)
	b.wants(http.StatusOK, "Nothing is sent to alice@example.org")
	in.query("UPDATE accounts SET email = NULL, email_verified = false", nil)
	b.open("/account/follow/projects/pgmq")
	b.follow("Follow with an address that you confirm")
	b.wants(http.StatusOK, "Follow pgmq", "Your mail address")
}

// What each request of following asks of the database.
func TestStatementsOfFollowing(t *testing.T) {
	in, issuer := serveOwn(t)
	ada := in.signedInToken(issuer, "ada", "ada@example.org", true)
	in.call(http.MethodGet, "/api/v1/me", ada, "")
	spent := func(what string, most int64, do func() answer) {
		t.Helper()
		before := in.statements.Load()
		a := do()
		if got := in.statements.Load() - before; got != most || a.status >= http.StatusBadRequest {
			t.Errorf("%s: %d statements, want %d (%d)", what, got, most, a.status)
		}
	}
	ask := func() answer { return in.askFor(followPgmq, "eve@example.org", "") }
	// begin, the recipient, the project, the subscription, the letter, its job, the record, commit
	spent("asking", 8, ask)
	// begin, the recipient, the project, the subscription, commit
	spent("asking again", 5, ask)
	confirm := in.link(link.Confirm, subscriptionOf("eve@example.org", "pgmq"), soon())
	post := func(address string) func() answer {
		return func() answer { return in.do(http.MethodPost, address, nil, nil) }
	}
	// the key, the subscription
	spent("a link is opened", 2, func() answer { return in.get(confirm) })
	// the same, begin, the change, the record, commit
	spent("confirming", 6, post(confirm))
	// the key, the recipient, what it follows
	spent("all of it", 3, func() answer { return in.get(in.link(link.Manage, recipientOf("eve@example.org"), soon())) })
	// the key, the subscription, begin, the change, the record, commit
	spent("unsubscribing", 6, post(in.link(link.Unsubscribe, subscriptionOf("eve@example.org", "pgmq"), time.Time{})))
	// the token, the address, begin, the recipient, the project, the subscription, the record, commit, the subscription
	spent("with a token", 9, func() answer { return in.call(http.MethodPost, followPgmq, ada, `{}`) })
	// the token, the address, what it follows
	spent("what I follow", 3, func() answer { return in.call(http.MethodGet, "/api/v1/me/subscriptions", ada, "") })
}
