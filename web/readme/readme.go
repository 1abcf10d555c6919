// Package readme makes HTML of what strangers wrote: the README of a project, which is shown on our page among our own
// words. Three hands work on it, one after the other: goldmark reads the Markdown, bluemonday leaves only the elements,
// attributes and schemes that are known to be harmless, and what is here makes the rest fit into the page – levels of
// headings, ids, addresses, pictures – and writes it anew, with every element closed that was opened. The time it takes
// grows with the length of the text and with nothing else.
package readme

import (
	"bytes"
	"html"
	"html/template"
	"path"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markup "github.com/yuin/goldmark/renderer/html"
)

// Limit is how much of a README is shown, in bytes.
const Limit = 256 << 10

// mostHTML bounds what is made of it, in bytes: a few letters of Markdown can ask for a whole table.
const mostHTML = 4 * Limit

// Prefix is what every id in a README begins with, so that none is one of the page's own.
const Prefix = "readme-"

// firstLevel is the level of a README's highest heading: the page has its own h1, and the section an h2.
const firstLevel = 3

// Text is a README as it is shown.
type Text struct {
	// HTML is to be put into a block element.
	HTML template.HTML
	// Cut says that the README goes on.
	Cut bool
}

// Render makes HTML of a README: of Markdown as GitHub has it (GFM), of every other form as it was written. The file's
// name tells the form; the repository is the address to which relative links are relative, "" where it is not known.
func Render(file, text, repository string) Text {
	text, cut := shorten(text)
	if !isMarkdown(file) {
		return plain(text, cut)
	}
	var raw bytes.Buffer
	if err := markdown().Convert([]byte(tame(text)), &raw); err != nil {
		// A buffer takes everything, so this is a renderer's fault; the text itself is still worth showing.
		return plain(text, cut)
	}
	fitted := fit(policy().SanitizeReader(&raw), placeOf(repository))
	if len(fitted) > mostHTML {
		return plain(text, cut)
	}
	return Text{template.HTML(fitted), cut} //nolint:gosec // sanitised, and written by fit
}

// plain shows a text as it was written.
func plain(text string, cut bool) Text {
	return Text{template.HTML(`<pre tabindex="0">` + html.EscapeString(text) + "</pre>"), cut} //nolint:gosec // escaped
}

// shorten cuts at the end of a line, or at least between two characters.
func shorten(text string) (string, bool) {
	if len(text) <= Limit {
		return text, false
	}
	text = text[:Limit]
	if end := strings.LastIndexByte(text, '\n'); end > 0 {
		return text[:end+1], true
	}
	for {
		if r, size := utf8.DecodeLastRuneInString(text); r != utf8.RuneError || size != 1 {
			return text, true
		}
		text = text[:len(text)-1]
	}
}

func isMarkdown(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".markdown":
		return true
	default:
		return false
	}
}

// markdown reads GitHub's dialect. HTML in it is kept for the next hand, since READMEs are full of it.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			// Alignment as an attribute: the page's policy refuses style="…".
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Linkify, extension.Strikethrough, extension.TaskList,
		),
		goldmark.WithRendererOptions(markup.WithUnsafe()),
	)
})

// policy is what may be in a README at all. Addresses are looked at again by fit.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "kbd", "samp", "var",
		"em", "strong", "b", "i", "s", "del", "ins", "sub", "sup", "small", "ul", "ol", "li", "dl", "dt", "dd",
		"table", "thead", "tbody", "tfoot", "tr", "th", "td", "div", "span", "center", "details", "summary", "a", "img", "input")
	p.AllowNoAttrs().OnElements("a", "img", "input", "span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\p{L}\p{N}_.:-]{1,100}$`)).Globally()
	p.AllowAttrs("start", "colspan", "rowspan").Matching(regexp.MustCompile(`^[0-9]{1,3}$`)).OnElements("ol", "td", "th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("td", "th")
	// The boxes of task lists.
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.SkipElementsContent("svg", "math", "template", "textarea", "xmp", "plaintext", "noembed", "noframes", "select", "video", "audio")
	return p
})
