package health_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/health"
)

func on(day string) time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return at
}

var today = on("2026-11-25").Add(15 * time.Hour)

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		standing health.Standing
		word     health.Word
		why      string
	}{
		"of today":                        {health.Standing{Released: today, Majors: []int{17}}, health.Active, "The latest version was published on 2026-11-25, within the last 12 months."},
		"the last day of twelve months":   {health.Standing{Released: on("2025-11-25")}, health.Active, "2025-11-25, within"},
		"the day after":                   {health.Standing{Released: on("2025-11-24").Add(23 * time.Hour), Majors: []int{18}}, health.Maintained, "2025-11-24, more than 12 months ago, and has a build for PostgreSQL 18."},
		"a major that nobody listed":      {health.Standing{Released: on("2020-01-01"), Majors: []int{14, 31}}, health.Maintained, "PostgreSQL 31"},
		"without the newest major":        {health.Standing{Released: on("2025-01-01"), Majors: []int{17, 16}}, health.Quiet, "has no build for PostgreSQL 18; the newest is for 17."},
		"for what has just ended":         {health.Standing{Released: on("2025-01-01"), Majors: []int{14, 13}}, health.Outdated, "still supported; the newest is for 14."},
		"for what is from long ago":       {health.Standing{Released: on("2025-01-01"), Majors: []int{9}}, health.Outdated, "the newest is for 9."},
		"without a build":                 {health.Standing{Released: on("2025-01-01")}, health.Outdated, "and has no build."},
		"deprecated on the day":           {health.Standing{Released: today, Majors: []int{18}, Deprecation: "Use b."}, health.Deprecated, "“Use b.”"},
		"yanked altogether":               {health.Standing{}, health.Withdrawn, "Every version was yanked"},
		"yanked altogether and no use":    {health.Standing{Deprecation: "Use b."}, health.Withdrawn, "Every version was yanked"},
		"published by a clock that is on": {health.Standing{Released: today.Add(72 * time.Hour)}, health.Active, "2026-11-28"},
	} {
		got := health.Judge(c.standing, today)
		if got.Word != c.word || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %s, %q", name, got.Word, got.Why)
		}
	}
}

// A project has half a year to follow a new major.
func TestDueMajor(t *testing.T) {
	for day, want := range map[string]int{"2019-01-01": 0, "2026-03-24": 17, "2026-03-25": 18, "2026-11-25": 18, "2050-01-01": 18} {
		if got := health.DueMajor(on(day)); got != want {
			t.Errorf("on %s %d is due", day, got)
		}
	}
}

// The policy: each major for five years, the newest last, none left out.
func TestMajors(t *testing.T) {
	majors := health.Majors()
	for i, m := range majors {
		if years := m.Ends.Sub(m.Released).Hours() / 24 / 365.25; years < 4.9 || years > 5.3 {
			t.Errorf("%d is supported for %.1f years", m.Number, years)
		}
		if m.SupportedAt(m.Released.Add(-1)) || !m.SupportedAt(m.Released) || !m.SupportedAt(m.Ends.Add(-1)) || m.SupportedAt(m.Ends) {
			t.Errorf("%d has no clear days", m.Number)
		}
		if i > 0 && (m.Number != majors[i-1].Number+1 || !m.Released.After(majors[i-1].Released)) {
			t.Errorf("%d follows %d", m.Number, majors[i-1].Number)
		}
	}
}

// Every word is explained, and can be reached.
func TestExplanations(t *testing.T) {
	var explained []health.Word
	for _, e := range health.Explanations() {
		explained = append(explained, e.Word)
		if e.Meaning == "" || e.Remedy == "" {
			t.Errorf("%s is not explained", e.Word)
		}
	}
	if !slices.Equal(explained, health.Words()) {
		t.Errorf("explained are %v", explained)
	}
}

// rank is the place of a word, the best first.
func rank(s health.Standing, now time.Time) int {
	return slices.Index(health.Words(), health.Judge(s, now).Word)
}

func standings() *rapid.Generator[health.Standing] {
	return rapid.Custom(func(t *rapid.T) health.Standing {
		s := health.Standing{Majors: rapid.SliceOfN(rapid.IntRange(9, 21), 0, 6).Draw(t, "majors")}
		if rapid.IntRange(0, 4).Draw(t, "deprecated") == 0 {
			s.Deprecation = "Use another."
		}
		if rapid.IntRange(0, 4).Draw(t, "offered") > 0 {
			s.Released = moments().Draw(t, "released")
		}
		return s
	})
}

func moments() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(0, 14*365*24), func(hours int64) time.Time { return on("2018-01-01").Add(time.Duration(hours) * time.Hour) })
}

// What owners do for a project never makes its word worse, and time alone never makes it better.
func TestWordsAreMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := standings().Draw(t, "standing"), moments().Draw(t, "now")
		if s.Released.After(now) {
			now, s.Released = s.Released, now
		}
		before := rank(s, now)
		if before < 0 {
			t.Fatal("a word that is not listed")
		}
		release := s
		release.Released, release.Majors = now, rapid.SliceOfN(rapid.IntRange(9, 21), 0, 6).Draw(t, "majors of the release")
		build := s
		build.Majors = append(slices.Clone(s.Majors), rapid.IntRange(9, 21).Draw(t, "another major"))
		recommended := s
		recommended.Deprecation = ""
		for name, better := range map[string]health.Standing{"a release": release, "a build": build, "to recommend it again": recommended} {
			if after := rank(better, now); after > before {
				t.Fatalf("%s makes %v into %v", name, health.Words()[before], health.Words()[after])
			}
		}
		later := now.Add(time.Duration(rapid.Int64Range(0, 10*365*24).Draw(t, "hours")) * time.Hour)
		if after := rank(s, later); after < before {
			t.Fatalf("by %s alone it is %v", later, health.Words()[after])
		}
	})
}

// The word stays for a whole day, so that what was told stays true while it is kept, and its sentence does not say the contrary.
func TestVerdictsOfADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := standings().Draw(t, "standing"), moments().Draw(t, "now")
		first := health.Judge(s, now)
		if health.Judge(s, now.Truncate(24*time.Hour).Add(24*time.Hour-1)) != first {
			t.Fatal("it depends on the hour")
		}
		slices.Reverse(s.Majors)
		if health.Judge(s, now) != first {
			t.Fatal("it depends on the order of the majors")
		}
		recent := strings.Contains(first.Why, "within the last 12 months")
		old := strings.Contains(first.Why, "more than 12 months ago")
		if recent != (first.Word == health.Active) || old != slices.Contains([]health.Word{health.Maintained, health.Quiet, health.Outdated}, first.Word) {
			t.Fatalf("%s: %s", first.Word, first.Why)
		}
	})
}
