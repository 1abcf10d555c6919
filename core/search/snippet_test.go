package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func marked(fragments []Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		if f.Hit {
			b.WriteString("[" + f.Text + "]")
			continue
		}
		b.WriteString(f.Text)
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	filler := strings.TrimSpace(strings.Repeat("filler ", 60))
	for _, c := range []struct {
		text  string
		words []stem
		want  string
	}{
		{"", []stem{{text: "vector"}}, ""},
		{"Vectors\n  for\tall", []stem{{text: "vector"}}, "[Vectors] for all"},
		{"Vectorscale and vector", []stem{{text: "vector"}}, "[Vectorscale] and [vector]"},
		{"a queue. Queues, queued; unqueued", []stem{{text: "queue"}}, "a [queue]. [Queues], [queued]; unqueued"},
		{"a query and queries", []stem{{text: "queri"}}, "a [query] and [queries]"},
		{"encoders", []stem{{text: "enc", prefix: true}}, "[encoders]"},
		{"h3 and h3x", []stem{{text: "h3"}}, "[h3] and h3x"},
		{"no hit", nil, "no hit"},
		{"<b>vector</b>", []stem{{text: "vector"}}, "<b>[vector]</b>"},
		{"全文 vector 検索", []stem{{text: "全文"}}, "[全文] vector 検索"},
	} {
		if got := marked(snippet(c.text, c.words)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	long := marked(snippet(filler+" a vector here "+filler, []stem{{text: "vector"}}))
	if !strings.HasPrefix(long, "… ") || !strings.HasSuffix(long, " …") || !strings.Contains(long, "filler a [vector] here filler") {
		t.Errorf("from the middle: %q", long)
	}
	if begin := marked(snippet("a vector "+filler, []stem{{text: "vector"}})); !strings.HasPrefix(begin, "a [vector] filler") || !strings.HasSuffix(begin, "filler …") {
		t.Errorf("from the beginning: %q", begin)
	}
	dense := marked(snippet("one vector "+filler+" two vectors and a vector", []stem{{text: "vector"}}))
	if !strings.HasSuffix(dense, "two [vectors] and a [vector]") {
		t.Errorf("where most of them are: %q", dense)
	}
}

// Where there are no spaces a snippet has its word all the same.
func TestSnippetsWithoutSpaces(t *testing.T) {
	filler, dense := strings.Repeat("filler ", 60), strings.Repeat("全文。", 100)
	for what, text := range map[string]string{
		"before": filler + dense + "vector and more " + filler,
		"after":  filler + "a vector。" + dense + filler,
		"around": dense + "vector。" + dense,
	} {
		got := marked(snippet(text, []stem{{text: "vector"}}))
		if !strings.Contains(got, "[vector]") || !utf8.ValidString(got) {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// texts draws texts of words, in several scripts, of marks and of spaces.
func texts() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"vector", "Vectors", "job", "filler", "全文検索", "متجه", "é", "🐘", "e\u0301", "…"}),
		rapid.SampledFrom([]string{" ", " ", " ", "\n", ".", "。", "-", "_", "…", "\u00a0", " …", "… "}),
		rapid.StringN(0, 8, -1),
		rapid.StringMatching(`[a-z]{1,60}`), rapid.StringMatching(`(全|。){1,80}`),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 120).Draw(t, "parts"), rapid.SampledFrom([]string{" ", "", "."}).Draw(t, "between"))
	})
}

// A snippet is a part of the text, of bounded length, in which whole words are marked, one at least where there is one.
func TestSnippets(t *testing.T) {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		words := rapid.SliceOfN(rapid.SampledFrom([]stem{{text: "vector"}, {text: "jo", prefix: true}, {text: "全文", prefix: true}, {text: "متجه"}}), 0, 3).Draw(t, "words")
		normal := strings.Join(strings.Fields(text), " ")
		fragments := snippet(text, words)
		var all strings.Builder
		for _, f := range fragments {
			if f.Text == "" {
				t.Fatalf("an empty fragment in %+v", fragments)
			}
			all.WriteString(f.Text)
		}
		shown := all.String()
		if !utf8.ValidString(shown) || utf8.RuneCountInString(shown) > snippetLength+10 {
			t.Errorf("%d runes: %q", utf8.RuneCountInString(shown), shown)
		}
		after := strings.TrimPrefix(shown, "… ")
		if !slices.ContainsFunc([]string{shown, after, strings.TrimSuffix(shown, " …"), strings.TrimSuffix(after, " …")}, func(part string) bool {
			return strings.Contains(normal, part)
		}) {
			t.Errorf("%q is no part of %q", shown, normal)
		}
		hits, at := 0, 0
		for _, f := range fragments {
			before, _ := utf8.DecodeLastRuneInString(shown[:at])
			at += len(f.Text)
			next, _ := utf8.DecodeRuneInString(shown[at:])
			if !f.Hit {
				continue
			}
			hits++
			if strings.ContainsFunc(f.Text, func(r rune) bool { return !inWord(r) }) || inWord(before) || inWord(next) {
				t.Errorf("%q is marked, and no word, in %q", f.Text, shown)
			}
			if !slices.ContainsFunc(words, func(s stem) bool { return strings.HasPrefix(strings.ToLower(f.Text), s.text) }) {
				t.Errorf("%q is marked, and no word of %v", f.Text, words)
			}
		}
		found := find(normal, words)
		longest := slices.ContainsFunc(found, func(s span) bool { return s.to-s.from > snippetLength/2 })
		if len(found) > 0 && hits == 0 && !longest {
			t.Errorf("none of %d hits is shown: %q of %q", len(found), shown, normal)
		}
	})
}

// An excerpt is a part of the text that has the first of the words, whatever is around it.
func TestExcerpt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringOfN(rapid.RuneFrom([]rune("ab \u00e9\u4e2d\u0130.")), 0, 2_000, -1).Draw(t, "before")
		after := rapid.StringOfN(rapid.RuneFrom([]rune("ab \u00e9\u4e2d.")), 0, 2_000, -1).Draw(t, "after")
		text := before + " Zorbs " + after
		got := excerpt(text, []stem{{text: "nothing"}, {text: "zorb"}})
		if !strings.Contains(text, got) || !strings.Contains(got, "Zorbs") || !utf8.ValidString(got) {
			t.Fatalf("of %q: %q", text, got)
		}
	})
	long := strings.Repeat("word ", 4_000)
	if got := excerpt(long+"zorb", []stem{{text: "zorb"}}); len(got) > 4*snippetLength {
		t.Errorf("%d bytes", len(got))
	}
}
