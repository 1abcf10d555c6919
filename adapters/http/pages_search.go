package http

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/search"
	"pgtrunk.io/registry/web/site"
)

// searchPage shows what fits a question and its filters.
func (h *handlers) searchPage(c echo.Context) (site.View, error) {
	asked, question, err := h.question(c, "/search", "")
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	found, err := h.Options.Search.Search(ctx, question)
	if err != nil {
		return nil, err
	}
	view := &site.Search{Page: h.asked(c), Results: h.results(asked, found, nil)}
	if err := h.spark(ctx, view.Rows); err != nil {
		return nil, err
	}
	view.Pair, view.OwnSearch, view.NoIndex = asked.Pair, true, true
	view.Title, view.API = view.Heading(), apiSearch(asked)
	view.Description = "Search PostgreSQL extensions that are ready to install."
	if found.DidYouMean != "" {
		if view.DidYouMean, err = h.corrected(ctx, asked, question, found.DidYouMean); err != nil {
			return nil, err
		}
	}
	if len(found.Items) > 0 {
		return view, nil
	}
	if view.Without, err = h.without(ctx, asked, question); err != nil {
		return nil, err
	}
	names, err := h.near(ctx, asked.Text)
	for _, name := range names {
		view.Nearest = append(view.Nearest, site.Link{Text: name, Address: asked.Pair.On("/extensions/" + url.PathEscape(name))})
	}
	return view, err
}

// question reads the address of a page with results. Category, unless "", is the one that the page is about.
//
// Errors: request_invalid, platform_unknown, cursor_invalid, cursor_mismatch.
func (h *handlers) question(c echo.Context, base, category string) (site.Asked, search.Query, error) {
	values := c.QueryParams()
	asked := site.Asked{
		Base: base, Text: strings.TrimSpace(values.Get("q")), Pair: h.asked(c).Pair, Category: values.Get("category"), License: values.Get("license"),
		Owner: values.Get("owner"), Trusted: values.Get("trusted"), Sort: values.Get("sort"), Cursor: values.Get("cursor"),
	}
	question := search.Query{Text: asked.Text, Limit: defaultLimit, Sort: search.Sort(asked.Sort)}
	if category != "" {
		asked.Category = ""
	}
	if err := refuseUnknown(values); err != nil {
		return asked, question, err
	}
	if asked.Sort == "" {
		question.Sort = search.ByRelevance
	}
	question.Filter = search.Filter{
		Category: asked.Category, Postgres: asked.Pair.Postgres, Platform: extension.Platform(asked.Pair.Platform), License: asked.License, Owner: asked.Owner,
	}
	if category != "" {
		question.Filter.Category = category
	}
	if asked.Trusted != "" {
		trusted := asked.Trusted == "true"
		question.Filter.Trusted = &trusted
	}
	if asked.Cursor != "" {
		page, err := pageQuery(asked).page(nil, &asked.Cursor)
		if err != nil {
			return asked, question, err
		}
		question.After = page.After
	}
	return asked, question, nil
}

// refuseUnknown refuses values of parameters that mean nothing. A search that left one out would answer another question.
func refuseUnknown(values url.Values) error {
	refuse := func(name, form string) error {
		return fault.New(fault.RequestInvalid, "%q cannot be the %s. Use %s.", values.Get(name), name, form)
	}
	if major := values.Get("pg_version"); major != "" {
		if n, err := strconv.Atoi(major); err != nil || n <= 0 || n >= 1000 {
			return refuse("pg_version", "a PostgreSQL major such as 17")
		}
	}
	if platform := values.Get("platform"); platform != "" {
		if _, err := extension.ParsePlatform(platform); err != nil {
			return err
		}
	}
	if sort := values.Get("sort"); sort != "" && !slices.Contains(sorts(), search.Sort(sort)) {
		return refuse("sort", "relevance, downloads, recent or name")
	}
	if trusted := values.Get("trusted"); trusted != "" && trusted != "true" && trusted != "false" {
		return refuse("trusted", "true or false")
	}
	return nil
}

