package site_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pgtrunk.io/registry/web/site"
)

// nodes gives the elements of a page in the order of the document.
func nodes(t *testing.T, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			list = append(list, n)
		}
	}
	return list
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Each template has a sample.
func TestEveryTemplateHasASample(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{"layout": true}
	for _, s := range samples() {
		shown[strings.Fields(s.name)[0]] = true
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".html"); !shown[name] && !strings.HasPrefix(name, "parts") {
			t.Errorf("samples has no view of %s", name)
		}
	}
}

// What every page has to be, for those who see it, hear it or reach it by keyboard.
func TestStructure(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			checkStructure(t, render(t, s.view))
		})
	}
}

func checkStructure(t *testing.T, page string) {
	t.Helper()
	var level, mains int
	ids, names := map[string]bool{}, map[string]bool{}
	var firstLink *html.Node
	for _, n := range nodes(t, page) {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %q is there twice", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "html":
			if attribute(n, "lang") != "en" {
				t.Error("the page has no language")
			}
		case "title":
			if text(n) == "" {
				t.Error("the page has no title")
			}
		case "main":
			mains++
		case "h1", "h2", "h3", "h4", "h5", "h6":
			deep := int(n.Data[1] - '0')
			if inside(n, "dialog") {
				continue
			}
			if deep > level+1 || deep == 1 && level != 0 {
				t.Errorf("%s %q comes after h%d", n.Data, text(n), level)
			}
			level = deep
			if text(n) == "" {
				t.Errorf("an empty %s", n.Data)
			}
		case "nav", "aside", "dialog":
			label := n.Data + " " + attribute(n, "aria-label") + attribute(n, "aria-labelledby")
			if strings.HasSuffix(label, " ") || names[label] {
				t.Errorf("%q has no name of its own", label)
			}
			names[label] = true
		case "a":
			if firstLink == nil {
				firstLink = n
			}
			if text(n) == "" && attribute(n, "aria-label") == "" {
				t.Errorf("a link to %s without words", attribute(n, "href"))
			}
		case "table":
			checkTable(t, n)
		case "button":
			if text(n) == "" && attribute(n, "aria-label") == "" {
				t.Error("a button without words")
			}
		case "input", "select", "textarea":
			if attribute(n, "type") != "hidden" && !labelled(t, page, n) {
				t.Errorf("%s %q has no label", n.Data, attribute(n, "name"))
			}
		}
	}
	if level == 0 || mains != 1 {
		t.Errorf("there are %d main and a last heading of level %d", mains, level)
	}
	if firstLink == nil || attribute(firstLink, "href") != "#main" || !ids["main"] {
		t.Error("the skip link is not the first")
	}
	for _, n := range nodes(t, page) {
		for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "data-copy"} {
			for id := range strings.FieldsSeq(attribute(n, name)) {
				if !ids[id] {
					t.Errorf("%s=%q names nothing", name, id)
				}
			}
		}
		if href := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") && href != "#ZgotmplZ" && !ids[href[1:]] {
			t.Errorf("the link %q leads nowhere", href)
		}
	}
}

func inside(n *html.Node, element string) bool {
	for p := range n.Ancestors() {
		if p.Data == element {
			return true
		}
	}
	return false
}

func labelled(t *testing.T, page string, n *html.Node) bool {
	t.Helper()
	if attribute(n, "aria-label") != "" || attribute(n, "aria-labelledby") != "" || inside(n, "label") {
		return true
	}
	return slices.ContainsFunc(nodes(t, page), func(l *html.Node) bool {
		return l.Data == "label" && attribute(l, "for") == attribute(n, "id") && attribute(n, "id") != ""
	})
}

