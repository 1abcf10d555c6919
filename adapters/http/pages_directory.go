package http

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

func categoryPath(slug string) string { return "/categories/" + url.PathEscape(slug) }

func categoryLink(category extension.Category) site.Choice {
	return site.Choice{Text: category.Name, Address: categoryPath(category.Slug), Count: int(category.Projects)}
}

// categoriesPage lists the categories.
func (h *handlers) categoriesPage(c echo.Context) (site.View, error) {
	categories, err := h.Catalog.Categories(c.Request().Context())
	if err != nil {
		return nil, err
	}
	view := &site.Categories{Page: h.asked(c)}
	view.Title, view.Path, view.Section, view.API = "Categories", "/categories", "/categories", "/categories/all"
	view.Description = "PostgreSQL extensions by what they are for."
	for _, category := range categories {
		view.List = append(view.List, site.Shelf{Choice: categoryLink(category), Sentence: category.Description})
	}
	return view, nil
}

// categoryPage shows what there is of one kind.
func (h *handlers) categoryPage(c echo.Context) (site.View, error) {
	ctx, slug := c.Request().Context(), pathParam(c, "slug")
	categories, err := h.Catalog.Categories(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(categories, func(category extension.Category) bool { return category.Slug == slug })
	if i < 0 {
		if folded := extension.FoldName(slug); folded != slug {
			return nil, &moved{http.StatusMovedPermanently, categoryPath(folded)}
		}
		_, err := h.Catalog.Category(ctx, slug)
		return nil, err
	}
	category := categories[i]
	path := categoryPath(category.Slug)
	asked, question, err := h.question(c, path, category.Slug)
	if err != nil {
		return nil, err
	}
	found, err := h.Options.Search.Search(ctx, question)
	if err != nil {
		return nil, err
	}
	view := &site.Category{
		Page: h.asked(c), Results: h.results(asked, found, nil), Name: category.Name, Slug: category.Slug, Sentence: category.Description,
	}
	view.Title, view.Description, view.Path, view.Section = category.Name+" extensions", category.Description, path, "/categories"
	view.Feed, view.Pair = "/feeds/categories/"+url.PathEscape(category.Slug), asked.Pair
	view.API = apiSearch(site.Asked{Category: category.Slug})
	view.Follow = h.followLink(ports.Followed{Category: category.Slug})
	view.Breadcrumbs = []site.Link{{Text: "Categories", Address: "/categories"}}
	for _, other := range slices.Delete(slices.Clone(categories), i, i+1) {
		view.Others = append(view.Others, categoryLink(other))
	}
	return view, h.spark(ctx, view.Rows)
}

// ownerPage shows what somebody keeps.
func (h *handlers) ownerPage(c echo.Context) (site.View, error) {
	name := pathParam(c, "name")
	owner, entries, err := h.Catalog.OwnedBy(c.Request().Context(), name)
	if err != nil {
		return nil, err
	}
	if owner.Name != name {
		return nil, &moved{http.StatusMovedPermanently, "/users/" + url.PathEscape(owner.Name)}
	}
	view := &site.Owner{Page: h.asked(c), Name: owner.Name}
	view.Title, view.Path = owner.Name, "/users/"+url.PathEscape(owner.Name)
	view.Description = "PostgreSQL extensions that " + owner.Name + " owns."
	view.API = apiSearch(site.Asked{Owner: owner.Name})
	view.Follow = h.followLink(ports.Followed{Owner: owner.Name})
	for _, entry := range entries {
		row := site.Row{Project: entry.Project.Name}
		if entry.Release.ID != "" {
			row = releaseRow(entry.Release)
		}
		row.Deprecation = entry.Project.Deprecation
		row.Health = string(health.Judge(health.Standing{Deprecation: row.Deprecation, Released: row.Released, Majors: row.Majors}, h.Now()).Word)
		if view.Since.IsZero() || entry.Project.Created.Before(view.Since) {
			view.Since = entry.Project.Created
		}
		if len(entry.Project.Owners) > 1 {
			view.Shared++
		}
		if row.Deprecation != "" {
			view.Deprecated = append(view.Deprecated, row)
		} else {
			view.Projects = append(view.Projects, row)
		}
	}
	// Who owns nothing is nobody's search result.
	view.NoIndex = len(entries) == 0
	return view, nil
}

// pathParam gives a part of the path as it was meant. The framework leaves it escaped where the address was.
func pathParam(c echo.Context, name string) string {
	value := c.Param(name)
	if decoded, err := url.PathUnescape(value); err == nil && strings.Contains(value, "%") {
		return decoded
	}
	return value
}
