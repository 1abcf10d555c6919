// Package readme is the use case of what a project says of itself at length.
package readme

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

// Service reads READMEs, and has them read again.
type Service struct {
	Readmes      ports.Readmes
	Releases     ports.Releases
	Artefacts    ports.Artefacts
	Ownership    ports.Ownership
	Repositories ports.Repositories
	Work         ports.UnitOfWork
	Counts       ports.Limits
	// Policy bounds how often a user has READMEs read again.
	Policy limit.Policy
	Now    ports.Clock
}

// Readme gives the README of a project.
//
// Errors: readme_unknown, database_unavailable.
func (s *Service) Readme(ctx context.Context, project string) (extension.Readme, error) {
	return s.Readmes.ProjectReadme(ctx, extension.FoldName(project))
}

// Refresh reads the README of a project again: from an archive of its latest version where one holds it, else from its
// repository.
//
// Errors: project_unknown, not_owner, version_unknown where there is none, repository_unsupported, readme_unknown,
// repository_unavailable, rate_limited, database_unavailable.
func (s *Service) Refresh(ctx context.Context, who ports.Caller, project string) (extension.Readme, error) {
	folded := extension.FoldName(project)
	name, owns, err := s.Ownership.Owns(ctx, folded, who.ID)
	if err != nil {
		return extension.Readme{}, err
	}
	if err := who.MayChange(name, owns); err != nil {
		return extension.Readme{}, err
	}
	now := s.Now()
	if _, err := s.Counts.Take(ctx, who.ID, limit.RefreshReadme, s.Policy, now); err != nil {
		return extension.Readme{}, err
	}
	releases, err := s.Releases.ReleasesOfProject(ctx, folded)
	if err != nil {
		return extension.Readme{}, err
	}
	latest, ok := extension.Latest(releases)
	if !ok {
		return extension.Readme{}, fault.New(fault.VersionUnknown, "%s has no version that a README could be of. Publish one first.", name)
	}
	text, version, err := s.find(ctx, latest)
	if err != nil {
		return extension.Readme{}, err
	}
	err = who.Change(ctx, s.Work, folded, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		if err := tx.KeepReadme(ctx, standing.ID, text, version, now); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "readme.refresh", name, map[string]any{"file": text.Name, "version": version}))
	})
	return text, err
}

// find looks into the archives first; version is "" for a README of the repository.
func (s *Service) find(ctx context.Context, latest extension.Release) (text extension.Readme, version string, err error) {
	for _, artefact := range latest.Artefacts {
		report, err := s.Artefacts.Report(ctx, artefact.ID)
		if err != nil {
			return text, "", err
		}
		if report.Readme != nil {
			return *report.Readme, latest.Version.String(), nil
		}
	}
	text, err = s.Repositories.Readme(ctx, latest.Repository)
	return text, "", err
}
