package registry

import (
	"context"
	"fmt"
	"log/slog"
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
	workers *jobs.Workers
}

// newSending makes the part, nil where no letters are sent.
func newSending(ctx context.Context, store *postgres.Store, cfg Config, publicURL *url.URL, log *slog.Logger) (*sending, error) {
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
	workers, err := jobs.NewWorkers(ctx, jobs.Options{
		URL: cfg.Database.URL, Log: log, Timeout: cfg.JobTimeout, Announce: service.Announce, Deliver: service.Deliver,
		Digest: service.Digest, Remind: service.TellOfEndingTokens, DigestHour: cfg.DigestHour,
	})
	if err != nil {
		return nil, fmt.Errorf("make the workers: %w", err)
	}
	return &sending{service: service, mailer: mailer, workers: workers}, nil
}

// Mail makes the use case of letters over a store, without what is needed to send any.
func Mail(store *postgres.Store) *mail.Service {
	return &mail.Service{
		Letters: store, Audience: store, News: store, Subscriptions: store, Work: store, Now: now, NewID: newID, Chance: rand.Float64,
	}
}

// run works jobs until ctx ends.
func (s *sending) run(ctx context.Context, drain time.Duration, log *slog.Logger) {
	defer s.mailer.Close()
	if err := s.workers.Run(ctx, drain); err != nil {
		log.WarnContext(ctx, "the jobs in work were cut off; they are done again", "error", err)
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
