package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Releases  = (*Store)(nil)
	_ ports.Artefacts = (*Store)(nil)
)

// LatestReleases gives the latest version of every project.
func (s *Store) LatestReleases(ctx context.Context) ([]extension.Release, error) {
	return s.complete(ctx)(s.queries.LatestReleases(ctx))
}

// LatestReleasesOf gives the latest version of each of some projects.
func (s *Store) LatestReleasesOf(ctx context.Context, projectIDs []string) ([]extension.Release, error) {
	return s.complete(ctx)(s.queries.LatestReleasesOf(ctx, projectIDs))
}

// ReleasesOfProject gives every version of a project in ascending order.
func (s *Store) ReleasesOfProject(ctx context.Context, project string) ([]extension.Release, error) {
	return releases(s.queries.ReleasesOf(ctx, &project, nil, nil))
}

// ReleasesOfExtension gives every version that provides an extension.
func (s *Store) ReleasesOfExtension(ctx context.Context, name string) ([]extension.Release, error) {
	all, err := releases(s.queries.ReleasesOf(ctx, nil, &name, nil))
	return slices.DeleteFunc(all, func(r extension.Release) bool {
		return !slices.ContainsFunc(r.Extensions, func(e extension.ReleasedExtension) bool { return extension.FoldName(e.Name) == name })
	}), err
}

// RecentReleases gives the versions that were published or added to last.
func (s *Store) RecentReleases(ctx context.Context, project, category string, limit int) ([]extension.Release, error) {
	return s.complete(ctx)(s.queries.RecentReleases(ctx, optional(project), optional(category), int32(limit)))
}

// Release gives one version.
func (s *Store) Release(ctx context.Context, project, version string) (extension.Release, error) {
	found, err := releases(s.queries.ReleasesOf(ctx, &project, nil, &version))
	if err != nil {
		return extension.Release{}, err
	}
	if len(found) == 0 {
		return extension.Release{}, fault.New(fault.VersionUnknown, "There is no version %q of %s.", version, project)
	}
	return found[0], nil
}

// releases reads rows that have their extensions and artefacts with them.
func releases(rows []sqlcgen.ReleasesOfRow, err error) ([]extension.Release, error) {
	if err != nil || len(rows) == 0 {
		return nil, interpret(err)
	}
	all := make([]extension.Release, len(rows))
	for i, row := range rows {
		all[i], err = releaseFromRow(sqlcgen.ReleaseFact{
			ID: row.ID, Project: row.Project, Version: row.Version, Description: row.Description, Documentation: row.Documentation,
			Homepage: row.Homepage, Repository: row.Repository, License: row.License, SystemDependencies: row.SystemDependencies,
			Configurations: row.Configurations, Libraries: row.Libraries, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
			PublisherID: row.PublisherID, Publisher: row.Publisher, YankedAt: row.YankedAt, YankReason: row.YankReason,
			YankReplacement: row.YankReplacement, YankedBy: &row.YankedBy, Deprecation: row.Deprecation,
		})
		if err == nil {
			all[i].Extensions, err = extensionsOf(row.Extensions)
		}
		if err == nil {
			all[i].Artefacts, err = artefactsOf(row.Artefacts)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s %s: %w", row.Project, row.Version, err)
		}
	}
	return all, nil
}

func extensionsOf(rows any) ([]extension.ReleasedExtension, error) {
	found, err := records(rows)
	list := make([]extension.ReleasedExtension, len(found))
	for i := range found {
		r := &found[i]
		list[i] = extension.ReleasedExtension{
			Name: next[string](r), DefaultVersion: next[string](r), Dependencies: r.texts(), ControlFile: nullable[string](r), Trusted: next[bool](r),
		}
		err = errors.Join(err, r.wrong)
	}
	return list, err
}

func artefactsOf(rows any) ([]extension.Artefact, error) {
	found, err := records(rows)
	list := make([]extension.Artefact, len(found))
	for i := range found {
		r := &found[i]
		list[i] = extension.Artefact{
			ID: next[string](r), Postgres: int(next[int32](r)), Platform: extension.Platform(next[string](r)),
			SHA256: hex.EncodeToString(next[[]byte](r)), Size: next[int64](r), Published: next[time.Time](r).UTC(),
			Publisher: extension.Person{ID: next[string](r), Name: next[string](r)}, ExternalURL: next[string](r),
		}
		err = errors.Join(err, r.wrong)
	}
	return list, err
}

