package registry

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/smtp"
	"pgtrunk.io/registry/core/mail"
	"pgtrunk.io/registry/core/message"
	"pgtrunk.io/registry/ports"
)

// sending is the part of a registry that sends letters.
type sending struct {
	service *mail.Service
	mailer  *smtp.Mailer
}

// newSending makes the part, nil where no letters are sent.
func newSending(store *postgres.Store, cfg Config, publicURL *url.URL) (*sending, error) {
	if !cfg.MailEnabled {
		return nil, nil //nolint:nilnil // there is none
	}
	mailer, err := smtp.New(cfg.Mail)
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(cfg.Mail.From.Address, "@")
	service := Mail(store)
	service.Mailer, service.Public, service.Domain = mailer, publicURL.String(), domain
	service.Writer, service.FirstPause = &message.Writer{Public: publicURL, Domain: domain}, cfg.FirstPause
	service.DigestHour = cfg.DigestHour
	return &sending{service: service, mailer: mailer}, nil
}

// jobs is what is done with jobs of letters; nil where none are sent.
func (s *sending) jobs(digestHour int) *jobs.Letters {
	if s == nil {
		return nil
	}
	return &jobs.Letters{
		Announce: s.service.Announce, Deliver: s.service.Deliver, Digest: s.service.Digest, Remind: s.service.TellOfEndingTokens, DigestHour: digestHour,
	}
}

// close ends the connections to the mail server.
func (s *sending) close() {
	if s != nil {
		s.mailer.Close()
	}
}

// Mail makes the use case of letters over a store, without what is needed to send any.
func Mail(store *postgres.Store) *mail.Service {
	return &mail.Service{
		Letters: store, Audience: store, News: store, Subscriptions: store, Work: store, Now: now, NewID: newID, Chance: rand.Float64,
	}
}

// oneCount bounds how long a scrape waits for the number of letters.
const oneCount = 2 * time.Second

// lettersQueued counts the letters that are to be sent, none where none are sent; nil where the database does not answer.
func lettersQueued(ctx context.Context, store *postgres.Store, enabled bool) func() map[ports.LetterKind]int {
	return func() map[ports.LetterKind]int {
		if !enabled {
			return map[ports.LetterKind]int{}
		}
		ctx, cancel := context.WithTimeout(ctx, oneCount)
		defer cancel()
		queued, err := store.LettersQueued(ctx)
		if err != nil {
			return nil
		}
		return queued
	}
}
