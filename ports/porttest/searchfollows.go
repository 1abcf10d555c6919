package porttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

func searchCards(t *testing.T, index SearchSetup) {
	t.Helper()
	id := index.publish(t, "PG_Cron", "Job scheduler", func(p *Publication) {
		p.Version, p.Extensions, p.Trusted, p.Metadata.License = "1.6.4", []string{"pg_cron", "another"}, true, "PostgreSQL"
	})
	index.publish(t, "PG_Cron", "", func(p *Publication) {
		p.Version, p.Extensions, p.Trusted, p.Platform, p.At = "1.6.4", []string{"pg_cron"}, true, extension.LinuxARM64, at.Add(time.Hour)
	})
	index.shelve(t, id, "search", "orchestration")
	index.tell(t, id, "# About")
	plain := index.publish(t, "plain", "")
	cards := must[[]ports.SearchCard](t)(index.SearchCards(t.Context(), []string{id, NewID()}, nil))
	if len(cards) != 1 {
		t.Fatalf("the cards are %+v", cards)
	}
	want := ports.SearchCard{
		ProjectID: id, Name: "PG_Cron", Folded: "pg_cron", Version: "1.6.4", Description: "Job scheduler", License: "PostgreSQL",
		Extensions: []string{"another", "pg_cron"}, Released: at,
	}
	got := cards[0]
	slices.Sort(got.Extensions)
	facets := got.Facets
	if got.Facets = nil; !reflect.DeepEqual(got, want) || got.Released.Location() != time.UTC {
		t.Errorf("the card is %+v, want %+v", got, want)
	}
	var builds []string
	for _, f := range facets {
		if len(f) > len("build=") && f[:len("build=")] == "build=" {
			builds = append(builds, f)
		}
	}
	wantList(t, builds, "build=17 linux/amd64", "build=17 linux/arm64")
	slices.Sort(facets)
	wantList(t, facets, "build=17 linux/amd64", "build=17 linux/arm64", "category=orchestration", "category=search", "license=PostgreSQL",
		"owner=alice", "pg=17", "platform=linux/amd64", "platform=linux/arm64", "trusted=true")
	index.Downloaded("PG_Cron", 1234)
	one := must[ports.SearchCard](t)(index.SearchCard(t.Context(), "pg_cron"))
	slices.Sort(one.Extensions)
	if want.Downloads = 1234; len(one.Facets) != len(facets) {
		t.Errorf("the facets are %v, want %v", one.Facets, facets)
	}
	if one.Facets = nil; !reflect.DeepEqual(one, want) || one.Released.Location() != time.UTC {
		t.Errorf("the card is %+v, want %+v", one, want)
	}
	// READMEs are read where they are asked for, and only there.
	both := must[[]ports.SearchCard](t)(index.SearchCards(t.Context(), []string{plain, id}, []string{id, NewID()}))
	slices.SortFunc(both, func(a, b ports.SearchCard) int { return len(a.Readme) - len(b.Readme) })
	if len(both) != 2 || both[0].Name != "plain" || both[0].Readme != "" || both[1].Readme != "# About" {
		t.Errorf("the cards are %+v", both)
	}
	if c := both[0]; c.License != "" || c.Deprecation != "" || !slices.Contains(c.Facets, "trusted=false") {
		t.Errorf("the plain card is %+v", c)
	}
}

