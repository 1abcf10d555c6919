package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Every method below takes names as extension.FoldName gives them, and may return database_unavailable.

// Releases reads versions.
type Releases interface {
	// LatestReleases gives the latest version of every project that has one, by folded name.
	LatestReleases(ctx context.Context) ([]extension.Release, error)
	// LatestReleasesOf gives the latest version of each of the projects with these ids that has one, by folded name.
	LatestReleasesOf(ctx context.Context, projectIDs []string) ([]extension.Release, error)
	// ReleasesOfProject gives every version of a project in ascending order; none for an unknown one.
	ReleasesOfProject(ctx context.Context, project string) ([]extension.Release, error)
	// ReleasesOfExtension gives every version that provides the extension, of the project that its name belongs to.
	ReleasesOfExtension(ctx context.Context, name string) ([]extension.Release, error)
	// RecentReleases gives the versions that are not yanked and were published or added to last, the latest first: of a
	// project, of the projects in the category of a slug, or of all for "".
	RecentReleases(ctx context.Context, project, category string, limit int) ([]extension.Release, error)
	// Release gives one version.
	//
	// Errors: version_unknown.
	Release(ctx context.Context, project, version string) (extension.Release, error)
}

// Artefacts reads builds.
type Artefacts interface {
	// Artefact gives the build of a version for a PostgreSQL major and a platform.
	//
	// Errors: artefact_unknown.
	Artefact(ctx context.Context, project, version string, postgres int, platform extension.Platform) (extension.Artefact, error)
	// Report gives what the inspection of an artefact found.
	//
	// Errors: artefact_unknown.
	Report(ctx context.Context, artefactID string) (extension.Report, error)
}

// Projects reads what belongs to projects as a whole.
type Projects interface {
	// Projects gives every project, by folded name.
	Projects(ctx context.Context) ([]extension.Project, error)
	// Project gives one.
	//
	// Errors: project_unknown.
	Project(ctx context.Context, name string) (extension.Project, error)
	// ProjectsOfOwner gives the projects that an account owns, by folded name.
	ProjectsOfOwner(ctx context.Context, accountID string) ([]extension.Project, error)
	// Totals counts what can be installed: versions that are neither yanked nor deleted.
	Totals(ctx context.Context) (CatalogueTotals, error)
	// Categories gives every category, Featured first, the rest by name.
	Categories(ctx context.Context) ([]extension.Category, error)
	// PreloadLibraries gives the names of libraries that belong into shared_preload_libraries, in order.
	PreloadLibraries(ctx context.Context) ([]string, error)
}

// Surroundings reads what is around versions: who provides what, who needs it, and what is no more.
type Surroundings interface {
	// Providers gives, for each name of an extension that belongs to a project, the project's name.
	Providers(ctx context.Context, extensions []string) (map[string]string, error)
	// Dependents gives the names, in order, of the first projects whose latest version needs an extension that belongs to
	// a project, and how many there are.
	Dependents(ctx context.Context, project string, limit int) (names []string, total int, err error)
	// Deleted says that there was a version which was deleted.
	Deleted(ctx context.Context, project, version string) (bool, error)
}

// CatalogueTotals is how much there is.
type CatalogueTotals struct {
	Projects, Versions, Builds int
	// Majors are the PostgreSQL majors that there are builds for, the newest first; Platforms the same of platforms, in the
	// order of extension.Platforms.
	Majors    []int
	Platforms []extension.Platform
}

// Changes tells when what readers see has changed.
type Changes interface {
	// CatalogueState gives the state that the catalogue is in. Whoever reads after that reads this state or a later one.
	CatalogueState(ctx context.Context) (CatalogueState, error)
}

// CatalogueState is a state of the catalogue.
type CatalogueState struct {
	// Version grows with each change, Counted each time that what is counted of it is counted anew.
	Version, Counted int64
	// Changed is when the last one was made; UTC.
	Changed time.Time
}

// Standings tells a publisher before the upload what stands in the way.
type Standings interface {
	// Standing gives how an account stands to the project of a name, and which of the slugs are unknown. Where there is
	// no such project, it gives those of others that a new one of this name could be taken for.
	Standing(ctx context.Context, project, accountID string, slugs []string) (ProjectStanding, error)
}

// Readmes reads READMEs.
type Readmes interface {
	// ProjectReadme gives the README of a project.
	//
	// Errors: readme_unknown.
	ProjectReadme(ctx context.Context, project string) (extension.Readme, error)
}

// ChangeLogs reads what is new in versions.
type ChangeLogs interface {
	// ReleaseChanges gives what is new in a version; the zero value where nobody said.
	ReleaseChanges(ctx context.Context, releaseID string) (extension.Changes, error)
}

// Clock tells the time; UTC.
type Clock func() time.Time

// IDs gives a new UUID at each call.
type IDs func() string
