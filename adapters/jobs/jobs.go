// Package jobs is the queue of durable work: jobs are rows beside the registry's own (River), put there by the transaction
// that causes them, and worked by every process that serves.
package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// announce is a job that tells of an event.
type announce struct {
	Event int64 `json:"event"`
}

// Kind names it.
func (announce) Kind() string { return "announce" }

// deliver is a job that sends a letter.
type deliver struct {
	Letter string `json:"letter"`
}

// Kind names it.
func (deliver) Kind() string { return "deliver" }

// notify is a job that tells webhooks of an event.
type notify struct {
	Event int64 `json:"event"`
}

// Kind names it.
func (notify) Kind() string { return "notify" }

// call is a job that makes a delivery to a webhook, in a round of it.
type call struct {
	Delivery string `json:"delivery"`
	Round    int    `json:"round"`
}

// Kind names it.
func (call) Kind() string { return "call" }

// Jobs of letters are in the queue that has no other name, which processes work that send letters; those of webhooks are in
// queues that all work. Receivers that are slow hold up each other and nothing else.
const (
	events = "events"
	calls  = "calls"
)

// digest is a job that makes the letters of a day.
type digest struct{}

// Kind names it.
func (digest) Kind() string { return "digest" }

// remind is a job that tells of tokens that are about to end.
type remind struct{}

// Kind names it.
func (remind) Kind() string { return "remind" }

// attempts is how often a job is tried that fails because of something of our own, such as a database that is away. What a
// mail server says is no failure of a job: core/mail says when to come again, for as long as it wants to.
const attempts = 1000

func options(at time.Time) *river.InsertOpts {
	return &river.InsertOpts{MaxAttempts: attempts, ScheduledAt: at}
}

// Queue puts jobs into the transactions that cause them.
type Queue struct {
	client *river.Client[pgx.Tx]
	// letters says that letters are sent; nobody works jobs of letters otherwise.
	letters bool
}

// NewQueue makes a queue, of letters too where some are sent. It has no connections of its own.
func NewQueue(letters bool) (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: silent()})
	if err != nil {
		return nil, fmt.Errorf("make the queue: %w", err)
	}
	return &Queue{client: client, letters: letters}, nil
}

// Announce has an event told of: to webhooks at once, and in letters not before a time; the zero time is for at once.
func (q *Queue) Announce(ctx context.Context, tx pgx.Tx, event int64, letters time.Time) error {
	jobs := []river.InsertManyParams{{Args: notify{Event: event}, InsertOpts: &river.InsertOpts{MaxAttempts: attempts, Queue: events}}}
	if q.letters {
		jobs = append(jobs, river.InsertManyParams{Args: announce{Event: event}, InsertOpts: options(letters)})
	}
	_, err := q.client.InsertManyFastTx(ctx, tx, jobs)
	return err
}

// Deliver has letters sent.
func (q *Queue) Deliver(ctx context.Context, tx pgx.Tx, letters ...string) error {
	jobs := make([]river.InsertManyParams, len(letters))
	for i, letter := range letters {
		jobs[i] = river.InsertManyParams{Args: deliver{Letter: letter}, InsertOpts: options(time.Time{})}
	}
	if len(jobs) == 0 || !q.letters {
		return nil
	}
	_, err := q.client.InsertManyFastTx(ctx, tx, jobs)
	return err
}

// Call has deliveries to webhooks made, in a round of theirs.
func (q *Queue) Call(ctx context.Context, tx pgx.Tx, round int, deliveries ...string) error {
	jobs := make([]river.InsertManyParams, len(deliveries))
	for i, delivery := range deliveries {
		jobs[i] = river.InsertManyParams{
			Args: call{Delivery: delivery, Round: round}, InsertOpts: &river.InsertOpts{MaxAttempts: attempts, Queue: calls},
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	_, err := q.client.InsertManyFastTx(ctx, tx, jobs)
	return err
}
