package http

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// sessions keep who is signed in on the pages below /account. No other page reads their cookie, so that those are the same
// for everybody and caches can keep them.
type sessions struct {
	manager *scs.SessionManager
	// attempts is the name of the cookie of a sign-in that was begun.
	attempts string
}

// attemptAge is how long somebody may take on the page where they sign in.
const attemptAge = 10 * time.Minute

// What a session says, in the words of the library.
const (
	sessionAccount       = "account"
	sessionName          = "name"
	sessionAdministrator = "administrator"
)

func newSessions(options Options) *sessions {
	secure, prefix := options.PublicURL.Scheme == "https", ""
	if secure {
		// No other host below the same domain can set a cookie of this name.
		// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
		prefix = "__Host-"
	}
	manager := scs.New()
	manager.Lifetime = options.SessionLifetime
	manager.Store = &sessionStore{access: options.Access, now: options.Now, codec: manager.Codec}
	manager.Cookie.Name = prefix + "trunk_session"
	manager.Cookie.Secure = secure
	return &sessions{manager: manager, attempts: prefix + "trunk_sign_in"}
}

// setAttempt sets the cookie of a sign-in that was begun, for some seconds; it is gone with -1.
func (s *sessions) setAttempt(c echo.Context, value string, seconds int) {
	http.SetCookie(c.Response(), &http.Cookie{ //nolint:gosec // it is Secure behind TLS
		Name: s.attempts, Value: value, MaxAge: seconds, Path: "/", HttpOnly: true, Secure: s.manager.Cookie.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// load finds out who is signed in; nobody, where the browser sent nothing that is good.
func (s *sessions) load(c echo.Context) (account.Account, error) {
	var token string
	if cookie, err := c.Cookie(s.manager.Cookie.Name); err == nil {
		token = cookie.Value
	}
	ctx, err := s.manager.Load(c.Request().Context(), token)
	if err != nil {
		return account.Account{}, err
	}
	c.SetRequest(c.Request().WithContext(ctx))
	return account.Account{
		ID: s.manager.GetString(ctx, sessionAccount), Name: s.manager.GetString(ctx, sessionName),
		Administrator: s.manager.GetBool(ctx, sessionAdministrator),
	}, nil
}

// open signs somebody in, with a token that nobody can have known before. It ends the session that was loaded.
func (s *sessions) open(c echo.Context, who account.Account) error {
	ctx := c.Request().Context()
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, sessionAccount, who.ID)
	token, expires, err := s.manager.Commit(ctx)
	if err != nil {
		return err
	}
	s.manager.WriteSessionCookie(ctx, c.Response(), token, expires)
	return nil
}

// end signs out.
func (s *sessions) end(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.manager.Destroy(ctx); err != nil {
		return err
	}
	s.manager.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	return nil
}

// begun is what a browser keeps of a sign-in that was begun.
type begun struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	// Return is where the person wants to go then.
	Return string `json:"return"`
}

// keep lets the browser keep a sign-in that was begun. Nothing is stored here for it, so that whoever only opens the page
// leaves nothing behind.
func (s *sessions) keep(c echo.Context, attempt account.Attempt, back string) error {
	value, err := json.Marshal(begun{State: attempt.State, Nonce: attempt.Nonce, Verifier: attempt.Verifier, Return: back})
	if err != nil {
		return err
	}
	s.setAttempt(c, base64.RawURLEncoding.EncodeToString(value), int(attemptAge.Seconds()))
	return nil
}

// take gives the sign-in that was begun in this browser, which forgets it, and where the person wanted to go; zero values
// where there is none.
func (s *sessions) take(c echo.Context) (account.Attempt, string) {
	cookie, err := c.Cookie(s.attempts)
	if err != nil {
		return account.Attempt{}, ""
	}
	s.setAttempt(c, "", -1)
	var kept begun
	value, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(value, &kept) != nil {
		return account.Attempt{}, ""
	}
	return account.Attempt{State: kept.State, Nonce: kept.Nonce, Verifier: kept.Verifier}, kept.Return
}

// sessionStore is where the session library finds sessions and leaves them: with the core, which keeps whose a session is
// and when it ends, and knows of its token the hash alone.
type sessionStore struct {
	// Store is for callers without a context, and there are none.
	scs.Store

	access *access.Service
	now    ports.Clock
	codec  scs.Codec
}

var _ scs.CtxStore = (*sessionStore)(nil)

// sessionTokenLength is how many random bytes the library's tokens have.
const sessionTokenLength = 32

// sessionToken tells what can be a token of the library.
func sessionToken(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) == sessionTokenLength
}

// FindCtx finds a session. What cannot be a token costs no query.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if !sessionToken(token) {
		return nil, false, nil
	}
	session, err := s.access.Session(ctx, sha256.Sum256([]byte(token)))
	if fault.CodeOf(err) == fault.SessionMissing {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err := s.codec.Encode(session.Expires, map[string]any{
		sessionAccount: session.Account.ID, sessionName: session.Account.Name, sessionAdministrator: session.Account.Administrator,
	})
	return data, err == nil, err
}

// CommitCtx keeps a session.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, values, err := s.codec.Decode(data)
	if err != nil {
		return err
	}
	id, _ := values[sessionAccount].(string)
	session := ports.Session{Account: account.Account{ID: id}, Created: s.now(), Expires: expires.Truncate(time.Microsecond)}
	return s.access.OpenSession(ctx, session, sha256.Sum256([]byte(token)), infoOf(ctx).origin)
}

// DeleteCtx ends a session; there may be none.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	return s.access.EndSession(ctx, sha256.Sum256([]byte(token)), infoOf(ctx).origin)
}
