package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

var _ ports.UnitOfWork = (*Store)(nil)

// attempts bounds how often a transaction is run that PostgreSQL asks to be run again.
const attempts = 4

// Do runs work in a transaction, again when it was the victim of a deadlock or a serialisation failure.
func (s *Store) Do(ctx context.Context, work func(context.Context, ports.Tx) error) error {
	var err error
	for range attempts {
		err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{}, func(pgxTx pgx.Tx) error {
			return work(ctx, &tx{queries: s.queries.WithTx(pgxTx), pgx: pgxTx, queue: s.queue, settle: s.settle})
		})
		if !retryable(err) {
			break
		}
	}
	return interpret(err)
}

func retryable(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pgErr.Code == "40001" || pgErr.Code == "40P01")
}

// tx offers what can be changed in a transaction.
type tx struct {
	queries *sqlcgen.Queries
	// pgx is the transaction itself, for the queue.
	pgx    pgx.Tx
	queue  Queue
	settle time.Duration
}