func sorts() []search.Sort {
	return []search.Sort{search.ByRelevance, search.ByDownloads, search.ByRecent, search.ByName}
}

// pageQuery is what a cursor of the page is bound to.
func pageQuery(asked site.Asked) query {
	asked.Cursor = ""
	return query{"page", asked.Address()}
}

// results lays out what was found: rows, and every way to narrow or widen it. Names gives the facets' values their names.
func (h *handlers) results(asked site.Asked, found search.Result, names map[string]string) site.Results {
	results := site.Results{
		Asked: asked, Total: found.Total.Value, AtLeast: found.Total.AtLeast, Facets: facets(asked, found.Facets, names), About: found.Facets.About,
	}
	for _, item := range found.Items {
		row := itemRow(item)
		row.Health = string(h.healthOf(item))
		results.Rows = append(results.Rows, row)
	}
	for _, sort := range sorts() {
		other := asked
		other.Cursor, other.Sort = "", string(sort)
		current := asked.Sort == string(sort)
		if sort == search.ByRelevance {
			other.Sort, current = "", asked.Sort == "" || current
		}
		text := string(sort)
		if sort == search.ByRelevance && asked.Text == "" {
			text = "best"
		}
		results.Sorts = append(results.Sorts, site.Choice{Text: text, Address: other.Address(), Current: current})
	}
	page := asked
	if asked.Cursor != "" {
		page.Cursor = ""
		results.First = page.Address()
	}
	if found.Next != "" {
		page.Cursor = orEmpty(pageQuery(asked).cursor(found.Next))
		results.Next = page.Address()
	}
	return results
}

func itemRow(item search.Item) site.Row {
	row := site.Row{
		Project: item.Project, Version: item.Version, Description: item.Description, License: item.License, Trusted: item.Trusted,
		Deprecation: item.Deprecation, Released: item.Released, Downloads: int(item.Downloads),
	}
	for _, name := range item.Extensions {
		if extension.FoldName(name) != extension.FoldName(item.Project) {
			row.Provides = append(row.Provides, name)
		}
	}
	for _, fragment := range item.Snippet {
		row.Snippet = append(row.Snippet, site.Fragment(fragment))
	}
	for _, build := range item.Builds {
		row.Majors, row.Platforms = addOnce(row.Majors, build.Postgres), addOnce(row.Platforms, build.Platform.String())
	}
	return row
}

// facets are the filters with their values as links: one that is in force takes itself back.
func facets(asked site.Asked, counts search.Facets, names map[string]string) []site.Facet {
	asked.Cursor = ""
	var list []site.Facet
	add := func(name, current string, values []search.Count, text func(string) string, set func(*site.Asked, string)) {
		facet := site.Facet{Name: name}
		for _, value := range values {
			other := asked
			chosen := value.Value == current
			if chosen {
				set(&other, "")
			} else {
				set(&other, value.Value)
			}
			facet.Values = append(facet.Values, site.Choice{Text: text(value.Value), Address: other.Address(), Count: value.Projects, Current: chosen})
		}
		if len(facet.Values) > 0 {
			list = append(list, facet)
		}
	}
	same := func(value string) string { return value }
	major := ""
	if asked.Pair.Postgres != 0 {
		major = strconv.Itoa(asked.Pair.Postgres)
	}
	add("PostgreSQL", major, counts.Postgres, same, func(a *site.Asked, v string) { a.Pair.Postgres, _ = strconv.Atoi(v) })
	add("Platform", asked.Pair.Platform, counts.Platform, same, func(a *site.Asked, v string) { a.Pair.Platform = v })
	if asked.Base == "/search" {
		add("Category", asked.Category, counts.Category, func(slug string) string {
			if name := names[slug]; name != "" {
				return name
			}
			return strings.ReplaceAll(slug, "_", " ")
		}, func(a *site.Asked, v string) { a.Category = v })
	}
	add("Licence", asked.License, counts.License, same, func(a *site.Asked, v string) { a.License = v })
	add("Owner", asked.Owner, counts.Owner, same, func(a *site.Asked, v string) { a.Owner = v })
	add("Rights", asked.Trusted, counts.Trusted, site.TrustedText, func(a *site.Asked, v string) { a.Trusted = v })
	return list
}

