package http

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

const (
	tokensPath = "/account/tokens"
	// tokensAtOnce is how many tokens a page shows.
	tokensAtOnce = 50
	// soon is how long before its end a token is marked.
	soon = 14 * 24 * time.Hour
)

// lifetimes are the days that a token may last, the one in the middle unless somebody chooses.
func lifetimes() []site.Option {
	return []site.Option{{Value: "7", Text: "in 7 days"}, {Value: "30", Text: "in 30 days"}, {Value: "90", Text: "in 90 days"}, {Value: "365", Text: "in a year"}}
}

const usualLifetime = "90"

func scopeWords() map[account.Scope]string {
	return map[account.Scope]string{
		account.PublishNew: "create projects", account.PublishUpdate: "publish versions of projects that are there",
		account.Yank: "yank versions, deprecate projects", account.Owners: "change who owns projects",
	}
}

// tokenForm is what somebody wrote into the form of a token.
type tokenForm struct {
	name, projects, expires string
	scopes                  []string
}

// showTokens lists the tokens of whoever asks.
func (h *handlers) showTokens(c echo.Context, who ports.Caller) (site.View, error) {
	return h.tokensView(c, who, tokenForm{expires: usualLifetime}, nil)
}

func (h *handlers) tokensView(c echo.Context, who ports.Caller, written tokenForm, wrong *site.Wrong) (*site.AccountTokens, error) {
	head, err := h.accountView(c, who, "Tokens", tokensPath)
	if err != nil {
		return nil, err
	}
	q := query{"accountTokens", who.ID}
	limit, cursor := tokensAtOnce, c.QueryParam("cursor")
	page, err := q.page(&limit, nullable(cursor))
	if err != nil {
		return nil, err
	}
	tokens, err := h.Access.Own(c.Request().Context(), who.Identity, page)
	if err != nil {
		return nil, err
	}
	tokens, next := cut(q, page, tokens, func(t account.Token) string { return t.ID })
	head.Wrong = wrong
	view := &site.AccountTokens{
		Account: head,
		Name: site.Field{
			ID: "name", Label: "Name", Hint: "What it is for, such as: CI of pgmq",
			Value: written.name, Wrong: wrong.Of("name"), Required: true, Max: account.MaxTokenName,
		},
		Projects: site.Field{
			ID: "projects", Label: "Projects", Hint: "Names, or beginnings followed by *, with spaces between. Empty: all that are yours.",
			Value: written.projects, Wrong: wrong.Of("projects"), Max: maxForm,
		},
		Expiry:      site.Field{ID: "expires", Label: "Ends", Value: written.expires, Wrong: wrong.Of("expires"), Options: lifetimes()},
		ScopesWrong: wrong.Of("scopes"),
	}
	if next != nil {
		view.Older = tokensPath + "?cursor=" + *next
	}
	for _, scope := range account.Scopes() {
		view.Scopes = append(view.Scopes, site.ScopeChoice{
			Value: string(scope), Label: scopeWords()[scope], Chosen: slices.Contains(written.scopes, string(scope)),
		})
	}
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, tokenRow(t, head.Now))
	}
	return view, nil
}

func tokenRow(t account.Token, now time.Time) site.TokenRow {
	unending := t
	unending.Expires = nil // when it ends stands beside it
	row := site.TokenRow{ID: t.ID, Name: t.Name, Purpose: unending.Purpose(), Created: t.Created}
	if t.LastUsed != nil {
		row.LastUsed = *t.LastUsed
	}
	if t.Expires != nil {
		row.Expires = *t.Expires
		row.Soon = t.Expires.Sub(now) < soon
		if !now.Before(*t.Expires) {
			row.Ended = *t.Expires
		}
	}
	if t.Revoked != nil {
		row.Ended, row.Revoked = *t.Revoked, true
	}
	return row
}

// makeToken makes a token and shows its text. The answer is the only place where that is.
func (h *handlers) makeToken(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	written := tokenForm{name: strings.TrimSpace(values.Get("name")), projects: values.Get("projects"), expires: values.Get("expires"), scopes: values["scopes"]}
	draft := account.Token{
		Name:     written.name,
		Projects: strings.FieldsFunc(written.projects, func(r rune) bool { return r <= ' ' || r == ',' }),
	}
	for _, scope := range written.scopes {
		draft.Scopes = append(draft.Scopes, account.Scope(scope))
	}
	if !slices.ContainsFunc(lifetimes(), func(o site.Option) bool { return o.Value == written.expires }) {
		written.expires = usualLifetime
	}
	days, err := strconv.Atoi(written.expires)
	if err != nil {
		return nil, err
	}
	expires := h.Now().AddDate(0, 0, days)
	draft.Expires = &expires
	made, secret, err := h.Access.Delegate(c.Request().Context(), who.Identity, draft, who.Origin)
	if wrong, status, ok := wrongWith(err, map[string]string{"/name": "name", "/scopes": "scopes", "/projects": "projects", "/expires_at": "expires"}); ok {
		view, err := h.tokensView(c, who, written, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	head, err := h.accountView(c, who, "Your token "+made.Name, tokensPath)
	head.Status = http.StatusCreated
	return &site.AccountToken{Account: head, Name: made.Name, Purpose: made.Purpose(), Secret: secret.Reveal()}, err
}

// ownToken finds a token of whoever asks.
func (h *handlers) ownToken(c echo.Context, who ports.Caller) (account.Token, error) {
	id, err := pathValue(c, "id")
	if err != nil {
		return account.Token{}, err
	}
	return h.Access.OwnToken(c.Request().Context(), who.Identity, id)
}

func (h *handlers) askToRevoke(c echo.Context, who ports.Caller) (site.View, error) {
	token, err := h.ownToken(c, who)
	if err != nil {
		return nil, err
	}
	if token.Revoked != nil {
		return nil, fault.New(fault.TokenRevoked, "That token is revoked already.")
	}
	head, err := h.accountView(c, who, "Revoke the token "+token.Name, tokensPath)
	return &site.AccountConfirm{
		Account: head, Heading: "Revoke the token “" + token.Name + "”?",
		Sentences: []string{token.Purpose(), "Whoever uses it is refused from then on. That cannot be taken back; a new token can be made at any time."},
		Button:    "Revoke it", Back: tokensPath,
	}, err
}

func (h *handlers) revoke(c echo.Context, who ports.Caller) (site.View, error) {
	token, err := h.ownToken(c, who)
	if err != nil {
		return nil, err
	}
	if err := h.Access.Revoke(c.Request().Context(), token.ID, who.ID, who.Origin); err != nil {
		return nil, err
	}
	return nil, seeOther(tokensPath, "done", "revoked")
}
