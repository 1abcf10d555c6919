package search

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// What an alternative counts beside the word itself.
const (
	typedPrefix     = 0.9  // a word with a * at its end
	unknownPrefix   = 0.7  // the beginning of words, where the word itself is unknown
	knownPrefix     = 0.15 // the beginning of words, beside the word itself: "gis" hardly means "gist"
	corrected       = 0.8
	furtherAway     = 0.75 // each further correction, beside the one before
	synonymOfWord   = 0.55
	synonymOfPhrase = 0.7
)

// littleWorth is the rarity of what decides little: the words that questions are made of, and wishes about builds.
const littleWorth = 0.5

// concept is a word of a question with everything else that may be meant by it. It is scored once, however often and in
// however many ways it is met.
type concept struct {
	// text is the word as it was typed.
	text         string
	alternatives []alternative
	// projects is in about how many it is.
	projects int
	// rarity is what it counts beside the others.
	rarity float64
	// wish says that it is about a build: met or not, it decides nothing but the order.
	wish bool
}

// alternative is one way to meet a concept: all its stems, or a facet.
type alternative struct {
	stems  []stem
	facets []string
	weight float64
}

type stem struct {
	text   string
	prefix bool
}

// plan is a question as it is looked for.
type plan struct {
	question question
	concepts []concept
	// phrases and without are stems that have to follow each other, or must not be there.
	phrases, without [][]string
	// better is the question with its unknown words put right, "" where there are none.
	better string
	// projects is how many there are.
	projects int
}

// known is what is known of words: those of the question, and those of the synonyms.
type known struct {
	question, synonyms map[string]ports.SearchWord
	projects           int
}

func (k known) stems(text string) []string {
	if w, ok := k.question[text]; ok {
		return w.Stems
	}
	return k.synonyms[text].Stems
}

// newPlan works out what is meant.
func newPlan(q question, k known) plan {
	p := plan{question: q, projects: max(k.projects, 1)}
	p.better = k.correct(q)
	reached := k.reach(q)
	for i, w := range q.words {
		c := k.concept(w, reached[i])
		if wish, ok := buildWish(w.text); ok && len(q.words) > 1 {
			c.alternatives, c.wish = append(c.alternatives, wish), true
		}
		if len(c.alternatives) == 0 {
			continue
		}
		c.rarity = math.Log(1 + float64(p.projects)/(float64(c.projects)+0.5))
		if c.wish || quiet()[w.text] {
			c.rarity = min(c.rarity, littleWorth)
		}
		p.concepts = append(p.concepts, c)
	}
	p.joinWishes()
	for _, phrase := range q.phrases {
		if stems := k.phrase(phrase); len(stems) > 1 {
			p.phrases = append(p.phrases, stems)
		}
	}
	for _, words := range q.without {
		if stems := k.phrase(words); len(stems) > 0 {
			p.without = append(p.without, stems)
		}
	}
	return p
}

// phrase gives the stems of words that follow each other.
func (k known) phrase(words []string) []string {
	var stems []string
	for _, text := range words {
		stems = append(stems, k.stems(text)...)
	}
	return stems
}

// concept collects the ways to meet a word; reached are those that synonyms add.
func (k known) concept(w word, reached []alternative) concept {
	facts := k.question[w.text]
	found := facts.Projects + facts.InReadmes
	c := concept{text: w.text}
	if len(facts.Stems) > 0 && found > 0 {
		c.alternatives = append(c.alternatives, alternative{stems: plain(facts.Stems), weight: 1})
		c.projects = found
	}
	begins := alternative{stems: []stem{{text: w.text, prefix: true}}}
	switch {
	case len(facts.Stems) == 0 && !w.prefix: // a word such as "the"
	case w.prefix:
		begins.weight = typedPrefix
	case found == 0 && facts.Prefixed > 0 && len(w.text) > 2:
		begins.weight = unknownPrefix
	case w.last && facts.Prefixed > facts.Projects && len(w.text) > 2:
		begins.weight = knownPrefix
	}
	if begins.weight > 0 {
		c.alternatives = append(c.alternatives, begins)
		c.projects = max(c.projects, facts.Prefixed)
	}
	c.alternatives = append(c.alternatives, reached...)
	for _, a := range reached {
		c.projects = max(c.projects, k.rarest(a))
	}
	if found == 0 && begins.weight == 0 {
		weight := corrected
		for _, other := range k.corrections(w.text) {
			c.alternatives = append(c.alternatives, alternative{stems: []stem{{text: other.Stem}}, weight: weight})
			weight *= furtherAway
		}
	}
	return c
}

