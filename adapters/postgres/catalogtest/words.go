package catalogtest

import (
	_ "embed"
	"math/rand/v2"
	"strings"
)

// The words of the field, the most frequent first: those of the descriptions of a real catalogue.
//
//go:embed words.txt
var fieldWords string

// vocabulary is how many different words there are. Those beyond the field's are made up, as the names of people, products
// and variables are that fill real texts.
const vocabulary = 120_000

// words are the vocabulary by rank.
func words() []string {
	all := make([]string, 0, vocabulary)
	all = append(all, strings.Fields(fieldWords)...)
	for n := len(all); n < vocabulary; n++ {
		all = append(all, madeUp(n))
	}
	return all
}

// madeUp is the word of a number: its digits in a system whose digits are syllables, so that no two numbers share a word.
func madeUp(n int) string {
	const consonants, vowels = "bdfghjklmnprstvwz", "aeiou"
	var word []byte
	for ; n > 0; n /= len(consonants) * len(vowels) {
		syllable := n % (len(consonants) * len(vowels))
		word = append(word, consonants[syllable/len(vowels)], vowels[syllable%len(vowels)])
	}
	return string(word)
}

// prose draws words as texts have them: the word of rank k comes about 1/k times as often as the first.
type prose struct {
	words []string
	ranks *rand.Zipf
}

func newProse(source *rand.Rand, words []string) *prose {
	return &prose{words: words, ranks: rand.NewZipf(source, 1.08, 3, uint64(len(words)-1))}
}

func (p *prose) word() string { return p.words[p.ranks.Uint64()] }

// write appends a text of some words, in sentences.
func (p *prose) write(to *strings.Builder, count int) {
	const sentence = 14
	for i := range count {
		word := p.word()
		if i%sentence == 0 {
			to.WriteString(strings.ToUpper(word[:1]))
			word = word[1:]
		}
		to.WriteString(word)
		switch {
		case i == count-1:
			to.WriteByte('.')
		case i%sentence == sentence-1:
			to.WriteString(". ")
		default:
			to.WriteByte(' ')
		}
	}
}
