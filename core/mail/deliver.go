package mail

import (
	"context"
	"strconv"
	"time"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/core/message"
	"pgtrunk.io/registry/core/retry"
	"pgtrunk.io/registry/ports"
)

func eventTopic(id int64) string { return "event/" + strconv.FormatInt(id, 10) }

// Deliver sends a letter, if it is still wanted. Again is after what time to try again, 0 for never.
//
// Errors: database_unavailable, and whatever else is no answer of the mail server.
func (s *Service) Deliver(ctx context.Context, id string) (again time.Duration, err error) {
	letter, found, err := s.Letters.Letter(ctx, id)
	if err != nil || !found || letter.State != ports.LetterQueued {
		return 0, err
	}
	written, wanted, err := s.write(ctx, letter)
	if err != nil {
		return 0, err
	}
	outcome := ports.LetterOutcome{LetterID: id, State: ports.LetterDropped, At: s.Now()}
	if !wanted {
		return 0, s.settle(ctx, letter, outcome)
	}
	written.To, written.ID, written.Date = letter.Address, letter.ID+"@"+s.Domain, letter.At
	err = s.Mailer.Send(ctx, written)
	// What the server took it has, even if the process is to end just now.
	ctx = context.WithoutCancel(ctx) //nolint:forbidigo // a letter that was taken and not recorded is sent twice
	outcome.At, outcome.Tried, outcome.State = s.Now(), true, ports.LetterSent
	switch fault.CodeOf(err) {
	case "":
	case fault.MailUnavailable:
		outcome.State, outcome.Answer = ports.LetterQueued, err.Error()
		pause, worthIt := retry.Pauses{First: s.FirstPause, Chance: s.Chance}.Next(letter.At, outcome.At, letter.Attempts)
		if again = pause; !worthIt {
			outcome.State = ports.LetterDead
		}
	case fault.MailboxUnknown:
		outcome.State, outcome.Answer = ports.LetterDead, err.Error()
		if err := s.Letters.CloseBounced(ctx, letter.RecipientID, outcome.At); err != nil {
			return 0, err
		}
	case fault.MailRefused:
		outcome.State, outcome.Answer = ports.LetterDead, err.Error()
	default:
		return 0, err
	}
	return again, s.settle(ctx, letter, outcome)
}

func (s *Service) settle(ctx context.Context, letter ports.Letter, outcome ports.LetterOutcome) error {
	if err := s.Letters.SettleLetter(ctx, outcome); err != nil {
		return err
	}
	if s.Sent != nil {
		s.Sent(letter.Kind, outcome.State)
	}
	return nil
}

// write writes a letter from what is known now, and tells whether it is still wanted.
func (s *Service) write(ctx context.Context, letter ports.Letter) (written ports.Mail, wanted bool, err error) {
	if letter.Closed != "" {
		return ports.Mail{}, false, nil
	}
	key, err := s.Subscriptions.LinkKey(ctx)
	if err != nil {
		return ports.Mail{}, false, err
	}
	ends := s.Now().Add(link.ManageLife)
	links := message.Wanted{
		Because:     "you have something to do with it",
		Unsubscribe: s.address(key, link.Silence, letter.RecipientID, time.Time{}),
		Manage:      s.address(key, link.Manage, letter.RecipientID, ends),
	}
	switch letter.Kind {
	case ports.ConfirmationLetter:
		return s.confirmation(ctx, key, letter)
	case ports.ManageLetter:
		return s.Writer.Manage(links.Manage, int(link.ManageLife/time.Hour)), true, nil
	case ports.ReleaseLetter, ports.WithdrawalLetter:
		return s.forFollower(ctx, key, letter, links)
	case ports.DigestLetter:
		return s.digest(ctx, letter, links)
	case ports.OwnerLetter:
		return s.forOwner(ctx, letter, links)
	case ports.TokenLetter:
		news, found, err := s.News.TokenNews(ctx, letter.Detail.TokenID)
		if err != nil || !found {
			return ports.Mail{}, false, err
		}
		links.Because = "a token of yours is concerned"
		return ended(s.Writer.Token(news, letter.Detail.Ending, links), links), true, nil
	default:
		return ports.Mail{}, false, nil
	}
}

// ended gives a letter the link that ends such letters.
func ended(written ports.Mail, links message.Wanted) ports.Mail {
	written.Unsubscribe = links.Unsubscribe
	return written
}

// subscription gives a subscription as far as it is still there.
func (s *Service) subscription(ctx context.Context, id string) (subscription ports.Subscription, found bool, err error) {
	subscription, err = s.Subscriptions.Subscription(ctx, id)
	if fault.CodeOf(err) == fault.SubscriptionUnknown {
		return ports.Subscription{}, false, nil
	}
	return subscription, err == nil, err
}

func subject(of ports.Followed) string {
	switch {
	case of.Project != "":
		return "the project " + of.Project
	case of.Category != "":
		return "the category " + of.CategoryName
	default:
		return "the projects of " + of.Owner
	}
}