func plain(stems []string) []stem {
	list := make([]stem, len(stems))
	for i, text := range stems {
		list[i] = stem{text: text}
	}
	return list
}

// rarest is how many projects have the rarest stem of an alternative.
func (k known) rarest(a alternative) int {
	least := math.MaxInt
	for _, s := range a.stems {
		least = min(least, k.projectsWith(s.text))
	}
	return least
}

func (k known) projectsWith(text string) int {
	for _, words := range []map[string]ports.SearchWord{k.synonyms, k.question} {
		for _, w := range words {
			if len(w.Stems) > 0 && w.Stems[0] == text {
				return w.Projects
			}
		}
	}
	return 0
}

// unknown says that nothing has the word, nor begins with it, nor is a synonym of it.
func (k known) unknown(text string) bool {
	w := k.question[text]
	_, isWish := buildWish(text)
	return len(w.Stems) > 0 && w.Projects+w.InReadmes+w.Prefixed == 0 && !isWish && !quiet()[text] && !k.isSynonym(w.Stems[0])
}

// isSynonym says that synonyms have a word of the stem.
func (k known) isSynonym(stem string) bool {
	for _, w := range k.synonyms {
		if len(w.Stems) > 0 && w.Stems[0] == stem {
			return true
		}
	}
	return false
}

