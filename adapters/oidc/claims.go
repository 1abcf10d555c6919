package oidc

import (
	"errors"
	"math"
	"time"

	"github.com/go-jose/go-jose/v4/json"

	"pgtrunk.io/registry/core/account"
)

// payload is a token's, as it is written.
type payload struct {
	Issuer            string   `json:"iss"`
	Subject           string   `json:"sub"`
	Audience          audience `json:"aud"`
	AuthorisedParty   string   `json:"azp"`
	ID                string   `json:"jti"`
	Nonce             string   `json:"nonce"`
	Expires           *float64 `json:"exp"`
	NotBefore         *float64 `json:"nbf"`
	IssuedAt          *float64 `json:"iat"`
	UserName          string   `json:"userName"` //nolint:tagliatelle // the name that providers give it
	PreferredUsername string   `json:"preferred_username"`
	Nickname          string   `json:"nickname"`
	Name              string   `json:"name"`
	Email             string   `json:"email"`
	EmailVerified     flag     `json:"email_verified"`
}

// readClaims reads what a token says. The JSON package is go-jose's, since it tells upper from lower case and refuses a
// claim that is there twice: others must not read another token than we do.
func readClaims(data []byte) (account.Claims, error) {
	var p *payload
	if err := json.Unmarshal(data, &p); err != nil {
		return account.Claims{}, err
	}
	if p == nil {
		return account.Claims{}, errors.New("the payload is null")
	}
	return account.Claims{
		Issuer: p.Issuer, Subject: p.Subject, Audience: p.Audience, AuthorisedParty: p.AuthorisedParty, ID: p.ID, Nonce: p.Nonce,
		Expires: date(p.Expires), NotBefore: date(p.NotBefore), IssuedAt: date(p.IssuedAt),
		UserName: p.UserName, PreferredUsername: p.PreferredUsername, Nickname: p.Nickname, Name: p.Name,
		Email: p.Email, EmailVerified: bool(p.EmailVerified),
	}, nil
}

// The first and the last second of the years that RFC 3339 can write.
const (
	firstSecond = -62167219200
	lastSecond  = 253402300799
)

// date gives the time of a NumericDate (RFC 7519 section 2). One that is out of every calendar becomes the calendar's
// end, so that what never ends does not overflow into the past.
func date(seconds *float64) *time.Time {
	if seconds == nil {
		return nil
	}
	whole, part := math.Modf(min(max(*seconds, firstSecond), lastSecond))
	t := time.Unix(int64(whole), int64(part*float64(time.Second))).UTC()
	return &t
}

// audience is a string or several.
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return json.Unmarshal(data, (*[]string)(a))
	}
	*a = make([]string, 1)
	return json.Unmarshal(data, &(*a)[0])
}

// flag is a boolean, or its name in quotes: some providers write it so.
type flag bool

// UnmarshalJSON reads either form.
func (f *flag) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", `"true"`:
		*f = true
	case "false", `"false"`, "null":
		*f = false
	default:
		return errors.New("email_verified is not a boolean")
	}
	return nil
}
