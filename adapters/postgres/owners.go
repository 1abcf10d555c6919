package postgres

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Ownership    = (*Store)(nil)
	_ ports.OwnerChanges = (*tx)(nil)
)

func unknownProject(name string) *fault.Fault {
	return fault.New(fault.ProjectUnknown, "There is no project called %q. Look the name up in the catalogue.", name)
}

// Owners gives the owners of a project.
func (s *Store) Owners(ctx context.Context, project string) ([]ports.Owner, error) {
	row, err := s.queries.ProjectByName(ctx, project)
	if err != nil {
		return nil, notFound(err, unknownProject(project))
	}
	rows, err := s.queries.OwnersOfProject(ctx, row.ID)
	return each(rows, ownerFromRow), interpret(err)
}

// Owns tells whether an account owns a project.
func (s *Store) Owns(ctx context.Context, project, accountID string) (name string, owns bool, err error) {
	row, err := s.queries.ProjectOfOwner(ctx, accountID, project)
	if err != nil {
		return "", false, notFound(err, unknownProject(project))
	}
	return row.Name, row.Owned, nil
}

// Invitations gives a page of invitations.
func (s *Store) Invitations(ctx context.Context, project, accountID string, page ports.Page) ([]ports.Invitation, error) {
	after, err := afterUUID(page)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.Invitations(ctx, optional(project), optional(accountID), after, int32(page.Limit))
	return each(rows, func(row sqlcgen.InvitationsRow) ports.Invitation {
		return ports.Invitation{
			ID: row.ID, Project: row.Project, Account: row.Account, InvitedBy: row.InvitedBy, Transfer: row.Transfer, At: row.CreatedAt.UTC(),
		}
	}), interpret(err)
}

func ownerFromRow(row sqlcgen.OwnersOfProjectRow) ports.Owner {
	return ports.Owner{Account: account.Account{ID: row.ID, Name: row.Name, Administrator: row.Administrator}, Since: row.Since.UTC()}
}

// LockProject finds a project, and lets other changes of it wait.
func (t *tx) LockProject(ctx context.Context, project, accountID string) (ports.ProjectStanding, error) {
	row, err := t.queries.LockProject(ctx, accountID, project)
	if err != nil {
		return ports.ProjectStanding{}, notFound(err, unknownProject(project))
	}
	return ports.ProjectStanding{ID: row.ID, Name: row.Name, Owned: row.Owned}, nil
}

// Invite asks somebody to own a project.
func (t *tx) Invite(ctx context.Context, invitation ports.InvitationDraft) error {
	added, err := t.queries.Invite(ctx, sqlcgen.InviteParams{
		ID: invitation.ID, Project: invitation.ProjectID, Account: invitation.AccountID, InvitedBy: invitation.InvitedBy,
		Transfer: invitation.Transfer, At: invitation.At,
	})
	if err != nil {
		return interpret(err)
	}
	if added == 0 {
		return fault.New(fault.AlreadyOwner, "They own the project already. There is nothing to do.")
	}
	return nil
}

// TakeInvitation ends an invitation and gives what it was.
func (t *tx) TakeInvitation(ctx context.Context, projectID, accountID string) (ports.InvitationDraft, error) {
	row, err := t.queries.TakeInvitation(ctx, projectID, accountID)
	if err != nil {
		return ports.InvitationDraft{}, notFound(err, fault.New(fault.InvitationUnknown, "There is no such invitation. Ask one of the project's owners for one."))
	}
	return ports.InvitationDraft{
		ID: row.ID, ProjectID: projectID, AccountID: accountID, InvitedBy: row.InvitedBy, Inviter: row.Inviter,
		Transfer: row.Transfer, At: row.CreatedAt.UTC(),
	}, nil
}

// AddOwner makes an account an owner.
func (t *tx) AddOwner(ctx context.Context, projectID, accountID string, at time.Time) error {
	return interpret(t.queries.AddOwner(ctx, projectID, accountID, at))
}

// RemoveOwner takes a project from an owner, with the invitations that they made.
func (t *tx) RemoveOwner(ctx context.Context, projectID, accountID string) error {
	row, err := t.queries.RemoveOwner(ctx, projectID, accountID)
	switch {
	case err != nil:
		return interpret(err)
	case !row.Owned:
		return fault.New(fault.OwnerUnknown, "They do not own that project. There is nothing to take.")
	case !row.Removed:
		return fault.New(fault.LastOwner, "Nobody else owns that project, and one owner has to stay. Ask somebody to own it first.")
	}
	return interpret(t.queries.RemoveInvitationsBy(ctx, projectID, accountID))
}

// RemoveOwners takes a project from everybody.
func (t *tx) RemoveOwners(ctx context.Context, projectID string) error {
	if err := t.queries.RemoveInvitations(ctx, projectID); err != nil {
		return interpret(err)
	}
	return interpret(t.queries.RemoveAllOwners(ctx, projectID))
}

// ListOwners gives the owners of a project.
func (t *tx) ListOwners(ctx context.Context, projectID string) ([]ports.Owner, error) {
	rows, err := t.queries.OwnersOfProject(ctx, projectID)
	return each(rows, ownerFromRow), interpret(err)
}
