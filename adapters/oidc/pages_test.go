package oidc_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

var attempt = account.Attempt{State: "the-state", Nonce: "the-nonce", Verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}

// signInPages is an issuer with pages, and a client of it.
type signInPages struct {
	*issuer

	clock *clock
	pages *oidc.Pages
	// asked is the last form that was sent for a code, answer what it is answered.
	asked  url.Values
	answer func(w http.ResponseWriter)
	// document is what discovery says besides.
	document map[string]any
}

func serveSignInPages(t *testing.T, secret string) *signInPages {
	t.Helper()
	s := &signInPages{issuer: serveIssuer(t), clock: newClock(), document: map[string]any{}}
	s.answerWith(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			document := map[string]any{
				"issuer": s.URL, "jwks_uri": s.URL + "/keys", "authorization_endpoint": s.URL + "/authorize?tenant=1", "token_endpoint": s.URL + "/token",
			}
			maps.Copy(document, s.document)
			_ = json.NewEncoder(w).Encode(document)
		case "/keys":
			_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{public("one", rsaKeys()[0])}})
		case "/token":
			if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.Header.Get("Authorization") != "" {
				t.Errorf("%s with %v: %v", r.Method, r.Header, err)
			}
			s.asked = r.PostForm
			w.Header().Set("Content-Type", "application/json")
			s.answer(w)
		}
	})
	s.pages = oidc.NewPages(oidc.Client{Issuer: s.URL, ID: client, Secret: secret, Redirect: "https://registry.example.org/account/callback"}, oidc.Options{Now: s.clock.Now})
	return s
}

// give answers with a token that says some things besides.
func (s *signInPages) give(t *testing.T, changes map[string]any) {
	t.Helper()
	jwt := rs256(t, rsaKeys()[0], header("one"), with(with(claims(s.URL, s.clock), map[string]any{"nonce": "the-nonce"}), changes))
	s.answer = func(w http.ResponseWriter) {
		_ = json.NewEncoder(w).Encode(map[string]any{"id_token": jwt, "access_token": "x", "token_type": "Bearer"})
	}
}

func TestSignInPages(t *testing.T) {
	for _, secret := range []string{"", "s3cret"} {
		s := serveSignInPages(t, secret)
		address, err := s.pages.Address(t.Context(), attempt)
		if err != nil {
			t.Fatal(err)
		}
		sent, err := url.Parse(address)
		if err != nil || !strings.HasPrefix(address, s.URL+"/authorize?") {
			t.Fatalf("sent to %s, %v", address, err)
		}
		query := sent.Query()
		for name, want := range map[string]string{
			"tenant": "1", "response_type": "code", "client_id": client, "redirect_uri": "https://registry.example.org/account/callback",
			"state": "the-state", "nonce": "the-nonce", "scope": "openid profile email",
			"code_challenge_method": "S256", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
		} {
			if query.Get(name) != want {
				t.Errorf("%s is %q", name, query.Get(name))
			}
		}
		if strings.Contains(address, attempt.Verifier) {
			t.Error("the verifier is in the address")
		}
		s.give(t, nil)
		who, err := s.pages.Redeem(t.Context(), attempt, account.Return{Code: "c-1", Issuer: s.URL})
		if err != nil || who.Subject != "user-1" || who.Nonce != "the-nonce" || who.Issuer != s.URL {
			t.Errorf("got %+v, %v", who, err)
		}
		if s.asked.Get("code") != "c-1" || s.asked.Get("code_verifier") != attempt.Verifier || s.asked.Get("client_id") != client || s.asked.Get("client_secret") != secret ||
			s.asked.Has("client_secret") != (secret != "") {
			t.Errorf("asked with %v", s.asked)
		}
		if n := s.times("/.well-known/openid-configuration"); n != 1 {
			t.Errorf("its addresses were read %d times", n)
		}
	}
}

func TestSignInPagesRefuse(t *testing.T) {
	s := serveSignInPages(t, "")
	says := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	given := func(changes map[string]any) func(http.ResponseWriter) {
		s.give(t, changes)
		return s.answer
	}
	for what, c := range map[string]struct {
		answer func(http.ResponseWriter)
		want   fault.Code
	}{
		"a code that was used": {says(http.StatusBadRequest, `{"error": "invalid_grant", "error_description": "secret words"}`), fault.SignInRefused},
		"another client":       {says(http.StatusUnauthorized, `{"error": "invalid_client", "error_description": "secret words"}`), fault.IssuerUnavailable},
		"an issuer in trouble": {says(http.StatusBadGateway, `secret words`), fault.IssuerUnavailable},
		"no answer of OAuth":   {says(http.StatusOK, `secret words`), fault.IssuerUnavailable},
		"no sign-in":           {says(http.StatusOK, `{"access_token": "x", "token_type": "Bearer"}`), fault.JWTMalformed},
		"made for another":     {given(map[string]any{"aud": "trunk", "azp": "trunk"}), fault.JWTAudience},
		"of another issuer":    {given(map[string]any{"iss": "https://issuer.example.org"}), fault.JWTIssuer},
		"one that has ended":   {given(map[string]any{"exp": s.clock.Now().Add(-time.Minute).Unix()}), fault.JWTExpired},
		"a redirect, not followed": {func(w http.ResponseWriter) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, fault.IssuerUnavailable},
	} {
		s.answer = c.answer
		_, err := s.pages.Redeem(t.Context(), attempt, account.Return{Code: "c-1"})
		if fault.CodeOf(err) != c.want || strings.Contains(err.Error(), "secret words") {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	if s.times("/elsewhere") != 0 {
		t.Error("a redirect was followed")
	}
	_, err := s.pages.Redeem(t.Context(), attempt, account.Return{Code: "c-1", Issuer: s.URL + "/"})
	if fault.CodeOf(err) != fault.SignInRefused {
		t.Errorf("from another issuer: %v", err)
	}
}

// An issuer that is away is asked once a minute, and one that has answered may be away for a day.
func TestSignInPagesAway(t *testing.T) {
	s := serveSignInPages(t, "")
	there := s.issuer.answer
	s.answerWith(down)
	for range 3 {
		if _, err := s.pages.Address(t.Context(), attempt); fault.CodeOf(err) != fault.IssuerUnavailable {
			t.Errorf("away: %v", err)
		}
	}
	if n := s.requests(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	s.answerWith(there)
	s.clock.advance(time.Minute)
	if _, err := s.pages.Address(t.Context(), attempt); err != nil {
		t.Errorf("there again: %v", err)
	}
	s.answerWith(down)
	s.clock.advance(23 * time.Hour)
	if _, err := s.pages.Address(t.Context(), attempt); err != nil {
		t.Errorf("away for a while: %v", err)
	}
	s.clock.advance(time.Hour)
	if _, err := s.pages.Address(t.Context(), attempt); fault.CodeOf(err) != fault.IssuerUnavailable {
		t.Errorf("away for a day: %v", err)
	}
	s.answerWith(there)
	s.document["authorization_endpoint"] = ""
	s.clock.advance(time.Hour)
	if _, err := s.pages.Address(t.Context(), attempt); fault.CodeOf(err) != fault.IssuerUnavailable || !strings.Contains(err.Error(), "no page") {
		t.Errorf("without a page: %v", err)
	}
}
