// Package httpbench serves answers with the web framework and nothing else: what the registry's own handler is measured
// against. It is no part of the registry.
package httpbench

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Bare gives a handler without a single middleware that answers a GET of any path with the JSON that answer gives for it.
func Bare(answer func(ctx context.Context, path string) ([]byte, error)) http.Handler {
	e := echo.New()
	e.GET("/*", func(c echo.Context) error {
		body, err := answer(c.Request().Context(), c.Request().URL.RequestURI())
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, body)
	})
	return e
}

// Redirect gives a handler without a single middleware that answers a GET of any path with a redirect to where it leads.
func Redirect(location func(path string) string) http.Handler {
	e := echo.New()
	e.GET("/*", func(c echo.Context) error {
		return c.Redirect(http.StatusFound, location(c.Request().URL.RequestURI()))
	})
	return e
}
