package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// Options say what is done with jobs.
type Options struct {
	// URL is that of the database.
	URL string
	Log *slog.Logger
	// Parallel is how many letters a process sends at a time, beside as many calls of webhooks; 0 means 8.
	Parallel int
	// Timeout bounds one job; 0 means a minute. A process that was killed leaves its jobs behind, which others take over
	// when they have been worked for longer than that.
	Timeout time.Duration
	// Notify tells webhooks of an event.
	Notify func(ctx context.Context, event int64) error
	// Call makes a delivery to a webhook, or says after what time to try again.
	Call func(ctx context.Context, delivery string, round int) (again time.Duration, err error)
	// Letters says what is done with jobs of letters; nil where none are sent.
	Letters *Letters
}

// Letters say what is done with jobs of letters.
type Letters struct {
	// Announce tells of an event.
	Announce func(ctx context.Context, event int64) error
	// Deliver sends a letter, or says after what time to try again.
	Deliver func(ctx context.Context, letter string) (again time.Duration, err error)
	// Digest makes the letters of a day; Remind tells of tokens that are about to end. They run once a day and after a start,
	// so both find out whether there is anything to do.
	Digest, Remind func(ctx context.Context) error
	// DigestHour is when, in UTC.
	DigestHour int
}

// Workers work the jobs of the queue.
type Workers struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool
}

const (
	// connections is the size of the pool of the workers: what they do must not take the requests' connections.
	connections = 4
	// grace is how much longer than its timeout a job may be worked before others take it for left behind.
	grace = 15 * time.Second
)

// NewWorkers makes workers. They do not connect yet.
//
// Errors: a connection string that cannot be read.
func NewWorkers(ctx context.Context, options Options) (*Workers, error) {
	config, err := pgxpool.ParseConfig(options.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	config.MaxConns = connections
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	params := config.ConnConfig.RuntimeParams
	params["application_name"], params["timezone"], params["jit"] = "trunk-registry jobs", "UTC", "off"
	params["statement_timeout"], params["idle_in_transaction_session_timeout"] = "30000", "30000"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("make the pool of the jobs: %w", err)
	}
	timeout := options.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	parallel := options.Parallel
	if parallel == 0 {
		parallel = 8
	}
	queues := map[string]river.QueueConfig{events: {MaxWorkers: 1}, calls: {MaxWorkers: parallel}}
	if options.Letters != nil {
		queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: parallel}
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: slog.New(quieter{options.Log.Handler()}), Workers: kinds(options), MaxAttempts: attempts,
		Queues:     queues,
		JobTimeout: timeout, RescueStuckJobsAfter: timeout + grace, RetryPolicy: pauses{}, PeriodicJobs: periodic(options.Letters),
		FetchCooldown: 20 * time.Millisecond, CompletedJobRetentionPeriod: time.Hour,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("make the workers: %w", err)
	}
	return &Workers{client: client, pool: pool}, nil
}

// Run works jobs until ctx ends, then for at most the drain time those that it has begun. A database that does not answer
// at the start is asked again until it does.
func (w *Workers) Run(ctx context.Context, drain time.Duration) error {
	defer w.pool.Close()
	life := context.WithoutCancel(ctx)
	for w.client.Start(life) != nil {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
	<-ctx.Done()
	soft, cancel := context.WithTimeout(life, drain)
	defer cancel()
	if err := w.client.Stop(soft); err == nil || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, cancelHard := context.WithTimeout(life, 5*time.Second)
	defer cancelHard()
	return w.client.StopAndCancel(hard)
}

// kinds registers what is done with each kind of job.
func kinds(options Options) *river.Workers {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[notify]) error {
		return options.Notify(ctx, job.Args.Event)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[call]) error {
		return snoozed(options.Call(ctx, job.Args.Delivery, job.Args.Round))
	}))
	// The process that leads takes up what was left behind by others, and gives up the kinds that it does not know. So those of
	// letters are known where none are sent too; they are in a queue that is not worked there.
	letters := options.Letters
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[announce]) error {
		return letters.Announce(ctx, job.Args.Event)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[deliver]) error {
		return snoozed(letters.Deliver(ctx, job.Args.Letter))
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[digest]) error { return letters.Digest(ctx) }))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[remind]) error { return letters.Remind(ctx) }))
	return workers
}

// snoozed lets a job come again.
func snoozed(again time.Duration, err error) error {
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return err
}

// daily is a time of each day, in UTC.
type daily int

// Next gives the first after a time.
func (hour daily) Next(now time.Time) time.Time {
	year, month, day := now.UTC().Date()
	next := time.Date(year, month, day, int(hour), 0, 0, 0, time.UTC)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

// periodic are the jobs that the leading process adds every day.
func periodic(letters *Letters) []*river.PeriodicJob {
	if letters == nil {
		return nil
	}
	// Several that start or lead one after the other add one.
	once := func() *river.InsertOpts {
		return &river.InsertOpts{MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
	}
	hour := daily(letters.DigestHour)
	return []*river.PeriodicJob{
		river.NewPeriodicJob(hour, func() (river.JobArgs, *river.InsertOpts) { return digest{}, once() }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(hour, func() (river.JobArgs, *river.InsertOpts) { return remind{}, once() }, &river.PeriodicJobOpts{RunOnStart: true}),
	}
}

// pauses says when a job that failed is tried again: after a second, then twice as long each time up to a minute, and not
// all at once.
type pauses struct{}

// NextRetry gives the time.
func (pauses) NextRetry(job *rivertype.JobRow) time.Time {
	pause := time.Minute
	if failed := len(job.Errors); failed < 6 {
		pause = time.Second << failed
	}
	return time.Now().Add(pause/2 + rand.N(pause/2)) //nolint:gosec // a pause is no secret
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// quieter passes on what those who run the registry have to know: what the queue says of each of its steps is for debugging.
type quieter struct{ slog.Handler }

// Handle passes a record on.
func (q quieter) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelWarn {
		record.Level = slog.LevelDebug
	}
	if !q.Enabled(ctx, record.Level) {
		return nil
	}
	return q.Handler.Handle(ctx, record)
}

// WithAttrs keeps quiet.
func (q quieter) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quieter{q.Handler.WithAttrs(attrs)}
}

// WithGroup keeps quiet.
func (q quieter) WithGroup(name string) slog.Handler { return quieter{q.Handler.WithGroup(name)} }
