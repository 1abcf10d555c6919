package postgres

import (
	"context"

	"pgtrunk.io/registry/ports"
)

var _ ports.Surroundings = (*Store)(nil)

// Providers gives the projects that names of extensions belong to.
func (s *Store) Providers(ctx context.Context, extensions []string) (map[string]string, error) {
	rows, err := s.queries.ProvidersOfExtensions(ctx, extensions)
	if err != nil {
		return nil, interpret(err)
	}
	providers := make(map[string]string, len(rows))
	for _, row := range rows {
		providers[row.Folded] = row.Name
	}
	return providers, nil
}

// Dependents gives the projects whose latest version needs an extension of a project.
func (s *Store) Dependents(ctx context.Context, project string, limit int) (names []string, total int, err error) {
	rows, err := s.queries.DependentsOfProject(ctx, int32(limit), project)
	if err != nil {
		return nil, 0, interpret(err)
	}
	for _, row := range rows {
		names, total = append(names, row.Name), int(row.Total)
	}
	return names, total, nil
}

// Deleted says that there was a version which was deleted.
func (s *Store) Deleted(ctx context.Context, project, version string) (bool, error) {
	deleted, err := s.queries.VersionWasDeleted(ctx, project, version)
	return deleted, interpret(err)
}
