package health

import (
	"fmt"
	"slices"
	"time"
)

// Word says in one word how a project is kept.
type Word string

// The words, from the best to the worst.
const (
	Active     Word = "active"
	Maintained Word = "maintained"
	Quiet      Word = "quiet"
	Outdated   Word = "outdated"
	Deprecated Word = "deprecated"
	Withdrawn  Word = "withdrawn"
)

// Words lists them in that order.
func Words() []Word { return []Word{Active, Maintained, Quiet, Outdated, Deprecated, Withdrawn} }

// Standing is all that the word depends on. It is no more than what a list of results has of each project, so that a list
// and the project itself never say different words.
type Standing struct {
	// Deprecation is what the owners say instead of recommending the project; "" where they recommend it.
	Deprecation string
	// Released is when the latest version was published: the one that "latest" names. The zero value says that every version was yanked.
	Released time.Time
	// Majors are the PostgreSQL majors that the latest version has builds for, in any order.
	Majors []int
}

// Verdict is a word with the sentence that says why.
type Verdict struct {
	Word Word
	Why  string
}

// recentMonths is how long after a release a project is active.
const recentMonths = 12

// Judge gives the word. Of several that fit it is the worst; and only days count, so that it stays the same for a day.
func Judge(s Standing, now time.Time) Verdict {
	today, released := startOfDay(now), startOfDay(s.Released)
	newest := 0
	for _, major := range s.Majors {
		newest = max(newest, major)
	}
	due := DueMajor(today)
	long := fmt.Sprintf("The latest version was published on %s, more than %d months ago", day(released), recentMonths)
	switch {
	case s.Released.IsZero():
		return Verdict{Withdrawn, "Every version was yanked, so there is nothing to install."}
	case s.Deprecation != "":
		return Verdict{Deprecated, "Its owners say not to use it any more: “" + s.Deprecation + "”"}
	case !today.After(released.AddDate(0, recentMonths, 0)):
		return Verdict{Active, fmt.Sprintf("The latest version was published on %s, within the last %d months.", day(released), recentMonths)}
	case newest >= due && newest > 0:
		return Verdict{Maintained, fmt.Sprintf("%s, and has a build for PostgreSQL %d.", long, newest)}
	case slices.ContainsFunc(s.Majors, func(major int) bool { return supported(major, today) }):
		return Verdict{Quiet, fmt.Sprintf("%s, and has no build for PostgreSQL %d; the newest is for %d.", long, due, newest)}
	case newest == 0:
		return Verdict{Outdated, long + ", and has no build."}
	default:
		return Verdict{Outdated, fmt.Sprintf("%s, and has no build for a PostgreSQL that is still supported; the newest is for %d.", long, newest)}
	}
}

// Explanation says what a word means, and what owners do to change it.
type Explanation struct {
	Word            Word
	Meaning, Remedy string
}

// Explanations explain every word, in the order of Words.
func Explanations() []Explanation {
	return []Explanation{
		{
			Active, fmt.Sprintf("The latest version was published within the last %d months.", recentMonths),
			"Nothing has to be done.",
		},
		{
			Maintained, fmt.Sprintf("The latest version is older than that, and has a build for the newest PostgreSQL major that has been out "+
				"for %d months. Software that is finished looks like this.", followMonths),
			"Nothing has to be done. A build of the same version for the next PostgreSQL major keeps the word.",
		},
		{
			Quiet, "The latest version is older than that and has no such build, though one for a PostgreSQL major that is still supported.",
			"Publish a build of the latest version for the newest PostgreSQL major, or a new version.",
		},
		{
			Outdated, "The latest version is older than that, and none of its builds is for a PostgreSQL major that is still supported.",
			"Publish a build of the latest version for a supported PostgreSQL major, or a new version; or deprecate the project and name what to use instead.",
		},
		{
			Deprecated, "The owners say that it should not be used any more, and why.",
			"Take the deprecation back: under Account, or by POST to undeprecate below the project in the API.",
		},
		{
			Withdrawn, "Every version was yanked.",
			"Publish a new version, or take the yank of one back.",
		},
	}
}

func startOfDay(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.UTC().Truncate(24 * time.Hour)
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }
