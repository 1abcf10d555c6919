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

var (
	_ ports.Tokens         = (*Store)(nil)
	_ ports.AccountChanges = (*tx)(nil)
)

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
	if err != nil {
		return nil, interpret(err)
	}
	tokens := make([]account.Token, len(rows))
	for i, row := range rows {
		tokens[i] = tokenFromRow(row)
	}
	return tokens, nil
}

func tokenFromRow(row sqlcgen.ListTokensRow) account.Token {
	token := account.Token{
		ID: row.ID, AccountID: row.AccountID, Account: row.Account, Name: row.Name, Projects: row.Projects,
		Created: row.CreatedAt.UTC(), Expires: row.ExpiresAt, Revoked: row.RevokedAt,
	}
	for _, scope := range row.Scopes {
		token.Scopes = append(token.Scopes, account.Scope(scope))
	}
	return token
}

// EnsureAccount creates the account or finds the one of that name.
func (t *tx) EnsureAccount(ctx context.Context, id, name string, at time.Time) (string, error) {
	row, err := t.queries.EnsureAccount(ctx, id, name, at)
	return row.ID, interpret(err)
}

// AddToken stores a token's facts and its hash.
func (t *tx) AddToken(ctx context.Context, token account.Token, hash [32]byte) error {
	scopes := make([]string, len(token.Scopes))
	for i, scope := range token.Scopes {
		scopes[i] = string(scope)
	}
	projects := token.Projects
	if projects == nil {
		projects = []string{}
	}
	return interpret(t.queries.AddToken(ctx, sqlcgen.AddTokenParams{
		ID: token.ID, AccountID: token.AccountID, Name: token.Name, Sha256: hash[:], Scopes: scopes,
		Projects: projects, At: token.Created, ExpiresAt: token.Expires,
	}))
}

// RevokeToken makes a token void.
func (t *tx) RevokeToken(ctx context.Context, id string, at time.Time) error {
	unknown := fault.New(fault.TokenUnknown, "There is no token with the id %q. List the tokens to see theirs.", id)
	if uuid.Validate(id) != nil {
		return unknown
	}
	revoked, err := t.queries.RevokeToken(ctx, &at, id)
	if err != nil {
		return interpret(err)
	}
	if revoked == 0 {
		return unknown
	}
	return nil
}
