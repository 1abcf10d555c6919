package postgres

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.SearchIndex      = (*Store)(nil)
	_ ports.SearchDirectory  = (*Store)(nil)
	_ ports.SearchStatistics = (*Store)(nil)
)

const (
	// searchTimeout bounds each statement of a search.
	searchTimeout = 2 * time.Second
	// refreshTimeout bounds the counting of everything.
	refreshTimeout = 5 * time.Minute
	// countedValues is how many values of each filter are given with their counts.
	countedValues = 20
)

// bounded runs a statement of a search, which ends after its time.
func bounded[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	within, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	answer, err := ask(within)
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		return answer, fault.New(fault.Overloaded, "That question takes too long to answer. Ask with fewer or rarer words.").
			After(retryDelay).Because(err)
	}
	return answer, interpret(err)
}

// SearchWords tells what the index knows of words.
func (s *Store) SearchWords(ctx context.Context, words, prefixes []string) (ports.SearchVocabulary, error) {
	rows, err := bounded(ctx, func(ctx context.Context) ([]sqlcgen.SearchWordsRow, error) {
		return s.queries.SearchWords(ctx, words, prefixes)
	})
	vocabulary := ports.SearchVocabulary{Words: make(map[string]ports.SearchWord, len(rows))}
	for _, row := range rows {
		vocabulary.Projects = int(row.Total)
		word := ports.SearchWord{
			Stems: row.Stems, Projects: int(row.Projects), InReadmes: int(row.InReadmes), Prefixed: int(row.Prefixed),
		}
		for i, other := range row.Corrections {
			word.Corrections = append(word.Corrections, ports.SearchCorrection{Word: other, Stem: row.CorrectedStems[i]})
		}
		vocabulary.Words[row.Word] = word
	}
	return vocabulary, err
}

// SearchCandidates gives projects that match, and those that are called so.
func (s *Store) SearchCandidates(ctx context.Context, match ports.SearchMatch) ([]ports.SearchCandidate, error) {
	found, err := bounded(ctx, func(ctx context.Context) ([]document, error) {
		matches, err := s.queries.SearchMatches(ctx, sqlcgen.SearchMatchesParams{
			Names: match.Names, Filter: condition(match.Filter), Query: condition(match.Expression), Tier: int32(match.Tier), Most: int32(match.Limit),
		})
		if err != nil {
			return nil, err
		}
		return s.documents.of(ctx, matches)
	})
	wanted := wantedBy(match.Expression)
	candidates := make([]ports.SearchCandidate, len(found))
	for i, d := range found {
		candidates[i] = d.candidate
		candidates[i].Found = wanted.in(d.found)
	}
	return candidates, err
}

// SearchCards gives what is shown of projects.
func (s *Store) SearchCards(ctx context.Context, projectIDs, withReadme []string) ([]ports.SearchCard, error) {
	rows, err := bounded(ctx, func(ctx context.Context) ([]sqlcgen.SearchCardsRow, error) {
		return s.queries.SearchCards(ctx, withReadme, projectIDs)
	})
	return each(rows, func(row sqlcgen.SearchCardsRow) ports.SearchCard {
		return ports.SearchCard{
			ProjectID: row.ProjectID, Name: row.Name, Folded: row.Folded, Version: row.Version, Description: row.Description,
			License: row.License, Deprecation: text(row.Deprecation), Extensions: row.Extensions, Facets: row.Facets,
			Released: row.ReleasedAt.UTC(), Downloads: row.Downloads, Readme: row.Readme,
		}
	}), err
}

// cardFromRow is a card without a README.
func cardFromRow(row sqlcgen.SearchCard) ports.SearchCard {
	return ports.SearchCard{
		ProjectID: row.ProjectID, Name: row.Name, Folded: row.Folded, Version: row.Version, Description: row.Description,
		License: row.License, Deprecation: text(row.Deprecation), Extensions: row.Extensions, Facets: row.Facets,
		Released: row.ReleasedAt.UTC(), Downloads: row.Downloads,
	}
}

// SearchCard gives what is shown of a project.
func (s *Store) SearchCard(ctx context.Context, project string) (ports.SearchCard, error) {
	row, err := s.queries.CardOfProject(ctx, project)
	if err != nil {
		return ports.SearchCard{}, notFound(err, unknownProject(project))
	}
	card := ports.SearchCard{
		ProjectID: row.ProjectID, Name: row.Name, Folded: row.Folded, Version: row.Version, Description: row.Description,
		License: row.License, Deprecation: text(row.Deprecation), Extensions: row.Extensions, Facets: row.Facets, Downloads: row.Downloads,
	}
	if row.ReleasedAt != nil {
		card.Released = row.ReleasedAt.UTC()
	}
	return card, nil
}

// endOfTime is after every release.
var endOfTime = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// BrowseCards gives what is shown of projects, in an order.
func (s *Store) BrowseCards(ctx context.Context, browse ports.SearchBrowse) ([]ports.SearchCard, error) {
	after := ports.SearchCard{Downloads: math.MaxInt64, Released: endOfTime}
	if browse.After != nil {
		after = *browse.After
	}
	facets := browse.Facets
	if facets == nil {
		facets = []string{}
	}
	rows, err := bounded(ctx, func(ctx context.Context) ([]sqlcgen.SearchCard, error) {
		switch browse.Order {
		case ports.SearchByName:
			return s.queries.CardsByName(ctx, facets, after.Folded, int32(browse.Limit))
		case ports.SearchByRelease:
			return s.queries.CardsByRelease(ctx, facets, after.Released, after.Folded, int32(browse.Limit))
		case ports.SearchByDownloads:
		}
		return s.queries.CardsByDownloads(ctx, facets, after.Downloads, after.Folded, int32(browse.Limit))
	})
	return each(rows, cardFromRow), err
}

