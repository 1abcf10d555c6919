// Package oidc takes the sign-ins of OpenID Connect providers: it checks JSON Web Tokens with the keys that their
// issuers publish. https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// maxLength bounds a token, in bytes.
const maxLength = 16 << 10

// defaultTimeout bounds one request to an issuer.
const defaultTimeout = 5 * time.Second

// algorithms are the asymmetric ones. A symmetric one would take a public key for a secret.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// Options are what a Verifier works with.
type Options struct {
	// Client asks the issuers; nil is one that waits 5 seconds. It never follows a redirect.
	Client *http.Client
	// Now is the clock; it has to be there.
	Now func() time.Time
	// Log is told when an issuer's keys cannot be read; nil tells nobody.
	Log *slog.Logger
}

var _ ports.SignIns = (*Verifier)(nil)

// Verifier offers the port of sign-ins.
type Verifier struct {
	issuers map[string]*issuer
	now     func() time.Time
}

// New makes a verifier of the tokens of some providers, each with an issuer of its own. It does not ask them for their
// keys yet: a registry may start before its issuers.
func New(providers []account.Provider, options Options) *Verifier {
	client := options.client()
	log := options.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	v := &Verifier{issuers: make(map[string]*issuer, len(providers)), now: options.Now}
	for _, provider := range providers {
		v.issuers[provider.Issuer] = &issuer{Provider: provider, client: client, now: options.Now, log: log}
	}
	return v
}

// client asks issuers, each at its own addresses and nowhere else.
func (options Options) client() *http.Client {
	client := http.Client{Timeout: defaultTimeout}
	if options.Client != nil {
		client = *options.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// Verify checks a token as it was sent.
func (v *Verifier) Verify(ctx context.Context, jwt string) (account.SignIn, error) {
	if len(v.issuers) == 0 {
		return account.SignIn{}, fault.New(fault.SignInUnconfigured, "Nobody can sign in here: this registry knows no OpenID Connect provider. Ask who runs it.")
	}
	if len(jwt) > maxLength {
		return account.SignIn{}, fault.New(fault.JWTMalformed, "That sign-in is longer than %d bytes. Sign in again.", maxLength)
	}
	token, err := jose.ParseSignedCompact(jwt, algorithms)
	if _, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return account.SignIn{}, fault.New(fault.JWTAlgorithm, "That sign-in is not signed in a way that is taken here: %s. Sign in again.", algorithms).
			Because(err)
	}
	if err != nil {
		return account.SignIn{}, fault.New(fault.JWTMalformed, "That is not a sign-in: it has to be a JSON Web Token, three parts with dots between. Sign in again.").
			Because(err)
	}
	header := token.Signatures[0].Protected
	// RFC 7515 section 4.1.11: what is critical has to be understood, and no extension means anything for a sign-in.
	if _, ok := header.ExtraHeaders["crit"]; ok {
		return account.SignIn{}, fault.New(fault.JWTMalformed, "That sign-in needs an extension that is not known here (crit). Sign in again.")
	}
	// They are read before they are known to be right: iss says whose keys to check with. Nothing else is used until then.
	claims, err := readClaims(token.UnsafePayloadWithoutVerification())
	if err != nil {
		return account.SignIn{}, fault.New(fault.JWTMalformed, "What that sign-in says is not readable: no JSON object, or a claim of another type. Sign in again.").
			Because(err)
	}
	issuer, ok := v.issuers[claims.Issuer]
	if !ok {
		return account.SignIn{}, fault.New(fault.JWTIssuer, "That sign-in is of an issuer that this registry does not know. Sign in where it sends you.")
	}
	if header.KeyID == "" {
		return account.SignIn{}, fault.New(fault.JWTKeyUnknown, "That sign-in does not say which key it is signed with (kid). Sign in again.")
	}
	keys, err := issuer.keysOf(ctx, header.KeyID)
	if err != nil {
		return account.SignIn{}, err
	}
	if err := check(token, jose.SignatureAlgorithm(header.Algorithm), keys); err != nil {
		return account.SignIn{}, err
	}
	return issuer.Accept(claims, v.now())
}

// check finds out whether one of the keys signed a token. There is one, unless an issuer gives several the same kid.
func check(token *jose.JSONWebSignature, algorithm jose.SignatureAlgorithm, keys []jose.JSONWebKey) error {
	refusal := fault.New(fault.JWTAlgorithm, "That sign-in is signed with another algorithm than its key is for. Sign in again.")
	for _, key := range keys {
		if !fits(key, algorithm) {
			continue
		}
		_, err := token.Verify(key.Key)
		if err == nil {
			return nil
		}
		refusal = fault.New(fault.JWTSignature, "That sign-in is not signed by its issuer, or it was changed on the way. Sign in again.").Because(err)
	}
	return refusal
}

// fits says whether a key is for an algorithm.
func fits(key jose.JSONWebKey, algorithm jose.SignatureAlgorithm) bool {
	if key.Algorithm != "" && key.Algorithm != string(algorithm) {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return algorithm[:2] == "RS" || algorithm[:2] == "PS"
	case *ecdsa.PublicKey:
		return algorithm == map[int]jose.SignatureAlgorithm{256: jose.ES256, 384: jose.ES384, 521: jose.ES512}[public.Params().BitSize]
	case ed25519.PublicKey:
		return algorithm == jose.EdDSA
	default:
		return false
	}
}
