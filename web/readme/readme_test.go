package readme

import (
	_ "embed"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

const repository = "https://github.com/citusdata/pg_cron"

//go:embed testdata/xss.txt
var corpus string

// attributes are those that may be on a page, by element; "" has those of all.
var attributes = map[string][]string{
	"": {"id"}, "a": {"href", "rel"}, "ol": {"start"}, "td": {"align", "colspan", "rowspan"}, "th": {"align", "colspan", "rowspan", "scope"},
	"div": {"class", "role", "aria-label", "tabindex"}, "pre": {"tabindex"}, "caption": {"class"},
}

var elements = strings.Fields(`h3 h4 h5 h6 p br hr blockquote pre code kbd samp var em strong b i s del ins sub sup small ul ol li dl dt dd
	table caption thead tbody tfoot tr th td div span details summary a`)

// faults gives everything in a rendered README that must not be on our page.
func faults(rendered string) []string {
	root, err := html.Parse(strings.NewReader(`<!DOCTYPE html><html lang="en"><head><title>t</title></head><body><main>` + rendered + `</main><footer>ours</footer></body></html>`))
	if err != nil {
		return []string{err.Error()}
	}
	var wrong []string
	note := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	body := root.LastChild.LastChild
	var children []string
	for n := range body.ChildNodes() {
		children = append(children, n.Data)
	}
	if !slices.Equal(children, []string{"main", "footer"}) || body.LastChild.FirstChild.Data != "ours" || body.LastChild.FirstChild.NextSibling != nil {
		note("it leaves its place: %q", children)
		return wrong
	}
	ids, level := map[string]bool{}, 2
	for n := range body.FirstChild.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if !slices.Contains(elements, n.Data) || n.Namespace != "" {
				note("an element %s", n.Data)
			}
		case html.TextNode:
			continue
		default:
			note("a node of type %d", n.Type)
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data != "hr" {
			own := int(n.Data[1] - '0')
			if own > level+1 {
				note("h%d after h%d", own, level)
			}
			level = own
		}
		checkAttributes(n, ids, note)
	}
	return wrong
}

func checkAttributes(n *html.Node, ids map[string]bool, note func(string, ...any)) {
	for _, a := range n.Attr {
		if !slices.Contains(attributes[""], a.Key) && !slices.Contains(attributes[n.Data], a.Key) || a.Namespace != "" {
			note("%s has %s=%q", n.Data, a.Key, a.Val)
		}
		switch a.Key {
		case "id":
			if !strings.HasPrefix(a.Val, "readme-") || ids[a.Val] {
				note("the id %q", a.Val)
			}
			ids[a.Val] = true
		case "class":
			if a.Val != map[string]string{"div": "table", "caption": "hidden"}[n.Data] {
				note("the class %q", a.Val)
			}
		case "href":
			checkAddress(n, a.Val, note)
		}
	}
}

func checkAddress(n *html.Node, href string, note func(string, ...any)) {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "a" {
			note("a link in a link")
		}
	}
	if strings.HasPrefix(href, "#readme-") {
		return
	}
	u, err := url.Parse(href)
	if err != nil || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) || u.Scheme != "mailto" && u.Host == "" || u.User != nil {
		note("the address %q", href)
	}
	if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "rel" && a.Val == "nofollow ugc noopener" }) {
		note("a link to %q without rel", href)
	}
}

func TestCorpus(t *testing.T) {
	entries := strings.Split(strings.TrimSpace(corpus), "\n")
	if len(entries) < 100 {
		t.Errorf("only %d entries", len(entries))
	}
	check := func(name, text string) {
		t.Helper()
		for _, file := range []string{"README.md", "README.markdown", "README.rst", "README", "README.adoc"} {
			rendered := string(Render(file, text, repository).HTML)
			for _, fault := range faults(rendered) {
				t.Errorf("%s of %s: %s\n%s\n%s", name, file, fault, text, rendered)
			}
		}
	}
	for i, entry := range entries {
		check(strconv.Itoa(i), entry)
		check(fmt.Sprint(i, " in a paragraph"), "before "+entry+" after\n\nnext")
		check(fmt.Sprint(i, " in a list"), "- > "+entry+"\n\n<div>\n"+entry)
		if i > 0 {
			check(fmt.Sprint(i, " after another"), entries[i-1]+"\n"+entry)
		}
	}
	check("all", corpus)
	check("all in one line", strings.ReplaceAll(corpus, "\n", " "))
}

