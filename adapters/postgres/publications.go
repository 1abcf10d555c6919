package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Publications = (*tx)(nil)
	_ ports.ChangeLogs   = (*Store)(nil)
	_ ports.Standings    = (*Store)(nil)
)

// Standing tells a publisher before the upload what stands in the way.
func (s *Store) Standing(ctx context.Context, project, accountID string, slugs []string) (ports.ProjectStanding, error) {
	row, err := s.queries.Standing(ctx, accountID, slugs, extension.NameKeys(project), project)
	if err != nil {
		return ports.ProjectStanding{}, interpret(err)
	}
	standing := ports.ProjectStanding{Asked: row.Asked.UTC(), Owned: row.Owned, UnknownCategories: row.UnknownCategories, Resembling: row.Resembling}
	if row.ProjectID != nil && row.Name != nil {
		standing.ID, standing.Name = *row.ProjectID, *row.Name
	}
	return standing, nil
}

// ClaimProject creates the project or finds it, and locks it.
func (t *tx) ClaimProject(ctx context.Context, claim ports.ProjectClaim) (ports.ProjectStanding, error) {
	row, err := t.queries.ClaimProject(ctx, claim.ID, claim.Name.String(), extension.NameKeys(claim.Name.String()), claim.At)
	if err != nil {
		return ports.ProjectStanding{}, interpret(err)
	}
	standing := ports.ProjectStanding{ID: row.ID, Name: row.Name, Created: row.Created, Owned: row.Created}
	if row.Created {
		err = t.queries.AddOwner(ctx, row.ID, claim.Owner, claim.At)
	} else {
		standing.Owned, err = t.queries.IsOwner(ctx, row.ID, claim.Owner)
	}
	return standing, interpret(err)
}

// AddRelease creates the version or finds it.
func (t *tx) AddRelease(ctx context.Context, draft ports.ReleaseDraft) (string, error) {
	params, err := releaseParams(draft)
	if err != nil {
		return "", err
	}
	row, err := t.queries.AddRelease(ctx, params)
	if err != nil {
		return "", interpret(err)
	}
	if row.Deleted {
		return "", fault.New(fault.VersionDeleted, "%s %s was deleted, and its number is never free again. Publish under a new version.",
			draft.Metadata.Name, draft.Metadata.Version)
	}
	folded := make([]string, 0, len(draft.Extensions))
	for _, e := range draft.Extensions {
		folded = append(folded, extension.FoldName(e.Name))
		err := t.queries.AddReleaseExtension(ctx, sqlcgen.AddReleaseExtensionParams{
			ReleaseID: row.ID, Name: e.Name, DefaultVersion: e.DefaultVersion, Dependencies: e.Dependencies, ControlFile: e.ControlFile,
			Trusted: e.Trusted,
		})
		if err != nil {
			return "", interpret(err)
		}
	}
	if err := t.queries.ClaimExtensions(ctx, draft.ProjectID, folded); err != nil {
		return "", interpret(err)
	}
	return row.ID, t.addPreloadLibraries(ctx, draft.Metadata.Libraries)
}

func (t *tx) addPreloadLibraries(ctx context.Context, libraries []extension.LoadableLibrary) error {
	var names []string
	for _, library := range libraries {
		if library.RequiresRestart {
			names = append(names, library.Name)
		}
	}
	if names == nil {
		return nil
	}
	return interpret(t.queries.AddPreloadLibraries(ctx, names))
}

func releaseParams(draft ports.ReleaseDraft) (sqlcgen.AddReleaseParams, error) {
	meta := draft.Metadata
	params := sqlcgen.AddReleaseParams{
		ID: draft.ID, ProjectID: draft.ProjectID, PublisherID: draft.PublisherID, At: draft.At,
		Version: meta.Version.String(), SortKey: meta.Version.SortKey(), Prerelease: meta.Version.Prerelease(),
		Description: meta.Description, Documentation: meta.Documentation, Homepage: meta.Homepage,
		Repository: meta.Repository, License: meta.License,
	}
	for _, part := range []struct {
		to   *[]byte
		from any
	}{
		{&params.SystemDependencies, meta.SystemDependencies},
		{&params.Configurations, meta.Configurations},
		{&params.Libraries, meta.Libraries},
	} {
		encoded, err := json.Marshal(part.from)
		if err != nil {
			return params, fmt.Errorf("encode the metadata: %w", err)
		}
		*part.to = encoded
	}
	return params, nil
}

// AddArtefact creates the build or finds it.
func (t *tx) AddArtefact(ctx context.Context, draft ports.ArtefactDraft) (extension.Artefact, error) {
	digest, err := hex.DecodeString(draft.SHA256)
	if err != nil {
		return extension.Artefact{}, fmt.Errorf("decode a digest: %w", err)
	}
	postgres, platform := int32(draft.Postgres), draft.Platform.String()
	if err := t.queries.LockObject(ctx, digest); err != nil {
		return extension.Artefact{}, interpret(err)
	}
	added, err := t.queries.AddArtefact(ctx, sqlcgen.AddArtefactParams{
		ID: draft.ID, ReleaseID: draft.ReleaseID, PgMajor: postgres, Platform: platform, Sha256: digest,
		Size: draft.Size, Report: draft.Report, PublisherID: draft.Publisher.ID, At: draft.Published,
		ExternalUrl: optional(draft.ExternalURL), StoredAfter: draft.StoredAfter,
	})
	if err != nil {
		return extension.Artefact{}, interpret(err)
	}
	if added == 1 {
		return draft.Artefact, nil
	}
	row, err := t.queries.ArtefactOfRelease(ctx, draft.ReleaseID, postgres, platform)
	if err != nil {
		return extension.Artefact{}, notFound(err, fault.New(fault.StoreUnavailable,
			"The archive was being cleaned up in the object store just now. Publish it again.").After(time.Second))
	}
	return artefactFromRow(sqlcgen.ArtefactsOfReleasesRow(row)), nil
}

// Categorise puts a project on the shelves of these slugs and takes it from all others.
func (t *tx) Categorise(ctx context.Context, projectID string, slugs []string) error {
	if err := t.queries.ClearCategories(ctx, projectID); err != nil {
		return interpret(err)
	}
	added, err := t.queries.AddCategories(ctx, projectID, slugs)
	if err != nil {
		return interpret(err)
	}
	if int(added) != len(slugs) {
		return fault.New(fault.CategoryUnknown, "One of the categories is unknown. /categories/all lists the slugs there are.")
	}
	return nil
}

// LatestVersion gives the version that "latest" names.
func (t *tx) LatestVersion(ctx context.Context, projectID string) (string, error) {
	version, err := t.queries.LatestVersion(ctx, projectID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return version, interpret(err)
}

// PreviousVersion gives the version that comes before one in order.
func (t *tx) PreviousVersion(ctx context.Context, releaseID string) (string, error) {
	version, err := t.queries.PreviousVersion(ctx, releaseID)
	return version, interpret(err)
}

// KeepChanges keeps what is new in a version, unless that is kept.
func (t *tx) KeepChanges(ctx context.Context, releaseID string, changes extension.Changes, at time.Time) error {
	return interpret(t.queries.KeepChanges(ctx, releaseID, changes.Name, changes.Text, at))
}

// ReleaseChanges gives what is new in a version.
func (s *Store) ReleaseChanges(ctx context.Context, releaseID string) (extension.Changes, error) {
	row, err := s.queries.ChangesOfRelease(ctx, releaseID)
	if errors.Is(err, pgx.ErrNoRows) {
		return extension.Changes{}, nil
	}
	return extension.Changes{Name: row.Name, Text: row.Content}, interpret(err)
}
