package postgres

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var _ ports.Withdrawals = (*tx)(nil)

func unknownVersion(version string) *fault.Fault {
	return fault.New(fault.VersionUnknown, "The project has no version %q. Name one of those it has.", version)
}

// Yank withdraws a version of a locked project.
func (t *tx) Yank(ctx context.Context, projectID, version string, yank extension.Yank) (extension.Yank, error) {
	there, err := t.queries.LockRelease(ctx, projectID, version)
	if err != nil {
		return yank, notFound(err, unknownVersion(version))
	}
	if there.YankedAt != nil {
		yank.At = there.YankedAt.UTC()
	}
	changed, err := t.queries.YankRelease(ctx, sqlcgen.YankReleaseParams{
		At: yank.At, Reason: &yank.Reason, Replacement: optional(yank.Replacement), Account: &yank.ByID, ID: there.ID,
	})
	if err != nil {
		return yank, interpret(err)
	}
	if changed == 0 {
		return yank, fault.New(fault.ReplacementUnknown,
			"%q cannot replace %s. Name another version of the project that is not yanked, or none.", yank.Replacement, version)
	}
	return yank, nil
}

// Unyank takes a withdrawal back.
func (t *tx) Unyank(ctx context.Context, projectID, version string) (bool, error) {
	there, err := t.queries.LockRelease(ctx, projectID, version)
	if err != nil {
		return false, notFound(err, unknownVersion(version))
	}
	if there.YankedAt == nil {
		return false, nil
	}
	return true, interpret(t.queries.UnyankRelease(ctx, there.ID))
}

// Deprecate says that a project should not be used any more, or that it may be.
func (t *tx) Deprecate(ctx context.Context, projectID, message string, at time.Time) (since time.Time, changed bool, err error) {
	row, err := t.queries.DeprecateProject(ctx, optional(message), at, projectID)
	if err != nil || row.DeprecatedAt == nil {
		return time.Time{}, row.Changed, interpret(err)
	}
	return row.DeprecatedAt.UTC(), row.Changed, nil
}

// Deletable gives the versions of a locked project, or the one, and what depends on what would be gone with them.
func (t *tx) Deletable(ctx context.Context, projectID, version string) ([]ports.PublishedVersion, []string, error) {
	rows, err := t.queries.VersionsToDelete(ctx, projectID, optional(version))
	if err != nil {
		return nil, nil, interpret(err)
	}
	dependents, err := t.queries.Dependents(ctx, projectID, optional(version))
	return each(rows, func(row sqlcgen.VersionsToDeleteRow) ports.PublishedVersion {
		return ports.PublishedVersion{Version: row.Version, At: row.CreatedAt.UTC()}
	}), dependents, interpret(err)
}

// Delete deletes all versions of a locked project, or the one; their numbers stay taken.
func (t *tx) Delete(ctx context.Context, projectID, version string, at time.Time) ([]string, error) {
	deleted, err := t.queries.DeleteReleases(ctx, &at, projectID, optional(version))
	if err != nil {
		return nil, interpret(err)
	}
	if err := t.queries.FreeExtensionNames(ctx, projectID); err != nil {
		return nil, interpret(err)
	}
	return deleted, interpret(t.queries.ForgetReadme(ctx, projectID))
}
