package oidc_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/core/account"
)

const client = "the-registry"

// clock is one that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// issuer is a real one, over HTTP.
type issuer struct {
	*httptest.Server

	mu sync.Mutex
	// keys are what it publishes: values that become JSON.
	keys []any
	// answer stands in for the whole issuer where it is set.
	answer http.HandlerFunc
	// asked counts the requests of each path.
	asked map[string]int
}

func serveIssuer(t testing.TB, keys ...any) *issuer {
	t.Helper()
	i := &issuer{keys: keys, asked: map[string]int{}}
	i.Server = httptest.NewServer(i)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.asked[r.URL.Path]++
	answer, keys := i.answer, i.keys
	i.mu.Unlock()
	switch {
	case answer != nil:
		answer(w, r)
	case r.URL.Path == "/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	case r.URL.Path == "/keys":
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
	default:
		http.NotFound(w, r)
	}
}

func (i *issuer) publish(keys ...any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append([]any{}, keys...) // [] and not null
}

func (i *issuer) answerWith(answer http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = answer
}

func (i *issuer) times(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[path]
}

func (i *issuer) requests() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	sum := 0
	for n := range maps.Values(i.asked) {
		sum += n
	}
	return sum
}

func down(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }

// newVerifier makes one that takes the tokens of some issuers.
func newVerifier(c *clock, issuers ...string) *oidc.Verifier {
	providers := make([]account.Provider, 0, len(issuers))
	for _, address := range issuers {
		providers = append(providers, account.Provider{Issuer: address, Audiences: []string{client}})
	}
	return oidc.New(providers, oidc.Options{Now: c.Now})
}

// rsaKeys are made once, since they take long.
var rsaKeys = sync.OnceValue(func() [3]*rsa.PrivateKey {
	var keys [3]*rsa.PrivateKey
	for n := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[n] = key
	}
	return keys
})

func public(kid string, key crypto.Signer) jose.JSONWebKey {
	return jose.JSONWebKey{KeyID: kid, Key: key.Public(), Use: "sig"}
}

// claims are those of a good token.
func claims(issuer string, c *clock) map[string]any {
	now := c.Now()
	return map[string]any{
		"iss": issuer, "sub": "user-1", "aud": client, "azp": client, "iat": now.Unix(), "nbf": now.Unix(),
		"exp": now.Add(time.Hour).Unix(), "userName": "ada", "email": "ada@example.org", "email_verified": true,
	}
}

func with(m, changes map[string]any) map[string]any {
	m = maps.Clone(m)
	for key, value := range changes {
		if value == nil {
			delete(m, key)
		} else {
			m[key] = value
		}
	}
	return m
}

func part(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// rs256 signs whatever it is given, however wrong that is.
func rs256(t testing.TB, key *rsa.PrivateKey, header, payload any) string {
	t.Helper()
	input := part(t, header) + "." + part(t, payload)
	hash := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func header(kid string) map[string]any {
	return map[string]any{"alg": "RS256", "kid": kid, "typ": "JWT"}
}

// sign signs properly.
func sign(t testing.TB, algorithm jose.SignatureAlgorithm, kid string, key any, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}
