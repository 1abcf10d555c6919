// Package postgres keeps the registry's facts in PostgreSQL 15 or newer. Every statement is a query of db/queries,
// compiled by sqlc; nothing outside this package sees SQL, and no error of the driver leaves it unread.
package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
)

// Config says which database to use and how.
type Config struct {
	// URL is a connection string as libpq knows it: https://www.postgresql.org/docs/current/libpq-connect.html
	URL string
	// MaxConns bounds the pool; 0 leaves it to the URL or the driver.
	MaxConns int32
	// StatementTimeout ends a statement that takes longer; 0 means 10 s.
	StatementTimeout time.Duration
	// ConnectTimeout bounds the making of a connection; 0 means 5 s.
	ConnectTimeout time.Duration
	// Tracers are told of every statement, and of what else of pgx they know of.
	Tracers []pgx.QueryTracer
	// Queue takes the jobs that changes cause; nil where nobody works any.
	Queue Queue
	// Settle is for how long a publish waits to be told of: builds that come one after the other are told of together.
	Settle time.Duration
}

// Queue puts jobs into the transactions that cause them.
type Queue interface {
	// Announce has an event told of: to webhooks at once, and in letters not before a time; the zero time is for at once.
	Announce(ctx context.Context, tx pgx.Tx, event int64, letters time.Time) error
	// Deliver has letters sent.
	Deliver(ctx context.Context, tx pgx.Tx, letters ...string) error
	// Call has deliveries to webhooks made, in a round of theirs.
	Call(ctx context.Context, tx pgx.Tx, round int, deliveries ...string) error
}

// Store offers the ports that PostgreSQL serves.
type Store struct {
	pool    *pgxpool.Pool
	queries *sqlcgen.Queries
	// documents are those that searches met last.
	documents *documents
	queue     Queue
	settle    time.Duration
}

// Open makes a store. It does not connect yet: a registry may start before its database.
//
// Errors: a connection string that cannot be read.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	poolConfig, err := cfg.pool()
	if err != nil {
		return nil, err
	}
	store, err := open(ctx, poolConfig)
	if err != nil {
		return nil, err
	}
	store.queue, store.settle = cfg.Queue, cfg.Settle
	return store, nil
}

func (cfg Config) pool() (*pgxpool.Config, error) {
	poolConfig, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	if cfg.MaxConns > 0 {
		poolConfig.MaxConns = cfg.MaxConns
	}
	if len(cfg.Tracers) > 0 {
		poolConfig.ConnConfig.Tracer = multitracer.New(cfg.Tracers...)
	}
	poolConfig.ConnConfig.ConnectTimeout = or(cfg.ConnectTimeout, 5*time.Second)
	params := poolConfig.ConnConfig.RuntimeParams
	params["application_name"] = "trunk-registry"
	params["timezone"] = "UTC"
	// Our statements are short, however much the planner thinks that they may cost: to compile one took a hundred times as long
	// as to run it.
	params["jit"] = "off"
	params["statement_timeout"] = milliseconds(or(cfg.StatementTimeout, 10*time.Second))
	params["idle_in_transaction_session_timeout"] = milliseconds(30 * time.Second)
	return poolConfig, nil
}

func open(ctx context.Context, poolConfig *pgxpool.Config) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(ctx, poolConfig)
	if err != nil {
		return nil, fmt.Errorf("make the pool: %w", err)
	}
	queries := sqlcgen.New(pool)
	return &Store{pool: pool, queries: queries, documents: newDocuments(queries)}, nil
}

// Pool tells how the pool of connections stands.
func (s *Store) Pool() *pgxpool.Stat { return s.pool.Stat() }

// Close ends all connections; it waits for those in use.
func (s *Store) Close() { s.pool.Close() }

// Check asks whether the database answers.
//
// Errors: database_unavailable.
func (s *Store) Check(ctx context.Context) error {
	return interpret(s.pool.Ping(ctx))
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Validate checks that the URL can be read.
func (cfg Config) Validate() error {
	_, err := cfg.pool()
	return err
}
