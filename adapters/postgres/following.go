package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Following     = (*Store)(nil)
	_ ports.FollowChanges = (*tx)(nil)
)

func unknownSubscription() *fault.Fault {
	return fault.New(fault.SubscriptionUnknown, "There is no such subscription of yours. Look at the list of what you follow.")
}

// LinkKey gives the key that links are signed with.
func (s *Store) LinkKey(ctx context.Context) (link.Key, error) {
	key, err := s.queries.LinkKey(ctx)
	return key, interpret(err)
}

// Subscription gives a subscription.
func (s *Store) Subscription(ctx context.Context, id string) (ports.Subscription, error) {
	if uuid.Validate(id) != nil {
		return ports.Subscription{}, unknownSubscription()
	}
	row, err := s.queries.SubscriptionByID(ctx, id)
	if err != nil {
		return ports.Subscription{}, notFound(err, unknownSubscription())
	}
	return subscriptionFromRow(sqlcgen.SubscriptionsOfRecipientRow(row)), nil
}

// Subscriptions gives a page of what a recipient follows.
func (s *Store) Subscriptions(ctx context.Context, recipientID string, page ports.Page) ([]ports.Subscription, error) {
	after, err := afterUUID(page)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.SubscriptionsOfRecipient(ctx, recipientID, after, int32(page.Limit))
	return each(rows, subscriptionFromRow), interpret(err)
}

// Recipient gives a recipient.
func (s *Store) Recipient(ctx context.Context, id string) (ports.Recipient, error) {
	row, err := s.queries.RecipientByID(ctx, id)
	if err != nil {
		return ports.Recipient{}, notFound(err, unknownSubscription())
	}
	return recipient(row.ID, row.Address, row.ClosedReason), nil
}

// RecipientOf gives the verified address of an account.
func (s *Store) RecipientOf(ctx context.Context, accountID string) (ports.Recipient, error) {
	row, err := s.queries.RecipientOfAccount(ctx, accountID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ports.Recipient{}, nil
	case err != nil:
		return ports.Recipient{}, interpret(err)
	case row.ID == nil:
		return ports.Recipient{Address: text(row.Email)}, nil
	}
	return recipient(*row.ID, text(row.Address), row.ClosedReason), nil
}

func recipient(id, address string, closed *string) ports.Recipient {
	return ports.Recipient{ID: id, Address: address, Closed: ports.ClosedReason(text(closed))}
}

func subscriptionFromRow(row sqlcgen.SubscriptionsOfRecipientRow) ports.Subscription {
	subscription := ports.Subscription{
		ID: row.ID, Recipient: recipient(row.RecipientID, row.Address, row.ClosedReason),
		Of:      ports.Followed{Project: text(row.Project), Owner: text(row.Owner), Category: text(row.Category), CategoryName: text(row.CategoryName)},
		Options: ports.FollowOptions{Prereleases: row.Prereleases, Digest: row.Digest, Withdrawals: row.Withdrawals},
		Created: row.CreatedAt.UTC(), Confirmed: utc(row.ConfirmedAt), AskedAt: utc(row.AskedAt),
	}
	if row.PgMajor != nil {
		subscription.Options.Postgres = int(*row.PgMajor)
	}
	return subscription
}

// EnsureRecipient creates the recipient or finds it, and lets others that ask for it wait.
func (t *tx) EnsureRecipient(ctx context.Context, id, address string, at time.Time) (ports.Recipient, error) {
	row, err := t.queries.EnsureRecipient(ctx, id, address, at)
	return recipient(row.ID, row.Address, row.ClosedReason), interpret(err)
}

// FindRecipient finds the recipient of an address.
func (t *tx) FindRecipient(ctx context.Context, address string) (who ports.Recipient, follows int, err error) {
	row, err := t.queries.RecipientByAddress(ctx, address)
	if errors.Is(err, pgx.ErrNoRows) {
		return ports.Recipient{}, 0, nil
	}
	return recipient(row.ID, row.Address, row.ClosedReason), int(row.Follows), interpret(err)
}

// subject is what a subscription is of, by its ids.
type subject struct{ project, category, owner *string }

