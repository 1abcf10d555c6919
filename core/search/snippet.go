package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// snippetLength is about how long a snippet is, in runes.
const snippetLength = 200

// span is a part of a text, in bytes.
type span struct{ from, to int }

// snippet gives the part of a text in which most of the words are, with these words marked.
func snippet(text string, words []stem) []Fragment {
	text = strings.Join(strings.Fields(text), " ")
	hits := find(text, words)
	from, to := window(text, hits)
	var fragments []Fragment
	add := func(part string, hit bool) {
		if part != "" {
			fragments = append(fragments, Fragment{Text: part, Hit: hit})
		}
	}
	at := from
	if from > 0 {
		add("… ", false)
	}
	for _, h := range hits {
		if h.from < from || h.to > to {
			continue
		}
		add(text[at:h.from], false)
		add(text[h.from:h.to], true)
		at = h.to
	}
	add(text[at:to], false)
	if to < len(text) {
		add(" …", false)
	}
	return fragments
}

// excerpt is the part of a long text around the first place where one of the words may be: to look at all of it word by
// word would take longer than to find the project.
func excerpt(text string, words []stem) string {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		// Some letters are longer in lower case, and places are not the same then.
		return text
	}
	first := len(text)
	for _, s := range words {
		for at := 0; at < first; {
			i := strings.Index(lower[at:first], s.text)
			if i < 0 {
				break
			}
			before, _ := utf8.DecodeLastRuneInString(lower[:at+i])
			if at+i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
				first = at + i
				break
			}
			at += i + 1
		}
	}
	if first == len(text) {
		return text
	}
	from, to := max(0, first-snippetLength), min(len(text), first+3*snippetLength) //nolint:mnd // more than a snippet takes
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	return text[from:to]
}

// find gives where the words are, in order.
func find(text string, words []stem) []span {
	var hits []span
	from := -1
	for i, r := range text + " " {
		inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		switch {
		case inWord && from < 0:
			from = i
		case !inWord && from >= 0:
			word := strings.ToLower(text[from:i])
			if slices.ContainsFunc(words, func(s stem) bool { return s.marks(word) }) {
				hits = append(hits, span{from, i})
			}
			from = -1
		}
	}
	return hits
}

// longestEnding is the longest ending that makes another word of a stem, such as the "ization" of "tokenization".
const longestEnding = 7

// marks tells whether a word is one of the stem, as near as can be told without the index: a stem that ends in the "i" of
// a "y" is met by both.
func (s stem) marks(word string) bool {
	rest, ok := strings.CutPrefix(word, s.text)
	if !ok {
		base, isY := strings.CutSuffix(s.text, "i")
		rest, ok = strings.CutPrefix(word, base+"y")
		ok = ok && isY
	}
	return ok && (s.prefix || rest == "" || len(s.text) > 2 && len(rest) <= longestEnding)
}

// window is the part of a text with the most hits, from one space to another.
func window(text string, hits []span) (from, to int) {
	if utf8.RuneCountInString(text) <= snippetLength {
		return 0, len(text)
	}
	best, first := 0, span{}
	for i, h := range hits {
		n := 0
		for _, other := range hits[i:] {
			if other.to > h.from+snippetLength/2 {
				break
			}
			n++
		}
		if n > best {
			best, first = n, h
		}
	}
	from = max(0, first.from-snippetLength/4) //nolint:mnd // a little of what comes before
	if from > 0 {
		// Where there is no space, as in Chinese, a word is cut rather than the hit lost.
		if space := strings.IndexByte(text[from:first.from], ' '); space >= 0 {
			from += space + 1
		}
	}
	to = min(len(text), from+snippetLength)
	if to < len(text) {
		if space := strings.LastIndexByte(text[from:to], ' '); space > 0 && from+space >= first.to {
			to = from + space
		}
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	return from, to
}
