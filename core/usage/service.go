package usage

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service tells how much was used.
type Service struct {
	Usage ports.Usage
	Now   ports.Clock
}

const (
	// MostPoints bounds the periods of one answer.
	MostPoints = 400
	// mostSeries bounds the values that are told apart in one answer; the rest is summed.
	mostSeries = 20
	// byDefault is how many days an answer covers that is asked for without any.
	byDefault = 90
	// weeks is how many weeks are shown where nobody asked for any, the current one included.
	weeks = 13
)

// Project gives the windows of a project.
//
// Errors: project_unknown, database_unavailable.
func (s *Service) Project(ctx context.Context, name string) (ports.ProjectUsage, error) {
	return s.Usage.ProjectUsage(ctx, extension.FoldName(name))
}

// Question asks for the downloads of a project.
type Question struct {
	Name string
	// From and To are days, both included; nil is for the last 90 days up to today.
	From, To *time.Time
	Period   ports.Granularity
	// By is the part that is told apart, "" for none; Most how many values of it, 0 for 20, the rest in one.
	By   ports.UsagePart
	Most int
}

// Answer are the downloads of a project.
type Answer struct {
	// Project is the canonical spelling of the name.
	Project  string
	From, To time.Time
	// Points has every period, also those in which nothing was counted.
	Points []Point
	// Series has a value of the part each, that with the most downloads first, and Other at the end where there are more.
	Series []Series
	// Sum is that of all points.
	Sum ports.UsagePeriod
}

// Point is what was counted from a day to another, both included.
type Point struct {
	From, To                      time.Time
	Downloads, Installers, Robots int64
}

// Series are the downloads of one value, of each point.
type Series struct {
	Value string
	// Other says that these are all values that have no series of their own.
	Other     bool
	Downloads int64
	Points    []int64
}

// Downloads gives the downloads of a project.
//
// Errors: request_invalid, project_unknown, database_unavailable.
func (s *Service) Downloads(ctx context.Context, asked Question) (Answer, error) {
	answer := Answer{To: ports.Day(s.Now())}
	if asked.To != nil {
		answer.To = *asked.To
	}
	answer.From = answer.To.AddDate(0, 0, 1-byDefault)
	if asked.From != nil {
		answer.From = *asked.From
	}
	var err error
	if answer.Points, err = points(answer.From, answer.To, asked.Period); err != nil {
		return Answer{}, err
	}
	project, err := s.Project(ctx, asked.Name)
	if err != nil {
		return Answer{}, err
	}
	answer.Project = project.Project
	span := ports.UsageSpan{From: answer.From, To: answer.To, Period: asked.Period}
	periods, err := s.Usage.UsagePeriods(ctx, extension.FoldName(asked.Name), span)
	if err != nil {
		return Answer{}, err
	}
	answer.Sum = fill(answer.Points, asked.Period, periods)
	if asked.By == "" {
		return answer, nil
	}
	parts, err := s.Usage.UsageParts(ctx, extension.FoldName(asked.Name), asked.By, span)
	answer.Series = series(answer.Points, asked.Period, parts, cmp.Or(asked.Most, mostSeries))
	return answer, err
}

// Recent gives the windows of a project, and its downloads in each of the last 13 weeks by version: those of the most
// downloaded ones, and of all others.
//
// Errors: project_unknown, database_unavailable.
func (s *Service) Recent(ctx context.Context, name string, versions int) (ports.ProjectUsage, []Point, []Series, error) {
	span := s.lastWeeks()
	weeks, err := points(span.From, span.To, span.Period)
	if err != nil {
		return ports.ProjectUsage{}, nil, nil, err
	}
	project, err := s.Project(ctx, name)
	if err != nil || project.Downloads.Total == 0 {
		return project, weeks, nil, err
	}
	parts, err := s.Usage.UsageParts(ctx, extension.FoldName(name), ports.PartVersion, span)
	return project, weeks, series(weeks, span.Period, parts, versions), err
}

// Sparklines gives the downloads of projects in each of the last 13 whole weeks, under their folded names; of none for a
// project without any. A line that ends in a week that has just begun would always end in a fall.
//
// Errors: database_unavailable.
func (s *Service) Sparklines(ctx context.Context, names []string) (map[string][]int64, error) {
	span := s.lastWeeks()
	span.From, span.To = span.From.AddDate(0, 0, -7), begin(span.To, ports.ByWeek).AddDate(0, 0, -1)
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = extension.FoldName(name)
	}
	found, err := s.Usage.UsageOfProjects(ctx, folded, span)
	lines := make(map[string][]int64, len(found))
	for name, periods := range found {
		line := make([]int64, weeks)
		for _, period := range periods {
			line[int(period.Begins.Sub(span.From).Hours())/(7*24)] += period.Downloads
		}
		lines[name] = line
	}
	return lines, err
}

func (s *Service) lastWeeks() ports.UsageSpan {
	today := ports.Day(s.Now())
	return ports.UsageSpan{From: begin(today, ports.ByWeek).AddDate(0, 0, -7*(weeks-1)), To: today, Period: ports.ByWeek}
}

