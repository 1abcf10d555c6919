package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/ports"
)

// vocabulary is what the questions and the projects of the properties are made of.
var vocabulary = []string{"vector", "cron", "queue", "audit", "how", "embedding", "zorb", "data"}

func drawPlan(t *rapid.T) plan {
	words := rapid.SliceOfN(rapid.SampledFrom(append([]string{"17", "arm", "vectro", "enc*", "the", `"job queue"`}, vocabulary...)), 1, 4).Draw(t, "question")
	counts := map[string]int{"encoder": 2, "job": 1}
	for _, word := range vocabulary {
		if n := rapid.IntRange(0, 40).Draw(t, word); n > 0 {
			counts[word] = n
		}
	}
	return planned(strings.Join(words, " "), 100, counts)
}

func drawFound(t *rapid.T) ports.SearchFound {
	return ports.SearchFound{
		Stem:     rapid.SampledFrom(append([]string{"encoder", "job"}, vocabulary...)).Draw(t, "stem"),
		Field:    ports.SearchField(rapid.IntRange(int(ports.SearchInName), int(ports.SearchInCategory)).Draw(t, "field")),
		Position: rapid.IntRange(1, 200).Draw(t, "position"),
	}
}

func drawCandidate(t *rapid.T) ports.SearchCandidate {
	name := rapid.SampledFrom([]string{"vector", "pg_vector", "pg_cron", "cron_queue", "zzz", "audit_data", "Queue"}).Draw(t, "name")
	c := ports.SearchCandidate{
		ProjectID: rapid.StringMatching(`[a-c][0-9]`).Draw(t, "id"), Name: name,
		Extensions: rapid.SliceOfN(rapid.SampledFrom([]string{"vector", "cron", "other"}), 0, 2).Draw(t, "extensions"),
		Facets:     drawTraits(t).facets(), Downloads: rapid.Int64Range(0, 3).Draw(t, "downloads"),
	}
	c.Folded = strings.ToLower(name) + c.ProjectID
	for range rapid.IntRange(0, 4).Draw(t, "found") {
		c.Found = append(c.Found, drawFound(t))
	}
	return c
}

// candidates draws projects, some of them twice, as those that are called so and match too.
func candidates() *rapid.Generator[[]ports.SearchCandidate] {
	return rapid.Custom(func(t *rapid.T) []ports.SearchCandidate {
		once := rapid.SliceOfNDistinct(rapid.Custom(drawCandidate), 0, 12, func(c ports.SearchCandidate) string { return c.ProjectID }).Draw(t, "once")
		return append(once, once[:rapid.IntRange(0, len(once)).Draw(t, "twice")]...)
	})
}

// More that is found is never worth less, beside something that was found already; scores are within their bounds, and
// depend on nothing but what is found.
func TestScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPlan(t), drawCandidate(t)
		before := p.score(&c)
		if before.place.Score < 0 || before.place.Score > 2*steps || before.share < 0 || before.share > 1 || before.place.Class < 0 || before.place.Class > 2 {
			t.Errorf("%+v, %f", before.place, before.share)
		}
		more := c
		more.Found = append(slices.Clone(c.Found), drawFound(t))
		after := p.score(&more)
		if before.described && (after.place.Score < before.place.Score || after.share < before.share) {
			t.Errorf("%q: %+v is worth %d, %+v is worth %d", typed(p.question), c.Found, before.place.Score, more.Found, after.place.Score)
		}
		if before.described && !after.described || after.place.Class != before.place.Class {
			t.Errorf("%+v became %+v", before, after)
		}
		popular := c
		popular.Downloads += 1000
		if got := p.score(&popular).place; got.Score != before.place.Score || got.Class != before.place.Class || got.Downloads != popular.Downloads {
			t.Errorf("downloads make %+v of %+v", got, before.place)
		}
	})
}

// The answers are candidates, once each, the best among them; who is called as the question says comes first, and
// downloads decide only where everything else is the same.
func TestRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, list := drawPlan(t), candidates().Draw(t, "candidates")
		ranked := p.rank(list)
		var ids, left []string
		best := 0
		for _, a := range ranked {
			ids, best = append(ids, a.ProjectID), max(best, a.place.Score)
		}
		slices.Sort(ids)
		if len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("repeated: %q", ids)
		}
		for _, c := range list {
			a := p.score(&c)
			if !slices.Contains(ids, c.ProjectID) {
				left = append(left, c.ProjectID)
				if a.share == 1 || a.place.Class > 0 {
					t.Errorf("%s was left out, at %+v with %f of the question", c.Name, a.place, a.share)
				}
			}
		}
		if len(left) > 0 && len(ranked) == 0 {
			t.Error("all were left out")
		}
		ordered, _, err := page(ranked, Query{Sort: ByRelevance, Limit: 100})
		if err != nil || len(ordered) != len(ids) {
			t.Fatal(len(ordered), err)
		}
		for i := 1; i < len(ordered); i++ {
			a, b := ordered[i-1].place, ordered[i].place
			switch {
			case a.Class != b.Class:
				if a.Class < b.Class {
					t.Errorf("%s before %s", a, b)
				}
			case a.Score != b.Score:
				if a.Score < b.Score {
					t.Errorf("%s before %s", a, b)
				}
			case a.Downloads < b.Downloads, a.Downloads == b.Downloads && a.Folded >= b.Folded:
				t.Errorf("%s before %s", a, b)
			}
		}
	})
}

