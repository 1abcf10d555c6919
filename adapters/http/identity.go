package http

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/account"
)

// GetMe tells whose token was sent.
func (h *handlers) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	who := caller(ctx)
	return api.GetMe200JSONResponse{Body: api.Me{
		ID: who.ID, Name: who.Name, Administrator: who.Administrator, Token: tokenView(who.Token),
	}}, nil
}

func tokenView(t account.Token) api.Token {
	return api.Token{
		ID: t.ID, Name: t.Name, Scopes: scopes(t.Scopes), Projects: list(t.Projects), CreatedAt: t.Created,
		LastUsedAt: t.LastUsed, ExpiresAt: t.Expires, RevokedAt: t.Revoked,
	}
}

func scopes(from []account.Scope) []api.Scope {
	to := make([]api.Scope, len(from))
	for i, scope := range from {
		to[i] = api.Scope(scope)
	}
	return to
}

// ListTokens lists the tokens of whoever asks.
func (h *handlers) ListTokens(ctx context.Context, request api.ListTokensRequestObject) (api.ListTokensResponseObject, error) {
	who := caller(ctx)
	q := query{"listTokens", who.ID}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	tokens, err := h.Access.Own(ctx, who.Identity, page)
	tokens, next := cut(q, page, tokens, func(t account.Token) string { return t.ID })
	items := make([]api.Token, len(tokens))
	for i, t := range tokens {
		items[i] = tokenView(t)
	}
	return api.ListTokens200JSONResponse{Body: api.Tokens{Items: items, NextCursor: next}}, err
}

// CreateToken makes a token that may do no more than the one that asks.
func (h *handlers) CreateToken(ctx context.Context, request api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	who := caller(ctx)
	draft := account.Token{Name: request.Body.Name, Projects: request.Body.Projects}
	for _, scope := range request.Body.Scopes {
		draft.Scopes = append(draft.Scopes, account.Scope(scope))
	}
	if ends := request.Body.ExpiresAt; ends != nil {
		// What PostgreSQL keeps of a time.
		expires := ends.UTC().Truncate(time.Microsecond)
		draft.Expires = &expires
	}
	made, secret, err := h.Access.Delegate(ctx, who.Identity, draft, who.Origin)
	if err != nil {
		return nil, err
	}
	view := tokenView(made)
	return api.CreateToken201JSONResponse{Body: api.NewToken{
		ID: view.ID, Name: view.Name, Scopes: view.Scopes, Projects: view.Projects, CreatedAt: view.CreatedAt,
		LastUsedAt: view.LastUsedAt, ExpiresAt: view.ExpiresAt, RevokedAt: view.RevokedAt, Token: secret.Reveal(),
	}}, nil
}

// RevokeToken makes a token of whoever asks void.
func (h *handlers) RevokeToken(ctx context.Context, request api.RevokeTokenRequestObject) (api.RevokeTokenResponseObject, error) {
	who := caller(ctx)
	if err := h.Access.Revoke(ctx, request.ID, who.ID, who.Origin); err != nil {
		return nil, err
	}
	return api.RevokeToken204Response{}, nil
}

// SignIn makes a token for a person whom a provider vouches for.
func (h *handlers) SignIn(ctx context.Context, _ api.SignInRequestObject) (api.SignInResponseObject, error) {
	info := infoOf(ctx)
	_, secret, err := h.Access.SignIn(ctx, info.authorization, info.origin)
	if err != nil {
		return nil, err
	}
	noStore := "no-store"
	return api.SignIn200TextResponse{Body: secret.Reveal(), Headers: api.SignIn200ResponseHeaders{CacheControl: &noStore}}, nil
}
