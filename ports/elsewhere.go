package ports

import (
	"context"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
)

// SignIns finds out who somebody is by the word of an OpenID Connect provider.
type SignIns interface {
	// Verify checks a JSON Web Token (RFC 7519) as it was sent: its algorithm, its key, its signature and its claims.
	//
	// Errors: jwt_malformed, jwt_algorithm, jwt_key_unknown, jwt_signature, jwt_issuer, jwt_audience, jwt_expired,
	// jwt_not_yet_valid; issuer_unavailable where the issuer's keys cannot be read; sign_in_unconfigured.
	Verify(ctx context.Context, jwt string) (account.SignIn, error)
}

// SignInPages are where people sign in on the web: the pages of one OpenID Connect provider.
type SignInPages interface {
	// Address gives where to send a person who wants to sign in. What it says of the attempt may be seen by anybody.
	//
	// Errors: issuer_unavailable where the provider's addresses cannot be read.
	Address(ctx context.Context, attempt account.Attempt) (string, error)
	// Redeem takes the code that a person came back with, which is good once, and gives who they are.
	//
	// Errors: sign_in_refused for a code that the provider does not take or that is another's; those of SignIns.
	Redeem(ctx context.Context, attempt account.Attempt, came account.Return) (account.SignIn, error)
}

// Repositories reads what lies in source repositories.
type Repositories interface {
	// Readme gives the README at the top of the default branch of the repository at an address.
	//
	// Errors: repository_unsupported for an address that is not a repository on a host that is read; readme_unknown
	// where there is no such repository or no README in it; repository_unavailable.
	Readme(ctx context.Context, address string) (extension.Readme, error)
}
