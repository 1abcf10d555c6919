package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Webhooks       = (*Store)(nil)
	_ ports.WebhookChanges = (*tx)(nil)
)

func unknownWebhook() *fault.Fault {
	return fault.New(fault.WebhookUnknown, "There is no such webhook of yours. Look at the list of your webhooks.")
}

func unknownDelivery() *fault.Fault {
	return fault.New(fault.DeliveryUnknown, "There is no such delivery in the log of that webhook. The log goes back thirty days.")
}

// changedWebhook interprets what came of a change of the one webhook of an id.
func changedWebhook(count int64, err error) error {
	if err == nil && count == 0 {
		return unknownWebhook()
	}
	return interpret(err)
}

// Webhook gives a webhook of an account.
func (s *Store) Webhook(ctx context.Context, accountID, id string) (ports.Webhook, error) {
	if uuid.Validate(id) != nil {
		return ports.Webhook{}, unknownWebhook()
	}
	rows, err := s.queries.WebhooksOfAccount(ctx, accountID, &id, nil, 1)
	if err == nil && len(rows) == 0 {
		return ports.Webhook{}, unknownWebhook()
	}
	if err != nil {
		return ports.Webhook{}, interpret(err)
	}
	return webhookFromRow(rows[0]), nil
}

// Webhooks gives a page of those of an account.
func (s *Store) Webhooks(ctx context.Context, accountID string, page ports.Page) ([]ports.Webhook, error) {
	after, err := afterUUID(page)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.WebhooksOfAccount(ctx, accountID, nil, after, int32(page.Limit))
	return each(rows, webhookFromRow), interpret(err)
}

func webhookFromRow(row sqlcgen.WebhooksOfAccountRow) ports.Webhook {
	return ports.Webhook{
		ID: row.ID, URL: row.Url,
		Of:    ports.Followed{Project: text(row.Project), Owner: text(row.Owner), Category: text(row.Category), CategoryName: text(row.CategoryName)},
		Kinds: each(row.Kinds, func(kind string) ports.EventKind { return ports.EventKind(kind) }), Created: row.CreatedAt.UTC(),
		FailingSince: utc(row.FailingSince), Disabled: utc(row.DisabledAt), DisabledReason: ports.DisabledReason(text(row.DisabledReason)),
	}
}

// Deliveries gives a page of what a webhook was told.
func (s *Store) Deliveries(ctx context.Context, accountID, webhookID string, page ports.Page) ([]ports.Delivery, error) {
	after, err := afterUUID(page)
	if err != nil {
		return nil, err
	}
	return s.deliveries(ctx, sqlcgen.DeliveriesOfWebhookParams{Webhook: webhookID, Account: accountID, After: after, Most: int32(page.Limit)})
}

// Delivery gives one of them.
func (s *Store) Delivery(ctx context.Context, accountID, webhookID, id string) (ports.Delivery, error) {
	if uuid.Validate(id) != nil || uuid.Validate(webhookID) != nil {
		return ports.Delivery{}, unknownDelivery()
	}
	found, err := s.deliveries(ctx, sqlcgen.DeliveriesOfWebhookParams{Webhook: webhookID, Account: accountID, ID: &id, Most: 1})
	if err == nil && len(found) == 0 {
		return ports.Delivery{}, unknownDelivery()
	}
	if err != nil {
		return ports.Delivery{}, err
	}
	return found[0], nil
}

func (s *Store) deliveries(ctx context.Context, asked sqlcgen.DeliveriesOfWebhookParams) ([]ports.Delivery, error) {
	rows, err := s.queries.DeliveriesOfWebhook(ctx, asked)
	if err != nil {
		return nil, interpret(err)
	}
	deliveries := make([]ports.Delivery, len(rows))
	for i, row := range rows {
		deliveries[i] = ports.Delivery{
			ID: row.ID, Kind: ports.EventKind(row.Kind), Project: text(row.Project), Version: row.Version, State: ports.DeliveryState(row.State),
			Created: row.CreatedAt.UTC(), Next: utc(row.NextAt), Answer: text(row.Answer),
		}
		if row.Sequence != nil {
			deliveries[i].Sequence = *row.Sequence
		}
		if err := json.Unmarshal(row.Attempts, &deliveries[i].Attempts); err != nil {
			return nil, fmt.Errorf("read the attempts of delivery %s: %w", row.ID, err)
		}
	}
	return deliveries, nil
}

// WebhooksOf gives the webhooks that are to be told of an event.
func (s *Store) WebhooksOf(ctx context.Context, event ports.RecordedEvent, after string, limit int) ([]string, error) {
	ids, err := s.queries.WebhooksOfEvent(ctx, sqlcgen.WebhooksOfEventParams{
		Folded: extension.FoldName(event.Project), Also: event.User, At: event.At, Kind: string(event.Kind), After: optional(after), Most: int32(limit),
	})
	return ids, interpret(err)
}

// DueDelivery gives a delivery to be made.
func (s *Store) DueDelivery(ctx context.Context, id string) (delivery ports.DueDelivery, found bool, err error) {
	row, err := s.queries.DeliveryByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return ports.DueDelivery{}, false, nil
	}
	if err != nil {
		return ports.DueDelivery{}, false, interpret(err)
	}
	delivery = ports.DueDelivery{
		ID: row.ID, WebhookID: row.WebhookID, URL: row.Url, State: ports.DeliveryState(row.State), Created: row.CreatedAt.UTC(),
		Round: int(row.Round), Queued: row.QueuedAt.UTC(), Tries: int(row.Tries), Secret: row.Secret, Previous: row.PreviousSecret, Disabled: row.Disabled,
	}
	if row.EventID != nil {
		delivery.EventID = *row.EventID
	}
	if row.PreviousUntil != nil {
		delivery.PreviousUntil = row.PreviousUntil.UTC()
	}
	return delivery, true, nil
}

