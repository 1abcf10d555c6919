package http

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/search"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// chartedVersions is how many versions have a colour of their own; the others share one.
const chartedVersions = 4

const downloadsWord = "downloads"

// statsPage answers how the whole is doing.
func (h *handlers) statsPage(c echo.Context) (site.View, error) {
	ctx := c.Request().Context()
	totals, err := h.Catalog.Totals(ctx)
	if err != nil {
		return nil, err
	}
	found, err := h.Usage.Registry(ctx)
	if err != nil {
		return nil, err
	}
	popular, err := h.Options.Search.Search(ctx, search.Query{Sort: search.ByDownloads, Limit: listed})
	if err != nil {
		return nil, err
	}
	newest, err := h.Catalog.Newest(ctx, listed)
	if err != nil {
		return nil, err
	}
	view := &site.Stats{
		Page: h.asked(c), Projects: totals.Projects, Versions: totals.Versions, Builds: totals.Builds, Majors: totals.Majors,
		Publishers: int(found.Publishers), Total: int(found.Downloads.Total), Recent: int(found.Downloads.Last30),
		Installers: int(found.Installers.Last30), Robots: int(found.Robots.Last30),
		Postgres: shares(found.Majors), Platforms: shares(found.Platforms),
		Chart: chart(found.Weeks, []usage.Series{{Value: downloadsWord, Points: downloadsOf(found.Weeks)}}),
	}
	view.Title, view.Path, view.API, view.Section = "Statistics", "/stats", "/api/v1/stats", "/stats"
	view.Description = "How many PostgreSQL extensions there are here, and how much they are downloaded."
	if len(found.Majors) > 0 {
		newestMajor := found.Majors[0]
		// What the catalogue says is a number.
		view.NewestMajor, _ = strconv.Atoi(newestMajor.Value)
		view.Waiting = int(found.Projects - newestMajor.Projects)
	}
	for _, item := range popular.Items {
		if item.Downloads > 0 {
			view.Popular = append(view.Popular, itemRow(item))
		}
	}
	for _, release := range newest {
		view.Newest = append(view.Newest, releaseRow(release))
	}
	return view, h.spark(ctx, view.Popular)
}

func shares(parts []ports.PartOfRegistry) []site.Share {
	all := 0
	for _, part := range parts {
		all += int(part.Downloads)
	}
	list := make([]site.Share, len(parts))
	for i, part := range parts {
		list[i] = site.Share{Name: part.Value, Downloads: int(part.Downloads), Of: all, Projects: int(part.Projects)}
	}
	return list
}

func downloadsOf(weeks []usage.Point) []int64 {
	counts := make([]int64, len(weeks))
	for i, week := range weeks {
		counts[i] = week.Downloads
	}
	return counts
}

// chart draws weeks, of which the last is not over.
func chart(weeks []usage.Point, series []usage.Series) site.Chart {
	drawn := site.Chart{Of: downloadsWord, Weeks: make([]site.Week, len(weeks))}
	for i, week := range weeks {
		drawn.Weeks[i] = site.Week{Begins: week.From, Running: i == len(weeks)-1, Counts: make([]int, len(series))}
	}
	for k, one := range series {
		name := one.Value
		if one.Other {
			name = "other"
		}
		drawn.Pieces = append(drawn.Pieces, name)
		for i, n := range one.Points {
			drawn.Weeks[i].Counts[k] = int(n)
		}
	}
	return drawn
}

// usageOf tells beside a project how much it is downloaded.
func (h *handlers) usageOf(ctx context.Context, name string) (site.Usage, error) {
	project, weeks, series, err := h.Usage.Recent(ctx, name, chartedVersions)
	if err != nil {
		return site.Usage{}, err
	}
	api := "/api/v1/trunk-projects/" + project.Project
	drawn := chart(weeks, series)
	drawn.API = api + "/downloads?granularity=week&by=version"
	return site.Usage{
		Total: int(project.Downloads.Total), Recent: int(project.Downloads.Last30), Installers: int(project.Installers.Last30),
		Chart: drawn, API: api + "/stats",
	}, nil
}

// spark gives rows the line of their downloads.
func (h *handlers) spark(ctx context.Context, rows []site.Row) error {
	var names []string
	for _, row := range rows {
		if row.Downloads > 0 {
			names = append(names, row.Project)
		}
	}
	if len(names) == 0 {
		return nil
	}
	lines, err := h.Usage.Sparklines(ctx, names)
	for i, row := range rows {
		for _, n := range lines[extension.FoldName(row.Project)] {
			rows[i].Weeks = append(rows[i].Weeks, int(n))
		}
	}
	return err
}

// trending are the projects that grow most, for the home page.
func (h *handlers) trending(ctx context.Context) ([]site.Trend, error) {
	const days = 7
	found, err := h.Usage.Trending(ctx, days, listed)
	if err != nil {
		return nil, err
	}
	rows := make([]site.Row, len(found))
	for i, one := range found {
		rows[i] = site.Row{Project: one.Name, Version: one.Version, Description: one.Description, Downloads: int(one.Downloads)}
	}
	err = h.spark(ctx, rows)
	list := make([]site.Trend, len(found))
	for i, one := range found {
		list[i] = site.Trend{Row: rows[i], Installers: int(one.Installers), Before: int(one.InstallersBefore)}
	}
	return list, err
}
