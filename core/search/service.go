package search

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service searches.
type Service struct {
	Index     ports.SearchIndex
	Directory ports.SearchDirectory
	Now       ports.Clock

	lexicon lexicon
}

const (
	// most is how many candidates are looked at; fewer are counted exactly.
	most = 1000
	// enough is how many answers to all of a question are as good as more answers to parts of it.
	enough = 10
	// plenty is how many candidates of a tier are worth more than those of the next one.
	plenty = 100
	// sampled is how many projects facets are estimated from, where nothing is asked and there are many.
	sampled = 300
	// mostProjects are in the first tier, manyProjects in the first two.
	mostProjects = 1_000
	manyProjects = 20_000
	// hardlyAny is how many projects have a word that is looked for everywhere at once.
	hardlyAny = 50
	// common is the share of all projects from which on a word is not insisted on.
	common = 0.1
)

// Search answers a question.
//
// Errors: cursor_invalid, overloaded for a question that takes too long, database_unavailable.
func (s *Service) Search(ctx context.Context, query Query) (Result, error) {
	q := parse(query.Text)
	if len(q.words) == 0 && len(q.without) == 0 {
		return s.browse(ctx, query)
	}
	vocabulary, err := s.known(ctx, q)
	if err != nil {
		return Result{}, err
	}
	p := newPlan(q, vocabulary)
	candidates, exact, err := s.gather(ctx, p, query.Filter)
	if err != nil {
		return Result{}, err
	}
	return s.result(ctx, query, p, p.rank(candidates), exact)
}

// result cuts the page that was asked for out of the answers, and completes it.
func (s *Service) result(ctx context.Context, query Query, p plan, answers []answer, exact bool) (Result, error) {
	answers, counts := query.Filter.sift(answers)
	result := Result{
		Facets: counts.facets(!exact), DidYouMean: p.better,
		Total: Total{Value: len(answers)},
	}
	if !exact {
		result.Total = Total{Value: min(len(answers), most), AtLeast: true}
	}
	answers, next, err := page(answers, query)
	if err != nil {
		return Result{}, err
	}
	result.Next = next
	result.Items, err = s.complete(ctx, p, answers)
	return result, err
}

// complete reads what is shown of answers.
func (s *Service) complete(ctx context.Context, p plan, answers []answer) ([]Item, error) {
	items := make([]Item, 0, len(answers))
	if len(answers) == 0 {
		return items, nil
	}
	var ids, withReadme []string
	for _, a := range answers {
		ids = append(ids, a.ProjectID)
		if len(p.concepts) > 0 && !a.described {
			withReadme = append(withReadme, a.ProjectID)
		}
	}
	cards, err := s.Index.SearchCards(ctx, ids, withReadme)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]ports.SearchCard, len(cards))
	for _, card := range cards {
		byID[card.ProjectID] = card
	}
	words := p.stems()
	for _, a := range answers {
		// One that was withdrawn meanwhile is left out.
		if card, ok := byID[a.ProjectID]; ok {
			items = append(items, item(card, words))
		}
	}
	return items, nil
}

func item(card ports.SearchCard, words []stem) Item {
	text := card.Description
	if card.Readme != "" && len(find(text, words)) == 0 {
		text = excerpt(card.Readme, words)
	}
	return Item{
		Project: card.Name, Extensions: card.Extensions, Version: card.Version, Description: card.Description,
		Snippet: snippet(text, words), Categories: valuesOf(card.Facets, facetCategory), Builds: builds(card.Facets),
		License: card.License, Owners: valuesOf(card.Facets, facetOwner),
		Trusted: slices.Contains(card.Facets, facetTrusted+"true"), Deprecation: card.Deprecation,
		Released: card.Released, Downloads: card.Downloads,
	}
}

// known asks what is known of the words of a question.
func (s *Service) known(ctx context.Context, q question) (known, error) {
	synonyms, err := s.lexicon.words(ctx, s.Index, s.Now())
	if err != nil {
		return known{}, err
	}
	var words, prefixes []string
	for _, w := range q.words {
		words = append(words, w.text)
		if w.prefix || w.last {
			prefixes = append(prefixes, w.text)
		}
	}
	for _, without := range q.without {
		words = append(words, without...)
	}
	slices.Sort(words)
	vocabulary, err := s.Index.SearchWords(ctx, slices.Compact(words), prefixes)
	return known{question: vocabulary.Words, synonyms: synonyms, projects: vocabulary.Projects}, err
}

