// Package account holds who people are to the registry: tokens, the scopes they carry and the rights that follow.
package account

import (
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Scope names a kind of change that a token may make.
type Scope string

// The scopes. They are the roles that the operations of openapi.yaml list under security.
const (
	PublishNew    Scope = "publish-new"    // create a project
	PublishUpdate Scope = "publish-update" // add to a project that is the user's
	Yank          Scope = "yank"           // withdraw a version
	Owners        Scope = "owners"         // change who owns a project
)

// Scopes lists every scope in the order they are shown.
func Scopes() []Scope { return []Scope{PublishNew, PublishUpdate, Yank, Owners} }

// ParseScope reads a scope's name.
//
// Errors: a fault with code request_invalid that lists the scopes there are.
func ParseScope(s string) (Scope, error) {
	if scope := Scope(s); slices.Contains(Scopes(), scope) {
		return scope, nil
	}
	return "", fault.New(fault.RequestInvalid, "%q is no scope. The scopes are publish-new, publish-update, yank and owners.", s)
}

// The form of a token: prefix, secret, checksum. A secret scanner finds it by the prefix, and a mistyped one is refused
// by its checksum without asking the database.
const (
	tokenPrefix = "trunk_"
	// TokenEntropy is the number of random bytes in a token (192 bits).
	TokenEntropy   = 24
	secretLength   = 33 // base 62 digits of 192 bits
	checksumLength = 6  // base 62 digits of a CRC-32
	base62         = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Secret is the plain text of a token. It is shown once, to its user; what is stored is its hash.
type Secret string

// MintSecret makes a token of TokenEntropy random bytes.
func MintSecret(entropy [TokenEntropy]byte) Secret {
	body := tokenPrefix + encode62(new(big.Int).SetBytes(entropy[:]), secretLength)
	return Secret(body + checksum(body))
}

// ParseSecret checks the form and the checksum of a token that somebody sent.
//
// Errors: a fault with code token_malformed.
func ParseSecret(s string) (Secret, error) {
	malformed := fault.New(fault.TokenMalformed, "That is not a token of this registry. Send the whole token as it was shown, beginning with %s.", tokenPrefix)
	if len(s) != len(tokenPrefix)+secretLength+checksumLength || !strings.HasPrefix(s, tokenPrefix) {
		return "", malformed
	}
	body := s[:len(s)-checksumLength]
	if checksum(body) != s[len(s)-checksumLength:] {
		return "", malformed
	}
	return Secret(s), nil
}

// Hash is what is stored of a token.
func (s Secret) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(s)) }

// String keeps a token out of logs that print it by accident.
func (Secret) String() string { return tokenPrefix + "…" }

// Reveal gives the plain text, for showing it to its user once.
func (s Secret) Reveal() string { return string(s) }

func checksum(body string) string {
	return encode62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(body)))), checksumLength)
}

func encode62(n *big.Int, length int) string {
	digits := make([]byte, length)
	base, digit := big.NewInt(int64(len(base62))), new(big.Int)
	for i := length - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		digits[i] = base62[digit.Int64()]
	}
	return string(digits)
}

// Account is a user of the registry.
type Account struct {
	// ID is a UUID.
	ID string
	// Name is what others see; unique whatever its case.
	Name string
	// Administrator is a role that is given, never signed in for.
	Administrator bool
}

// Token is a token as the registry knows it.
type Token struct {
	// ID is a UUID.
	ID string
	// Account is whose it is.
	Account Account
	// Name is what its user called it.
	Name   string
	Scopes []Scope
	// Projects are patterns of project names, each a name or a beginning followed by *; none means every project.
	Projects []string
	// Created is when it was made, in UTC; LastUsed, Expires and Revoked are nil where it was not and does not.
	Created                    time.Time
	LastUsed, Expires, Revoked *time.Time
}
