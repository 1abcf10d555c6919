// Package access is the use case of knowing who asks: signing in, making, listing and revoking tokens, recognising them,
// and giving the role of an administrator.
package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

// Service recognises and makes tokens.
type Service struct {
	Tokens   ports.Tokens
	Accounts ports.Accounts
	SignIns  ports.SignIns
	// Pages is where people sign in on the web; nil where they cannot. Sessions tells who did.
	Pages    ports.SignInPages
	Sessions ports.Sessions
	Work     ports.UnitOfWork
	// Counts and Failures bound how often one address may send what is no token and no sign-in of anybody.
	Counts   ports.Limits
	Failures limit.Policy
	// Lifetime is how long a token lasts that does not say.
	Lifetime time.Duration
	Now      ports.Clock
	NewID    ports.IDs
	// Entropy fills a slice with random bytes from a cryptographic source, whole or not at all.
	Entropy func([]byte) error
	// TokenMade tells the owner of a token by mail, in the unit of work that makes it; nil where no letters are sent.
	TokenMade func(ctx context.Context, tx ports.Tx, accountID, tokenID string) error
}

// touchAfter is how old the note of a token's last use gets before it is written again.
const touchAfter = time.Minute

// Recognise tells whose token was sent. Each of sent is what one Authorization header held, with or without "Bearer";
// several are fine as long as they are the same. A token with a wrong checksum costs no query.
//
// Errors: faults with the codes token_missing, token_conflict, token_malformed, token_unknown, token_expired,
// token_revoked; rate_limited for an address that sent too many of those; database_unavailable.
func (s *Service) Recognise(ctx context.Context, address string, sent ...string) (account.Identity, error) {
	plain, err := single(sent)
	if err != nil {
		return account.Identity{}, err
	}
	secret, err := account.ParseSecret(plain)
	if err != nil {
		return account.Identity{}, err
	}
	now := s.Now()
	token, err := s.Tokens.TokenByHash(ctx, secret.Hash())
	if err != nil {
		return account.Identity{}, s.failed(ctx, address, err)
	}
	who, err := token.Authenticate(now)
	if err != nil {
		return account.Identity{}, s.failed(ctx, address, err)
	}
	if token.LastUsed == nil || now.Sub(*token.LastUsed) >= touchAfter {
		err = s.Tokens.Touch(ctx, token.ID, now)
	}
	return who, err
}

// failed counts a failure towards the limit of the address that it came from, and gives what to answer.
func (s *Service) failed(ctx context.Context, address string, failure error) error {
	switch fault.CodeOf(failure) {
	case fault.Internal, fault.DatabaseUnavailable, fault.IssuerUnavailable, fault.SignInUnconfigured:
		return failure
	default:
	}
	if _, err := s.Counts.Take(ctx, limit.Network(address), limit.FailedSignIn, s.Failures, s.Now()); err != nil {
		return err
	}
	return failure
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

// SignIn makes a token for a person whom a provider vouches for: sent is the Authorization header with a JSON Web Token.
// The account is made at the first time.
//
// Errors: token_missing, those of ports.SignIns, jwt_replayed; rate_limited for an address that failed too often;
// database_unavailable.
func (s *Service) SignIn(ctx context.Context, sent string, origin ports.Origin) (account.Token, account.Secret, error) {
	jwt, err := single([]string{sent})
	if err != nil {
		return account.Token{}, "", err
	}
	person, err := s.SignIns.Verify(ctx, jwt)
	if err != nil {
		return account.Token{}, "", s.failed(ctx, origin.Address, err)
	}
	now, accountID := s.Now(), s.NewID()
	expires := now.Add(s.Lifetime)
	draft := account.Token{Name: "sign-in", Scopes: account.Scopes(), Created: now, Expires: &expires}
	return s.mint(ctx, draft, origin, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
		return s.admit(ctx, tx, accountID, person, now, origin)
	})
}

// admit finds the account of a person whom a provider vouches for, or makes it.
func (s *Service) admit(
	ctx context.Context, tx ports.Tx, accountID string, person account.SignIn, now time.Time, origin ports.Origin,
) (account.Account, error) {
	who, created, err := tx.SignedIn(ctx, accountID, person, now)
	if err != nil || !created {
		return who, err
	}
	return who, tx.Audit(ctx, ports.AuditEntry{
		At: now, AccountID: who.ID, Action: "account.create", Origin: origin, Detail: map[string]any{"issuer": person.Issuer},
	})
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

// Create makes a token, by the word of those who run the registry. The secret it gives is nowhere else: whoever asked has
// to keep it.
//
// Errors: request_invalid for an empty user; database_unavailable.
func (s *Service) Create(ctx context.Context, grant Grant) (account.Token, account.Secret, error) {
	if strings.TrimSpace(grant.User) == "" {
		return account.Token{}, "", fault.New(fault.RequestInvalid, "A token needs a user. Name whose it is.")
	}
	now, accountID := s.Now(), s.NewID()
	draft := account.Token{Name: grant.Name, Scopes: grant.Scopes, Projects: grant.Projects, Created: now}
	if grant.Lifetime > 0 {
		expires := now.Add(grant.Lifetime)
		draft.Expires = &expires
	}
	return s.mint(ctx, draft, grant.Origin, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
		return tx.EnsureAccount(ctx, accountID, grant.User, now)
	})
}

