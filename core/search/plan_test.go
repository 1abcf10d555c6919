package search

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/ports"
)

// stemsOf is a stemmer that is good enough for the tests.
func stemsOf(word string) []string {
	switch word {
	case "the", "of", "in", "to", "a", "for", "with":
		return nil
	}
	if len(word) > 3 {
		word = strings.TrimSuffix(word, "s")
	}
	return []string{word}
}

// knowledge is what an index would know of the words of a question that has these words in so many projects.
func knowledge(q question, projects int, counts map[string]int) known {
	k := known{question: map[string]ports.SearchWord{}, synonyms: map[string]ports.SearchWord{}, projects: projects}
	byStem := map[string]int{}
	for word, n := range counts {
		for _, stem := range stemsOf(word) {
			byStem[stem] += n
		}
	}
	tell := func(text string) ports.SearchWord {
		w := ports.SearchWord{Stems: stemsOf(text)}
		for _, stem := range w.Stems {
			w.Projects += byStem[stem]
		}
		return w
	}
	for _, text := range synonymWords() {
		k.synonyms[text] = tell(text)
	}
	texts := slices.Concat(q.without...)
	for _, w := range q.words {
		texts = append(texts, w.text)
	}
	for _, text := range texts {
		w := tell(text)
		for other, n := range counts {
			if strings.HasPrefix(other, text) {
				w.Prefixed += n
			}
			if w.Projects == 0 && slip(text, other) && len(stemsOf(other)) > 0 {
				w.Corrections = append(w.Corrections, ports.SearchCorrection{Word: other, Stem: stemsOf(other)[0]})
			}
		}
		k.question[text] = w
	}
	return k
}

func planned(text string, projects int, counts map[string]int) plan {
	q := parse(text)
	return newPlan(q, knowledge(q, projects, counts))
}

// ways are the alternatives of a word by what they look for, the heaviest first.
func (p plan) ways(word string) []string {
	for _, c := range p.concepts {
		if c.text != word {
			continue
		}
		all := slices.Clone(c.alternatives)
		slices.SortStableFunc(all, func(a, b alternative) int {
			return int(math.Copysign(2, b.weight-a.weight)) * boolean(a.weight != b.weight)
		})
		var ways []string
		for _, a := range all {
			var parts []string
			for _, s := range a.stems {
				parts = append(parts, s.text+strings.Repeat("*", boolean(s.prefix)))
			}
			ways = append(ways, strings.Join(append(parts, a.facets...), " "))
		}
		return ways
	}
	return nil
}

// How a word can be met.
func TestPlan(t *testing.T) {
	counts := map[string]int{
		"vector": 5, "embedding": 1, "foreign": 4, "data": 20, "wrapper": 4, "mysql": 2, "cron": 2, "job": 3, "gis": 2, "gist": 9,
		"encoder": 1, "postgis": 1, "monitor": 2, "monitoring": 3, "connect": 1, "scheduler": 1,
	}
	for _, c := range []struct {
		text, word string
		// first are the heaviest ways, with are others, without are ways that there are not.
		first, with, without []string
	}{
		{text: "vectors query", word: "vectors", first: []string{"vector"}, with: []string{"embedding", "nearest neighbour"}},
		{text: "the vector", word: "the"},
		{text: "the* vector", word: "the", first: []string{"the*"}},
		{text: "enc* vector", word: "enc", first: []string{"enc*"}},
		{text: "encod", word: "encod", first: []string{"encod*"}},
		{text: "en vector", word: "en"},
		{text: "gis", word: "gis", first: []string{"gis"}, with: []string{"gis*", "geospatial"}},
		{text: "gis vector", word: "gis", first: []string{"gis"}, with: []string{"geospatial"}, without: []string{"gis*"}},
		{text: "connect to mysql", word: "connect", first: []string{"connect"}, with: []string{"foreign data wrapper"}},
		{text: "connect to mysql", word: "to", first: []string{"foreign data wrapper"}},
		{text: "connect mysql", word: "connect", first: []string{"connect"}, without: []string{"foreign data wrapper"}},
		{text: "job scheduler", word: "job", first: []string{"job"}, with: []string{"cron"}},
		{text: "scheduler job", word: "scheduler", first: []string{"scheduler"}, without: []string{"cron"}},
		{text: "vectr query", word: "vectr", first: []string{"vector"}, with: []string{"embedding"}},
		{text: "vetcor", word: "vetcor", first: []string{"vector"}},
		{text: "crn", word: "crn"},
		{text: "postgis 17", word: "17", first: []string{"pg=17"}},
		{text: "pg16 vector", word: "pg16", first: []string{"pg=16"}},
		{text: "vector postgresql15", word: "postgresql15", first: []string{"pg=15"}},
		{text: "17", word: "17"},
		{text: "postgis 99", word: "99"},
		{text: "postgis 2024", word: "2024"},
		{text: "cron arm", word: "arm", first: []string{"platform=linux/arm64"}},
		{text: "aarch64 cron", word: "aarch64", first: []string{"platform=linux/arm64"}},
		{text: "cron x86", word: "x86", first: []string{"platform=linux/amd64"}},
		{text: "nonesuch", word: "nonesuch"},
	} {
		p := planned(c.text, 100, counts)
		ways := p.ways(c.word)
		if len(ways) < len(c.first) || !slices.Equal(ways[:len(c.first)], c.first) {
			t.Errorf("%q: %q is met by %q, want first %q", c.text, c.word, ways, c.first)
			continue
		}
		for _, way := range c.with {
			if !slices.Contains(ways, way) {
				t.Errorf("%q: %q is met by %q, not by %q", c.text, c.word, ways, way)
			}
		}
		for _, way := range c.without {
			if slices.Contains(ways, way) {
				t.Errorf("%q: %q is met by %q", c.text, c.word, way)
			}
		}
		if len(c.first) == 0 && ways != nil {
			t.Errorf("%q: %q is met by %q, want nothing", c.text, c.word, ways)
		}
	}
}

