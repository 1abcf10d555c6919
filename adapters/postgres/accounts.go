package postgres

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Accounts       = (*Store)(nil)
	_ ports.AccountChanges = (*tx)(nil)
)

func unknownAccount(name string) *fault.Fault {
	return fault.New(fault.AccountUnknown, "There is no user called %q. Everybody who has signed in here once has a name.", name)
}

// Account gives the account of a name.
func (s *Store) Account(ctx context.Context, name string) (account.Account, error) {
	row, err := s.queries.AccountByName(ctx, name)
	if err != nil {
		return account.Account{}, notFound(err, unknownAccount(name))
	}
	return account.Account(row), nil
}

// Administrators gives all who have the role.
func (s *Store) Administrators(ctx context.Context) ([]account.Account, error) {
	rows, err := s.queries.Administrators(ctx)
	return each(rows, func(row sqlcgen.AdministratorsRow) account.Account { return account.Account(row) }), interpret(err)
}

// EnsureAccount creates the account or finds the one of that name.
func (t *tx) EnsureAccount(ctx context.Context, id, name string, at time.Time) (account.Account, error) {
	row, err := t.queries.EnsureAccount(ctx, id, name, at)
	return account.Account(row), interpret(err)
}

// SignedIn finds the account of a person, or creates one with a name that is free.
func (t *tx) SignedIn(ctx context.Context, id string, signIn account.SignIn, at time.Time) (account.Account, bool, error) {
	if err := t.queries.LockIdentity(ctx, signIn.Issuer, signIn.Subject); err != nil {
		return account.Account{}, false, interpret(err)
	}
	if signIn.ID != "" {
		if err := t.queries.UseSignIn(ctx, signIn.Issuer, signIn.ID, signIn.Expires); err != nil {
			return account.Account{}, false, interpret(err)
		}
	}
	row, err := t.queries.AccountByIdentity(ctx, signIn.Issuer, signIn.Subject)
	if err == nil {
		return account.Account(row), false, t.keepEmail(ctx, row.ID, signIn)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return account.Account{}, false, interpret(err)
	}
	name, err := t.addAccount(ctx, id, signIn.Name, at)
	if err != nil {
		return account.Account{}, false, err
	}
	if err := t.queries.LinkIdentity(ctx, signIn.Issuer, signIn.Subject, id, at); err != nil {
		return account.Account{}, false, interpret(err)
	}
	return account.Account{ID: id, Name: name}, true, t.keepEmail(ctx, id, signIn)
}

// keepEmail keeps what a provider says of an address. One that says none has nothing against what was said before.
func (t *tx) keepEmail(ctx context.Context, id string, signIn account.SignIn) error {
	if signIn.Email == "" {
		return nil
	}
	return interpret(t.queries.KeepEmail(ctx, signIn.Email, signIn.EmailVerified, id))
}

// addAccount gives the account the name, or the first of NAME-2, NAME-3 and so on that is free; who comes later never
// gets what belongs to who was there before.
func (t *tx) addAccount(ctx context.Context, id, name string, at time.Time) (string, error) {
	const numbered = 100
	for n := 1; n <= numbered; n++ {
		candidate := name
		if n > 1 {
			suffix := "-" + strconv.Itoa(n)
			runes := []rune(name)
			candidate = string(runes[:min(len(runes), account.MaxNameLength-len(suffix))]) + suffix
		}
		added, err := t.queries.AddAccount(ctx, id, candidate, at)
		if err != nil {
			return "", interpret(err)
		}
		if added == 1 {
			return candidate, nil
		}
	}
	_, err := t.queries.AddAccount(ctx, id, id, at)
	return id, interpret(err)
}

// Link lets a person sign in to an account.
func (t *tx) Link(ctx context.Context, accountID, issuer, subject string, at time.Time) error {
	return interpret(t.queries.LinkIdentity(ctx, issuer, subject, accountID, at))
}

// SetAdministrator gives or takes the role.
func (t *tx) SetAdministrator(ctx context.Context, name string, administrator bool) (account.Account, error) {
	row, err := t.queries.SetAdministrator(ctx, administrator, name)
	if err != nil {
		return account.Account{}, notFound(err, unknownAccount(name))
	}
	return account.Account(row), nil
}