// Registry is how much the registry as a whole is used.
type Registry struct {
	ports.RegistryUsage

	// Weeks has each of the last 13 weeks.
	Weeks []Point
}

// Registry gives how much the registry as a whole is used.
//
// Errors: database_unavailable.
func (s *Service) Registry(ctx context.Context) (Registry, error) {
	span := s.lastWeeks()
	usage, err := s.Usage.RegistryUsage(ctx, ports.Day(s.Now()), span)
	if err != nil {
		return Registry{}, err
	}
	registry := Registry{RegistryUsage: usage}
	if registry.Weeks, err = points(span.From, span.To, span.Period); err != nil {
		return Registry{}, err
	}
	fill(registry.Weeks, span.Period, usage.Periods)
	// The newest major first, as everywhere.
	slices.SortFunc(registry.Majors, func(a, b ports.PartOfRegistry) int { return cmp.Compare(number(b.Value), number(a.Value)) })
	slices.SortFunc(registry.Platforms, func(a, b ports.PartOfRegistry) int { return cmp.Compare(a.Value, b.Value) })
	return registry, nil
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// Trending gives the projects that grow most over a window of 7 or of 30 days.
//
// Errors: database_unavailable.
func (s *Service) Trending(ctx context.Context, days, limit int) ([]ports.TrendingProject, error) {
	return s.Usage.TrendingProjects(ctx, days, limit)
}

// begin gives the first day of the period that a day is in.
func begin(day time.Time, period ports.Granularity) time.Time {
	switch period {
	case ports.ByMonth:
		return day.AddDate(0, 0, 1-day.Day())
	case ports.ByWeek:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case ports.ByDay:
	}
	return day
}

// after gives the first day of the next period.
func after(begin time.Time, period ports.Granularity) time.Time {
	switch period {
	case ports.ByMonth:
		return begin.AddDate(0, 1, 0)
	case ports.ByWeek:
		return begin.AddDate(0, 0, 7)
	case ports.ByDay:
	}
	return begin.AddDate(0, 0, 1)
}

// points are the periods from a day to another; the first and the last may be cut.
//
// Errors: request_invalid where that is none, or too many.
func points(from, to time.Time, period ports.Granularity) ([]Point, error) {
	if to.Before(from) {
		return nil, fault.New(fault.RequestInvalid, "The days end before they begin. Give a `to` that is not before `from`.").
			With(fault.Field{Pointer: "/query/to", Detail: "This is before " + from.Format(time.DateOnly) + "."})
	}
	var all []Point
	for first := begin(from, period); !first.After(to); first = after(first, period) {
		if len(all) == MostPoints {
			return nil, fault.New(fault.RequestInvalid, "That is more than %d points. Ask for fewer days, or for weeks or months.", MostPoints).
				With(fault.Field{Pointer: "/query/from", Detail: "This is too long before " + to.Format(time.DateOnly) + "."})
		}
		point := Point{From: first, To: after(first, period).AddDate(0, 0, -1)}
		if point.From.Before(from) {
			point.From = from
		}
		if point.To.After(to) {
			point.To = to
		}
		all = append(all, point)
	}
	return all, nil
}

// places tells which point a period is, by its first day.
func places(all []Point, period ports.Granularity) map[time.Time]int {
	at := make(map[time.Time]int, len(all))
	for i, point := range all {
		at[begin(point.From, period)] = i
	}
	return at
}

// fill puts what was counted into the points, and gives its sum.
func fill(all []Point, period ports.Granularity, periods []ports.UsagePeriod) (sum ports.UsagePeriod) {
	at := places(all, period)
	for _, counted := range periods {
		i, ok := at[counted.Begins]
		if !ok {
			continue
		}
		all[i].Downloads, all[i].Installers, all[i].Robots = counted.Downloads, counted.Installers, counted.Robots
		sum.Downloads += counted.Downloads
		sum.Installers += counted.Installers
		sum.Robots += counted.Robots
	}
	return sum
}

// series makes a series of each value that has the most downloads, and one of the rest.
func series(all []Point, period ports.Granularity, parts []ports.PartOfUsage, most int) []Series {
	at := places(all, period)
	byValue := map[string]*Series{}
	var order []*Series
	for _, part := range parts {
		one := byValue[part.Value]
		if one == nil {
			one = &Series{Value: part.Value, Points: make([]int64, len(all))}
			byValue[part.Value], order = one, append(order, one)
		}
		if i, ok := at[part.Begins]; ok {
			one.Points[i] += part.Downloads
			one.Downloads += part.Downloads
		}
	}
	slices.SortStableFunc(order, func(a, b *Series) int { return cmp.Compare(b.Downloads, a.Downloads) })
	var list []Series
	for i, one := range order {
		switch {
		case i < most:
			list = append(list, *one)
		case i == most:
			list = append(list, Series{Other: true, Downloads: one.Downloads, Points: one.Points})
		default:
			other := &list[most]
			other.Downloads += one.Downloads
			for k, n := range one.Points {
				other.Points[k] += n
			}
		}
	}
	return list
}
