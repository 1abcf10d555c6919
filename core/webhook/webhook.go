// Package webhook is the use case of telling programs of events as they happen: who registers what, what is delivered, how it
// is signed, and what is done when a receiver will not have it now, or at all.
package webhook

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

const (
	// most is how many webhooks an account may have.
	most = 20
	// overlap is for how long the secret before counts too.
	overlap = 24 * time.Hour
)

// Bodies writes what is delivered; adapters/http has it, which writes events for those who ask for them too.
type Bodies interface {
	Event(event ports.RecordedEvent) ([]byte, error)
	Ping(webhookID string, at time.Time) ([]byte, error)
}

// Service keeps webhooks and delivers to them.
type Service struct {
	Webhooks ports.Webhooks
	Events   Events
	Work     ports.UnitOfWork
	Sender   ports.WebhookSender
	Bodies   Bodies
	// Policies have those of registering webhooks and of having them called.
	Policies limit.Policies
	Now      ports.Clock
	NewID    ports.IDs
	// Entropy fills with what nobody can guess.
	Entropy func([]byte) error
	// Chance gives a number from 0 to 1, by which pauses differ.
	Chance func() float64
	// FirstPause is how long a delivery waits after its first try; 0 means 10 s.
	FirstPause time.Duration
	// Loopback lets addresses be those of this machine, over http too, for development and tests.
	Loopback bool
	// Delivered is told of every delivery's turn: what came of it, with DeliveryQueued for one that is tried again, and how
	// long the receiver took.
	Delivered func(outcome ports.DeliveryState, took time.Duration)
}

// Events reads events; ports.Audience has it.
type Events interface {
	// Event gives an event by its row.
	Event(ctx context.Context, id int64) (ports.RecordedEvent, error)
}

// Request asks for a webhook.
type Request struct {
	URL   string
	Of    ports.Followed
	Kinds []ports.EventKind
}

// Register adds a webhook and gives it with its secret, which is given this once.
//
// Errors: webhook_url_invalid, request_invalid, project_unknown, shelf_unknown, account_unknown, webhooks_full, rate_limited,
// database_unavailable.
func (s *Service) Register(ctx context.Context, who ports.Caller, request Request) (made ports.Webhook, secret string, err error) {
	if err := checkURL(request.URL, s.Loopback); err != nil {
		return ports.Webhook{}, "", err
	}
	if err := checkSubject(request.Of); err != nil {
		return ports.Webhook{}, "", err
	}
	key, err := s.newSecret()
	if err != nil {
		return ports.Webhook{}, "", err
	}
	draft := ports.WebhookDraft{
		ID: s.NewID(), AccountID: who.ID, URL: request.URL, Of: request.Of, Kinds: request.Kinds, Secret: key, At: s.Now(),
	}
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if _, err := tx.Take(ctx, who.ID, limit.CreateWebhook, s.Policies[limit.CreateWebhook], draft.At); err != nil {
			return err
		}
		if err := tx.AddWebhook(ctx, draft, most); err != nil {
			return err
		}
		return tx.Audit(ctx, entry(who, draft.At, "webhook.create", draft.ID))
	})
	if err != nil {
		return ports.Webhook{}, "", err
	}
	made, err = s.Webhooks.Webhook(ctx, who.ID, draft.ID)
	return made, secretText(key), err
}

// checkSubject wants one thing that a webhook is told of.
func checkSubject(of ports.Followed) error {
	named := 0
	for _, name := range []string{of.Project, of.Category, of.Owner} {
		if name != "" {
			named++
		}
	}
	if named == 1 {
		return nil
	}
	return fault.New(fault.RequestInvalid, "A webhook is told of one thing. Name one of project, category and user.").
		With(fault.Field{Pointer: "", Detail: "Name one of project, category and user."})
}

func (s *Service) newSecret() ([]byte, error) {
	secret := make([]byte, secretLength)
	return secret, s.Entropy(secret)
}

func entry(who ports.Caller, at time.Time, action, id string) ports.AuditEntry {
	return who.Entry(at, action, "", map[string]any{"webhook": id})
}

// List gives a page of the webhooks of who asks.
//
// Errors: cursor_invalid, database_unavailable.
func (s *Service) List(ctx context.Context, who ports.Caller, page ports.Page) ([]ports.Webhook, error) {
	return s.Webhooks.Webhooks(ctx, who.ID, page)
}

// Get gives a webhook of who asks.
//
// Errors: webhook_unknown, database_unavailable.
func (s *Service) Get(ctx context.Context, who ports.Caller, id string) (ports.Webhook, error) {
	return s.Webhooks.Webhook(ctx, who.ID, id)
}

// Remove removes a webhook of who asks, with its log; what was to be delivered is not.
//
// Errors: webhook_unknown, database_unavailable.
func (s *Service) Remove(ctx context.Context, who ports.Caller, id string) error {
	return s.change(ctx, who, "webhook.delete", id, func(ctx context.Context, tx ports.Tx, _ time.Time) error {
		return tx.RemoveWebhook(ctx, who.ID, id)
	})
}

