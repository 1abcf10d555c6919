package follow

import (
	"context"

	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/ports"
)

// Holder is somebody whose address it is: by the link to all that it follows, or by their account.
type Holder struct {
	// Token is that of the link; "" for whoever is signed in.
	Token string
	Who   ports.Caller
}

// Address gives the address of a holder: with no id where it follows nothing, and none at all where somebody who is signed
// in has none that is verified.
//
// Errors: link_invalid, link_expired, link_used, database_unavailable.
func (s *Service) Address(ctx context.Context, holder Holder) (ports.Recipient, error) {
	if holder.Token != "" || holder.Who.ID == "" {
		return s.recipient(ctx, link.Manage, holder.Token)
	}
	return s.Following.RecipientOf(ctx, holder.Who.ID)
}

// List gives a page of what a holder's address follows, the newest first.
//
// Errors: those of Address, cursor_invalid.
func (s *Service) List(ctx context.Context, holder Holder, page ports.Page) (ports.Recipient, []ports.Subscription, error) {
	recipient, err := s.Address(ctx, holder)
	if err != nil || recipient.ID == "" {
		return recipient, nil, err
	}
	list, err := s.Following.Subscriptions(ctx, recipient.ID, page)
	return recipient, list, err
}

// Change changes what a holder hears by a subscription.
//
// Errors: those of Address, request_invalid, subscription_unknown.
func (s *Service) Change(ctx context.Context, holder Holder, id string, change func(ports.FollowOptions) ports.FollowOptions) (ports.Subscription, error) {
	recipient, err := s.Address(ctx, holder)
	if err != nil {
		return ports.Subscription{}, err
	}
	subscription, err := s.Following.Subscription(ctx, id)
	switch {
	case err != nil:
		return ports.Subscription{}, err
	case subscription.Recipient.ID != recipient.ID || subscription.Confirmed == nil:
		return ports.Subscription{}, unknown()
	}
	subscription.Options = change(subscription.Options)
	if err := checkOptions(subscription.Options); err != nil {
		return ports.Subscription{}, err
	}
	now := s.Now()
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.ChangeOptions(ctx, id, recipient.ID, subscription.Options); err != nil {
			return err
		}
		return tx.Audit(ctx, holder.Who.Entry(now, "subscription.change", "", map[string]any{"subscription": id}))
	})
	return subscription, err
}

// Remove ends a subscription of a holder.
//
// Errors: those of Address, subscription_unknown.
func (s *Service) Remove(ctx context.Context, holder Holder, id string) error {
	recipient, err := s.Address(ctx, holder)
	if err != nil {
		return err
	}
	if recipient.ID == "" {
		return unknown()
	}
	return s.end(ctx, id, recipient.ID, holder.Who.Entry(s.Now(), "subscription.end", "", nil))
}

// StopAll ends all letters to a holder's address.
//
// Errors: those of Address.
func (s *Service) StopAll(ctx context.Context, holder Holder) (ports.Recipient, error) {
	recipient, err := s.Address(ctx, holder)
	if err != nil || recipient.ID == "" {
		return recipient, err
	}
	return recipient, s.close(ctx, recipient, holder.Who.Origin)
}
