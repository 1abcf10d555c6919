package search

import (
	"slices"
	"strings"
	"unicode"
)

// The bounds of a question: what comes after them is not read.
const (
	maxText  = 200
	maxWords = 12
)

// question is what somebody typed, taken apart.
type question struct {
	// text is the question without what it leaves out.
	words []word
	// phrases are words that follow each other; they are in words too.
	phrases [][]string
	// without are words, or words that follow each other, that must not be there.
	without [][]string
	// keys are the names that it may be.
	keys []string
	// wholes are the keys of all of it: names write "2" for "to".
	wholes []string
	// near are the keys of names that are it but for "pg".
	near []string
}

type word struct {
	text string
	// prefix says that it was written with a * at its end, last that nothing comes after it: it may still be typed.
	prefix, last bool
}

// parse takes a question apart. Everything is a question; what cannot be understood is left out.
func parse(text string) question {
	var q question
	runes := []rune(strings.ToLower(text))
	runes = runes[:min(len(runes), maxText)]
	var tokens []string
	for i := 0; i < len(runes); {
		negative := runes[i] == '-' && i+1 < len(runes) && (i == 0 || unicode.IsSpace(runes[i-1]))
		if negative {
			i++
		}
		end := slices.IndexFunc(runes[i:], unicode.IsSpace)
		quoted := runes[i] == '"'
		if quoted {
			i++
			end = slices.Index(runes[i:], '"')
		}
		if end < 0 {
			end = len(runes) - i
		}
		part := string(runes[i : i+end])
		i += end + 1
		q.add(part, negative, quoted)
		if !negative {
			tokens = append(tokens, part)
		}
	}
	q.words = q.words[:min(len(q.words), maxWords)]
	if n := len(q.words); n > 0 {
		q.words[n-1].last = !strings.HasSuffix(string(runes), `"`)
	}
	q.name(tokens)
	return q
}

// add reads one token.
func (q *question) add(part string, negative, quoted bool) {
	words := split(part)
	switch {
	case len(words) == 0:
	case negative:
		if len(q.without) < maxWords {
			q.without = append(q.without, words)
		}
	default:
		for i, text := range words {
			prefix := !quoted && i == len(words)-1 && strings.HasSuffix(part, "*")
			q.words = append(q.words, word{text: text, prefix: prefix})
		}
		if quoted && len(words) > 1 && len(q.phrases) < maxWords {
			q.phrases = append(q.phrases, words[:min(len(words), maxWords)])
		}
	}
}

// name notes which names the tokens may be: each, each beside the next, and all.
func (q *question) name(tokens []string) {
	for i, token := range tokens {
		q.keys = append(q.keys, key(token))
		if i+1 < len(tokens) {
			q.keys = append(q.keys, key(token+tokens[i+1]))
		}
	}
	q.wholes = append(q.wholes, key(strings.Join(tokens, "")))
	if numbered := slices.Clone(tokens); slices.Contains(numbered, "to") {
		numbered[slices.Index(numbered, "to")] = "2"
		q.wholes = append(q.wholes, key(strings.Join(numbered, "")))
	}
	// A question in signs or in another script is no name; names of extensions may be nothing but signs.
	q.wholes = slices.DeleteFunc(q.wholes, func(k string) bool { return k == "" })
	q.keys = append(q.keys, q.wholes...)
	for _, whole := range q.wholes {
		if rest := stripped(whole); rest != whole {
			q.near = append(q.near, rest)
		}
		for _, prefix := range namePrefixes {
			q.near = append(q.near, prefix+whole)
		}
	}
	q.keys = slices.DeleteFunc(q.keys, func(k string) bool { return len(k) < 2 })
	slices.Sort(q.keys)
	q.keys = slices.Compact(q.keys)
}

// split gives the words of a text: runs of letters and digits, as the index has them.
func split(text string) []string { return strings.FieldsFunc(text, between) }

// between says that a character parts words.
func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// key is a name without its case and separators.
func key(name string) string { return strings.Map(keyed, name) }

// keyed is what of a character is in a key; -1 for nothing.
func keyed(r rune) rune {
	if r = unicode.ToLower(r); r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// hasKey tells whether a name has a key, without making it: that is asked of a thousand names at once.
func hasKey(name, wanted string) bool {
	for _, r := range name {
		if r = keyed(r); r < 0 {
			continue
		}
		if wanted == "" || rune(wanted[0]) != r {
			return false
		}
		wanted = wanted[1:]
	}
	return wanted == ""
}

// namePrefixes are what so many names begin with that it says nothing.
var namePrefixes = []string{"postgresql", "pg", "pl"}

// stripped is a key without the "pg" that so many names begin with.
func stripped(key string) string {
	for _, prefix := range namePrefixes {
		if rest, ok := strings.CutPrefix(key, prefix); ok && rest != "" {
			return rest
		}
	}
	return key
}