// corrections are words that differ from an unknown one by a slip of a finger, those of the synonyms among them. Few slip
// at the first letter, and then a short word is rather another word.
func (k known) corrections(text string) []ports.SearchCorrection {
	const most, shortest, long = 3, 4, 6
	if len(text) < shortest || !k.unknown(text) {
		return nil
	}
	all := slices.Clone(k.question[text].Corrections)
	for _, other := range slices.Sorted(maps.Keys(k.synonyms)) {
		if stems := k.synonyms[other].Stems; len(stems) > 0 && slip(text, other) {
			all = append(all, ports.SearchCorrection{Word: other, Stem: stems[0]})
		}
	}
	all = slices.DeleteFunc(all, func(c ports.SearchCorrection) bool {
		return len(c.Word) < shortest || len(text) < long && c.Word[0] != text[0] && c.Word[1:] == text[1:]
	})
	slices.SortStableFunc(all, func(a, b ports.SearchCorrection) int {
		return boolean(!slip(text, a.Word)) - boolean(!slip(text, b.Word))
	})
	var once []ports.SearchCorrection
	for _, other := range all {
		if !slices.ContainsFunc(once, func(c ports.SearchCorrection) bool { return c.Stem == other.Stem }) {
			once = append(once, other)
		}
	}
	return once[:min(len(once), most)]
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// correct writes the question anew with the likeliest corrections.
func (k known) correct(q question) string {
	var words []string
	changed := false
	for _, w := range q.words {
		text := w.text
		if better := k.corrections(text); len(better) > 0 {
			text, changed = better[0].Word, true
		}
		words = append(words, text)
	}
	if !changed {
		return ""
	}
	return join(words)
}

// reach finds the synonyms of each word of a question: of the word alone, and of several that follow each other. Words
// that are unknown are taken for what they were meant to be.
func (k known) reach(q question) [][]alternative {
	read := make([]spoken, len(q.words))
	discount := make([]float64, len(q.words))
	for i, w := range q.words {
		read[i], discount[i] = spoken{w.text, k.stems(w.text)}, 1
		if better := k.corrections(w.text); len(better) > 0 {
			read[i], discount[i] = spoken{better[0].Word, []string{better[0].Stem}}, corrected
		}
	}
	reached := make([][]alternative, len(q.words))
	for _, s := range synonyms() {
		weight := synonymOfWord
		if len(s.from) > 1 {
			weight = synonymOfPhrase
		}
		for at := 0; at+len(s.from) <= len(read); at++ {
			if !k.same(read[at:at+len(s.from)], s.from) {
				continue
			}
			for _, to := range s.to {
				stems := k.phrase(to)
				if len(stems) == 0 || within(stems, k.phrase(s.from)) {
					continue
				}
				for i := range s.from {
					reached[at+i] = append(reached[at+i], alternative{stems: plain(stems), weight: weight * slices.Min(discount[at:at+len(s.from)])})
				}
			}
		}
	}
	return reached
}

// within says that all stems are among others: "testing" says no more than "unit test".
func within(stems, others []string) bool {
	return !slices.ContainsFunc(stems, func(s string) bool { return !slices.Contains(others, s) })
}

// spoken is a word with its stems.
type spoken struct {
	text  string
	stems []string
}

// same tells whether words are the same but for their endings.
func (k known) same(read []spoken, from []string) bool {
	for i, word := range read {
		stems := k.stems(from[i])
		if word.text != from[i] && (len(word.stems) == 0 || len(stems) == 0 || word.stems[0] != stems[0]) {
			return false
		}
	}
	return true
}

var majorWish = regexp.MustCompile(`^(?:pg|postgres|postgresql)?([1-9][0-9])$`)

// buildWish reads a word that is about builds: "17", "pg17", "arm64".
func buildWish(text string) (alternative, bool) {
	wish := alternative{weight: 1}
	switch text {
	case "arm", "arm64", "aarch64":
		wish.facets = []string{facetPlatform + extension.LinuxARM64.String()}
		return wish, true
	case "amd64", "x86", "x64", "intel":
		wish.facets = []string{facetPlatform + extension.LinuxAMD64.String()}
		return wish, true
	}
	parts := majorWish.FindStringSubmatch(text)
	if parts == nil {
		return wish, false
	}
	major, err := strconv.Atoi(parts[1])
	wish.facets = []string{facetPostgres + parts[1]}
	return wish, err == nil && major < 40
}

// joinWishes makes of the wishes for a major and for a platform the wish for one build that fits both.
func (p plan) joinWishes() {
	var major, platform string
	var wishes []*alternative
	for _, c := range p.concepts {
		for i := range c.alternatives {
			a := &c.alternatives[i]
			if len(a.facets) != 1 {
				continue
			}
			wishes = append(wishes, a)
			if value, ok := strings.CutPrefix(a.facets[0], facetPostgres); ok {
				major = value
			} else {
				platform = strings.TrimPrefix(a.facets[0], facetPlatform)
			}
		}
	}
	if major == "" || platform == "" {
		return
	}
	for _, a := range wishes {
		a.facets = []string{facetBuild + major + " " + platform}
	}
}

// expression is the condition that a concept puts; false for one that only wishes.
func (c concept) expression() (ports.SearchExpression, bool) {
	var either []ports.SearchExpression
	for _, a := range c.alternatives {
		var all []ports.SearchExpression
		for _, s := range a.stems {
			all = append(all, ports.SearchExpression{Stem: s.text, Prefix: s.prefix})
		}
		if len(all) > 0 {
			either = append(either, ports.SearchExpression{All: all})
		}
	}
	return ports.SearchExpression{Any: either}, len(either) > 0 && !c.wish
}

// conditions are what a question insists on: its phrases, and what must not be there.
func (p plan) conditions() []ports.SearchExpression {
	var all []ports.SearchExpression
	for _, phrase := range p.phrases {
		all = append(all, ports.SearchExpression{Phrase: phrase})
	}
	for _, stems := range p.without {
		all = append(all, ports.SearchExpression{Not: &ports.SearchExpression{Phrase: stems}})
	}
	return all
}
