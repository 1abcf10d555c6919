package site_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/web/site"
)

// evil is what somebody may write wherever they can write something.
const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'` + "`{{.}}</title></textarea><!--\u202e"

// evilLink is what somebody may write where an address belongs.
const evilLink = `javascript:alert(1)//"onmouseover="alert(1)`

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// sample is a page of one kind as the tests look at it.
type sample struct {
	name string
	view site.View
}

// samples are views of every kind; each template needs one. Add yours with an ordinary one and one full of evil.
func samples() []sample {
	var list []sample
	list = append(list, errorSamples()...)
	list = append(list, projectSamples()...)
	list = append(list, accountSamples()...)
	list = append(list, searchSamples()...)
	list = append(list, directorySamples()...)
	list = append(list, guideSamples()...)
	list = append(list, statsSamples()...)
	list = append(list, followSamples()...)
	return list
}

func page(title string) site.Page {
	return site.Page{Title: title, Description: title + ".", Path: "/x", Now: now}
}

func errorSamples() []sample {
	missing := &site.Error{
		Page: site.Page{Title: "Not found", Status: 404, NoIndex: true, OwnSearch: true, Now: now}, Code: "project_unknown", Heading: "Not found",
		Detail: `There is no project called "pgvectr".`, Ask: "pgvectr", Candidates: []site.Link{{Text: "pgvector", Address: "/extensions/pgvector"}}, RequestID: "r",
	}
	bad := &site.Error{
		Page: site.Page{Title: evil, Description: evil, Query: evil, Path: "/" + evil, Now: now}, Heading: evil, Detail: evil, Ask: evil,
		Candidates: []site.Link{{Text: evil, Address: evilLink}}, RequestID: evil,
	}
	ours := &site.Error{Page: site.Page{Title: "Our fault", Status: 500, NoIndex: true, Now: now}, Heading: "Our fault", Detail: "d", Wait: time.Minute, RequestID: "r"}
	return []sample{{"error", missing}, {"error evil", bad}, {"error 500", ours}}
}

// evilPage has evil in everything that people can write.
func evilPage() site.Page {
	return site.Page{
		Title: evil, Description: evil, Path: "/" + evil, Query: evil, Now: now, Pair: site.Pair{Postgres: 17, Platform: evil},
		Breadcrumbs: []site.Link{{Text: evil, Address: evilLink}}, Linked: []any{map[string]string{"name": evil}}, Feed: evilLink, API: evilLink,
	}
}

func evilRow() site.Row {
	return site.Row{
		Project: evil, Version: evil, Description: evil, Provides: []string{evil}, License: evil, Deprecation: evil, Health: evil, Released: now, Majors: []int{17},
		Platforms: []string{evil}, Snippet: []site.Fragment{{Text: evil}, {Text: evil, Hit: true}},
	}
}

func row(name string) site.Row {
	return site.Row{
		Project: name, Version: "1.6.5", Description: "Job scheduler for PostgreSQL", Provides: []string{"cron"}, License: "PostgreSQL", Trusted: true,
		Majors: []int{14, 15, 16, 17, 18}, Platforms: []string{"linux/amd64", "linux/arm64"}, Released: now.AddDate(0, -2, 0), Health: "active", Downloads: 48210,
	}
}

func results(asked site.Asked, rows ...site.Row) site.Results {
	var values []site.Choice
	for i := range 20 {
		values = append(values, site.Choice{Text: "value " + strconv.Itoa(i), Address: "/search?x=" + strconv.Itoa(i), Count: 20 - i, Current: i == 1})
	}
	return site.Results{
		Asked: asked, Total: len(rows), Rows: rows, Facets: []site.Facet{{Name: "PostgreSQL", Values: values[:3]}, {Name: "Licence", Values: values}},
		Sorts: []site.Choice{{Text: "relevance", Address: "/search", Current: true}, {Text: "name", Address: "/search?sort=name"}}, About: true,
		Next: "/search?cursor=x", First: "/search",
	}
}

