package oidc

import (
	"context"
	"errors"
	"net/http"

	"golang.org/x/oauth2"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Client is this registry as an issuer knows it.
type Client struct {
	Issuer, ID string
	// Secret is "" for a public client: the proof of RFC 7636 does without one.
	Secret string
	// Redirect is where people come back to.
	Redirect string
}

var _ ports.SignInPages = (*Pages)(nil)

// Pages offers the port of signing in on the web, by the code flow of OpenID Connect:
// https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
type Pages struct {
	client   Client
	verifier *Verifier
	http     *http.Client
}

// NewPages makes the client of an issuer, which is not asked for anything yet. What it signs for this client is taken by
// this client alone.
func NewPages(client Client, options Options) *Pages {
	provider := account.Provider{Issuer: client.Issuer, Audiences: []string{client.ID}}
	return &Pages{client: client, http: options.client(), verifier: New([]account.Provider{provider}, options)}
}

// Address gives where to send a person.
func (p *Pages) Address(ctx context.Context, attempt account.Attempt) (string, error) {
	config, err := p.config(ctx)
	if err != nil {
		return "", err
	}
	return config.AuthCodeURL(attempt.State, oauth2.SetAuthURLParam("nonce", attempt.Nonce), oauth2.S256ChallengeOption(attempt.Verifier)), nil
}

func (p *Pages) config(ctx context.Context) (*oauth2.Config, error) {
	where, err := p.verifier.issuers[p.client.Issuer].addresses(ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{
		ClientID: p.client.ID, ClientSecret: p.client.Secret, RedirectURL: p.client.Redirect, Scopes: []string{"openid", "profile", "email"},
		// One way and no trying out: a code is good once.
		Endpoint: oauth2.Endpoint{AuthURL: where.authorization, TokenURL: where.token, AuthStyle: oauth2.AuthStyleInParams},
	}, nil
}

// Redeem takes the code that a person came back with.
func (p *Pages) Redeem(ctx context.Context, attempt account.Attempt, came account.Return) (account.SignIn, error) {
	config, err := p.config(ctx)
	if err != nil {
		return account.SignIn{}, err
	}
	if came.Issuer != "" && came.Issuer != p.client.Issuer {
		return account.SignIn{}, fault.New(fault.SignInRefused, "Nobody was signed in: you came back from another page than you were sent to. Begin again.")
	}
	tokens, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, p.http), came.Code, oauth2.VerifierOption(attempt.Verifier))
	if err != nil {
		return account.SignIn{}, refusal(err)
	}
	jwt, _ := tokens.Extra("id_token").(string)
	return p.verifier.Verify(ctx, jwt)
}

// refusal says why an issuer gave nothing for a code. What it wrote besides is not told to anybody: it may hold anything.
func refusal(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		return fault.New(fault.IssuerUnavailable, "The page where you sign in does not answer right now. Begin again in a moment.").Because(err)
	case refused.ErrorCode == "invalid_grant":
		return fault.New(fault.SignInRefused, "Nobody was signed in: that sign-in was used before, or too long ago. Begin again.")
	default:
		return fault.New(fault.IssuerUnavailable,
			"The page where you sign in does not let this registry sign you in. Try again in a moment; if it stays, tell those who run this registry.",
		).Because(errors.New(refused.Response.Status + " " + refused.ErrorCode))
	}
}
