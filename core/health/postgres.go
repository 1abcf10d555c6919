package health

import (
	"slices"
	"time"
)

// Major is a PostgreSQL major. It is supported from the day it is released to the day that its last minor release comes.
type Major struct {
	Number         int
	Released, Ends time.Time
}

// Majors are those that builds are still found for, the oldest first, as https://www.postgresql.org/support/versioning/
// has them. A new one comes each autumn and wants a line here; until then a build for it counts as one for a supported
// major whose dates are not known.
func Majors() []Major {
	return []Major{
		{12, date(2019, time.October, 3), date(2024, time.November, 21)},
		{13, date(2020, time.September, 24), date(2025, time.November, 13)},
		{14, date(2021, time.September, 30), date(2026, time.November, 12)},
		{15, date(2022, time.October, 13), date(2027, time.November, 11)},
		{16, date(2023, time.September, 14), date(2028, time.November, 9)},
		{17, date(2024, time.September, 26), date(2029, time.November, 8)},
		{18, date(2025, time.September, 25), date(2030, time.November, 14)},
	}
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// SupportedAt says that the major gets fixes on a day. The day that it ends on is the first one that it does not.
func (m Major) SupportedAt(day time.Time) bool { return !day.Before(m.Released) && day.Before(m.Ends) }

// known finds a major; false for one that is not listed.
func known(number int) (Major, bool) {
	majors := Majors()
	i := slices.IndexFunc(majors, func(m Major) bool { return m.Number == number })
	if i < 0 {
		return Major{}, false
	}
	return majors[i], true
}

// beyond says that a major is newer than all that are listed.
func beyond(number int) bool { return number > Majors()[len(Majors())-1].Number }

// supported says that a major gets fixes on a day, as far as is known.
func supported(number int, day time.Time) bool {
	major, ok := known(number)
	return ok && major.SupportedAt(day) || !ok && beyond(number)
}

// supportedMajors are the listed ones that get fixes on a day.
func supportedMajors(day time.Time) []int {
	var numbers []int
	for _, major := range Majors() {
		if major.SupportedAt(day) {
			numbers = append(numbers, major.Number)
		}
	}
	return numbers
}

// followMonths is how long a project may take to have a build for a new major before it is told that it has none.
const followMonths = 6

// DueMajor is the newest major that a project which is kept has a build for: the newest one that has been out for half a year.
func DueMajor(now time.Time) int {
	due := 0
	for _, major := range Majors() {
		if !now.Before(major.Released.AddDate(0, followMonths, 0)) {
			due = major.Number
		}
	}
	return due
}
