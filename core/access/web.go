package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// secretLength is how many random bytes each secret of an attempt has (256 bits; RFC 7636, section 7.1).
const secretLength = 32

// OffersPages tells whether people can sign in on the web's pages.
//
// Errors: sign_in_unconfigured.
func (s *Service) OffersPages() error {
	if s.Pages == nil {
		return fault.New(fault.SignInUnconfigured, "Nobody can sign in on these pages: this registry is no client of an OpenID Connect provider. Ask who runs it.")
	}
	return nil
}

// BeginSignIn gives where to send a person who wants to sign in on the web's pages, and what their browser has to keep.
//
// Errors: issuer_unavailable, sign_in_unconfigured.
func (s *Service) BeginSignIn(ctx context.Context) (address string, attempt account.Attempt, err error) {
	if err := s.OffersPages(); err != nil {
		return "", account.Attempt{}, err
	}
	for _, secret := range []*string{&attempt.State, &attempt.Nonce, &attempt.Verifier} {
		var random [secretLength]byte
		if err := s.Entropy(random[:]); err != nil {
			return "", account.Attempt{}, err
		}
		*secret = base64.RawURLEncoding.EncodeToString(random[:])
	}
	address, err = s.Pages.Address(ctx, attempt)
	return address, attempt, err
}

// SignInOnWeb finds out who came back from the page of the provider, with what their browser kept. It makes no token; the
// account is made at the first time.
//
// Errors: sign_in_unknown, sign_in_refused, jwt_nonce, those of ports.SignIns, jwt_replayed; rate_limited for an address
// that failed too often; database_unavailable.
func (s *Service) SignInOnWeb(ctx context.Context, attempt account.Attempt, came account.Return, origin ports.Origin) (account.Account, error) {
	if err := s.OffersPages(); err != nil {
		return account.Account{}, err
	}
	person, err := s.finish(ctx, attempt, came)
	if err != nil {
		return account.Account{}, s.failed(ctx, origin.Address, err)
	}
	now, accountID := s.Now(), s.NewID()
	var who account.Account
	err = s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) (err error) {
		who, err = s.admit(ctx, tx, accountID, person, now, origin)
		return err
	})
	return who, err
}

func (s *Service) finish(ctx context.Context, attempt account.Attempt, came account.Return) (account.SignIn, error) {
	switch {
	case attempt.State == "" || attempt.Nonce == "" || attempt.Verifier == "",
		subtle.ConstantTimeCompare([]byte(attempt.State), []byte(came.State)) != 1:
		return account.SignIn{}, fault.New(fault.SignInUnknown,
			"That sign-in was not begun in this browser, or too long ago. Nobody was signed in. Begin again.")
	case came.Error != "":
		return account.SignIn{}, fault.New(fault.SignInRefused, "Nobody was signed in: the page where you sign in says %q. Begin again.", came.Error)
	case came.Code == "":
		return account.SignIn{}, fault.New(fault.SignInRefused, "Nobody was signed in: the page where you sign in says nothing. Begin again.")
	}
	person, err := s.Pages.Redeem(ctx, attempt, came)
	if err != nil {
		return account.SignIn{}, err
	}
	if subtle.ConstantTimeCompare([]byte(attempt.Nonce), []byte(person.Nonce)) != 1 {
		return account.SignIn{}, fault.New(fault.JWTNonce, "What came back is of another sign-in. Nobody was signed in. Begin again.")
	}
	return person, nil
}

// Session tells who is signed in by the hash of what their browser sent.
//
// Errors: session_missing, database_unavailable.
func (s *Service) Session(ctx context.Context, hash [32]byte) (ports.Session, error) {
	return s.Sessions.SessionByHash(ctx, hash, s.Now())
}

// OpenSession keeps that somebody is signed in.
//
// Errors: database_unavailable.
func (s *Service) OpenSession(ctx context.Context, session ports.Session, hash [32]byte, origin ports.Origin) error {
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.AddSession(ctx, session, hash); err != nil {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{
			At: session.Created, AccountID: session.Account.ID, Action: "session.create", Origin: origin,
			Detail: map[string]any{"expires_at": session.Expires},
		})
	})
}

// EndSession signs out; there may be nobody.
//
// Errors: database_unavailable.
func (s *Service) EndSession(ctx context.Context, hash [32]byte, origin ports.Origin) error {
	now := s.Now()
	return s.Work.Do(ctx, func(ctx context.Context, tx ports.Tx) error {
		accountID, err := tx.EndSession(ctx, hash)
		if err != nil || accountID == "" {
			return err
		}
		return tx.Audit(ctx, ports.AuditEntry{At: now, AccountID: accountID, Action: "session.end", Origin: origin, Detail: map[string]any{}})
	})
}
