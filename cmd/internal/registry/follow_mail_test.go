package registry_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// linkIn finds the link of a letter's text that leads to a page of those who follow.
func (in *instance) linkIn(text, page string) string {
	in.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(in.url+"/follow/"+page) + `\?t=[A-Za-z0-9_-]+`).FindString(text)
	if found == "" {
		in.t.Fatalf("there is no link to %s in\n%s", page, text)
	}
	return strings.TrimPrefix(found, in.url)
}

// From the form of a project's page by letters alone: asked, confirmed, told, looked through, ended by a mail program, and
// told nothing more.
func TestFollowingFromAPage(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	publish := func(version string) {
		in.publish("alice", archivetest.Build{Project: "told", Version: version}, nil)
	}
	arrived := func(what string, n int) letter {
		t.Helper()
		return post.wait(t, what, func(taken []letter) bool { return len(taken) >= n })[n-1]
	}
	publish("1.0.0")
	b := in.browser(t)
	b.open("/extensions/told")
	b.press("Follow", url.Values{"email": {"ada@example.org"}})
	b.wants(http.StatusOK, "Look into your mail")
	asked := arrived("asked", 1)
	if asked.to != "ada@example.org" || !strings.Contains(asked.subject, "told") {
		t.Errorf("asked with %q, to %s", asked.subject, asked.to)
	}
	// Nobody has confirmed, so nobody is told.
	publish("1.1.0")
	confirm := in.linkIn(asked.text, "confirm")
	if !strings.Contains(asked.html, strings.ReplaceAll(in.url+confirm, "&", "&amp;")) {
		t.Errorf("the HTML has another link:\n%s", asked.html)
	}
	in.get(confirm)
	b.open(confirm)
	b.press("Follow told", nil)
	b.wants(http.StatusOK, "You follow told")
	publish("1.2.0")
	told := arrived("told", 2)
	if told.to != "ada@example.org" || !strings.Contains(told.subject, "1.2.0") {
		t.Errorf("told with %q, to %s", told.subject, told.to)
	}
	b.open(in.linkIn(told.text, "manage"))
	b.wants(http.StatusOK, "Letters go to ada@example.org", "told")
	b.press("Save told", url.Values{"prereleases": {"yes"}})
	b.wants(http.StatusOK, "Saved.")
	b.open("/follow")
	b.press("Send me the link", url.Values{"email": {"ada@example.org"}})
	b.open(in.linkIn(arrived("the link", 3).text, "manage"))
	b.wants(http.StatusOK, "told")
	end := strings.Trim(told.header.Get("List-Unsubscribe"), "<>")
	in.get(end)
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if a := in.do(http.MethodPost, end, header, strings.NewReader("List-Unsubscribe=One-Click")); a.status != http.StatusOK {
		t.Errorf("ended: %d %s", a.status, a.body)
	}
	publish("1.3.0")
	// Who confirms after that is told of what comes after that, and by then the other would have been told too.
	b.open("/extensions/told")
	b.press("Follow", url.Values{"email": {"bob@example.org"}})
	b.open(in.linkIn(arrived("bob is asked", 4).text, "confirm"))
	b.press("Follow told", nil)
	publish("1.4.0")
	arrived("bob is told", 5)
	var to []string
	for _, got := range post.wait(t, "all", func([]letter) bool { return true }) {
		to = append(to, got.to)
	}
	if !slices.Equal(to, []string{"ada@example.org", "ada@example.org", "ada@example.org", "bob@example.org", "bob@example.org"}) {
		t.Errorf("letters went to %v", to)
	}
}
