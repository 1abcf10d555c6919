// Package site renders the registry's web pages: a view goes in, HTML comes out. It knows no database, no framework and
// no request, and uses the standard library alone.
//
// # Adding a page
//
//   - A view: a struct in a file of its own that embeds Page, with a method template that names the file. Its fields are
//     what the page shows, already decided and in plain types, so that the template only lays out. See error.go.
//   - A template of that name in templates, which defines "main". The view is its dot, and the fields of the embedded Page
//     are promoted to it. It begins with the one h1; headings skip no level. Parts that pages share are in
//     templates/parts*.html ("date", "day", "command", "results"), functions in functions.go: {{template "date" (since .Released $.Now)}}.
//     {{$.Pair.On "/extensions/pg_cron"}} carries the chosen PostgreSQL major and platform along in a link.
//   - A table has a caption, a scope on each header cell, and stands in
//     <div class="table" role="region" tabindex="0" aria-label="Builds">, which scrolls on a phone.
//   - Styles that only this page needs: a file in assets/styles, whose rules stand in "@layer pages { … }". All files become
//     one app.css of at most 20 kB. Colours are the tokens of app.css. The policy refuses style attributes, style elements,
//     inline scripts and everything from other hosts.
//   - Script: only what the page works without, in assets/app.js. What needs it has the class js.
//     <button type="button" class="js" data-copy="ID">Copy curl command</button> copies the text of the element with that
//     ID. An element with data-take-focus and tabindex="-1", such as the summary of what is wrong with a form, takes the
//     focus when the page opens.
//   - Samples: an ordinary view and one full of evil in samples_test.go. The tests fail for a template without one.
//
// A handler of adapters/http makes the view from asked(c) and is registered through page: it renders, tags and tells
// caches. Head.Private keeps a page out of them, Head.Status makes it another than 200. To send somebody elsewhere, return
// &moved{status, address}; to refuse, return a fault, which becomes an error page. fault.Removed is 410.
package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// Policy is the Content-Security-Policy of the pages. It has no nonce, so that pages can be cached.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

//go:embed templates
var templates embed.FS

// Site renders pages for one address.
type Site struct {
	publicURL string
	pages     map[string]*template.Template
	assets    *assets
}

// New reads the templates for a registry that people find at publicURL, which has no path.
//
// Errors: a template that cannot be read, a fault of the build.
func New(publicURL *url.URL) (*Site, error) {
	s := &Site{publicURL: strings.TrimSuffix(publicURL.String(), "/"), pages: map[string]*template.Template{}, assets: loadAssets()}
	shared, err := template.New("layout").Funcs(functions()).Funcs(template.FuncMap{
		"asset": s.assets.address, "absolute": s.Absolute,
	}).ParseFS(templates, "templates/layout.html", "templates/parts*.html")
	if err != nil {
		return nil, fmt.Errorf("read the layout: %w", err)
	}
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the templates: %w", err)
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || strings.HasPrefix(name, "parts") {
			continue
		}
		page, err := shared.Clone()
		if err != nil {
			return nil, fmt.Errorf("read the layout: %w", err)
		}
		if s.pages[name], err = page.ParseFS(templates, file); err != nil {
			return nil, fmt.Errorf("read the page %s: %w", name, err)
		}
	}
	return s, nil
}

// View is what a page shows: a pointer to a struct that embeds Page.
type View interface {
	// Head gives what every page has.
	Head() *Page
	// template names the file of the page.
	template() string
}

// Render makes the page of a view.
//
// Errors: a template that does not fit its view, a fault of the build.
func (s *Site) Render(view View) ([]byte, error) {
	page, ok := s.pages[view.template()]
	if !ok {
		return nil, fmt.Errorf("there is no template %q", view.template())
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "layout", view); err != nil {
		return nil, fmt.Errorf("render %s: %w", view.template(), err)
	}
	return b.Bytes(), nil
}

// Absolute makes an absolute address of one that begins with a slash.
func (s *Site) Absolute(address string) string { return s.publicURL + address }

// Assets serves what the pages are made of, below /assets/.
func (s *Site) Assets() http.Handler { return s.assets }
