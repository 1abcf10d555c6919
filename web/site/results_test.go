package site_test

import (
	"slices"
	"testing"

	"pgtrunk.io/registry/web/site"
)

// A search is in its address, and each filter can be dropped alone.
func TestAsked(t *testing.T) {
	asked := site.Asked{
		Base: "/search", Text: "a & b", Pair: site.Pair{Postgres: 17, Platform: "linux/arm64"}, Category: "search", License: "MIT", Owner: "alice",
		Trusted: "false", Sort: "name", Cursor: "c",
	}
	const all = "/search?category=search&cursor=c&license=MIT&owner=alice&pg_version=17&platform=linux/arm64&q=a+%26+b&sort=name&trusted=false"
	if got := asked.Address(); got != all {
		t.Errorf("the address is %s", got)
	}
	if got := (site.Asked{Base: "/search"}).Address(); got != "/search" {
		t.Errorf("everything is at %s", got)
	}
	var texts []string
	for _, filter := range asked.Filters() {
		texts = append(texts, filter.Text)
	}
	if want := []string{"PostgreSQL 17", "linux/arm64", "search", "MIT", "by alice", "superuser needed"}; !slices.Equal(texts, want) {
		t.Errorf("the filters are %q", texts)
	}
	const withoutMajor = "/search?category=search&license=MIT&owner=alice&platform=linux/arm64&q=a+%26+b&sort=name&trusted=false"
	if got := asked.Filters()[0].Address; got != withoutMajor {
		t.Errorf("without the major it is %s", got)
	}
	if got := (site.Results{Asked: asked}).ClearAll(); got != "/search?q=a+%26+b&sort=name" {
		t.Errorf("without filters it is %s", got)
	}
}

func TestRanges(t *testing.T) {
	for want, numbers := range map[string][]int{
		"": nil, "17": {17}, "16, 17": {17, 16}, "14–18": {18, 14, 15, 17, 16, 16}, "9, 12–14, 17, 18": {9, 12, 13, 14, 17, 18},
	} {
		if got := site.Ranges(numbers); got != want {
			t.Errorf("%v are %q, want %q", numbers, got, want)
		}
	}
}

func TestHeading(t *testing.T) {
	pair := site.Pair{Postgres: 17, Platform: "linux/arm64"}
	for want, results := range map[string]site.Results{
		"23 extensions for “vector”, PostgreSQL 17, linux/arm64": {Asked: site.Asked{Text: "vector", Pair: pair}, Total: 23},
		"1 extension": {Total: 1},
		"More than 10,000 extensions for “a”": {Asked: site.Asked{Text: "a"}, Total: 10_000, AtLeast: true},
		"No extension for “zzz”":              {Asked: site.Asked{Text: "zzz"}},
	} {
		if got := (&site.Search{Results: results}).Heading(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