// lexicon keeps what the index knows of the words of the synonyms: their stems never change, and their counts slowly.
type lexicon struct {
	mu    sync.Mutex
	known map[string]ports.SearchWord
	asked time.Time
}

const lexiconAge = 10 * time.Minute

func (l *lexicon) words(ctx context.Context, index ports.SearchIndex, now time.Time) (map[string]ports.SearchWord, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known != nil && now.Sub(l.asked) < lexiconAge {
		return l.known, nil
	}
	vocabulary, err := index.SearchWords(ctx, synonymWords(), nil)
	if err != nil {
		if l.known != nil {
			return l.known, nil
		}
		return nil, err
	}
	l.known, l.asked = vocabulary.Words, now
	return l.known, nil
}

// gather finds the candidates for a question. It is true where these are all there are.
func (s *Service) gather(ctx context.Context, p plan, filter Filter) ([]ports.SearchCandidate, bool, error) {
	var either, required, rare []ports.SearchExpression
	eitherProjects, allProjects := 0, p.projects
	for _, c := range p.concepts {
		expression, ok := c.expression()
		if !ok {
			continue
		}
		either = append(either, expression)
		eitherProjects += c.projects
		if float64(c.projects) <= common*float64(p.projects) {
			required = append(required, expression)
			allProjects = min(allProjects, c.projects)
		}
		if c.projects <= most {
			rare = append(rare, expression)
		}
	}
	match := ports.SearchMatch{Limit: most + 1, Names: p.question.keys, Tier: ports.SearchAll}
	conditions := p.conditions()
	switch {
	case len(either) > 0:
	case len(p.concepts) > 0 || len(conditions) > 0:
		// Nothing but wishes, or what must not be there: everything is a candidate.
		eitherProjects = p.projects
	default:
		// Nothing knows the words, but somebody may be called so.
		match.Limit, match.Filter = 0, filter.widened()
		candidates, err := s.Index.SearchCandidates(ctx, match)
		return candidates, true, err
	}
	if eitherProjects <= most {
		match.Filter = filter.widened()
		match.Expression = combine(conditions, match.Filter, ports.SearchExpression{Any: either})
		candidates, exact, err := s.exhaust(ctx, match, eitherProjects, p.projects)
		if err != nil || exact || len(candidates) > 0 && len(either) == 1 && len(filter.restrictions()) == 0 {
			return candidates, exact, err
		}
		// There are more than was known of.
		eitherProjects = most + 1
		if len(required) < 2 { //nolint:mnd // one word is all of the question
			allProjects = eitherProjects
		}
	}
	match.Filter = filter.expression()
	if len(required) == 0 {
		required, allProjects = either, eitherProjects
	}
	match.Expression = combine(conditions, match.Filter, required...)
	candidates, exact, err := s.tiers(ctx, match, allProjects, p.projects)
	if err != nil || len(candidates) >= enough || len(rare) == 0 || len(required) < 2 {
		return candidates, exact, err
	}
	match.Expression = combine(conditions, match.Filter, ports.SearchExpression{Any: rare})
	more, exact, err := s.tiers(ctx, match, eitherProjects, p.projects)
	return slices.Concat(candidates, more), exact, err
}

func combine(conditions []ports.SearchExpression, filter ports.SearchExpression, more ...ports.SearchExpression) ports.SearchExpression {
	return ports.SearchExpression{All: slices.Concat(more, conditions, []ports.SearchExpression{filter})}
}

// exhaust finds all that match. It is false where there are more than can be looked at; what it gives then, if anything, is
// among the most downloaded.
func (s *Service) exhaust(ctx context.Context, match ports.SearchMatch, expected, projects int) ([]ports.SearchCandidate, bool, error) {
	sample, likely, err := s.sample(ctx, match, expected, projects)
	if err != nil {
		return nil, false, err
	}
	if likely > most {
		match.Tier = ports.SearchMany
		many, err := s.Index.SearchCandidates(ctx, match)
		if err != nil || len(many) > most {
			return slices.Concat(sample, many), false, err
		}
	}
	match.Tier = ports.SearchAll
	candidates, err := s.Index.SearchCandidates(ctx, match)
	if len(candidates) > most {
		return nil, false, err
	}
	return candidates, true, err
}