// The check itself sees what is wrong.
func TestFaultsAreSeen(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<img src="x">`, `<p onclick="x">y</p>`, `<p style="x">y</p>`, `<p class="x">y</p>`, `<a href="javascript:x" rel="nofollow ugc noopener">y</a>`,
		`<a href="https://x.example">y</a>`, `<p id="x">y</p>`, `<p id="readme-x">y</p><p id="readme-x">y</p>`, `<h4>x</h4>`, `<h1>x</h1>`, `</main>x`, `<iframe></iframe>`,
		`<svg></svg>`, `<!-- x -->`, `<a href="/x" rel="nofollow ugc noopener">y</a>`, `<form></form>`, `<input>`, `<a href="https://a@b.example" rel="nofollow ugc noopener">y</a>`,
	} {
		if len(faults(bad)) == 0 {
			t.Errorf("nothing was seen in %s", bad)
		}
	}
}

func FuzzRender(f *testing.F) {
	for entry := range strings.SplitSeq(corpus, "\n") {
		f.Add("README.md", entry, repository)
	}
	f.Add("README.md", sample, "https://gitlab.com/a/b/-/tree/main/c")
	f.Add("README", sample, "")
	f.Fuzz(func(t *testing.T, file, text, repository string) {
		if found := faults(string(Render(file, text, repository).HTML)); len(found) > 0 {
			t.Errorf("%q\n%s", found, Render(file, text, repository).HTML)
		}
	})
}

const sample = `# pg_cron [![CI](https://github.com/citusdata/pg_cron/actions/workflows/ci.yml/badge.svg)](https://github.com/citusdata/pg_cron/actions)

[![PGXN](https://badge.fury.io/pg/pg_cron.svg)](https://pgxn.org) ![stars](https://img.shields.io/x)

<p align="center"><img src="docs/logo.png" alt="The logo"></p>

See [the guide](docs/guide.md#start), [above](#usage), [top](/LICENSE), [out](../../../x), www.example.org and <mail@example.org>.

### Usage

[![Watch](shot.png)](https://video.example)

| job | runs |
|:----|-----:|
| a   | 1    |

- [x] done
- [ ] to do

~~~sql
SELECT cron.schedule('<x>');
~~~

## Usage
### Usage
`

func TestSample(t *testing.T) {
	got := string(Render("README.md", sample, repository).HTML)
	for _, want := range []string{
		`<h3 id="readme-pg_cron">pg_cron </h3>`,
		`<p><a href="https://github.com/citusdata/pg_cron/blob/HEAD/docs/logo.png" rel="nofollow ugc noopener">The logo</a></p>`,
		`<a href="https://github.com/citusdata/pg_cron/blob/HEAD/docs/guide.md#start" rel="nofollow ugc noopener">the guide</a>`,
		`<a href="#readme-usage">above</a>`,
		`<a href="https://github.com/citusdata/pg_cron/blob/HEAD/LICENSE" rel="nofollow ugc noopener">top</a>`,
		`<span>out</span>`,
		`<a href="http://www.example.org" rel="nofollow ugc noopener">www.example.org</a>`,
		`<a href="mailto:mail@example.org" rel="nofollow ugc noopener">mail@example.org</a>`,
		`<h4 id="readme-usage">Usage</h4>`, `<h4 id="readme-usage-1">Usage</h4>`, `<h5 id="readme-usage-2">Usage</h5>`,
		`<p><a href="https://video.example" rel="nofollow ugc noopener">Watch</a></p>`,
		`<div class="table" role="region" tabindex="0" aria-label="Table 1 of the README"><table><caption class="hidden">Table 1 of the README</caption>`,
		`<th align="left" scope="col">job</th>`, `<td align="right">1</td>`, "☑ done", "☐ to do",
		`<pre tabindex="0"><code>SELECT cron.schedule(&#39;&lt;x&gt;&#39;);`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s", want)
		}
	}
	for _, gone := range []string{"badge", "shields", "pgxn.org", "<img", "<p></p>"} {
		if strings.Contains(got, gone) {
			t.Errorf("there is still %s", gone)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestPlaces(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/a/b":                                "https://github.com/a/b/blob/HEAD/x.md",
		"https://github.com/a/b.git":                            "https://github.com/a/b/blob/HEAD/x.md",
		"http://GitHub.com/a/b/":                                "https://github.com/a/b/blob/HEAD/x.md",
		"https://github.com/postgres/postgres/tree/master/c/ac": "https://github.com/postgres/postgres/blob/master/c/ac/x.md",
		"https://github.com/a/b/blob/v1.0/doc/README.md":        "https://github.com/a/b/blob/v1.0/doc/x.md",
		"https://gitlab.com/a/b/c":                              "https://gitlab.com/a/b/c/-/blob/HEAD/x.md",
		"https://gitlab.com/a/b/-/tree/main/c":                  "https://gitlab.com/a/b/-/blob/main/c/x.md",
		"https://codeberg.org/a/b/src/tag/v1/doc":               "https://codeberg.org/a/b/src/tag/v1/doc/x.md",
		"https://codeberg.org/a/b":                              "https://codeberg.org/a/b/src/branch/HEAD/x.md",
		"https://git.example.org/a/b":                           "", "": "", "https://github.com/a": "", "https://u@github.com/a/b": "", "https://github.com/../b": "", "ftp://github.com/a/b": "", "::": "",
	} {
		got, ok := placeOf(address).link("x.md")
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	where := placeOf("https://github.com/a/b/tree/main/c")
	for address, want := range map[string]string{
		"../d.md": "https://github.com/a/b/blob/main/d.md", "../../../../e": "", "/f.md?raw=true": "https://github.com/a/b/blob/main/f.md?raw=true",
		"//h.example/x": "https://h.example/x", "#s": "#readme-s", "#": "", "mailto:": "", "https:": "", "HTTPS://x.example": "https://x.example",
		"https://a@b.example/": "", "tel:1": "", ":": "",
	} {
		if got, ok := where.link(address); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	whole := strings.Repeat("a line of text\n", Limit/15)
	if Render("README.md", whole, "").Cut {
		t.Error("a README within the limit was cut")
	}
	for file, text := range map[string]string{"README.md": whole + whole, "README": whole + whole, "README.txt": strings.Repeat("é", Limit), "README.rst": "a" + strings.Repeat("€", Limit)} {
		got := Render(file, text, "")
		if !got.Cut || len(got.HTML) > Limit+100 || strings.ContainsRune(string(got.HTML), '\ufffd') {
			t.Errorf("%s: %t, %d bytes", file, got.Cut, len(got.HTML))
		}
	}
}

// What people write comes out as it is; only what nobody writes by hand loses its form.
func TestTame(t *testing.T) {
	if got := tame(sample); got != sample {
		t.Errorf("got %s", got)
	}
	long := tame(strings.Repeat("word ", 2000) + "\n" + strings.Repeat("€", 4000))
	if strings.ReplaceAll(long, "\n", "") != strings.Repeat("word ", 2000)+strings.Repeat("€", 4000) {
		t.Error("long lines lose something")
	}
	for line := range strings.SplitSeq(long, "\n") {
		if len(line) > longestLine {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	wide := Render("README.md", strings.Repeat("|a", 1000)+"\n"+strings.Repeat("|-", 1000)+"\n"+strings.Repeat("|\n", 100_000), "")
	if len(wide.HTML) > 2<<20 {
		t.Errorf("a table of %d bytes", len(wide.HTML))
	}
}

// The time grows with the length alone: eight times the text takes about eight times as long, where a square would take
// sixty-four times. Several tries, since others use the processor too.
func TestLinear(t *testing.T) {
	for _, unit := range []string{
		"[a](", "![a](", "> ", ">", "1. ", "[a]: /b\n", "[", "*a **a ", "`a``a", "<a ", "<b>", "# a\n", "a\n=\n", "- a\n  ", "~~a ~", "<!--", "|a|b|\n|-|-|\n|",
		"[a](b \"", "[a](<b", "<h1><b>", "<table><tr><td>", "a@b.c ", "http://a ", "&amp", "![a][", "> 1. - ", "<details><summary>",
	} {
		best := 1e9
		for try := 0; try < 5 && best > 24; try++ {
			took := func(n int) time.Duration {
				text := strings.Repeat(unit, n/len(unit))
				start := time.Now()
				Render("README.md", text, repository)
				return time.Since(start)
			}
			best = min(best, float64(took(Limit/2))/float64(max(took(Limit/16), time.Millisecond)))
		}
		if best > 24 {
			t.Errorf("%q: eight times as much takes %.0f times as long", unit, best)
		}
	}
}

func TestDeepNesting(t *testing.T) {
	for _, tag := range []string{"div", "b", "blockquote", "ul><li", "table><tr><td", "details", "sub"} {
		rendered := string(Render("README.md", strings.Repeat("<"+tag+">§", 5000), "").HTML)
		if found := faults(rendered); len(found) > 0 || strings.Count(rendered, "§") != 5000 {
			t.Errorf("%s: %q, %d", tag, found, strings.Count(rendered, "§"))
		}
	}
}
