// Package withdraw is the use case of taking back what was published: yanking a version, deprecating a project, deleting.
package withdraw

import (
	"context"
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service withdraws. Administrators may do what owners may, and delete at any time.
type Service struct {
	Work ports.UnitOfWork
	Now  ports.Clock
}

// DeletionWindow is how long after a version was first published its owners may delete it.
const DeletionWindow = 72 * time.Hour

// Version is a version of a project, and its withdrawal where there is one.
type Version struct {
	Project, Version string
	Yank             *extension.Yank
}

// Yank withdraws a version: it leaves the catalogue and "latest", and stays installable by its exact number. A second
// yank changes the reason.
//
// Errors: request_invalid, project_unknown, not_owner, version_unknown, replacement_unknown, database_unavailable.
func (s *Service) Yank(ctx context.Context, who ports.Caller, project, version, reason, replacement string) (Version, error) {
	if err := checkYank(reason, replacement); err != nil {
		return Version{}, err
	}
	now := s.Now()
	outcome := Version{Version: version}
	err := who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		yank, err := tx.Yank(ctx, standing.ID, version, extension.Yank{At: now, ByID: who.ID, By: who.Name, Reason: reason, Replacement: replacement})
		if err != nil {
			return err
		}
		outcome.Project, outcome.Yank = standing.Name, &yank
		detail := map[string]any{"version": version, "reason": reason, "replacement": replacement}
		return who.Tell(ctx, tx, now, ports.Yanked, "version.yank", standing.Name, detail)
	})
	return outcome, err
}

// Unyank takes a withdrawal back, if there is one.
//
// Errors: project_unknown, not_owner, version_unknown, database_unavailable.
func (s *Service) Unyank(ctx context.Context, who ports.Caller, project, version string) (Version, error) {
	now := s.Now()
	outcome := Version{Version: version}
	err := who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		outcome.Project = standing.Name
		changed, err := tx.Unyank(ctx, standing.ID, version)
		if err != nil || !changed {
			return err
		}
		return who.Tell(ctx, tx, now, ports.Unyanked, "version.unyank", standing.Name, map[string]any{"version": version})
	})
	return outcome, err
}

// Deprecation says since when a project should not be used any more, and why; the zero value that it may be.
type Deprecation struct {
	Project, Message string
	Since            time.Time
}

// Deprecate says that a project should not be used any more.
//
// Errors: request_invalid, project_unknown, not_owner, database_unavailable.
func (s *Service) Deprecate(ctx context.Context, who ports.Caller, project, message string) (Deprecation, error) {
	if err := checkDeprecation(message); err != nil {
		return Deprecation{}, err
	}
	return s.deprecate(ctx, who, project, message, ports.Deprecated, "project.deprecate")
}

// Undeprecate says that it may be used again.
//
// Errors: project_unknown, not_owner, database_unavailable.
func (s *Service) Undeprecate(ctx context.Context, who ports.Caller, project string) (Deprecation, error) {
	return s.deprecate(ctx, who, project, "", ports.Undeprecated, "project.undeprecate")
}

func (s *Service) deprecate(ctx context.Context, who ports.Caller, project, message string, kind ports.EventKind, action string) (Deprecation, error) {
	now := s.Now()
	outcome := Deprecation{Message: message}
	err := who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) (err error) {
		outcome.Project = standing.Name
		var changed bool
		if outcome.Since, changed, err = tx.Deprecate(ctx, standing.ID, message, now); err != nil || !changed {
			return err
		}
		return who.Tell(ctx, tx, now, kind, action, standing.Name, map[string]any{"message": message})
	})
	return outcome, err
}

// Delete deletes a version, or every version of a project for "". Their numbers are never free again, and the project's
// name stays with its owners.
//
// Errors: project_unknown, not_owner, version_unknown, deletion_too_late, deletion_in_use, database_unavailable.
func (s *Service) Delete(ctx context.Context, who ports.Caller, project, version string) error {
	now := s.Now()
	return who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		versions, dependents, err := tx.Deletable(ctx, standing.ID, version)
		if err != nil {
			return err
		}
		if len(versions) == 0 {
			return fault.New(fault.VersionUnknown, "There is no such version of %s to delete.", standing.Name)
		}
		if who.MayAdminister() != nil {
			if err := deletable(standing.Name, versions, dependents, now); err != nil {
				return err
			}
		}
		return s.delete(ctx, tx, who, standing, version, now)
	})
}

// deletable says what stands in the way of an owner's deletion.
func deletable(project string, versions []ports.PublishedVersion, dependents []string, now time.Time) error {
	old := slices.IndexFunc(versions, func(v ports.PublishedVersion) bool { return now.Sub(v.At) > DeletionWindow })
	if old >= 0 {
		return fault.New(fault.DeletionTooLate, "%s %s was published more than %d hours ago, so others may count on it. Yank it instead, or ask an administrator.",
			project, versions[old].Version, int(DeletionWindow.Hours()))
	}
	if len(dependents) > 0 {
		return fault.New(fault.DeletionInUse, "These projects depend on it: %s. Yank it instead, or ask an administrator.", strings.Join(dependents, ", "))
	}
	return nil
}

// Remove deletes every version of a project and takes its name from everybody. It is for administrators.
//
// Errors: project_unknown, not_administrator, database_unavailable.
func (s *Service) Remove(ctx context.Context, who ports.Caller, project string) (name string, versions int64, err error) {
	if err := who.MayAdminister(); err != nil {
		return "", 0, err
	}
	now := s.Now()
	err = who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		name = standing.Name
		owners, err := tx.ListOwners(ctx, standing.ID)
		if err != nil {
			return err
		}
		if err := tx.RemoveOwners(ctx, standing.ID); err != nil {
			return err
		}
		deleted, err := tx.Delete(ctx, standing.ID, "", now)
		if err != nil {
			return err
		}
		versions = int64(len(deleted))
		if err := tx.Audit(ctx, who.Entry(now, "project.remove", standing.Name, map[string]any{"versions": versions})); err != nil {
			return err
		}
		if err := tellDeleted(ctx, tx, standing, deleted, now); err != nil {
			return err
		}
		for _, owner := range owners {
			event := ports.Event{At: now, Kind: ports.OwnerRemoved, Project: standing.Name, Payload: map[string]any{"user": owner.Name}}
			if err := tx.Emit(ctx, event); err != nil {
				return err
			}
		}
		return nil
	})
	return name, versions, err
}

func (s *Service) delete(ctx context.Context, tx ports.Tx, who ports.Caller, standing ports.ProjectStanding, version string, now time.Time) error {
	deleted, err := tx.Delete(ctx, standing.ID, version, now)
	if err != nil {
		return err
	}
	action, detail := "version.delete", map[string]any{"version": version}
	if version == "" {
		action, detail = "project.delete", map[string]any{}
	}
	if err := tx.Audit(ctx, who.Entry(now, action, standing.Name, detail)); err != nil {
		return err
	}
	return tellDeleted(ctx, tx, standing, deleted, now)
}

// tellDeleted emits an event for each version: others know versions, and not how many went at once.
func tellDeleted(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding, versions []string, now time.Time) error {
	for _, version := range versions {
		event := ports.Event{At: now, Kind: ports.Deleted, Project: standing.Name, Payload: map[string]any{"version": version}}
		if err := tx.Emit(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
