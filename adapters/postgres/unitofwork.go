package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
			return work(ctx, &tx{queries: s.queries.WithTx(pgxTx)})
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
}

// Audit appends to the record of who did what.
func (t *tx) Audit(ctx context.Context, entry ports.AuditEntry) error {
	detail, err := json.Marshal(entry.Detail)
	if err != nil {
		return fmt.Errorf("encode the detail of an audit entry: %w", err)
	}
	return interpret(t.queries.AddAuditEntry(ctx, sqlcgen.AddAuditEntryParams{
		At: entry.At, AccountID: optional(entry.AccountID), Action: entry.Action, Project: optional(entry.Project),
		Origin: entry.Origin.Address, RequestID: entry.Origin.RequestID, Detail: detail,
	}))
}

// Emit appends to the outbox.
func (t *tx) Emit(ctx context.Context, event ports.Event) error {
	payload, err := json.Marshal(event.Payload)
	if err != nil {
		return fmt.Errorf("encode the payload of an event: %w", err)
	}
	return interpret(t.queries.AddEvent(ctx, event.At, string(event.Kind), event.Project, payload))
}

// optional is NULL for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
