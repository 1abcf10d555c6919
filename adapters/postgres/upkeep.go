package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/ports"
)

var _ ports.Ledger = (*Store)(nil)

// Doom marks the object of a digest as about to be removed, unless an artefact names it.
func (s *Store) Doom(ctx context.Context, sha256 [32]byte) (bool, error) {
	var doomed int64
	err := pgx.BeginFunc(ctx, s.pool, func(pgxTx pgx.Tx) error {
		queries := s.queries.WithTx(pgxTx)
		// In a statement of its own: the next one has to see what whoever held the lock has done.
		if err := queries.LockObject(ctx, sha256[:]); err != nil {
			return err
		}
		var err error
		doomed, err = queries.DoomObject(ctx, sha256[:])
		return err
	})
	return doomed == 1, interpret(err)
}

// Swept marks it as removed.
func (s *Store) Swept(ctx context.Context, sha256 [32]byte) error {
	return interpret(s.queries.ObjectSwept(ctx, sha256[:]))
}

// sweepAge is how long a sweep is remembered: longer than any publish takes.
const sweepAge = 24 * time.Hour

// unconfirmedAge is how long an address is kept whose owner has confirmed nothing: longer than its links are good.
const unconfirmedAge = 7 * 24 * time.Hour

// deliveryAge is how far the logs of webhooks go back.
const deliveryAge = 30 * 24 * time.Hour

// forgetUnconfirmed drops what nobody has confirmed, and addresses that nothing is sent to.
func (s *Store) forgetUnconfirmed(ctx context.Context, before time.Time) error {
	return errors.Join(s.queries.ForgetUnconfirmed(ctx, &before), s.queries.ForgetRecipients(ctx, before))
}

// Forget drops what is of no use any more.
func (s *Store) Forget(ctx context.Context, now time.Time) error {
	return interpret(errors.Join(
		s.queries.ForgetSignIns(ctx, now),
		s.queries.ForgetSessions(ctx, now),
		s.queries.ForgetAllowances(ctx, now),
		s.forgetUnconfirmed(ctx, now.Add(-unconfirmedAge)),
		s.queries.ForgetDeliveries(ctx, now.Add(-deliveryAge)),
		s.queries.ForgetSweptObjects(ctx, interval(sweepAge)),
		s.forgetUsage(ctx, now),
	))
}
