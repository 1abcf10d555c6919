package site

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Page is what every page has. Views embed it.
type Page struct {
	// Title is without the site's name; Description is a sentence for search engines and previews.
	Title, Description string
	// Path is the canonical address, without a query; "" for a page that has none.
	Path string
	// NoIndex keeps the page out of search engines; it has no canonical address then, and no picture.
	NoIndex bool
	// Feed is the Atom feed of what the page is about, API the same thing in the API; "" for none.
	Feed, API string
	// Section is the entry of the header's navigation that the page belongs to, by its address; "" for none.
	Section string
	// Query and Pair are what was asked so far. They stand in the search box and travel along in addresses.
	Query string
	Pair  Pair
	// OwnSearch says that the page has a search box of its own, so that the header needs none.
	OwnSearch bool
	// Breadcrumbs lead here, the widest first.
	Breadcrumbs []Link
	// Linked is what machines may read as JSON-LD, a struct each.
	Linked []any
	// Status is the answer's, 0 for 200.
	Status int
	// Private pages are of one person: nobody keeps them.
	Private bool
	// Now is when the page is made; UTC.
	Now time.Time
}

// Head gives the page itself, so that what embeds it is a view.
func (p *Page) Head() *Page { return p }

// Link is an address with words.
type Link struct{ Text, Address string }

// Pair is the PostgreSQL major and the platform that somebody has; zero values mean any.
type Pair struct {
	Postgres int
	// Platform is one such as "linux/amd64".
	Platform string
}

// Any says that neither is chosen.
func (p Pair) Any() bool { return p == Pair{} }

// String gives words for it, such as "PostgreSQL 17, linux/arm64"; "" for any.
func (p Pair) String() string {
	var words []string
	if p.Postgres != 0 {
		words = append(words, "PostgreSQL "+strconv.Itoa(p.Postgres))
	}
	if p.Platform != "" {
		words = append(words, p.Platform)
	}
	return strings.Join(words, ", ")
}

// On adds the pair to an address of a page.
func (p Pair) On(address string) string {
	values := url.Values{}
	if p.Postgres != 0 {
		values.Set("pg_version", strconv.Itoa(p.Postgres))
	}
	if p.Platform != "" {
		values.Set("platform", p.Platform)
	}
	return withQuery(address, values)
}

// withQuery adds parameters to an address. Slashes stay as they are, which a query allows (RFC 3986, section 3.4) and
// people read more easily.
func withQuery(address string, values url.Values) string {
	if len(values) == 0 {
		return address
	}
	return address + "?" + strings.ReplaceAll(values.Encode(), "%2F", "/")
}

// FullTitle is the title with the site's name.
func (p *Page) FullTitle() string {
	if p.Title == "" {
		return "Trunk"
	}
	return p.Title + " – Trunk"
}

// Navigation is the header's, the same for everybody.
func (*Page) Navigation() []Link {
	return []Link{{"Categories", "/categories"}, {"Publish", "/publish"}, {"Stats", "/stats"}, {"Account", "/account"}, {"API", "/redoc"}}
}

// Command is something to type into a terminal or a file: {{template "command" .}}.
type Command struct {
	// ID is the element's, Name says what it is: "curl command".
	ID, Name, Text string
}
