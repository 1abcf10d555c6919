package search

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/ports"
)

// FuzzQuestion takes apart what anybody may type, and plans what is looked for.
func FuzzQuestion(f *testing.F) {
	for _, text := range []string{
		"", "vector similarity", `"job scheduler" -kafka vec*`, `"`, `-"`, "-", "- - -", "*", `""""`, "pg17 arm64", "connect to mysql", strings.Repeat("to ", 3),
		"vectro", "全文検索", "بحث", "🐘", "a\x00b", "\xff\xfe", "'); DROP TABLE x; --", "!(a | b) <-> c:*", `\\'`, strings.Repeat("-a ", 100),
		strings.Repeat(`"a b"`, 60), strings.Repeat("é", 300), "ǅ ﬁ İ ß",
	} {
		f.Add(text, uint8(1))
	}
	counts := map[string]int{"vector": 5, "job": 1, "scheduler": 2, "cron": 1, "mysql": 1, "全文": 1, "elephants": 3}
	lore := knowledge(question{}, 20, counts).synonyms
	f.Fuzz(func(t *testing.T, text string, projects uint8) {
		q := parse(text)
		if len(q.words) > maxWords || len(q.phrases) > maxWords || len(q.without) > maxWords || len(q.keys) > 2*maxText {
			t.Fatalf("%q is %+v", text, q)
		}
		length := 0
		for _, w := range q.words {
			length += utf8.RuneCountInString(w.text)
			if w.text == "" || strings.ContainsFunc(w.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
				t.Fatalf("%q has the word %q", text, w.text)
			}
		}
		if length > maxText {
			t.Fatalf("%q has words of %d letters", text, length)
		}
		for _, k := range q.keys {
			if key(k) != k || len(k) < 2 {
				t.Fatalf("%q may be the name %q", text, k)
			}
		}
		k := knowledge(q, int(projects), counts)
		k.synonyms = lore
		p := newPlan(q, k)
		if len(p.concepts) > len(q.words) {
			t.Fatalf("%q has %d concepts", text, len(p.concepts))
		}
		for _, c := range p.concepts {
			if _, insisted := c.expression(); len(c.alternatives) == 0 || !(c.rarity > 0) || !insisted && !c.wish {
				t.Fatalf("%q has the concept %+v", text, c)
			}
		}
		for _, e := range p.conditions() {
			if len(e.Phrase) == 0 && (e.Not == nil || len(e.Not.Phrase) == 0) {
				t.Fatalf("%q insists on %+v", text, e)
			}
		}
		// What was meant is a question too, of as many words.
		if p.better != "" && len(parse(p.better).words) > len(q.words) {
			t.Fatalf("%q is put right as %q", text, p.better)
		}
		for _, a := range p.rank([]ports.SearchCandidate{{ProjectID: "1", Name: "Vector", Folded: "vector"}}) {
			if a.place.Score < 0 || a.place.Score > 2*steps {
				t.Fatalf("%q is worth %d", text, a.place.Score)
			}
		}
	})
}
