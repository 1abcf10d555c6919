package oidc_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

func TestGoodToken(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	got, err := newVerifier(c, i.URL).Verify(t.Context(), rs256(t, key, header("one"), with(claims(i.URL, c), map[string]any{"jti": "j-1"})))
	want := account.SignIn{
		Issuer: i.URL, Subject: "user-1", Name: "ada", Email: "ada@example.org", EmailVerified: true, ID: "j-1",
		Expires: c.Now().Add(time.Hour),
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestUnconfigured(t *testing.T) {
	_, err := newVerifier(newClock()).Verify(t.Context(), "x")
	if fault.CodeOf(err) != fault.SignInUnconfigured {
		t.Errorf("got %v", err)
	}
}

func TestEveryAlgorithm(t *testing.T) {
	curve := func(c elliptic.Curve) *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	r, p256, p384, p521 := rsaKeys()[0], curve(elliptic.P256()), curve(elliptic.P384()), curve(elliptic.P521())
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	i := serveIssuer(t, public("rsa", r), public("p256", p256), public("p384", p384), public("p521", p521), public("ed", ed))
	verifier := newVerifier(c, i.URL)
	payload, err := json.Marshal(claims(i.URL, c))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		algorithm jose.SignatureAlgorithm
		kid       string
		key       any
		code      fault.Code
	}{
		{jose.RS256, "rsa", r, ""},
		{jose.RS384, "rsa", r, ""},
		{jose.RS512, "rsa", r, ""},
		{jose.PS256, "rsa", r, ""},
		{jose.PS384, "rsa", r, ""},
		{jose.PS512, "rsa", r, ""},
		{jose.ES256, "p256", p256, ""},
		{jose.ES384, "p384", p384, ""},
		{jose.ES512, "p521", p521, ""},
		{jose.EdDSA, "ed", ed, ""},
		// The key under that name is for other algorithms.
		{jose.RS256, "p256", r, fault.JWTAlgorithm},
		{jose.ES256, "rsa", p256, fault.JWTAlgorithm},
		{jose.ES256, "p384", p256, fault.JWTAlgorithm},
		{jose.EdDSA, "p256", ed, fault.JWTAlgorithm},
		{jose.PS256, "ed", r, fault.JWTAlgorithm},
	} {
		_, err := verifier.Verify(t.Context(), sign(t, test.algorithm, test.kid, test.key, payload))
		if fault.CodeOf(err) != test.code {
			t.Errorf("%s with the key %s: got %v, want the code %q", test.algorithm, test.kid, err, test.code)
		}
	}
}

func TestBadTokens(t *testing.T) {
	keys, c := rsaKeys(), newClock()
	own, foreign, nobodys := keys[0], keys[1], keys[2]
	i, other := serveIssuer(t, public("one", own)), serveIssuer(t, public("theirs", foreign))
	trap := serveIssuer(t, public("one", nobodys))
	verifier := newVerifier(c, i.URL, other.URL)
	good := claims(i.URL, c)

	certificate, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, nobodys.Public(), nobodys)
	if err != nil {
		t.Fatal(err)
	}
	x5c := map[string]any{"x5c": []string{base64.StdEncoding.EncodeToString(certificate)}}
	jku := map[string]any{"jku": trap.URL + "/keys", "x5u": trap.URL + "/certificate"}
	jwk := map[string]any{"jwk": public("one", nobodys)}

	unsigned := func(algorithm any) string {
		return part(t, with(header("one"), map[string]any{"alg": algorithm})) + "." + part(t, good) + "."
	}
	der, err := x509.MarshalPKIXPublicKey(own.Public())
	if err != nil {
		t.Fatal(err)
	}
	hs := func(algorithm string) string {
		input := part(t, with(header("one"), map[string]any{"alg": algorithm})) + "." + part(t, good)
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write([]byte(input))
		return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	says := func(changes map[string]any) string { return rs256(t, own, header("one"), with(good, changes)) }
	heads := func(key *rsa.PrivateKey, changes map[string]any) string {
		return rs256(t, key, with(header("one"), changes), good)
	}
	raw := func(payload string) string { return rs256(t, own, header("one"), json.RawMessage(payload)) }
	signed := says(nil)
	parts := strings.Split(signed, ".")
	now := c.Now().Unix()

	for name, test := range map[string]struct {
		jwt  string
		code fault.Code
	}{
		// The form.
		"empty":                   {"", fault.JWTMalformed},
		"garbage":                 {"!!!.???.***", fault.JWTMalformed},
		"garbage in the payload":  {parts[0] + ".!." + parts[2], fault.JWTMalformed},
		"two parts":               {parts[0] + "." + parts[1], fault.JWTMalformed},
		"four parts":              {signed + ".x", fault.JWTMalformed},
		"five parts, like a JWE":  {signed + ".x.y", fault.JWTMalformed},
		"JSON serialization":      {`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, fault.JWTMalformed},
		"padded":                  {parts[0] + "==." + parts[1] + "." + parts[2], fault.JWTMalformed},
		"huge":                    {signed + strings.Repeat("A", 16<<10), fault.JWTMalformed},
		"a header that is a list": {rs256(t, own, []string{"RS256"}, good), fault.JWTMalformed},
		"a kid that is a number":  {heads(own, map[string]any{"kid": 1}), fault.JWTMalformed},
		"crit":                    {heads(own, map[string]any{"crit": []string{"exp"}}), fault.JWTMalformed},
		"crit b64":                {heads(own, map[string]any{"crit": []string{"b64"}, "b64": true}), fault.JWTMalformed},
		"an embedded private key": {heads(own, map[string]any{"jwk": jose.JSONWebKey{Key: nobodys}}), fault.JWTMalformed},

		// The algorithm.
		"none":                                {unsigned("none"), fault.JWTAlgorithm},
		"None":                                {unsigned("None"), fault.JWTAlgorithm},
		"NONE":                                {unsigned("NONE"), fault.JWTAlgorithm},
		"nOnE":                                {unsigned("nOnE"), fault.JWTAlgorithm},
		"none with a blank":                   {unsigned("none "), fault.JWTAlgorithm},
		"an empty alg":                        {unsigned(""), fault.JWTAlgorithm},
		"no alg":                              {unsigned(nil), fault.JWTAlgorithm},
		"an alg of two":                       {unsigned([]string{"RS256", "none"}), fault.JWTAlgorithm},
		"RS256 in small":                      {unsigned("rs256"), fault.JWTAlgorithm},
		"HS256 with the public key as secret": {hs("HS256"), fault.JWTAlgorithm},
		"HS512 with the public key as secret": {hs("HS512"), fault.JWTAlgorithm},
		"a MAC that is called RS256":          {hs("RS256"), fault.JWTSignature},

		// The key and the signature.
		"no kid":                       {heads(own, map[string]any{"kid": nil}), fault.JWTKeyUnknown},
		"an unknown kid":               {rs256(t, own, header("two"), good), fault.JWTKeyUnknown},
		"a kid like a path":            {rs256(t, own, header("../../one"), good), fault.JWTKeyUnknown},
		"a key of another provider":    {rs256(t, foreign, header("theirs"), good), fault.JWTKeyUnknown},
		"signed by somebody else":      {heads(nobodys, nil), fault.JWTSignature},
		"no signature":                 {parts[0] + "." + parts[1] + ".", fault.JWTSignature},
		"another payload":              {parts[0] + "." + part(t, with(good, map[string]any{"sub": "user-2"})) + "." + parts[2], fault.JWTSignature},
		"an embedded key":              {heads(nobodys, jwk), fault.JWTSignature},
		"an embedded key, no kid":      {heads(nobodys, with(jwk, map[string]any{"kid": ""})), fault.JWTKeyUnknown},
		"a certificate":                {heads(nobodys, x5c), fault.JWTSignature},
		"keys elsewhere":               {heads(nobodys, jku), fault.JWTSignature},
		"an embedded key on top":       {heads(own, jwk), ""},
		"a certificate on top":         {heads(own, x5c), ""},
		"keys elsewhere on top":        {heads(own, jku), ""},
		"another algorithm of the key": {unsigned("PS256"), fault.JWTSignature},

		// The claims.
		"an array":                         {raw(`[1]`), fault.JWTMalformed},
		"a string":                         {raw(`"x"`), fault.JWTMalformed},
		"null":                             {raw(`null`), fault.JWTMalformed},
		"a claim twice":                    {raw(`{"iss":"` + i.URL + `","iss":"` + i.URL + `","sub":"a","aud":"` + client + `","exp":9999999999}`), fault.JWTMalformed},
		"ISS":                              {raw(`{"ISS":"` + i.URL + `","sub":"a","aud":"` + client + `","exp":9999999999}`), fault.JWTIssuer},
		"sub is a number":                  {says(map[string]any{"sub": 1}), fault.JWTMalformed},
		"no sub":                           {says(map[string]any{"sub": nil}), fault.JWTMalformed},
		"aud is a number":                  {says(map[string]any{"aud": 1}), fault.JWTMalformed},
		"aud is a list of numbers":         {says(map[string]any{"aud": []int{1}}), fault.JWTMalformed},
		"exp is a string":                  {says(map[string]any{"exp": "tomorrow"}), fault.JWTMalformed},
		"exp is a number in quotes":        {says(map[string]any{"exp": "9999999999"}), fault.JWTMalformed},
		"no exp":                           {says(map[string]any{"exp": nil}), fault.JWTMalformed},
		"exp is no float":                  {says(map[string]any{"exp": json.RawMessage("1e400")}), fault.JWTMalformed},
		"email_verified is a number":       {says(map[string]any{"email_verified": 1}), fault.JWTMalformed},
		"no iss":                           {says(map[string]any{"iss": nil}), fault.JWTIssuer},
		"another iss":                      {says(map[string]any{"iss": trap.URL}), fault.JWTIssuer},
		"iss with a slash":                 {says(map[string]any{"iss": i.URL + "/"}), fault.JWTIssuer},
		"iss of the other, key of the one": {says(map[string]any{"iss": other.URL}), fault.JWTKeyUnknown},
		"another aud and azp":              {says(map[string]any{"aud": "x", "azp": "y"}), fault.JWTAudience},
		"another aud, no azp":              {says(map[string]any{"aud": "x", "azp": nil}), fault.JWTAudience},
		"another azp, no aud":              {says(map[string]any{"aud": nil, "azp": "x"}), fault.JWTAudience},
		"neither aud nor azp":              {says(map[string]any{"aud": nil, "azp": nil}), fault.JWTAudience},
		"several aud, none ours":           {says(map[string]any{"aud": []string{"x", "y"}, "azp": nil}), fault.JWTAudience},
		"several aud, one ours":            {says(map[string]any{"aud": []string{"x", client}, "azp": nil}), ""},
		"only azp":                         {says(map[string]any{"aud": nil}), ""},
		"expired":                          {says(map[string]any{"exp": now}), fault.JWTExpired},
		"expired before there was time":    {says(map[string]any{"exp": -1e300}), fault.JWTExpired},
		"expires in a fraction":            {says(map[string]any{"exp": float64(now) + 0.5}), ""},
		"expires never":                    {says(map[string]any{"exp": 1e300}), ""},
		"begins later":                     {says(map[string]any{"nbf": now + 120}), fault.JWTNotYetValid},
		"begins never":                     {says(map[string]any{"nbf": 1e300}), fault.JWTNotYetValid},
		"made later":                       {says(map[string]any{"iat": now + 120}), fault.JWTNotYetValid},
		"made before there was time":       {says(map[string]any{"iat": -1e300, "nbf": -0.5}), ""},
		"begins a little later":            {says(map[string]any{"nbf": now + 30}), ""},
		"email_verified in quotes":         {says(map[string]any{"email_verified": "false"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier.Verify(t.Context(), test.jwt)
			if fault.CodeOf(err) != test.code {
				t.Errorf("got %v, want the code %q", err, test.code)
			}
		})
	}
	if n := trap.requests(); n != 0 {
		t.Errorf("somebody who is no provider was asked %d times", n)
	}
}

func TestDates(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	verifier := newVerifier(c, i.URL)
	for exp, want := range map[float64]time.Time{
		1e300:                          time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		float64(c.Now().Unix()) + 0.25: c.Now().Add(time.Second / 4),
	} {
		got, err := verifier.Verify(t.Context(), rs256(t, key, header("one"), with(claims(i.URL, c), map[string]any{"exp": exp})))
		if err != nil || !got.Expires.Equal(want) {
			t.Errorf("%g: got %s, %v, want %s", exp, got.Expires, err, want)
		}
	}
}

// Whoever is no provider must not make us ask anybody anything.
func TestUnknownIssuerAsksNobody(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	verifier := newVerifier(c, i.URL)
	for _, iss := range []string{"http://127.0.0.1:1", i.URL + "/", ""} {
		_, err := verifier.Verify(t.Context(), rs256(t, key, header("one"), claims(iss, c)))
		if fault.CodeOf(err) != fault.JWTIssuer {
			t.Errorf("%q: got %v", iss, err)
		}
	}
	if n := i.requests(); n != 0 {
		t.Errorf("the issuer was asked %d times", n)
	}
}

// What an issuer publishes by mistake, or for something else, signs nobody in.
func TestKeysThatAreNotTaken(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	i := serveIssuer(
		t, "no key", nil, map[string]any{"kty": "OKP", "crv": "Ed448", "kid": "ed448", "x": "AAAA"},
		map[string]any{"kty": "EC", "crv": "secp256k1", "kid": "bitcoin", "x": "AAAA", "y": "AAAA"},
		jose.JSONWebKey{KeyID: "encryption", Key: key.Public(), Use: "enc"}, jose.JSONWebKey{KeyID: "private", Key: key, Use: "sig"},
		jose.JSONWebKey{KeyID: "symmetric", Key: []byte("secret")}, public("small", small), jose.JSONWebKey{Key: key.Public()},
		jose.JSONWebKey{KeyID: "no use", Key: key.Public()}, jose.JSONWebKey{KeyID: "ps", Key: key.Public(), Algorithm: "PS256"},
		public("twice", rsaKeys()[1]), public("twice", key),
	)
	verifier := newVerifier(c, i.URL)
	for kid, want := range map[string]fault.Code{
		"encryption": fault.JWTKeyUnknown, "private": fault.JWTKeyUnknown, "symmetric": fault.JWTKeyUnknown, "small": fault.JWTKeyUnknown,
		"no use": "", "ps": fault.JWTAlgorithm, "twice": "",
	} {
		if _, err := verifier.Verify(t.Context(), rs256(t, key, header(kid), claims(i.URL, c))); fault.CodeOf(err) != want {
			t.Errorf("%s: got %v, want the code %q", kid, err, want)
		}
	}
}

// An issuer that says https must not lead to keys that anybody on the way could exchange.
func TestKeysWithoutTLS(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	plain := serveIssuer(t, public("one", key))
	mux := http.NewServeMux()
	secure := httptest.NewTLSServer(mux)
	defer secure.Close()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": secure.URL, "jwks_uri": plain.URL + "/keys"})
	})
	verifier := oidc.New([]account.Provider{{Issuer: secure.URL, Audiences: []string{client}}}, oidc.Options{Client: secure.Client(), Now: c.Now})
	_, err := verifier.Verify(t.Context(), rs256(t, key, header("one"), claims(secure.URL, c)))
	if fault.CodeOf(err) != fault.IssuerUnavailable || plain.requests() != 0 {
		t.Errorf("got %v after %d requests for its keys", err, plain.requests())
	}
}

func FuzzVerify(f *testing.F) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	c := newClock()
	i := serveIssuer(f, public("ed", ed))
	verifier := newVerifier(c, i.URL)
	good, err := json.Marshal(claims(i.URL, c))
	if err != nil {
		f.Fatal(err)
	}
	for _, payload := range []string{string(good), `{"iss":"` + i.URL + `","exp":1e308,"nbf":-1e308,"aud":["` + client + `"]}`, `null`, `[]`, `{"aud":{}}`, strings.Repeat("[", 9000)} {
		f.Add(sign(f, jose.EdDSA, "ed", ed, []byte(payload)), payload)
	}
	for _, jwt := range []string{"", ".", "..", "...", "e30.e30.", part(f, map[string]any{"alg": "none"}) + ".e30.", part(f, map[string]any{"alg": "EdDSA", "crit": nil, "x5c": nil, "jwk": nil}) + ".e30.AA"} {
		f.Add(jwt, "{}")
	}
	f.Fuzz(func(t *testing.T, jwt, payload string) {
		for _, token := range []string{jwt, sign(t, jose.EdDSA, "ed", ed, []byte(payload))} {
			got, err := verifier.Verify(t.Context(), token)
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("%q: no fault but %v", token, err)
			}
			if err == nil && (got.Issuer != i.URL || got.Subject == "" || got.Name == "" || got.Expires.Year() > 9999) {
				t.Errorf("%q: got %+v", token, got)
			}
		}
	})
}