func browsing(t *testing.T, index SearchSetup) {
	t.Helper()
	for i, p := range []struct {
		name      string
		downloads int64
		minute    int
	}{{"Delta", 5, 3}, {"alpha", 5, 1}, {"charlie", 9, 1}, {"bravo", 0, 2}, {"echo_2", 0, 1}, {"echo", 0, 1}} {
		id := index.publish(t, p.name, "", func(pub *Publication) {
			pub.At = at.Add(time.Duration(p.minute) * time.Minute)
			if pub.Postgres = 16; i%2 == 0 {
				pub.Postgres = 17
			}
		})
		index.Downloaded(p.name, p.downloads)
		if p.name == "alpha" || p.name == "charlie" {
			index.shelve(t, id, "search")
		}
	}
	for order, want := range map[ports.SearchOrder][]string{
		ports.SearchByDownloads: {"charlie", "alpha", "Delta", "bravo", "echo", "echo_2"},
		ports.SearchByRelease:   {"Delta", "bravo", "alpha", "charlie", "echo", "echo_2"},
		ports.SearchByName:      {"alpha", "bravo", "charlie", "Delta", "echo", "echo_2"},
	} {
		for _, facets := range [][]string{nil, {"pg=17"}, {"category=search", "pg=17"}, {"category=search", "pg=15"}} {
			whole := must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Order: order, Facets: facets, Limit: 10}))
			var expected []string
			for _, name := range want {
				odd := slices.Contains([]string{"Delta", "charlie", "echo_2"}, name)
				if (!slices.Contains(facets, "pg=17") || odd) && !slices.Contains(facets, "pg=15") &&
					(!slices.Contains(facets, "category=search") || name == "alpha" || name == "charlie") {
					expected = append(expected, name)
				}
			}
			wantList(t, cardNames(whole), expected...)
			for limit := 1; limit <= 4; limit++ {
				browse := ports.SearchBrowse{Order: order, Facets: facets, Limit: limit}
				var got []string
				for range 10 {
					cards := must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), browse))
					if len(cards) > limit {
						t.Errorf("%d cards, want at most %d", len(cards), limit)
					}
					if len(cards) == 0 {
						break
					}
					got = append(got, cardNames(cards)...)
					browse.After = &cards[len(cards)-1]
				}
				wantList(t, got, expected...)
			}
		}
	}
	first := must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Limit: 1}))[0]
	if first.Downloads != 9 || first.Version != "1.0" || first.Readme != "" || len(first.Facets) == 0 || first.Released.Location() != time.UTC {
		t.Errorf("the first card is %+v", first)
	}
	// A place after which nothing stands, and one that is nobody's.
	last := ports.SearchCard{Folded: "\U0010FFFF", Downloads: -1}
	for _, order := range []ports.SearchOrder{ports.SearchByDownloads, ports.SearchByRelease, ports.SearchByName} {
		wantList(t, cardNames(must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Order: order, After: &last, Limit: 5}))))
	}
	gone := ports.SearchCard{Folded: "bx"}
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Order: ports.SearchByName, After: &gone, Limit: 1}))), "charlie")
}

func searchCounts(t *testing.T, index SearchSetup) {
	t.Helper()
	index.library(t)
	count := func(facets ...string) map[string]int {
		t.Helper()
		return must[map[string]int](t)(index.SearchCounts(t.Context(), facets))
	}
	index.refreshed(t)
	got := count("build=17 linux/amd64", "owner=nobody")
	for facet, want := range map[string]int{
		"": 4, "build=17 linux/amd64": 3, "owner=nobody": 0, "category=orchestration": 2, "category=search": 1, "pg=15": 1, "pg=16": 1, "pg=17": 3,
		"platform=linux/amd64": 4, "platform=linux/arm64": 1, "license=PostgreSQL": 1, "owner=alice": 3, "owner=bob": 1, "trusted=true": 1, "trusted=false": 3,
	} {
		if got[facet] != want {
			t.Errorf("%s counts %d, want %d", facet, got[facet], want)
		}
	}
	if _, told := count()["build=17 linux/amd64"]; told {
		t.Error("builds are counted without being asked for")
	}
	// Of each filter the highest, and what is asked for beside them.
	for i := range 30 {
		index.publish(t, fmt.Sprintf("more%c%c", 'a'+i/10, 'a'+i%10), "", func(p *Publication) { p.Metadata.License = fmt.Sprintf("licence %02d", i) })
	}
	if n := count()[""]; n != 4 {
		t.Errorf("before a refresh there are %d", n)
	}
	index.refreshed(t)
	index.publish(t, "same", "", func(p *Publication) { p.Metadata.License = "licence 29" })
	index.refreshed(t)
	licences := 0
	got = count("license=licence 28")
	for facet := range got {
		if len(facet) > len("license=") && facet[:len("license=")] == "license=" {
			licences++
		}
	}
	if got["license=licence 29"] != 2 || got["license=licence 28"] != 1 || licences > 25 || licences < 10 || got[""] != 35 {
		t.Errorf("the counts are %v", got)
	}
}