// subjectOf finds what is to be followed.
func (t *tx) subjectOf(ctx context.Context, of ports.Followed) (subject, error) {
	switch {
	case of.Project != "":
		id, err := t.queries.SubjectOfProject(ctx, extension.FoldName(of.Project))
		if err != nil {
			return subject{}, notFound(err, unknownProject(of.Project))
		}
		return subject{project: &id}, nil
	case of.Category != "":
		slug, err := t.queries.SubjectOfCategory(ctx, of.Category)
		if err != nil {
			return subject{}, notFound(err, fault.New(fault.ShelfUnknown, "There is no category with the slug %q. /categories lists them.", of.Category))
		}
		return subject{category: &slug}, nil
	default:
		id, err := t.queries.SubjectOfOwner(ctx, of.Owner)
		if err != nil {
			return subject{}, notFound(err, unknownAccount(of.Owner))
		}
		return subject{owner: &id}, nil
	}
}

func major(options ports.FollowOptions) *int32 {
	if options.Postgres == 0 {
		return nil
	}
	number := int32(options.Postgres)
	return &number
}

// Ask keeps that somebody wants to follow something.
func (t *tx) Ask(ctx context.Context, draft ports.SubscriptionDraft) (ports.SubscriptionStanding, error) {
	of, err := t.subjectOf(ctx, draft.Of)
	if err != nil {
		return ports.SubscriptionStanding{}, err
	}
	row, err := t.queries.AskSubscription(ctx, sqlcgen.AskSubscriptionParams{
		ID: draft.ID, Recipient: draft.RecipientID, Project: of.project, Category: of.category, Owner: of.owner, PgMajor: major(draft.Options),
		Prereleases: draft.Options.Prereleases, Digest: draft.Options.Digest, Withdrawals: draft.Options.Withdrawals, At: draft.At, Ended: &draft.Ended,
	})
	return standing(sqlcgen.FollowSubscriptionRow(row)), interpret(err)
}

// Follow keeps that somebody follows something.
func (t *tx) Follow(ctx context.Context, draft ports.SubscriptionDraft) (ports.SubscriptionStanding, error) {
	of, err := t.subjectOf(ctx, draft.Of)
	if err != nil {
		return ports.SubscriptionStanding{}, err
	}
	row, err := t.queries.FollowSubscription(ctx, sqlcgen.FollowSubscriptionParams{
		ID: draft.ID, Recipient: draft.RecipientID, Project: of.project, Category: of.category, Owner: of.owner, PgMajor: major(draft.Options),
		Prereleases: draft.Options.Prereleases, Digest: draft.Options.Digest, Withdrawals: draft.Options.Withdrawals, At: draft.At,
	})
	return standing(row), interpret(err)
}

func standing(row sqlcgen.FollowSubscriptionRow) ports.SubscriptionStanding {
	s := ports.SubscriptionStanding{ID: row.ID, Confirmed: row.ConfirmedAt != nil}
	if row.AskedAt != nil {
		s.AskedAt = row.AskedAt.UTC()
	}
	return s
}

// Confirm makes a subscription count.
func (t *tx) Confirm(ctx context.Context, id string, at time.Time) (bool, error) {
	confirmed, err := t.queries.ConfirmSubscription(ctx, &at, id)
	return confirmed == 1, interpret(err)
}

// ChangeOptions changes what a recipient hears.
func (t *tx) ChangeOptions(ctx context.Context, id, recipientID string, options ports.FollowOptions) error {
	if uuid.Validate(id) != nil {
		return unknownSubscription()
	}
	changed, err := t.queries.ChangeSubscription(ctx, sqlcgen.ChangeSubscriptionParams{
		ID: id, Recipient: recipientID, PgMajor: major(options), Prereleases: options.Prereleases, Digest: options.Digest, Withdrawals: options.Withdrawals,
	})
	if err == nil && changed == 0 {
		return unknownSubscription()
	}
	return interpret(err)
}

// Unfollow removes a subscription.
func (t *tx) Unfollow(ctx context.Context, id, recipientID string) (bool, error) {
	if _, err := uuid.Parse(id); err != nil {
		return false, nil //nolint:nilerr // what is no id is nobody's
	}
	removed, err := t.queries.RemoveSubscription(ctx, id, optional(recipientID))
	return removed == 1, interpret(err)
}

// CloseRecipient ends all letters to an address.
func (t *tx) CloseRecipient(ctx context.Context, id string, at time.Time) (bool, error) {
	closed, err := t.queries.CloseRecipient(ctx, &at, id)
	if err != nil {
		return false, interpret(err)
	}
	return closed == 1, interpret(t.queries.RemoveSubscriptions(ctx, id))
}

// OpenRecipient takes that back.
func (t *tx) OpenRecipient(ctx context.Context, id string) error {
	return interpret(t.queries.OpenRecipient(ctx, id))
}
