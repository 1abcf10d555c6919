package message

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/ports"
)

const (
	// columns is where lines of text break, as in a terminal.
	columns = 76
	// mostSubject and mostProse bound what others write, in characters.
	mostSubject = 150
	mostProse   = 4_000
)

// block is a part of a letter.
type block struct {
	// Text is prose, which is broken into lines, or Lines stand as they are; Link is an address of the registry's own.
	Text  string
	Lines []string
	Link  string
}

func prose(text string) block        { return block{Text: bounded(line(text), mostProse)} }
func verbatim(lines ...string) block { return block{Lines: lines} }
func leadingTo(address string) block { return block{Link: address} }
func (b block) empty() bool          { return b.Text == "" && len(b.Lines) == 0 && b.Link == "" }
func (b block) text(into *strings.Builder) {
	switch {
	case b.Link != "":
		into.WriteString(b.Link + "\n")
	case b.Text != "":
		wrap(into, b.Text)
	default:
		for _, line := range b.Lines {
			into.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		}
	}
}

// letter is what the templates are made of.
type letter struct {
	Subject string
	Blocks  []block
	Wanted  *Wanted
}

// What a mail program shows has no script, no picture and nothing that is fetched; colours are the reader's own.
var page = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>{{.Subject}}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:40em;margin:0 auto;padding:1em;overflow-wrap:anywhere">
<h1 style="font-size:1.3em;line-height:1.3">{{.Subject}}</h1>
{{range .Blocks}}{{if .Link}}<p><a href="{{.Link}}">{{.Link}}</a></p>
{{else if .Text}}<p>{{.Text}}</p>
{{else}}<pre style="white-space:pre-wrap;border-left:3px solid #888;padding-left:1em">{{range .Lines}}{{.}}
{{end}}</pre>
{{end}}{{end}}{{with .Wanted}}<hr><p><small>You get this because {{.Because}}.
<a href="{{.Unsubscribe}}">Unsubscribe</a> · <a href="{{.Manage}}">All that you follow</a></small></p>
{{end}}</body></html>
`))

// mail writes a letter in both forms.
func (w *Writer) mail(subject string, wanted *Wanted, blocks ...block) ports.Mail {
	said := letter{Subject: bounded(line(subject), mostSubject), Wanted: wanted}
	var text strings.Builder
	for _, b := range blocks {
		if b.empty() {
			continue
		}
		if text.Len() > 0 {
			text.WriteString("\n")
		}
		b.text(&text)
		said.Blocks = append(said.Blocks, b)
	}
	if wanted != nil {
		// Mail programs know the signature that follows by this line (RFC 3676, 4.3).
		text.WriteString("\n-- \n")
		wrap(&text, "You get this because "+wanted.Because+".")
		text.WriteString("Unsubscribe:\n" + wanted.Unsubscribe + "\nAll that you follow:\n" + wanted.Manage + "\n")
	}
	var html strings.Builder
	if err := page.Execute(&html, said); err != nil {
		// A strings.Builder takes everything, and the template is fixed.
		panic(err)
	}
	return ports.Mail{Subject: said.Subject, Text: text.String(), HTML: html.String()}
}

// line makes one line of a text of others: without controls, and without what is invisible or turns the direction.
func line(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, s)
}

func bounded(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// wrap breaks a paragraph at spaces; a word that is longer than a line has one of its own.
func wrap(into *strings.Builder, paragraph string) {
	at := 0
	for word := range strings.FieldsSeq(paragraph) {
		length := utf8.RuneCountInString(word)
		switch {
		case at == 0:
		case at+1+length > columns:
			into.WriteString("\n")
			at = 0
		default:
			into.WriteString(" ")
			at++
		}
		into.WriteString(word)
		at += length
	}
	into.WriteString("\n")
}