func suggestedNames(t *testing.T, index SearchSetup) {
	t.Helper()
	for name, downloads := range map[string]int64{"pg_cron": 5, "cronos": 9, "pgcrypto": 7, "Crontab_X": 0, "timer": 3} {
		index.publish(t, name, "About "+name, func(p *Publication) {
			if name == "timer" {
				p.Extensions = []string{"cron-timer"}
			}
		})
		index.Downloaded(name, downloads)
	}
	for key, want := range map[string][]string{
		"cron": {"cronos", "pg_cron", "timer", "Crontab_X"}, "pgc": {"pgcrypto", "pg_cron"}, "crontab": {"Crontab_X"}, "crontabx": {"Crontab_X"},
		"crontimer": {"timer"}, "timer": {"timer"}, "xyz": {}, "ron": {},
	} {
		got := must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), key, 10))
		if !slices.Equal(cardNames(got), want) {
			t.Errorf("%s suggests %q, want %q", key, cardNames(got), want)
		}
		for _, c := range got {
			if c.Description != "About "+c.Name {
				t.Errorf("%s suggests %+v", key, c)
			}
		}
		wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), key, 1))), want[:min(len(want), 1)]...)
	}
	index.refreshed(t)
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), "cron", 2))), "cronos", "pg_cron")
}

// shows checks what is shown of a project, and that it is found by what is shown and by nothing else.
func (s SearchSetup) shows(t *testing.T, projectID, version, description string, pg ...int) {
	t.Helper()
	c := s.card(t, projectID)
	if c.Version != version || c.Description != description {
		t.Errorf("it shows %q %q, want %q %q", c.Version, c.Description, version, description)
	}
	var facets []string
	for _, major := range []int{13, 14, 15, 16, 17} {
		if f := fmt.Sprint("pg=", major); slices.Contains(c.Facets, f) {
			facets = append(facets, f)
		}
		if found, want := len(s.candidates(t, facet(fmt.Sprint("pg=", major)))) > 0, slices.Contains(pg, major); found != want {
			t.Errorf("found by the major %d: %t, want %t", major, found, want)
		}
	}
	if len(facets) != len(pg) {
		t.Errorf("it shows %q, want %v", facets, pg)
	}
}

// finds checks by which stems anything is found.
func (s SearchSetup) finds(t *testing.T, stems map[string]bool) {
	t.Helper()
	for text, want := range stems {
		if got := named(s.candidates(t, stem(text))); (len(got) > 0) != want {
			t.Errorf("%s finds %q, want any: %t", text, got, want)
		}
	}
}

func followsVersions(t *testing.T, index SearchSetup) {
	t.Helper()
	later := func(version string, minutes int) func(p *Publication) {
		return func(p *Publication) { p.Version, p.At = version, at.Add(time.Duration(minutes)*time.Minute) }
	}
	on := func(major int) func(p *Publication) { return func(p *Publication) { p.Postgres = major } }
	called := func(names ...string) func(p *Publication) { return func(p *Publication) { p.Extensions = names } }
	id := index.publish(t, "thing", "quartz", later("1.0", 0), called("quartzthing"))
	index.shows(t, id, "1.0", "quartz", 17)
	index.publish(t, "thing", "quartz", later("1.0", 1), on(16))
	index.shows(t, id, "1.0", "quartz", 16, 17)
	// A pre-release is not the latest where there is a release, whenever it comes.
	index.publish(t, "thing", "opal", later("2.0-beta", 2), on(15))
	index.shows(t, id, "1.0", "quartz", 16, 17)
	index.finds(t, map[string]bool{"quartz": true, "opal": false, "quartzth": true})
	index.publish(t, "thing", "basalt", later("2.0", 3), on(14), called("basaltthing"))
	index.shows(t, id, "2.0", "basalt", 14)
	index.finds(t, map[string]bool{"quartz": false, "basalt": true, "opal": false})
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), "quartz", 5))))
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), "basalt", 5))), "thing")
	if c := index.card(t, id); !c.Released.Equal(at.Add(3 * time.Minute)) {
		t.Errorf("released at %s", c.Released)
	}
	// An old version that comes late changes nothing.
	index.publish(t, "thing", "granite", later("1.1", 4), on(13))
	index.shows(t, id, "2.0", "basalt", 14)
	// A project of pre-releases alone is found by the latest of them.
	young := index.publish(t, "young", "marble", later("0.1-a", 0), on(14))
	index.publish(t, "young", "slate", later("0.1-b", 1), on(14))
	if c := index.card(t, young); c.Version != "0.1-b" || c.Description != "slate" {
		t.Errorf("the young one shows %+v", c)
	}
}