// complete adds to rows of releases their extensions and artefacts: two more queries, however many rows there are.
func (s *Store) complete(ctx context.Context) func([]sqlcgen.ReleaseFact, error) ([]extension.Release, error) {
	return func(rows []sqlcgen.ReleaseFact, err error) ([]extension.Release, error) {
		if err != nil || len(rows) == 0 {
			return nil, interpret(err)
		}
		releases := make([]extension.Release, len(rows))
		ids := make([]string, len(rows))
		place := make(map[string]*extension.Release, len(rows))
		for i, row := range rows {
			if releases[i], err = releaseFromRow(row); err != nil {
				return nil, err
			}
			ids[i], place[row.ID] = row.ID, &releases[i]
		}
		extensions, err := s.queries.ExtensionsOfReleases(ctx, ids)
		if err != nil {
			return nil, interpret(err)
		}
		for _, row := range extensions {
			release := place[row.ReleaseID]
			release.Extensions = append(release.Extensions, extension.ReleasedExtension{
				Name: row.Name, DefaultVersion: row.DefaultVersion, Dependencies: row.Dependencies, ControlFile: row.ControlFile,
				Trusted: row.Trusted,
			})
		}
		artefacts, err := s.queries.ArtefactsOfReleases(ctx, ids)
		if err != nil {
			return nil, interpret(err)
		}
		for _, row := range artefacts {
			release := place[row.ReleaseID]
			release.Artefacts = append(release.Artefacts, artefactFromRow(row))
		}
		return releases, nil
	}
}

func releaseFromRow(row sqlcgen.ReleaseFact) (extension.Release, error) {
	version, err := extension.ParseVersion(row.Version)
	if err != nil {
		return extension.Release{}, fmt.Errorf("read a stored version: %w", err)
	}
	release := extension.Release{
		ID: row.ID, Project: row.Project, Version: version,
		Description: row.Description, Documentation: row.Documentation, Homepage: row.Homepage,
		Repository: row.Repository, License: row.License,
		Published: row.CreatedAt.UTC(), Updated: row.UpdatedAt.UTC(),
		Publisher: extension.Person{ID: row.PublisherID, Name: row.Publisher}, Deprecation: text(row.Deprecation),
	}
	if row.YankedAt != nil {
		release.Yank = &extension.Yank{
			At: row.YankedAt.UTC(), By: text(row.YankedBy), Reason: text(row.YankReason), Replacement: text(row.YankReplacement),
		}
	}
	for _, part := range []struct {
		from []byte
		to   any
	}{
		{row.SystemDependencies, &release.SystemDependencies},
		{row.Configurations, &release.Configurations},
		{row.Libraries, &release.Libraries},
	} {
		// Most say that there is nothing.
		if empty := string(part.from); empty == "null" || empty == "[]" {
			continue
		}
		if err := json.Unmarshal(part.from, part.to); err != nil {
			return release, fmt.Errorf("read the stored metadata of %s %s: %w", row.Project, row.Version, err)
		}
	}
	return release, nil
}

func artefactFromRow(row sqlcgen.ArtefactsOfReleasesRow) extension.Artefact {
	return extension.Artefact{
		ID: row.ID, Postgres: int(row.PgMajor), Platform: extension.Platform(row.Platform),
		SHA256: hex.EncodeToString(row.Sha256), Size: row.Size, Published: row.CreatedAt.UTC(), ExternalURL: text(row.ExternalUrl),
		Publisher: extension.Person{ID: row.PublisherID, Name: row.Publisher},
	}
}

// Artefact gives the build of a version for a PostgreSQL major and a platform.
func (s *Store) Artefact(ctx context.Context, project, version string, postgres int, platform extension.Platform) (extension.Artefact, error) {
	row, err := s.queries.ArtefactByBuild(ctx, project, version, int32(postgres), platform.String())
	if err != nil {
		return extension.Artefact{}, notFound(err, fault.New(fault.ArtefactUnknown,
			"%s %s has no build for PostgreSQL %d on %s.", project, version, postgres, platform))
	}
	return artefactFromRow(sqlcgen.ArtefactsOfReleasesRow(row)), nil
}

// Report gives what the inspection of an artefact found.
func (s *Store) Report(ctx context.Context, artefactID string) (extension.Report, error) {
	var report extension.Report
	raw, err := s.queries.ReportOfArtefact(ctx, artefactID)
	if err != nil {
		return report, notFound(err, fault.New(fault.ArtefactUnknown, "That build is not there any more."))
	}
	if err := json.Unmarshal(raw, &report); err != nil {
		return report, fmt.Errorf("read the stored report of artefact %s: %w", artefactID, err)
	}
	return report, nil
}
