package postgres

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Readmes        = (*Store)(nil)
	_ ports.Administration = (*tx)(nil)
)

// ProjectReadme gives the README of a project.
func (s *Store) ProjectReadme(ctx context.Context, project string) (extension.Readme, error) {
	row, err := s.queries.ReadmeOfProject(ctx, project)
	if err != nil {
		return extension.Readme{}, notFound(err, fault.New(fault.ReadmeUnknown,
			"There is no README of %q here. Its owners can have it read from its repository.", project))
	}
	return extension.Readme{Name: row.Name, Text: row.Content}, nil
}

// AddPreloadLibrary adds the name of a library that belongs into shared_preload_libraries.
func (t *tx) AddPreloadLibrary(ctx context.Context, name string) error {
	return interpret(t.queries.AddPreloadLibraries(ctx, []string{name}))
}

// KeepReadme replaces the README of a project.
func (t *tx) KeepReadme(ctx context.Context, projectID string, readme extension.Readme, version string, at time.Time) error {
	return interpret(t.queries.KeepReadme(ctx, sqlcgen.KeepReadmeParams{
		Project: projectID, Name: readme.Name, Content: readme.Text, Version: optional(version), At: at,
	}))
}
