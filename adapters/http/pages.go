package http

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/web/site"
)

// Pages are for people and no operations of the contract. A handler of one makes a view and nothing else; page renders it.
// What it gives as an error becomes a page too.
type pageHandler func(c echo.Context) (site.View, error)

// registerPages serves the pages. Static routes of the contract, such as /categories/all, go before the parameters here.
func (h *handlers) registerPages(e *echo.Echo) {
	e.GET(site.AssetsPath+"*", echo.WrapHandler(h.site.Assets()))
	h.registerProjectPages(e)
	e.GET("/categories", h.whole(h.categoriesPage))
	e.GET("/categories/:slug", h.page(h.categoryPage))
	e.GET("/users/:name", h.page(h.ownerPage))
	e.GET("/search", h.page(h.searchPage), h.searches.paced)
	e.GET("/stats", h.page(h.statsPage))
	e.GET("/publish", h.page(h.publishPage))
	e.GET(healthPath, h.page(h.healthPage))
	e.GET("/problems", h.page(h.problemsPage))
	e.GET("/problems/:code", h.page(h.problemPage))
	h.registerMachinePages(e)
}

// page makes a route of a page.
func (h *handlers) page(handle pageHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		infoOf(c.Request().Context()).page = true
		view, err := handle(c)
		if err != nil {
			return h.fail(c, err)
		}
		answer, err := h.rendered(view)
		if err != nil {
			return err
		}
		return h.send(c, answer)
	}
}

// fail answers with another address where that is what a handler gave as its error. Where there is no such project, it
// looks for one that was meant.
func (h *handlers) fail(c echo.Context, err error) error {
	if to, ok := errors.AsType[*moved](err); ok {
		return to.serve(c)
	}
	if fault.CodeOf(err) == fault.ProjectUnknown {
		ctx := c.Request().Context()
		// Without them the page is still right.
		infoOf(ctx).candidates, _ = h.near(ctx, wordsOf(c.Request().URL.Path))
	}
	return err
}

// pageCaching is what caches may do with a page that is the same for everybody: keep it for a minute, and give it for ten
// more while they ask for a new one.
const pageCaching = "public, max-age=60, stale-while-revalidate=600"

// rendered makes the answer with the page of a view.
func (h *handlers) rendered(view site.View) (kept, error) {
	head := view.Head()
	if head.Now.IsZero() {
		head.Now = h.Now()
	}
	body, err := h.site.Render(view)
	if err != nil {
		return kept{}, err
	}
	status, caching := max(head.Status, http.StatusOK), pageCaching
	if head.Private || status >= http.StatusBadRequest {
		caching = noStore
	}
	return keep(status, http.Header{"Content-Type": {htmlType}, "Content-Security-Policy": {site.Policy}, "Cache-Control": {caching}}, body), nil
}

const noStore = "no-store"

// send answers with a page.
func (*handlers) send(c echo.Context, answer kept) error {
	if infoOf(c.Request().Context()).operation == "" && answer.header.Get("Cache-Control") != noStore {
		return serveKept(c, answer)
	}
	// Nobody keeps it, or the operation's own tags are still to come.
	maps.Copy(c.Response().Header(), answer.header)
	c.Response().WriteHeader(answer.status)
	_, err := c.Response().Write(answer.body)
	return err
}

const htmlType = "text/html; charset=UTF-8"

// moved sends a visitor to another address: the error of a page that lives there.
type moved struct {
	// status is 301 for good, 302 for now, 303 after a form.
	status int
	// address begins with a slash, unless it is where people sign in.
	address string
}

// Error names the address.
func (m *moved) Error() string { return "see " + m.address }

func (m *moved) serve(c echo.Context) error {
	if m.status == http.StatusSeeOther {
		c.Response().Header().Set("Cache-Control", noStore)
	} else {
		c.Response().Header().Set("Cache-Control", pageCaching)
	}
	return c.Redirect(m.status, m.address)
}

// asked gives a page with what the request says of the visitor: the words in the search box, and the PostgreSQL major and
// the platform that travel along. What is no major and no platform is left out.
func (h *handlers) asked(c echo.Context) site.Page {
	query := c.QueryParams()
	page := site.Page{Query: query.Get("q"), Now: h.Now()}
	if major, err := strconv.Atoi(query.Get("pg_version")); err == nil && major > 0 && major < 1000 {
		page.Pair.Postgres = major
	}
	if platform, err := extension.ParsePlatform(query.Get("platform")); err == nil {
		page.Pair.Platform = platform.String()
	} else if below := infoOf(c.Request().Context()).platform; below != "" {
		page.Pair.Platform = below.String()
	}
	return page
}

// prefersHTML tells that a client named HTML and likes it no less than JSON. Programs that take anything get no page.
func prefersHTML(r *http.Request) bool {
	html, json := -1.0, -1.0
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		kind, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			quality = q
		}
		switch kind {
		case "text/html", "application/xhtml+xml":
			html = max(html, quality)
		case "application/json", "application/problem+json":
			json = max(json, quality)
		}
	}
	return html > 0 && html >= json
}
