package search

import (
	"slices"
	"strings"
	"testing"
)

// typed are the words of a question, with * for one that was written so and … for the last.
func typed(q question) []string {
	texts := []string{}
	for _, w := range q.words {
		text := w.text
		if w.prefix {
			text += "*"
		}
		if w.last {
			text += "…"
		}
		texts = append(texts, text)
	}
	return texts
}

func joined(lists [][]string) []string {
	texts := []string{}
	for _, list := range lists {
		texts = append(texts, strings.Join(list, " "))
	}
	return texts
}

func TestParse(t *testing.T) {
	type parts struct{ words, phrases, without []string }
	for text, want := range map[string]parts{
		"":                             {},
		" \t\n ":                       {},
		"Vector Search":                {words: []string{"vector", "search…"}},
		"  vector   search ":           {words: []string{"vector", "search…"}},
		"pg_cron":                      {words: []string{"pg", "cron…"}},
		"write-ahead/log":              {words: []string{"write", "ahead", "log…"}},
		"c++ & sql | x":                {words: []string{"c", "sql", "x…"}},
		"vec*":                         {words: []string{"vec*…"}},
		"vec* search":                  {words: []string{"vec*", "search…"}},
		"pg_part*":                     {words: []string{"pg", "part*…"}},
		"vec*tor":                      {words: []string{"vec", "tor…"}},
		"*":                            {},
		`"job scheduler"`:              {words: []string{"job", "scheduler"}, phrases: []string{"job scheduler"}},
		`"job scheduler" cron`:         {words: []string{"job", "scheduler", "cron…"}, phrases: []string{"job scheduler"}},
		`"cron"`:                       {words: []string{"cron"}},
		`"vec*"`:                       {words: []string{"vec"}},
		`""`:                           {},
		`"job scheduler`:               {words: []string{"job", "scheduler…"}, phrases: []string{"job scheduler"}},
		`job "`:                        {words: []string{"job"}},
		`"`:                            {},
		`"a b" "c d"`:                  {words: []string{"a", "b", "c", "d"}, phrases: []string{"a b", "c d"}},
		"queue -kafka":                 {words: []string{"queue…"}, without: []string{"kafka"}},
		"-kafka":                       {without: []string{"kafka"}},
		"--kafka":                      {without: []string{"kafka"}},
		"queue - kafka":                {words: []string{"queue", "kafka…"}},
		`queue -"message broker" fast`: {words: []string{"queue", "fast…"}, without: []string{"message broker"}},
		"-pg_cron":                     {without: []string{"pg cron"}},
		"- -- ---":                     {},
		"-":                            {},
		"& | ! ( ) <-> :* ' \\":        {},
		"'); DROP TABLE projects; --":  {words: []string{"drop", "table", "projects…"}},
		"Größe ÜBER":                   {words: []string{"größe", "über…"}},
		"cafe\u0301":                   {words: []string{"cafe\u0301…"}},
		"全文検索 日本語":                     {words: []string{"全文検索", "日本語…"}},
		"بحث متجه":                     {words: []string{"بحث", "متجه…"}},
		"🐘 elephant 🐘":                 {words: []string{"elephant…"}},
		"a\x00b":                       {words: []string{"a", "b…"}},
		"a\xffb":                       {words: []string{"a", "b…"}},
		"ipv4 128-bit":                 {words: []string{"ipv4", "128", "bit…"}},
	} {
		q := parse(text)
		if got := typed(q); !slices.Equal(got, want.words) {
			t.Errorf("%q: the words are %q, want %q", text, got, want.words)
		}
		if got := joined(q.phrases); !slices.Equal(got, want.phrases) {
			t.Errorf("%q: the phrases are %q, want %q", text, got, want.phrases)
		}
		if got := joined(q.without); !slices.Equal(got, want.without) {
			t.Errorf("%q: left out are %q, want %q", text, got, want.without)
		}
	}
}

// What comes after the bounds of a question is not read.
func TestParseBounds(t *testing.T) {
	many := strings.Repeat("a ", maxText)
	if q := parse(many); len(q.words) != maxWords || !q.words[maxWords-1].last {
		t.Errorf("%d words, %+v", len(q.words), q.words)
	}
	long := parse(strings.Repeat("é", maxText+50))
	if len(long.words) != 1 || long.words[0].text != strings.Repeat("é", maxText) {
		t.Errorf("a long word is %q", typed(long))
	}
	if q := parse(strings.Repeat("x", maxText) + " -kafka"); len(q.without) != 0 {
		t.Errorf("what is after the bound is left out: %q", q.without)
	}
	if q := parse(`"` + many + `"`); len(q.phrases) != 1 || len(q.phrases[0]) != maxWords {
		t.Errorf("a long phrase is %q", q.phrases)
	}
	if q := parse(strings.Repeat("-a ", maxText)); len(q.without) != maxWords {
		t.Errorf("%d are left out", len(q.without))
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string][]string{
		"pg_cron":           {"pgcron"},
		"PG-Cron":           {"pgcron"},
		"pg cron":           {"cron", "pg", "pgcron"},
		"json to table":     {"json", "json2table", "jsonto", "jsontotable", "table", "to", "totable"},
		`"uuid ossp"`:       {"uuidossp"},
		"cron -job":         {"cron"},
		"a":                 {},
		"全文":                {},
		"":                  {},
		"uuid-ossp uuid":    {"uuid", "uuidossp", "uuidosspuuid"},
		"postgis_topology*": {"postgistopology"},
	} {
		if got := parse(text).keys; !slices.Equal(got, want) {
			t.Errorf("%q: the names are %q, want %q", text, got, want)
		}
	}
}

func TestKeys(t *testing.T) {
	for name, want := range map[string]struct{ key, stripped string }{
		"pg_cron":         {"pgcron", "cron"},
		"PL/pgSQL":        {"plpgsql", "pgsql"},
		"postgresql_anon": {"postgresqlanon", "anon"},
		"PG":              {"pg", "pg"},
		"uuid-ossp":       {"uuidossp", "uuidossp"},
		"__":              {"", ""},
		"Größe":           {"gre", "gre"},
	} {
		if got := key(name); got != want.key || stripped(got) != want.stripped {
			t.Errorf("%q: %q and %q, want %+v", name, got, stripped(got), want)
		}
	}
}
