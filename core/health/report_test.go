package health_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/health"
)

func release(version string, published time.Time, builds ...extension.Artefact) extension.Release {
	parsed, err := extension.ParseVersion(version)
	if err != nil {
		panic(err)
	}
	for i := range builds {
		if builds[i].Published.IsZero() {
			builds[i].Published = published
		}
	}
	return extension.Release{ID: version, Project: "pg_cron", Version: parsed, Published: published, License: "PostgreSQL", Artefacts: builds}
}

func build(major int, platform extension.Platform) extension.Artefact {
	return extension.Artefact{Postgres: major, Platform: platform}
}

func yanked(r extension.Release, at time.Time) extension.Release {
	r.Yank = &extension.Yank{At: at, Reason: "workers leak"}
	return r
}

// lateBuild came to a release afterwards.
func lateBuild(major int, at time.Time) extension.Artefact {
	return extension.Artefact{Postgres: major, Platform: extension.LinuxARM64, Published: at}
}

func project(owners ...string) extension.Project {
	p := extension.Project{Name: "pg_cron"}
	for _, name := range owners {
		p.Owners = append(p.Owners, extension.Person{Name: name})
	}
	return p
}

// wanted is what a fact should be.
type wanted struct {
	value    any
	at       string
	sentence string
}

func TestReport(t *testing.T) {
	kept := health.Basis{
		Project: project("alice", "bob"), Readme: true,
		Releases: []extension.Release{
			release("1.5.0", on("2023-11-25"), build(14, extension.LinuxAMD64), build(15, extension.LinuxAMD64)),
			release("1.6.0", on("2024-10-20"), build(17, extension.LinuxAMD64)),
			release("1.6.4", on("2026-01-10"), build(17, extension.LinuxAMD64)),
			release("1.6.5", on("2026-10-14"), build(16, extension.LinuxAMD64), build(17, extension.LinuxAMD64), build(18, extension.LinuxAMD64), build(18, extension.LinuxARM64)),
			release("1.6.2", on("2025-08-01"), lateBuild(18, on("2025-10-16"))),
			yanked(release("1.6.6", on("2026-11-01"), build(18, extension.LinuxAMD64)), on("2026-11-02")),
		},
	}
	fresh := health.Basis{Project: project("alice"), Releases: []extension.Release{release("0.1.0", on("2026-11-25"), build(13, extension.LinuxAMD64))}}
	fresh.Releases[0].License = ""
	early := health.Basis{Project: project(), Releases: []extension.Release{release("1.0.0", on("2025-01-01"), lateBuild(18, on("2025-09-20")))}}
	gone := health.Basis{Project: project("alice"), Releases: []extension.Release{yanked(release("1.0.0", on("2024-01-01"), build(16, extension.LinuxAMD64)), on("2026-02-03"))}}
	gone.Project.Deprecation, gone.Project.Deprecated = "Use b.", on("2026-01-02")
	bare := health.Basis{Project: project("alice"), Releases: []extension.Release{release("1.0.0", on("2025-06-01"))}}
	future := health.Basis{Project: project("alice"), Releases: []extension.Release{release("1.0.0", on("2026-06-01"), build(99, extension.LinuxAMD64), build(9, extension.LinuxS390X))}}
	for name, c := range map[string]struct {
		basis health.Basis
		word  health.Word
		facts map[health.Name]wanted
	}{
		"one that is kept": {kept, health.Active, map[health.Name]wanted{
			health.LastRelease:       {"1.6.5", "2026-10-14", "The latest version, 1.6.5, was published on 2026-10-14, 6 weeks ago."},
			health.ReleasesLastYear:  {2, "2026-10-14", "2 versions since 2025-11-25, the last on 2026-10-14."},
			health.ReleasesAYear:     {1.7, "2023-11-25", "1.7 releases a year since 2023-11-25."},
			health.NewestPostgres:    {18, "2025-10-16", "The newest builds are for PostgreSQL 18, supported until 2030-11-14."},
			health.PostgresDelay:     {21, "2025-10-16", "First build for PostgreSQL 18 on 2025-10-16, 3 weeks after its release."},
			health.SupportedPostgres: {3, "", "Builds for 3 of the 4 supported PostgreSQL majors; none for 15."},
			health.Platforms:         {2, "", "Builds for linux/amd64 and linux/arm64."},
			health.YankedShare:       {0.167, "2026-11-02", "1 of 6 versions was yanked, last 1.6.6 on 2026-11-02."},
			health.Deprecation:       {false, "", "Its owners have not deprecated it."},
			health.HasReadme:         {true, "", "It has a README."},
			health.License:           {"PostgreSQL", "", "The licence of the latest version is PostgreSQL."},
			health.Owners:            {2, "", "2 owners: alice and bob."},
		}},
		"one of today": {fresh, health.Active, map[health.Name]wanted{
			health.LastRelease:       {"0.1.0", "2026-11-25", "The latest version, 0.1.0, was published on 2026-11-25, today."},
			health.ReleasesLastYear:  {1, "2026-11-25", "1 version since 2025-11-25, the last on 2026-11-25."},
			health.ReleasesAYear:     {nil, "2026-11-25", "First published here on 2026-11-25: too short a time to tell a steady rate."},
			health.NewestPostgres:    {13, "2026-11-25", "The newest builds are for PostgreSQL 13, out of support since 2025-11-13."},
			health.PostgresDelay:     {0, "2026-11-25", "First build for PostgreSQL 13 on 2026-11-25, the day that the project came here."},
			health.SupportedPostgres: {0, "", "No build for a supported PostgreSQL major."},
			health.YankedShare:       {0.0, "", "No version of 1 was yanked."},
			health.HasReadme:         {false, "", "It has no README."},
			health.License:           {nil, "", "The latest version names no licence."},
			health.Owners:            {1, "", "1 owner: alice."},
		}},
		"one that was early": {early, health.Maintained, map[health.Name]wanted{
			health.PostgresDelay: {-5, "2025-09-20", "First build for PostgreSQL 18 on 2025-09-20, 5 days before its release."},
			health.LastRelease:   {"1.0.0", "2025-01-01", "The latest version, 1.0.0, was published on 2025-01-01, 22 months ago."},
			health.ReleasesAYear: {0.5, "2025-01-01", "0.5 releases a year since 2025-01-01."},
			health.Owners:        {0, "", "Nobody owns it."},
		}},
		"one that is withdrawn": {gone, health.Withdrawn, map[health.Name]wanted{
			health.LastRelease:      {nil, "", "No version is offered."},
			health.ReleasesLastYear: {0, "", "No version since 2025-11-25."},
			health.ReleasesAYear:    {nil, "", "Without a version that is offered there is no rate."},
			health.NewestPostgres:   {nil, "", "The latest version has no build."},
			health.PostgresDelay:    {nil, "", "The latest version has no build."},
			health.YankedShare:      {1.0, "2026-02-03", "1 of 1 version was yanked, last 1.0.0 on 2026-02-03."},
			health.Deprecation:      {true, "2026-01-02", "Its owners deprecated it on 2026-01-02."},
			health.License:          {nil, "", "No version is offered."},
		}},
		"one without a build": {bare, health.Outdated, map[health.Name]wanted{
			health.Platforms: {0, "", "The latest version has no build."},
		}},
		"one for what is not listed": {future, health.Active, map[health.Name]wanted{
			health.NewestPostgres: {99, "2026-06-01", "The newest builds are for PostgreSQL 99."},
			health.PostgresDelay:  {nil, "2026-06-01", "First build for PostgreSQL 99 on 2026-06-01."},
			health.Platforms:      {2, "", "Builds for linux/amd64 and linux/s390x."},
		}},
	} {
		report := health.Of(c.basis, today)
		if report.Word != c.word || report.Project != "pg_cron" || !report.Day.Equal(on("2026-11-25")) {
			t.Errorf("%s is %s: %s", name, report.Word, report.Why)
		}
		for fact, want := range c.facts {
			got := report.Fact(fact)
			at := ""
			if !got.At.IsZero() {
				at = got.At.Format(time.DateOnly)
			}
			if (wanted{got.Value, at, got.Sentence}) != want {
				t.Errorf("%s, %s: %v %s %q", name, fact, got.Value, at, got.Sentence)
			}
		}
	}
}

