package catalog

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
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

// Categories gives every category, Featured first, the rest by name.
func (s *Service) Categories(ctx context.Context) ([]extension.Category, error) {
	return s.Projects.Categories(ctx)
}

// PreloadLibraries gives the names of libraries that belong into shared_preload_libraries.
func (s *Service) PreloadLibraries(ctx context.Context) ([]string, error) {
	return s.Projects.PreloadLibraries(ctx)
}