// DeliveriesQueued counts the deliveries that are to be made.
func (s *Store) DeliveriesQueued(ctx context.Context) (int, error) {
	queued, err := s.queries.DeliveriesQueued(ctx)
	return int(queued), interpret(err)
}

// AddWebhook adds a webhook. Those of an account are added one after the other, so that they can be counted.
func (t *tx) AddWebhook(ctx context.Context, draft ports.WebhookDraft, most int) error {
	of, err := t.subjectOf(ctx, draft.Of)
	if err != nil {
		return err
	}
	if err := t.queries.LockAccount(ctx, draft.AccountID); err != nil {
		return interpret(err)
	}
	kinds := make([]string, len(draft.Kinds))
	for i, kind := range draft.Kinds {
		kinds[i] = string(kind)
	}
	added, err := t.queries.AddWebhook(ctx, sqlcgen.AddWebhookParams{
		ID: draft.ID, Account: draft.AccountID, Url: draft.URL, Project: of.project, Category: of.category, Owner: of.owner, Kinds: kinds,
		Secret: draft.Secret, At: draft.At, Most: int32(most),
	})
	if err == nil && added == 0 {
		return fault.New(fault.WebhooksFull, "You have %d webhooks, and an account may not have more. Remove one that you do not need.", most)
	}
	return interpret(err)
}

// RemoveWebhook removes a webhook.
func (t *tx) RemoveWebhook(ctx context.Context, accountID, id string) error {
	if uuid.Validate(id) != nil {
		return unknownWebhook()
	}
	return changedWebhook(t.queries.RemoveWebhook(ctx, id, accountID))
}

// RotateSecret gives a webhook another secret.
func (t *tx) RotateSecret(ctx context.Context, accountID, id string, secret []byte, previousUntil time.Time) error {
	if uuid.Validate(id) != nil {
		return unknownWebhook()
	}
	return changedWebhook(t.queries.RotateWebhookSecret(ctx, &previousUntil, secret, id, accountID))
}

// EnableWebhook switches a webhook on again.
func (t *tx) EnableWebhook(ctx context.Context, accountID, id string) error {
	if uuid.Validate(id) != nil {
		return unknownWebhook()
	}
	return changedWebhook(t.queries.EnableWebhook(ctx, id, accountID))
}

// firstRound is the one that a delivery begins with.
const firstRound = 1

// PostDeliveries has webhooks told of something once the unit of work is done.
func (t *tx) PostDeliveries(ctx context.Context, eventID int64, ids, webhookIDs []string, at time.Time) ([]string, error) {
	var event *int64
	if eventID != 0 {
		event = &eventID
	}
	added, err := t.queries.AddDeliveries(ctx, event, at, ids, webhookIDs)
	if err != nil {
		return nil, interpret(err)
	}
	return added, t.call(ctx, firstRound, added...)
}

func (t *tx) call(ctx context.Context, round int, ids ...string) error {
	if t.queue == nil || len(ids) == 0 {
		return nil
	}
	return interpret(t.queue.Call(ctx, t.pgx, round, ids...))
}

// Redeliver has a delivery made again.
func (t *tx) Redeliver(ctx context.Context, accountID, webhookID, id string, at time.Time) error {
	if uuid.Validate(id) != nil || uuid.Validate(webhookID) != nil {
		return unknownDelivery()
	}
	round, err := t.queries.RedeliverWebhook(ctx, at, id, webhookID, accountID)
	if err != nil {
		return notFound(err, unknownDelivery())
	}
	return t.call(ctx, int(round), id)
}

// SettleDelivery records what came of a delivery's turn.
func (t *tx) SettleDelivery(ctx context.Context, outcome ports.DeliveryOutcome) (webhookID string, err error) {
	tried := []ports.DeliveryAttempt{}
	if outcome.Attempt != nil {
		tried = append(tried, *outcome.Attempt)
	}
	attempts, err := json.Marshal(tried)
	if err != nil {
		return "", fmt.Errorf("encode an attempt: %w", err)
	}
	row := sqlcgen.SettleDeliveryParams{
		ID: outcome.DeliveryID, Round: int32(outcome.Round), State: string(outcome.State), Tried: int32(len(tried)), Attempts: attempts,
		Answer: optional(outcome.Answer),
	}
	if outcome.State == ports.DeliveryQueued {
		row.NextAt = &outcome.Next
	} else {
		row.SettledAt = &outcome.At
	}
	webhookID, err = t.queries.SettleDelivery(ctx, row)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return webhookID, interpret(err)
}

// WebhookDelivered records that a webhook takes what it is told.
func (t *tx) WebhookDelivered(ctx context.Context, id string) error {
	return interpret(t.queries.WebhookDelivered(ctx, id))
}

// WebhookFailed records that one does not.
func (t *tx) WebhookFailed(ctx context.Context, id string, at time.Time) (since time.Time, err error) {
	failing, err := t.queries.WebhookFailed(ctx, &at, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return at, nil
	}
	if err != nil {
		return at, interpret(err)
	}
	return failing.UTC(), nil
}

// DisableWebhook switches one off.
func (t *tx) DisableWebhook(ctx context.Context, id string, reason ports.DisabledReason, at time.Time) error {
	text := string(reason)
	_, err := t.queries.DisableWebhook(ctx, &at, &text, id)
	return interpret(err)
}
