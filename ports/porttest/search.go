package porttest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// SearchFacts is what keeps facts and finds them.
type SearchFacts interface {
	Facts
	ports.SearchIndex
	ports.SearchDirectory
	ports.SearchStatistics
}

// SearchSetup is an index that knows no project.
type SearchSetup struct {
	SearchFacts

	// Downloaded says that a project was downloaded so often in the last 30 days.
	Downloaded func(project string, times int64)
}

// Search checks everything that finds projects.
func Search(t *testing.T, open func(t *testing.T) SearchSetup) {
	t.Helper()
	for _, c := range []struct {
		name  string
		check func(t *testing.T, index SearchSetup)
	}{
		{"an index of nothing", emptyIndex},
		{"what is known of words", searchWords},
		{"words that were slips", searchCorrections},
		{"candidates by expressions", searchExpressions},
		{"candidates by names", searchNames},
		{"odd characters", oddCharacters},
		{"where stems are found", foundStems},
		{"what is shown", searchCards},
		{"everything in an order", browsing},
		{"counts", searchCounts},
		{"names that begin so", suggestedNames},
		{"the index follows builds and versions", followsVersions},
		{"the index follows withdrawals", followsWithdrawals},
		{"the index follows owners, shelves and READMEs", followsFacts},
		{"a change that is taken back leaves nothing", followsNothing},
		{"changes of one project at once", changesAtOnce},
		{"counting at once", refreshesAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, open(t)) })
	}
}

// refreshed counts anew.
func (s SearchSetup) refreshed(t *testing.T) {
	t.Helper()
	if !must[bool](t)(s.RefreshSearch(t.Context())) {
		t.Error("there was nothing to count")
	}
}

// publish publishes a project with a description.
func (s SearchSetup) publish(t *testing.T, project, description string, change ...func(*Publication)) (projectID string) {
	t.Helper()
	p := Publication{Project: project, Version: "1.0", Metadata: extension.Metadata{Description: description}}
	for _, c := range change {
		c(&p)
	}
	p.Bytes = fmt.Sprint(p.Project, p.Version, p.Postgres, p.Platform)
	_, standing := Publish(t, s, p)
	return standing.ID
}

// change makes a change of a project.
func (s SearchSetup) change(t *testing.T, work func(ctx context.Context, tx ports.Tx) error) {
	t.Helper()
	done(t, s, work)
}

func (s SearchSetup) shelve(t *testing.T, projectID string, slugs ...string) {
	t.Helper()
	s.change(t, func(ctx context.Context, tx ports.Tx) error { return tx.Categorise(ctx, projectID, slugs) })
}

func (s SearchSetup) tell(t *testing.T, projectID, readme string) {
	t.Helper()
	s.change(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.KeepReadme(ctx, projectID, extension.Readme{Name: "README.md", Text: readme}, "1.0", at)
	})
}

// candidates are all that match, by name.
func (s SearchSetup) candidates(t *testing.T, e ports.SearchExpression) map[string]ports.SearchCandidate {
	t.Helper()
	return s.matching(t, ports.SearchMatch{Expression: e, Tier: ports.SearchAll, Limit: 100})
}

func (s SearchSetup) matching(t *testing.T, match ports.SearchMatch) map[string]ports.SearchCandidate {
	t.Helper()
	all := map[string]ports.SearchCandidate{}
	for _, c := range must[[]ports.SearchCandidate](t)(s.SearchCandidates(t.Context(), match)) {
		all[c.Name] = c
	}
	return all
}

