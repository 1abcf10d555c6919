package search

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// place is where an answer stands in its order. Later fields decide where earlier ones are the same.
type place struct {
	// Class is 2 for a project that is called as the question says, 1 for one that is called so but for "pg".
	Class int `json:"c,omitempty"`
	Score int `json:"s,omitempty"`
	// Downloads are those of the last 30 days.
	Downloads int64     `json:"d,omitempty"`
	Released  time.Time `json:"r,omitzero"`
	Folded    string    `json:"f"`
}

// compare is negative where a comes before b.
func (a place) compare(b place, order Sort) int {
	byName := cmp.Compare(a.Folded, b.Folded)
	switch order {
	case ByName:
		return byName
	case ByRecent:
		return cmp.Or(b.Released.Compare(a.Released), byName)
	case ByDownloads:
		return cmp.Or(cmp.Compare(b.Downloads, a.Downloads), byName)
	case ByRelevance:
	}
	return cmp.Or(cmp.Compare(b.Class, a.Class), cmp.Compare(b.Score, a.Score), cmp.Compare(b.Downloads, a.Downloads), byName)
}

// String gives the key of a place.
func (a place) String() string {
	raw, err := json.Marshal(a)
	if err != nil {
		return "" // numbers, a time and a string
	}
	return string(raw)
}

// readPlace reads the key of a place.
//
// Errors: cursor_invalid.
func readPlace(key string) (place, error) {
	var p place
	err := json.Unmarshal([]byte(key), &p)
	if err == nil && strings.ContainsRune(p.Folded, 0) {
		err = errors.New("no name has a NUL")
	}
	if err != nil {
		return place{}, fault.New(fault.CursorInvalid, "That cursor is not one of this registry. Begin again without it.").Because(err)
	}
	return p, nil
}

// page cuts a page out of ordered answers.
//
// Errors: cursor_invalid for a key that is none.
func page(answers []answer, query Query) ([]answer, string, error) {
	order := query.Sort
	slices.SortFunc(answers, func(a, b answer) int { return a.place.compare(b.place, order) })
	if query.After != "" {
		after, err := readPlace(query.After)
		if err != nil {
			return nil, "", err
		}
		first, found := slices.BinarySearchFunc(answers, after, func(a answer, p place) int { return a.place.compare(p, order) })
		if found {
			first++
		}
		answers = answers[first:]
	}
	if len(answers) <= query.Limit {
		return answers, "", nil
	}
	answers = answers[:query.Limit]
	return answers, answers[query.Limit-1].place.String(), nil
}
