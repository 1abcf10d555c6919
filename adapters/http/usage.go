package http

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
)

// GetProjectStats tells how much a project is used.
func (h *handlers) GetProjectStats(ctx context.Context, request api.GetProjectStatsRequestObject) (api.GetProjectStatsResponseObject, error) {
	found, err := h.Usage.Project(ctx, request.Name)
	if err != nil {
		return nil, err
	}
	view := api.ProjectStats{
		Project: found.Project, Downloads: windows(found.Downloads), Installers: windows(found.Installers), Robots: windows(found.Robots),
		Trend: api.UsageTrend{Last7Days: growth(found.Of7), Last30Days: growth(found.Of30), Last90Days: growth(found.Of90)},
	}
	if found.Rank > 0 {
		view.Rank = &found.Rank
	}
	return api.GetProjectStats200JSONResponse{Body: view}, nil
}

func windows(from ports.Windows) api.UsageWindows {
	return api.UsageWindows{Total: from.Total, Last7Days: from.Last7, Last30Days: from.Last30, Last90Days: from.Last90}
}

// growth is the share by which a window has more than the one before it; nil where that one has nothing.
func growth(of ports.Comparison) *float64 {
	if of.Before == 0 {
		return nil
	}
	share := fourDigits(float64(of.Now)/float64(of.Before) - 1)
	return &share
}

func fourDigits(n float64) float64 { return math.Round(n*1e4) / 1e4 }

// GetProjectDownloads gives the downloads of a project over time.
func (h *handlers) GetProjectDownloads(
	ctx context.Context, request api.GetProjectDownloadsRequestObject,
) (api.GetProjectDownloadsResponseObject, error) {
	params := request.Params
	asked := usage.Question{Name: request.Name, Period: ports.ByDay}
	var err error
	if asked.From, err = dayOf("from", params.From); err != nil {
		return nil, err
	}
	if asked.To, err = dayOf("to", params.To); err != nil {
		return nil, err
	}
	if params.Granularity != nil {
		asked.Period = ports.Granularity(*params.Granularity)
	}
	if params.By != nil {
		asked.By = ports.UsagePart(*params.By)
	}
	found, err := h.Usage.Downloads(ctx, asked)
	if err != nil {
		return nil, err
	}
	view := api.ProjectDownloads{
		Project: found.Project, From: date(found.From), To: date(found.To), Granularity: api.ProjectDownloadsGranularity(asked.Period),
		By: nullable(string(asked.By)), Downloads: found.Sum.Downloads, Installers: found.Sum.Installers, Robots: found.Sum.Robots,
		Points: usagePoints(found.Points), Series: make([]api.UsageSeries, len(found.Series)),
	}
	for i, one := range found.Series {
		view.Series[i] = api.UsageSeries{Value: nullable(one.Value), Downloads: one.Downloads, Points: one.Points}
	}
	return api.GetProjectDownloads200JSONResponse{Body: view}, nil
}

// dayOf reads a day; the contract has seen to its form, and not to whether there is one.
func dayOf(name string, text *string) (*time.Time, error) {
	if text == nil {
		return nil, nil //nolint:nilnil // none was asked for
	}
	day, err := time.Parse(time.DateOnly, *text)
	if err != nil {
		return nil, invalidRequest().With(fault.Field{Pointer: "/query/" + name, Detail: "There is no such day."}).Because(err)
	}
	return &day, nil
}

func date(day time.Time) openapi_types.Date { return openapi_types.Date{Time: day} }

func usagePoints(from []usage.Point) []api.UsagePoint {
	to := make([]api.UsagePoint, len(from))
	for i, point := range from {
		to[i] = api.UsagePoint{
			From: date(point.From), To: date(point.To), Downloads: point.Downloads, Installers: point.Installers, Robots: point.Robots,
		}
	}
	return to
}

// GetRegistryStats tells how much there is, and how much of it is used.
func (h *handlers) GetRegistryStats(ctx context.Context, _ api.GetRegistryStatsRequestObject) (api.GetRegistryStatsResponseObject, error) {
	totals, err := h.Catalog.Totals(ctx)
	if err != nil {
		return nil, err
	}
	found, err := h.Usage.Registry(ctx)
	if err != nil {
		return nil, err
	}
	view := api.RegistryStats{
		Projects: totals.Projects, Versions: totals.Versions, Builds: totals.Builds, Publishers: found.Publishers,
		Downloads: windows(found.Downloads), Installers: windows(found.Installers), Robots: windows(found.Robots),
		ByPGVersion: registryParts(found.Majors), ByPlatform: registryParts(found.Platforms), Weeks: usagePoints(found.Weeks),
	}
	if len(found.Majors) > 0 {
		newest := found.Majors[0]
		major, err := strconv.Atoi(newest.Value)
		if err != nil {
			return nil, fmt.Errorf("read the newest major: %w", err)
		}
		view.Waiting = &api.WaitingProjects{PGVersion: major, Projects: found.Projects - newest.Projects}
	}
	return api.GetRegistryStats200JSONResponse{Body: view}, nil
}

func registryParts(from []ports.PartOfRegistry) []api.RegistryPart {
	to := make([]api.RegistryPart, len(from))
	for i, part := range from {
		to[i] = api.RegistryPart{Value: part.Value, Projects: part.Projects, Downloads: part.Downloads}
	}
	return to
}

// ListTrending gives the projects that grow most.
func (h *handlers) ListTrending(ctx context.Context, request api.ListTrendingRequestObject) (api.ListTrendingResponseObject, error) {
	window, days := api.TrendingWindowN7D, 7
	if request.Params.Window != nil && string(*request.Params.Window) == string(api.TrendingWindowN30D) {
		window, days = api.TrendingWindowN30D, 30
	}
	limit := defaultLimit
	if request.Params.Limit != nil {
		limit = min(*request.Params.Limit, maxLimit)
	}
	found, err := h.Usage.Trending(ctx, days, limit)
	if err != nil {
		return nil, err
	}
	view := api.Trending{
		Window: window, Items: make([]api.TrendingProject, len(found)),
		Rule: fmt.Sprintf("Growth of installers over the last %d whole days against the %d before, by how far that is from chance.", days, days),
	}
	for i, one := range found {
		view.Items[i] = api.TrendingProject{
			Name: one.Name, Version: one.Version, Description: one.Description, Downloads: one.Downloads,
			Installers: one.Installers, InstallersBefore: one.InstallersBefore, Score: fourDigits(one.Score),
		}
	}
	return api.ListTrending200JSONResponse{Body: view}, nil
}