func (s *Service) confirmation(ctx context.Context, key link.Key, letter ports.Letter) (ports.Mail, bool, error) {
	subscription, found, err := s.subscription(ctx, letter.Detail.SubscriptionID)
	if err != nil || !found || subscription.Confirmed != nil {
		return ports.Mail{}, false, err
	}
	return s.Writer.Confirmation(message.Confirmation{
		Subject: subject(subscription.Of), Options: options(subscription.Options),
		Link:  s.address(key, link.Confirm, subscription.ID, letter.At.Add(link.ConfirmLife)),
		Hours: int(link.ConfirmLife / time.Hour),
	}), true, nil
}

// options says in words what somebody wants to hear.
func options(o ports.FollowOptions) (words []string) {
	if o.Postgres > 0 {
		words = append(words, "only builds for PostgreSQL "+strconv.Itoa(o.Postgres))
	}
	if o.Prereleases {
		words = append(words, "pre-releases too")
	}
	if o.Withdrawals {
		words = append(words, "yanks, deprecations and deletions too")
	}
	if o.Digest {
		return append(words, "in one letter a day")
	}
	return append(words, "at once")
}

// follows gives the subscription that a letter to a recipient is sent for: the one it was posted for, or, where that has
// ended, another of theirs by which the event concerns them.
func (s *Service) follows(ctx context.Context, recipientID string, detail ports.LetterDetail, event ports.RecordedEvent) (ports.Subscription, bool, error) {
	subscription, found, err := s.subscription(ctx, detail.SubscriptionID)
	if err != nil || found && subscription.Confirmed != nil {
		return subscription, found, err
	}
	occasion, concerns := occasionOf(event)
	if !concerns {
		return ports.Subscription{}, false, nil
	}
	other, found, err := s.Audience.Follows(ctx, occasion, recipientID)
	if err != nil || !found {
		return ports.Subscription{}, false, err
	}
	return s.subscription(ctx, other.SubscriptionID)
}

func (s *Service) forFollower(ctx context.Context, key link.Key, letter ports.Letter, links message.Wanted) (ports.Mail, bool, error) {
	event, err := s.Audience.Event(ctx, letter.Detail.EventID)
	if err != nil {
		return ports.Mail{}, false, err
	}
	subscription, found, err := s.follows(ctx, letter.RecipientID, letter.Detail, event)
	if err != nil || !found {
		return ports.Mail{}, false, err
	}
	links.Because = "you follow " + subject(subscription.Of)
	links.Unsubscribe = s.address(key, link.Unsubscribe, subscription.ID, time.Time{})
	item, found, err := s.item(ctx, letter.Kind, event)
	switch {
	case err != nil || !found:
		return ports.Mail{}, false, err
	case item.Release != nil:
		return ended(s.Writer.Release(*item.Release, links), links), true, nil
	default:
		return ended(s.Writer.Withdrawal(*item.Withdrawal, links), links), true, nil
	}
}

// item gives the news of an event, as far as there still is any: a version may be gone.
func (s *Service) item(ctx context.Context, kind ports.LetterKind, event ports.RecordedEvent) (item message.DigestItem, found bool, err error) {
	if kind == ports.WithdrawalLetter {
		return message.DigestItem{Withdrawal: &message.Withdrawal{Event: event}}, true, nil
	}
	news, found, err := s.News.ReleaseNews(ctx, event.Project, event.Version)
	return message.DigestItem{Release: &news}, found, err
}

func (s *Service) digest(ctx context.Context, letter ports.Letter, links message.Wanted) (ports.Mail, bool, error) {
	drafts, err := s.Letters.LettersOfDigest(ctx, letter.ID)
	if err != nil {
		return ports.Mail{}, false, err
	}
	var items []message.DigestItem
	for _, draft := range drafts {
		event, err := s.Audience.Event(ctx, draft.Detail.EventID)
		if err != nil {
			return ports.Mail{}, false, err
		}
		if _, found, err := s.follows(ctx, letter.RecipientID, draft.Detail, event); err != nil {
			return ports.Mail{}, false, err
		} else if !found {
			continue
		}
		item, found, err := s.item(ctx, draft.Kind, event)
		if err != nil {
			return ports.Mail{}, false, err
		}
		if found {
			items = append(items, item)
		}
	}
	if len(items) == 0 {
		return ports.Mail{}, false, nil
	}
	links.Because = "you asked for the news of the day in one letter"
	return ended(s.Writer.Digest(letter.Detail.Day, items, links), links), true, nil
}

func (s *Service) forOwner(ctx context.Context, letter ports.Letter, links message.Wanted) (ports.Mail, bool, error) {
	event, err := s.Audience.Event(ctx, letter.Detail.EventID)
	if err != nil {
		return ports.Mail{}, false, err
	}
	news := message.OwnerNews{Event: event}
	if event.Kind == ports.Published {
		release, found, err := s.News.ReleaseNews(ctx, event.Project, event.Version)
		if err != nil || !found {
			return ports.Mail{}, false, err
		}
		news.Release, news.Actor = &release, release.Publisher
	}
	links.Because = "you own " + event.Project
	if event.User != "" {
		links.Because = "you own " + event.Project + ", or did"
	}
	return ended(s.Writer.Owner(news, links), links), true, nil
}
