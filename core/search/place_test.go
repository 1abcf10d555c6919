package search

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

func sorts() []Sort { return []Sort{ByRelevance, ByDownloads, ByRecent, ByName} }

// places draws places with few values, so that many are the same but for their names.
func places() *rapid.Generator[place] {
	return rapid.Custom(func(t *rapid.T) place {
		return place{
			Class: rapid.IntRange(0, 2).Draw(t, "class"), Score: rapid.IntRange(0, 3).Draw(t, "score"),
			Downloads: rapid.Int64Range(0, 2).Draw(t, "downloads"),
			Released:  time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC).Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "released")) * time.Microsecond),
			Folded:    rapid.StringMatching(`[a-z][a-z0-9_]{0,5}`).Draw(t, "folded"),
		}
	})
}

// listing draws answers, each project once.
func listing(t *rapid.T, most int) []answer {
	var all []answer
	for _, p := range rapid.SliceOfNDistinct(places(), 0, most, func(p place) string { return p.Folded }).Draw(t, "places") {
		all = append(all, answer{place: p, SearchCandidate: &ports.SearchCandidate{ProjectID: p.Folded}})
	}
	return all
}

func folded(answers []answer) []string {
	names := []string{}
	for _, a := range answers {
		names = append(names, a.place.Folded)
	}
	return names
}

// Of two places one comes first, whichever is asked about first, and places are the same in no order but by name.
func TestOrdersAreTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := places().Draw(t, "a"), places().Draw(t, "b"), places().Draw(t, "c")
		for _, order := range sorts() {
			ab, ba := a.compare(b, order), b.compare(a, order)
			if ab != -ba {
				t.Errorf("%s: %d and %d", order, ab, ba)
			}
			if (ab == 0) && a.Folded != b.Folded {
				t.Errorf("%s: %+v and %+v stand at one place", order, a, b)
			}
			if ab < 0 && b.compare(c, order) < 0 && a.compare(c, order) >= 0 {
				t.Errorf("%s: %+v, %+v, %+v go round", order, a, b, c)
			}
		}
	})
}

func TestOrders(t *testing.T) {
	early, late := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	list := []answer{
		{place: place{Class: 0, Score: 90, Downloads: 1, Released: late, Folded: "d"}},
		{place: place{Class: 2, Score: 10, Downloads: 0, Released: early, Folded: "e"}},
		{place: place{Class: 0, Score: 50, Downloads: 9, Released: early, Folded: "c"}},
		{place: place{Class: 0, Score: 50, Downloads: 5, Released: early, Folded: "b"}},
		{place: place{Class: 1, Score: 1, Downloads: 5, Released: late, Folded: "a"}},
	}
	for order, want := range map[Sort][]string{
		ByRelevance: {"e", "a", "d", "c", "b"}, ByDownloads: {"c", "a", "b", "d", "e"},
		ByRecent: {"a", "d", "b", "c", "e"}, ByName: {"a", "b", "c", "d", "e"},
	} {
		got, next, err := page(slices.Clone(list), Query{Sort: order, Limit: 10})
		if err != nil || next != "" || !slices.Equal(folded(got), want) {
			t.Errorf("%s: %q, %q, %v, want %q", order, folded(got), next, err, want)
		}
	}
}

// The key of a place leads back to it.
func TestPlaceKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := places().Draw(t, "place")
		got, err := readPlace(p.String())
		if err != nil || !got.Released.Equal(p.Released) {
			t.Fatalf("%s: %+v, %v", p, got, err)
		}
		for _, order := range sorts() {
			if got.compare(p, order) != 0 {
				t.Errorf("%s: %+v comes back as %+v", order, p, got)
			}
		}
	})
	for _, key := range []string{"x", "{", `{"c":"one"}`, `{"d":1e99}`, `{"r":"yesterday"}`, "[]", `{} {}`, `{"f":"a\u0000b"}`} {
		if p, err := readPlace(key); fault.CodeOf(err) != fault.CursorInvalid {
			t.Errorf("%s: %+v, %v", key, p, err)
		}
		if _, _, err := page(nil, Query{Limit: 1, After: key}); fault.CodeOf(err) != fault.CursorInvalid {
			t.Errorf("a page after %s: %v", key, err)
		}
	}
}

// Page after page gives each answer once and in order, and what was there at the start is neither repeated nor skipped
// while others come and go.
func TestPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := Query{Sort: rapid.SampledFrom(sorts()).Draw(t, "sort"), Limit: rapid.IntRange(1, 7).Draw(t, "limit")}
		there := listing(t, 25)
		start := slices.Clone(there)
		changes := rapid.Bool().Draw(t, "changes")
		var seen []answer
		for range 2*len(there) + 100 {
			got, next, err := page(slices.Clone(there), query)
			if err != nil || len(got) > query.Limit || next != "" && len(got) != query.Limit {
				t.Fatalf("%d answers, %q, %v", len(got), next, err)
			}
			seen = append(seen, got...)
			if query.After = next; next == "" {
				break
			}
			if changes && len(there) < 60 {
				p := places().Draw(t, "new")
				p.Folded = fmt.Sprintf("%s_new%d", p.Folded, len(there))
				there = append(there, answer{place: p})
			}
		}
		if query.After != "" {
			t.Fatal("the pages do not end")
		}
		if !slices.IsSortedFunc(seen, func(a, b answer) int { return a.place.compare(b.place, query.Sort) }) {
			t.Errorf("out of order: %q", folded(seen))
		}
		names := folded(seen)
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("repeated: %q", names)
		}
		for _, a := range start {
			if !slices.Contains(names, a.place.Folded) {
				t.Errorf("%s was skipped", a.place.Folded)
			}
		}
		if !changes && len(seen) != len(start) {
			t.Errorf("%d of %d", len(seen), len(start))
		}
	})
}

// A page goes on after a place whose answer has gone meanwhile.
func TestPageAfterWhatIsGone(t *testing.T) {
	all := []answer{{place: place{Folded: "a"}}, {place: place{Folded: "b"}}, {place: place{Folded: "c"}}}
	_, next, err := page(slices.Clone(all[:2]), Query{Sort: ByName, Limit: 1})
	if err != nil || next == "" {
		t.Fatal(next, err)
	}
	got, _, err := page(all[1:], Query{Sort: ByName, Limit: 1, After: next})
	if err != nil || !slices.Equal(folded(got), []string{"b"}) {
		t.Errorf("%q, %v", folded(got), err)
	}
}
