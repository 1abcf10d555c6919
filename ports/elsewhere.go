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

// Repositories reads what lies in source repositories.
type Repositories interface {
	// Readme gives the README at the top of the default branch of the repository at an address.
	//
	// Errors: repository_unsupported for an address that is not a repository on a host that is read; readme_unknown
	// where there is no such repository or no README in it; repository_unavailable.
	Readme(ctx context.Context, address string) (extension.Readme, error)
}