// Rotate gives a webhook of who asks another secret, and that secret this once. For a day deliveries are signed with the one
// before too, so that receivers can change over at any time of it.
//
// Errors: webhook_unknown, rate_limited, database_unavailable.
func (s *Service) Rotate(ctx context.Context, who ports.Caller, id string) (changed ports.Webhook, secret string, err error) {
	key, err := s.newSecret()
	if err != nil {
		return ports.Webhook{}, "", err
	}
	err = s.change(ctx, who, "webhook.rotate", id, func(ctx context.Context, tx ports.Tx, now time.Time) error {
		if err := s.pace(ctx, tx, who, now); err != nil {
			return err
		}
		return tx.RotateSecret(ctx, who.ID, id, key, now.Add(overlap))
	})
	if err != nil {
		return ports.Webhook{}, "", err
	}
	changed, err = s.Webhooks.Webhook(ctx, who.ID, id)
	return changed, secretText(key), err
}

// Enable switches a webhook of who asks on again. What happened while it was off is not delivered; GET /api/v1/events has it.
//
// Errors: webhook_unknown, database_unavailable.
func (s *Service) Enable(ctx context.Context, who ports.Caller, id string) (ports.Webhook, error) {
	err := s.change(ctx, who, "webhook.enable", id, func(ctx context.Context, tx ports.Tx, _ time.Time) error {
		return tx.EnableWebhook(ctx, who.ID, id)
	})
	if err != nil {
		return ports.Webhook{}, err
	}
	return s.Webhooks.Webhook(ctx, who.ID, id)
}

// change does something to a webhook and records that.
func (s *Service) change(ctx context.Context, who ports.Caller, action, id string, work func(context.Context, ports.Tx, time.Time) error) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := work(ctx, tx, now); err != nil {
			return err
		}
		return tx.Audit(ctx, entry(who, now, action, id))
	})
}

// pace counts a call that somebody asks for towards their limit.
func (s *Service) pace(ctx context.Context, tx ports.Tx, who ports.Caller, now time.Time) error {
	_, err := tx.Take(ctx, who.ID, limit.CallWebhook, s.Policies[limit.CallWebhook], now)
	return err
}

// Ping has a webhook of who asks called with a ping, once, and gives the delivery that the log will tell more of.
//
// Errors: webhook_unknown, webhook_disabled, rate_limited, database_unavailable.
func (s *Service) Ping(ctx context.Context, who ports.Caller, id string) (ports.Delivery, error) {
	hook, err := s.Webhooks.Webhook(ctx, who.ID, id)
	if err != nil {
		return ports.Delivery{}, err
	}
	if hook.Disabled != nil {
		return ports.Delivery{}, disabled()
	}
	deliveryID := s.NewID()
	err = s.change(ctx, who, "webhook.test", hook.ID, func(ctx context.Context, tx ports.Tx, now time.Time) error {
		if err := s.pace(ctx, tx, who, now); err != nil {
			return err
		}
		_, err := tx.PostDeliveries(ctx, 0, []string{deliveryID}, []string{hook.ID}, now)
		return err
	})
	if err != nil {
		return ports.Delivery{}, err
	}
	return s.Webhooks.Delivery(ctx, who.ID, hook.ID, deliveryID)
}

func disabled() error {
	return fault.New(fault.WebhookDisabled, "This webhook is switched off, so nothing is delivered to it. Enable it, then send again.")
}

// Log gives a page of what a webhook of who asks was told.
//
// Errors: webhook_unknown, cursor_invalid, database_unavailable.
func (s *Service) Log(ctx context.Context, who ports.Caller, id string, page ports.Page) ([]ports.Delivery, error) {
	hook, err := s.Webhooks.Webhook(ctx, who.ID, id)
	if err != nil {
		return nil, err
	}
	return s.Webhooks.Deliveries(ctx, who.ID, hook.ID, page)
}

// Redeliver has a delivery of a webhook of who asks made again, with the same id, and gives it.
//
// Errors: webhook_unknown, delivery_unknown, webhook_disabled, rate_limited, database_unavailable.
func (s *Service) Redeliver(ctx context.Context, who ports.Caller, id, deliveryID string) (ports.Delivery, error) {
	hook, err := s.Webhooks.Webhook(ctx, who.ID, id)
	if err != nil {
		return ports.Delivery{}, err
	}
	if hook.Disabled != nil {
		return ports.Delivery{}, disabled()
	}
	err = s.change(ctx, who, "webhook.redeliver", hook.ID, func(ctx context.Context, tx ports.Tx, now time.Time) error {
		if err := s.pace(ctx, tx, who, now); err != nil {
			return err
		}
		return tx.Redeliver(ctx, who.ID, hook.ID, deliveryID, now)
	})
	if err != nil {
		return ports.Delivery{}, err
	}
	return s.Webhooks.Delivery(ctx, who.ID, hook.ID, deliveryID)
}
