package message

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/ports"
)

func writer() *Writer {
	return &Writer{Public: &url.URL{Scheme: "https", Host: "registry.example.org"}, Domain: "example.org"}
}

func wanted() Wanted {
	return Wanted{
		Because: "you follow the project pg_cron", Unsubscribe: "https://registry.example.org/follow/unsubscribe?t=u",
		Manage: "https://registry.example.org/follow/manage?t=m",
	}
}

func TestRelease(t *testing.T) {
	letter := writer().Release(ports.ReleaseNews{
		Project: "pg_cron", Version: "1.6.4", Previous: "1.6.3", Description: strings.Repeat("Runs jobs in the database, at times that cron knows. ", 3),
		Builds:  []ports.NewsBuild{{Postgres: 17, Platform: "linux/amd64", SHA256: strings.Repeat("ab", 32)}},
		Changes: "- Jobs end when they should.\r\n- <b>Faster</b>\n",
	}, wanted())
	const want = `pg_cron 1.6.4 is out. The version before it is 1.6.3.

Runs jobs in the database, at times that cron knows. Runs jobs in the
database, at times that cron knows. Runs jobs in the database, at times that
cron knows.

What is new:

    - Jobs end when they should.
    - <b>Faster</b>

There are builds for:

    PostgreSQL 17 on linux/amd64
      sha256 abababababababababababababababababababababababababababababababab

To install it:

    trunk install pg_cron --version 1.6.4

https://registry.example.org/extensions/pg_cron

-- 
You get this because you follow the project pg_cron.
Unsubscribe:
https://registry.example.org/follow/unsubscribe?t=u
All that you follow:
https://registry.example.org/follow/manage?t=m
`
	if letter.Text != want {
		t.Errorf("the text is\n%s", letter.Text)
	}
	if letter.Subject != "pg_cron 1.6.4 is out" || letter.Thread != "project.pg_cron@example.org" || letter.List != "<pg-cron.projects.example.org>" {
		t.Errorf("the headers are %q, %q, %q", letter.Subject, letter.Thread, letter.List)
	}
	for _, part := range []string{"&lt;b&gt;Faster", `<a href="https://registry.example.org/extensions/pg_cron">`, "sha256 ab", "trunk install pg_cron --version 1.6.4"} {
		if !strings.Contains(letter.HTML, part) {
			t.Errorf("%q is not in\n%s", part, letter.HTML)
		}
	}
}

// A change log that goes on is cut, and the letter says where the rest of it is.
func TestLongChanges(t *testing.T) {
	for count, more := range map[int]bool{mostChanges: false, mostChanges + 1: true} {
		letter := writer().Release(ports.ReleaseNews{Project: "pg_cron", Version: "1.6.4", Changes: strings.Repeat("- a\n", count)}, wanted())
		const rest = "https://registry.example.org/extensions/pg_cron/1.6.4#changes"
		if got := strings.Count(letter.Text, "    - a\n"); got != mostChanges || strings.Contains(letter.Text, rest) != more || strings.Contains(letter.HTML, rest) != more {
			t.Errorf("%d lines of %d:\n%s", got, count, letter.Text)
		}
	}
}

// letters writes one of each kind, with a text of others' in every field that they can choose.
func letters(s string) []ports.Mail {
	w, at := writer(), time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)
	news := ports.ReleaseNews{Project: s, Version: s, Previous: s, Description: s, Publisher: s, Changes: s, Builds: []ports.NewsBuild{{Postgres: 17, Platform: "linux/amd64"}}}
	event := ports.RecordedEvent{Project: s, Version: s, Reason: s, Replacement: s, Message: s, User: s}
	all := []ports.Mail{
		w.Release(news, wanted()), w.Digest("2026-02-28", []DigestItem{{Release: &news}, {Withdrawal: &Withdrawal{Event: event}}}, wanted()),
		w.Owner(OwnerNews{Event: event, Release: &news, Actor: s}, wanted()), w.Confirmation(Confirmation{Subject: s, Options: []string{s}, Link: "https://registry.example.org/follow/confirm?t=c", Hours: 48}),
		w.Token(ports.TokenNews{Name: s, Scopes: []string{s}, Expires: &at}, true, wanted()), w.Token(ports.TokenNews{Name: s}, false, wanted()),
	}
	for _, kind := range []ports.EventKind{ports.Yanked, ports.Unyanked, ports.Deleted, ports.Deprecated, ports.Undeprecated, ports.OwnerAdded, ports.OwnerRemoved, "other"} {
		event.Kind = kind
		all = append(all, w.Withdrawal(Withdrawal{Event: event}, wanted()))
	}
	return all
}

var (
	tag  = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	href = regexp.MustCompile(`href="([^"]*)"`)
)

// checkLetter sees that a letter has no tag, no link and no control that is not of the template's own.
func checkLetter(t rapid.TB, letter, plain ports.Mail) {
	if len(tag.FindAllString(letter.HTML, -1)) > len(tag.FindAllString(plain.HTML, -1)) {
		t.Fatalf("a tag came in: %s", letter.HTML)
	}
	for _, found := range href.FindAllStringSubmatch(letter.HTML, -1) {
		if !strings.HasPrefix(found[1], "https://registry.example.org/") {
			t.Fatalf("a link leads to %q", found[1])
		}
	}
	if strings.ContainsFunc(letter.Subject, unicode.IsControl) || utf8.RuneCountInString(letter.Subject) > mostSubject || !utf8.ValidString(letter.Subject) {
		t.Fatalf("the subject is %q", letter.Subject)
	}
	for text := range strings.SplitSeq(letter.Text, "\n") {
		if strings.ContainsFunc(text, unicode.IsControl) {
			t.Fatalf("a line is %q", text)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	for _, hostile := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "https://elsewhere.example.net/", "a\r\nBcc: everybody@example.org",
		"a\nb\x00c\x1b[31m", "\u202edlrow", "{{.Subject}}", "</pre></body>", "\xff\xfe", strings.Repeat("x", 10_000), "", "-- \n", strings.Repeat("long ", 2_000),
	} {
		plain := letters("x")
		for i, letter := range letters(hostile) {
			checkLetter(t, letter, plain[i])
		}
	}
}

// Whatever others write, a letter is well-formed.
func TestAnyText(t *testing.T) {
	plain := letters("x")
	rapid.Check(t, func(t *rapid.T) {
		for i, letter := range letters(rapid.String().Draw(t, "text")) {
			checkLetter(t, letter, plain[i])
		}
	})
}
