package registry_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/net/html"

	"pgtrunk.io/registry/cmd/internal/registry"
)

// browser is somebody's: it keeps the registry's cookies, says where a form is from, follows redirects, and presses what
// is on the page before it.
type browser struct {
	t       *testing.T
	in      *instance
	cookies map[string]string
	// at is the address of the page, page what it is.
	at   *url.URL
	page answer
	// went are the addresses that redirects led through.
	went []string
	// stop says that redirects are not followed.
	stop bool
}

// serveWithSignIn starts a registry with an issuer where people sign in.
func serveWithSignIn(t *testing.T, settings map[string]string) (*instance, *signInServer) {
	t.Helper()
	issuer := startSignInServer(t)
	all := map[string]string{"SIGN_IN_ISSUER": issuer.http.URL, "SIGN_IN_CLIENT_ID": "trunk-web"}
	maps.Copy(all, settings)
	return serve(t, all), issuer
}

func (in *instance) browser(t *testing.T) *browser {
	t.Helper()
	return &browser{t: t, in: in, cookies: map[string]string{}}
}

// signedIn is a browser of somebody who is signed in.
func (in *instance) signedIn(t *testing.T, user string) *browser {
	t.Helper()
	b := in.browser(t)
	b.signIn(user)
	return b
}

// signIn signs somebody in from the account's page.
func (b *browser) signIn(user string) {
	b.t.Helper()
	b.open("/account")
	b.follow("Sign in")
	b.press("Sign in", url.Values{"user": {user}})
	if b.page.status != http.StatusOK || b.at.Path != "/account/tokens" || !strings.Contains(b.page.body, "Signed in as <b>") {
		b.t.Fatalf("%s signs in and comes to %s: %d %s", user, b.at, b.page.status, b.page.body)
	}
}

// resolve makes an address of the page's links absolute.
func (b *browser) resolve(address string) *url.URL {
	b.t.Helper()
	base := b.at
	if base == nil || strings.HasPrefix(address, "/") && base.Host != b.host() && strings.HasPrefix(address, "/account") {
		base = b.root()
	}
	target, err := base.Parse(address)
	if err != nil {
		b.t.Fatal(err)
	}
	return target
}

func (b *browser) root() *url.URL {
	root, err := url.Parse(b.in.url)
	if err != nil {
		b.t.Fatal(err)
	}
	return root
}

func (b *browser) host() string { return b.root().Host }

// open goes to an address.
func (b *browser) open(address string) answer {
	b.t.Helper()
	b.went = nil
	return b.load(http.MethodGet, b.resolve(address), nil, nil)
}

// post sends a form from the page to an address.
func (b *browser) post(address string, values url.Values) answer {
	b.t.Helper()
	b.went = nil
	from := b.root()
	if b.at != nil {
		from = b.at
	}
	return b.load(http.MethodPost, b.resolve(address), values, http.Header{"Origin": {from.Scheme + "://" + from.Host}})
}

// load gets a page and follows redirects.
func (b *browser) load(method string, target *url.URL, values url.Values, header http.Header) answer {
	b.t.Helper()
	a := b.send(method, target, values, header)
	b.at, b.page = target, a
	if location := a.header.Get("Location"); a.status == http.StatusSeeOther && !b.stop {
		next, err := target.Parse(location)
		if err != nil {
			b.t.Fatal(err)
		}
		b.went = append(b.went, next.String())
		if len(b.went) > 10 {
			b.t.Fatalf("it goes round: %v", b.went)
		}
		return b.load(http.MethodGet, next, nil, nil)
	}
	return a
}

