// Package access is the use case of knowing who asks: making, listing and revoking tokens, and recognising them.
package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service recognises and makes tokens.
type Service struct {
	Tokens ports.Tokens
	Work   ports.UnitOfWork
	Now    ports.Clock
	NewID  ports.IDs
	// Entropy fills a slice with random bytes from a cryptographic source, whole or not at all.
	Entropy func([]byte) error
}

// Recognise tells whose token was sent. Each of sent is what one Authorization header held, with or without "Bearer";
// several are fine as long as they are the same. A token with a wrong checksum costs no query.
//
// Errors: faults with the codes token_missing, token_conflict, token_malformed, token_unknown, token_expired,
// token_revoked; database_unavailable.
func (s *Service) Recognise(ctx context.Context, sent ...string) (account.Identity, error) {
	plain, err := single(sent)
	if err != nil {
		return account.Identity{}, err
	}
	secret, err := account.ParseSecret(plain)
	if err != nil {
		return account.Identity{}, err
	}
	token, err := s.Tokens.TokenByHash(ctx, secret.Hash())
	if err != nil {
		return account.Identity{}, err
	}
	return token.Authenticate(s.Now())
}

// single finds the one token that was sent.
func single(sent []string) (string, error) {
	var tokens []string
	for _, header := range sent {
		token := strings.TrimSpace(header)
		if scheme, rest, _ := strings.Cut(token, " "); strings.EqualFold(scheme, "Bearer") {
			token = strings.TrimSpace(rest)
		}
		if token != "" && !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	switch len(tokens) {
	case 0:
		return "", fault.New(fault.TokenMissing, "No token was sent. Send your API token in the Authorization header.")
	case 1:
		return tokens[0], nil
	default:
		return "", fault.New(fault.TokenConflict, "Several tokens were sent and they differ. Send one, or the same one everywhere.")
	}
}

// Agree checks that all headers that were sent hold one and the same token.
//
// Errors: faults with the codes token_missing and token_conflict.
func Agree(sent ...string) error {
	_, err := single(sent)
	return err
}

// Grant says what a token to be may do.
type Grant struct {
	// User is the account's name; an account of that name is made where there is none.
	User string
	// Name is what the token is called.
	Name   string
	Scopes []account.Scope
	// Projects are patterns of project names; none means every project.
	Projects []string
	// Lifetime is how long it lasts; 0 means for ever.
	Lifetime time.Duration
	Origin   ports.Origin
}

// Create makes a token. The secret it gives is nowhere else: whoever asked has to keep it.
//
// Errors: request_invalid for an empty user; database_unavailable.
func (s *Service) Create(ctx context.Context, grant Grant) (account.Token, account.Secret, error) {
	if strings.TrimSpace(grant.User) == "" {
		return account.Token{}, "", fault.New(fault.RequestInvalid, "A token needs a user. Name whose it is.")
	}
	var entropy [account.TokenEntropy]byte
	if err := s.Entropy(entropy[:]); err != nil {
		return account.Token{}, "", err
	}
	secret := account.MintSecret(entropy)
	now := s.Now()
	token := account.Token{
		ID: s.NewID(), Account: grant.User, Name: grant.Name, Scopes: grant.Scopes, Projects: grant.Projects, Created: now,
	}
	if grant.Lifetime > 0 {
		expires := now.Add(grant.Lifetime)
		token.Expires = &expires
	}
	accountID := s.NewID()
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		var err error
		if token.AccountID, err = tx.EnsureAccount(ctx, accountID, grant.User, now); err != nil {
			return err
		}
		if err := tx.AddToken(ctx, token, secret.Hash()); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: now, AccountID: token.AccountID, Action: "token.create", Origin: grant.Origin,
			Detail: map[string]any{"token": token.ID, "name": token.Name, "scopes": token.Scopes},
		})
	})
	return token, secret, err
}

// List gives the tokens of a user, or everybody's for "".
func (s *Service) List(ctx context.Context, user string) ([]account.Token, error) {
	return s.Tokens.ListTokens(ctx, user)
}

// Revoke makes a token void from now on.
//
// Errors: token_unknown, database_unavailable.
func (s *Service) Revoke(ctx context.Context, id string, origin ports.Origin) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.RevokeToken(ctx, id, now); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: now, Action: "token.revoke", Origin: origin, Detail: map[string]any{"token": id},
		})
	})
}
