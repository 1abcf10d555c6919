package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Asked is a search as its address says it. The zero value asks for everything.
type Asked struct {
	// Base is the page that answers: /search, or that of a category.
	Base                     string
	Text                     string
	Pair                     Pair
	Category, License, Owner string
	// Trusted is "true", "false" or "".
	Trusted string
	// Sort is "" for the order that fits best.
	Sort string
	// Cursor is where to go on; "" begins.
	Cursor string
}

// Address gives the page of the search.
func (a Asked) Address() string {
	values := url.Values{}
	for name, value := range map[string]string{
		"q": a.Text, "platform": a.Pair.Platform, "category": a.Category, "license": a.License, "owner": a.Owner, "trusted": a.Trusted,
		"sort": a.Sort, "cursor": a.Cursor,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if a.Pair.Postgres != 0 {
		values.Set("pg_version", strconv.Itoa(a.Pair.Postgres))
	}
	return withQuery(a.Base, values)
}

// Filters are what is asked for beside the words, each with the search that is left without it.
func (a Asked) Filters() []Choice {
	var list []Choice
	add := func(text string, drop func(*Asked)) {
		without := a
		without.Cursor = ""
		drop(&without)
		list = append(list, Choice{Text: text, Address: without.Address()})
	}
	if a.Pair.Postgres != 0 {
		add("PostgreSQL "+strconv.Itoa(a.Pair.Postgres), func(w *Asked) { w.Pair.Postgres = 0 })
	}
	if a.Pair.Platform != "" {
		add(a.Pair.Platform, func(w *Asked) { w.Pair.Platform = "" })
	}
	if a.Category != "" {
		add(strings.ReplaceAll(a.Category, "_", " "), func(w *Asked) { w.Category = "" })
	}
	if a.License != "" {
		add(a.License, func(w *Asked) { w.License = "" })
	}
	if a.Owner != "" {
		add("by "+a.Owner, func(w *Asked) { w.Owner = "" })
	}
	if a.Trusted != "" {
		add(TrustedText(a.Trusted), func(w *Asked) { w.Trusted = "" })
	}
	return list
}

// TrustedText says in words what a value of that filter means.
func TrustedText(value string) string {
	if value == "true" {
		return "no superuser needed"
	}
	return "superuser needed"
}

// Choice is a link among several.
type Choice struct {
	Text, Address string
	// Count is how many results it gives; negative where that is not known.
	Count int
	// Current says that it is chosen; its address takes the choice back where that is possible.
	Current bool
}

// Facet is a filter with its values.
type Facet struct {
	Name   string
	Values []Choice
}

// facetShown is how many values of a facet stand open.
const facetShown = 8

// Shown gives the values that stand open, Folded the rest.
func (f Facet) Shown() []Choice { return f.Values[:min(len(f.Values), facetShown)] }

// Folded gives the values behind "more".
func (f Facet) Folded() []Choice { return f.Values[min(len(f.Values), facetShown):] }

// Row is a project in a list.
type Row struct {
	Project, Version, Description string
	// Provides are the names for CREATE EXTENSION that are not the project's.
	Provides []string
	// Snippet is why it is here, in place of the description; nil where there were no words.
	Snippet []Fragment
	// Majors and Platforms are what the version has builds for.
	Majors    []int
	Platforms []string
	License   string
	Trusted   bool
	// Deprecation says why it should not be used any more; "" where it may.
	Deprecation string
	Released    time.Time
	// Health says in one word how the project is kept; "" where that is not told.
	Health string
	// Downloads are those of 30 days; 0 where nobody counted.
	Downloads int
	// Weeks are those of each of the last weeks, the oldest first; none where nobody counted.
	Weeks []int
}

// Fragment is a piece of text; Hit says that it was looked for.
type Fragment struct {
	Text string
	Hit  bool
}

// On says what the version runs on, such as "PostgreSQL 14–18"; "" where there is no build.
func (r Row) On() string {
	if len(r.Majors) == 0 {
		return ""
	}
	return "PostgreSQL " + Ranges(r.Majors)
}

// Architectures are the platforms without the system where that is Linux, as all are.
func (r Row) Architectures() []string {
	list := make([]string, len(r.Platforms))
	for i, platform := range r.Platforms {
		list[i] = strings.TrimPrefix(platform, "linux/")
	}
	return list
}

// Ranges writes numbers as "12, 14–16".
func Ranges(numbers []int) string {
	sorted := slices.Compact(slices.Sorted(slices.Values(numbers)))
	var parts []string
	for i := 0; i < len(sorted); {
		j := i
		for j+1 < len(sorted) && sorted[j+1] == sorted[j]+1 {
			j++
		}
		part := strconv.Itoa(sorted[i])
		switch {
		case j == i+1:
			part += ", " + strconv.Itoa(sorted[j])
		case j > i:
			part += "–" + strconv.Itoa(sorted[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// Results are a page of projects with all ways to narrow it.
type Results struct {
	Asked Asked
	// Total is how many there are in all; AtLeast says that there are more than that.
	Total   int
	AtLeast bool
	Rows    []Row
	Sorts   []Choice
	Facets  []Facet
	// About says that the counts of the facets are estimates.
	About bool
	// Next leads on, First back to the beginning; "" where there is nothing.
	Next, First string
}

// Count says how many there are.
func (r Results) Count() string {
	switch {
	case r.Total == 0:
		return "No extension"
	case r.AtLeast:
		return "More than " + Plural(r.Total, "extension")
	default:
		return Plural(r.Total, "extension")
	}
}

// ClearAll drops every filter.
func (r Results) ClearAll() string {
	return Asked{Base: r.Asked.Base, Text: r.Asked.Text, Sort: r.Asked.Sort}.Address()
}
