package search

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// What projects and filters of the tests are made of.
var (
	someCategories = []string{"search", "security"}
	someLicences   = []string{"MIT", "a=b"}
	someOwners     = []string{"alice", "pg=17"}
	someMajors     = []int{15, 16, 17}
	somePlatforms  = []extension.Platform{extension.LinuxAMD64, extension.LinuxARM64}
)

// traits are a project as the tests see it.
type traits struct {
	categories, owners []string
	license            string
	trusted            bool
	builds             []Build
}

func drawTraits(t *rapid.T) traits {
	builds := []Build{}
	for _, major := range someMajors {
		for _, platform := range somePlatforms {
			if rapid.Bool().Draw(t, fmt.Sprint(major, platform)) {
				builds = append(builds, Build{major, platform})
			}
		}
	}
	some := func(name string, of []string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, len(of), rapid.ID[string]).Draw(t, name)
	}
	return traits{
		categories: some("categories", someCategories), owners: some("owners", someOwners),
		license: rapid.SampledFrom(append([]string{""}, someLicences...)).Draw(t, "license"),
		trusted: rapid.Bool().Draw(t, "trusted"), builds: builds,
	}
}

// facets writes them as the index does.
func (p traits) facets() []string {
	var all []string
	for _, category := range p.categories {
		all = append(all, "category="+category)
	}
	for _, b := range p.builds {
		for _, facet := range []string{fmt.Sprintf("build=%d %s", b.Postgres, b.Platform), fmt.Sprint("pg=", b.Postgres), "platform=" + string(b.Platform)} {
			if !slices.Contains(all, facet) {
				all = append(all, facet)
			}
		}
	}
	for _, owner := range p.owners {
		all = append(all, "owner="+owner)
	}
	if p.license != "" {
		all = append(all, "license="+p.license)
	}
	return append(all, "trusted="+strconv.FormatBool(p.trusted))
}

// meets is what a filter means.
func (p traits) meets(f Filter) bool {
	return (f.Category == "" || slices.Contains(p.categories, f.Category)) &&
		(f.License == "" || p.license == f.License) &&
		(f.Owner == "" || slices.Contains(p.owners, f.Owner)) &&
		(f.Trusted == nil || p.trusted == *f.Trusted) &&
		(f.Postgres == 0 && f.Platform == "" || slices.ContainsFunc(p.builds, func(b Build) bool {
			return (f.Postgres == 0 || b.Postgres == f.Postgres) && (f.Platform == "" || b.Platform == f.Platform)
		}))
}

func drawFilter(t *rapid.T) Filter {
	yes, no := true, false
	return Filter{
		Category: rapid.SampledFrom(append([]string{""}, someCategories...)).Draw(t, "category"),
		Postgres: rapid.SampledFrom(append([]int{0}, someMajors...)).Draw(t, "postgres"),
		Platform: rapid.SampledFrom(append([]extension.Platform{""}, somePlatforms...)).Draw(t, "platform"),
		License:  rapid.SampledFrom(append([]string{""}, someLicences...)).Draw(t, "license"),
		Owner:    rapid.SampledFrom(append([]string{""}, someOwners...)).Draw(t, "owner"),
		Trusted:  rapid.SampledFrom([]*bool{nil, &yes, &no}).Draw(t, "trusted"),
	}
}

// alternatives are a filter with each of the values set in the place of its own, by facet.
func alternatives(f Filter) map[string]Filter {
	all := map[string]Filter{}
	set := func(facet string, change func(*Filter)) {
		changed := f
		change(&changed)
		all[facet] = changed
	}
	for _, v := range someCategories {
		set("category="+v, func(f *Filter) { f.Category = v })
	}
	for _, v := range someLicences {
		set("license="+v, func(f *Filter) { f.License = v })
	}
	for _, v := range someOwners {
		set("owner="+v, func(f *Filter) { f.Owner = v })
	}
	for _, v := range someMajors {
		set(fmt.Sprint("pg=", v), func(f *Filter) { f.Postgres = v })
	}
	for _, v := range somePlatforms {
		set("platform="+string(v), func(f *Filter) { f.Platform = v })
	}
	for _, v := range []bool{true, false} {
		set(fmt.Sprint("trusted=", v), func(f *Filter) { f.Trusted = &v })
	}
	return all
}