// named are the names of candidates, in order.
func named(candidates map[string]ports.SearchCandidate) []string {
	names := []string{}
	for name := range candidates {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func cardNames(cards []ports.SearchCard) []string {
	names := []string{}
	for _, c := range cards {
		names = append(names, c.Name)
	}
	return names
}

// card is what is shown of a project; the zero card where nothing is.
func (s SearchSetup) card(t *testing.T, projectID string) ports.SearchCard {
	t.Helper()
	cards := must[[]ports.SearchCard](t)(s.SearchCards(t.Context(), []string{projectID}, []string{projectID}))
	if len(cards) == 0 {
		return ports.SearchCard{}
	}
	return cards[0]
}

// What expressions are made of.
func stem(text string) ports.SearchExpression { return ports.SearchExpression{Stem: text} }

func prefix(text string) ports.SearchExpression {
	return ports.SearchExpression{Stem: text, Prefix: true}
}
func facet(value string) ports.SearchExpression { return ports.SearchExpression{Facet: value} }
func phrase(stems ...string) ports.SearchExpression {
	return ports.SearchExpression{Phrase: stems}
}

func not(e ports.SearchExpression) ports.SearchExpression { return ports.SearchExpression{Not: &e} }

func allOf(e ...ports.SearchExpression) ports.SearchExpression { return ports.SearchExpression{All: e} }

func anyOf(e ...ports.SearchExpression) ports.SearchExpression {
	return ports.SearchExpression{Any: e}
}

func everything() ports.SearchExpression { return ports.SearchExpression{} }

func emptyIndex(t *testing.T, index SearchSetup) {
	t.Helper()
	ctx := t.Context()
	vocabulary := must[ports.SearchVocabulary](t)(index.SearchWords(ctx, []string{"vector", "the"}, []string{"vector"}))
	if vocabulary.Projects != 0 || len(vocabulary.Words) != 2 || !reflect.DeepEqual(vocabulary.Words["vector"], ports.SearchWord{Stems: []string{"vector"}}) || len(vocabulary.Words["the"].Stems) != 0 {
		t.Errorf("the words are %+v", vocabulary)
	}
	if words := must[ports.SearchVocabulary](t)(index.SearchWords(ctx, nil, nil)); len(words.Words) != 0 {
		t.Errorf("no words are %+v", words)
	}
	wantList(t, named(index.candidates(t, everything())))
	wantList(t, named(index.matching(t, ports.SearchMatch{Names: []string{"vector"}, Limit: 10})))
	for _, order := range []ports.SearchOrder{ports.SearchByDownloads, ports.SearchByRelease, ports.SearchByName} {
		wantList(t, cardNames(must[[]ports.SearchCard](t)(index.BrowseCards(ctx, ports.SearchBrowse{Order: order, Limit: 10}))))
	}
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SearchCards(ctx, []string{NewID()}, []string{NewID()}))))
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SearchCards(ctx, nil, nil))))
	wantList(t, cardNames(must[[]ports.SearchCard](t)(index.SuggestNames(ctx, "v", 10))))
	if _, err := index.SearchCard(ctx, "vector"); fault.CodeOf(err) != fault.ProjectUnknown {
		t.Errorf("the card of nothing: %v", err)
	}
	if counts := must[map[string]int](t)(index.SearchCounts(ctx, []string{"pg=17"})); counts[""] != 0 || counts["pg=17"] != 0 {
		t.Errorf("the counts are %v", counts)
	}
}

func searchWords(t *testing.T, index SearchSetup) {
	t.Helper()
	id := index.publish(t, "pg_cron", "Job scheduler for the night")
	index.tell(t, id, "# Quartzite\n\nIt has https://example.org/basalt inside, and vectors.")
	index.publish(t, "similar", "Vectors by their similarity")
	index.publish(t, "resume", "Café résumés")
	word := func(text string, prefixes ...string) ports.SearchWord {
		t.Helper()
		return must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{text}, prefixes)).Words[text]
	}
	if w := word("scheduler"); w.Projects != 1 {
		t.Errorf("before a refresh a new word is %+v", w)
	}
	index.refreshed(t)
	index.publish(t, "another", "Vector search")
	index.refreshed(t)
	for text, want := range map[string]ports.SearchWord{
		"scheduler": {Stems: []string{"schedul"}, Projects: 1},
		"schedules": {Stems: []string{"schedul"}, Projects: 1},
		"vector":    {Stems: []string{"vector"}, Projects: 2},
		"cron":      {Stems: []string{"cron"}, Projects: 1},
		"pgcron":    {Stems: []string{"pgcron"}, Projects: 1},
		"quartzite": {Stems: []string{"quartzit"}, InReadmes: 1},
		"basalt":    {Stems: []string{"basalt"}}, // addresses say nothing
		"the":       {},
		"cafe":      {Stems: []string{"cafe"}, Projects: 1},
		"café":      {Stems: []string{"cafe"}, Projects: 1},
		"nonesuch":  {Stems: []string{"nonesuch"}},
	} {
		got := word(text)
		if len(got.Stems) == 0 {
			got.Stems = nil
		}
		if got.Corrections = nil; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
	if with, without := word("vec", "vec"), word("vec"); with.Prefixed != 2 || with.Projects != 0 || without.Prefixed != 0 {
		t.Errorf("vec is %+v, and without being asked for as a prefix %+v", with, without)
	}
	both := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{"cron", "vector"}, []string{"vector"}))
	if both.Projects != 4 || len(both.Words) != 2 || both.Words["cron"].Prefixed != 0 || both.Words["vector"].Prefixed != 2 {
		t.Errorf("both are %+v", both)
	}
}

