package http

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// refused serves one page that fails, and gives the answer.
func refused(t *testing.T, path string, failure error) *httptest.ResponseRecorder {
	t.Helper()
	pages, err := site.New(&url.URL{Scheme: "https", Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	h := &handlers{site: pages}
	e := echo.New()
	e.HTTPErrorHandler = problemHandler(slog.New(slog.DiscardHandler), pages)
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			infoOf(c.Request().Context()).origin = ports.Origin{RequestID: "the-request"}
			return next(c)
		}
	})
	e.GET("/*", h.page(func(echo.Context) (site.View, error) { return nil, failure }))
	recorder := httptest.NewRecorder()
	withInfo(e).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return recorder
}

// A page that fails says so on a page, with the status of the fault, what to do, and nothing of ours.
func TestErrorPages(t *testing.T) {
	for _, c := range []struct {
		failure error
		status  int
		words   []string
	}{
		{fault.New(fault.VersionUnknown, "There is no version <9>."), http.StatusNotFound, []string{"There is no version &lt;9&gt;.", `value="some_thing 9"`, "/problems/version_unknown"}},
		{fault.New(fault.Removed, "It was deleted."), http.StatusGone, []string{"Removed", "It was deleted."}},
		{fault.New(fault.RateLimited, "Too many.").After(41 * time.Second), http.StatusTooManyRequests, []string{"Try again in 41 seconds."}},
		{fault.New(fault.Overloaded, "Not now.").After(5 * time.Minute), http.StatusServiceUnavailable, []string{"Try again in 5 minutes.", "the-request", "/readyz"}},
		{errors.New("SELECT secret FROM tokens"), http.StatusInternalServerError, []string{"Our fault", "the-request", "/readyz"}},
	} {
		answer := refused(t, "/extensions/some_thing/9", c.failure)
		body := answer.Body.String()
		if answer.Code != c.status || answer.Header().Get("Content-Type") != htmlType || answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: %d %v", c.failure, answer.Code, answer.Header())
		}
		for _, words := range c.words {
			if !strings.Contains(body, words) {
				t.Errorf("%v: the page does not say %q:\n%s", c.failure, words, body)
			}
		}
		if strings.Contains(body, "secret") {
			t.Errorf("the page tells too much: %s", body)
		}
		if retry := answer.Header().Get("Retry-After"); (retry == "") == strings.Contains(body, "Try again in") {
			t.Errorf("%v: Retry-After is %q", c.failure, retry)
		}
	}
}

// Where a page has gone is told, and how long that is so.
func TestMoved(t *testing.T) {
	for status, caching := range map[int]string{http.StatusMovedPermanently: pageCaching, http.StatusFound: pageCaching, http.StatusSeeOther: "no-store"} {
		answer := refused(t, "/x", &moved{status, "/extensions/pgvector?pg_version=17"})
		if answer.Code != status || answer.Header().Get("Location") != "/extensions/pgvector?pg_version=17" || answer.Header().Get("Cache-Control") != caching {
			t.Errorf("%d %v", answer.Code, answer.Header())
		}
	}
}

func TestPrefersHTML(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "text/*": false, "application/json": false, "text/html": true, "text/html;q=0": false, "nonsense": false,
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8": true,
		"application/json, text/html;q=0.9":                                          false, "application/json;q=0.5, text/html": true, "text/html, application/json": true,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.Header.Set("Accept", accept)
		if got := prefersHTML(r); got != want {
			t.Errorf("%q: %t", accept, got)
		}
	}
}
