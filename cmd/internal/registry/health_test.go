package registry_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/health"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// published makes a project of one version for a PostgreSQL major, published so many days ago.
func (in *instance) published(project string, major, daysAgo int) {
	in.t.Helper()
	in.publish("alice", archivetest.Build{Project: project, Version: "1.0.0", Postgres: major}, map[string]any{"license": "MIT"})
	if daysAgo > 0 {
		in.exec("UPDATE releases SET created_at = created_at - make_interval(days => $1) WHERE project_id = (SELECT id FROM projects WHERE name = $2)", daysAgo, project)
	}
}

// health asks for the health of a project.
func (in *instance) health(project string) (report trunk.ProjectHealth) {
	in.t.Helper()
	a := in.get("/api/v1/trunk-projects/" + project + "/health")
	if a.status != http.StatusOK {
		in.t.Fatalf("%s: %d %s", project, a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &report); err != nil {
		in.t.Fatal(err)
	}
	return report
}

// olderMajor is one that is supported and not the one that a project should have by now.
func olderMajor(t *testing.T, now time.Time) int {
	t.Helper()
	for _, major := range health.Majors() {
		if major.Number < health.DueMajor(now) && major.SupportedAt(now) {
			return major.Number
		}
	}
	t.Fatal("health.Majors wants the PostgreSQL majors of the last years")
	return 0
}

// Lists of results, pages and the API say the same word, whatever it is.
func TestHealthIsTheSameEverywhere(t *testing.T) {
	in := serve(t, nil)
	now := time.Now().UTC()
	const long = 800
	in.published("fresh", 12, 0)
	in.published("finished", health.DueMajor(now), long)
	in.published("sleeping", olderMajor(t, now), long)
	in.published("left", 12, long)
	in.published("replaced", health.DueMajor(now), 0)
	in.published("gone", health.DueMajor(now), 0)
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/replaced/deprecate", in.token("alice"), `{"message": "Use fresh."}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	in.yank("gone", "1.0.0", `{"reason": "Loses messages."}`)
	want := map[string]trunk.HealthWord{
		"fresh": trunk.HealthWordActive, "finished": trunk.HealthWordMaintained, "sleeping": trunk.HealthWordQuiet, "left": trunk.HealthWordOutdated,
		"replaced": trunk.HealthWordDeprecated, "gone": trunk.HealthWordWithdrawn,
	}
	for project, word := range want {
		report := in.health(project)
		if report.Word != word || report.Name != project || report.Why == "" || report.Rule != in.url+"/project-health" || len(report.Facts) != len(health.Names()) {
			t.Errorf("%s is %s: %s", project, report.Word, report.Why)
		}
		text := words(in.page("/extensions/" + project).root)
		if !strings.Contains(text, "Health: "+string(word)+" "+report.Why) {
			t.Errorf("the page of %s does not say %q", project, report.Why)
		}
		for _, fact := range report.Facts {
			if !strings.Contains(text, fact.Sentence) {
				t.Errorf("the page of %s does not say %q", project, fact.Sentence)
			}
		}
	}
	found := in.search("sort=name")
	if len(found.Items) != len(want)-1 {
		t.Fatalf("the search finds %d", len(found.Items))
	}
	list, owner := words(in.page("/search?sort=name").root), words(in.page("/users/alice").root)
	for _, item := range found.Items {
		if item.Health != want[item.Name] {
			t.Errorf("the search says that %s is %s", item.Name, item.Health)
		}
		day := item.ReleasedAt.Format(time.DateOnly)
		if !strings.Contains(list, string(item.Health)+", "+day) {
			t.Errorf("the list does not say that %s is %s", item.Name, item.Health)
		}
		if item.Deprecated == nil && !strings.Contains(owner, fmt.Sprintf("%s 1.0.0 %s %d %s", item.Name, day, item.PostgresVersions[0], item.Health)) {
			t.Errorf("the owner's page does not say that %s is %s: %s", item.Name, item.Health, owner)
		}
	}
}

// What is told follows what people do, at the price of a few statements.
func TestHealthFollows(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	fact := func(name health.Name) trunk.HealthFact {
		t.Helper()
		report := in.health("PG-cron")
		i := slices.IndexFunc(report.Facts, func(f trunk.HealthFact) bool { return string(f.Fact) == string(name) })
		return report.Facts[i]
	}
	for name, want := range map[health.Name]string{
		health.LastRelease: "1.6.5", health.ReleasesLastYear: "3", health.ReleasesAYear: "<nil>", health.NewestPostgres: "17", health.Platforms: "2", health.YankedShare: "0",
		health.HasReadme: "true", health.License: "PostgreSQL", health.Owners: "1", health.Deprecation: "false",
	} {
		if f := fact(name); fmt.Sprint(f.Value) != want || f.Sentence == "" {
			t.Errorf("%s: %v, %s", name, f.Value, f.Sentence)
		}
	}
	in.yank("pg_cron", "1.6.5", `{"reason": "Workers leak."}`)
	if f := fact(health.LastRelease); f.Value != "1.6.4" {
		t.Errorf("after a yank the latest is %v", f.Value)
	}
	if f := fact(health.YankedShare); f.Value != 0.333 || f.At == nil || !strings.Contains(f.Sentence, "1 of 3 versions was yanked, last 1.6.5 on ") {
		t.Errorf("after a yank: %+v", f)
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pg_cron/deprecate", in.token("alice"), `{"message": "Use another."}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	if f := fact(health.Deprecation); f.Value != true || f.At == nil || time.Since(*f.At) > time.Hour {
		t.Errorf("after a deprecation: %+v", f)
	}
	before := in.statements.Load()
	in.health("pg_cron")
	if got := in.statements.Load() - before; got != 5 {
		t.Errorf("it takes %d statements", got)
	}
	if a := in.get("/api/v1/trunk-projects/nobody/health"); a.status != http.StatusNotFound || a.code() != "project_unknown" {
		t.Errorf("of nothing: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodDelete, "/api/v1/trunk-projects/user_one", in.token("bob"), ""); a.status != http.StatusNoContent {
		t.Fatal(a.body)
	}
	if a := in.get("/api/v1/trunk-projects/user_one/health"); a.status != http.StatusGone || a.code() != "removed" {
		t.Errorf("of what was deleted: %d %s", a.status, a.body)
	}
}

// Badges say what there is, cost one statement, and are pictures that a README can show whatever happens.
func TestBadges(t *testing.T) {
	in := serve(t, nil)
	in.scheduler()
	in.exec("UPDATE search_cards SET downloads = 48210 WHERE name = 'pg_cron'")
	label := func(path string) string {
		t.Helper()
		before := in.statements.Load()
		a := in.get(path)
		if got := in.statements.Load() - before; got != 1 {
			t.Errorf("%s takes %d statements", path, got)
		}
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/svg+xml" || a.header.Get("Cache-Control") != "public, max-age=300, stale-while-revalidate=86400" ||
			!strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'") || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%s: %d %v", path, a.status, a.header)
		}
		_, rest, _ := strings.Cut(a.body, `aria-label="`)
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	for path, want := range map[string]string{
		"/badges/pg_cron/version.svg": "trunk: 1.6.5", "/badges/PG-Cron/postgres.svg": "PostgreSQL: 14–17", "/badges/pg_cron/platforms.svg": "platforms: linux amd64, arm64",
		"/badges/pg_cron/downloads.svg": "downloads: 48k in 30 days", "/badges/cube/downloads.svg": "downloads: 0 in 30 days", "/badges/nobody/version.svg": "trunk: unknown",
		"/badges/nobody/downloads.svg": "downloads: unknown", "/badges/%3Cscript%3E%22/platforms.svg": "platforms: unknown", "/platform/linux-arm64/badges/pg_cron/postgres.svg": "PostgreSQL: 14–17",
	} {
		if got := label(path); got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pg_cron/deprecate", in.token("alice"), `{"message": "m"}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	if got := label("/badges/pg_cron/version.svg"); got != "trunk: 1.6.5, deprecated" {
		t.Errorf("a deprecated project has %q", got)
	}
	for _, version := range []string{"1.6.3", "1.6.4", "1.6.5"} {
		in.yank("pg_cron", version, `{"reason": "r"}`)
	}
	for _, kind := range []string{"version", "postgres", "platforms"} {
		if got := label("/badges/pg_cron/" + kind + ".svg"); !strings.HasSuffix(got, ": withdrawn") {
			t.Errorf("the badge %s of what was withdrawn says %q", kind, got)
		}
	}
	if a := in.get("/badges/pg_cron/stars.svg"); a.status != http.StatusBadRequest || a.code() != "request_invalid" {
		t.Errorf("a badge that there is not: %d %s", a.status, a.body)
	}
}

// The Markdown of a project's page shows its badges, and leads back to it.
func TestBadgesOfAPage(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	page := in.page("/extensions/pgmq")
	markdown := page.raw("badges")
	for _, kind := range []string{"version", "postgres", "platforms", "downloads"} {
		address := in.url + "/badges/pgmq/" + kind + ".svg"
		if !strings.Contains(markdown, "]("+address+")]("+in.url+"/extensions/pgmq)") {
			t.Errorf("the Markdown does not show %s: %s", kind, markdown)
		}
		if a := in.get("/badges/pgmq/" + kind + ".svg"); a.status != http.StatusOK {
			t.Errorf("%s: %d", address, a.status)
		}
	}
	if strings.Count(markdown, "\n") != 3 {
		t.Errorf("the Markdown is %s", markdown)
	}
}

// The page with the rule explains every word that there is, at a place that the pages of projects lead to.
func TestHealthGuide(t *testing.T) {
	in := serve(t, nil)
	a := in.browse("/project-health")
	in.isPage("/project-health", a, http.StatusOK)
	for _, e := range health.Explanations() {
		if !strings.Contains(a.body, `id="`+string(e.Word)+`"`) || !strings.Contains(words(parsePage(t, a.body).root), e.Meaning) {
			t.Errorf("%s is not explained", e.Word)
		}
	}
	in.publish("alice", pgmq, nil)
	if project := in.browse("/extensions/pgmq"); !strings.Contains(project.body, `href="/project-health#active"`) {
		t.Error("nothing leads to the rule")
	}
}
