package registry_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// changesOf is what the API says is new in a version.
func (in *instance) changesOf(path string) string {
	in.t.Helper()
	a := in.get("/api/v1/trunk-projects/" + path + "/contents")
	var said struct {
		Changes *string `json:"changes"`
	}
	if err := json.Unmarshal([]byte(a.body), &said); err != nil || a.status != http.StatusOK {
		in.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	if said.Changes == nil {
		return ""
	}
	return *said.Changes
}

// What a change log says of a version stands on its page, in the API and in the letter, from the one before it on.
func TestChanges(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	publish := func(version string, major int, file, text string) {
		t.Helper()
		build := archivetest.Build{Project: "told", Version: version, Postgres: major, Files: map[string]archivetest.File{}}
		if file != "" {
			build.Files[file] = archivetest.File{Data: []byte(text)}
		}
		in.publish("alice", build, map[string]any{"repository": "https://github.com/alice/told"})
	}
	publish("1.0.0", 17, "", "")
	b := in.browser(t)
	b.open("/extensions/told")
	b.press("Follow", url.Values{"email": {"ada@example.org"}})
	asked := post.wait(t, "asked", func(taken []letter) bool { return len(taken) > 0 })[0]
	b.open(in.linkIn(asked.text, "confirm"))
	b.press("Follow told", nil)
	const log = `# Changelog

## Unreleased
- Not yet.

## [1.2.0] - 2026-03-04
- **Faster**, see [the guide](docs/guide.md).
- <script>alert(1)</script>

## 1.1.0
- Between the two.

## 1.0.0
- The first.
`
	publish("1.2.0", 17, "docs/CHANGELOG.md", log)
	// Another build of the version does not change what is said of it.
	publish("1.2.0", 16, "NEWS", "1.2.0\n=====\nOtherwise.\n")
	got := in.changesOf("told/version/1.2.0")
	if !strings.HasPrefix(got, "## [1.2.0] - 2026-03-04\n") || !strings.HasSuffix(got, "## 1.1.0\n- Between the two.") {
		t.Errorf("the API says %q", got)
	}
	if got := in.changesOf("told/version/1.0.0"); got != "" {
		t.Errorf("of the first version the API says %q", got)
	}
	page := in.page("/extensions/told/1.2.0")
	text := words(page.root)
	for _, want := range []string{"Changes [1.2.0] - 2026-03-04 Faster, see the guide.", "1.1.0 Between the two."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, not := range []string{"Not yet.", "The first.", "alert(1)", "Otherwise."} {
		if strings.Contains(text, not) {
			t.Errorf("the page says %q", not)
		}
	}
	if text := words(in.page("/extensions/told/1.0.0").root); strings.Contains(text, "Changes") {
		t.Error("a version without changes has a heading for them")
	}
	told := post.wait(t, "told", func(taken []letter) bool { return len(taken) > 1 })[1]
	for _, want := range []string{"What is new:", "    ## [1.2.0] - 2026-03-04", "    - **Faster**", "    - Between the two."} {
		if !strings.Contains(told.text, want) {
			t.Errorf("the letter does not say %q:\n%s", want, told.text)
		}
	}
	if strings.Contains(told.text, "The first.") || strings.Contains(told.html, "<script") {
		t.Errorf("the letter is\n%s\n%s", told.text, told.html)
	}
}

// An archive is taken whatever its change log is.
func TestChangesThatSayNothing(t *testing.T) {
	in := serve(t, nil)
	for version, text := range map[string]string{
		"1.0": "", "1.1": "no heading names it", "1.2": "## 1.2\n\xff", "1.3": "## 1.3\n" + strings.Repeat("a", 256<<10), "1.4": "\x00\x00",
	} {
		in.publish("alice", archivetest.Build{Project: "told", Version: version, Files: map[string]archivetest.File{"CHANGELOG.md": {Data: []byte(text)}}}, nil)
		if got := in.changesOf("told/version/" + version); got != "" {
			t.Errorf("%s: %.60q", version, got)
		}
	}
	long := "## 1.5\n" + strings.Repeat("- \u00e9\x00\n", 20_000)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.5", Files: map[string]archivetest.File{"CHANGES": {Data: []byte(long)}}}, nil)
	if got := in.changesOf("told/version/1.5"); len(got) > 64<<10 || len(got) < 63<<10 || !strings.HasSuffix(got, "\n…") {
		t.Errorf("of what is too long there are %d bytes", len(got))
	}
}
