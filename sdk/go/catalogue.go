package trunk

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"pgtrunk.io/registry/sdk/go/api"
)

// ok gives the document of an answer with the status 200.
func ok[T any, R interface{ GetJSON200() *T }](response R, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if document := response.GetJSON200(); document != nil {
		return *document, nil
	}
	return none, errUnexpected
}

// errUnexpected is an answer in a form that the contract does not have: hardly one of a registry.
var errUnexpected = errors.New("the answer is not what a Trunk registry sends: is the address right?")

// Projects gives the latest version of every project, by name.
func (c *Client) Projects(ctx context.Context) ([]api.ProjectVersion, error) {
	return ok(c.api.ListProjectsWithResponse(ctx, &api.ListProjectsParams{}))
}

// Project gives every version of a project in ascending order, none where the project is unknown. What no version can
// follow on is left out, such as a pre-release beside a release.
func (c *Client) Project(ctx context.Context, name string) ([]api.ProjectVersion, error) {
	return ok(c.api.GetProjectWithResponse(ctx, name, &api.GetProjectParams{}))
}

// ProjectOf gives every version of the project that provides an extension.
func (c *Client) ProjectOf(ctx context.Context, extension string) ([]api.ProjectVersion, error) {
	return ok(c.api.ListProjectsWithResponse(ctx, &api.ListProjectsParams{ExtensionName: &extension}))
}

// ProjectVersion gives one version of a project, yanked or not; an error with the code version_unknown where there is none.
func (c *Client) ProjectVersion(ctx context.Context, name, version string) (api.ProjectVersion, error) {
	versions, err := ok(c.api.GetProjectVersionWithResponse(ctx, name, version))
	if err != nil {
		return api.ProjectVersion{}, err
	}
	if len(versions) == 0 {
		return api.ProjectVersion{}, &Error{
			Method: http.MethodGet, URL: c.base.JoinPath("api/v1/trunk-projects", name, "version", version).Redacted(),
			Status: http.StatusNotFound, Code: api.ProblemCodeVersionUnknown, Title: "Unknown version", Detail: fmt.Sprintf("%s has no version %s.", name, version),
		}
	}
	return versions[0], nil
}

// Contents tells what the archive of a build holds.
func (c *Client) Contents(ctx context.Context, build Build) (api.Contents, error) {
	return ok(c.api.GetContentsWithResponse(ctx, build.Project, build.Version, &api.GetContentsParams{
		PGVersion: &build.PGVersion, Platform: new(api.Platform(build.Platform)),
	}))
}

// Readme gives the README of a project as it was written.
func (c *Client) Readme(ctx context.Context, project string) (string, error) {
	response, err := c.api.GetReadmeWithResponse(ctx, project)
	if err != nil {
		return "", err //nolint:wrapcheck // as all of these
	}
	return string(response.Body), nil
}

// Health tells how a project is kept.
func (c *Client) Health(ctx context.Context, project string) (api.ProjectHealth, error) {
	return ok(c.api.GetProjectHealthWithResponse(ctx, project))
}

// Stats tells how much a project is used.
func (c *Client) Stats(ctx context.Context, project string) (api.ProjectStats, error) {
	return ok(c.api.GetProjectStatsWithResponse(ctx, project))
}

// Downloads gives the downloads of a project over time.
func (c *Client) Downloads(ctx context.Context, project string, params api.GetProjectDownloadsParams) (api.ProjectDownloads, error) {
	return ok(c.api.GetProjectDownloadsWithResponse(ctx, project, &params))
}

// RegistryStats tells how much there is in the registry, and how much of it is used.
func (c *Client) RegistryStats(ctx context.Context) (api.RegistryStats, error) {
	return ok(c.api.GetRegistryStatsWithResponse(ctx))
}

// Trending gives the projects that more and more people install.
func (c *Client) Trending(ctx context.Context, params api.ListTrendingParams) (api.Trending, error) {
	return ok(c.api.ListTrendingWithResponse(ctx, &params))
}
