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
}

// NewQueue makes a queue. It has no connections of its own.
func NewQueue() (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: silent()})
	if err != nil {
		return nil, fmt.Errorf("make the queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// Announce has an event told of, not before a time; the zero time is for at once.
func (q *Queue) Announce(ctx context.Context, tx pgx.Tx, event int64, at time.Time) error {
	_, err := q.client.InsertTx(ctx, tx, announce{Event: event}, options(at))
	return err
}

// Deliver has letters sent.
func (q *Queue) Deliver(ctx context.Context, tx pgx.Tx, letters ...string) error {
	jobs := make([]river.InsertManyParams, len(letters))
	for i, letter := range letters {
		jobs[i] = river.InsertManyParams{Args: deliver{Letter: letter}, InsertOpts: options(time.Time{})}
	}
	if len(jobs) == 0 {
		return nil
	}
	_, err := q.client.InsertManyFastTx(ctx, tx, jobs)
	return err
}
