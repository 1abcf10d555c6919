package account

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

// Claims are what a JSON Web Token of an OpenID Connect provider says, once its signature is known to be right.
//
// https://www.rfc-editor.org/rfc/rfc7519#section-4.1 and
// https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims
type Claims struct {
	Issuer, Subject string
	// Audience and AuthorisedParty say whom the token was made for.
	Audience        []string
	AuthorisedParty string
	// ID is jti, Nonce the mark of the request that it answers; "" where the provider gives none.
	ID, Nonce string
	// Expires, NotBefore and IssuedAt are nil where the token does not say.
	Expires, NotBefore, IssuedAt *time.Time
	// The names that a person may go by.
	UserName, PreferredUsername, Nickname, Name, Email string
	// EmailVerified says that the provider has seen that the address is the person's.
	EmailVerified bool
}

// Provider is an OpenID Connect provider whose tokens are taken.
type Provider struct {
	// Issuer is its address, as tokens name it in iss.
	Issuer string
	// Audiences are the values of aud or azp of which a token has to have one.
	Audiences []string
}

// SignIn is who somebody is, by the word of a provider.
type SignIn struct {
	Issuer, Subject string
	// Name is what others see; never empty.
	Name string
	// Email is "" where the provider says none that a letter can be sent to; EmailVerified says whether it is the person's.
	Email         string
	EmailVerified bool
	// ID is the token's own; "" where it has none. Expires is when it may be forgotten.
	ID      string
	Expires time.Time
	// Nonce is the mark of the attempt that it answers; "" where it has none.
	Nonce string
}

// clockSkew is how far another computer's clock may be ahead.
const clockSkew = time.Minute

// MaxNameLength bounds the name of an account, in characters.
const MaxNameLength = 200

// Accept checks what a token says against what is expected of it at a time.
//
// Errors: faults with the codes jwt_malformed, jwt_issuer, jwt_audience, jwt_expired, jwt_not_yet_valid.
func (p Provider) Accept(c Claims, now time.Time) (SignIn, error) {
	switch {
	case c.Issuer != p.Issuer:
		return SignIn{}, fault.New(fault.JWTIssuer, "That sign-in is of an issuer that this registry does not know. Sign in where it sends you.")
	case c.Subject == "" || c.Expires == nil:
		return SignIn{}, fault.New(fault.JWTMalformed, "That sign-in does not say who it is of or when it ends (sub, exp). Sign in again.")
	case !slices.Contains(p.Audiences, c.AuthorisedParty) && !slices.ContainsFunc(c.Audience, p.meant):
		return SignIn{}, fault.New(fault.JWTAudience, "That sign-in was made for another application. Sign in where this registry sends you.")
	case !now.Before(*c.Expires):
		return SignIn{}, fault.New(fault.JWTExpired, "That sign-in ended at %s. Sign in again.", c.Expires.UTC().Format(time.RFC3339))
	case tooEarly(c.NotBefore, now) || tooEarly(c.IssuedAt, now):
		return SignIn{}, fault.New(fault.JWTNotYetValid, "That sign-in is not good yet. Check the clock of the computer that made it, and sign in again.")
	}
	person := SignIn{Issuer: c.Issuer, Subject: c.Subject, Name: c.displayName(), ID: c.ID, Expires: *c.Expires, Nonce: c.Nonce}
	if email, err := ParseAddress(c.Email); err == nil {
		person.Email, person.EmailVerified = email, c.EmailVerified
	}
	return person, nil
}

func (p Provider) meant(audience string) bool { return slices.Contains(p.Audiences, audience) }

func tooEarly(from *time.Time, now time.Time) bool {
	return from != nil && now.Add(clockSkew).Before(*from)
}

// displayName is the first name that has something to show.
func (c Claims) displayName() string {
	for _, name := range []string{c.UserName, c.PreferredUsername, c.Nickname, c.Name, c.Email, c.Subject} {
		if name = presentable(name); name != "" {
			return name
		}
	}
	return "somebody"
}

// presentable leaves out of a name what could be mistaken for something else on a screen: controls, invisible and
// direction-changing characters.
func presentable(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, name))
	if runes := []rune(name); len(runes) > MaxNameLength {
		name = string(runes[:MaxNameLength])
	}
	return name
}