// sample asks the most downloaded how many projects match in all: what is expected is without what only a README says. It
// asks nobody where that makes no difference.
func (s *Service) sample(ctx context.Context, match ports.SearchMatch, expected, projects int) ([]ports.SearchCandidate, int, error) {
	if expected <= hardlyAny || expected > most || projects <= mostProjects {
		return nil, expected, nil
	}
	match.Tier = ports.SearchMost
	sample, err := s.Index.SearchCandidates(ctx, match)
	// They are no random choice: what is just too much for them may not be for all.
	const doubt = 2
	return sample, max(expected, len(sample)*projects/mostProjects/doubt), err
}

// tiers looks through as much of the catalogue as gives enough candidates and no more than can be looked at. Expected is
// about how many projects match of all.
func (s *Service) tiers(ctx context.Context, match ports.SearchMatch, expected, projects int) ([]ports.SearchCandidate, bool, error) {
	candidates, expected, err := s.sample(ctx, match, expected, projects)
	if err != nil || len(candidates) >= plenty {
		return candidates, false, err
	}
	match.Tier = ports.SearchAll
	switch {
	case expected <= most:
	case candidates != nil || expected*manyProjects/max(projects, manyProjects) <= most:
		match.Tier = ports.SearchMany
	default:
		match.Tier = ports.SearchMost
	}
	candidates, err = s.Index.SearchCandidates(ctx, match)
	for err == nil && len(candidates) < plenty && match.Tier < ports.SearchAll {
		match.Tier++
		candidates, err = s.Index.SearchCandidates(ctx, match)
	}
	return candidates, match.Tier == ports.SearchAll && len(candidates) <= most, err
}

// browse answers the question of no words: everything that the filter leaves, in an order.
func (s *Service) browse(ctx context.Context, query Query) (Result, error) {
	facets := query.Filter.facets("")
	counts, err := s.Directory.SearchCounts(ctx, facets)
	if err != nil {
		return Result{}, err
	}
	if query.Sort == ByRelevance || query.Sort == "" {
		query.Sort = ByDownloads
	}
	if counts[""] <= most {
		cards, err := s.Index.BrowseCards(ctx, ports.SearchBrowse{Order: ports.SearchByName, Limit: most + 1})
		if err != nil {
			return Result{}, err
		}
		if len(cards) <= most {
			return s.shown(query, cards)
		}
	}
	least := counts[""]
	for _, facet := range facets {
		least = min(least, counts[facet])
	}
	if len(facets) > 0 && (least <= most || len(facets) > 1) {
		candidates, err := s.Index.SearchCandidates(ctx, ports.SearchMatch{
			Expression: query.Filter.expression(), Tier: ports.SearchAll, Limit: most + 1,
		})
		if err != nil {
			return Result{}, err
		}
		if len(candidates) <= most {
			return s.result(ctx, query, plan{}, plan{}.rank(candidates), true)
		}
	}
	if len(facets) > 0 && query.Sort == ByDownloads {
		if result, ok, err := s.popular(ctx, query, least); ok || err != nil {
			return result, err
		}
	}
	return s.walk(ctx, query, facets, counts, least)
}

// popular answers out of the most downloaded projects: whatever else there is comes after them. It is false where they do
// not fill the page. Expected is about how many projects there are in all.
func (s *Service) popular(ctx context.Context, query Query, expected int) (Result, bool, error) {
	candidates, err := s.Index.SearchCandidates(ctx, ports.SearchMatch{
		Expression: query.Filter.expression(), Tier: ports.SearchMost, Limit: most,
	})
	if err != nil || len(candidates) < query.Limit {
		return Result{}, false, err
	}
	answers, counts := query.Filter.sift(plan{}.rank(candidates))
	counts.scale(float64(expected) / float64(len(answers)))
	result := Result{Facets: counts.facets(true), Total: Total{Value: most, AtLeast: true}}
	answers, next, err := page(answers, query)
	if err != nil || next == "" {
		return Result{}, false, err
	}
	result.Next = next
	result.Items, err = s.complete(ctx, plan{}, answers)
	return result, true, err
}

