package postgres

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

var _ ports.Holdings = (*Store)(nil)

// ProjectsOf gives a page of the projects of an account.
func (s *Store) ProjectsOf(ctx context.Context, accountID string, page ports.Page) ([]ports.Holding, error) {
	rows, err := s.queries.ProjectsOfAccount(ctx, accountID, optional(page.After), int32(page.Limit))
	if err != nil || len(rows) == 0 {
		return nil, interpret(err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	releases, err := s.complete(ctx)(s.queries.LatestReleasesOfProjects(ctx, ids))
	if err != nil {
		return nil, err
	}
	latest := make(map[string]*extension.Release, len(releases))
	for i := range releases {
		latest[releases[i].Project] = &releases[i]
	}
	holdings := make([]ports.Holding, len(rows))
	for i, row := range rows {
		holdings[i] = ports.Holding{Name: row.Name, Since: row.Since.UTC(), Deprecation: text(row.Deprecation), Latest: latest[row.Name]}
	}
	return holdings, nil
}