func searchCorrections(t *testing.T, index SearchSetup) {
	t.Helper()
	id := index.publish(t, "similar", "Vectors, a scheduler, geometry and Café")
	index.tell(t, id, "verctor vetcor")
	index.refreshed(t)
	for text, want := range map[string]string{
		"vectorss": "vectors", "vectrs": "vectors", "vecotrs": "vectors", "bectors": "vectors",
		"schduler": "scheduler", "gometry": "geometry", "caffe": "cafe", "similra": "similar",
	} {
		w := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{text}, nil)).Words[text]
		if !slices.ContainsFunc(w.Corrections, func(c ports.SearchCorrection) bool {
			return c.Word == want && strings.HasPrefix(want, strings.TrimSuffix(c.Stem, "i"))
		}) {
			t.Errorf("%s was meant as %+v, want %s", text, w.Corrections, want)
		}
	}
	for _, text := range []string{"vector", "schedulers", "vetcor", "zzzzzz", "sm"} {
		if w := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{text}, nil)).Words[text]; len(w.Corrections) != 0 {
			t.Errorf("%s was meant as %+v", text, w.Corrections)
		}
	}
}

// library are four projects that differ.
func (s SearchSetup) library(t *testing.T) {
	t.Helper()
	cron := s.publish(t, "pg_cron", "Job scheduler", func(p *Publication) { p.Trusted, p.Metadata.License = true, "PostgreSQL" })
	s.publish(t, "pg_cron", "", func(p *Publication) { p.Postgres, p.Platform = 16, extension.LinuxARM64 })
	s.shelve(t, cron, "orchestration")
	s.tell(t, cron, "quartzite")
	queue := s.publish(t, "queue", "Scheduled jobs in a queue", func(p *Publication) { p.Owner = Account(t, s, "bob") })
	s.shelve(t, queue, "orchestration", "search")
	s.publish(t, "vector", "Similarity search", func(p *Publication) { p.Postgres = 15 })
	s.publish(t, "uuid", "Identifiers", func(p *Publication) { p.Extensions = []string{"uuid-ossp"} })
}

