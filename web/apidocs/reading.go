package apidocs

import (
	"bytes"
	_ "embed" // for readingHTML
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads a contract together with the place of everything in it, so that the reading page keeps the order in which
// it was written. A document without places is rendered in the order of the alphabet.
func Load(contract []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData(contract)
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	return doc, nil
}

// ReadingPage renders doc once and serves it at every address whose last element is not a file of the page: mounted at
// /redoc and /redoc/* it answers /redoc and /redoc/reading.css. An address that ends in a slash is redirected, since the
// style sheet's address is relative; missing answers the others and may be nil.
func ReadingPage(doc *openapi3.T, missing http.Handler) (http.Handler, error) {
	var page bytes.Buffer
	if err := RenderReadingPage(&page, doc); err != nil {
		return nil, err
	}
	const name = "redoc"
	rendered := newFile(name, page.Bytes())
	rendered.contentType = "text/html; charset=utf-8"
	served := &files{
		byName: map[string]file{
			name:          rendered,
			"reading.css": newFile("reading.css", mustRead("reading/reading.css")),
			"mark.svg":    newFile("mark.svg", mustRead("swagger-ui/mark.svg")),
		},
		policy: ReadingPolicy, missing: missing,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/"+name+"/") {
			relativeRedirect(w, "../"+name)
			return
		}
		served.ServeHTTP(w, r)
	}), nil
}

// RenderReadingPage writes the whole contract as one HTML page. It expects its style sheet at redoc/reading.css, as seen
// from the page's own address.
func RenderReadingPage(w io.Writer, doc *openapi3.T) error {
	view, err := newReader(doc).page()
	if err != nil {
		return err
	}
	if err := readingTemplate.ExecuteTemplate(w, "page", view); err != nil {
		return fmt.Errorf("rendering the reading page: %w", err)
	}
	return nil
}

//go:embed reading/reading.html
var readingHTML string

var readingTemplate = template.Must(template.New("reading").Funcs(template.FuncMap{
	"lower": strings.ToLower,
	"table": func(caption, owner string, rows []rowView, in bool) tableView {
		return tableView{caption, owner, rows, in}
	},
}).Parse(readingHTML))

// tableView is a table of rows. Caption and Owner together are unique on the page; In asks for the column that says where
// a parameter stands.
type tableView struct {
	Caption, Owner string
	Rows           []rowView
	In             bool
}