// histories are projects as they can be.
func histories() *rapid.Generator[health.Basis] {
	return rapid.Custom(func(t *rapid.T) health.Basis {
		b := health.Basis{Project: project("alice")}
		for i := range rapid.IntRange(1, 8).Draw(t, "releases") {
			b.Releases = append(b.Releases, draw(t, fmt.Sprintf("1.%d.0", i), moments().Draw(t, "published")))
		}
		if rapid.IntRange(0, 4).Draw(t, "deprecated") == 0 {
			b.Project.Deprecation, b.Project.Deprecated = "Use another.", moments().Draw(t, "since")
		}
		return b
	})
}

func draw(t *rapid.T, version string, published time.Time) extension.Release {
	r := release(version, published)
	for range rapid.IntRange(0, 4).Draw(t, "builds") {
		r.Artefacts = append(r.Artefacts, extension.Artefact{
			Postgres: rapid.IntRange(9, 20).Draw(t, "major"), Platform: rapid.SampledFrom(extension.Platforms()).Draw(t, "platform"),
			Published: published.Add(time.Duration(rapid.Int64Range(0, 20000).Draw(t, "after")) * time.Hour),
		})
	}
	if rapid.IntRange(0, 4).Draw(t, "yanked") == 0 {
		r = yanked(r, published.Add(time.Hour))
	}
	return r
}

