package webhook

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/retry"
	"pgtrunk.io/registry/ports"
)

const (
	// batch is how many deliveries one transaction posts.
	batch = 500
	// gone is the status by which a receiver says that it wants nothing more (RFC 9110, 15.5.11).
	gone = 410
	// hopeless is for how long every delivery may fail before a webhook is switched off.
	hopeless = 5 * 24 * time.Hour
)

// Notify posts the deliveries that tell of an event. What was posted already is not posted again, so a job that broke off is
// done again from its beginning.
//
// Errors: database_unavailable.
func (s *Service) Notify(ctx context.Context, eventID int64) error {
	event, err := s.Events.Event(ctx, eventID)
	if err != nil {
		return err
	}
	for after := ""; ; {
		hooks, err := s.Webhooks.WebhooksOf(ctx, event, after, batch)
		if err != nil || len(hooks) == 0 {
			return err
		}
		ids := make([]string, len(hooks))
		for i := range ids {
			ids[i] = s.NewID()
		}
		err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.PostDeliveries(ctx, eventID, ids, hooks, s.Now())
			return err
		})
		if err != nil {
			return err
		}
		after = hooks[len(hooks)-1]
	}
}

// Deliver makes a delivery, if it is still to be made in that round. Again is after what time to try again, 0 for never.
//
// Errors: database_unavailable, and what is no answer of the receiver.
func (s *Service) Deliver(ctx context.Context, id string, round int) (again time.Duration, err error) {
	due, found, err := s.Webhooks.DueDelivery(ctx, id)
	if err != nil || !found || due.State != ports.DeliveryQueued || due.Round != round {
		return 0, err
	}
	outcome := ports.DeliveryOutcome{DeliveryID: id, Round: round, State: ports.DeliveryDropped, At: s.Now()}
	if due.Disabled {
		return 0, s.settle(ctx, due, outcome)
	}
	message, err := s.message(ctx, due, outcome.At)
	if err != nil {
		return 0, err
	}
	answer, err := s.Sender.Send(ctx, message)
	if err != nil {
		return 0, err
	}
	// What the receiver has it has, even if the process is to end just now.
	ctx = context.WithoutCancel(ctx) //nolint:forbidigo // what was taken and not recorded is sent twice
	begun := outcome.At
	outcome.At = s.Now()
	outcome.Attempt = &ports.DeliveryAttempt{At: begun, Status: answer.Status, Took: outcome.At.Sub(begun), Error: answer.Error}
	outcome.Answer = answer.Beginning
	switch {
	case answer.Error == "":
		outcome.State = ports.DeliveryDelivered
	case due.EventID == 0, answer.Status == gone:
		// A ping is tried while somebody looks.
		outcome.State = ports.DeliveryFailed
	default:
		outcome.State = ports.DeliveryFailed
		if pause, worthIt := (retry.Pauses{First: s.FirstPause, Chance: s.Chance}).Next(due.Queued, outcome.At, due.Tries); worthIt {
			again, outcome.State, outcome.Next = pause, ports.DeliveryQueued, outcome.At.Add(pause)
		}
	}
	return again, s.settle(ctx, due, outcome)
}

// message writes and signs what is delivered.
func (s *Service) message(ctx context.Context, due ports.DueDelivery, now time.Time) (ports.WebhookMessage, error) {
	body, err := s.body(ctx, due)
	if err != nil {
		return ports.WebhookMessage{}, err
	}
	secrets := [][]byte{due.Secret}
	if due.Previous != nil && now.Before(due.PreviousUntil) {
		secrets = append(secrets, due.Previous)
	}
	return ports.WebhookMessage{
		URL: due.URL, ID: due.ID, Timestamp: now.Unix(), Body: body, Signature: sign(due.ID, now.Unix(), body, secrets...),
	}, nil
}

func (s *Service) body(ctx context.Context, due ports.DueDelivery) ([]byte, error) {
	if due.EventID == 0 {
		return s.Bodies.Ping(due.WebhookID, due.Created)
	}
	event, err := s.Events.Event(ctx, due.EventID)
	if err != nil {
		return nil, err
	}
	return s.Bodies.Event(event)
}

// settle records what came of a turn, and what that says of the webhook.
func (s *Service) settle(ctx context.Context, due ports.DueDelivery, outcome ports.DeliveryOutcome) error {
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		hook, err := tx.SettleDelivery(ctx, outcome)
		switch {
		case err != nil || hook == "" || outcome.Attempt == nil:
			return err
		case outcome.Attempt.Error == "":
			return tx.WebhookDelivered(ctx, hook)
		case outcome.Attempt.Status == gone:
			return tx.DisableWebhook(ctx, hook, ports.DisabledGone, outcome.At)
		case due.EventID == 0:
			return nil
		}
		since, err := tx.WebhookFailed(ctx, hook, outcome.At)
		if err != nil || outcome.At.Before(since.Add(hopeless)) {
			return err
		}
		return tx.DisableWebhook(ctx, hook, ports.DisabledFailing, outcome.At)
	})
	if err == nil && s.Delivered != nil {
		took := time.Duration(0)
		if outcome.Attempt != nil {
			took = outcome.Attempt.Took
		}
		s.Delivered(outcome.State, took)
	}
	return err
}
