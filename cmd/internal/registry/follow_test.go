package registry_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/link"
)

const followPgmq = "/api/v1/trunk-projects/pgmq/subscriptions"

// askFor asks over the API for letters to an address.
func (in *instance) askFor(path, address, more string) answer {
	in.t.Helper()
	return in.call(http.MethodPost, path, "", fmt.Sprintf(`{"email": %q%s}`, address, more))
}

// confirmed lets the owner of an address confirm that they follow a project.
func (in *instance) confirmed(b *browser, address, project string) {
	in.t.Helper()
	b.open(in.link(link.Confirm, subscriptionOf(address, project), soon()))
	b.press("Follow "+project, nil)
	b.wants(http.StatusOK, "You follow "+project)
}

// Nothing goes to an address but one letter until its owner has confirmed; and what is answered does not tell whether the
// address was known.
func TestFollowing(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	b := in.browser(t)
	first := in.askFor(followPgmq, "ada@example.org", `, "pg_version": 17, "cadence": "daily"`)
	if first.status != http.StatusAccepted || first.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s %v", first.status, first.body, first.header)
	}
	want(t, in.letters("ada@example.org"), "confirmation")
	same := func(what string, letters ...string) {
		t.Helper()
		for _, address := range []string{"ada@example.org", "ADA@Example.org"} {
			if a := in.askFor(followPgmq, address, ""); a.status != first.status || a.body != first.body {
				t.Errorf("%s: answered %d %s, and to one that is not known %s", what, a.status, a.body, first.body)
			}
		}
		want(t, in.letters("ada@example.org"), letters...)
	}
	same("waiting", "confirmation")
	in.query("UPDATE subscriptions SET asked_at = asked_at - interval '49 hours'", nil)
	in.query("UPDATE letters SET topic = 'before'", nil)
	same("the link has ended", "confirmation", "confirmation")

	confirm := in.link(link.Confirm, subscriptionOf("ada@example.org", "pgmq"), soon())
	b.open(confirm)
	b.wants(http.StatusOK, "Follow pgmq?", "ad…@example.org", "It was not you")
	if strings.Contains(b.page.body, "ada@example.org") || b.page.header.Get("Referrer-Policy") != "no-referrer" || b.page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("it tells too much: %v %s", b.page.header, b.text())
	}
	b.press("Follow pgmq", nil)
	b.wants(http.StatusOK, "You follow pgmq")
	b.open(confirm)
	b.wants(http.StatusGone, "You follow that already")
	same("following", "confirmation", "confirmation", "manage", "manage")

	in.query("UPDATE recipients SET closed_at = now(), closed_reason = 'bounced'", nil)
	same("closed", "confirmation", "confirmation", "manage", "manage")
	in.query("UPDATE recipients SET closed_at = NULL, closed_reason = NULL", nil)
	for path, code := range map[string]string{
		"/api/v1/trunk-projects/nothing/subscriptions": "project_unknown", "/api/v1/categories/nothing/subscriptions": "shelf_unknown",
		"/api/v1/users/nobody/subscriptions": "account_unknown",
	} {
		if a := in.askFor(path, "ada@example.org", ""); a.status != http.StatusNotFound || a.code() != code {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/api/v1/categories/search/subscriptions", "/api/v1/users/Alice/subscriptions"} {
		if a := in.askFor(path, "eve@example.org", ""); a.status != http.StatusAccepted {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	want(t, in.letters("eve@example.org"), "confirmation", "confirmation")
}

// The forms do the same as the API, and say what is wrong.
func TestFollowingByForm(t *testing.T) {
	in, _ := serveMailWithSignIn(t, nil)
	in.publish("alice", pgmq, map[string]any{"categories": []string{"search"}})
	b := in.browser(t)
	b.open("/extensions/pgmq?pg_version=17")
	b.press("Follow", url.Values{"email": {"ada@example.org"}, "prereleases": {"yes"}})
	b.wants(http.StatusOK, "Look into your mail")
	want(t, in.list("SELECT concat_ws(',', pg_major, prereleases, digest, withdrawals) FROM subscriptions"), "17,t,f,t")
	b.open("/categories/search")
	b.follow("Follow")
	b.press("Follow", url.Values{"email": {"ada@example.org"}, "cadence": {"daily"}})
	b.wants(http.StatusOK, "Look into your mail")
	b.open("/users/alice")
	b.follow("Follow")
	b.press("Follow", url.Values{"email": {"not an address"}})
	b.wants(http.StatusBadRequest, "Follow what alice owns", "not an address that a letter can be sent to")
	b.press("Follow", url.Values{"email": {"ada@example.org"}, "pg_version": {"9999"}})
	b.wants(http.StatusBadRequest, "There is no PostgreSQL 9999")
	b.press("Follow", url.Values{"email": {"ada@example.org"}, "pg_version": {""}})
	b.wants(http.StatusOK, "Look into your mail")
	want(t, in.letters("ada@example.org"), "confirmation", "confirmation", "confirmation")
	b.open("/follow/projects/nothing")
	b.wants(http.StatusNotFound)
	// The link to all that is followed goes to those who follow something, and everybody is told the same.
	in.confirmed(b, "ada@example.org", "pgmq")
	for _, address := range []string{"ada@example.org", "nobody@example.org"} {
		b.open("/follow")
		b.press("Send me the link", url.Values{"email": {address}})
		b.wants(http.StatusOK, "Look into your mail")
	}
	want(t, in.letters("ada@example.org"), "confirmation", "confirmation", "confirmation", "manage")
	want(t, in.letters("nobody@example.org"))
	// A page of another site sends no form.
	other := http.Header{"Origin": {"https://evil.example"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	if a := in.do(http.MethodPost, "/follow/projects/pgmq", other, strings.NewReader("email=eve@example.org")); a.status != http.StatusForbidden {
		t.Errorf("a page of another site: %d", a.status)
	}
}

// All that an address follows is changed and ended by its link, and by no other.
func TestManagingWhatIsFollowed(t *testing.T) {
	in := serveMail(t, nil)
	b := in.browser(t)
	for _, project := range []string{"pgmq", "pg_cron"} {
		in.publish("alice", archivetest.Build{Project: project, Version: "1.0.0"}, nil)
		in.askFor("/api/v1/trunk-projects/"+project+"/subscriptions", "ada@example.org", "")
		in.askFor("/api/v1/trunk-projects/"+project+"/subscriptions", "bob@example.org", "")
		in.confirmed(b, "ada@example.org", project)
		in.confirmed(b, "bob@example.org", project)
	}
	options := func(address, project string) string {
		return in.list("SELECT concat_ws(',', pg_major, prereleases, digest, withdrawals) FROM subscriptions WHERE id = (" + subscriptionOf(address, project) + ")")[0]
	}
	manage := in.link(link.Manage, recipientOf("ada@example.org"), soon())
	b.open(manage)
	b.wants(http.StatusOK, "Letters go to ada@example.org", "pgmq", "pg_cron")
	b.press("Save pgmq", url.Values{"pg_version": {"18"}, "cadence": {"daily"}, "prereleases": {"yes"}})
	b.wants(http.StatusOK, "Saved.", "pgmq")
	if got := options("ada@example.org", "pgmq"); got != "18,t,t,t" {
		t.Errorf("changed to %s", got)
	}
	b.press("Save pgmq", url.Values{"pg_version": {"x"}})
	b.wants(http.StatusBadRequest, "no PostgreSQL major")
	if got := options("bob@example.org", "pgmq"); got != "f,f,t" {
		t.Errorf("another's is changed to %s", got)
	}
	var others string
	in.query(subscriptionOf("bob@example.org", "pgmq"), &others)
	for _, do := range []string{"change", "remove"} {
		address := strings.Replace(manage, "/manage?", "/manage/"+do+"?", 1) + "&id=" + others
		b.post(address, url.Values{"cadence": {"daily"}})
		b.wants(http.StatusNotFound, "no such subscription")
	}
	if got := options("bob@example.org", "pgmq"); got != "f,f,t" {
		t.Errorf("another's is changed to %s", got)
	}
	b.open(manage)
	b.press("Stop following pg_cron", nil)
	b.wants(http.StatusOK, "You do not follow it any more")
	want(t, in.list("SELECT p.name FROM subscriptions s JOIN projects p ON p.id = s.project_id JOIN recipients r ON r.id = s.recipient_id WHERE r.address = 'ada@example.org'"), "pgmq")
	b.press("Stop all letters", nil)
	b.wants(http.StatusOK, "No letters any more")
	b.open(manage)
	b.wants(http.StatusOK, "Nothing is sent to ada@example.org")
	want(t, in.list("SELECT address || ' ' || closed_reason FROM recipients WHERE closed_at IS NOT NULL"), "ada@example.org asked")
	if got := in.count("SELECT count(*) FROM subscriptions"); got != 2 {
		t.Errorf("%d subscriptions are left, want bob's 2", got)
	}
	in.askFor(followPgmq, "ada@example.org", "")
	want(t, in.list("SELECT DISTINCT kind FROM letters l JOIN recipients r ON r.id = l.recipient_id WHERE r.address = 'ada@example.org'"), "confirmation")
}

// A mail program ends a subscription by one POST, without a cookie and from nowhere; again is right too.
func TestUnsubscribing(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	b := in.browser(t)
	in.askFor(followPgmq, "ada@example.org", "")
	in.confirmed(b, "ada@example.org", "pgmq")
	once := in.link(link.Unsubscribe, subscriptionOf("ada@example.org", "pgmq"), time.Time{})
	b.open(once)
	b.wants(http.StatusOK, "Stop following pgmq?", "ad…@example.org")
	for _, body := range []struct{ kind, text string }{
		{"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
		{"application/x-www-form-urlencoded", ""},
	} {
		a := in.do(http.MethodPost, once, http.Header{"Content-Type": {body.kind}}, strings.NewReader(body.text))
		if a.status != http.StatusOK || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %s", body.kind, a.status, a.body)
		}
		if n := in.count("SELECT count(*) FROM subscriptions"); n != 0 {
			t.Errorf("%s: %d are left", body.kind, n)
		}
	}
	b.open(once)
	b.wants(http.StatusOK, "That is ended")
	// From a browser that says no origin, since the page lets it say none.
	in.askFor(followPgmq, "ada@example.org", "")
	in.confirmed(b, "ada@example.org", "pgmq")
	silence := in.link(link.Silence, recipientOf("ada@example.org"), time.Time{})
	if a := in.do(http.MethodPost, silence, http.Header{"Origin": {"null"}}, nil); a.status != http.StatusOK {
		t.Errorf("silenced: %d %s", a.status, a.body)
	}
	b.open(silence)
	b.wants(http.StatusOK, "No letters any more")
	before := in.letters("ada@example.org")
	in.askFor(followPgmq, "ada@example.org", "")
	in.call(http.MethodPost, "/api/v1/users/alice/subscriptions", "", `{"email": "ada@example.org"}`)
	b.open("/follow")
	b.press("Send me the link", url.Values{"email": {"ada@example.org"}})
	want(t, in.letters("ada@example.org"), before...)
	if n := in.count("SELECT count(*) FROM subscriptions"); n != 0 {
		t.Errorf("it follows %d", n)
	}
}

// Programs that look at letters before people do open every link, as often as they like: nothing changes.
func TestLooksChangeNothing(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	in.publish("alice", archivetest.Build{Project: "pg_cron", Version: "1.0.0"}, nil)
	b := in.browser(t)
	in.askFor(followPgmq, "ada@example.org", "")
	in.confirmed(b, "ada@example.org", "pgmq")
	in.askFor("/api/v1/trunk-projects/pg_cron/subscriptions", "ada@example.org", "")
	links := []string{
		in.link(link.Confirm, subscriptionOf("ada@example.org", "pg_cron"), soon()), in.link(link.Confirm, subscriptionOf("ada@example.org", "pgmq"), soon()),
		in.link(link.Unsubscribe, subscriptionOf("ada@example.org", "pgmq"), time.Time{}), in.link(link.Silence, recipientOf("ada@example.org"), time.Time{}),
		in.link(link.Manage, recipientOf("ada@example.org"), soon()), "/follow", "/follow/sent", "/follow/projects/pgmq", "/extensions/pgmq",
	}
	before := in.mailTables()
	for range 2 {
		for _, address := range links {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				in.do(method, address, nil, nil)
			}
			b.open(address)
			for _, form := range b.elements("form") {
				if action := attribute(form, "action"); attribute(form, "method") == "post" && action != "" {
					in.get(action)
				}
			}
		}
	}
	if after := in.mailTables(); after != before {
		t.Errorf("something is changed:\nbefore %s\nafter  %s", before, after)
	}
}

// What is no link of ours, has ended or was used says what to do, and does nothing.
func TestLinksThatAreNoGood(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	in.askFor(followPgmq, "ada@example.org", "")
	b := in.browser(t)
	subscription, recipient := subscriptionOf("ada@example.org", "pgmq"), recipientOf("ada@example.org")
	good := in.link(link.Confirm, subscription, soon())
	other := func(path, from string) string {
		return "/follow/" + path + strings.TrimPrefix(from, from[:strings.LastIndex(from, "?")])
	}
	past := time.Now().Add(-time.Minute)
	before := in.mailTables()
	for address, status := range map[string]int{
		good[:len(good)-1]: http.StatusBadRequest, good + "A": http.StatusBadRequest, strings.Replace(good, "t=A", "t=B", 1): http.StatusBadRequest,
		"/follow/confirm": http.StatusBadRequest, "/follow/confirm?t=%00": http.StatusBadRequest, "/follow/confirm?t=%ff": http.StatusBadRequest,
		"/follow/confirm?t=" + strings.Repeat("A", 5000): http.StatusBadRequest,
		other("manage", good):                            http.StatusBadRequest, other("silence", good): http.StatusBadRequest, other("unsubscribe", good): http.StatusBadRequest,
		other("confirm", in.link(link.Unsubscribe, subscription, time.Time{})): http.StatusBadRequest,
		other("manage", in.link(link.Silence, recipient, time.Time{})):         http.StatusBadRequest,
		in.link(link.Confirm, subscription, past):                              http.StatusGone,
		in.link(link.Manage, recipient, past):                                  http.StatusGone,
		in.link(link.Confirm, "SELECT gen_random_uuid()::text", soon()):        http.StatusGone,
		in.link(link.Manage, "SELECT gen_random_uuid()::text", soon()):         http.StatusGone,
	} {
		b.open(address)
		b.wants(status, "Send me a new link to what I follow")
		if manages := strings.HasPrefix(address, "/follow/manage"); !manages {
			b.post(address, nil)
			b.wants(status, "Send me a new link to what I follow")
		} else {
			for _, do := range []string{"change", "remove", "stop"} {
				b.post(other("manage/"+do, address), url.Values{"cadence": {"daily"}})
				b.wants(status, "Send me a new link to what I follow")
			}
		}
	}
	if after := in.mailTables(); after != before {
		t.Errorf("something is changed:\nbefore %s\nafter  %s", before, after)
	}
}

// Whatever is sent that could break a header is refused in every field, and leaves nothing.
func TestFollowingRefusesWhatBreaksHeaders(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	before := in.mailTables()
	corpus := []string{
		"ada@example.org\r\nBcc: eve@example.org", "ada@example.org\nBcc: eve@example.org", "ada@example.org\r", "\r\nada@example.org", "ada\r\n@example.org",
		"ada@example.org%0d%0aBcc:eve@example.org", "ada@example.org\x00", "ada@example.org\u2028Bcc: eve@example.org", "ada@example.org\u0085x", "Ada <ada@example.org>",
		"ada@example.org, eve@example.org", "ada@example.org;eve@example.org", `"ada\r\n"@example.org`, "ada@[127.0.0.1]", "ada@localhost", "ada@example.org>\r\nRCPT TO:<eve@example.org",
		"=?utf-8?q?ada=0d=0a?=@example.org\r\n", "ada@example.org\t", "ada@exam\u200bple.org", "", strings.Repeat("a", 300) + "@example.org",
	}
	for _, evil := range corpus {
		document, err := json.Marshal(map[string]any{"email": evil})
		if err != nil {
			t.Fatal(err)
		}
		if a := in.call(http.MethodPost, followPgmq, "", string(document)); a.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", evil, a.status, a.body)
		}
		if strings.Trim(evil, " \t") != "ada@example.org" { // what gets beside an address when it is copied
			for _, path := range []string{"/follow/projects/pgmq", "/follow"} {
				a := in.do(http.MethodPost, path, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader(url.Values{"email": {evil}}.Encode()))
				if a.status != http.StatusBadRequest {
					t.Errorf("%s with %q: %d", path, evil, a.status)
				}
			}
		}
		for _, field := range []string{"pg_version", "cadence", "prereleases", "withdrawals"} {
			document, err := json.Marshal(map[string]any{"email": "ada@example.org", field: evil + "\r\n"})
			if err != nil {
				t.Fatal(err)
			}
			if a := in.call(http.MethodPost, followPgmq, "", string(document)); a.status != http.StatusBadRequest {
				t.Errorf("%s %q: %d %s", field, evil, a.status, a.body)
			}
		}
		if a := in.get("/follow/projects/" + url.PathEscape("pgmq\r\n"+evil)); a.status != http.StatusNotFound {
			t.Errorf("the project %q: %d", evil, a.status)
		}
	}
	if after := in.mailTables(); after != before {
		t.Errorf("something is left:\n%s", after)
	}
}

// So many letters may be asked for, to one address and by one client.
func TestFollowingIsPaced(t *testing.T) {
	in := serveMail(t, map[string]string{"LIMIT_CONFIRM_ADDRESS": "2/4h", "LIMIT_CONFIRM_CLIENT": "5/1h"})
	in.publish("alice", pgmq, nil)
	statuses := func(addresses ...string) (got []string) {
		for _, address := range addresses {
			a := in.askFor(followPgmq, address, "")
			got = append(got, strconv.Itoa(a.status))
			if (a.status == http.StatusTooManyRequests) != (a.header.Get("Retry-After") != "") {
				t.Errorf("%s: %d, Retry-After %q", address, a.status, a.header.Get("Retry-After"))
			}
		}
		return got
	}
	want(t, statuses("a@example.org", "A@example.org", "a@example.org"), "202", "202", "429")
	want(t, statuses("b@example.org", "c@example.org", "d@example.org", "e@example.org"), "202", "202", "202", "429")
	want(t, in.letters("e@example.org"))
	b := in.browser(t)
	b.open("/follow")
	b.press("Send me the link", url.Values{"email": {"f@example.org"}})
	b.wants(http.StatusTooManyRequests)
}

// However many ask at once for one address, there is one subscription and one letter.
func TestFollowingAtOnce(t *testing.T) {
	in := serveMail(t, nil)
	in.publish("alice", pgmq, nil)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			address := "ada@example.org"
			if i%2 == 1 {
				address = "ADA@example.org"
			}
			if a := in.askFor(followPgmq, address, ""); a.status != http.StatusAccepted {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	wg.Wait()
	want(t, in.letters("ada@example.org"), "confirmation")
	if n := in.count("SELECT count(*) FROM subscriptions") + in.count("SELECT count(*) FROM recipients"); n != 2 {
		t.Errorf("%d recipients and subscriptions", n)
	}
}

// Without a mail server nothing can be asked for, which is said, and all else works.
func TestFollowingWithoutMail(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	if a := in.askFor(followPgmq, "ada@example.org", ""); a.status != http.StatusNotImplemented || a.code() != "mail_unconfigured" {
		t.Errorf("%d %s", a.status, a.body)
	}
	b := in.browser(t)
	for _, path := range []string{"/follow", "/follow/projects/pgmq"} {
		b.open(path)
		b.wants(http.StatusNotImplemented, "sends no letters")
	}
	b.open("/extensions/pgmq")
	b.wants(http.StatusOK, "This registry sends no letters")
	if b.open("/users/alice"); slices.ContainsFunc(b.elements("a"), isFollowLink) {
		t.Error("the page of an owner offers what there is not")
	}
	if a := in.call(http.MethodGet, "/api/v1/me/subscriptions", in.token("alice"), ""); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
}
