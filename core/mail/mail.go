// Package mail is the use case of sending letters: whom an event concerns, what each of them is sent, and what is done when
// a mail server will not have it now, or at all.
package mail

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/core/message"
	"pgtrunk.io/registry/ports"
)

// Writer writes letters; core/message has it. To, ID, Date and Unsubscribe are filled in here.
type Writer interface {
	ServiceWriter

	Release(news ports.ReleaseNews, wanted message.Wanted) ports.Mail
	Withdrawal(news message.Withdrawal, wanted message.Wanted) ports.Mail
	Digest(day string, items []message.DigestItem, wanted message.Wanted) ports.Mail
	Owner(news message.OwnerNews, wanted message.Wanted) ports.Mail
	Token(news ports.TokenNews, ending bool, wanted message.Wanted) ports.Mail
}

// ServiceWriter writes the letters that somebody asked for.
type ServiceWriter interface {
	Confirmation(asked message.Confirmation) ports.Mail
	Manage(link string, hours int) ports.Mail
}

// Subscriptions reads who follows what; ports.Following has it.
type Subscriptions interface {
	ports.LinkKeys
	// Subscription gives one by its id.
	//
	// Errors: subscription_unknown.
	Subscription(ctx context.Context, id string) (ports.Subscription, error)
}

// Service sends letters.
type Service struct {
	Letters       ports.Letters
	Audience      ports.Audience
	News          ports.News
	Subscriptions Subscriptions
	Work          ports.UnitOfWork
	Mailer        ports.Mailer
	Writer        Writer
	// Public is the address of the registry as people see it, Domain that which Message-IDs end in.
	Public, Domain string
	Now            ports.Clock
	NewID          ports.IDs
	// Chance gives a number from 0 to 1, by which pauses differ.
	Chance func() float64
	// FirstPause is how long a letter waits after its first try; 0 means 10 s.
	FirstPause time.Duration
	// DigestHour is when letters go that come once a day, in UTC.
	DigestHour int
	// Sent is told of every letter's turn: its kind and what came of it, with LetterQueued for one that is tried again.
	Sent func(kind ports.LetterKind, outcome ports.LetterState)
}

// batch is how many letters one transaction posts.
const batch = 500

// Announce posts the letters that tell of an event. What was posted already is not posted again, so a job that broke off is
// done again from its beginning.
//
// Errors: database_unavailable.
func (s *Service) Announce(ctx context.Context, eventID int64) error {
	event, err := s.Audience.Event(ctx, eventID)
	if err != nil {
		return err
	}
	// Owners first: who follows their own project hears of it as its owner.
	if err := s.tellOwners(ctx, eventID, event); err != nil {
		return err
	}
	occasion, concerns := occasionOf(event)
	if !concerns {
		return nil
	}
	draft := ports.LetterDraft{Kind: ports.WithdrawalLetter, Topic: eventTopic(eventID), Detail: ports.LetterDetail{EventID: eventID}}
	if event.Kind == ports.Published {
		draft.Kind, draft.Topic = ports.ReleaseLetter, releaseTopic(event)
	}
	for after := ""; ; {
		followers, err := s.Audience.Followers(ctx, occasion, after, batch)
		if err != nil || len(followers) == 0 {
			return err
		}
		drafts := make([]ports.LetterDraft, len(followers))
		for i, follower := range followers {
			drafts[i] = draft
			drafts[i].ID, drafts[i].RecipientID, drafts[i].At = s.NewID(), follower.RecipientID, s.Now()
			drafts[i].Detail.SubscriptionID, drafts[i].Waits = follower.SubscriptionID, follower.Digest
		}
		err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.PostLetters(ctx, drafts)
			return err
		})
		if err != nil {
			return err
		}
		after = followers[len(followers)-1].RecipientID
	}
}

// occasionOf tells what an event is to followers, and whether it concerns any.
func occasionOf(event ports.RecordedEvent) (occasion ports.Occasion, concerns bool) {
	occasion = ports.Occasion{Project: event.Project, At: event.At}
	switch event.Kind {
	case ports.Published:
		occasion.Postgres = event.Build.Postgres
		if version, err := extension.ParseVersion(event.Version); err == nil {
			occasion.Prerelease = version.Prerelease()
		}
		return occasion, true
	case ports.Yanked, ports.Unyanked, ports.Deleted, ports.Deprecated, ports.Undeprecated:
		occasion.Withdrawal = true
		return occasion, true
	default:
		return ports.Occasion{}, false
	}
}

func releaseTopic(event ports.RecordedEvent) string {
	return "release/" + extension.FoldName(event.Project) + "/" + event.Version
}

