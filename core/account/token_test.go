package account_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
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

// What an operation needs is one of several alternatives, each of scopes and the role.
func TestPermits(t *testing.T) {
	admin := account.Account{Name: "root", Administrator: true}
	plain := account.Account{Name: "alice"}
	some := []account.Scope{account.PublishNew}
	for _, c := range []struct {
		token   account.Token
		needs   [][]string
		project string
		code    fault.Code
	}{
		{account.Token{Account: plain}, [][]string{{}}, "", ""},
		{account.Token{Account: plain}, nil, "", ""},
		{account.Token{Account: plain, Scopes: some}, [][]string{{"publish-update"}, {"publish-new"}}, "", ""},
		{account.Token{Account: plain, Scopes: some}, [][]string{{"publish-update"}, {"yank"}}, "", fault.ScopeMissing},
		{account.Token{Account: plain, Scopes: some}, [][]string{{"publish-new", "yank"}}, "", fault.ScopeMissing},
		{account.Token{Account: plain, Scopes: some, Projects: []string{"a"}}, [][]string{{"publish-new"}}, "b", fault.ProjectNotCovered},
		{account.Token{Account: plain, Scopes: account.Scopes()}, [][]string{{"administrator"}}, "", fault.NotAdministrator},
		{account.Token{Account: admin, Scopes: account.Scopes()}, [][]string{{"administrator"}}, "", ""},
		{account.Token{Account: admin, Scopes: some}, [][]string{{"administrator"}}, "", fault.TokenNarrowed},
		{account.Token{Account: admin, Scopes: account.Scopes(), Projects: []string{"*"}}, [][]string{{"administrator"}}, "", fault.TokenNarrowed},
	} {
		who, err := c.token.Authenticate(time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := who.Permits(c.needs, c.project); fault.CodeOf(err) != c.code {
			t.Errorf("%v with %v: got %v, want %q", c.needs, c.token, err, c.code)
		}
	}
}

// A token never makes one that may do more, is for more, or lasts longer than itself.
func TestDelegate(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { moment := now.Add(d); return &moment }
	const lifetime = 90 * 24 * time.Hour
	all := account.Token{Account: account.Account{ID: "1", Name: "alice"}, Scopes: account.Scopes()}
	narrow := account.Token{Account: all.Account, Scopes: []account.Scope{account.PublishUpdate, account.Yank}, Projects: []string{"pg_*", "other"}, Expires: at(time.Hour)}
	for name, c := range map[string]struct {
		from, draft, want account.Token
		code              fault.Code
	}{
		"everything, for the usual time": {from: all, want: account.Token{Scopes: account.Scopes(), Expires: at(lifetime)}},
		"less": {
			from: all, draft: account.Token{Scopes: []account.Scope{account.Yank}, Projects: []string{"a*"}, Expires: at(2 * lifetime)},
			want: account.Token{Scopes: []account.Scope{account.Yank}, Projects: []string{"a*"}, Expires: at(2 * lifetime)},
		},
		"as much as a narrow one": {from: narrow, want: account.Token{Scopes: narrow.Scopes, Projects: narrow.Projects, Expires: narrow.Expires}},
		"parts of its projects": {
			from: narrow, draft: account.Token{Projects: []string{"PG_cron", "pg_p*", "Other"}, Expires: at(time.Minute)},
			want: account.Token{Scopes: narrow.Scopes, Projects: []string{"PG_cron", "pg_p*", "Other"}, Expires: at(time.Minute)},
		},
		"a scope more":      {from: narrow, draft: account.Token{Scopes: []account.Scope{account.PublishNew}}, code: fault.GrantTooWide},
		"another project":   {from: narrow, draft: account.Token{Projects: []string{"pgmq"}}, code: fault.GrantTooWide},
		"a wider beginning": {from: narrow, draft: account.Token{Projects: []string{"pg*"}}, code: fault.GrantTooWide},
		"beginning of one":  {from: narrow, draft: account.Token{Projects: []string{"other*"}}, code: fault.GrantTooWide},
		"every project":     {from: narrow, draft: account.Token{Projects: []string{"*"}}, code: fault.GrantTooWide},
		"a longer time":     {from: narrow, draft: account.Token{Expires: at(time.Hour + 1)}, code: fault.GrantTooWide},
		"no time":           {from: all, draft: account.Token{Expires: at(0)}, code: fault.RequestInvalid},
	} {
		who, err := c.from.Authenticate(now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := who.Delegate(c.draft, now, lifetime)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %q", name, err, c.code)
			continue
		}
		if err != nil {
			continue
		}
		if !slices.Equal(got.Scopes, c.want.Scopes) || !slices.Equal(got.Projects, c.want.Projects) || !got.Expires.Equal(*c.want.Expires) ||
			got.Account != c.from.Account || !got.Created.Equal(now) {
			t.Errorf("%s: got %+v", name, got)
		}
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
