package postgres

import (
	"context"
	"slices"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Projects = (*Store)(nil)
	_ ports.Changes  = (*Store)(nil)
)

// CatalogueState gives the state that the catalogue is in.
func (s *Store) CatalogueState(ctx context.Context) (ports.CatalogueState, error) {
	row, err := s.queries.CatalogueClock(ctx)
	return ports.CatalogueState{Version: row.Version, Counted: row.Counted, Changed: row.ChangedAt.UTC()}, interpret(err)
}

// Projects gives every project.
func (s *Store) Projects(ctx context.Context) ([]extension.Project, error) {
	rows, err := s.queries.Projects(ctx)
	if err != nil {
		return nil, interpret(err)
	}
	return s.furnish(ctx, rows)
}

// Project gives one project.
func (s *Store) Project(ctx context.Context, name string) (extension.Project, error) {
	row, err := s.queries.ProjectByName(ctx, name)
	if err != nil {
		return extension.Project{}, notFound(err, unknownProject(name))
	}
	projects, err := s.furnish(ctx, []sqlcgen.ProjectsRow{sqlcgen.ProjectsRow(row)})
	if err != nil {
		return extension.Project{}, err
	}
	return projects[0], nil
}

// ProjectsOfOwner gives the projects that an account owns.
func (s *Store) ProjectsOfOwner(ctx context.Context, accountID string) ([]extension.Project, error) {
	rows, err := s.queries.ProjectsOfOwner(ctx, accountID)
	if err != nil || len(rows) == 0 {
		return nil, interpret(err)
	}
	return s.furnish(ctx, each(rows, func(row sqlcgen.ProjectsOfOwnerRow) sqlcgen.ProjectsRow { return sqlcgen.ProjectsRow(row) }))
}

// Totals counts what can be installed.
func (s *Store) Totals(ctx context.Context) (ports.CatalogueTotals, error) {
	row, err := s.queries.CatalogueTotals(ctx)
	if err != nil {
		return ports.CatalogueTotals{}, interpret(err)
	}
	totals := ports.CatalogueTotals{Projects: int(row.Projects), Versions: int(row.Versions), Builds: int(row.Builds)}
	for _, major := range row.Majors {
		totals.Majors = append(totals.Majors, int(major))
	}
	slices.Sort(totals.Majors)
	slices.Reverse(totals.Majors)
	for _, platform := range extension.Platforms() {
		if slices.Contains(row.Platforms, platform.String()) {
			totals.Platforms = append(totals.Platforms, platform)
		}
	}
	return totals, nil
}

// furnish adds owners and categories: two more queries, however many rows there are.
func (s *Store) furnish(ctx context.Context, rows []sqlcgen.ProjectsRow) ([]extension.Project, error) {
	projects := make([]extension.Project, len(rows))
	ids := make([]string, len(rows))
	place := make(map[string]*extension.Project, len(rows))
	for i, row := range rows {
		projects[i] = extension.Project{
			ID: row.ID, Name: row.Name, Created: row.CreatedAt.UTC(), Updated: row.UpdatedAt.UTC(), Deprecation: text(row.Deprecation),
		}
		if row.DeprecatedAt != nil {
			projects[i].Deprecated = row.DeprecatedAt.UTC()
		}
		ids[i], place[row.ID] = row.ID, &projects[i]
	}
	owners, err := s.queries.OwnersOfProjects(ctx, ids)
	if err != nil {
		return nil, interpret(err)
	}
	for _, row := range owners {
		project := place[row.ProjectID]
		project.Owners = append(project.Owners, extension.Person{ID: row.ID, Name: row.Name})
	}
	categories, err := s.queries.CategoriesOfProjects(ctx, ids)
	if err != nil {
		return nil, interpret(err)
	}
	for _, row := range categories {
		project := place[row.ProjectID]
		project.Categories = append(project.Categories, row.Name)
		project.CategorySlugs = append(project.CategorySlugs, row.Slug)
	}
	return projects, nil
}

// Categories gives every category.
func (s *Store) Categories(ctx context.Context) ([]extension.Category, error) {
	rows, err := s.queries.Categories(ctx)
	if err != nil {
		return nil, interpret(err)
	}
	categories := make([]extension.Category, len(rows))
	for i, row := range rows {
		categories[i] = extension.Category(row)
	}
	return categories, nil
}

// PreloadLibraries gives the names of libraries that belong into shared_preload_libraries.
func (s *Store) PreloadLibraries(ctx context.Context) ([]string, error) {
	names, err := s.queries.PreloadLibraries(ctx)
	return names, interpret(err)
}
