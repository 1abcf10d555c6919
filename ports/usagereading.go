package ports

import (
	"context"
	"time"
)

// Usage reads how much was used, as of the last refresh where it says so. Projects are as extension.FoldName gives them, days
// as Day does, and every method may return database_unavailable.
type Usage interface {
	// ProjectUsage gives the windows of a project, as of the last refresh.
	//
	// Errors: project_unknown.
	ProjectUsage(ctx context.Context, project string) (ProjectUsage, error)
	// UsagePeriods gives what was counted for a project in each period in which anything was, in order.
	UsagePeriods(ctx context.Context, project string, span UsageSpan) ([]UsagePeriod, error)
	// UsageParts gives the same for each value of a part, by value and period.
	UsageParts(ctx context.Context, project string, part UsagePart, span UsageSpan) ([]PartOfUsage, error)
	// UsageOfProjects gives downloads for each of some projects and period in which there were any, in order.
	UsageOfProjects(ctx context.Context, projects []string, span UsageSpan) (map[string][]UsagePeriod, error)
	// RegistryUsage gives how much was used of the registry as a whole, as of the last refresh: windows and parts up to today,
	// periods of a span.
	RegistryUsage(ctx context.Context, today time.Time, span UsageSpan) (RegistryUsage, error)
	// TrendingProjects gives the projects that grow most over a window of 7 or of 30 days, as of the last refresh.
	TrendingProjects(ctx context.Context, days, limit int) ([]TrendingProject, error)
}

// Granularity is how long a period is.
type Granularity string

// The granularities. Weeks are those of ISO 8601, which begin on Mondays.
const (
	ByDay   Granularity = "day"
	ByWeek  Granularity = "week"
	ByMonth Granularity = "month"
)

// UsagePart is by what counts are told apart.
type UsagePart string

// The parts.
const (
	PartVersion  UsagePart = "version"
	PartPostgres UsagePart = "pg_version"
	PartPlatform UsagePart = "platform"
)

// UsageSpan are the days from one to another, both included, in periods.
type UsageSpan struct {
	From, To time.Time
	Period   Granularity
}

// UsagePeriod is what was counted in a period. Begins is its first day, be that within the span or not.
type UsagePeriod struct {
	Begins                        time.Time
	Downloads, Installers, Robots int64
}

// PartOfUsage are the downloads of one value of a part in a period.
type PartOfUsage struct {
	Value     string
	Begins    time.Time
	Downloads int64
}

// Windows are sums over all time, and over the last days up to today.
type Windows struct{ Total, Last7, Last30, Last90 int64 }

// Comparison are the sums of a window of whole days and of the one before it.
type Comparison struct{ Now, Before int64 }

// ProjectUsage is how much a project is used.
type ProjectUsage struct {
	// Project is the canonical spelling of its name.
	Project                       string
	Downloads, Installers, Robots Windows
	// Of7, Of30 and Of90 compare downloads.
	Of7, Of30, Of90 Comparison
	// Rank is the place by the downloads of 30 days, 0 for none.
	Rank int64
}

// RegistryUsage is how much the registry is used.
type RegistryUsage struct {
	Downloads, Installers, Robots Windows
	Periods                       []UsagePeriod
	// Majors and Platforms are in no order, with the downloads of the last 30 days.
	Majors, Platforms []PartOfRegistry
	// Projects is how many have a version that can be installed, as of when those of the parts were counted; Publishers is how
	// many accounts have published what can be.
	Projects, Publishers int64
}

// PartOfRegistry is how much there is for a PostgreSQL major or a platform.
type PartOfRegistry struct {
	Value string
	// Projects is how many have it in their latest version.
	Projects, Downloads int64
}

// TrendingProject is a project that grows.
type TrendingProject struct {
	Name, Version, Description string
	// Downloads and Installers are those of the window's whole days, InstallersBefore of as many days before it.
	Downloads, Installers, InstallersBefore int64
	// Score is by how many standard deviations the growth of installers is more than chance.
	Score float64
}
