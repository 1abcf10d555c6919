package oidc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

const (
	keysPath      = "/keys"
	discoveryPath = "/.well-known/openid-configuration"
)

func TestRotation(t *testing.T) {
	keys, c := rsaKeys(), newClock()
	i := serveIssuer(t, public("one", keys[0]))
	verifier := newVerifier(c, i.URL)
	verify := func(n int, kid string) fault.Code {
		t.Helper()
		_, err := verifier.Verify(t.Context(), rs256(t, keys[n], header(kid), claims(i.URL, c)))
		return fault.CodeOf(err)
	}
	check := func(what string, got, want fault.Code) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got the code %q, want %q", what, got, want)
		}
	}
	check("the first key", verify(0, "one"), "")
	i.publish(public("one", keys[0]), public("two", keys[1]))
	check("a new key within the minute", verify(1, "two"), fault.JWTKeyUnknown)
	c.advance(time.Minute)
	check("a new key", verify(1, "two"), "")
	check("the old key beside it", verify(0, "one"), "")
	i.publish(public("two", keys[1]))
	c.advance(59 * time.Minute)
	check("a key that was withdrawn, before the next refresh", verify(0, "one"), "")
	c.advance(time.Minute)
	check("a key that was withdrawn, after an hour", verify(0, "one"), fault.JWTKeyUnknown)
	check("the key that was not", verify(1, "two"), "")
	i.publish()
	c.advance(time.Hour)
	check("when all are withdrawn", verify(1, "two"), fault.JWTKeyUnknown)
	if n := i.times(keysPath); n != 4 {
		t.Errorf("the keys were read %d times", n)
	}
}

