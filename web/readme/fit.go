package readme

import (
	"bytes"
	"cmp"
	"errors"
	"html"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	parse "golang.org/x/net/html"
)

// mostOpen bounds how deep elements lie in each other: what is deeper is shown without them.
const mostOpen = 64

// element is one that is open.
type element struct {
	tag string
	// as is what it is written as, where that is something else.
	as string
	// at is where it begins in what was written; content says that it has something to show.
	at      int
	content bool
	// id is that of a heading, which is written when it is closed and its text is known.
	id string
}

// fitter writes sanitised HTML anew.
type fitter struct {
	place place
	out   []byte
	open  []element
	// levels are the levels, as the README has them, of the headings that the next one may lie below.
	levels []int
	// ids counts those that were given, by what they were made of.
	ids map[string]int
	// heading is the text of the heading that is open.
	heading strings.Builder
	tables  int
}

// fit makes sanitised HTML fit into the page. What it reads may be closed wrongly or not at all; what it writes is not.
func fit(clean io.Reader, where place) string {
	f := &fitter{place: where, ids: map[string]int{}}
	tokens := parse.NewTokenizer(clean)
	for {
		switch tokens.Next() {
		case parse.ErrorToken:
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				f.text(err.Error())
			}
			f.closeTo(0)
			return string(bytes.TrimSpace(f.out))
		case parse.TextToken:
			f.text(tokens.Token().Data)
		case parse.StartTagToken, parse.SelfClosingTagToken:
			f.start(tokens.Token())
		case parse.EndTagToken:
			f.end(tokens.Token().Data)
		case parse.CommentToken, parse.DoctypeToken:
		}
	}
}

func (f *fitter) write(parts ...string) {
	for _, part := range parts {
		f.out = append(f.out, part...)
	}
}

// filled says that what is open has something to show. Whoever is filled already has told those around it.
func (f *fitter) filled() {
	for i := len(f.open) - 1; i >= 0 && !f.open[i].content; i-- {
		f.open[i].content = true
	}
}

func (f *fitter) text(text string) {
	f.write(html.EscapeString(text))
	if strings.TrimSpace(text) != "" {
		f.filled()
	}
	if f.isOpen(isHeading) {
		f.heading.WriteString(text)
	}
}

// isOpen tells whether an element of a kind is open.
func (f *fitter) isOpen(kind func(tag string) bool) bool {
	return slices.ContainsFunc(f.open, func(e element) bool { return kind(e.tag) })
}

func isHeading(tag string) bool {
	return len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
}

func is(tags ...string) func(string) bool {
	return func(tag string) bool { return slices.Contains(tags, tag) }
}

