// Package follow is the use case of hearing of releases by mail: asking for it, confirming that, changing it and ending it.
//
// Whoever asks need not be the owner of the address, so nothing goes there but one letter that asks, until the owner has
// said yes; and what is answered does not tell whether an address was known. The links in letters stand for the owner.
package follow

import (
	"context"
	"strconv"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/ports"
)

// Service keeps who follows what.
type Service struct {
	Following ports.Following
	Work      ports.UnitOfWork
	// Sends says that letters are sent; without it nothing can be asked for that needs one.
	Sends bool
	// Policies have those of asking for letters, to one address and from one client.
	Policies limit.Policies
	Now      ports.Clock
	NewID    ports.IDs
}

// Offered tells whether anything can be followed.
//
// Errors: mail_unconfigured.
func (s *Service) Offered() error {
	if s.Sends {
		return nil
	}
	return fault.New(fault.MailUnconfigured, "This registry sends no letters. Follow by the feeds, which tell the same.")
}

// Request asks to follow something.
type Request struct {
	// Address is "" for the one that whoever asks has signed in with.
	Address string
	Of      ports.Followed
	Options ports.FollowOptions
}

// Follow follows something. The owner of the address has to confirm it, unless they are who asks: then followed is true, and
// the subscription is given. Otherwise nothing is told that depends on whether the address is known here.
//
// Errors: mail_unconfigured, address_invalid, request_invalid, project_unknown, shelf_unknown, account_unknown,
// rate_limited; address_unverified where no address was given and there is none; address_closed where letters to their own
// have come back; database_unavailable.
func (s *Service) Follow(ctx context.Context, who ports.Caller, request Request) (subscription ports.Subscription, followed bool, err error) {
	if err := s.Offered(); err != nil {
		return ports.Subscription{}, false, err
	}
	if err := checkOptions(request.Options); err != nil {
		return ports.Subscription{}, false, err
	}
	var own ports.Recipient
	if who.ID != "" {
		if own, err = s.Following.RecipientOf(ctx, who.ID); err != nil {
			return ports.Subscription{}, false, err
		}
	}
	if request.Address == "" && who.ID != "" {
		if own.Address == "" {
			return ports.Subscription{}, false, unverified()
		}
		request.Address = own.Address
	}
	address, err := account.ParseAddress(request.Address)
	if err != nil {
		return ports.Subscription{}, false, err
	}
	if account.FoldAddress(address) != account.FoldAddress(own.Address) {
		return ports.Subscription{}, false, s.ask(ctx, who, address, request)
	}
	id, err := s.followAtOnce(ctx, who, own.Address, request)
	if err != nil {
		return ports.Subscription{}, false, err
	}
	subscription, err = s.Following.Subscription(ctx, id)
	return subscription, err == nil, err
}

func unverified() error {
	return fault.New(fault.AddressUnverified,
		"Whoever you signed in with does not say that an address is yours. Name one; a letter there asks you to confirm it.")
}

// checkOptions refuses what nobody can hear of.
func checkOptions(options ports.FollowOptions) error {
	if options.Postgres == 0 || options.Postgres >= oldestMajor && options.Postgres <= latestMajor {
		return nil
	}
	return fault.New(fault.RequestInvalid, "There is no PostgreSQL %d. Name a major such as 17, or none.", options.Postgres).
		With(fault.Field{Pointer: "/pg_version", Detail: "This is no PostgreSQL major."})
}

// The majors that the contract knows.
const (
	oldestMajor = 10
	latestMajor = 99
)

// followAtOnce follows for the owner of an address.
func (s *Service) followAtOnce(ctx context.Context, who ports.Caller, address string, request Request) (string, error) {
	now, recipientID, id := s.Now(), s.NewID(), s.NewID()
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		recipient, err := tx.EnsureRecipient(ctx, recipientID, address, now)
		if err != nil {
			return err
		}
		switch recipient.Closed {
		case ports.Bounced:
			return fault.New(fault.AddressClosed, "Letters to %s came back, so none are sent there. Use another address.", address)
		case ports.Asked:
			if err := tx.OpenRecipient(ctx, recipient.ID); err != nil {
				return err
			}
		}
		standing, err := tx.Follow(ctx, s.draft(id, recipient.ID, request, now))
		if err != nil {
			return err
		}
		id = standing.ID
		return tx.Audit(ctx, who.Entry(now, "subscription.create", "", map[string]any{"subscription": id}))
	})
	return id, err
}

