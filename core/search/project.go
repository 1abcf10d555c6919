package search

import (
	"context"

	"pgtrunk.io/registry/core/extension"
)

// Project gives a project as results list it, by its name, which may be written in any way. One whose versions were all
// yanked has no version there.
//
// Errors: project_unknown, database_unavailable, overloaded.
func (s *Service) Project(ctx context.Context, name string) (Item, error) {
	card, err := s.Directory.SearchCard(ctx, extension.FoldName(name))
	if err != nil {
		return Item{}, err
	}
	return item(card, nil), nil
}