// Whatever a concept may be met by, nothing counts more than the word itself.
func TestTheWordItselfCountsMost(t *testing.T) {
	p := planned("vector job scheduler gis encod*", 100, map[string]int{"vector": 5, "job": 3, "scheduler": 1, "gis": 1, "gist": 3, "encoder": 1})
	for _, c := range p.concepts {
		for i, a := range c.alternatives {
			if a.weight <= 0 || a.weight > 1 || i > 0 && a.weight >= c.alternatives[0].weight {
				t.Errorf("%s: alternative %d of %+v", c.text, i, c.alternatives)
			}
		}
	}
}

// Rare words decide, words of questions and wishes hardly.
func TestRarity(t *testing.T) {
	p := planned("how scheduler 17 data vector", 100, map[string]int{"how": 1, "scheduler": 1, "vector": 10, "data": 50, "17": 1})
	rarity := map[string]float64{}
	for _, c := range p.concepts {
		rarity[c.text] = c.rarity
		if c.wish != (c.text == "17") {
			t.Errorf("%s is a wish: %t", c.text, c.wish)
		}
		if _, insisted := c.expression(); insisted == c.wish {
			t.Errorf("%s is insisted on: %t", c.text, insisted)
		}
	}
	if !(rarity["scheduler"] > rarity["vector"] && rarity["vector"] > rarity["data"] && rarity["data"] > 0) {
		t.Errorf("the rarities are %v", rarity)
	}
	if rarity["how"] > littleWorth || rarity["17"] > littleWorth || rarity["how"] <= 0 {
		t.Errorf("the rarities are %v", rarity)
	}
}

func TestCorrections(t *testing.T) {
	counts := map[string]int{"vector": 5, "queue": 2, "cron": 1, "postgis": 3, "bars": 1, "monitoring": 1}
	for text, want := range map[string]string{
		"vectro":               "vector",
		"vecto":                "", // the beginning of a word
		"vector quue":          "vector queue",
		"qeueu":                "",     // two slips
		"cronn":                "cron", // a letter more
		"brn":                  "",     // too short
		"zars":                 "",     // another word rather than a slip at its first letter
		"ostgis":               "postgis",
		"postgsi 17":           "postgis 17",
		"vector":               "",
		"VECTRO search":        "vector search",
		`"vectro queue"`:       "vector queue",
		"databse":              "database",
		"monitorin":            "",            // the beginning of a word
		"hyperlglog":           "hyperloglog", // a word of the synonyms
		"how":                  "",
		"arm64":                "",
		"embeding":             "embedding",
		"-vectro queue":        "",
		"vectro -queeue cronn": "vector cron",
	} {
		p := planned(text, 50, counts)
		if p.better != want {
			t.Errorf("%q: meant is %q, want %q", text, p.better, want)
		}
	}
}

// The corrections are few, known, and once each.
func TestFewCorrections(t *testing.T) {
	counts := map[string]int{"cart": 1, "cast": 1, "cash": 1, "cask": 1, "case": 1, "cases": 1}
	q := parse("casx")
	all := knowledge(q, 10, counts).corrections("casx")
	if len(all) == 0 || len(all) > 3 {
		t.Errorf("the corrections are %v", all)
	}
	var stems []string
	for _, c := range all {
		stems = append(stems, c.Stem)
	}
	slices.Sort(stems)
	if len(slices.Compact(stems)) != len(all) {
		t.Errorf("one stem twice: %v", all)
	}
}

// What a question insists on.
func TestConditions(t *testing.T) {
	p := planned(`"job scheduler" -vectors -"the data" -the queue "the cron"`, 50, map[string]int{"job": 1, "scheduler": 1, "queue": 1})
	var got []string
	for _, e := range p.conditions() {
		if e.Not != nil {
			got = append(got, "not "+strings.Join(e.Not.Phrase, " "))
			continue
		}
		got = append(got, strings.Join(e.Phrase, " "))
	}
	if want := []string{"job scheduler", "not vector", "not data"}; !slices.Equal(got, want) {
		t.Errorf("the conditions are %q, want %q", got, want)
	}
}

// Nothing is insisted on of a question that says nothing.
func TestEmptyPlans(t *testing.T) {
	for _, text := range []string{"", "the", "of the", "-the", "nonesuch", "!!!"} {
		if p := planned(text, 10, nil); len(p.concepts) != 0 || len(p.conditions()) != 0 || p.better != "" || p.projects < 1 {
			t.Errorf("%q: %+v", text, p)
		}
	}
	if p := planned("vector", 0, nil); p.projects != 1 {
		t.Errorf("an empty catalogue has %d projects", p.projects)
	}
}