// counted tells how much a search gives.
func (h *handlers) counted(ctx context.Context, question search.Query) (int, error) {
	question.After, question.Limit = "", 1
	found, err := h.Options.Search.Search(ctx, question)
	return found.Total.Value, err
}

// corrected is the search with its words put right, and how much that gives.
func (h *handlers) corrected(ctx context.Context, asked site.Asked, question search.Query, text string) (site.Choice, error) {
	asked.Text, asked.Cursor, question.Text = text, "", text
	count, err := h.counted(ctx, question)
	return site.Choice{Text: text, Address: asked.Address(), Count: count}, err
}

// without gives the searches with one filter less that find something.
func (h *handlers) without(ctx context.Context, asked site.Asked, question search.Query) ([]site.Choice, error) {
	var list []site.Choice
	for _, drop := range []struct {
		set   bool
		text  string
		asked func(*site.Asked)
		query func(*search.Filter)
	}{
		{
			asked.Pair.Postgres != 0, "without PostgreSQL " + strconv.Itoa(asked.Pair.Postgres),
			func(a *site.Asked) { a.Pair.Postgres = 0 }, func(f *search.Filter) { f.Postgres = 0 },
		},
		{asked.Pair.Platform != "", "without " + asked.Pair.Platform, func(a *site.Asked) { a.Pair.Platform = "" }, func(f *search.Filter) { f.Platform = "" }},
		{asked.Category != "", "without the category", func(a *site.Asked) { a.Category = "" }, func(f *search.Filter) { f.Category = "" }},
		{asked.License != "", "without the licence", func(a *site.Asked) { a.License = "" }, func(f *search.Filter) { f.License = "" }},
		{asked.Owner != "", "of other owners too", func(a *site.Asked) { a.Owner = "" }, func(f *search.Filter) { f.Owner = "" }},
		{asked.Trusted != "", "whatever the rights", func(a *site.Asked) { a.Trusted = "" }, func(f *search.Filter) { f.Trusted = nil }},
	} {
		if !drop.set {
			continue
		}
		less, fewer := asked, question
		less.Cursor = ""
		drop.asked(&less)
		drop.query(&fewer.Filter)
		count, err := h.counted(ctx, fewer)
		if err != nil {
			return nil, err
		}
		if count > 0 {
			list = append(list, site.Choice{Text: drop.text, Address: less.Address(), Count: count})
		}
	}
	return list, nil
}

// nearby is how many projects are named where nothing was found.
const nearby = 5

// near gives the names of projects that come close to what found nothing: to all the words, or else to each for itself.
func (h *handlers) near(ctx context.Context, text string) ([]string, error) {
	texts := []string{text}
	if words := strings.Fields(text); len(words) > 1 {
		const tried = 3
		texts = append(texts, words[:min(len(words), tried)]...)
	}
	var names []string
	for _, text := range texts {
		if text == "" || len(names) >= nearby {
			continue
		}
		found, err := h.Options.Search.Search(ctx, search.Query{Text: text, Sort: search.ByRelevance, Limit: nearby})
		if err != nil {
			return nil, err
		}
		for _, item := range found.Items {
			names = addOnce(names, item.Project)
		}
	}
	return names[:min(len(names), nearby)], nil
}

// apiSearch is the same search in the API.
func apiSearch(asked site.Asked) string {
	asked.Base, asked.Cursor = "/api/v1/search", ""
	return asked.Address()
}
