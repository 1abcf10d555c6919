package catalog

import (
	"context"
	"slices"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Entry is a project beside one of its versions.
type Entry struct {
	Project extension.Project
	Release extension.Release
}

// Entries gives every project that has a latest version with it, by name.
func (s *Service) Entries(ctx context.Context) ([]Entry, error) {
	projects, err := s.Projects.Projects(ctx)
	if err != nil {
		return nil, err
	}
	releases, err := s.Releases.LatestReleases(ctx)
	if err != nil {
		return nil, err
	}
	latest := make(map[string]extension.Release, len(releases))
	for _, r := range releases {
		latest[r.Project] = r
	}
	entries := make([]Entry, 0, len(releases))
	for _, p := range projects {
		if r, ok := latest[p.Name]; ok {
			entries = append(entries, Entry{p, r})
		}
	}
	return entries, nil
}

// Details gives every version of a project beside it, in ascending order, or that version only; none where unknown.
func (s *Service) Details(ctx context.Context, name, version string) ([]Entry, error) {
	folded := extension.FoldName(name)
	project, err := s.Projects.Project(ctx, folded)
	if fault.CodeOf(err) == fault.ProjectUnknown {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	releases, err := s.Releases.ReleasesOfProject(ctx, folded)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, len(releases))
	for _, r := range releases {
		if version == "" || r.Version.String() == version {
			entries = append(entries, Entry{project, r})
		}
	}
	return entries, nil
}

// recent is how many versions a feed tells of.
const recent = 50

// Recent gives the versions that were published or added to last and are not yanked, the latest first: of a project, of
// the projects in a category, or of all for "".
func (s *Service) Recent(ctx context.Context, project, category string) ([]extension.Release, error) {
	return s.Releases.RecentReleases(ctx, extension.FoldName(project), category, recent)
}

// Newest gives what was published last and is not yanked, one version a project, at most so many.
func (s *Service) Newest(ctx context.Context, most int) ([]extension.Release, error) {
	// Several versions of one project often come together.
	releases, err := s.Releases.RecentReleases(ctx, "", "", most*5)
	if err != nil {
		return nil, err
	}
	var newest []extension.Release
	for _, r := range releases {
		known := slices.ContainsFunc(newest, func(n extension.Release) bool { return n.Project == r.Project })
		if !known && len(newest) < most {
			newest = append(newest, r)
		}
	}
	return newest, nil
}

// Totals counts what can be installed.
func (s *Service) Totals(ctx context.Context) (ports.CatalogueTotals, error) {
	return s.Projects.Totals(ctx)
}

// OwnedBy gives an account by its name, and its projects by name, each with its latest version: the zero value where
// every version was withdrawn.
//
// Errors: account_unknown.
func (s *Service) OwnedBy(ctx context.Context, name string) (account.Account, []Entry, error) {
	owner, err := s.Accounts.Account(ctx, name)
	if err != nil {
		return owner, nil, err
	}
	entries, err := s.Held(ctx, owner.ID)
	return owner, entries, err
}

// Held gives the projects of an account, as OwnedBy does.
func (s *Service) Held(ctx context.Context, accountID string) ([]Entry, error) {
	projects, err := s.Projects.ProjectsOfOwner(ctx, accountID)
	if err != nil || len(projects) == 0 {
		return nil, err
	}
	ids := make([]string, len(projects))
	for i, p := range projects {
		ids[i] = p.ID
	}
	releases, err := s.Releases.LatestReleasesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(projects))
	for i, p := range projects {
		entries[i].Project = p
		if at := slices.IndexFunc(releases, func(r extension.Release) bool { return r.Project == p.Name }); at >= 0 {
			entries[i].Release = releases[at]
		}
	}
	return entries, nil
}

// Named gives a project by its name, however that is written.
//
// Errors: project_unknown.
func (s *Service) Named(ctx context.Context, name string) (extension.Project, error) {
	return s.Projects.Project(ctx, extension.FoldName(name))
}

// User gives somebody by their name, whatever its case.
//
// Errors: account_unknown.
func (s *Service) User(ctx context.Context, name string) (account.Account, error) {
	return s.Accounts.Account(ctx, name)
}

// Category gives a category by its slug.
//
// Errors: shelf_unknown.
func (s *Service) Category(ctx context.Context, slug string) (extension.Category, error) {
	categories, err := s.Projects.Categories(ctx)
	if err != nil {
		return extension.Category{}, err
	}
	i := slices.IndexFunc(categories, func(c extension.Category) bool { return c.Slug == slug })
	if i < 0 {
		return extension.Category{}, fault.New(fault.ShelfUnknown, "There is no category %q. /categories/all lists the slugs there are.", slug)
	}
	return categories[i], nil
}

// Categories gives every category, Featured first, the rest by name.
func (s *Service) Categories(ctx context.Context) ([]extension.Category, error) {
	return s.Projects.Categories(ctx)
}

// PreloadLibraries gives the names of libraries that belong into shared_preload_libraries.
func (s *Service) PreloadLibraries(ctx context.Context) ([]string, error) {
	return s.Projects.PreloadLibraries(ctx)
}
