package follow

import (
	"context"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/ports"
)

// open gives what the link of a token is about.
//
// Errors: link_invalid, link_expired, database_unavailable.
func (s *Service) open(ctx context.Context, purpose link.Purpose, token string) (string, error) {
	key, err := s.Following.LinkKey(ctx)
	if err != nil {
		return "", err
	}
	return key.Open(purpose, token, s.Now())
}

// Pending gives the subscription that the link of a confirmation is about, and changes nothing.
//
// Errors: link_invalid, link_expired; link_used where it is confirmed already or gone; address_closed where its owner has
// ended all letters since; database_unavailable.
func (s *Service) Pending(ctx context.Context, token string) (ports.Subscription, error) {
	id, err := s.open(ctx, link.Confirm, token)
	if err != nil {
		return ports.Subscription{}, err
	}
	subscription, err := s.Following.Subscription(ctx, id)
	switch {
	case fault.CodeOf(err) == fault.SubscriptionUnknown:
		return ports.Subscription{}, gone()
	case err != nil:
		return ports.Subscription{}, err
	case subscription.Recipient.Closed != "":
		return ports.Subscription{}, fault.New(fault.AddressClosed,
			"Letters to that address were ended, or came back. Sign in and follow from your account, or use another address.")
	case subscription.Confirmed != nil:
		return ports.Subscription{}, fault.New(fault.LinkUsed, "You follow that already; the link was good once. There is nothing to do.")
	}
	return subscription, nil
}

func gone() error {
	return fault.New(fault.LinkUsed, "Nothing waits to be confirmed by that link any more. To follow it, ask for it again on its page.")
}

// Confirm makes a subscription count, for whoever has the link of a confirmation.
//
// Errors: those of Pending.
func (s *Service) Confirm(ctx context.Context, token string, origin ports.Origin) (ports.Subscription, error) {
	subscription, err := s.Pending(ctx, token)
	if err != nil {
		return ports.Subscription{}, err
	}
	now := s.Now()
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		confirmed, err := tx.Confirm(ctx, subscription.ID, now)
		if err != nil {
			return err
		}
		if !confirmed {
			return gone()
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: now, Action: "subscription.confirm", Origin: origin, Detail: map[string]any{"subscription": subscription.ID},
		})
	})
	subscription.Confirmed = &now
	return subscription, err
}

// Ending gives the subscription that a link ends, and changes nothing; the zero value where it has ended.
//
// Errors: link_invalid, database_unavailable.
func (s *Service) Ending(ctx context.Context, token string) (ports.Subscription, error) {
	id, err := s.open(ctx, link.Unsubscribe, token)
	if err != nil {
		return ports.Subscription{}, err
	}
	subscription, err := s.Following.Subscription(ctx, id)
	if fault.CodeOf(err) == fault.SubscriptionUnknown {
		return ports.Subscription{}, nil
	}
	return subscription, err
}

// Unsubscribe ends a subscription, for whoever has the link of a letter. Ending it again is right too. It gives what was
// ended, the zero value where there was nothing.
//
// Errors: link_invalid, database_unavailable.
func (s *Service) Unsubscribe(ctx context.Context, token string, origin ports.Origin) (ports.Subscription, error) {
	subscription, err := s.Ending(ctx, token)
	if err != nil || subscription.ID == "" {
		return subscription, err
	}
	return subscription, s.end(ctx, subscription.ID, "", ports.AuditEntry{Action: "subscription.end", Origin: origin})
}

// end removes a subscription and records that if it was there.
func (s *Service) end(ctx context.Context, id, recipientID string, entry ports.AuditEntry) error {
	entry.At, entry.Detail = s.Now(), map[string]any{"subscription": id}
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		removed, err := tx.Unfollow(ctx, id, recipientID)
		switch {
		case err != nil:
			return err
		case !removed && recipientID != "":
			return unknown()
		case !removed:
			return nil
		}
		return tx.Audit(ctx, entry)
	})
}

func unknown() error {
	return fault.New(fault.SubscriptionUnknown, "There is no such subscription of yours. Look at the list of what you follow.")
}

// Silencing gives the address to which a link ends all letters, and changes nothing.
//
// Errors: link_invalid, database_unavailable.
func (s *Service) Silencing(ctx context.Context, token string) (ports.Recipient, error) {
	return s.recipient(ctx, link.Silence, token)
}

// recipient gives whom a link is about.
func (s *Service) recipient(ctx context.Context, purpose link.Purpose, token string) (ports.Recipient, error) {
	id, err := s.open(ctx, purpose, token)
	if err != nil {
		return ports.Recipient{}, err
	}
	recipient, err := s.Following.Recipient(ctx, id)
	if fault.CodeOf(err) == fault.SubscriptionUnknown {
		return ports.Recipient{}, fault.New(fault.LinkUsed, "Nothing is known of that address any more, and nothing is sent there. There is nothing to do.")
	}
	return recipient, err
}

// Silence ends all letters to an address, for whoever has the link of a letter. Ending them again is right too.
//
// Errors: link_invalid, link_used, database_unavailable.
func (s *Service) Silence(ctx context.Context, token string, origin ports.Origin) (ports.Recipient, error) {
	recipient, err := s.Silencing(ctx, token)
	if err != nil {
		return ports.Recipient{}, err
	}
	return recipient, s.close(ctx, recipient, origin)
}

func (s *Service) close(ctx context.Context, recipient ports.Recipient, origin ports.Origin) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		closed, err := tx.CloseRecipient(ctx, recipient.ID, now)
		if err != nil || !closed {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{At: now, Action: "recipient.close", Origin: origin, Detail: map[string]any{"recipient": recipient.ID}})
	})
}