// send is one request, with the cookies where they belong. Whatever is answered below /account is kept by nobody.
func (b *browser) send(method string, target *url.URL, values url.Values, header http.Header) answer {
	b.t.Helper()
	var body io.Reader
	all := http.Header{"Accept": {"text/html,application/xhtml+xml,*/*;q=0.8"}}
	if method == http.MethodPost {
		body = strings.NewReader(values.Encode())
		all.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	own := target.Host == b.host()
	if own {
		for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
			all.Add("Cookie", (&http.Cookie{Name: name, Value: b.cookies[name]}).String())
		}
	}
	maps.Copy(all, header)
	a := b.in.do(method, target.String(), all, body)
	set := (&http.Response{Header: a.header}).Cookies()
	account := strings.HasPrefix(target.Path, "/account")
	if own && account && a.header.Get("Cache-Control") != "no-store" {
		b.t.Errorf("%s %s may be kept: %d %v", method, target, a.status, a.header)
	}
	refused := a.status == http.StatusMethodNotAllowed || a.code() == "origin_forbidden"
	if own && account && !refused && (a.header.Get("Access-Control-Allow-Origin") != "" ||
		!strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Cookie")) {
		b.t.Errorf("%s %s may be read by others: %d %v", method, target, a.status, a.header)
	}
	if own && !account && len(set) > 0 {
		b.t.Errorf("%s sets %v", target, set)
	}
	for _, cookie := range set {
		if !own {
			continue
		}
		b.cookies[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	return a
}

// elements gives those of a kind on the page.
func (b *browser) elements(kind string) []*html.Node {
	b.t.Helper()
	root, err := html.Parse(strings.NewReader(b.page.body))
	if err != nil {
		b.t.Fatal(err)
	}
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == kind {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	value, _ := lookup(n, name)
	return value
}

func lookup(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// words are the text of an element; "" without one.
func words(n *html.Node) string {
	if n == nil {
		return ""
	}
	var text strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			text.WriteString(d.Data)
		case slices.Contains([]string{"th", "td", "tr", "p", "li", "div", "label", "small", "h2", "dt", "dd", "pre"}, d.Data):
			text.WriteString(" ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// text is what can be read on the page.
func (b *browser) text() string {
	b.t.Helper()
	return words(b.elements("body")[0])
}

// follow goes where a link of some words leads.
func (b *browser) follow(link string) answer {
	b.t.Helper()
	for _, n := range b.elements("a") {
		if words(n) == link {
			return b.open(attribute(n, "href"))
		}
	}
	b.t.Fatalf("there is no link %q on %s:\n%s", link, b.at, b.text())
	return answer{}
}

// press sends the form that a button of some words is in, as it is filled in but for some values.
func (b *browser) press(button string, values url.Values) answer {
	b.t.Helper()
	for _, n := range b.elements("button") {
		if words(n) != button {
			continue
		}
		for f := range n.Ancestors() {
			if f.Data == "form" {
				filled := filledIn(f)
				for name := range values {
					if !filled.Has(name) && !named(f, name) {
						b.t.Fatalf("the form of %q has no field %s", button, name)
					}
				}
				maps.Copy(filled, values)
				if attribute(f, "method") != "post" {
					b.t.Fatalf("the form of %q is no POST", button)
				}
				action := attribute(f, "action")
				if action == "" {
					action = b.at.RequestURI()
				}
				return b.post(action, filled)
			}
		}
	}
	b.t.Fatalf("there is no button %q on %s:\n%s", button, b.at, b.text())
	return answer{}
}

// filledIn is what a form would send.
func filledIn(f *html.Node) url.Values {
	values := url.Values{}
	for n := range f.Descendants() {
		name, kind := attribute(n, "name"), attribute(n, "type")
		_, checked := lookup(n, "checked")
		switch {
		case name == "" && n.Data != "option":
		case n.Data == "input" && (kind != "checkbox" || checked):
			values.Add(name, attribute(n, "value"))
		case n.Data == "textarea":
			values.Add(name, words(n))
		case n.Data == "option":
			if _, chosen := lookup(n, "selected"); chosen {
				values.Set(attribute(n.Parent, "name"), attribute(n, "value"))
			}
		}
	}
	return values
}

func named(f *html.Node, name string) bool {
	for n := range f.Descendants() {
		if attribute(n, "name") == name {
			return true
		}
	}
	return false
}

// wants checks what can be read on the page, and how it came.
func (b *browser) wants(status int, texts ...string) {
	b.t.Helper()
	if b.page.status != status {
		b.t.Errorf("%s: %d, want %d:\n%s", b.at, b.page.status, status, b.text())
		return
	}
	for _, text := range texts {
		if !strings.Contains(b.text(), text) {
			b.t.Errorf("%s does not say %q:\n%s", b.at, text, b.text())
		}
	}
}

// query asks the database for one value, or changes something and asks for nothing.
func (in *instance) query(statement string, value any) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	if value == nil {
		_, err = conn.Exec(in.t.Context(), statement)
	} else {
		err = conn.QueryRow(in.t.Context(), statement).Scan(value)
	}
	if err != nil {
		in.t.Fatal(err)
	}
}

// registryConfig reads settings over those that have to be there.
func registryConfig(settings map[string]string) (registry.Config, error) {
	all := map[string]string{"DATABASE_URL": "postgres://localhost/trunk", "S3_BUCKET": "trunk"}
	maps.Copy(all, settings)
	return registry.LoadServe(func(name string) string { return all[name] })
}
