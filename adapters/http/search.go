package http

import (
	"context"
	"slices"
	"strconv"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/search"
)

// Search answers a question.
func (h *handlers) Search(ctx context.Context, request api.SearchRequestObject) (api.SearchResponseObject, error) {
	asked := searchQuery(request.Params)
	if asked.Filter.Platform == "" {
		asked.Filter.Platform = infoOf(ctx).platform
	}
	q := searchIdentity(asked)
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	asked.Limit, asked.After = page.Limit-1, page.After
	result, err := h.Options.Search.Search(ctx, asked)
	if err != nil {
		return nil, err
	}
	view := api.SearchResult{
		Items: make([]api.SearchItem, len(result.Items)), Facets: searchFacets(result.Facets),
		Total:      api.SearchTotal{Value: result.Total.Value, Relation: api.SearchTotalRelationEq},
		DidYouMean: nullable(result.DidYouMean), NextCursor: q.cursor(result.Next),
	}
	if result.Total.AtLeast {
		view.Total.Relation = api.SearchTotalRelationGte
	}
	for i, found := range result.Items {
		view.Items[i] = searchItem(found)
		view.Items[i].Health = api.HealthWord(h.healthOf(found))
	}
	return api.Search200JSONResponse{Body: view}, nil
}

func searchQuery(params api.SearchParams) search.Query {
	asked := search.Query{Text: orEmpty(params.Q), Sort: search.ByRelevance, Filter: search.Filter{
		Category: orEmpty(params.Category), License: orEmpty(params.License), Owner: orEmpty(params.Owner), Trusted: params.Trusted,
	}}
	if params.PGVersion != nil {
		asked.Filter.Postgres = *params.PGVersion
	}
	if params.Platform != nil {
		asked.Filter.Platform = extension.Platform(*params.Platform)
	}
	if params.Sort != nil {
		asked.Sort = search.Sort(*params.Sort)
	}
	return asked
}

// searchIdentity is everything that decides what is in a list of answers.
func searchIdentity(asked search.Query) query {
	trusted := ""
	if asked.Filter.Trusted != nil {
		trusted = strconv.FormatBool(*asked.Filter.Trusted)
	}
	f := asked.Filter
	return query{"search", asked.Text, string(asked.Sort), f.Category, strconv.Itoa(f.Postgres), string(f.Platform), f.License, f.Owner, trusted}
}

func searchItem(found search.Item) api.SearchItem {
	view := api.SearchItem{
		Name: found.Project, Extensions: list(found.Extensions), Version: found.Version, Description: found.Description,
		Snippet: []api.SearchFragment{}, Categories: list(found.Categories), PostgresVersions: []int{}, Platforms: []api.Platform{},
		License: found.License, Owners: list(found.Owners), Trusted: found.Trusted, Deprecated: nullable(found.Deprecation),
		ReleasedAt: found.Released, Downloads: found.Downloads,
	}
	for _, fragment := range found.Snippet {
		view.Snippet = append(view.Snippet, api.SearchFragment{Text: fragment.Text, Hit: fragment.Hit})
	}
	for _, b := range found.Builds {
		if !slices.Contains(view.PostgresVersions, b.Postgres) {
			view.PostgresVersions = append(view.PostgresVersions, b.Postgres)
		}
		if platform := api.Platform(b.Platform); !slices.Contains(view.Platforms, platform) {
			view.Platforms = append(view.Platforms, platform)
		}
	}
	return view
}

func searchFacets(facets search.Facets) api.SearchFacets {
	view := api.SearchFacets{
		Category: facetCounts(facets.Category), PGVersion: facetCounts(facets.Postgres), Platform: facetCounts(facets.Platform),
		License: facetCounts(facets.License), Owner: facetCounts(facets.Owner), Trusted: facetCounts(facets.Trusted),
		Relation: api.SearchFacetsRelationEq,
	}
	if facets.About {
		view.Relation = api.SearchFacetsRelationAbout
	}
	return view
}

func facetCounts(from []search.Count) []api.FacetCount {
	to := make([]api.FacetCount, len(from))
	for i, count := range from {
		to[i] = api.FacetCount{Value: count.Value, Count: count.Projects}
	}
	return to
}

// Suggest completes what somebody types.
func (h *handlers) Suggest(ctx context.Context, request api.SuggestRequestObject) (api.SuggestResponseObject, error) {
	suggestions, err := h.Options.Search.Suggest(ctx, request.Params.Q)
	items := make([]api.Suggestion, len(suggestions))
	for i, s := range suggestions {
		items[i] = api.Suggestion{Text: s.Text, Project: s.Project, Description: s.Description}
	}
	return api.Suggest200JSONResponse{Body: api.Suggestions{Items: items}}, err
}
