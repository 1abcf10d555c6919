// Package publish is the use case of putting a compiled extension into the registry.
//
// The order is the point: who asks is settled before the upload is read; the upload is inspected and hashed in one pass
// on its way to a spool on local disk; the bytes go to the object store under their own digest; and only then one short
// transaction makes them visible. A publish that fails anywhere leaves at most an object that nothing names.
package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

// Service publishes.
type Service struct {
	Standings ports.Standings
	Artefacts ports.Artefacts
	Objects   ports.ObjectStore
	Spool     ports.Spool
	Work      ports.UnitOfWork
	Now       ports.Clock
	NewID     ports.IDs
	// Limits bounds what an archive may unpack to.
	Limits extension.Limits
	// Counts and Policies bound how often a user publishes.
	Counts   ports.Limits
	Policies limit.Policies
}

// Command asks for a publish.
type Command struct {
	ports.Caller

	Metadata extension.Metadata
	// Archive is the upload, read once. An error of the reader (a limit, a broken connection) comes back as it is.
	Archive io.Reader
}

// Outcome is what a publish led to.
type Outcome struct {
	Project  string
	Version  extension.Version
	Artefact extension.Artefact
	// AlreadyThere says that these very bytes had been published before, so nothing changed.
	AlreadyThere bool
	// Allowance is how the limit of publishing stands now; it is there with errors too.
	Allowance limit.Allowance
}

// Publish takes an upload through all steps.
//
// Errors: faults about the token's rights (scope_missing, project_not_covered, not_owner), names (name_taken,
// name_lookalike), how often (rate_limited), deleted versions (version_deleted),
// categories (category_unknown), the archive (archive_*, manifest_*, control_file_*, shared_object_*), other bytes for
// a build that is there (artefact_exists), and store_unavailable or database_unavailable.
func (s *Service) Publish(ctx context.Context, cmd Command) (Outcome, error) {
	asked, allowance, err := s.admit(ctx, cmd)
	if err != nil {
		return Outcome{Allowance: allowance}, err
	}
	file, err := s.Spool.Create(ctx)
	if err != nil {
		return Outcome{}, fmt.Errorf("create a spool file: %w", err)
	}
	up := upload{cmd: cmd, file: file, asked: asked, allowance: allowance}
	outcome, err := s.carry(ctx, &up)
	outcome.Allowance = up.allowance
	return outcome, errors.Join(err, file.Close())
}

// admit settles before the upload is read whether this person may publish this. It gives when it asked, too, by the
// store's clock.
func (s *Service) admit(ctx context.Context, cmd Command) (time.Time, limit.Allowance, error) {
	meta := cmd.Metadata
	standing, err := s.Standings.Standing(ctx, meta.Name.Folded(), cmd.ID, meta.Categories)
	if err != nil {
		return time.Time{}, limit.Allowance{}, err
	}
	if err := mayPublish(standing, cmd); err != nil {
		return time.Time{}, limit.Allowance{}, err
	}
	action := limit.PublishUpdate
	if standing.ID == "" {
		action = limit.PublishNew
	}
	// Only looked at: what is refused later on does not count.
	allowance, err := s.Counts.Peek(ctx, cmd.ID, action, s.Policies[action], s.Now())
	return standing.Asked, allowance, err
}

// mayPublish says what stands in the way of a publisher.
func mayPublish(standing ports.ProjectStanding, cmd Command) error {
	meta := cmd.Metadata
	scope := account.PublishUpdate
	if standing.ID == "" {
		scope = account.PublishNew
	}
	if err := cmd.May(scope, meta.Name.String()); err != nil {
		return err
	}
	var err error
	if standing.ID == "" {
		err = mayCreate(standing, meta.Name)
	} else {
		err = mayAddTo(standing, cmd.Identity, meta.Name)
	}
	if err == nil && len(standing.UnknownCategories) > 0 {
		err = fault.New(fault.CategoryUnknown, "There is no category %s. /categories/all lists the slugs there are.",
			strings.Join(standing.UnknownCategories, ", "))
	}
	return err
}

