// Package administer is the use case of those who have the role of an administrator: recording versions whose archives
// lie elsewhere, and looking after the list of libraries that have to be preloaded.
package administer

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service administers.
type Service struct {
	Projects ports.Projects
	Work     ports.UnitOfWork
	Now      ports.Clock
	NewID    ports.IDs
	// Hosts are those on which archives may lie that the registry does not have.
	Hosts []string
}

// AddPreloadLibrary adds the name of a library that belongs into shared_preload_libraries, and gives all there are.
//
// Errors: not_administrator, token_narrowed, database_unavailable.
func (s *Service) AddPreloadLibrary(ctx context.Context, who ports.Caller, library string) ([]string, error) {
	if err := who.MayAdminister(); err != nil {
		return nil, err
	}
	now := s.Now()
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.AddPreloadLibrary(ctx, library); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "library.add", "", map[string]any{"library": library}))
	})
	if err != nil {
		return nil, err
	}
	return s.Projects.PreloadLibraries(ctx)
}

// Elsewhere is a version whose archives lie elsewhere.
type Elsewhere struct {
	Metadata   extension.Metadata
	Extensions []extension.ReleasedExtension
	Downloads  []Download
}

// Download is one of its archives.
type Download struct {
	// Link is where it lies: https, on one of the hosts that are allowed.
	Link     string
	Postgres int
	Platform extension.Platform
	// SHA256 is its digest in lower-case hex.
	SHA256 string
}

// Record records a version whose archives lie elsewhere, with its metadata as ParseMetadata gives it.
//
// Errors: not_administrator, token_narrowed, host_not_allowed, name_taken, version_deleted, artefact_exists for a build
// that is there with another digest, database_unavailable.
func (s *Service) Record(ctx context.Context, who ports.Caller, version Elsewhere) error {
	if err := who.MayAdminister(); err != nil {
		return err
	}
	if err := s.allowed(version.Downloads); err != nil {
		return err
	}
	now := s.Now()
	claim := ports.ProjectClaim{ID: s.NewID(), Name: version.Metadata.Name, Owner: who.ID, At: now}
	release := ports.ReleaseDraft{ID: s.NewID(), PublisherID: who.ID, Metadata: version.Metadata, Extensions: version.Extensions, At: now}
	drafts := make([]ports.ArtefactDraft, len(version.Downloads))
	for i, d := range version.Downloads {
		drafts[i] = ports.ArtefactDraft{
			Artefact: extension.Artefact{
				ID: s.NewID(), Postgres: d.Postgres, Platform: d.Platform, SHA256: d.SHA256, Published: now, ExternalURL: d.Link,
				Publisher: extension.Person{ID: who.ID, Name: who.Name},
			},
			Report: json.RawMessage("{}"),
		}
	}
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.ClaimProject(ctx, claim)
		if err != nil {
			return err
		}
		if standing.Name != version.Metadata.Name.String() {
			return fault.New(fault.NameTaken, "The project is called %s. Write its name like that.", standing.Name)
		}
		release.ProjectID = standing.ID
		releaseID, err := tx.AddRelease(ctx, release)
		if err != nil {
			return err
		}
		if err := who.Claimed(ctx, tx, now, standing); err != nil {
			return err
		}
		for i, draft := range drafts {
			draft.ReleaseID = releaseID
			if err := record(ctx, tx, who, version.Metadata, draft, standing.Created && i == 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// record makes one build visible, unless it is there already.
func record(ctx context.Context, tx ports.Tx, who ports.Caller, meta extension.Metadata, draft ports.ArtefactDraft, newProject bool) error {
	there, err := tx.AddArtefact(ctx, draft)
	switch {
	case err != nil:
		return err
	case there.SHA256 != draft.SHA256:
		return fault.New(fault.ArtefactExists, "%s %s for PostgreSQL %d on %s is there with the digest %s. Published bytes never change, so record a new version.",
			meta.Name, meta.Version, there.Postgres, there.Platform, there.SHA256)
	case there.ID != draft.ID:
		return nil
	}
	what := map[string]any{
		"version": meta.Version.String(), "pg_version": draft.Postgres, "platform": draft.Platform.String(), "sha256": draft.SHA256,
		"link": draft.ExternalURL, "new_project": newProject,
	}
	return who.Tell(ctx, tx, draft.Published, ports.Published, "artefact.record", meta.Name.String(), what)
}

// allowed checks where the archives lie.
func (s *Service) allowed(downloads []Download) error {
	var wrong []fault.Field
	for i, d := range downloads {
		u, err := url.Parse(d.Link)
		if err != nil || u.Scheme != "https" || u.User != nil || !slices.Contains(s.Hosts, strings.ToLower(u.Host)) {
			wrong = append(wrong, fault.Field{
				Pointer: "/downloads/" + strconv.Itoa(i) + "/link", Detail: "This is not https on a host that is allowed.",
			})
		}
	}
	if wrong == nil {
		return nil
	}
	hosts := strings.Join(s.Hosts, ", ")
	if hosts == "" {
		hosts = "none"
	}
	return fault.New(fault.HostNotAllowed, "Archives may lie elsewhere on these hosts only: %s. Those who run this registry can allow more.", hosts).With(wrong...)
}
