package ports

import (
	"context"
	"time"
)

// SearchIndex finds candidates for the answers to a question; what they are worth is decided in the core. Every method
// may return database_unavailable, and overloaded where the answer takes longer than a search may.
type SearchIndex interface {
	// SearchWords tells what the index knows of words, each once; of those that are in prefixes too, and of those that it does
	// not know and that have more than three letters, also as the beginning of others.
	SearchWords(ctx context.Context, words, prefixes []string) (SearchVocabulary, error)
	// SearchCandidates gives projects that match, at most so many, in no order; and on top of them those that one of the
	// names leads to. A project may come twice.
	SearchCandidates(ctx context.Context, match SearchMatch) ([]SearchCandidate, error)
	// SearchCards gives what is shown of projects, in no order; of those in withReadme also the beginning of the README.
	SearchCards(ctx context.Context, projectIDs, withReadme []string) ([]SearchCard, error)
	// BrowseCards gives what is shown of projects, in an order.
	BrowseCards(ctx context.Context, browse SearchBrowse) ([]SearchCard, error)
}

// SearchDirectory answers what needs no search. Every method may return database_unavailable, and overloaded.
type SearchDirectory interface {
	// SearchCounts gives how many projects have each of the facets, and the highest counts of each filter; under "" all. The
	// counts are those of the last refresh.
	SearchCounts(ctx context.Context, facets []string) (map[string]int, error)
	// SuggestNames gives the projects with a name that begins so, in lower case and without anything but letters and digits,
	// the most downloaded first.
	SuggestNames(ctx context.Context, key string, limit int) ([]SearchCard, error)
	// SearchCard gives what is shown of the project of a name, as extension.FoldName gives it. One without a latest version
	// has a card without a version and a release.
	//
	// Errors: project_unknown.
	SearchCard(ctx context.Context, project string) (SearchCard, error)
}

// SearchStatistics keeps the counts that searches rely on.
type SearchStatistics interface {
	// RefreshSearch counts anew after changes of the catalogue. It is false where there was nothing to do, or where another
	// process is at it.
	RefreshSearch(ctx context.Context) (bool, error)
}

// SearchVocabulary is what the index knows of words.
type SearchVocabulary struct {
	Words map[string]SearchWord
	// Projects is how many projects there were at the last refresh.
	Projects int
}

// SearchWord is what the index knows of a word.
type SearchWord struct {
	// Stems are what is looked for, none for a word such as "the".
	Stems []string
	// Projects is in how many projects the word or another of the same stem is; InReadmes counts READMEs, up to about a
	// thousand, and only where Projects is 0.
	Projects, InReadmes int
	// Prefixed is how many projects have words that begin with it, a project counted once a word; all projects, where it
	// begins a thousand words.
	Prefixed int
	// Corrections are known words that differ by a slip of a finger, the likeliest first, where the word itself is unknown.
	Corrections []SearchCorrection
}

// SearchCorrection is a known word that may have been meant.
type SearchCorrection struct{ Word, Stem string }

// SearchExpression is a condition on a document. One field is set, or none for a condition that everything meets.
type SearchExpression struct {
	// Stem is a word's stem; with Prefix any word that begins so.
	Stem   string
	Prefix bool
	// Facet is a value of a filter, such as "category=search".
	Facet    string
	All, Any []SearchExpression
	// Phrase are stems that follow each other.
	Phrase []string
	Not    *SearchExpression
}

// SearchTier is how much of the catalogue is looked through.
type SearchTier int

// The tiers, by downloads.
const (
	// SearchMost are the first 1,000.
	SearchMost SearchTier = iota
	// SearchMany are the first 20,000.
	SearchMany
	SearchAll
)

// SearchMatch asks for candidates.
type SearchMatch struct {
	Expression SearchExpression
	Tier       SearchTier
	Limit      int
	// Names are keys: names in lower case, without anything but letters and digits; Filter is what projects have to meet that are found by them.
	Names  []string
	Filter SearchExpression
}

// SearchCandidate is a project that may be an answer.
type SearchCandidate struct {
	ProjectID  string
	Name       string
	Folded     string
	Extensions []string
	// Found are the stems of the expression that are outside of the README.
	Found     []SearchFound
	Facets    []string
	Downloads int64
	Released  time.Time
}

// SearchField is where a stem was found.
type SearchField int

// The fields, from the one that says most.
const (
	SearchInName SearchField = iota
	SearchInExtension
	SearchInDescription
	SearchInCategory
)

// SearchFound is a stem in a project.
type SearchFound struct {
	Stem  string
	Field SearchField
	// Position counts words from 1 on.
	Position int
}

// SearchCard is what an answer shows of a project.
type SearchCard struct {
	ProjectID, Name, Folded, Version, Description, License, Deprecation string
	Extensions, Facets                                                  []string
	Released                                                            time.Time
	Downloads                                                           int64
	// Readme is the beginning of the README as it was written.
	Readme string
}

// SearchOrder is an order of cards. Each is total: by name where the rest is equal.
type SearchOrder int

// The orders.
const (
	SearchByDownloads SearchOrder = iota
	SearchByRelease
	SearchByName
)

// SearchBrowse asks for cards in an order.
type SearchBrowse struct {
	Order SearchOrder
	// Facets have to be there, all of them.
	Facets []string
	// After is the card after which to go on; nil begins.
	After *SearchCard
	Limit int
}
