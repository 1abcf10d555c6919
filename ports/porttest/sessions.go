package porttest

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// sessions last until they are ended or their time is over, and say how their account is now.
func sessions(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	add := func(accountID, secret string, expires time.Time) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.AddSession(ctx, ports.Session{Account: account.Account{ID: accountID}, Created: at, Expires: expires}, sha256.Sum256([]byte(secret)))
		})
	}
	end := func(secret string) (whose string) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			whose, err = tx.EndSession(ctx, sha256.Sum256([]byte(secret)))
			return err
		})
		return whose
	}
	find := func(secret string, now time.Time) (ports.Session, error) {
		return facts.SessionByHash(ctx, sha256.Sum256([]byte(secret)), now)
	}
	add(alice, "one", at.Add(time.Hour))
	add(alice, "two", at.Add(2*time.Hour))
	add(bob, "three", at.Add(time.Hour))
	want := ports.Session{Account: account.Account{ID: alice, Name: "alice"}, Created: at, Expires: at.Add(time.Hour)}
	if got := must[ports.Session](t)(find("one", at)); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.SetAdministrator(ctx, "alice", true)
		return err
	})
	if got := must[ports.Session](t)(find("one", at.Add(time.Hour-time.Microsecond))); !got.Account.Administrator {
		t.Errorf("what became of alice is not told: %+v", got)
	}
	_, err := find("one", at.Add(time.Hour))
	wantCode(t, err, fault.SessionMissing)
	_, err = find("another", at)
	wantCode(t, err, fault.SessionMissing)
	for _, whose := range []string{alice, ""} {
		if got := end("one"); got != whose {
			t.Errorf("ended that of %q, want %q", got, whose)
		}
	}
	_, err = find("one", at)
	wantCode(t, err, fault.SessionMissing)
	if err := facts.Forget(ctx, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if whose := end("three"); whose != "" {
		t.Errorf("the session of %q is kept after its end", whose)
	}
	if whose := end("two"); whose != alice {
		t.Errorf("a session that has not ended is that of %q", whose)
	}
}
