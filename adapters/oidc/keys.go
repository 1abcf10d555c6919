package oidc

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
	"golang.org/x/sync/singleflight"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

const (
	// refreshAge is how old a set of keys may be before it is read again: a key that was withdrawn is trusted so long.
	refreshAge = time.Hour
	// maxAge is how old a set of keys may be where it cannot be read again.
	maxAge = 24 * time.Hour
	// pause lies between two readings of an issuer's keys, or else anybody could make us ask for them all the time.
	pause = time.Minute
	// fetchTimeout bounds one reading of an issuer's keys, discovery included.
	fetchTimeout = 10 * time.Second
	// maxBody bounds what an issuer may answer, in bytes.
	maxBody = 1 << 20
	// minBits is RFC 7518 section 3.3.
	minBits = 2048
)

// issuer is a provider with its keys.
type issuer struct {
	account.Provider

	client *http.Client
	now    func() time.Time
	log    *slog.Logger

	flight singleflight.Group
	mu     sync.Mutex // guards what follows
	known  known
}

// known is what is known of an issuer.
type known struct {
	keys      jose.JSONWebKeySet
	endpoints endpoints
	// read is when the keys were read, tried when they were last asked for, and err how that went.
	read, tried time.Time
	err         error
}

// endpoints are where people and codes are sent; "" where an issuer has none.
type endpoints struct{ authorization, token string }

// keysOf gives the keys that have an id.
func (i *issuer) keysOf(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	state := i.state()
	if keys := state.keys.Key(id); len(keys) > 0 && i.now().Sub(state.read) < refreshAge {
		return keys, nil
	}
	state, gone := i.renewed(ctx)
	now := i.now()
	keys := state.keys.Key(id)
	switch {
	case len(keys) > 0 && now.Sub(state.read) < maxAge:
		return keys, nil
	case gone == nil && state.err == nil:
		return nil, fault.New(fault.JWTKeyUnknown, "That sign-in is signed with a key that its issuer does not have. Sign in again, in a minute if its key is new.")
	default:
		return nil, fault.New(fault.IssuerUnavailable, "The keys of the issuer of that sign-in cannot be read right now. Try again in a moment.").
			After(max(state.tried.Add(pause).Sub(now), time.Second)).Because(errors.Join(gone, state.err))
	}
}

// addresses gives where the issuer signs people in.
func (i *issuer) addresses(ctx context.Context) (endpoints, error) {
	state := i.state()
	var gone error
	if state.read.IsZero() || i.now().Sub(state.read) >= refreshAge {
		state, gone = i.renewed(ctx)
	}
	now := i.now()
	switch {
	case state.read.IsZero() || now.Sub(state.read) >= maxAge:
		return endpoints{}, fault.New(fault.IssuerUnavailable, "The page where you sign in does not answer right now. Try again in a moment.").
			After(max(state.tried.Add(pause).Sub(now), time.Second)).Because(errors.Join(gone, state.err))
	case state.endpoints.authorization == "" || state.endpoints.token == "":
		return endpoints{}, fault.New(fault.IssuerUnavailable,
			"The issuer that this registry trusts has no page where one signs in. Tell those who run this registry.")
	}
	return state.endpoints, nil
}

// renewed is the state after it was read anew, or after ctx ended, and the reason for that.
func (i *issuer) renewed(ctx context.Context) (known, error) {
	done := i.flight.DoChan("", func() (any, error) {
		// Others wait for this as well, whose callers are still there.
		i.refresh(context.WithoutCancel(ctx))
		return nil, nil //nolint:nilnil // the state is the result
	})
	var gone error
	select {
	case <-done:
	case <-ctx.Done():
		gone = ctx.Err()
	}
	return i.state(), gone
}

func (i *issuer) state() known {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.known
}

// refresh reads the keys anew, unless that was tried a moment ago. What it reads replaces what was known: a key that the
// issuer withdrew is forgotten.
func (i *issuer) refresh(ctx context.Context) {
	now := i.now()
	// The first of many who wait has refreshed when those who come a little late arrive here.
	if tried := i.state().tried; !tried.IsZero() && now.Sub(tried) < pause {
		return
	}
	keys, where, err := i.fetch(ctx)
	if err != nil {
		i.log.LogAttrs(ctx, slog.LevelWarn, "the keys of an issuer cannot be read", slog.String("issuer", i.Issuer), slog.Any("error", err))
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.known.tried, i.known.err = now, err
	if err == nil {
		i.known.keys, i.known.endpoints, i.known.read = keys, where, now
	}
}

// fetch asks an issuer for its addresses and its keys. https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
func (i *issuer) fetch(ctx context.Context) (jose.JSONWebKeySet, endpoints, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	var metadata struct {
		Issuer                string `json:"issuer"`
		JWKSURI               string `json:"jwks_uri"`
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		TokenEndpoint         string `json:"token_endpoint"`
	}
	if err := i.get(ctx, strings.TrimSuffix(i.Issuer, "/")+"/.well-known/openid-configuration", &metadata); err != nil {
		return jose.JSONWebKeySet{}, endpoints{}, err
	}
	if metadata.Issuer != i.Issuer {
		return jose.JSONWebKeySet{}, endpoints{}, fmt.Errorf("its discovery document is that of the issuer %q", metadata.Issuer)
	}
	// What was found out over TLS must not lead to keys that anybody on the way could exchange, or codes there.
	where := endpoints{authorization: metadata.AuthorizationEndpoint, token: metadata.TokenEndpoint}
	for _, address := range []string{metadata.JWKSURI, where.authorization, where.token} {
		if strings.HasPrefix(i.Issuer, "https:") && address != "" && !strings.HasPrefix(address, "https:") {
			return jose.JSONWebKeySet{}, endpoints{}, fmt.Errorf("it names the address %q, which is not https", address)
		}
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := i.get(ctx, metadata.JWKSURI, &set); err != nil {
		return jose.JSONWebKeySet{}, endpoints{}, err
	}
	if set.Keys == nil {
		return jose.JSONWebKeySet{}, endpoints{}, fmt.Errorf("%s is not a JSON Web Key Set: it has no keys", metadata.JWKSURI)
	}
	var kept jose.JSONWebKeySet
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		// RFC 7517 section 5: a key that is not understood is no reason to do without the others.
		if json.Unmarshal(raw, &key) == nil && usable(key) {
			kept.Keys = append(kept.Keys, key)
		}
	}
	return kept, where, nil
}

// usable says whether a key is a public one for signatures. A private or a symmetric one that is published is no longer
// only its issuer's.
func usable(key jose.JSONWebKey) bool {
	if public, ok := key.Key.(*rsa.PublicKey); ok && public.N.BitLen() < minBits {
		return false
	}
	return key.KeyID != "" && (key.Use == "" || key.Use == "sig") && key.IsPublic()
}

// get reads a JSON document of an issuer.
func (i *issuer) get(ctx context.Context, address string, document any) (err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response, err := i.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	if len(body) > maxBody {
		return fmt.Errorf("%s answers with more than %d bytes", address, maxBody)
	}
	if err := json.Unmarshal(body, document); err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	return nil
}
