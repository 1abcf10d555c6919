package http

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
)

// hstsAge is how long browsers remember that the registry is behind TLS, in seconds: a year.
const hstsAge = 365 * 24 * 60 * 60

// secure sets the fields that keep browsers from doing more with an answer than it is for. Pages set a policy of their
// own over the one here, which allows nothing.
func secure(publicURL *url.URL) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			header := c.Response().Header()
			header.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			header.Set("X-Content-Type-Options", "nosniff")
			header.Set("X-Frame-Options", "DENY")
			header.Set("Referrer-Policy", "strict-origin-when-cross-origin")
			header.Set("Cross-Origin-Opener-Policy", "same-origin")
			if publicURL.Scheme == "https" {
				header.Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d; includeSubDomains", hstsAge))
			}
			return next(c)
		}
	}
}

// anyOriginMayRead lets pages of other sites read, without credentials of the browser's.
func anyOriginMayRead() echo.MiddlewareFunc {
	return middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOrigins:  []string{"*"},
		AllowMethods:  []string{http.MethodGet, http.MethodHead},
		AllowHeaders:  []string{"Accept", "Authorization", "If-None-Match", "Range"},
		ExposeHeaders: []string{"ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"},
		MaxAge:        86_400,
	})
}

// sameOrigin refuses changes that a page of another site asks a browser for. Programs are no browsers and say no origin. The
// links of letters are left out: they have their own proof, no cookie counts there, and since their pages tell no other page
// where they are, browsers say no origin for them either (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
func sameOrigin(publicURL *url.URL) (echo.MiddlewareFunc, error) {
	protection := http.NewCrossOriginProtection()
	own := url.URL{Scheme: publicURL.Scheme, Host: publicURL.Host}
	if err := protection.AddTrustedOrigin(own.String()); err != nil {
		return nil, fmt.Errorf("trust the registry's own origin: %w", err)
	}
	for _, path := range letterPaths {
		protection.AddInsecureBypassPattern(http.MethodPost + " " + path)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return fault.New(fault.OriginForbidden, "A page of another site asked for that. Do it from here, or from a program.").Because(err)
			}
			return next(c)
		}
	}, nil
}

// tell answers how a limit stands.
func (info *requestInfo) tell(a limit.Allowance) {
	policy, state := a.Headers()
	if policy == "" || info.header == nil {
		return
	}
	info.header.Set("RateLimit-Policy", policy)
	info.header.Set("RateLimit", state)
}
