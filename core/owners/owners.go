// Package owners is the use case of who may publish to a project: asking others to own it, accepting, leaving.
package owners

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service changes who owns projects. Administrators may do what owners may.
type Service struct {
	Ownership ports.Ownership
	Accounts  ports.Accounts
	Work      ports.UnitOfWork
	Now       ports.Clock
	NewID     ports.IDs
}

// Owners gives the owners of a project.
//
// Errors: project_unknown, database_unavailable.
func (s *Service) Owners(ctx context.Context, project string) ([]ports.Owner, error) {
	return s.Ownership.Owners(ctx, extension.FoldName(project))
}

// Invite asks a user to own a project. With transfer, whoever asks stops owning it when the other accepts.
//
// Errors: project_unknown, not_owner, account_unknown, already_owner, database_unavailable.
func (s *Service) Invite(ctx context.Context, who ports.Caller, project, user string, transfer bool) (ports.Invitation, error) {
	other, err := s.Accounts.Account(ctx, user)
	if err != nil {
		return ports.Invitation{}, err
	}
	now, id := s.Now(), s.NewID()
	invitation := ports.Invitation{ID: id, Account: other.Name, InvitedBy: who.Name, Transfer: transfer, At: now}
	err = who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		invitation.Project = standing.Name
		draft := ports.InvitationDraft{ID: id, ProjectID: standing.ID, AccountID: other.ID, InvitedBy: who.ID, Transfer: transfer, At: now}
		if err := tx.Invite(ctx, draft); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "owner.invite", standing.Name, map[string]any{"user": other.Name, "transfer": transfer}))
	})
	return invitation, err
}

// Withdraw takes an invitation back.
//
// Errors: project_unknown, not_owner, account_unknown, invitation_unknown, database_unavailable.
func (s *Service) Withdraw(ctx context.Context, who ports.Caller, project, user string) error {
	other, err := s.Accounts.Account(ctx, user)
	if err != nil {
		return err
	}
	now := s.Now()
	return who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		if _, err := tx.TakeInvitation(ctx, standing.ID, other.ID); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "owner.withdraw", standing.Name, map[string]any{"user": other.Name}))
	})
}

// Accept makes whoever asks an owner of a project that they are asked to own, and gives the owners there are then.
//
// Errors: project_unknown, invitation_unknown, database_unavailable.
func (s *Service) Accept(ctx context.Context, who ports.Caller, project string) ([]ports.Owner, error) {
	now := s.Now()
	var owners []ports.Owner
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.LockProject(ctx, extension.FoldName(project), who.ID)
		if err != nil {
			return err
		}
		invitation, err := tx.TakeInvitation(ctx, standing.ID, who.ID)
		if err != nil {
			return err
		}
		if err := tx.AddOwner(ctx, standing.ID, who.ID, now); err != nil {
			return err
		}
		if err := who.Tell(ctx, tx, now, ports.OwnerAdded, "owner.accept", standing.Name, map[string]any{"user": who.Name}); err != nil {
			return err
		}
		if invitation.Transfer {
			if err := handOver(ctx, tx, who, standing, invitation, now); err != nil {
				return err
			}
		}
		owners, err = tx.ListOwners(ctx, standing.ID)
		return err
	})
	return owners, err
}

// handOver takes the project from whoever transferred it; they may have left it before.
func handOver(ctx context.Context, tx ports.Tx, who ports.Caller, standing ports.ProjectStanding, invitation ports.InvitationDraft, now time.Time) error {
	err := tx.RemoveOwner(ctx, standing.ID, invitation.InvitedBy)
	if fault.CodeOf(err) == fault.OwnerUnknown {
		return nil
	}
	if err != nil {
		return err
	}
	return who.Tell(ctx, tx, now, ports.OwnerRemoved, "owner.transfer", standing.Name, map[string]any{"user": invitation.Inviter})
}

// Decline ends an invitation of whoever asks.
//
// Errors: project_unknown, invitation_unknown, database_unavailable.
func (s *Service) Decline(ctx context.Context, who ports.Caller, project string) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.LockProject(ctx, extension.FoldName(project), who.ID)
		if err != nil {
			return err
		}
		if _, err := tx.TakeInvitation(ctx, standing.ID, who.ID); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "owner.decline", standing.Name, map[string]any{}))
	})
}

// Remove takes a project from an owner, who may be whoever asks.
//
// Errors: project_unknown, not_owner, account_unknown, owner_unknown, last_owner, database_unavailable.
func (s *Service) Remove(ctx context.Context, who ports.Caller, project, user string) error {
	other, err := s.Accounts.Account(ctx, user)
	if err != nil {
		return err
	}
	now := s.Now()
	return who.Change(ctx, s.Work, project, func(ctx context.Context, tx ports.Tx, standing ports.ProjectStanding) error {
		if err := tx.RemoveOwner(ctx, standing.ID, other.ID); err != nil {
			return err
		}
		return who.Tell(ctx, tx, now, ports.OwnerRemoved, "owner.remove", standing.Name, map[string]any{"user": other.Name})
	})
}

// Invitations gives a page of the invitations to a project, for its owners.
//
// Errors: project_unknown, not_owner, cursor_invalid, database_unavailable.
func (s *Service) Invitations(ctx context.Context, who ports.Caller, project string, page ports.Page) ([]ports.Invitation, error) {
	if err := s.MustOwn(ctx, who, project); err != nil {
		return nil, err
	}
	return s.Ownership.Invitations(ctx, extension.FoldName(project), "", page)
}

// MustOwn checks that whoever asks may change a project. What is changed is checked again in the transaction of the change.
//
// Errors: project_unknown, not_owner, database_unavailable.
func (s *Service) MustOwn(ctx context.Context, who ports.Caller, project string) error {
	name, owns, err := s.Ownership.Owns(ctx, extension.FoldName(project), who.ID)
	if err != nil {
		return err
	}
	return who.MayChange(name, owns)
}

// Asked gives a page of the invitations to whoever asks.
//
// Errors: cursor_invalid, database_unavailable.
func (s *Service) Asked(ctx context.Context, who ports.Caller, page ports.Page) ([]ports.Invitation, error) {
	return s.Ownership.Invitations(ctx, "", who.ID, page)
}