func searchExpressions(t *testing.T, index SearchSetup) {
	t.Helper()
	index.library(t)
	everybody := []string{"pg_cron", "queue", "uuid", "vector"}
	for what, c := range map[string]struct {
		e    ports.SearchExpression
		want []string
	}{
		"nothing":                    {everything(), everybody},
		"a stem":                     {stem("job"), []string{"pg_cron", "queue"}},
		"a stem that nothing has":    {stem("nonesuch"), nil},
		"the beginning of a stem":    {stem("sched"), nil},
		"a prefix":                   {prefix("sched"), []string{"pg_cron", "queue"}},
		"a stem of a README":         {stem("quartzit"), []string{"pg_cron"}},
		"a stem of a category":       {stem("orchestr"), []string{"pg_cron", "queue"}},
		"a name without its pg":      {stem("cron"), []string{"pg_cron"}},
		"a name as one":              {stem("uuidossp"), []string{"uuid"}},
		"a category":                 {facet("category=search"), []string{"queue"}},
		"a major":                    {facet("pg=17"), []string{"pg_cron", "queue", "uuid"}},
		"another major":              {facet("pg=16"), []string{"pg_cron"}},
		"the beginning of a major":   {facet("pg=1"), nil},
		"a platform":                 {facet("platform=linux/arm64"), []string{"pg_cron"}},
		"a build":                    {facet("build=16 linux/arm64"), []string{"pg_cron"}},
		"a build that there is not":  {facet("build=17 linux/arm64"), nil},
		"an owner":                   {facet("owner=bob"), []string{"queue"}},
		"a licence":                  {facet("license=PostgreSQL"), []string{"pg_cron"}},
		"a licence in another case":  {facet("license=postgresql"), nil},
		"trusted":                    {facet("trusted=true"), []string{"pg_cron"}},
		"not trusted":                {facet("trusted=false"), []string{"queue", "uuid", "vector"}},
		"a facet is no stem":         {stem("bob"), nil},
		"all":                        {allOf(stem("job"), facet("owner=bob")), []string{"queue"}},
		"all of nothing":             {allOf(), everybody},
		"all with nothing":           {allOf(everything(), stem("job")), []string{"pg_cron", "queue"}},
		"any":                        {anyOf(stem("vector"), facet("owner=bob")), []string{"queue", "vector"}},
		"any with nothing":           {anyOf(everything(), stem("job")), everybody},
		"any of one":                 {anyOf(stem("vector")), []string{"vector"}},
		"not a stem":                 {not(stem("job")), []string{"uuid", "vector"}},
		"not a phrase":               {not(phrase("job", "schedul")), []string{"queue", "uuid", "vector"}},
		"not any":                    {not(anyOf(stem("job"), stem("vector"))), []string{"uuid"}},
		"not nothing":                {not(everything()), nil},
		"twice not":                  {not(not(stem("job"))), []string{"pg_cron", "queue"}},
		"a phrase":                   {phrase("job", "schedul"), []string{"pg_cron"}},
		"a phrase the other way":     {phrase("schedul", "job"), []string{"queue"}},
		"a phrase of one":            {phrase("job"), []string{"pg_cron", "queue"}},
		"a phrase with others in it": {phrase("schedul", "queue"), nil},
		"all this": {
			allOf(anyOf(stem("job"), prefix("vec")), not(facet("category=search")), anyOf(facet("pg=15"), facet("pg=16"))), []string{"pg_cron", "vector"},
		},
	} {
		if got := named(index.candidates(t, c.e)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	for limit := range 6 {
		match := ports.SearchMatch{Expression: everything(), Tier: ports.SearchAll, Limit: limit}
		if got := must[[]ports.SearchCandidate](t)(index.SearchCandidates(t.Context(), match)); len(got) != min(limit, len(everybody)) {
			t.Errorf("%d of at most %d", len(got), limit)
		}
	}
	for _, tier := range []ports.SearchTier{ports.SearchMost, ports.SearchMany, ports.SearchAll} {
		// So few are all among the first.
		wantList(t, named(index.matching(t, ports.SearchMatch{Expression: everything(), Tier: tier, Limit: 10})), everybody...)
	}
}

// Who is called so is found whatever else is asked for.
func searchNames(t *testing.T, index SearchSetup) {
	t.Helper()
	index.library(t)
	for _, c := range []struct {
		names  []string
		filter ports.SearchExpression
		want   []string
	}{
		{[]string{"pgcron"}, everything(), []string{"pg_cron"}},
		{[]string{"cron"}, everything(), []string{"pg_cron"}},
		{[]string{"uuidossp"}, everything(), []string{"uuid"}},
		{[]string{"vector", "queue", "nonesuch"}, everything(), []string{"queue", "vector"}},
		{[]string{"vector", "queue"}, facet("owner=bob"), []string{"queue"}},
		{[]string{"vec"}, everything(), nil},
		{nil, everything(), nil},
		{[]string{"", "'", `\`}, everything(), nil},
	} {
		match := ports.SearchMatch{Expression: stem("nonesuch"), Tier: ports.SearchAll, Limit: 10, Names: c.names, Filter: c.filter}
		if got := named(index.matching(t, match)); !slices.Equal(got, c.want) {
			t.Errorf("%q gives %q, want %q", c.names, got, c.want)
		}
	}
	// On top of those that match, and of a limit.
	match := ports.SearchMatch{Expression: stem("job"), Tier: ports.SearchAll, Limit: 10, Names: []string{"vector", "cron"}}
	wantList(t, named(index.matching(t, match)), "pg_cron", "queue", "vector")
	match.Limit = 0
	wantList(t, named(index.matching(t, match)), "pg_cron", "vector")
	// A name found by itself tells as much as one that matches.
	match.Expression = allOf(stem("nonesuch"), anyOf(stem("schedul"), stem("similar")))
	if c := index.matching(t, match)["vector"]; len(c.Found) != 1 || c.Found[0].Stem != "similar" {
		t.Errorf("in vector was found %+v", c.Found)
	}
}

// Nothing that people write is taken for an operator.
func oddCharacters(t *testing.T, index SearchSetup) {
	t.Helper()
	odd := []string{
		"O'Reilly", "''", `back\slash`, `\`, `\'`, `a & b | !c`, "(a <-> b)", "a:*", "a:A", `"quoted"`, "🐘 über", "عربي", "tab\tline\n", "%_", "$1", "--", "=",
	}
	for i, text := range odd {
		project := fmt.Sprintf("odd%c", 'a'+i)
		index.publish(t, project, text+" described", func(p *Publication) {
			p.Metadata.License = text
			p.Owner = Account(t, index, text+"!")
		})
		for _, value := range []string{"license=" + text, "owner=" + text + "!"} {
			found := index.candidates(t, facet(value))
			if got := named(found); !slices.Equal(got, []string{project}) {
				t.Errorf("%q leads to %q", value, got)
			} else if !slices.Contains(found[project].Facets, value) {
				t.Errorf("%q is not among %q", value, found[project].Facets)
			}
			wantList(t, cardNames(must[[]ports.SearchCard](t)(index.BrowseCards(t.Context(), ports.SearchBrowse{Facets: []string{value}, Limit: 10}))), project)
		}
		for _, e := range []ports.SearchExpression{
			stem(text + "?"), prefix(text + "?"), phrase(text+"?", "b"), allOf(stem(text+"?"), stem("describ")), facet("license=" + text + "?"),
		} {
			if got := named(index.candidates(t, e)); len(got) != 0 {
				t.Errorf("%+v leads to %q", e, got)
			}
		}
		wantList(t, named(index.candidates(t, allOf(anyOf(stem(text+"?"), stem("describ")), facet("license="+text)))), project)
		words := must[ports.SearchVocabulary](t)(index.SearchWords(t.Context(), []string{text, "described"}, []string{text})).Words
		if _, told := words[text]; !told || words["described"].Projects == 0 {
			t.Errorf("of %q is known %+v", text, words)
		}
		if suggested := must[[]ports.SearchCard](t)(index.SuggestNames(t.Context(), text, 10)); len(suggested) != 0 {
			t.Errorf("%q suggests %q", text, cardNames(suggested))
		}
	}
	index.refreshed(t)
	counts := must[map[string]int](t)(index.SearchCounts(t.Context(), []string{"license=" + odd[2]}))
	if counts["license="+odd[2]] != 1 {
		t.Errorf("the counts are %v", counts)
	}
}

func foundStems(t *testing.T, index SearchSetup) {
	t.Helper()
	id := index.publish(t, "pg_cron", "Job scheduler, for a job; jobs", func(p *Publication) { p.Extensions = []string{"planner"} })
	index.shelve(t, id, "orchestration")
	index.tell(t, id, "jobs quartzite")
	found := func(e ports.SearchExpression) []ports.SearchFound {
		t.Helper()
		list := index.candidates(t, e)["pg_cron"].Found
		slices.SortFunc(list, func(a, b ports.SearchFound) int { return a.Position - b.Position })
		return list
	}
	fields := func(list []ports.SearchFound) (all []ports.SearchField) {
		for _, f := range list {
			all = append(all, f.Field)
		}
		return all
	}
	for what, c := range map[string]struct {
		e    ports.SearchExpression
		want []ports.SearchField
	}{
		"in the name":                {stem("cron"), []ports.SearchField{ports.SearchInName}},
		"in the name of all":         {stem("pgcron"), []ports.SearchField{ports.SearchInName}},
		"in an extension":            {allOf(stem("planner"), stem("cron")), []ports.SearchField{ports.SearchInName, ports.SearchInExtension}},
		"in a category":              {stem("orchestr"), []ports.SearchField{ports.SearchInCategory}},
		"in a README alone":          {stem("quartzit"), nil},
		"by a prefix":                {prefix("schedul"), []ports.SearchField{ports.SearchInDescription}},
		"only what was asked for":    {anyOf(stem("schedul"), stem("nonesuch")), []ports.SearchField{ports.SearchInDescription}},
		"no facet":                   {facet("pg=17"), nil},
		"what must not be there":     {allOf(stem("schedul"), not(stem("nonesuch"))), []ports.SearchField{ports.SearchInDescription}},
		"wherever it stands in it":   {stem("job"), []ports.SearchField{ports.SearchInDescription}},
		"within nested alternatives": {allOf(anyOf(allOf(stem("schedul"), stem("orchestr")), stem("x"))), []ports.SearchField{ports.SearchInDescription, ports.SearchInCategory}},
	} {
		list := found(c.e)
		got := fields(list)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %v", what, list, c.want)
		}
	}
	jobs := found(stem("job"))
	if len(jobs) != 3 || jobs[0].Stem != "job" || jobs[0].Position < 1 || jobs[0].Position >= jobs[1].Position || jobs[1].Position >= jobs[2].Position {
		t.Errorf("the jobs are %+v", jobs)
	}
}
