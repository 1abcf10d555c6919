package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var _ ports.Tokens = (*Store)(nil)

// TokenByHash gives the token whose plain text has this SHA-256.
func (s *Store) TokenByHash(ctx context.Context, hash [32]byte) (account.Token, error) {
	row, err := s.queries.TokenBySHA256(ctx, hash[:])
	if err != nil {
		return account.Token{}, notFound(err, fault.New(fault.TokenUnknown, "That token is unknown here. Make a new one, or check which registry it is for."))
	}
	return tokenFromRow(sqlcgen.ListTokensRow(row)), nil
}

// ListTokens gives the tokens of an account, or everybody's.
func (s *Store) ListTokens(ctx context.Context, accountName string) ([]account.Token, error) {
	rows, err := s.queries.ListTokens(ctx, optional(accountName))
	return each(rows, tokenFromRow), interpret(err)
}

// TokensOf gives a page of an account's tokens.
func (s *Store) TokensOf(ctx context.Context, accountID string, page ports.Page) ([]account.Token, error) {
	after, err := afterUUID(page)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.TokensOfAccount(ctx, accountID, after, int32(page.Limit))
	return each(rows, func(row sqlcgen.TokensOfAccountRow) account.Token { return tokenFromRow(sqlcgen.ListTokensRow(row)) }), interpret(err)
}

// TokenByID gives a token of an account.
func (s *Store) TokenByID(ctx context.Context, id, accountID string) (account.Token, error) {
	if uuid.Validate(id) != nil {
		return account.Token{}, unknownToken(id)
	}
	row, err := s.queries.TokenByID(ctx, id, accountID)
	if err != nil {
		return account.Token{}, notFound(err, unknownToken(id))
	}
	return tokenFromRow(sqlcgen.ListTokensRow(row)), nil
}

func unknownToken(id string) *fault.Fault {
	return fault.New(fault.TokenIDUnknown, "There is no token with the id %q. List the tokens to see theirs.", id)
}

// Touch notes that a token was used.
func (s *Store) Touch(ctx context.Context, id string, at time.Time) error {
	return interpret(s.queries.TouchToken(ctx, &at, id))
}

func tokenFromRow(row sqlcgen.ListTokensRow) account.Token {
	return account.Token{
		ID: row.ID, Account: account.Account{ID: row.AccountID, Name: row.Account, Administrator: row.Administrator},
		Name: row.Name, Projects: row.Projects, Created: row.CreatedAt.UTC(),
		LastUsed: utc(row.LastUsedAt), Expires: utc(row.ExpiresAt), Revoked: utc(row.RevokedAt),
		Scopes: each(row.Scopes, func(scope string) account.Scope { return account.Scope(scope) }),
	}
}

// AddToken stores a token's facts and its hash.
func (t *tx) AddToken(ctx context.Context, token account.Token, hash [32]byte) error {
	projects := token.Projects
	if projects == nil {
		projects = []string{}
	}
	return interpret(t.queries.AddToken(ctx, sqlcgen.AddTokenParams{
		ID: token.ID, AccountID: token.Account.ID, Name: token.Name, Sha256: hash[:],
		Scopes:   each(token.Scopes, func(scope account.Scope) string { return string(scope) }),
		Projects: projects, At: token.Created, ExpiresAt: token.Expires,
	}))
}

// RevokeToken makes a token void.
func (t *tx) RevokeToken(ctx context.Context, id, accountID string, at time.Time) error {
	if uuid.Validate(id) != nil {
		return unknownToken(id)
	}
	revoked, err := t.queries.RevokeToken(ctx, &at, id, optional(accountID))
	if err != nil {
		return interpret(err)
	}
	if revoked == 0 {
		return unknownToken(id)
	}
	return nil
}
