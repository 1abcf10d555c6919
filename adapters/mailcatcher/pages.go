package mailcatcher

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
)

//go:embed pages.html
var pagesHTML string

var pages = template.Must(template.New("pages").Parse(pagesHTML))

const (
	// pagePolicy lets a page show what it brings itself, and a letter in a frame.
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	// letterPolicy lets a letter show itself and nothing else: it is strangers' HTML. Its links open beside it.
	letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
)

// pages adds the pages for people.
func (c *Catcher) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		messages := c.Messages()
		slices.Reverse(messages)
		show(w, "list", messages)
	})
	mux.HandleFunc("GET /letters/{id}", func(w http.ResponseWriter, r *http.Request) {
		if message, ok := c.find(w, r); ok {
			show(w, "letter", message)
		}
	})
	mux.HandleFunc("GET /letters/{id}/html", func(w http.ResponseWriter, r *http.Request) {
		if message, ok := c.find(w, r); ok {
			send(w, letterPolicy, []byte(`<base target="_blank">`+message.HTML))
		}
	})
	mux.HandleFunc("POST /forget", func(w http.ResponseWriter, r *http.Request) {
		c.Forget()
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
}

func show(w http.ResponseWriter, name string, what any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, what); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, pagePolicy, page.Bytes())
}

func send(w http.ResponseWriter, policy string, page []byte) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	// Whoever does not read to the end has gone.
	_, _ = w.Write(page)
}
