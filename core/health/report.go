package health

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Name names a fact.
type Name string

// The facts, in the order of a report.
const (
	LastRelease       Name = "last_release"
	ReleasesLastYear  Name = "releases_last_12_months"
	ReleasesAYear     Name = "releases_a_year"
	NewestPostgres    Name = "newest_postgres"
	PostgresDelay     Name = "postgres_delay_days"
	SupportedPostgres Name = "supported_postgres"
	Platforms         Name = "platforms"
	YankedShare       Name = "yanked_share"
	Deprecation       Name = "deprecated"
	HasReadme         Name = "readme"
	License           Name = "license"
	Owners            Name = "owners"
)

// Names lists them.
func Names() []Name {
	return []Name{
		LastRelease, ReleasesLastYear, ReleasesAYear, NewestPostgres, PostgresDelay, SupportedPostgres, Platforms, YankedShare, Deprecation,
		HasReadme, License, Owners,
	}
}

// Fact is something that can be checked.
type Fact struct {
	Name Name
	// Value is an int, a float64, a string or a bool; nil where there is nothing to tell, which the sentence explains.
	Value any
	// At is when what the fact tells of happened; zero where it is about no moment.
	At time.Time
	// Sentence says the same in words.
	Sentence string
}

// Report is the health of a project on a day.
type Report struct {
	Verdict

	Project string
	// Day is the one that it was made on.
	Day time.Time
	// Facts has one of each name.
	Facts []Fact
}

// Basis is what a report is made of.
type Basis struct {
	Project extension.Project
	// Releases are all versions that were not deleted, in any order.
	Releases []extension.Release
	// Readme says that there is one.
	Readme bool
}

// Of makes the report. What was yanked counts as yanked and for nothing else.
func Of(b Basis, now time.Time) Report {
	s := subject{Basis: b, today: startOfDay(now)}
	s.latest, s.offered = extension.Latest(b.Releases)
	for _, r := range b.Releases {
		if r.Yanked() {
			s.yanked = append(s.yanked, r)
		} else {
			s.there = append(s.there, r)
		}
	}
	standing := Standing{Deprecation: b.Project.Deprecation}
	if s.offered {
		standing.Released = s.latest.Published
		for _, a := range s.latest.Artefacts {
			standing.Majors = append(standing.Majors, a.Postgres)
		}
		s.majors = slices.Compact(slices.Sorted(slices.Values(standing.Majors)))
	}
	return Report{
		Verdict: Judge(standing, now), Project: b.Project.Name, Day: s.today,
		Facts: []Fact{
			s.lastRelease(), s.lastYear(), s.aYear(), s.newestPostgres(), s.delay(), s.coverage(), s.platforms(), s.yanks(), s.deprecation(),
			s.readme(), s.license(), s.owners(),
		},
	}
}

// subject is a project as the facts see it.
type subject struct {
	Basis

	today time.Time
	// latest is what "latest" names, where offered says that there is one; majors are those of its builds.
	latest  extension.Release
	offered bool
	majors  []int
	// yanked and there are the releases apart.
	yanked, there []extension.Release
}

func (s subject) lastRelease() Fact {
	if !s.offered {
		return Fact{Name: LastRelease, Sentence: "No version is offered."}
	}
	return Fact{LastRelease, s.latest.Version.String(), s.latest.Published, fmt.Sprintf("The latest version, %s, was published on %s, %s.",
		s.latest.Version, day(s.latest.Published), since(startOfDay(s.latest.Published), s.today))}
}

func (s subject) lastYear() Fact {
	from, count, last := s.today.AddDate(-1, 0, 0), 0, time.Time{}
	for _, r := range s.there {
		if !startOfDay(r.Published).Before(from) {
			count++
			last = later(last, r.Published)
		}
	}
	if count == 0 {
		return Fact{ReleasesLastYear, 0, last, "No version since " + day(from) + "."}
	}
	return Fact{ReleasesLastYear, count, last, fmt.Sprintf("%s since %s, the last on %s.", plural(count, "version"), day(from), day(last))}
}

