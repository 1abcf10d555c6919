package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// How the index writes the values of filters.
const (
	facetCategory = "category="
	facetPostgres = "pg="
	facetPlatform = "platform="
	facetLicense  = "license="
	facetOwner    = "owner="
	facetTrusted  = "trusted="
	facetBuild    = "build="
)

// mostValues is how many values of a filter are counted out.
const mostValues = 20

// restrictions are a filter as facets, one for each dimension that it restricts. A major and a platform are two dimensions
// that one build has to fit together.
func (f Filter) restrictions() []string {
	var all []string
	add := func(facet, value string) {
		if value != "" {
			all = append(all, facet+value)
		}
	}
	add(facetCategory, f.Category)
	add(facetLicense, f.License)
	add(facetOwner, f.Owner)
	if f.Trusted != nil {
		add(facetTrusted, strconv.FormatBool(*f.Trusted))
	}
	if f.Postgres != 0 {
		add(facetPostgres, strconv.Itoa(f.Postgres))
	}
	add(facetPlatform, string(f.Platform))
	return all
}

// facets are what has to be there for the filter to be met, but for the dimension of one facet; "" leaves out none.
func (f Filter) facets(but string) []string {
	all := slices.DeleteFunc(f.restrictions(), func(facet string) bool { return facet == but })
	if f.Postgres != 0 && f.Platform != "" && but != facetPostgres+strconv.Itoa(f.Postgres) && but != facetPlatform+string(f.Platform) {
		all = append(all, facetBuild+strconv.Itoa(f.Postgres)+" "+string(f.Platform))
	}
	return all
}

// expression is the condition that the filter puts.
func (f Filter) expression() ports.SearchExpression { return allFacets(f.facets("")) }

// widened is the condition that every project meets which any of the filter's facets counts: all dimensions but one.
func (f Filter) widened() ports.SearchExpression {
	dimensions := f.restrictions()
	if len(dimensions) < 2 { //nolint:mnd // without the only one nothing is asked
		return ports.SearchExpression{}
	}
	var either []ports.SearchExpression
	for _, one := range dimensions {
		either = append(either, allFacets(f.facets(one)))
	}
	return ports.SearchExpression{Any: either}
}

func allFacets(facets []string) ports.SearchExpression {
	var all []ports.SearchExpression
	for _, facet := range facets {
		all = append(all, ports.SearchExpression{Facet: facet})
	}
	return ports.SearchExpression{All: all}
}

// tally counts the values of filters.
type tally map[string]int

// sift leaves the answers that meet the filter, and counts for each value of a filter how many meet the others.
func (f Filter) sift(answers []answer) ([]answer, tally) {
	counts := tally{}
	var others []string
	for _, facet := range f.restrictions() {
		if !strings.HasPrefix(facet, facetPostgres) && !strings.HasPrefix(facet, facetPlatform) {
			others = append(others, facet)
		}
	}
	met := make([]answer, 0, len(answers))
	for _, a := range answers {
		missed, misses := "", 0
		for _, facet := range others {
			if !slices.Contains(a.Facets, facet) {
				missed, misses = facet, misses+1
			}
		}
		built := f.built(a.Facets)
		switch {
		case misses == 0:
			f.countBuilds(counts, a.Facets)
			if built {
				met = append(met, a)
				counts.add(a.Facets, "")
			}
		case misses == 1 && built:
			filter, _, _ := strings.Cut(missed, "=")
			counts.add(a.Facets, filter+"=")
		}
	}
	return met, counts
}

// built tells whether there is a build that fits.
func (f Filter) built(facets []string) bool {
	return f.Postgres == 0 && f.Platform == "" || slices.ContainsFunc(builds(facets), func(b Build) bool {
		return (f.Postgres == 0 || b.Postgres == f.Postgres) && (f.Platform == "" || b.Platform == f.Platform)
	})
}

// countBuilds counts each major that is there for the platform, and each platform that is there for the major.
func (f Filter) countBuilds(counts tally, facets []string) {
	if f.Postgres == 0 && f.Platform == "" {
		for _, facet := range facets {
			if strings.HasPrefix(facet, facetPostgres) || strings.HasPrefix(facet, facetPlatform) {
				counts[facet]++
			}
		}
		return
	}
	var once []string
	note := func(facet string) {
		if !slices.Contains(once, facet) {
			once = append(once, facet)
			counts[facet]++
		}
	}
	for _, b := range builds(facets) {
		if f.Platform == "" || b.Platform == f.Platform {
			note(facetPostgres + strconv.Itoa(b.Postgres))
		}
		if f.Postgres == 0 || b.Postgres == f.Postgres {
			note(facetPlatform + string(b.Platform))
		}
	}
}

// add counts the facets of one filter, or of all but those of builds for "".
func (t tally) add(facets []string, filter string) {
	for _, facet := range facets {
		switch {
		case strings.HasPrefix(facet, facetBuild), strings.HasPrefix(facet, facetPostgres), strings.HasPrefix(facet, facetPlatform):
		case strings.HasPrefix(facet, filter):
			t[facet]++
		}
	}
}

// scale makes estimates of counts of a part.
func (t tally) scale(factor float64) {
	for facet, n := range t {
		t[facet] = max(1, int(float64(n)*factor+0.5)) //nolint:mnd // to the nearest
	}
}

// facetsOf gives what was counted in order.
func (t tally) facets(about bool) Facets {
	return Facets{
		Category: t.values(facetCategory), Postgres: t.values(facetPostgres), Platform: t.values(facetPlatform),
		License: t.values(facetLicense), Owner: t.values(facetOwner), Trusted: t.values(facetTrusted), About: about,
	}
}

// values gives the values of one filter, the highest count first; majors the newest first.
func (t tally) values(filter string) []Count {
	counts := []Count{}
	for facet, n := range t {
		if value, ok := strings.CutPrefix(facet, filter); ok {
			counts = append(counts, Count{Value: value, Projects: n})
		}
	}
	slices.SortFunc(counts, func(a, b Count) int {
		if filter == facetPostgres {
			return cmp.Or(cmp.Compare(len(b.Value), len(a.Value)), cmp.Compare(b.Value, a.Value))
		}
		return cmp.Or(cmp.Compare(b.Projects, a.Projects), cmp.Compare(a.Value, b.Value))
	})
	return counts[:min(len(counts), mostValues)]
}

// builds reads the builds among facets, in the order they have.
func builds(facets []string) []Build {
	var all []Build
	for _, facet := range facets {
		value, ok := strings.CutPrefix(facet, facetBuild)
		if !ok {
			continue
		}
		major, platform, _ := strings.Cut(value, " ")
		if postgres, err := strconv.Atoi(major); err == nil {
			all = append(all, Build{Postgres: postgres, Platform: extension.Platform(platform)})
		}
	}
	return all
}

// valuesOf gives the values of one filter among facets.
func valuesOf(facets []string, filter string) []string {
	values := []string{}
	for _, facet := range facets {
		if value, ok := strings.CutPrefix(facet, filter); ok {
			values = append(values, value)
		}
	}
	return values
}
