package http

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/web/site"
)

// answersPage tells that whoever meets a fault reads pages: on the route of one, and where nothing is served to a client
// that asked for HTML.
func answersPage(c echo.Context, info *requestInfo) bool {
	return info.page || info.operation == "" && prefersHTML(c.Request())
}

// writeErrorPage tells a fault as a page. It asks nothing of the database, so that it can always be told.
func writeErrorPage(c echo.Context, pages *site.Site, f *fault.Fault, info *requestInfo) error {
	kind := kindOf(f.Code)
	view := &site.Error{
		Page:      site.Page{Title: kind.title, NoIndex: true, Status: kind.status, OwnSearch: kind.status == http.StatusNotFound},
		Code:      string(f.Code),
		Heading:   kind.title,
		Detail:    f.Detail,
		Wait:      f.RetryAfter,
		RequestID: info.origin.RequestID,
	}
	if kind.status == http.StatusNotFound {
		view.Ask = wordsOf(c.Request().URL.Path)
		for _, name := range info.candidates {
			view.Candidates = append(view.Candidates, site.Link{Text: name, Address: "/extensions/" + name})
		}
	}
	body, err := pages.Render(view)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", site.Policy)
	return c.HTMLBlob(kind.status, body)
}

// wordsOf gives the words of a path that somebody may have looked for.
func wordsOf(path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.' })
	words = slices.DeleteFunc(words, func(word string) bool {
		return slices.Contains([]string{"extensions", "extension", "categories", "users", "index.html", "platform"}, word)
	})
	const longest = 100
	joined := []rune(strings.Join(words, " "))
	return string(joined[:min(len(joined), longest)])
}