// aYear is the rate over all the time that there is to tell it of; less than a year is none.
func (s subject) aYear() Fact {
	first, ok := s.first()
	if !ok {
		return Fact{Name: ReleasesAYear, Sentence: "Without a version that is offered there is no rate."}
	}
	const daysOfYear = 365.25
	years := s.today.Sub(startOfDay(first)).Hours() / 24 / daysOfYear
	if years < 1 {
		return Fact{Name: ReleasesAYear, At: first, Sentence: "First published here on " + day(first) + ": too short a time to tell a steady rate."}
	}
	rate := math.Round(float64(len(s.there))/years*10) / 10
	return Fact{ReleasesAYear, rate, first, fmt.Sprintf("%g %s a year since %s.", rate, word(rate == 1, "release", "releases"), day(first))}
}

// first is when the project was first published, as far as that is still offered.
func (s subject) first() (time.Time, bool) {
	var first time.Time
	for _, r := range s.there {
		if first.IsZero() || r.Published.Before(first) {
			first = r.Published
		}
	}
	return first, !first.IsZero()
}

// newestBuild is the newest major of the latest version, and when the project's first build for it came.
func (s subject) newestBuild() (major int, first time.Time, ok bool) {
	if len(s.majors) == 0 {
		return 0, first, false
	}
	major = s.majors[len(s.majors)-1]
	for _, r := range s.there {
		for _, a := range r.Artefacts {
			if a.Postgres == major && (first.IsZero() || a.Published.Before(first)) {
				first = a.Published
			}
		}
	}
	return major, first, true
}

func (s subject) newestPostgres() Fact {
	number, first, ok := s.newestBuild()
	if !ok {
		return Fact{Name: NewestPostgres, Sentence: "The latest version has no build."}
	}
	major, listed := known(number)
	state := "."
	switch {
	case listed && major.SupportedAt(s.today):
		state = ", supported until " + day(major.Ends) + "."
	case listed && !s.today.Before(major.Ends):
		state = ", out of support since " + day(major.Ends) + "."
	case !listed && !beyond(number):
		state = ", long out of support."
	}
	return Fact{NewestPostgres, number, first, fmt.Sprintf("The newest builds are for PostgreSQL %d%s", number, state)}
}

// delay counts from the major's release, or from the project's first one where that was later: nobody follows what was there before.
func (s subject) delay() Fact {
	number, first, ok := s.newestBuild()
	major, listed := known(number)
	began, _ := s.first()
	came := fmt.Sprintf("First build for PostgreSQL %d on %s", number, day(first))
	switch {
	case !ok:
		return Fact{Name: PostgresDelay, Sentence: "The latest version has no build."}
	case !listed:
		return Fact{Name: PostgresDelay, At: first, Sentence: came + "."}
	case startOfDay(began).After(major.Released):
		days := daysBetween(began, first)
		if days == 0 {
			return Fact{PostgresDelay, days, first, came + ", the day that the project came here."}
		}
		return Fact{PostgresDelay, days, first, came + ", " + span(days, began, first) + " after the project came here."}
	}
	days := daysBetween(major.Released, first)
	switch {
	case days < 0:
		return Fact{PostgresDelay, days, first, came + ", " + span(-days, first, major.Released) + " before its release."}
	case days == 0:
		return Fact{PostgresDelay, days, first, came + ", the day of its release."}
	default:
		return Fact{PostgresDelay, days, first, came + ", " + span(days, major.Released, first) + " after its release."}
	}
}

func (s subject) coverage() Fact {
	want := supportedMajors(s.today)
	var missing []string
	for _, major := range want {
		if !slices.Contains(s.majors, major) {
			missing = append(missing, strconv.Itoa(major))
		}
	}
	there := len(want) - len(missing)
	fact := Fact{Name: SupportedPostgres, Value: there}
	switch {
	case len(missing) == 0:
		fact.Sentence = fmt.Sprintf("Builds for all %d supported PostgreSQL majors.", len(want))
	case there == 0:
		fact.Sentence = "No build for a supported PostgreSQL major."
	default:
		fact.Sentence = fmt.Sprintf("Builds for %d of the %d supported PostgreSQL majors; none for %s.", there, len(want), and(missing))
	}
	return fact
}