// block are the elements before which a paragraph ends.
var block = is("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "dl", "table", "pre", "blockquote", "div", "details", "hr")

// nesting says of an element which others end before it and within what it has to be.
type nesting struct {
	ends, within func(tag string) bool
}

var nestings = map[string]nesting{
	"li":      {is("li"), is("ul", "ol")},
	"dt":      {is("dt", "dd"), is("dl")},
	"dd":      {is("dt", "dd"), is("dl")},
	"td":      {is("td", "th"), is("tr")},
	"th":      {is("td", "th"), is("tr")},
	"tr":      {is("tr"), is("table")},
	"thead":   {is("thead", "tbody", "tfoot", "tr"), is("table")},
	"tbody":   {is("thead", "tbody", "tfoot", "tr"), is("table")},
	"tfoot":   {is("thead", "tbody", "tfoot", "tr"), is("table")},
	"summary": {is("summary"), is("details")},
}

// nest ends what has to end before an element. It is false where the element has no place.
func (f *fitter) nest(tag string) bool {
	if block(tag) {
		f.closeFirst(is("p"))
	}
	if isHeading(tag) {
		f.closeFirst(isHeading)
	}
	if tag == "a" {
		f.closeFirst(is("a"))
	}
	rule, ok := nestings[tag]
	if !ok {
		return true
	}
	ended := -1
	for i, e := range slices.Backward(f.open) {
		switch {
		case rule.within(e.tag):
			if ended >= 0 {
				f.closeTo(ended)
			}
			return true
		case rule.ends(e.tag):
			ended = i
		}
	}
	return false
}

// closeFirst closes the innermost element of a kind, with all that is in it.
func (f *fitter) closeFirst(kind func(string) bool) {
	for i, e := range slices.Backward(f.open) {
		if kind(e.tag) {
			f.closeTo(i)
			return
		}
	}
}

func (f *fitter) start(token parse.Token) {
	tag := token.Data
	if tag == "center" {
		tag = "div"
	}
	switch tag {
	case "br":
		f.write("<br>")
		return
	case "hr":
		f.nest(tag)
		f.write("<hr>")
		f.filled()
		return
	case "img":
		f.picture(attribute(token, "src"), attribute(token, "alt"))
		return
	case "input":
		f.box(token)
		return
	}
	if !f.nest(tag) || len(f.open) >= mostOpen {
		return
	}
	e := element{tag: tag, at: len(f.out)}
	id := f.id(attribute(token, "id"))
	switch {
	case isHeading(tag):
		e.id = id
		f.heading.Reset()
	case tag == "a":
		f.anchor(&e, attribute(token, "href"), id)
	case tag == "table":
		f.tables++
		name := "Table " + strconv.Itoa(f.tables) + " of the README"
		f.write(`<div class="table" role="region" tabindex="0"`, attr("aria-label", name), "><table", attr("id", id), `><caption class="hidden">`, name, "</caption>")
	case tag == "pre":
		f.write("<pre", attr("id", id), ` tabindex="0">`)
	default:
		f.write("<", tag, attr("id", id), f.others(token), ">")
	}
	f.open = append(f.open, e)
	if id != "" {
		// Something may lead here, whether or not there is something to see.
		f.filled()
	}
}

// others are the attributes that few elements have.
func (f *fitter) others(token parse.Token) string {
	var text string
	switch token.Data {
	case "ol":
		text = attr("start", attribute(token, "start"))
	case "td", "th":
		text = attr("align", attribute(token, "align")) + attr("colspan", attribute(token, "colspan")) + attr("rowspan", attribute(token, "rowspan"))
		if token.Data == "th" && f.isOpen(is("thead")) {
			text += attr("scope", "col")
		}
	}
	return text
}

func attribute(token parse.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// attr writes an attribute, unless it is empty.
func attr(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + html.EscapeString(value) + `"`
}

// rel is said of every link that leads away.
const rel = ` rel="nofollow ugc noopener"`

// anchor opens a link, or only a target where there is no address that can be shown.
func (f *fitter) anchor(e *element, href, id string) {
	address, ok := f.place.link(href)
	switch {
	case !ok:
		e.as = "span"
		f.write("<span", attr("id", id), ">")
	case strings.HasPrefix(address, "#"):
		f.write("<a", attr("id", id), attr("href", address), ">")
	default:
		f.write("<a", attr("id", id), attr("href", address), rel, ">")
	}
}

// picture says what a picture shows, and where it is. A reader's browser asks nobody else for it.
func (f *fitter) picture(src, alt string) {
	if isBadge(src) {
		return
	}
	if alt = strings.TrimSpace(alt); alt == "" && src != "" {
		file, _, _ := strings.Cut(src, "?")
		alt = path.Base(file)
	}
	address, ok := f.place.link(src)
	if f.isOpen(is("a")) || !ok || strings.HasPrefix(address, "#") {
		f.text(alt)
		return
	}
	f.write("<a", attr("href", address), rel, ">")
	f.text(alt)
	f.write("</a>")
}

// box is that of a task.
func (f *fitter) box(token parse.Token) {
	if attribute(token, "type") != "checkbox" {
		return
	}
	if slices.ContainsFunc(token.Attr, func(a parse.Attribute) bool { return a.Key == "checked" }) {
		f.text("☑")
		return
	}
	f.text("☐")
}

var (
	cell        = is("td", "th")
	partOfTable = is("table", "thead", "tbody", "tfoot", "tr", "td", "th")
)

// end closes an element that is open; what was never opened is not closed.
func (f *fitter) end(tag string) {
	if tag == "center" {
		tag = "div"
	}
	for i, e := range slices.Backward(f.open) {
		switch {
		case e.tag == tag:
			f.closeTo(i)
			return
		case cell(e.tag) && !partOfTable(tag):
			// Nothing in a cell ends what is around the table.
			return
		}
	}
}

// closeTo closes elements until so many are open. What shows nothing is taken back.
func (f *fitter) closeTo(n int) {
	for len(f.open) > n {
		e := f.open[len(f.open)-1]
		f.open = f.open[:len(f.open)-1]
		switch {
		case !e.content && (e.tag == "table" || !partOfTable(e.tag)):
			f.out = f.out[:e.at]
		case isHeading(e.tag):
			f.closeHeading(e)
		case e.tag == "table":
			f.write("</table></div>")
		default:
			f.write("</", cmp.Or(e.as, e.tag), ">")
		}
	}
}

// level gives a heading its level on the page: one below the heading that it belongs to, so that none is skipped.
func (f *fitter) level(own int) int {
	for len(f.levels) > 0 && f.levels[len(f.levels)-1] >= own {
		f.levels = f.levels[:len(f.levels)-1]
	}
	f.levels = append(f.levels, own)
	return min(firstLevel+len(f.levels)-1, 6) //nolint:mnd // h6
}

func (f *fitter) closeHeading(e element) {
	if e.id == "" {
		e.id = f.id(slug(f.heading.String()))
	}
	tag := "h" + strconv.Itoa(f.level(int(e.tag[1]-'0')))
	inside := string(f.out[e.at:])
	f.out = f.out[:e.at]
	f.write("<", tag, attr("id", e.id), ">", inside, "</", tag, ">")
}

// slug makes of a heading what GitHub makes of it, so that links to it are right: letters, digits, - and _ stay.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsNumber(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, strings.TrimSpace(heading))
}

// id gives an id that no other element of the README has; "" of "".
func (f *fitter) id(wanted string) string {
	if wanted == "" {
		return ""
	}
	id := wanted
	for {
		n := f.ids[id]
		f.ids[id]++
		if n == 0 {
			return Prefix + id
		}
		// Each is counted on, so that a thousand equal headings do not take a million steps.
		id = wanted + "-" + strconv.Itoa(f.ids[wanted]-1)
	}
}