func searchSamples() []sample {
	asked := site.Asked{
		Base: "/search", Text: `"time series" -x*`, Pair: site.Pair{Postgres: 17, Platform: "linux/arm64"}, Category: "search", License: "MIT", Owner: "alice", Trusted: "true", Sort: "name",
	}
	deprecated := row("old")
	deprecated.Deprecation, deprecated.Majors, deprecated.Platforms = "Use another.", nil, nil
	deprecated.Snippet = []site.Fragment{{Text: "Job "}, {Text: "scheduler", Hit: true}}
	many := make([]site.Row, 100)
	for i := range many {
		many[i] = row("project_with_a_name_that_is_quite_long_" + strconv.Itoa(i))
		many[i].Description = strings.Repeat("words of a description ", 6)
	}
	wrong := site.Asked{Base: "/search", Text: evil, Pair: site.Pair{Postgres: 17, Platform: evil}, Category: evil, License: evil, Owner: evil, Trusted: evil, Sort: evil}
	evilResults := results(wrong, evilRow())
	evilResults.Facets, evilResults.Next = []site.Facet{{Name: evil, Values: []site.Choice{{Text: evil, Address: evilLink}}}}, evilLink
	return []sample{
		{"search", &site.Search{Page: page("search"), Results: results(asked, counted(row("pg_cron")), deprecated)}},
		{"search full", &site.Search{Page: page("search"), Results: results(site.Asked{Base: "/search"}, many...)}},
		{"search empty", &site.Search{
			Page: page("search"), Results: results(asked), DidYouMean: site.Choice{Text: "pgvector", Address: "/search?q=pgvector", Count: 3},
			Without: []site.Choice{{Text: "without PostgreSQL 17", Address: "/search?q=x", Count: 5}}, Nearest: []site.Link{{Text: "hll", Address: "/extensions/hll"}},
		}},
		{"search evil", &site.Search{
			Page: evilPage(), Results: evilResults, DidYouMean: site.Choice{Text: evil, Address: evilLink},
		}},
		{"search evil empty", &site.Search{
			Page: evilPage(), Results: site.Results{Asked: wrong}, Without: []site.Choice{{Text: evil, Address: evilLink}}, Nearest: []site.Link{{Text: evil, Address: evilLink}},
		}},
	}
}

func directorySamples() []sample {
	choice, bad := site.Choice{Text: "Search", Address: "/categories/search", Count: 14}, site.Choice{Text: evil, Address: evilLink}
	withdrawn := site.Row{Project: "withdrawn"}
	home := &site.Home{
		Page: page("home"), Majors: []int{18, 17}, Platforms: []string{"linux/amd64"}, Newest: []site.Row{row("pg_cron"), row("pgmq")}, Categories: []site.Choice{choice},
		Projects: 2, Versions: 3, Builds: 1234, Publish: site.Command{ID: "short", Name: "commands", Text: "a\nb"},
	}
	home.OwnSearch = true
	home.Trending = []site.Trend{{Row: counted(row("pg_cron")), Installers: 30, Before: 10}, {Row: row("pgmq"), Installers: 12}}
	return []sample{
		{"home", home},
		{"home empty", &site.Home{Page: site.Page{Title: "home", OwnSearch: true, Now: now}}},
		{"home evil", &site.Home{
			Page: evilPage(), Platforms: []string{evil}, Newest: []site.Row{evilRow()}, Trending: []site.Trend{{Row: evilRow()}}, Categories: []site.Choice{bad}, Publish: site.Command{ID: "x", Name: evil, Text: evil},
		}},
		{"category", &site.Category{
			Page: page("Search"), Results: results(site.Asked{Base: "/categories/search"}, row("pg_cron")), Name: "Search", Slug: "search", Sentence: "Full text.", Others: []site.Choice{choice},
		}},
		{"category empty", &site.Category{
			Page: page("Search"), Results: results(site.Asked{Base: "/categories/search", License: "MIT"}), Name: "Search", Slug: "search", Sentence: "Full text.", Others: []site.Choice{choice},
		}},
		{"category evil", &site.Category{Page: evilPage(), Results: results(site.Asked{Base: evilLink}, evilRow()), Name: evil, Slug: evil, Sentence: evil, Others: []site.Choice{bad}}},
		{"categories", &site.Categories{Page: page("Categories"), List: []site.Shelf{{Choice: choice, Sentence: "Full text."}}}},
		{"categories evil", &site.Categories{Page: evilPage(), List: []site.Shelf{{Choice: bad, Sentence: evil}}}},
		{"owner", &site.Owner{Page: page("alice"), Name: "alice", Projects: []site.Row{row("pg_cron"), withdrawn}, Deprecated: []site.Row{{Project: "old", Deprecation: "gone"}}, Shared: 1, Since: now}},
		{"owner empty", &site.Owner{Page: page("alice"), Name: "alice"}},
		{"owner evil", &site.Owner{Page: evilPage(), Name: evil, Projects: []site.Row{evilRow()}, Deprecated: []site.Row{evilRow()}}},
	}
}