// mayCreate refuses a name that people would take for the project of somebody else. Two such names that are created at
// one moment both pass: it is a warning of people, not a rule about data.
func mayCreate(standing ports.ProjectStanding, name extension.ProjectName) error {
	for _, other := range standing.Resembling {
		if extension.Resembles(name.String(), other) {
			return fault.New(fault.NameLookalike,
				"The name %s can be taken for the project %s of somebody else. Choose a name that differs more; if the project is yours too, ask to own it first.",
				name, other)
		}
	}
	return nil
}

func mayAddTo(standing ports.ProjectStanding, who account.Identity, name extension.ProjectName) error {
	if standing.Name != name.String() {
		return fault.New(fault.NameTaken,
			"The name %s is taken by the project %s: names that differ only in case are one name. Publish as %s if it is yours, else choose another name.",
			name, standing.Name, standing.Name)
	}
	if !standing.Owned {
		return fault.New(fault.NotOwner, "%s does not own the project %s. Ask one of its owners to add you, or choose another name.", who.Name, standing.Name)
	}
	return nil
}

// upload is one publish on its way.
type upload struct {
	cmd    Command
	file   ports.SpoolFile
	report extension.Report
	digest [sha256.Size]byte
	// asked is a time by the store's clock, before anything was stored.
	asked time.Time
	// allowance is how the limit stands that the publish counts towards.
	allowance limit.Allowance
}

func (u *upload) hex() string { return hex.EncodeToString(u.digest[:]) }

// receive inspects, hashes and spools the archive in one pass.
func (u *upload) receive(limits extension.Limits) error {
	hash := sha256.New()
	report, err := extension.Inspect(io.TeeReader(u.cmd.Archive, io.MultiWriter(hash, u.file)), limits)
	if err != nil {
		return err
	}
	u.report = report
	hash.Sum(u.digest[:0])
	return report.Agree(u.cmd.Metadata)
}

func (s *Service) carry(ctx context.Context, u *upload) (Outcome, error) {
	if err := u.receive(s.Limits); err != nil {
		return Outcome{}, err
	}
	// Asked before the bytes are stored, so that a refusal leaves none behind; the transaction asks again.
	meta := u.cmd.Metadata
	there, err := s.Artefacts.Artefact(ctx, meta.Name.Folded(), meta.Version.String(), u.report.Postgres, u.report.Platform)
	switch {
	case err == nil:
		return u.settle(there)
	case fault.CodeOf(err) != fault.ArtefactUnknown:
		return Outcome{}, err
	}
	if err := s.store(ctx, u); err != nil {
		return Outcome{}, err
	}
	return s.record(ctx, u)
}

// settle decides what a build that is there already means for this one.
func (u *upload) settle(there extension.Artefact) (Outcome, error) {
	meta := u.cmd.Metadata
	if there.SHA256 != u.hex() {
		return Outcome{}, fault.New(fault.ArtefactExists,
			"%s %s for PostgreSQL %d on %s is already published with other bytes: there is %s, you sent %s. Published bytes never change, so publish a new version.",
			meta.Name, meta.Version, there.Postgres, there.Platform, there.SHA256, u.hex())
	}
	return Outcome{Project: meta.Name.String(), Version: meta.Version, Artefact: there, AlreadyThere: true}, nil
}

func (s *Service) store(ctx context.Context, u *upload) error {
	if err := u.file.Rewind(); err != nil {
		return fmt.Errorf("rewind the spool file: %w", err)
	}
	meta := u.cmd.Metadata
	return s.Objects.Put(ctx, ports.Object{
		Key:         ports.ObjectKey(u.hex()),
		Body:        u.file,
		Size:        u.file.Size(),
		SHA256:      u.digest,
		ContentType: "application/gzip",
		Metadata: map[string]string{
			"project":  meta.Name.String(),
			"version":  meta.Version.String(),
			"postgres": strconv.Itoa(u.report.Postgres),
			"platform": u.report.Platform.String(),
		},
	})
}