// A report has every fact once, each with a sentence, and says the same whatever the order of what it is made of.
func TestReportsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := histories().Draw(t, "basis")
		report := health.Of(b, today)
		var names []health.Name
		for _, fact := range report.Facts {
			names = append(names, fact.Name)
			if fact.Sentence == "" {
				t.Fatalf("%s says nothing", fact.Name)
			}
			switch fact.Value.(type) {
			case nil, int, float64, string, bool:
			default:
				t.Fatalf("%s is a %T", fact.Name, fact.Value)
			}
		}
		if !slices.Equal(names, health.Names()) {
			t.Fatalf("the facts are %v", names)
		}
		if share, ok := report.Fact(health.YankedShare).Value.(float64); !ok || share < 0 || share > 1 || (share == 1) != (report.Word == health.Withdrawn) {
			t.Fatalf("%v of it are yanked and it is %s", share, report.Word)
		}
		if (report.Fact(health.LastRelease).Value == nil) != (report.Word == health.Withdrawn) {
			t.Fatal("it offers a version and does not")
		}
		if deprecated, _ := report.Fact(health.Deprecation).Value.(bool); !deprecated && report.Word == health.Deprecated {
			t.Fatal("it is deprecated and is not")
		}
		slices.Reverse(b.Releases)
		if other := health.Of(b, today); fmt.Sprint(other) != fmt.Sprint(report) {
			t.Fatalf("in another order it is %v, not %v", other, report)
		}
	})
}

// Another release makes neither the word nor a number of releases worse, whatever it is a release of.
func TestReleasesHelp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := histories().Draw(t, "basis")
		b.Releases = slices.DeleteFunc(b.Releases, func(r extension.Release) bool { return r.Published.After(today) })
		before := health.Of(b, today)
		fresh := draw(t, rapid.SampledFrom([]string{"0.1.0", "1.0.1", "1.9.0", "2.0.0", "2.0.0-rc.1"}).Draw(t, "version"), today)
		fresh.Yank = nil
		b.Releases = append(b.Releases, fresh)
		after := health.Of(b, today)
		if place(after) > place(before) {
			t.Fatalf("%s becomes %s", before.Word, after.Word)
		}
		if number(after, health.ReleasesLastYear) != number(before, health.ReleasesLastYear)+1 {
			t.Fatal("it is not counted")
		}
		if number(after, health.ReleasesAYear) < number(before, health.ReleasesAYear) || number(after, health.YankedShare) > number(before, health.YankedShare) {
			t.Fatal("a rate is worse")
		}
	})
}

func place(r health.Report) int { return slices.Index(health.Words(), r.Word) }

func number(r health.Report, name health.Name) float64 {
	switch v := r.Fact(name).Value.(type) {
	case int:
		return float64(v)
	case float64:
		return v
	default:
		return 0
	}
}
