package health

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service reads what reports are made of.
type Service struct {
	Projects ports.Projects
	Releases ports.Releases
	Readmes  ports.Readmes
	Now      ports.Clock
}

// Project reports on the project of a name, which may be written in any way.
//
// Errors: project_unknown; removed where every version was deleted; database_unavailable.
func (s *Service) Project(ctx context.Context, name string) (Report, error) {
	folded := extension.FoldName(name)
	project, err := s.Projects.Project(ctx, folded)
	if err != nil {
		return Report{}, err
	}
	releases, err := s.Releases.ReleasesOfProject(ctx, folded)
	if err != nil {
		return Report{}, err
	}
	if len(releases) == 0 {
		return Report{}, fault.New(fault.Removed, "%s was there, and every version of it was deleted.", project.Name)
	}
	_, err = s.Readmes.ProjectReadme(ctx, folded)
	if err != nil && fault.CodeOf(err) != fault.ReadmeUnknown {
		return Report{}, err
	}
	return Of(Basis{Project: project, Releases: releases, Readme: err == nil}, s.Now()), nil
}