func TestIssuerDown(t *testing.T) {
	keys, c := rsaKeys(), newClock()
	i := serveIssuer(t, public("one", keys[0]))
	var log bytes.Buffer
	verifier := oidc.New([]account.Provider{{Issuer: i.URL, Audiences: []string{client}}}, oidc.Options{
		Now: c.Now, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	verify := func(kid string) error {
		_, err := verifier.Verify(t.Context(), rs256(t, keys[0], header(kid), claims(i.URL, c)))
		return err
	}
	unavailable := func(what string, err error, after time.Duration) {
		t.Helper()
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Code != fault.IssuerUnavailable || f.RetryAfter != after {
			t.Errorf("%s: got %v, want to come back after %s", what, err, after)
		}
	}
	i.answerWith(down)
	unavailable("from the beginning", verify("one"), time.Minute)
	c.advance(20 * time.Second)
	unavailable("a little later", verify("one"), 40*time.Second)
	if n := i.times(discoveryPath); n != 1 {
		t.Errorf("an issuer that is down was asked %d times in a minute", n)
	}
	if !strings.Contains(log.String(), i.URL) || !strings.Contains(log.String(), "502") {
		t.Errorf("the log says %q", &log)
	}

	i.answerWith(nil)
	c.advance(40 * time.Second)
	if err := verify("one"); err != nil {
		t.Errorf("up again: %v", err)
	}
	i.answerWith(down)
	c.advance(30 * time.Second)
	if err := verify("two"); fault.CodeOf(err) != fault.JWTKeyUnknown {
		t.Errorf("an unknown key when the keys are fresh: %v", err)
	}
	c.advance(30 * time.Second)
	unavailable("an unknown key", verify("two"), time.Minute)
	for range 5 {
		if err := verify("one"); err != nil {
			t.Errorf("a known key: %v", err)
		}
		c.advance(4 * time.Hour)
	}
	c.advance(4 * time.Hour)
	unavailable("a key that was known a day ago", verify("one"), time.Minute)
}

func TestAnswersThatAreNotTaken(t *testing.T) {
	key := rsaKeys()[0]
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	write := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	for name, answer := range map[string]func(i, good *issuer) (discovery, keys http.HandlerFunc){
		"discovery of another issuer": func(_, good *issuer) (http.HandlerFunc, http.HandlerFunc) { return good.ServeHTTP, good.ServeHTTP },
		"discovery with a slash more": func(i, good *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return write(fmt.Sprintf(`{"issuer":"%s/","jwks_uri":"%s/keys"}`, i.URL, i.URL)), good.ServeHTTP
		},
		"discovery that redirects": func(_, good *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return redirect(good.URL + discoveryPath), nil
		},
		"discovery that is no JSON": func(_, _ *issuer) (http.HandlerFunc, http.HandlerFunc) { return write("<html>"), nil },
		"no jwks_uri": func(i, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return write(`{"issuer":"` + i.URL + `"}`), nil
		},
		"a jwks_uri that is a file": func(i, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return write(`{"issuer":"` + i.URL + `","jwks_uri":"file:///etc/passwd"}`), nil
		},
		"a jwks_uri that is none": func(i, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return write(`{"issuer":"` + i.URL + `","jwks_uri":":"}`), nil
		},
		"keys that redirect": func(_, good *issuer) (http.HandlerFunc, http.HandlerFunc) { return nil, redirect(good.URL + keysPath) },
		"keys over 1 MiB": func(_, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return nil, write(`{"keys":[]}` + strings.Repeat(" ", 1<<20))
		},
		"keys cut short": func(_, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return nil, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = w.Write([]byte(`{"keys":[]}`))
			}
		},
		"no keys": func(_, _ *issuer) (http.HandlerFunc, http.HandlerFunc) { return nil, write(`{"error":"busy"}`) },
		"an error with a body of keys": func(_, _ *issuer) (http.HandlerFunc, http.HandlerFunc) {
			return nil, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusInternalServerError)
				_, _ = w.Write([]byte(`{"keys":[]}`))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			i, good := serveIssuer(t, public("one", key)), serveIssuer(t, public("one", key))
			discovery, keys := answer(i, good)
			i.answerWith(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == discoveryPath && discovery != nil:
					discovery(w, r)
				case r.URL.Path == discoveryPath:
					_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "jwks_uri": i.URL + keysPath})
				case keys != nil:
					keys(w, r)
				default:
					http.NotFound(w, r)
				}
			})
			_, err := newVerifier(c, i.URL).Verify(t.Context(), rs256(t, key, header("one"), claims(i.URL, c)))
			if fault.CodeOf(err) != fault.IssuerUnavailable {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRandomKeysDoNotMakeUsAsk(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	verifier := newVerifier(c, i.URL)
	for n := range 100 {
		_, err := verifier.Verify(t.Context(), rs256(t, key, header(fmt.Sprint("random-", n)), claims(i.URL, c)))
		if fault.CodeOf(err) != fault.JWTKeyUnknown {
			t.Fatalf("got %v", err)
		}
		c.advance(590 * time.Millisecond)
	}
	if n := i.times(keysPath); n < 1 || n > 2 {
		t.Errorf("the keys were read %d times within a minute", n)
	}
}

func TestManyAtOnceAskOnce(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	verifier := newVerifier(c, i.URL)
	token := rs256(t, key, header("one"), claims(i.URL, c))
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := verifier.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, m := i.times(keysPath), i.times(discoveryPath); n != 1 || m != 1 {
		t.Errorf("the keys were read %d times, discovery %d times", n, m)
	}
}

// Somebody who goes away while the keys are read takes them from nobody else.
func TestCallerGone(t *testing.T) {
	key, c := rsaKeys()[0], newClock()
	i := serveIssuer(t, public("one", key))
	asked, release := make(chan struct{}), make(chan struct{})
	i.answerWith(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-release
		i.answerWith(nil)
		i.ServeHTTP(w, r)
	})
	verifier := newVerifier(c, i.URL)
	token := rs256(t, key, header("one"), claims(i.URL, c))
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := verifier.Verify(ctx, token)
		left <- err
	}()
	<-asked
	cancel()
	if err := <-left; fault.CodeOf(err) != fault.IssuerUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	stayed := make(chan error)
	go func() {
		_, err := verifier.Verify(t.Context(), token)
		stayed <- err
	}()
	close(release)
	if err := <-stayed; err != nil {
		t.Errorf("who stayed got %v", err)
	}
	if n := i.times(keysPath); n != 1 {
		t.Errorf("the keys were read %d times", n)
	}
}