func followsWithdrawals(t *testing.T, index SearchSetup) {
	t.Helper()
	alice := Account(t, index, "alice")
	id := index.publish(t, "thing", "quartz", func(p *Publication) { p.Postgres = 16 })
	index.publish(t, "thing", "basalt", func(p *Publication) { p.Version = "2.0" })
	index.tell(t, id, "gneiss")
	withdraw := func(version string, yanked bool) {
		t.Helper()
		index.change(t, func(ctx context.Context, tx ports.Tx) error {
			if yanked {
				_, err := tx.Yank(ctx, id, version, extension.Yank{At: at, ByID: alice, Reason: "r"})
				return err
			}
			_, err := tx.Unyank(ctx, id, version)
			return err
		})
	}
	gone := func() {
		t.Helper()
		wantList(t, named(index.candidates(t, everything())))
		wantList(t, named(index.matching(t, ports.SearchMatch{Names: []string{"thing"}, Limit: 5})))
		wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), "thing", 5))))
		wantList(t, cardNames(must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Limit: 5}))))
		if c := index.card(t, id); c.Name != "" {
			t.Errorf("it shows %+v", c)
		}
		if c := must[ports.SearchCard](t)(index.SearchCard(t.Context(), "thing")); c.Name != "thing" || c.ProjectID != id || c.Version != "" || len(c.Facets) != 0 || !c.Released.IsZero() {
			t.Errorf("its card is %+v", c)
		}
		index.refreshed(t)
		if counts := must[map[string]int](t)(index.SearchCounts(t.Context(), []string{"pg=17", "pg=16"})); counts[""]+counts["pg=17"]+counts["pg=16"] != 0 {
			t.Errorf("the counts are %v", counts)
		}
		vocabulary := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{"basalt", "quartz", "thing", "gneiss"}, nil))
		for text, w := range vocabulary.Words {
			if w.Projects+w.InReadmes != 0 {
				t.Errorf("%s is %+v", text, w)
			}
		}
	}
	withdraw("2.0", true)
	index.shows(t, id, "1.0", "quartz", 16)
	index.finds(t, map[string]bool{"basalt": false, "quartz": true, "gneiss": true})
	withdraw("1.0", true)
	gone()
	withdraw("2.0", false)
	index.shows(t, id, "2.0", "basalt", 17)
	index.finds(t, map[string]bool{"basalt": true, "quartz": false, "gneiss": true})
	withdraw("1.0", false)
	index.change(t, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, id, "Use another one.", at)
		return err
	})
	if c := index.card(t, id); c.Deprecation != "Use another one." {
		t.Errorf("it shows %+v", c)
	}
	index.change(t, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, id, "", at)
		return err
	})
	if c := index.card(t, id); c.Deprecation != "" {
		t.Errorf("it shows %+v", c)
	}
	remove := func(version string) {
		t.Helper()
		index.change(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Delete(ctx, id, version, at)
			return err
		})
	}
	remove("2.0")
	index.shows(t, id, "1.0", "quartz", 16)
	remove("")
	gone()
}