// Delegate makes a token that may do no more than the one that asks.
//
// Errors: grant_too_wide, request_invalid, database_unavailable.
func (s *Service) Delegate(ctx context.Context, who account.Identity, draft account.Token, origin ports.Origin) (account.Token, account.Secret, error) {
	draft, err := who.Delegate(draft, s.Now(), s.Lifetime)
	if err != nil {
		return account.Token{}, "", err
	}
	return s.mint(ctx, draft, origin, func(context.Context, ports.Tx) (account.Account, error) { return who.Account, nil })
}

// mint makes a token of a draft for an account that is found in the same unit of work.
func (s *Service) mint(
	ctx context.Context, token account.Token, origin ports.Origin, owner func(context.Context, ports.Tx) (account.Account, error),
) (account.Token, account.Secret, error) {
	var entropy [account.TokenEntropy]byte
	if err := s.Entropy(entropy[:]); err != nil {
		return account.Token{}, "", err
	}
	secret := account.MintSecret(entropy)
	token.ID = s.NewID()
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		var err error
		if token.Account, err = owner(ctx, tx); err != nil {
			return err
		}
		if err := tx.AddToken(ctx, token, secret.Hash()); err != nil {
			return err
		}
		if s.TokenMade != nil {
			if err := s.TokenMade(ctx, tx, token.Account.ID, token.ID); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: token.Created, AccountID: token.Account.ID, Action: "token.create", Origin: origin,
			Detail: map[string]any{"token": token.ID, "name": token.Name, "scopes": token.Scopes, "projects": token.Projects},
		})
	})
	if err != nil {
		return account.Token{}, "", err
	}
	return token, secret, nil
}

// List gives the tokens of a user, or everybody's for "".
func (s *Service) List(ctx context.Context, user string) ([]account.Token, error) {
	return s.Tokens.ListTokens(ctx, user)
}

// Own gives a page of the tokens of whoever asks, the newest first.
//
// Errors: cursor_invalid, database_unavailable.
func (s *Service) Own(ctx context.Context, who account.Identity, page ports.Page) ([]account.Token, error) {
	return s.Tokens.TokensOf(ctx, who.ID, page)
}

// OwnToken gives a token of whoever asks.
//
// Errors: token_id_unknown, database_unavailable.
func (s *Service) OwnToken(ctx context.Context, who account.Identity, id string) (account.Token, error) {
	return s.Tokens.TokenByID(ctx, id, who.ID)
}

// Revoke makes a token of an account void from now on, or anybody's for "".
//
// Errors: token_id_unknown, database_unavailable.
func (s *Service) Revoke(ctx context.Context, id, accountID string, origin ports.Origin) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.RevokeToken(ctx, id, accountID, now); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: now, AccountID: accountID, Action: "token.revoke", Origin: origin, Detail: map[string]any{"token": id},
		})
	})
}

// Appoint gives a user the role of an administrator, or takes it.
//
// Errors: account_unknown, database_unavailable.
func (s *Service) Appoint(ctx context.Context, user string, administrator bool) (account.Account, error) {
	now := s.Now()
	action := "administrator.grant"
	if !administrator {
		action = "administrator.revoke"
	}
	var who account.Account
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) (err error) {
		if who, err = tx.SetAdministrator(ctx, user, administrator); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{At: now, Action: action, Detail: map[string]any{"user": who.Name}})
	})
	return who, err
}

// Administrators gives all who have the role.
func (s *Service) Administrators(ctx context.Context) ([]account.Account, error) {
	return s.Accounts.Administrators(ctx)
}

// Link lets a person whom a provider vouches for sign in to an account, which is made where there is none.
//
// Errors: request_invalid for an empty name; database_unavailable.
func (s *Service) Link(ctx context.Context, user, issuer, subject string) (account.Account, error) {
	now, accountID := s.Now(), s.NewID()
	var who account.Account
	err := s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) (err error) {
		if who, err = tx.EnsureAccount(ctx, accountID, user, now); err != nil {
			return err
		}
		if err := tx.Link(ctx, who.ID, issuer, subject, now); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: now, Action: "account.link", Detail: map[string]any{"user": who.Name, "issuer": issuer, "subject": subject},
		})
	})
	return who, err
}