// shown answers out of all cards there are.
func (s *Service) shown(query Query, cards []ports.SearchCard) (Result, error) {
	byID := make(map[string]ports.SearchCard, len(cards))
	candidates := make([]ports.SearchCandidate, len(cards))
	for i, card := range cards {
		byID[card.ProjectID] = card
		candidates[i] = ports.SearchCandidate{
			ProjectID: card.ProjectID, Name: card.Name, Folded: card.Folded, Facets: card.Facets, Downloads: card.Downloads, Released: card.Released,
		}
	}
	answers, counts := query.Filter.sift(plan{}.rank(candidates))
	result := Result{Items: []Item{}, Facets: counts.facets(false), Total: Total{Value: len(answers)}}
	answers, next, err := page(answers, query)
	result.Next = next
	for _, a := range answers {
		result.Items = append(result.Items, item(byID[a.ProjectID], nil))
	}
	return result, err
}

// walk answers from the order that was asked for, card by card: there are too many to look at all.
func (s *Service) walk(ctx context.Context, query Query, facets []string, kept map[string]int, least int) (Result, error) {
	browse := ports.SearchBrowse{Facets: facets, Limit: query.Limit + 1}
	switch query.Sort {
	case ByName:
		browse.Order = ports.SearchByName
	case ByRecent:
		browse.Order = ports.SearchByRelease
	case ByRelevance, ByDownloads:
	}
	if query.After != "" {
		after, err := readPlace(query.After)
		if err != nil {
			return Result{}, err
		}
		browse.After = &ports.SearchCard{Folded: after.Folded, Downloads: after.Downloads, Released: after.Released}
	}
	cards, err := s.Index.BrowseCards(ctx, browse)
	if err != nil {
		return Result{}, err
	}
	result := Result{Items: []Item{}, Total: Total{Value: most, AtLeast: true}}
	if len(cards) > query.Limit {
		cards = cards[:query.Limit]
		last := cards[query.Limit-1]
		result.Next = place{Downloads: last.Downloads, Released: last.Released, Folded: last.Folded}.String()
	}
	for _, card := range cards {
		result.Items = append(result.Items, item(card, nil))
	}
	if len(facets) == 0 {
		delete(kept, "")
		result.Facets = tally(kept).facets(true)
		return result, nil
	}
	// What the most downloaded of them have, as a share of all.
	sample, err := s.Index.BrowseCards(ctx, ports.SearchBrowse{Facets: facets, Limit: sampled})
	if err != nil || len(sample) == 0 {
		return result, err
	}
	counts := tally{}
	for _, card := range sample {
		query.Filter.countBuilds(counts, card.Facets)
		counts.add(card.Facets, "")
	}
	counts.scale(float64(least) / float64(len(sample)))
	result.Facets = counts.facets(true)
	return result, nil
}

// suggestions is how many suggestions are given at most.
const suggestions = 8

// Suggest completes what somebody is typing: names first, then projects that the words mean.
//
// Errors: overloaded, database_unavailable.
func (s *Service) Suggest(ctx context.Context, text string) ([]Suggestion, error) {
	list := []Suggestion{}
	typed := key(text)
	if len(typed) == 0 {
		return list, nil
	}
	cards, err := s.Directory.SuggestNames(ctx, typed, suggestions)
	if err != nil {
		return nil, err
	}
	for _, card := range cards {
		list = append(list, Suggestion{Text: card.Name, Project: card.Name, Description: card.Description})
	}
	const few = 3
	if len(list) >= few || len(typed) < few {
		return list, nil
	}
	result, err := s.Search(ctx, Query{Text: text, Sort: ByRelevance, Limit: suggestions})
	if fault.CodeOf(err) == fault.Overloaded {
		return list, nil
	}
	for _, found := range result.Items {
		named := slices.ContainsFunc(list, func(l Suggestion) bool { return extension.FoldName(l.Project) == extension.FoldName(found.Project) })
		if !named && len(list) < suggestions {
			list = append(list, Suggestion{Text: found.Project, Project: found.Project, Description: found.Description})
		}
	}
	return list, err
}

// join writes words as a question.
func join(words []string) string { return strings.Join(words, " ") }