// counted is a row with downloads.
func counted(r site.Row) site.Row {
	r.Downloads, r.Weeks = 1234, []int{1, 0, 3, 2}
	return r
}

// charted has two weeks of as many pieces as there are colours.
func charted(names ...string) site.Chart {
	chart := site.Chart{Of: "downloads", Pieces: names, API: "/api/v1/x?granularity=week"}
	for i := range 2 {
		week := site.Week{Begins: now.AddDate(0, 0, 7*i-7), Running: i == 1}
		for k := range names {
			week.Counts = append(week.Counts, 10*k+i)
		}
		chart.Weeks = append(chart.Weeks, week)
	}
	return chart
}

func statsSamples() []sample {
	share, bad := site.Share{Name: "17", Downloads: 10, Of: 30, Projects: 5}, site.Share{Name: evil}
	return []sample{
		{"stats", &site.Stats{
			Page: page("Statistics"), Projects: 9, Versions: 10, Builds: 20, Publishers: 3, Majors: []int{18, 17}, Chart: charted("downloads"),
			Postgres: []site.Share{share}, Platforms: []site.Share{{Name: "linux/amd64", Downloads: 30, Of: 30, Projects: 9}},
			Total: 1000, Recent: 30, Installers: 12, Robots: 4, Popular: []site.Row{counted(row("pg_cron"))}, Newest: []site.Row{row("pgmq")}, Waiting: 4, NewestMajor: 18,
		}},
		{"stats empty", &site.Stats{Page: page("Statistics")}},
		{"stats evil", &site.Stats{
			Page: evilPage(), Chart: charted(evil, evil), Postgres: []site.Share{bad}, Platforms: []site.Share{bad}, Popular: []site.Row{evilRow()}, Newest: []site.Row{evilRow()}, NewestMajor: 1,
		}},
	}
}

func guideSamples() []sample {
	problem, bad := site.Problem{Code: "name_taken", Title: "Already there", Status: 409, Meaning: "Another has it.", Remedy: "Choose another."}, site.Problem{Code: evil, Title: evil, Meaning: evil, Remedy: evil}
	topics, evilTopics := []site.Topic{{Name: "Names", Problems: []site.Problem{problem}}}, []site.Topic{{Name: evil, Problems: []site.Problem{bad}}}
	guide := &site.Publish{Page: page("Publish"), Limit: "256 MiB", Refusals: topics}
	for i, command := range []*site.Command{&guide.Commands.Token, &guide.Commands.File, &guide.Commands.Build, &guide.Commands.CLI, &guide.Commands.Curl, &guide.Commands.Workflow} {
		*command = site.Command{ID: "c" + strconv.Itoa(i), Name: "command", Text: "do it"}
	}
	evilGuide := &site.Publish{Page: evilPage(), Limit: evil, Refusals: evilTopics, Commands: guide.Commands}
	return []sample{
		{"publish", guide},
		{"publish evil", evilGuide},
		{"project_health", &site.HealthGuide{
			Page: page("How a project is kept"), Words: []site.HealthWord{{Word: "active", Meaning: "It is new.", Remedy: "Nothing."}, {Word: "quiet", Meaning: "It is not.", Remedy: "Publish."}},
			Majors: []site.HealthMajor{{Number: 18, Released: now.AddDate(-1, 0, 0), Ends: now.AddDate(4, 0, 0), State: "supported"}},
		}},
		{"project_health evil", &site.HealthGuide{Page: evilPage(), Words: []site.HealthWord{{Word: evil, Meaning: evil, Remedy: evil}}, Majors: []site.HealthMajor{{State: evil}}}},
		{"problem", &site.ProblemPage{Page: page("Already there"), Problem: problem}},
		{"problem evil", &site.ProblemPage{Page: evilPage(), Problem: bad}},
		{"problems", &site.Problems{Page: page("What can go wrong"), Topics: topics}},
		{"problems evil", &site.Problems{Page: evilPage(), Topics: evilTopics}},
	}
}

func newSite(t *testing.T) *site.Site {
	t.Helper()
	s, err := site.New(&url.URL{Scheme: "https", Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func render(t *testing.T, view site.View) string {
	t.Helper()
	body, err := newSite(t).Render(view)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
