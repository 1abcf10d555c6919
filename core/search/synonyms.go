package search

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// synonymLines is what people in this field say for the same thing: "a ~ b" both ways, "a, b > c, d" one way.
//
//go:embed synonyms.txt
var synonymLines string

// synonym says that who asks for from may mean to.
type synonym struct {
	from []string
	to   [][]string
}

// synonyms reads the data, once.
var synonyms = sync.OnceValue(func() []synonym { return parseSynonyms(synonymLines) })

// quietLines are words that say little about what a question is about.
//
//go:embed quiet.txt
var quietLines string

// quiet reads them, once.
var quiet = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(quietLines) {
		if !strings.HasPrefix(line, "#") {
			for word := range strings.FieldsSeq(line) {
				words[word] = true
			}
		}
	}
	return words
})

func parseSynonyms(lines string) []synonym {
	var all []synonym
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if left, right, oneWay := strings.Cut(line, ">"); oneWay {
			for _, from := range terms(left, ",") {
				all = append(all, synonym{from: from, to: terms(right, ",")})
			}
			continue
		}
		group := terms(line, "~")
		for i, from := range group {
			all = append(all, synonym{from: from, to: slices.Concat(group[:i:i], group[i+1:])})
		}
	}
	return all
}

func terms(list, separator string) [][]string {
	var all [][]string
	for term := range strings.SplitSeq(list, separator) {
		if words := split(strings.ToLower(term)); len(words) > 0 {
			all = append(all, words)
		}
	}
	return all
}

// synonymWords are all words of the synonyms.
func synonymWords() []string {
	var words []string
	for _, s := range synonyms() {
		words = append(words, s.from...)
		for _, to := range s.to {
			words = append(words, to...)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// slip tells whether two words differ by one letter more, less or other, or by two neighbours that changed places.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || slices.Equal(x, y) {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return slices.Equal(x[i:], y[i+1:])
	}
	return slices.Equal(x[i+1:], y[i+1:]) ||
		i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}
