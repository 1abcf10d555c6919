package postgres

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

var _ ports.Usage = (*Store)(nil)

// ProjectUsage gives the windows of a project.
func (s *Store) ProjectUsage(ctx context.Context, project string) (ports.ProjectUsage, error) {
	row, err := s.queries.ProjectUsage(ctx, project)
	if err != nil {
		return ports.ProjectUsage{}, notFound(err, unknownProject(project))
	}
	usage := ports.ProjectUsage{
		Project:    row.Name,
		Downloads:  ports.Windows{Total: row.Downloads, Last7: row.Downloads7, Last30: row.Downloads30, Last90: row.Downloads90},
		Installers: ports.Windows{Total: row.Installers, Last7: row.Installers7, Last30: row.Installers30, Last90: row.Installers90},
		Robots:     ports.Windows{Total: row.Robots, Last7: row.Robots7, Last30: row.Robots30, Last90: row.Robots90},
		Of7:        ports.Comparison{Now: row.Downloads7Full, Before: row.Downloads7Before},
		Of30:       ports.Comparison{Now: row.Downloads30Full, Before: row.Downloads30Before},
		Of90:       ports.Comparison{Now: row.Downloads90Full, Before: row.Downloads90Before},
	}
	if row.Rank != nil {
		usage.Rank = *row.Rank
	}
	return usage, nil
}

// UsagePeriods gives what was counted for a project in each period.
func (s *Store) UsagePeriods(ctx context.Context, project string, span ports.UsageSpan) ([]ports.UsagePeriod, error) {
	rows, err := s.queries.UsagePeriods(ctx, string(span.Period), project, span.From, span.To)
	return each(rows, func(row sqlcgen.UsagePeriodsRow) ports.UsagePeriod {
		return usagePeriod(sqlcgen.RegistryPeriodsRow(row))
	}), interpret(err)
}

func usagePeriod(row sqlcgen.RegistryPeriodsRow) ports.UsagePeriod {
	return ports.UsagePeriod{Begins: ports.Day(row.Begins), Downloads: row.Downloads, Installers: row.Installers, Robots: row.Robots}
}

// UsageParts gives the same for each value of a part.
func (s *Store) UsageParts(ctx context.Context, project string, part ports.UsagePart, span ports.UsageSpan) ([]ports.PartOfUsage, error) {
	rows, err := s.queries.UsageParts(ctx, sqlcgen.UsagePartsParams{
		Part: string(part), Period: string(span.Period), Project: project, FirstDay: span.From, LastDay: span.To,
	})
	return each(rows, func(row sqlcgen.UsagePartsRow) ports.PartOfUsage {
		return ports.PartOfUsage{Value: row.Value, Begins: ports.Day(row.Begins), Downloads: row.Downloads}
	}), interpret(err)
}

// UsageOfProjects gives downloads for each of some projects and period.
func (s *Store) UsageOfProjects(ctx context.Context, projects []string, span ports.UsageSpan) (map[string][]ports.UsagePeriod, error) {
	rows, err := s.queries.UsageOfProjects(ctx, string(span.Period), projects, span.From, span.To)
	usage := make(map[string][]ports.UsagePeriod, len(projects))
	for _, row := range rows {
		usage[row.Folded] = append(usage[row.Folded], ports.UsagePeriod{Begins: ports.Day(row.Begins), Downloads: row.Downloads})
	}
	return usage, interpret(err)
}

// registryWindow is how many days the downloads of a PostgreSQL major or a platform are of.
const registryWindow = 30

// RegistryUsage gives how much was used of the registry as a whole.
func (s *Store) RegistryUsage(ctx context.Context, today time.Time, span ports.UsageSpan) (ports.RegistryUsage, error) {
	row, err := s.queries.RegistryUsage(ctx, today)
	if err != nil {
		return ports.RegistryUsage{}, interpret(err)
	}
	usage := ports.RegistryUsage{
		Downloads:  ports.Windows{Total: row.Downloads, Last7: row.Downloads7, Last30: row.Downloads30, Last90: row.Downloads90},
		Installers: ports.Windows{Total: row.Installers, Last7: row.Installers7, Last30: row.Installers30, Last90: row.Installers90},
		Robots:     ports.Windows{Total: row.Robots, Last7: row.Robots7, Last30: row.Robots30, Last90: row.Robots90},
	}
	periods, err := s.queries.RegistryPeriods(ctx, string(span.Period), span.From, span.To)
	if err != nil {
		return usage, interpret(err)
	}
	usage.Periods = each(periods, usagePeriod)
	parts, err := s.queries.RegistryParts(ctx, today.AddDate(0, 0, 1-registryWindow), today)
	if err != nil {
		return usage, interpret(err)
	}
	for _, part := range parts {
		counted := ports.PartOfRegistry{Value: part.Value, Projects: int64(part.Projects), Downloads: part.Downloads}
		switch part.Part {
		case "pg":
			usage.Majors = append(usage.Majors, counted)
		case "platform":
			usage.Platforms = append(usage.Platforms, counted)
		default:
			usage.Projects = counted.Projects
		}
	}
	usage.Publishers, err = s.queries.PublishersTotal(ctx)
	return usage, interpret(err)
}

// TrendingProjects gives the projects that grow most.
func (s *Store) TrendingProjects(ctx context.Context, days, limit int) ([]ports.TrendingProject, error) {
	if days == 7 {
		rows, err := s.queries.TrendingOfWeek(ctx, int32(limit))
		return each(rows, func(row sqlcgen.TrendingOfWeekRow) ports.TrendingProject {
			return trendingProject(sqlcgen.TrendingOfMonthRow(row))
		}), interpret(err)
	}
	rows, err := s.queries.TrendingOfMonth(ctx, int32(limit))
	return each(rows, trendingProject), interpret(err)
}

func trendingProject(row sqlcgen.TrendingOfMonthRow) ports.TrendingProject {
	return ports.TrendingProject{
		Name: row.Name, Version: row.Version, Description: row.Description, Downloads: row.Downloads,
		Installers: row.Installers, InstallersBefore: row.InstallersBefore, Score: row.Growth,
	}
}
