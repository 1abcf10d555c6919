package account

import (
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/fault"
)

func TestAcceptClaims(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { moment := now.Add(d); return &moment }
	provider := Provider{Issuer: "https://issuer.example.org", Audiences: []string{"trunk", "web"}}
	good := Claims{Issuer: provider.Issuer, Subject: "s1", Audience: []string{"trunk"}, Expires: at(time.Minute)}
	for name, test := range map[string]struct {
		change func(*Claims)
		want   fault.Code
	}{
		"as it should be":              {func(*Claims) {}, ""},
		"one of several audiences":     {func(c *Claims) { c.Audience = []string{"other", "web"} }, ""},
		"the authorised party will do": {func(c *Claims) { c.Audience, c.AuthorisedParty = nil, "web" }, ""},
		"a clock that is a bit ahead":  {func(c *Claims) { c.NotBefore, c.IssuedAt = at(clockSkew), at(clockSkew) }, ""},
		"another issuer":               {func(c *Claims) { c.Issuer += "/" }, fault.JWTIssuer},
		"no issuer":                    {func(c *Claims) { c.Issuer = "" }, fault.JWTIssuer},
		"no subject":                   {func(c *Claims) { c.Subject = "" }, fault.JWTMalformed},
		"no end":                       {func(c *Claims) { c.Expires = nil }, fault.JWTMalformed},
		"another audience":             {func(c *Claims) { c.Audience = []string{"other"} }, fault.JWTAudience},
		"no audience":                  {func(c *Claims) { c.Audience = nil }, fault.JWTAudience},
		"an empty audience":            {func(c *Claims) { c.Audience = []string{""} }, fault.JWTAudience},
		"another authorised party":     {func(c *Claims) { c.Audience, c.AuthorisedParty = nil, "other" }, fault.JWTAudience},
		"ended just now":               {func(c *Claims) { c.Expires = at(0) }, fault.JWTExpired},
		"ended long ago":               {func(c *Claims) { c.Expires = at(-24 * time.Hour) }, fault.JWTExpired},
		"begins later":                 {func(c *Claims) { c.NotBefore = at(clockSkew + time.Second) }, fault.JWTNotYetValid},
		"issued later":                 {func(c *Claims) { c.IssuedAt = at(clockSkew + time.Second) }, fault.JWTNotYetValid},
	} {
		claims := good
		test.change(&claims)
		signIn, err := provider.Accept(claims, now)
		if fault.CodeOf(err) != test.want {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
		if test.want == "" && (signIn.Subject != "s1" || signIn.Issuer != provider.Issuer || !signIn.Expires.Equal(*claims.Expires)) {
			t.Errorf("%s: got %+v", name, signIn)
		}
	}
}

func TestDisplayNames(t *testing.T) {
	all := Claims{Subject: "user_1", UserName: "u", PreferredUsername: "p", Nickname: "n", Name: "N", Email: "e@example.org"}
	for _, step := range []struct {
		want string
		drop *string
	}{
		{"u", &all.UserName},
		{"p", &all.PreferredUsername},
		{"n", &all.Nickname},
		{"N", &all.Name},
		{"e@example.org", &all.Email},
		{"user_1", nil},
	} {
		if got := all.displayName(); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
		if step.drop != nil {
			*step.drop = ""
		}
	}
	for given, want := range map[string]string{
		" \t\n":                  "fallback",
		"a\x00b\r\nc":            "abc",
		"ali\u202ece":            "alice",
		"ali\u200bce":            "alice",
		"\xff\xfe":               "fallback",
		"Ænima Ünder":            "Ænima Ünder",
		strings.Repeat("é", 300): strings.Repeat("é", MaxNameLength),
	} {
		if got := (Claims{UserName: given, Subject: "fallback"}).displayName(); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
