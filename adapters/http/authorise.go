package http

import (
	"context"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
)

// The security schemes of the contract.
const (
	apiTokenScheme = "apiToken"
	signInScheme   = "signIn"
)

// needs is what an operation of the contract asks of whoever calls it.
type needs struct {
	// token says that it takes an API token, optional that it does without one too; alternatives are the scopes and roles of
	// which all of one list are needed.
	token, optional bool
	alternatives    [][]string
}

// needsOf reads the needs of every operation.
//
// Errors: an operation that does not say, or that says something that nobody has.
func needsOf(document *openapi3.T) (map[string]needs, error) {
	all := map[string]needs{}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Security == nil {
				return nil, fmt.Errorf("%s %s declares no security", method, path)
			}
			n, err := needsOfOperation(*operation.Security)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			all[operation.OperationID] = n
		}
	}
	return all, nil
}

func needsOfOperation(security openapi3.SecurityRequirements) (needs, error) {
	var n needs
	for _, requirement := range security {
		// https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object
		n.optional = n.optional || len(requirement) == 0
		for scheme, words := range requirement {
			switch scheme {
			case apiTokenScheme:
				n.token = true
				n.alternatives = append(n.alternatives, words)
			case signInScheme:
			default:
				return n, fmt.Errorf("no security scheme is called %s", scheme)
			}
			for _, word := range words {
				if _, err := account.ParseScope(word); err != nil && word != account.Administrator {
					return n, fmt.Errorf("%s is neither a scope nor a role", word)
				}
			}
		}
	}
	return n, nil
}

// tokenInParts is the operation whose clients may send the token in the parts of its form; it asks for it itself.
const tokenInParts = "publishExtension"

// authorise finds out who asks, and refuses those who may not, before anything of a body is read. It is the one place
// where the needs of operations meet the rights of tokens.
func authorise(all map[string]needs, service *access.Service) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			info := infoOf(ctx)
			info.needs = all[info.operation]
			if !info.needs.token {
				return next(c)
			}
			c.Response().Header().Set("Cache-Control", "no-store")
			if info.authorization == "" && (info.needs.optional || info.operation == tokenInParts) {
				return next(c)
			}
			if err := admit(ctx, service, info.authorization); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// admit recognises a token and checks that it is good for the operation.
func admit(ctx context.Context, service *access.Service, sent ...string) error {
	info := infoOf(ctx)
	who, err := service.Recognise(ctx, info.origin.Address, sent...)
	if err != nil {
		return err
	}
	info.who = who
	return who.Permits(info.needs.alternatives, info.project)
}

// projectOf is the project that an operation is about, by its path; "" for those that are about none.
func projectOf(operation *openapi3.Operation, params map[string]string) string {
	if !slices.ContainsFunc(operation.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Name == "name" }) {
		return ""
	}
	return extension.FoldName(params["name"])
}