// tellOwners posts the letters to a project's owners, and to somebody who came or went.
func (s *Service) tellOwners(ctx context.Context, eventID int64, event ports.RecordedEvent) error {
	addresses, err := s.Audience.OwnersToTell(ctx, event.Project, event.User)
	if err != nil {
		return err
	}
	topic := eventTopic(eventID)
	if event.Kind == ports.Published {
		topic = releaseTopic(event)
	}
	for _, address := range addresses {
		err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
			return s.post(ctx, tx, address, ports.LetterDraft{Kind: ports.OwnerLetter, Topic: topic, Detail: ports.LetterDetail{EventID: eventID}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// post posts a letter to an address.
func (s *Service) post(ctx context.Context, tx ports.Tx, address string, draft ports.LetterDraft) error {
	now := s.Now()
	recipient, err := tx.EnsureRecipient(ctx, s.NewID(), address, now)
	if err != nil || recipient.Closed != "" {
		return err
	}
	draft.ID, draft.RecipientID, draft.At = s.NewID(), recipient.ID, now
	_, err = tx.PostLetter(ctx, draft)
	return err
}

// Digest posts a letter to everybody who has letters that wait from before the hour of the digest that was last reached. It
// may run at any time and often: each has one digest a day.
//
// Errors: database_unavailable.
func (s *Service) Digest(ctx context.Context) error {
	now := s.Now()
	year, month, date := now.UTC().Date()
	hour := time.Date(year, month, date, s.DigestHour, 0, 0, 0, time.UTC)
	if hour.After(now) {
		hour = hour.AddDate(0, 0, -1)
	}
	day := hour.Format(time.DateOnly)
	for after := ""; ; {
		recipients, err := s.Letters.RecipientsWaiting(ctx, hour, after, batch)
		if err != nil || len(recipients) == 0 {
			return err
		}
		for _, recipient := range recipients {
			draft := ports.LetterDraft{
				ID: s.NewID(), RecipientID: recipient, Kind: ports.DigestLetter, Topic: "digest/" + day, Detail: ports.LetterDetail{Day: day}, At: now,
			}
			err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
				// Another process may have posted it, or they want nothing any more.
				if posted, err := tx.PostLetter(ctx, draft); err != nil || !posted {
					return err
				}
				_, err := tx.DigestLetters(ctx, recipient, draft.ID, hour)
				return err
			})
			if err != nil {
				return err
			}
		}
		after = recipients[len(recipients)-1]
	}
}

// notice is how long before its end somebody hears of a token's.
const notice = 7 * 24 * time.Hour

// TellOfEndingTokens posts a letter for every token that ends within a week, once.
//
// Errors: database_unavailable.
func (s *Service) TellOfEndingTokens(ctx context.Context) error {
	for {
		now := s.Now()
		tokens, err := s.Audience.TokensEnding(ctx, now, now.Add(notice))
		if err != nil || len(tokens) == 0 {
			return err
		}
		for _, token := range tokens {
			err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
				if told, err := tx.TellTokenEnd(ctx, token.ID, now); err != nil || !told {
					return err
				}
				return s.tellOfToken(ctx, tx, token.AccountID, "ending", ports.LetterDetail{TokenID: token.ID, Ending: true})
			})
			if err != nil {
				return err
			}
		}
	}
}

// TokenMade posts a letter that tells of a token, in the unit of work that makes it.
//
// Errors: database_unavailable.
func (s *Service) TokenMade(ctx context.Context, tx ports.Tx, accountID, tokenID string) error {
	return s.tellOfToken(ctx, tx, accountID, "created", ports.LetterDetail{TokenID: tokenID})
}

func (s *Service) tellOfToken(ctx context.Context, tx ports.Tx, accountID, what string, detail ports.LetterDetail) error {
	address, err := tx.AddressOfAccount(ctx, accountID)
	if err != nil || address == "" {
		return err
	}
	return s.post(ctx, tx, address, ports.LetterDraft{Kind: ports.TokenLetter, Topic: "token/" + detail.TokenID + "/" + what, Detail: detail})
}

// Failed gives the letters that were given up.
//
// Errors: database_unavailable.
func (s *Service) Failed(ctx context.Context, limit int) ([]ports.DeadLetter, error) {
	return s.Letters.DeadLetters(ctx, limit)
}

// Retry has letters sent again that were given up, all of them for nil, and gives their ids.
//
// Errors: database_unavailable.
func (s *Service) Retry(ctx context.Context, ids []string) (retried []string, err error) {
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		retried, err = tx.RetryLetters(ctx, ids, s.Now())
		return err
	})
	return retried, err
}

// address is that of a page that a link opens.
func (s *Service) address(key link.Key, purpose link.Purpose, subject string, expires time.Time) string {
	return s.Public + "/follow/" + string(purpose) + "?t=" + key.Sign(link.Claim{Purpose: purpose, Subject: subject, Expires: expires})
}