// SearchCounts gives how many projects have facets, as of the last refresh.
func (s *Store) SearchCounts(ctx context.Context, facets []string) (map[string]int, error) {
	rows, err := bounded(ctx, func(ctx context.Context) ([]sqlcgen.SearchCountsRow, error) {
		return s.queries.SearchCounts(ctx, append([]string{""}, facets...), countedValues)
	})
	counts := make(map[string]int, len(rows))
	for _, row := range rows {
		counts[row.Facet] = int(row.Projects)
	}
	return counts, err
}

// SuggestNames gives the projects with a name that begins with a key.
func (s *Store) SuggestNames(ctx context.Context, key string, limit int) ([]ports.SearchCard, error) {
	rows, err := bounded(ctx, func(ctx context.Context) ([]sqlcgen.SuggestNamesRow, error) {
		return s.queries.SuggestNames(ctx, key, int32(limit))
	})
	return each(rows, func(row sqlcgen.SuggestNamesRow) ports.SearchCard {
		return ports.SearchCard{Name: row.Name, Folded: row.Folded, Description: row.Description}
	}), err
}

// RefreshSearch counts anew after changes of the catalogue.
func (s *Store) RefreshSearch(ctx context.Context) (bool, error) {
	return s.longer(ctx, func(queries *sqlcgen.Queries) (bool, error) { return queries.RefreshSearch(ctx) })
}

// condition writes an expression as PostgreSQL reads it. An empty tsquery is met by nothing; what everything meets is that
// something is not there which never is.
func condition(e ports.SearchExpression) string {
	if query := tsquery(e); query != "" {
		return query
	}
	return "!" + nothing
}

// nothing is a condition that no document meets.
const nothing = "'nothing='"

// tsquery writes an expression, "" for one that everything meets:
// https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
func tsquery(e ports.SearchExpression) string {
	switch {
	case e.Stem != "" && e.Prefix:
		return quoted(e.Stem) + ":*"
	case e.Stem != "":
		return quoted(e.Stem)
	case e.Facet != "":
		return quoted(e.Facet)
	case len(e.Phrase) > 0:
		stems := make([]string, len(e.Phrase))
		for i, stem := range e.Phrase {
			stems[i] = quoted(stem)
		}
		return "(" + strings.Join(stems, " <-> ") + ")"
	case e.Not != nil:
		if query := tsquery(*e.Not); query != "" {
			return "!" + query
		}
		return nothing
	case len(e.All) > 0:
		return joined(e.All, " & ")
	case slices.ContainsFunc(e.Any, func(part ports.SearchExpression) bool { return tsquery(part) == "" }):
		return ""
	default:
		return joined(e.Any, " | ")
	}
}

func joined(parts []ports.SearchExpression, operator string) string {
	var texts []string
	for _, part := range parts {
		if text := tsquery(part); text != "" {
			texts = append(texts, text)
		}
	}
	switch len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	default:
		return "(" + strings.Join(texts, operator) + ")"
	}
}

var quotes = strings.NewReplacer(`'`, `''`, `\`, `\\`)

func quoted(stem string) string { return "'" + quotes.Replace(stem) + "'" }

// stemsOf gives each stem of an expression.
func stemsOf(e ports.SearchExpression, give func(stem string, prefix bool)) {
	if e.Stem != "" {
		give(e.Stem, e.Prefix)
	}
	for _, part := range e.All {
		stemsOf(part, give)
	}
	for _, part := range e.Any {
		stemsOf(part, give)
	}
}

// foundAt reads a position with its weight: "5C".
func foundAt(stem, position string) ports.SearchFound {
	field := ports.SearchInCategory
	switch {
	case strings.HasSuffix(position, "A"):
		field = ports.SearchInName
	case strings.HasSuffix(position, "B"):
		field = ports.SearchInExtension
	case strings.HasSuffix(position, "C"):
		field = ports.SearchInDescription
	}
	// What is no number counts as the beginning.
	n, _ := strconv.Atoi(strings.TrimRight(position, "ABCD"))
	return ports.SearchFound{Stem: stem, Field: field, Position: n}
}

var errVector = errors.New("not the text of a tsvector")

// nextLexeme reads the first lexeme of a tsvector and its positions.
func nextLexeme(vector string) (lexeme, positions, rest string, err error) {
	if vector[0] != '\'' {
		return "", "", "", errVector
	}
	end := 1
	escaped := false
	for ; ; end++ {
		if end >= len(vector) {
			return "", "", "", errVector
		}
		if vector[end] == '\'' || vector[end] == '\\' {
			if end+1 < len(vector) && vector[end+1] == vector[end] {
				end, escaped = end+1, true
				continue
			}
			if vector[end] == '\'' {
				break
			}
		}
	}
	lexeme = vector[1:end]
	if escaped {
		lexeme = strings.NewReplacer(`''`, `'`, `\\`, `\`).Replace(lexeme)
	}
	positions, rest, _ = strings.Cut(vector[end+1:], " ")
	return lexeme, strings.TrimPrefix(positions, ":"), rest, nil
}
