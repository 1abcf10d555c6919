package http

import (
	"context"
	"maps"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/extension"
)

// ListExtensions lists every project with its latest version.
func (h *handlers) ListExtensions(ctx context.Context, _ api.ListExtensionsRequestObject) (api.ListExtensionsResponseObject, error) {
	entries, err := h.Catalog.Entries(ctx)
	body := make([]api.ExtensionSummary, len(entries))
	for i, entry := range entries {
		p, r := entry.Project, entry.Release
		body[i] = api.ExtensionSummary{
			Name: p.Name, LatestVersion: r.Version.String(), Description: nullable(r.Description), Homepage: nullable(r.Homepage),
			Documentation: nullable(r.Documentation), Repository: nullable(r.Repository), License: nullable(r.License),
			CreatedAt: p.Created, UpdatedAt: p.Updated, Owners: ownersOf(p.Owners), Categories: list(p.Categories),
		}
	}
	return api.ListExtensions200JSONResponse{Body: body}, err
}

// GetExtensionDetail lists every version of a project in detail.
func (h *handlers) GetExtensionDetail(ctx context.Context, request api.GetExtensionDetailRequestObject) (api.GetExtensionDetailResponseObject, error) {
	entries, err := h.Catalog.Details(ctx, request.Name, "")
	return api.GetExtensionDetail200JSONResponse{ExtensionDetailsJSONResponse: details(entries)}, err
}

// GetExtensionVersionDetail gives one version of a project in detail.
func (h *handlers) GetExtensionVersionDetail(
	ctx context.Context, request api.GetExtensionVersionDetailRequestObject,
) (api.GetExtensionVersionDetailResponseObject, error) {
	entries, err := h.Catalog.Details(ctx, request.Name, request.Version)
	return api.GetExtensionVersionDetail200JSONResponse{ExtensionDetailsJSONResponse: details(entries)}, err
}

func details(entries []catalog.Entry) api.ExtensionDetailsJSONResponse {
	body := make([]api.ExtensionDetail, len(entries))
	for i, entry := range entries {
		p, r := entry.Project, entry.Release
		body[i] = api.ExtensionDetail{
			Name: p.Name, Version: r.Version.String(), CreatedAt: r.Published, UpdatedAt: r.Updated,
			Description: nullable(r.Description), Homepage: nullable(r.Homepage), Documentation: nullable(r.Documentation),
			Repository: nullable(r.Repository), License: nullable(r.License), Owners: ownersOf(p.Owners),
			Publisher: owner(r.Publisher), SystemDependencies: packages(r.SystemDependencies), Categories: list(p.Categories),
			Libraries: libraries(r.Libraries),
		}
		if len(r.Extensions) > 0 {
			body[i].ExtensionName = &r.Extensions[0].Name
		}
	}
	return api.ExtensionDetailsJSONResponse{Body: body}
}

// packages are never null: a package manager that was given null needs none.
func packages(from map[string][]string) map[string][]string {
	to := maps.Clone(from)
	for manager, names := range to {
		to[manager] = list(names)
	}
	return to
}

func owner(p extension.Person) api.Owner { return api.Owner{UserID: p.ID, UserName: p.Name} }

func ownersOf(people []extension.Person) []api.Owner {
	to := make([]api.Owner, len(people))
	for i, p := range people {
		to[i] = owner(p)
	}
	return to
}

// list is never null.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// ListCategories lists the categories.
func (h *handlers) ListCategories(ctx context.Context, _ api.ListCategoriesRequestObject) (api.ListCategoriesResponseObject, error) {
	categories, err := h.Catalog.Categories(ctx)
	body := make([]api.Category, len(categories))
	for i, c := range categories {
		body[i] = api.Category{Name: c.Name, ID: c.ID, Slug: c.Slug, Description: c.Description, ExtensionCount: c.Projects}
	}
	return api.ListCategories200JSONResponse{Body: body}, err
}

// ListPreloadLibraries lists the libraries that belong into shared_preload_libraries.
func (h *handlers) ListPreloadLibraries(ctx context.Context, _ api.ListPreloadLibrariesRequestObject) (api.ListPreloadLibrariesResponseObject, error) {
	names, err := h.Catalog.PreloadLibraries(ctx)
	return api.ListPreloadLibraries200JSONResponse{Body: list(names)}, err
}
