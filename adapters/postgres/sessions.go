package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Sessions          = (*Store)(nil)
	_ ports.CredentialChanges = (*tx)(nil)
)

// SessionByHash gives the session whose token has this SHA-256.
func (s *Store) SessionByHash(ctx context.Context, hash [32]byte, now time.Time) (ports.Session, error) {
	row, err := s.queries.SessionBySHA256(ctx, hash[:], now)
	if err != nil {
		return ports.Session{}, notFound(err, fault.New(fault.SessionMissing, "You are not signed in, or not any more. Sign in."))
	}
	return ports.Session{
		Account: account.Account{ID: row.ID, Name: row.Name, Administrator: row.Administrator},
		Created: row.CreatedAt.UTC(), Expires: row.ExpiresAt.UTC(),
	}, nil
}

// AddSession stores a session's facts and its token's hash.
func (t *tx) AddSession(ctx context.Context, session ports.Session, hash [32]byte) error {
	return interpret(t.queries.AddSession(ctx, hash[:], session.Account.ID, session.Created, session.Expires))
}

// EndSession ends a session and gives whose it was.
func (t *tx) EndSession(ctx context.Context, hash [32]byte) (string, error) {
	accountID, err := t.queries.EndSession(ctx, hash[:])
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return accountID, interpret(err)
}
