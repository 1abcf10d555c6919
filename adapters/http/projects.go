package http

import (
	"context"
	"net/url"
	"slices"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/extension"
)

func viewOf(ctx context.Context, all *bool) catalog.View {
	return catalog.View{Platform: infoOf(ctx).platform, All: all != nil && *all}
}

// ListProjects lists the latest version of every project, or the versions that provide an extension.
func (h *handlers) ListProjects(ctx context.Context, request api.ListProjectsRequestObject) (api.ListProjectsResponseObject, error) {
	var releases []extension.Release
	var err error
	if name := request.Params.ExtensionName; name != nil {
		releases, err = h.Catalog.Extension(ctx, *name, viewOf(ctx, request.Params.All))
	} else {
		releases, err = h.Catalog.Latest(ctx, viewOf(ctx, request.Params.All))
	}
	return api.ListProjects200JSONResponse{ProjectsJSONResponse: h.projects(releases)}, err
}

// GetProject lists the versions of a project.
func (h *handlers) GetProject(ctx context.Context, request api.GetProjectRequestObject) (api.GetProjectResponseObject, error) {
	releases, err := h.Catalog.Project(ctx, request.Name, viewOf(ctx, request.Params.All))
	return api.GetProject200JSONResponse{ProjectsJSONResponse: h.projects(releases)}, err
}

// GetProjectVersion gives one version of a project.
func (h *handlers) GetProjectVersion(ctx context.Context, request api.GetProjectVersionRequestObject) (api.GetProjectVersionResponseObject, error) {
	releases, err := h.Catalog.Version(ctx, request.Name, request.Version, viewOf(ctx, nil))
	return api.GetProjectVersion200JSONResponse{ProjectsJSONResponse: h.projects(releases)}, err
}

func (h *handlers) projects(releases []extension.Release) api.ProjectsJSONResponse {
	body := make([]api.ProjectVersion, len(releases))
	for i, release := range releases {
		body[i] = h.projectVersion(release)
	}
	return api.ProjectsJSONResponse{Body: body}
}

func (h *handlers) projectVersion(release extension.Release) api.ProjectVersion {
	view := api.ProjectVersion{
		Name: release.Project, Description: release.Description, DocumentationLink: nullable(release.Documentation),
		RepositoryLink: release.Repository, Version: release.Version.String(), PostgresVersions: []int{},
		Extensions: []api.ProjectExtension{}, Downloads: []api.Download{},
	}
	if yank := release.Yank; yank != nil {
		yanked := true
		view.Yanked, view.YankedReason, view.YankedReplacement = &yanked, nullable(yank.Reason), nullable(yank.Replacement)
	}
	view.Deprecated = nullable(release.Deprecation)
	for _, e := range release.Extensions {
		view.Extensions = append(view.Extensions, projectExtension(release, e))
	}
	for _, a := range release.Artefacts {
		if !slices.Contains(view.PostgresVersions, a.Postgres) {
			view.PostgresVersions = append(view.PostgresVersions, a.Postgres)
		}
		view.Downloads = append(view.Downloads, api.Download{
			Link: h.downloadAddress(release, a), PGVersion: a.Postgres, Platform: api.Platform(a.Platform), SHA256: a.SHA256,
		})
	}
	return view
}

func projectExtension(release extension.Release, e extension.ReleasedExtension) api.ProjectExtension {
	return api.ProjectExtension{
		ExtensionName: e.Name, Version: release.Version.String(), TrunkProjectName: release.Project,
		DependenciesExtensionNames: nullWhenEmpty(e.Dependencies),
		LoadableLibraries:          nullWhenEmpty(libraries(release.Libraries)),
		Configurations:             nullWhenEmpty(configurations(release.Configurations)),
		ControlFile:                &api.ControlFile{Absent: e.ControlFile == nil, Content: e.ControlFile},
	}
}

func libraries(from []extension.LoadableLibrary) []api.LoadableLibrary {
	to := make([]api.LoadableLibrary, len(from))
	for i, library := range from {
		to[i] = api.LoadableLibrary{LibraryName: library.Name, RequiresRestart: library.RequiresRestart, Priority: library.Priority}
	}
	return to
}

func configurations(from []extension.Configuration) []api.Configuration {
	to := make([]api.Configuration, len(from))
	for i, setting := range from {
		to[i] = api.Configuration{ConfigurationName: setting.Name, IsRequired: setting.Required, RecommendedDefaultValue: setting.Default}
	}
	return to
}

func (h *handlers) downloadAddress(release extension.Release, a extension.Artefact) string {
	// Put together by hand: a list of everything has very many of them.
	return h.PublicURL.String() + "/api/v1/trunk-projects/" + url.PathEscape(release.Project) + "/version/" + url.PathEscape(release.Version.String()) +
		"/artefacts/" + url.PathEscape(a.FileName(release.Project, release.Version))
}

// buildOf reads the parameters that choose a build; the base path's platform is the default below it.
func buildOf(ctx context.Context, name, version string, postgres *int, platform *api.Platform) catalog.Build {
	want := catalog.Build{Name: name, Version: version, Platform: infoOf(ctx).platform}
	if postgres != nil {
		want.Postgres = *postgres
	}
	if platform != nil {
		want.Platform = extension.Platform(*platform)
	}
	return want
}

// GetContents gives the report of an archive's inspection.
func (h *handlers) GetContents(ctx context.Context, request api.GetContentsRequestObject) (api.GetContentsResponseObject, error) {
	want := buildOf(ctx, request.Name, request.Version, request.Params.PGVersion, request.Params.Platform)
	release, artefact, report, err := h.Catalog.Contents(ctx, want)
	if err != nil {
		return nil, err
	}
	changes, err := h.Catalog.Changes(ctx, release)
	if err != nil {
		return nil, err
	}
	return api.GetContents200JSONResponse{Body: contents(release, artefact, report, changes)}, nil
}

// GetDownloadAddress gives the address of an archive as text.
func (h *handlers) GetDownloadAddress(ctx context.Context, request api.GetDownloadAddressRequestObject) (api.GetDownloadAddressResponseObject, error) {
	want := buildOf(ctx, request.Name, request.Version, request.Params.PGVersion, request.Params.Platform)
	release, artefact, err := h.Catalog.Locate(ctx, want)
	if err != nil {
		return nil, err
	}
	return api.GetDownloadAddress200TextResponse{Body: h.downloadAddress(release, artefact)}, nil
}

// nullable is null for "".
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// nullWhenEmpty makes an empty list null, as the wire has it.
func nullWhenEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