// checkTable wants a caption, header cells that say for what, and a region to scroll in.
func checkTable(t *testing.T, table *html.Node) {
	t.Helper()
	var captions, headers int
	for n := range table.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "caption":
			captions++
		case n.Data == "th":
			headers++
			if scope := attribute(n, "scope"); scope != "col" && scope != "row" {
				t.Errorf("the header %q has no scope", text(n))
			}
		}
	}
	wrapper := table.Parent
	if captions != 1 || headers == 0 {
		t.Errorf("a table has %d captions and %d header cells", captions, headers)
	}
	if attribute(wrapper, "role") != "region" || attribute(wrapper, "tabindex") != "0" || attribute(wrapper, "aria-label")+attribute(wrapper, "aria-labelledby") == "" {
		t.Error("a table cannot be scrolled by keyboard")
	}
}

// Nothing is inline, nothing is from elsewhere, and what people write stays text.
func TestPolicyIsKept(t *testing.T) {
	data := regexp.MustCompile(`^application/ld\+json$`)
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			for _, n := range nodes(t, render(t, s.view)) {
				for _, a := range n.Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
						t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
					}
					if scheme := strings.ToLower(strings.TrimSpace(a.Val)); strings.HasPrefix(scheme, "javascript:") {
						t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
					}
				}
				switch n.Data {
				case "style", "iframe", "object", "embed", "base":
					t.Errorf("there is a <%s>", n.Data)
				case "script":
					if src := attribute(n, "src"); !strings.HasPrefix(src, site.AssetsPath) && !data.MatchString(attribute(n, "type")) {
						t.Errorf("there is a script %q: %s", src, text(n))
					}
				case "img":
					if !strings.HasPrefix(attribute(n, "src"), "/") || !has(n, "alt") {
						t.Errorf("there is an image %q", attribute(n, "src"))
					}
				}
			}
		})
	}
}

// What a page weighs, uncompressed.
func TestBudgets(t *testing.T) {
	for _, s := range samples() {
		if size := len(render(t, s.view)); size > 100<<10 {
			t.Errorf("%s has %d bytes", s.name, size)
		}
	}
	var script int
	requests := 1
	for _, n := range nodes(t, render(t, samples()[0].view)) {
		address := attribute(n, "href")
		if n.Data == "script" {
			address = attribute(n, "src")
		} else if n.Data != "link" || !slices.Contains([]string{"stylesheet", "icon"}, attribute(n, "rel")) {
			continue
		}
		requests++
		size := len(fetchAsset(t, address))
		switch {
		case n.Data == "script":
			script += size
			if strings.Contains(address, "theme") && size > 512 {
				t.Errorf("theme.js has %d bytes", size)
			}
		case attribute(n, "rel") == "stylesheet" && size > 20_000:
			t.Errorf("the style sheet has %d bytes", size)
		}
	}
	if script == 0 || script > 10_000 {
		t.Errorf("the scripts have %d bytes", script)
	}
	if requests > 5 {
		t.Errorf("a page takes %d requests", requests)
	}
}

func fetchAsset(t *testing.T, address string) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	newSite(t).Assets().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody))
	if recorder.Code != http.StatusOK || recorder.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || recorder.Header().Get("Content-Type") == "" {
		t.Errorf("%s: %d %v", address, recorder.Code, recorder.Header())
	}
	return recorder.Body.String()
}

// The picture for previews and the icon are there, under names that change with their bytes.
func TestAssets(t *testing.T) {
	page := render(t, samples()[1].view)
	for _, want := range []string{`/assets/card\.[0-9a-f]{12}\.png`, `/assets/mark\.[0-9a-f]{12}\.svg`, `/assets/app\.[0-9a-f]{12}\.css`} {
		address := regexp.MustCompile(want).FindString(page)
		if address == "" || fetchAsset(t, address) == "" {
			t.Errorf("no %s", want)
		}
	}
	recorder := httptest.NewRecorder()
	newSite(t).Assets().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/assets/app.css", http.NoBody))
	if recorder.Code != http.StatusNotFound {
		t.Errorf("an asset without its hash: %d", recorder.Code)
	}
}
