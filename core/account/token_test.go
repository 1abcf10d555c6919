package account_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

var entropy = rapid.Custom(func(t *rapid.T) [account.TokenEntropy]byte {
	return [account.TokenEntropy]byte(rapid.SliceOfN(rapid.Byte(), account.TokenEntropy, account.TokenEntropy).Draw(t, "entropy"))
})

// A token is found again whatever its bits, and one wrong character is found out without asking anybody.
func TestSecrets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := account.MintSecret(entropy.Draw(t, "bits"))
		plain := secret.Reveal()
		if !strings.HasPrefix(plain, "trunk_") || strings.Trim(plain[6:], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
			t.Fatalf("%q has another form", plain)
		}
		again, err := account.ParseSecret(plain)
		if err != nil || again != secret || again.Hash() != sha256.Sum256([]byte(plain)) {
			t.Fatalf("%q is not read again: %v", plain, err)
		}
		at := rapid.IntRange(0, len(plain)-1).Draw(t, "place")
		wrong := []byte(plain)
		wrong[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if _, err := account.ParseSecret(string(wrong)); fault.CodeOf(err) != fault.TokenMalformed {
			t.Fatalf("%q passes", wrong)
		}
	})
	if a, b := account.MintSecret([account.TokenEntropy]byte{1}), account.MintSecret([account.TokenEntropy]byte{2}); a == b {
		t.Error("different bits give one token")
	}
	for _, s := range []string{"", "trunk_", strings.Repeat("a", 45), account.MintSecret([account.TokenEntropy]byte{}).Reveal() + "0"} {
		if _, err := account.ParseSecret(s); fault.CodeOf(err) != fault.TokenMalformed {
			t.Errorf("%q passes", s)
		}
	}
}

// Printing a token by accident shows nothing of it.
func TestSecretsArePrintedWithoutTheirText(t *testing.T) {
	secret := account.MintSecret([account.TokenEntropy]byte{1, 2, 3})
	for _, printed := range []string{fmt.Sprint(secret), fmt.Sprintf("%v %s %+v", secret, secret, struct{ S account.Secret }{secret})} {
		if strings.Contains(printed, secret.Reveal()[6:20]) {
			t.Errorf("%q shows the token", printed)
		}
	}
}

func TestAuthenticate(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	before, after := now.Add(-time.Second), now.Add(time.Second)
	for name, c := range map[string]struct {
		token account.Token
		code  fault.Code
	}{
		"without an end":   {account.Token{}, ""},
		"not yet expired":  {account.Token{Expires: &after}, ""},
		"expires now":      {account.Token{Expires: &now}, fault.TokenExpired},
		"expired":          {account.Token{Expires: &before}, fault.TokenExpired},
		"revoked":          {account.Token{Revoked: &before}, fault.TokenRevoked},
		"revoked, expired": {account.Token{Revoked: &before, Expires: &before}, fault.TokenRevoked},
	} {
		if _, err := c.token.Authenticate(now); fault.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %q", name, err, c.code)
		}
	}
}

func TestMay(t *testing.T) {
	for _, c := range []struct {
		scopes   []account.Scope
		projects []string
		scope    account.Scope
		project  string
		code     fault.Code
	}{
		{account.Scopes(), nil, account.Yank, "anything", ""},
		{[]account.Scope{account.PublishNew}, nil, account.PublishUpdate, "a", fault.ScopeMissing},
		{nil, nil, account.PublishNew, "a", fault.ScopeMissing},
		{account.Scopes(), []string{"pgmq"}, account.PublishNew, "PGMQ", ""},
		{account.Scopes(), []string{"pgmq"}, account.PublishNew, "pgmq2", fault.ProjectNotCovered},
		{account.Scopes(), []string{"pg_*", "other"}, account.PublishNew, "Pg_trgm", ""},
		{account.Scopes(), []string{"pg_*"}, account.PublishNew, "pgmq", fault.ProjectNotCovered},
		{account.Scopes(), []string{"*"}, account.PublishNew, "pgmq", ""},
	} {
		who, err := account.Token{Scopes: c.scopes, Projects: c.projects}.Authenticate(time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := who.May(c.scope, c.project); fault.CodeOf(err) != c.code {
			t.Errorf("%v %v may %s %s: got %v, want %q", c.scopes, c.projects, c.scope, c.project, err, c.code)
		}
	}
	if err := (account.Identity{}).May(account.PublishNew, "a"); fault.CodeOf(err) != fault.ScopeMissing {
		t.Errorf("nobody may publish: %v", err)
	}
}

func TestParseScope(t *testing.T) {
	for _, scope := range account.Scopes() {
		if got, err := account.ParseScope(string(scope)); err != nil || got != scope {
			t.Errorf("%s: %s, %v", scope, got, err)
		}
	}
	if _, err := account.ParseScope("admin"); fault.CodeOf(err) != fault.RequestInvalid {
		t.Errorf("got %v", err)
	}
}