// record makes the build visible, in one transaction with everything that follows from it.
func (s *Service) record(ctx context.Context, u *upload) (Outcome, error) {
	now, meta, who := s.Now(), u.cmd.Metadata, u.cmd.Identity
	report, err := json.Marshal(u.report)
	if err != nil {
		return Outcome{}, fmt.Errorf("encode the report: %w", err)
	}
	claim := ports.ProjectClaim{ID: s.NewID(), Name: meta.Name, Owner: who.ID, At: now}
	release := ports.ReleaseDraft{ID: s.NewID(), PublisherID: who.ID, Metadata: u.facts(), Extensions: u.extensions(), At: now}
	artefact := ports.ArtefactDraft{
		Artefact: extension.Artefact{
			ID: s.NewID(), Postgres: u.report.Postgres, Platform: u.report.Platform,
			SHA256: u.hex(), Size: u.file.Size(), Published: now,
			Publisher: extension.Person{ID: who.ID, Name: who.Name},
		},
		Report: report, StoredAfter: u.asked,
	}
	var outcome Outcome
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.ClaimProject(ctx, claim)
		if err != nil {
			return err
		}
		if err := mayAddTo(standing, who, meta.Name); err != nil {
			return err
		}
		release.ProjectID = standing.ID
		if artefact.ReleaseID, err = tx.AddRelease(ctx, release); err != nil {
			return err
		}
		there, err := tx.AddArtefact(ctx, artefact)
		if err != nil {
			return err
		}
		if there.ID != artefact.ID {
			outcome, err = u.settle(there)
			return err
		}
		if u.allowance, err = tx.Take(ctx, who.ID, u.allowance.Action, u.allowance.Policy, now); err != nil {
			return err
		}
		if err := u.describe(ctx, tx, standing.ID, now); err != nil {
			return err
		}
		if err := u.tellChanges(ctx, tx, artefact.ReleaseID, now); err != nil {
			return err
		}
		outcome = Outcome{Project: standing.Name, Version: meta.Version, Artefact: there}
		return u.announce(ctx, tx, standing, there)
	})
	return outcome, err
}

// describe lets the latest version say what shelves the project stands on and what its README is.
func (u *upload) describe(ctx context.Context, tx ports.Tx, projectID string, at time.Time) error {
	meta := u.cmd.Metadata
	if meta.Categories == nil && u.report.Readme == nil {
		return nil
	}
	latest, err := tx.LatestVersion(ctx, projectID)
	if err != nil || latest != meta.Version.String() {
		return err
	}
	if meta.Categories != nil {
		if err := tx.Categorise(ctx, projectID, meta.Categories); err != nil {
			return err
		}
	}
	if u.report.Readme == nil {
		return nil
	}
	return tx.KeepReadme(ctx, projectID, *u.report.Readme, latest, at)
}

// tellChanges keeps what the archive's change log says of the version and of what came after the one before it.
func (u *upload) tellChanges(ctx context.Context, tx ports.Tx, releaseID string, at time.Time) error {
	if u.report.ChangeLog == nil {
		return nil
	}
	previous, err := tx.PreviousVersion(ctx, releaseID)
	if err != nil {
		return err
	}
	var before extension.Version
	if previous != "" {
		if before, err = extension.ParseVersion(previous); err != nil {
			return err
		}
	}
	changes, ok := u.report.ChangeLog.Between(before, u.cmd.Metadata.Version)
	if !ok {
		return nil
	}
	return tx.KeepChanges(ctx, releaseID, changes, at)
}

// publication is the payload of the event and the detail of the audit entry.
type publication struct {
	Version    string `json:"version"`
	Postgres   int    `json:"pg_version"`
	Platform   string `json:"platform"`
	SHA256     string `json:"sha256"`
	NewProject bool   `json:"new_project"`
}

func (u *upload) announce(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding, a extension.Artefact) error {
	what := publication{
		Version: u.cmd.Metadata.Version.String(), Postgres: a.Postgres, Platform: a.Platform.String(),
		SHA256: a.SHA256, NewProject: standing.Created,
	}
	if err := u.cmd.Claimed(ctx, tx, a.Published, standing); err != nil {
		return err
	}
	return u.cmd.Tell(ctx, tx, a.Published, ports.Published, "artefact.publish", standing.Name, what)
}
