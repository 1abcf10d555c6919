// Package search is the use case of finding what a person means: a question in words, filters, and an order.
package search

import (
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Query is what a person asks for.
type Query struct {
	// Text is the question: words, "phrases", -words that must not be there, and prefix*; "" asks for everything.
	Text   string
	Filter Filter
	Sort   Sort
	// Limit is how many to give, 1 to 100; After is the key of the last one that was given, "" for the first page.
	Limit int
	After string
}

// Filter leaves only what fits. Zero values leave everything.
type Filter struct {
	// Category is a slug.
	Category string
	// Postgres is a major; with Platform too, one build has to fit both.
	Postgres int
	Platform extension.Platform
	License  string
	// Owner is the name of a user.
	Owner string
	// Trusted leaves the projects whose extensions can, or cannot, be created without being a superuser.
	Trusted *bool
}

// Sort is an order of results. Each is total.
type Sort string

// The orders that there are.
const (
	// ByRelevance puts the best answer first; without words it is the order of downloads.
	ByRelevance Sort = "relevance"
	ByDownloads Sort = "downloads"
	// ByRecent puts the newest release first.
	ByRecent Sort = "recent"
	ByName   Sort = "name"
)

// Result is a page of answers.
type Result struct {
	Items []Item
	// Facets counts, for each filter, what each of its values would give beside the other filters.
	Facets Facets
	Total  Total
	// DidYouMean is the question with the words that nothing knows put right; "" where there is nothing to put right.
	DidYouMean string
	// Next is the key for the next page, "" on the last.
	Next string
}

// Total is how many projects there are in all.
type Total struct {
	Value int
	// AtLeast says that there are more than Value.
	AtLeast bool
}

// Item is one project.
type Item struct {
	// Project is the canonical spelling of the project's name.
	Project string
	// Extensions are the names for CREATE EXTENSION.
	Extensions  []string
	Version     string
	Description string
	// Snippet says why it is here: the part of the description or of the README in which the words are.
	Snippet []Fragment
	// Categories are slugs.
	Categories []string
	// Builds are those of the latest version, by PostgreSQL major, linux/amd64 first.
	Builds  []Build
	License string
	// Owners are names of users.
	Owners  []string
	Trusted bool
	// Deprecation says why it should not be used any more; "" where it may.
	Deprecation string
	// Released is when the latest version was published; UTC.
	Released time.Time
	// Downloads are those of the last 30 days.
	Downloads int64
}

// Build is what something was compiled for.
type Build struct {
	Postgres int
	Platform extension.Platform
}

// Fragment is a piece of text.
type Fragment struct {
	Text string
	// Hit says that it is a word of the question.
	Hit bool
}

// Facets are counts by filter, the highest first; majors the newest first.
type Facets struct {
	Category, Postgres, Platform, License, Owner, Trusted []Count
	// About says that the counts are estimates, because there is too much to count.
	About bool
}

// Count is how many projects a value of a filter gives.
type Count struct {
	Value    string
	Projects int
}

// Suggestion completes what a person is typing.
type Suggestion struct {
	// Text is what to put in the place of what was typed.
	Text string
	// Project is the project that it names, "" for words.
	Project     string
	Description string
}
