package registry

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"time"

	httpadapter "pgtrunk.io/registry/adapters/http"
	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/webhooks"
	"pgtrunk.io/registry/core/webhook"
)

// working is the part of a registry that does what the queue holds: it sends letters, where there is a mail server, and calls
// webhooks.
type working struct {
	sending *sending
	hooks   *webhook.Service
	workers *jobs.Workers
}

func newWorking(ctx context.Context, store *postgres.Store, cfg Config, publicURL *url.URL, log *slog.Logger) (*working, error) {
	sending, err := newSending(store, cfg, publicURL)
	if err != nil {
		return nil, err
	}
	hooks := &webhook.Service{
		Webhooks: store, Events: store, Work: store, Sender: webhooks.New(webhooks.Options{Loopback: cfg.WebhookLoopback}),
		Bodies: httpadapter.NewEventWriter(publicURL), Policies: cfg.Limits, Now: now, NewID: newID, Entropy: entropy, Chance: rand.Float64,
		FirstPause: cfg.FirstPause, Loopback: cfg.WebhookLoopback,
	}
	workers, err := jobs.NewWorkers(ctx, jobs.Options{
		URL: cfg.Database.URL, Log: log, Timeout: cfg.JobTimeout, Notify: hooks.Notify, Call: hooks.Deliver, Letters: sending.jobs(cfg.DigestHour),
	})
	if err != nil {
		return nil, fmt.Errorf("make the workers: %w", err)
	}
	return &working{sending: sending, hooks: hooks, workers: workers}, nil
}

// run works jobs until ctx ends.
func (w *working) run(ctx context.Context, drain time.Duration, log *slog.Logger) {
	defer w.sending.close()
	if err := w.workers.Run(ctx, drain); err != nil {
		log.WarnContext(ctx, "the jobs in work were cut off; they are done again", "error", err)
	}
}

// deliveriesQueued counts the deliveries that are to be made; false where the database does not answer.
func deliveriesQueued(ctx context.Context, store *postgres.Store) func() (int, bool) {
	return func() (int, bool) {
		ctx, cancel := context.WithTimeout(ctx, oneCount)
		defer cancel()
		queued, err := store.DeliveriesQueued(ctx)
		return queued, err == nil
	}
}
