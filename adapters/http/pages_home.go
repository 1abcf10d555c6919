package http

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// homeForPeople answers the root with a page where somebody asks for one; programs get the word that they always got.
func (h *handlers) homeForPeople(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		infoOf(c.Request().Context()).header.Add("Vary", "Accept")
		if !prefersHTML(c.Request()) {
			return next(c)
		}
		return h.whole(h.home)(c)
	}
}

// listed is how many there are in each of the home page's lists.
const listed = 6

func (h *handlers) home(c echo.Context) (site.View, error) {
	if slug := c.QueryParam("cat"); slug != "" {
		// Where the old site had its categories.
		return nil, &moved{http.StatusMovedPermanently, categoryPath(slug)}
	}
	ctx := c.Request().Context()
	totals, err := h.Catalog.Totals(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := h.Catalog.Categories(ctx)
	if err != nil {
		return nil, err
	}
	newest, err := h.Catalog.Newest(ctx, listed)
	if err != nil {
		return nil, err
	}
	trending, err := h.trending(ctx)
	if err != nil {
		return nil, err
	}
	view := &site.Home{
		Page: h.asked(c), Trending: trending,
		Majors: totals.Majors, Platforms: platformNames(totals), Projects: totals.Projects, Versions: totals.Versions, Builds: totals.Builds,
		Publish: h.site.NewPublishCommands().Short,
	}
	view.Title = "PostgreSQL extensions, ready to install"
	view.Description = "Find PostgreSQL extensions that are compiled, checked and ready to install, for your PostgreSQL and your platform."
	view.Path, view.Feed, view.API, view.OwnSearch = "/", "/feeds/releases", "/api/v1/trunk-projects", true
	slices.SortStableFunc(categories, func(a, b extension.Category) int { return cmp.Compare(b.Projects, a.Projects) })
	for _, category := range categories[:min(len(categories), listed)] {
		view.Categories = append(view.Categories, categoryLink(category))
	}
	for _, r := range newest {
		row := releaseRow(r)
		// It is new because of what came last, be it another build.
		row.Released = r.Updated
		view.Newest = append(view.Newest, row)
	}
	return view, nil
}

func platformNames(totals ports.CatalogueTotals) []string {
	names := make([]string, len(totals.Platforms))
	for i, platform := range totals.Platforms {
		names[i] = platform.String()
	}
	return names
}

// releaseRow is a version in a list.
func releaseRow(r extension.Release) site.Row {
	row := site.Row{
		Project: r.Project, Version: r.Version.String(), Description: r.Description, License: r.License, Deprecation: r.Deprecation, Released: r.Published,
	}
	for _, e := range r.Extensions {
		if extension.FoldName(e.Name) != extension.FoldName(r.Project) {
			row.Provides = append(row.Provides, e.Name)
		}
	}
	for _, a := range r.Artefacts {
		row.Majors, row.Platforms = addOnce(row.Majors, a.Postgres), addOnce(row.Platforms, a.Platform.String())
	}
	return row
}

func addOnce[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// whole makes the route of a page about all there is. Without a query it is made once for each state of the catalogue, and
// once a day, since it says how long ago things were.
func (h *handlers) whole(handle pageHandler) echo.HandlerFunc {
	serve := h.page(handle)
	return func(c echo.Context) error {
		r, now := c.Request(), h.Now()
		if r.URL.RawQuery != "" {
			return serve(c)
		}
		info := infoOf(r.Context())
		info.page = true
		key := strings.Join([]string{"page", string(info.platform), r.URL.Path}, " ")
		answer, err := h.snapshots.answer(key, now.Format(time.DateOnly), now, func() (kept, error) {
			view, err := handle(c)
			if err != nil {
				return kept{}, err
			}
			return h.rendered(view)
		})
		if err != nil {
			return h.fail(c, err)
		}
		// What it says depends on the day too.
		answer.changed = time.Time{}
		return h.send(c, answer)
	}
}
