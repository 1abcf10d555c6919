package search

import (
	"math"
	"slices"
	"strings"

	"pgtrunk.io/registry/ports"
)

// What a word counts by where it is found.
const (
	inName        = 1.0
	inExtension   = 0.95
	partOfName    = 0.5
	inDescription = 0.7
	inReadme      = 0.25
	inCategory    = 0.2
	isOwner       = 0.15
	// lateWords is what the last words of a long description lose beside the first.
	lateWords = 0.3
	longText  = 40
)

const (
	// partly is what an answer to nothing loses beside one to all of the question.
	partly = 0.8
	// unnamed is what a project loses that is called after something else.
	unnamed = 0.1
)

// steps is how finely scores are told apart: within a step, downloads decide.
const steps = 50

// worthwhile is what an answer has to score beside the best, if it does not meet the whole question.
const worthwhile = 0.3

// answer is a candidate with what it is worth.
type answer struct {
	*ports.SearchCandidate

	place place
	// share is how much of the question is met, from 0 to 1; described says that something is met outside of the README.
	share     float64
	described bool
}

// rank gives the candidates once each, the best first, without those that are not worth it.
func (p plan) rank(candidates []ports.SearchCandidate) []answer {
	seen := make(map[string]bool, len(candidates))
	answers := make([]answer, 0, len(candidates))
	best := 0
	for i := range candidates {
		c := &candidates[i]
		if seen[c.ProjectID] {
			continue
		}
		seen[c.ProjectID] = true
		a := p.score(c)
		answers = append(answers, a)
		best = max(best, a.place.Score)
	}
	if len(p.concepts) > 0 {
		answers = slices.DeleteFunc(answers, func(a answer) bool {
			return a.place.Class == 0 && a.share < 1 && float64(a.place.Score) < worthwhile*float64(best)
		})
	}
	return answers
}

// score says what a candidate is worth: for each concept what its best alternative is, times its rarity, times the share
// of the question that is met.
func (p plan) score(c *ports.SearchCandidate) answer {
	a := answer{SearchCandidate: c}
	a.place = place{Class: p.class(c), Downloads: c.Downloads, Released: c.Released, Folded: c.Folded}
	var sum, all, asked, met float64
	missing := -1
	for i, concept := range p.concepts {
		value := concept.score(c)
		all += concept.rarity
		sum += value * concept.rarity
		if concept.wish {
			continue
		}
		asked += concept.rarity
		switch {
		case value > 0:
			met += concept.rarity
		case missing < 0 || concept.rarity < p.concepts[missing].rarity:
			missing = i
		}
	}
	a.described = met > 0
	if met == 0 && missing >= 0 {
		// It is a candidate all the same: the commonest of what is missing is in the README.
		met = p.concepts[missing].rarity
		sum += inReadme * met
	}
	if all == 0 {
		return a
	}
	a.share = 1
	if asked > 0 {
		a.share = met / asked
	}
	a.place.Score = int(math.Round(sum / all * (1 - partly + partly*a.share) * (1 - unnamed + unnamed*p.focus(c)) * steps * 2))
	return a
}

// class tells whether a candidate is called as the question says.
func (p plan) class(c *ports.SearchCandidate) int {
	class := p.classOf(c.Name)
	for _, name := range c.Extensions {
		class = max(class, p.classOf(name))
	}
	return class
}

func (p plan) classOf(name string) int {
	called := func(key string) bool { return hasKey(name, key) }
	switch {
	case slices.ContainsFunc(p.question.wholes, called):
		return 2
	case slices.ContainsFunc(p.question.near, called):
		return 1
	default:
		return 0
	}
}

// focus is how much of a project's name the question is about, from 0 to 1.
func (p plan) focus(c *ports.SearchCandidate) float64 {
	parts, named := 0, 0
	for part := range strings.FieldsFuncSeq(strings.ToLower(c.Name), between) {
		parts++
		if part == "pg" || slices.ContainsFunc(p.question.words, func(w word) bool { return w.text == part || w.text == stripped(part) }) {
			named++
		}
	}
	return float64(named) / float64(max(parts, 1))
}

func (c concept) score(candidate *ports.SearchCandidate) float64 {
	best := 0.0
	if c.isPartOf(candidate.Name) {
		best = partOfName
	}
	for _, a := range c.alternatives {
		best = max(best, a.weight*a.score(candidate))
	}
	return best
}

// isPartOf tells whether the word is in a name that is written as one: "cache" in "pg_buffercache".
func (c concept) isPartOf(name string) bool {
	const shortest = 4
	return len(c.text) >= shortest && strings.Contains(strings.ToLower(name), strings.TrimSuffix(c.text, "s"))
}

// score is what the stem counts that is found at the worst place; 0 where one is not found.
func (a alternative) score(candidate *ports.SearchCandidate) float64 {
	if len(a.facets) > 0 {
		for _, facet := range a.facets {
			if !slices.Contains(candidate.Facets, facet) {
				return 0
			}
		}
		return 1
	}
	worst := math.Inf(1)
	for _, s := range a.stems {
		best := 0.0
		for _, found := range candidate.Found {
			if found.Stem == s.text || s.prefix && strings.HasPrefix(found.Stem, s.text) {
				best = max(best, fieldWeight(found))
			}
		}
		if best == 0 && slices.Contains(candidate.Facets, facetOwner+s.text) {
			best = isOwner
		}
		worst = min(worst, best)
	}
	return worst
}

func fieldWeight(found ports.SearchFound) float64 {
	switch found.Field {
	case ports.SearchInName:
		return inName
	case ports.SearchInExtension:
		return inExtension
	case ports.SearchInDescription:
		return inDescription * (1 - lateWords*min(1, float64(found.Position)/longText))
	case ports.SearchInCategory:
		return inCategory
	default:
		return 0
	}
}

// stems are all that is looked for, to be marked where it is shown.
func (p plan) stems() []stem {
	var all []stem
	for _, c := range p.concepts {
		for _, a := range c.alternatives {
			all = append(all, a.stems...)
		}
	}
	return all
}