func (s subject) platforms() Fact {
	var names []string
	for _, platform := range extension.Platforms() {
		if slices.ContainsFunc(s.latest.Artefacts, func(a extension.Artefact) bool { return a.Platform == platform }) {
			names = append(names, platform.String())
		}
	}
	if len(names) == 0 {
		return Fact{Platforms, 0, time.Time{}, "The latest version has no build."}
	}
	return Fact{Platforms, len(names), time.Time{}, "Builds for " + and(names) + "."}
}

func (s subject) yanks() Fact {
	all := len(s.Releases)
	if len(s.yanked) == 0 {
		return Fact{YankedShare, 0.0, time.Time{}, fmt.Sprintf("No version of %d was yanked.", all)}
	}
	last := slices.MaxFunc(s.yanked, func(a, b extension.Release) int {
		return cmp.Or(a.Yank.At.Compare(b.Yank.At), a.Version.Compare(b.Version))
	})
	share := math.Round(float64(len(s.yanked))/float64(all)*1000) / 1000
	return Fact{YankedShare, share, last.Yank.At, fmt.Sprintf("%d of %s %s yanked, last %s on %s.",
		len(s.yanked), plural(all, "version"), word(len(s.yanked) == 1, "was", "were"), last.Version, day(last.Yank.At))}
}

func (s subject) deprecation() Fact {
	if s.Project.Deprecation == "" {
		return Fact{Deprecation, false, time.Time{}, "Its owners have not deprecated it."}
	}
	return Fact{Deprecation, true, s.Project.Deprecated, "Its owners deprecated it on " + day(s.Project.Deprecated) + "."}
}

func (s subject) readme() Fact {
	return Fact{HasReadme, s.Readme, time.Time{}, "It has " + word(s.Readme, "a", "no") + " README."}
}

func (s subject) license() Fact {
	switch {
	case !s.offered:
		return Fact{Name: License, Sentence: "No version is offered."}
	case s.latest.License == "":
		return Fact{Name: License, Sentence: "The latest version names no licence."}
	}
	return Fact{License, s.latest.License, time.Time{}, "The licence of the latest version is " + s.latest.License + "."}
}

func (s subject) owners() Fact {
	var names []string
	for _, owner := range s.Project.Owners {
		names = append(names, owner.Name)
	}
	sentence := "Nobody owns it."
	if len(names) > 0 {
		sentence = plural(len(names), "owner") + ": " + and(names) + "."
	}
	return Fact{Owners, len(names), time.Time{}, sentence}
}

// Fact gives the fact of a name; every report has each.
func (r Report) Fact(name Name) Fact {
	i := slices.IndexFunc(r.Facts, func(f Fact) bool { return f.Name == name })
	if i < 0 {
		return Fact{Name: name}
	}
	return r.Facts[i]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func daysBetween(from, to time.Time) int {
	return int(startOfDay(to).Sub(startOfDay(from)) / (24 * time.Hour))
}

// since tells how long ago a day was.
func since(then, today time.Time) string {
	days := daysBetween(then, today)
	if days <= 0 {
		return "today"
	}
	return span(days, then, today) + " ago"
}

// span tells a time in words, rounded down and never to less than two of its unit: "1 year" could be nearly two.
func span(days int, from, to time.Time) string {
	from, to = startOfDay(from), startOfDay(to)
	months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		months--
	}
	switch {
	case days < 14:
		return plural(days, "day")
	case days < 70:
		return plural(days/7, "week")
	case months < 24:
		return plural(months, "month")
	case months%12 == 0:
		return plural(months/12, "year")
	default:
		return plural(months/12, "year") + " " + plural(months%12, "month")
	}
}

func plural(n int, thing string) string {
	return strconv.Itoa(n) + " " + thing + word(n == 1, "", "s")
}

func word(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// and joins names as a sentence does.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