func TestClass(t *testing.T) {
	for _, c := range []struct {
		text, name string
		extensions []string
		want       int
	}{
		{"pg_cron", "pg_cron", nil, 2},
		{"PG CRON", "pg_cron", nil, 2},
		{"pgcron", "pg_cron", nil, 2},
		{"cron", "pg_cron", nil, 1},
		{"pg_vector", "vector", nil, 1},
		{"vector", "pgvector", []string{"vector"}, 2},
		{"json to table", "json2table", nil, 2},
		{"cron jobs", "pg_cron", nil, 0},
		{"cron -job", "cron", nil, 2},
		{"plv8", "v8", nil, 1},
		{"", "pg", nil, 0},
		{"!!!", "vector", []string{"_"}, 0},
		{"全文", "vector", []string{"_", "."}, 0},
		{"-vector", "vector", []string{"_"}, 0},
	} {
		if got := planned(c.text, 10, nil).class(&ports.SearchCandidate{Name: c.name, Extensions: c.extensions}); got != c.want {
			t.Errorf("%q: %s with %q is of class %d, want %d", c.text, c.name, c.extensions, got, c.want)
		}
	}
}

// in puts a stem into a field of a project.
func in(field ports.SearchField, position int, stems ...string) []ports.SearchFound {
	var all []ports.SearchFound
	for _, s := range stems {
		all = append(all, ports.SearchFound{Stem: s, Field: field, Position: position})
	}
	return all
}

// What counts more than what.
func TestWeights(t *testing.T) {
	name, description, category := ports.SearchInName, ports.SearchInDescription, ports.SearchInCategory
	for what, c := range map[string]struct {
		text        string
		more, fewer ports.SearchCandidate
	}{
		"a name before a description": {"queue", ports.SearchCandidate{Name: "xx", Found: in(name, 1, "queue")}, ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")}},
		"a description before a category": {
			"queue", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")}, ports.SearchCandidate{Name: "xx", Found: in(category, 1, "queue")},
		},
		"a description before a README": {"queue", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")}, ports.SearchCandidate{Name: "xx"}},
		"the first words before the last": {
			"queue", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")}, ports.SearchCandidate{Name: "xx", Found: in(description, 80, "queue")},
		},
		"all of a question before a part": {
			"queue audit", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue", "audit")}, ports.SearchCandidate{Name: "xx", Found: in(description, 1, "audit")},
		},
		"a rare word before a common one": {
			"audit data", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "audit")}, ports.SearchCandidate{Name: "xx", Found: in(description, 1, "data")},
		},
		"a word before its synonym": {
			"vector", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "vector")}, ports.SearchCandidate{Name: "xx", Found: in(description, 1, "embedding")},
		},
		"a synonym before nothing": {
			"vector queue", ports.SearchCandidate{Name: "xx", Found: in(description, 1, "embedding", "queue")}, ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")},
		},
		"what is built as one wishes": {
			"queue 17",
			ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue"), Facets: []string{"pg=17"}},
			ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue"), Facets: []string{"pg=16"}},
		},
		"one build for both wishes before a build for each": {
			"queue arm64 pg17",
			ports.SearchCandidate{
				Name: "xx", Found: in(description, 1, "queue"), Facets: []string{"build=17 linux/arm64", "pg=17", "platform=linux/arm64"},
			},
			ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue"), Facets: []string{
				"build=16 linux/arm64", "build=17 linux/amd64", "pg=16", "pg=17", "platform=linux/amd64", "platform=linux/arm64",
			}},
		},
		"who is called so before who is called something else too": {
			"queue", ports.SearchCandidate{Name: "pg_queue", Found: in(name, 1, "queue")}, ports.SearchCandidate{Name: "queue_of_cats", Found: in(name, 1, "queue")},
		},
		"an owner before nobody": {
			"queue zorb",
			ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue"), Facets: []string{"owner=zorb"}},
			ports.SearchCandidate{Name: "xx", Found: in(description, 1, "queue")},
		},
	} {
		p := planned(c.text, 100, map[string]int{"queue": 3, "audit": 3, "data": 50, "vector": 4, "embedding": 2, "zorb": 1})
		if more, fewer := p.score(&c.more), p.score(&c.fewer); more.place.Score <= fewer.place.Score {
			t.Errorf("%s: %d and %d", what, more.place.Score, fewer.place.Score)
		}
	}
}