func followsFacts(t *testing.T, index SearchSetup) {
	t.Helper()
	bob := Account(t, index, "bob")
	id := index.publish(t, "thing", "quartz")
	found := func(value string, want bool) {
		t.Helper()
		if got := len(index.candidates(t, facet(value))) > 0; got != want || slices.Contains(index.card(t, id).Facets, value) != want {
			t.Errorf("found by %s: %t, want %t", value, got, want)
		}
	}
	found("owner=alice", true)
	found("owner=bob", false)
	index.change(t, func(ctx context.Context, tx ports.Tx) error { return tx.AddOwner(ctx, id, bob, at) })
	found("owner=bob", true)
	index.change(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.RemoveOwner(ctx, id, Account(t, index, "alice"))
	})
	found("owner=alice", false)
	found("owner=bob", true)
	index.change(t, func(ctx context.Context, tx ports.Tx) error { return tx.RemoveOwners(ctx, id) })
	found("owner=bob", false)
	index.shelve(t, id, "search", "security")
	found("category=search", true)
	index.finds(t, map[string]bool{"secur": true})
	index.shelve(t, id, "search")
	found("category=search", true)
	found("category=security", false)
	index.finds(t, map[string]bool{"secur": false, "search": true})
	index.shelve(t, id)
	found("category=search", false)
	index.tell(t, id, "gneiss")
	index.finds(t, map[string]bool{"gneiss": true})
	index.tell(t, id, "slate")
	index.finds(t, map[string]bool{"gneiss": false, "slate": true})
	// A new version keeps what is the project's.
	index.publish(t, "thing", "basalt", func(p *Publication) { p.Version = "2.0" })
	index.finds(t, map[string]bool{"slate": true, "basalt": true, "quartz": false})
}

func followsNothing(t *testing.T, index SearchSetup) {
	t.Helper()
	id := index.publish(t, "thing", "quartz")
	index.refreshed(t)
	before := index.card(t, id)
	err := do(t, index, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, id, "old", at)
		err = errors.Join(err, tx.Categorise(ctx, id, []string{"search"}), tx.KeepReadme(ctx, id, extension.Readme{Name: "README", Text: "gneiss"}, "", at))
		return errors.Join(err, errors.New("second thoughts"))
	})
	if err == nil {
		t.Fatal("the unit of work did not fail")
	}
	if after := index.card(t, id); !reflect.DeepEqual(after, before) {
		t.Errorf("before %+v, after %+v", before, after)
	}
	index.finds(t, map[string]bool{"gneiss": false, "quartz": true})
	if must[bool](t)(index.RefreshSearch(t.Context())) {
		t.Error("there was something to count")
	}
}

// Two units of work that change one project at the same time are both seen.
func changesAtOnce(t *testing.T, index SearchSetup) {
	t.Helper()
	bob := Account(t, index, "bob")
	Account(t, index, "alice")
	changes := map[string]func(ctx context.Context, tx ports.Tx, id string) error{
		"slate": func(ctx context.Context, tx ports.Tx, id string) error {
			return tx.KeepReadme(ctx, id, extension.Readme{Name: "README", Text: "slate"}, "", at)
		},
		"category=search": func(ctx context.Context, tx ports.Tx, id string) error {
			return tx.Categorise(ctx, id, []string{"search"})
		},
		"owner=bob": func(ctx context.Context, tx ports.Tx, id string) error { return tx.AddOwner(ctx, id, bob, at) },
	}
	for round := range 5 {
		id := index.publish(t, fmt.Sprintf("thing%c", 'a'+round), "quartz")
		// All have made their change before the first one commits.
		var changed, group sync.WaitGroup
		changed.Add(len(changes))
		for what, change := range changes {
			group.Go(func() {
				once := sync.OnceFunc(changed.Done)
				err := index.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
					err := change(ctx, tx, id)
					once()
					changed.Wait()
					return err
				})
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
			})
		}
		group.Wait()
		for what := range changes {
			e := facet(what)
			if what == "slate" {
				e = stem(what)
			}
			if got := index.candidates(t, e); len(got) != round+1 {
				t.Errorf("after %d rounds %s finds %q", round+1, what, named(got))
			}
		}
	}
}

// One of those who count at the same time does it, and nobody is hindered.
func refreshesAtOnce(t *testing.T, index SearchSetup) {
	t.Helper()
	index.library(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				if _, err := index.RefreshSearch(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 4 {
		group.Go(func() {
			if _, _, err := publish(t, index, Publication{Project: fmt.Sprintf("racing%c", 'a'+i), Version: "1.0", Metadata: extension.Metadata{Description: "Job queue"}}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if _, err := index.RefreshSearch(t.Context()); err != nil {
		t.Error(err)
	}
	if counts := must[map[string]int](t)(index.SearchCounts(t.Context(), nil)); counts[""] != 8 || counts["owner=alice"] != 7 {
		t.Errorf("the counts are %v", counts)
	}
	if w := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{"queue"}, nil)); w.Projects != 8 || w.Words["queue"].Projects != 5 {
		t.Errorf("known is %+v", w)
	}
}