func (s *Service) draft(id, recipientID string, request Request, now time.Time) ports.SubscriptionDraft {
	return ports.SubscriptionDraft{
		ID: id, RecipientID: recipientID, Of: request.Of, Options: request.Options, At: now, Ended: now.Add(-link.ConfirmLife),
	}
}

// ask lets a letter ask the owner of an address. One that asked already and can still be answered is not sent again; to
// somebody who follows it already goes the link to all that they follow, for perhaps they meant to change something.
func (s *Service) ask(ctx context.Context, who ports.Caller, address string, request Request) error {
	now, recipientID, id, letterID := s.Now(), s.NewID(), s.NewID(), s.NewID()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := s.pace(ctx, tx, who.Origin.Address, address, now); err != nil {
			return err
		}
		recipient, err := tx.EnsureRecipient(ctx, recipientID, address, now)
		if err != nil {
			return err
		}
		if recipient.Closed != "" {
			// What is asked for has to be there all the same: an answer that said otherwise would tell of the address.
			return s.known(ctx, tx, recipient.ID, id, request, now)
		}
		standing, err := tx.Ask(ctx, s.draft(id, recipient.ID, request, now))
		if err != nil {
			return err
		}
		letter := ports.LetterDraft{ID: letterID, RecipientID: recipient.ID, At: now}
		switch {
		case standing.Confirmed:
			letter.Kind, letter.Topic = ports.ManageLetter, "manage/"+letterID
		case standing.AskedAt.Equal(now):
			letter.Kind, letter.Topic = ports.ConfirmationLetter, "confirm/"+standing.ID+"/"+strconv.FormatInt(now.Unix(), 10)
			letter.Detail.SubscriptionID = standing.ID
		default:
			return nil
		}
		if _, err := tx.PostLetter(ctx, letter); err != nil {
			return err
		}
		return tx.Audit(ctx, who.Entry(now, "subscription.ask", "", map[string]any{"subscription": standing.ID}))
	})
}

// known refuses what cannot be followed as Ask does, and keeps nothing.
func (s *Service) known(ctx context.Context, tx ports.Tx, recipientID, id string, request Request, now time.Time) error {
	standing, err := tx.Ask(ctx, s.draft(id, recipientID, request, now))
	if err != nil || standing.ID != id {
		return err
	}
	_, err = tx.Unfollow(ctx, id, "")
	return err
}

// pace counts a letter that somebody asks for towards the limits.
func (s *Service) pace(ctx context.Context, tx ports.Tx, client, address string, now time.Time) error {
	if _, err := tx.Take(ctx, limit.Network(client), limit.ConfirmClient, s.Policies[limit.ConfirmClient], now); err != nil {
		return err
	}
	_, err := tx.Take(ctx, account.FoldAddress(address), limit.ConfirmAddress, s.Policies[limit.ConfirmAddress], now)
	return err
}

// SendLink sends to an address the link to all that it follows, if it follows anything; nothing tells whether it does.
//
// Errors: mail_unconfigured, address_invalid, rate_limited, database_unavailable.
func (s *Service) SendLink(ctx context.Context, who ports.Caller, address string) error {
	if err := s.Offered(); err != nil {
		return err
	}
	address, err := account.ParseAddress(address)
	if err != nil {
		return err
	}
	now, letterID := s.Now(), s.NewID()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := s.pace(ctx, tx, who.Origin.Address, address, now); err != nil {
			return err
		}
		recipient, follows, err := tx.FindRecipient(ctx, address)
		if err != nil || recipient.Closed != "" || follows == 0 {
			return err
		}
		_, err = tx.PostLetter(ctx, ports.LetterDraft{
			ID: letterID, RecipientID: recipient.ID, Kind: ports.ManageLetter, Topic: "manage/" + letterID, At: now,
		})
		return err
	})
}
