package postgres

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unique"

	lru "github.com/hashicorp/golang-lru/v2"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

// keptDocuments is how many documents are kept, as many as the first two tiers have: about 3 kB each.
const keptDocuments = 20_000

// document is what a search knows of a project, read out of the database once for each revision.
type document struct {
	revision  int64
	candidate ports.SearchCandidate
	// found are all stems outside of the README, in their order.
	found []ports.SearchFound
}

// documents keeps those that searches met last. A match tells the revision that it is of, so that none is out of date.
type documents struct {
	queries *sqlcgen.Queries
	kept    *lru.Cache[string, document]
}

func newDocuments(queries *sqlcgen.Queries) *documents {
	kept, err := lru.New[string, document](keptDocuments)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &documents{queries: queries, kept: kept}
}

// of gives the documents of matches. One that was withdrawn meanwhile is left out.
func (d *documents) of(ctx context.Context, matches []sqlcgen.SearchMatchesRow) ([]document, error) {
	all := make([]document, 0, len(matches))
	var missing []string
	for _, match := range matches {
		if have, ok := d.kept.Get(match.ProjectID); ok && have.revision == match.Revision {
			all = append(all, have)
		} else {
			missing = append(missing, match.ProjectID)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	rows, err := d.queries.SearchDocuments(ctx, missing)
	for _, row := range rows {
		read := documentFromRow(row)
		d.kept.Add(row.ProjectID, read)
		all = append(all, read)
	}
	return all, err
}

func documentFromRow(row sqlcgen.SearchDocumentsRow) document {
	// Most values of filters and most words are those of others too.
	for i, facet := range row.Facets {
		row.Facets[i] = unique.Make(facet).Value()
	}
	return document{
		revision: row.Revision,
		candidate: ports.SearchCandidate{
			ProjectID: row.ProjectID, Name: row.Name, Folded: row.Folded, Extensions: row.Provides, Facets: row.Facets,
			Downloads: row.Downloads, Released: row.ReleasedAt.UTC(),
		},
		found: foundIn(row.Headline),
	}
}

// stemsWanted are those that an expression looks for.
type stemsWanted struct{ whole, beginnings []string }

func wantedBy(e ports.SearchExpression) stemsWanted {
	var wanted stemsWanted
	stemsOf(e, func(stem string, prefix bool) {
		if prefix {
			wanted.beginnings = append(wanted.beginnings, stem)
		} else {
			wanted.whole = append(wanted.whole, stem)
		}
	})
	slices.Sort(wanted.whole)
	wanted.whole = slices.Compact(wanted.whole)
	return wanted
}

// in gives what is wanted of all that was found.
func (w stemsWanted) in(found []ports.SearchFound) []ports.SearchFound {
	var all []ports.SearchFound
	for _, stem := range w.whole {
		first, last := span(found, stem, func(s string) bool { return s == stem })
		all = append(all, found[first:last]...)
	}
	for _, beginning := range w.beginnings {
		first, last := span(found, beginning, func(s string) bool { return strings.HasPrefix(s, beginning) })
		for _, f := range found[first:last] {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// span gives the run of stems that are so, of which none sorts before one.
func span(found []ports.SearchFound, from string, so func(string) bool) (first, last int) {
	first, _ = slices.BinarySearchFunc(found, from, func(f ports.SearchFound, stem string) int { return cmp.Compare(f.Stem, stem) })
	last = first
	for last < len(found) && so(found[last].Stem) {
		last++
	}
	return first, last
}

// foundIn reads a tsvector without the README. Its text is like 'cron':2A,5C 'job':7C with the letters of weights, of which
// D is not written: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSVECTOR
func foundIn(vector string) []ports.SearchFound {
	var all []ports.SearchFound
	for vector != "" {
		stem, positions, rest, err := nextLexeme(vector)
		if err != nil {
			break
		}
		vector = rest
		stem = unique.Make(stem).Value()
		for position := range strings.SplitSeq(positions, ",") {
			all = append(all, foundAt(stem, position))
		}
	}
	slices.SortStableFunc(all, func(a, b ports.SearchFound) int { return cmp.Compare(a.Stem, b.Stem) })
	return slices.Clip(all)
}
