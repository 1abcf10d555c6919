package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
)

// Caller is who asks for a change, and from where.
type Caller struct {
	account.Identity

	Origin Origin
}

// Change locks a project for one of its owners, or an administrator, and runs work on it.
//
// Errors: project_unknown, not_owner, those of work, database_unavailable.
func (c Caller) Change(ctx context.Context, unit UnitOfWork, project string, work func(context.Context, Tx, ProjectStanding) error) error {
	return unit.Do(ctx, func(ctx context.Context, tx Tx) error {
		standing, err := tx.LockProject(ctx, extension.FoldName(project), c.ID)
		if err != nil {
			return err
		}
		if err := c.MayChange(standing.Name, standing.Owned); err != nil {
			return err
		}
		return work(ctx, tx, standing)
	})
}

// Entry says that the caller did something to a project, "" for none.
func (c Caller) Entry(at time.Time, action, project string, detail any) AuditEntry {
	return AuditEntry{At: at, AccountID: c.ID, Action: action, Project: project, Origin: c.Origin, Detail: detail}
}

// Tell records what the caller did to a project and emits it for others.
func (c Caller) Tell(ctx context.Context, tx Tx, at time.Time, kind EventKind, action, project string, detail any) error {
	if err := tx.Audit(ctx, c.Entry(at, action, project, detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, Event{At: at, Kind: kind, Project: project, Payload: detail})
}

// Claimed tells of a project that a claim of the caller has just made, which is theirs from then on.
func (c Caller) Claimed(ctx context.Context, tx Tx, at time.Time, standing ProjectStanding) error {
	if !standing.Created {
		return nil
	}
	return tx.Emit(ctx, Event{At: at, Kind: OwnerAdded, Project: standing.Name, Payload: map[string]any{"user": c.Name}})
}
