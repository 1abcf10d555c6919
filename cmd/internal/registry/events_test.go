package registry_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
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
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// events gives a part of the stream.
func (in *instance) events(query string) trunk.Events {
	in.t.Helper()
	a := in.get("/api/v1/events?" + query)
	var part trunk.Events
	if err := json.Unmarshal([]byte(a.body), &part); err != nil || a.status != http.StatusOK {
		in.t.Fatalf("events %s: %d %s", query, a.status, a.body)
	}
	return part
}

// told says in a line each what the stream says.
func (in *instance) told(query string) (lines []string) {
	in.t.Helper()
	for _, e := range in.events(query).Items {
		words := []string{string(e.Kind), e.Project}
		for _, word := range []*string{e.Version, e.Platform, e.Reason, e.Replacement, e.Message, e.User} {
			if word != nil {
				words = append(words, *word)
			}
		}
		if e.PGVersion != nil {
			words = append(words, strconv.Itoa(*e.PGVersion))
		}
		if e.NewProject != nil && *e.NewProject {
			words = append(words, "new")
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// What is done to a project is told, in the order in which it is done; what is refused or changes nothing is not.
func TestEvents(t *testing.T) {
	in := serve(t, nil)
	if got := in.events(""); len(got.Items) != 0 || got.Next != 0 {
		t.Errorf("before anything happened there is %v", got)
	}
	alice, bob, root := in.token("alice"), in.token("bob"), in.token("root")
	in.appoint("root")
	plain := archivetest.Build{Project: "pgmq", Version: "0.5.0"}
	const project = "/api/v1/trunk-projects/pgmq"
	call := func(status int, method, path, token, document string) {
		t.Helper()
		if a := in.call(method, path, token, document); a.status != status {
			t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
		}
	}
	in.publish("alice", plain, nil)
	in.publish("alice", plain, nil) // there already
	in.publish("alice", with(plain, func(b *archivetest.Build) { b.Postgres = 16 }), nil)
	in.publish("alice", with(plain, func(b *archivetest.Build) { b.Version = "9.0.0" }), nil)
	if a := in.tryPublish("bob", with(plain, func(b *archivetest.Build) { b.Version = "10.0.0" }), nil); a.code() != "not_owner" {
		t.Errorf("not an owner: %s", a.body)
	}
	call(http.StatusOK, http.MethodPost, project+"/version/9.0.0/yank", alice, `{"reason": "broken", "replacement": "`+plain.Version+`"}`)
	call(http.StatusOK, http.MethodPost, project+"/version/9.0.0/unyank", alice, "")
	call(http.StatusOK, http.MethodPost, project+"/version/9.0.0/unyank", alice, "")
	call(http.StatusNotFound, http.MethodPost, project+"/version/8.8.8/yank", alice, `{"reason": "none"}`)
	for range 2 {
		call(http.StatusOK, http.MethodPost, project+"/deprecate", alice, `{"message": "Use another."}`)
	}
	for range 2 {
		call(http.StatusOK, http.MethodPost, project+"/undeprecate", alice, "")
	}
	call(http.StatusAccepted, http.MethodPost, project+"/owners", alice, `{"user": "bob"}`)
	call(http.StatusOK, http.MethodPost, "/api/v1/me/invitations/pgmq/accept", bob, "")
	call(http.StatusNoContent, http.MethodDelete, project+"/owners/bob", alice, "")
	call(http.StatusNoContent, http.MethodDelete, project+"/version/9.0.0", alice, "")
	in.publish("alice", with(plain, func(b *archivetest.Build) { b.Version = "9.1.0" }), nil)
	call(http.StatusOK, http.MethodDelete, "/admin/extensions/pgmq", root, "")
	v := plain.Version
	want(t, in.told(""),
		"owner_added pgmq alice",
		"published pgmq "+v+" linux/amd64 17 new",
		"published pgmq "+v+" linux/amd64 16",
		"published pgmq 9.0.0 linux/amd64 17",
		"yanked pgmq 9.0.0 broken "+v,
		"unyanked pgmq 9.0.0",
		"deprecated pgmq Use another.",
		"undeprecated pgmq",
		"owner_added pgmq bob",
		"owner_removed pgmq bob",
		"deleted pgmq 9.0.0",
		"published pgmq 9.1.0 linux/amd64 17",
		"deleted pgmq "+v,
		"deleted pgmq 9.1.0",
		"owner_removed pgmq alice",
	)
	all := in.events("").Items
	build := all[1]
	if build.SHA256 == nil || *build.SHA256 != digest(plain.Archive()) || build.Address != in.url+"/extensions/pgmq/"+v || all[0].Address != in.url+"/extensions/pgmq" {
		t.Errorf("the build is %+v, of %+v", build, all[0])
	}
}

// Parts of the stream: how to go on, what narrows it, and what is refused.
func TestEventsInParts(t *testing.T) {
	in := serve(t, nil)
	for _, project := range []string{"pg_one", "two", "three"} {
		in.publish("alice", archivetest.Build{Project: project, Version: "1.0"}, nil)
	}
	for query, expected := range map[string]struct {
		sequences []int64
		next      int64
	}{
		"":                              {[]int64{1, 2, 3, 4, 5, 6}, 6},
		"limit=4":                       {[]int64{1, 2, 3, 4}, 4},
		"limit=4&since=4":               {[]int64{5, 6}, 6},
		"since=6":                       {nil, 6},
		"limit=1000&kind=published":     {[]int64{2, 4, 6}, 6},
		"limit=2&kind=published":        {[]int64{2, 4}, 4},
		"kind=yanked":                   {nil, 6},
		"project=PG-One":                {[]int64{1, 2}, 6}, // nothing of it is between 2 and 6
		"project=pg_one&limit=2":        {[]int64{1, 2}, 2},
		"project=pg_one&kind=published": {[]int64{2}, 6},
		"project=nobody":                {nil, 6},
	} {
		got := in.events(query)
		var sequences []int64
		for _, e := range got.Items {
			sequences = append(sequences, e.Sequence)
		}
		if !slices.Equal(sequences, expected.sequences) || got.Next != expected.next {
			t.Errorf("%q: %v, next %d, want %v", query, sequences, got.Next, expected)
		}
	}
	for query, code := range map[string]string{
		"since=7": "cursor_invalid", "since=9007199254740991": "cursor_invalid", "since=9007199254740992": "request_invalid",
		"since=-1": "request_invalid", "since=x": "request_invalid",
		"limit=0": "request_invalid", "limit=1001": "request_invalid", "kind=made": "request_invalid", "project=": "request_invalid",
	} {
		if a := in.get("/api/v1/events?" + query); a.status != http.StatusBadRequest || a.code() != code {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	a := in.get("/api/v1/events")
	same := in.do(http.MethodGet, "/api/v1/events", http.Header{"If-None-Match": {a.header.Get("ETag")}}, nil)
	if same.status != http.StatusNotModified || a.header.Get("Cache-Control") != "public, max-age=1" {
		t.Errorf("again: %d, %v", same.status, a.header)
	}
	in.publish("alice", archivetest.Build{Project: "two", Version: "2.0"}, nil)
	if changed := in.do(http.MethodGet, "/api/v1/events", http.Header{"If-None-Match": {a.header.Get("ETag")}}, nil); changed.status != http.StatusOK {
		t.Errorf("after a publish: %d", changed.status)
	}
	if head := in.do(http.MethodHead, "/api/v1/events", nil, nil); head.status != http.StatusOK || head.body != "" {
		t.Errorf("HEAD: %d %s", head.status, head.body)
	}
}

// Many publish and withdraw at once while somebody follows the stream: every event is seen once, in order, and none is
// missing.
func TestFollowingEventsWhileOthersPublish(t *testing.T) {
	in := serve(t, nil)
	const writers, versions = 16, 3
	type request struct {
		path   string
		header http.Header
		body   []byte
	}
	plans := make([][]request, writers)
	var expected []string
	for i := range plans {
		// No name can be taken for another one.
		user, project := fmt.Sprint("user", i), strings.Repeat(string(rune('a'+i)), 8)
		token := in.token(user)
		withdrawal := http.Header{"Content-Type": {"application/json"}, "Authorization": {token}}
		for v := range versions {
			build := archivetest.Build{Project: project, Version: fmt.Sprintf("1.0.%d", v)}
			contentType, body := publication{metadata: map[string]any{"name": project, "vers": build.Version}, archive: build.Archive()}.form(t)
			plans[i] = append(plans[i],
				request{"/extensions/new", http.Header{"Content-Type": {contentType}, "Authorization": {token}}, body},
				request{"/api/v1/trunk-projects/" + project + "/version/" + build.Version + "/yank", withdrawal, []byte(`{"reason": "r"}`)})
			if v == 0 {
				expected = append(expected, project+" owner_added")
			}
			expected = append(expected, project+" published "+build.Version, project+" yanked "+build.Version)
		}
	}
	var group sync.WaitGroup
	for _, plan := range plans {
		group.Go(func() {
			for _, r := range plan {
				if a := in.do(http.MethodPost, r.path, r.header, bytes.NewReader(r.body)); a.status != http.StatusOK {
					t.Errorf("%s: %d %s", r.path, a.status, a.body)
				}
			}
		})
	}
	written := make(chan struct{})
	go func() {
		group.Wait()
		close(written)
	}()
	var next int64
	var seen []string
	for ended := false; ; {
		select {
		case <-written:
			ended = true
		default:
		}
		part := in.events(url.Values{"since": {strconv.FormatInt(next, 10)}, "limit": {"5"}}.Encode())
		if len(part.Items) == 0 && ended {
			break
		}
		for _, e := range part.Items {
			if next++; e.Sequence != next {
				t.Fatalf("event %d comes in place %d", e.Sequence, next)
			}
			what := e.Project + " " + string(e.Kind)
			if e.Version != nil {
				what += " " + *e.Version
			}
			seen = append(seen, what)
		}
		if part.Next != next {
			t.Fatalf("the next one is said to be after %d, it is after %d", part.Next, next)
		}
	}
	// What one writer did comes in the order in which it was done.
	byProject := func(a, b string) int { return strings.Compare(strings.Fields(a)[0], strings.Fields(b)[0]) }
	slices.SortStableFunc(seen, byProject)
	slices.SortStableFunc(expected, byProject)
	want(t, seen, expected...)
}

// The feed of releases is what somebody would make of the stream of events: what was published, the last build first, without
// what is yanked or deleted.
func TestFeedsAndEventsAgree(t *testing.T) {
	in := serve(t, nil)
	publish := func(project, version string, postgres int) {
		in.publish("alice", archivetest.Build{Project: project, Version: version, Postgres: postgres}, nil)
	}
	change := func(method, path, document string) {
		t.Helper()
		if a := in.call(method, "/api/v1/trunk-projects/"+path, in.token("alice"), document); a.status >= http.StatusBadRequest {
			t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
		}
	}
	publish("lunar", "1.0", 17)
	publish("lunar", "1.1", 17)
	publish("solar", "1.0", 17)
	publish("lunar", "1.0", 16)
	publish("solar", "2.0", 17)
	publish("solar", "3.0", 17)
	change(http.MethodPost, "lunar/version/1.1/yank", `{"reason": "r"}`)
	change(http.MethodDelete, "solar/version/1.0", "")
	change(http.MethodPost, "solar/version/2.0/yank", `{"reason": "r"}`)
	change(http.MethodPost, "solar/version/2.0/unyank", "")

	var entries []string
	times := map[string]string{}
	gone := map[string]bool{}
	for _, e := range in.events("limit=100").Items {
		if e.Version == nil {
			continue
		}
		entry := e.Project + " " + *e.Version
		switch e.Kind {
		case trunk.EventKindPublished:
			entries = append(slices.DeleteFunc(entries, func(known string) bool { return known == entry }), entry)
			times[entry] = e.At.UTC().Format(time.RFC3339)
		case trunk.EventKindYanked, trunk.EventKindDeleted:
			gone[entry] = true
		case trunk.EventKindUnyanked:
			gone[entry] = false
		case trunk.EventKindDeprecated, trunk.EventKindUndeprecated, trunk.EventKindOwnerAdded, trunk.EventKindOwnerRemoved:
			t.Errorf("%s of a project names the version %s", e.Kind, *e.Version)
		}
	}
	var wanted []string
	for _, entry := range slices.Backward(entries) {
		if !gone[entry] {
			wanted = append(wanted, entry+" "+times[entry])
		}
	}
	var feed struct {
		Entries []struct {
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(in.get("/feeds/releases").body), &feed); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range feed.Entries {
		got = append(got, entry.Title+" "+entry.Updated)
	}
	if len(wanted) != 3 || !slices.Equal(got, wanted) {
		t.Errorf("the feed has %q, the events make %q", got, wanted)
	}
}