// A facet counts what the filter would leave with its value set in it.
func TestFacetsCountWhatAFilterWouldLeave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		projects := make([]traits, rapid.IntRange(0, 12).Draw(t, "projects"))
		answers := make([]answer, len(projects))
		for i := range projects {
			projects[i] = drawTraits(t)
			answers[i] = answer{SearchCandidate: &ports.SearchCandidate{ProjectID: strconv.Itoa(i), Facets: projects[i].facets()}}
		}
		f := drawFilter(t)
		count := func(f Filter) (met []string) {
			for i, p := range projects {
				if p.meets(f) {
					met = append(met, strconv.Itoa(i))
				}
			}
			return met
		}
		got, counts := f.sift(slices.Clone(answers))
		var ids []string
		for _, a := range got {
			ids = append(ids, a.ProjectID)
		}
		if want := count(f); !slices.Equal(ids, want) {
			t.Errorf("%+v leaves %q, want %q", f, ids, want)
		}
		would := alternatives(f)
		for facet, changed := range would {
			if want := len(count(changed)); counts[facet] != want {
				t.Errorf("%+v: %s counts %d, want %d", f, facet, counts[facet], want)
			}
		}
		for facet, n := range counts {
			if _, known := would[facet]; !known || n == 0 {
				t.Errorf("%+v: %s counts %d", f, facet, n)
			}
		}
	})
}

// met is what an expression of facets means.
func metBy(e ports.SearchExpression, facets []string) bool {
	met := func(e ports.SearchExpression) bool { return metBy(e, facets) }
	switch {
	case e.Facet != "":
		return slices.Contains(facets, e.Facet)
	case len(e.All) > 0:
		return !slices.ContainsFunc(e.All, func(e ports.SearchExpression) bool { return !met(e) })
	case len(e.Any) > 0:
		return slices.ContainsFunc(e.Any, met)
	default:
		return true
	}
}

// The condition of a filter is met by what it leaves, the wider one by everything that a facet beside it counts.
func TestFilterExpressions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := drawTraits(t), drawFilter(t)
		if got := metBy(f.expression(), p.facets()); got != p.meets(f) {
			t.Errorf("%+v is met by %+v: %t", f, p, got)
		}
		for facet, changed := range alternatives(f) {
			if slices.Contains(p.facets(), facet) && p.meets(changed) && !metBy(f.widened(), p.facets()) {
				t.Errorf("%+v counts %+v for %s, and does not look for it", f, p, facet)
			}
		}
	})
	if f := (Filter{Postgres: 17}); metBy(f.expression(), []string{"pg=16"}) || !metBy(f.widened(), []string{"pg=16"}) {
		t.Error("a single filter widens to everything")
	}
}

func TestFacetOrder(t *testing.T) {
	counts := tally{"pg=9": 50, "pg=17": 1, "pg=100": 2, "pg=16": 3, "license=b": 2, "license=a": 2, "license=c": 5, "trusted=true": 1, "platform=linux/arm64": 1, "build=17 linux/amd64": 4}
	f := counts.facets(true)
	write := func(counts []Count) string {
		var all []string
		for _, c := range counts {
			all = append(all, fmt.Sprint(c.Value, ":", c.Projects))
		}
		return strings.Join(all, " ")
	}
	if got := write(f.Postgres); got != "100:2 17:1 16:3 9:50" {
		t.Errorf("majors: %s", got)
	}
	if got := write(f.License); got != "c:5 a:2 b:2" {
		t.Errorf("licences: %s", got)
	}
	if f.Category == nil || len(f.Category) != 0 || !f.About || write(f.Trusted) != "true:1" || write(f.Platform) != "linux/arm64:1" {
		t.Errorf("the facets are %+v", f)
	}
	many := tally{}
	for i := range 3 * mostValues {
		many[fmt.Sprint("owner=", i)] = i + 1
	}
	if got := many.values(facetOwner); len(got) != mostValues || got[0].Projects != 3*mostValues {
		t.Errorf("%d owners, %+v", len(got), got)
	}
}

// Estimates keep what there is and never say that there is nothing.
func TestScale(t *testing.T) {
	counts := tally{"license=a": 1, "license=b": 100}
	counts.scale(0.25)
	if want := (tally{"license=a": 1, "license=b": 25}); !maps.Equal(counts, want) {
		t.Errorf("%v, want %v", counts, want)
	}
	counts.scale(10)
	if want := (tally{"license=a": 10, "license=b": 250}); !maps.Equal(counts, want) {
		t.Errorf("%v, want %v", counts, want)
	}
}

func TestBuilds(t *testing.T) {
	got := builds([]string{"build=15 linux/amd64", "pg=15", "build=x linux/amd64", "build=17 linux/arm64", "owner=build=1 a"})
	if want := []Build{{15, extension.LinuxAMD64}, {17, extension.LinuxARM64}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
