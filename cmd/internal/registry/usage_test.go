package registry_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// store is the database of an instance.
func (in *instance) store() *postgres.Store {
	in.t.Helper()
	store, err := postgres.Open(in.t.Context(), postgres.Config{URL: in.cfg.Database.URL, MaxConns: 2})
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(store.Close)
	return store
}

// past records downloads of days that are over, and as many clients.
func (in *instance) past(store *postgres.Store, counts ...ports.DownloadCount) {
	in.t.Helper()
	batch := ports.DownloadBatch{Replica: porttest.NewID(), Sequence: 1, Counts: counts}
	seen := map[string]bool{}
	for _, count := range counts {
		if key := count.Project + count.Day.String(); !seen[key] {
			seen[key] = true
			clients := hyperloglog.Sketches{}.NewSketch()
			for i := range count.Downloads {
				clients.Add(uint64(i+1) * 0x9e3779b97f4a7c15)
			}
			batch.Clients = append(batch.Clients, ports.ClientCount{Project: count.Project, Day: count.Day, Clients: clients})
		}
	}
	if err := store.RecordDownloads(in.t.Context(), batch); err != nil {
		in.t.Fatal(err)
	}
}

func (in *instance) read(path string, into any) answer {
	in.t.Helper()
	a := in.get(path)
	if a.status != http.StatusOK {
		in.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		in.t.Fatal(err)
	}
	return a
}

// What was downloaded is told: of a project in all, over time and by parts, of the registry, and who grows most.
func TestUsageIsTold(t *testing.T) {
	in := serve(t, nil)
	store := in.store()
	for _, version := range []string{"0.1", "0.2", "0.3"} {
		in.publish("alice", archivetest.Build{Project: "pgmq", Version: version}, nil)
	}
	in.publish("bob", archivetest.Build{Project: "other", Version: "1.0", Postgres: 18, Architecture: "aarch64"}, nil)
	today := ports.Day(time.Now())
	ago := func(days int) time.Time { return today.AddDate(0, 0, -days) }
	in.past(store,
		porttest.Downloads("pgmq", "0.1", ago(1), 40, 3), porttest.Downloads("pgmq", "0.2", ago(1), 60, 0),
		porttest.Downloads("pgmq", "0.2", ago(8), 5, 0), porttest.Downloads("pgmq", "0.1", ago(40), 7, 0),
		porttest.Downloads("pgmq", "0.1", ago(200), 900, 0),
	)
	in.get(downloadPath("PGMQ", "0.3"))
	in.get(strings.Replace(downloadPath("other", "1.0"), "pg17-linux-amd64", "pg18-linux-arm64", 1))
	var stats trunk.ProjectStats
	eventually(t, "told", func() bool {
		in.read("/api/v1/trunk-projects/pgmq/stats", &stats)
		return stats.Downloads.Total == 1013
	})
	if stats.Project != "pgmq" || stats.Downloads.Last7Days != 101 || stats.Downloads.Last30Days != 106 || stats.Downloads.Last90Days != 113 ||
		stats.Robots.Total != 3 || stats.Installers.Last7Days != 41 || *stats.Rank != 1 ||
		*stats.Trend.Last7Days != 19 || *stats.Trend.Last30Days != 14 || stats.Trend.Last90Days != nil {
		t.Errorf("%+v", stats)
	}
	var downloads trunk.ProjectDownloads
	path := "/api/v1/trunk-projects/pgmq/downloads"
	in.read(path+"?by=version", &downloads)
	if len(downloads.Points) != 90 || downloads.Downloads != 113 || downloads.Points[89].Downloads != 1 || downloads.Points[88].Downloads != 100 || downloads.Points[88].Robots != 3 {
		t.Errorf("%+v", downloads)
	}
	var parts []string
	for _, one := range downloads.Series {
		parts = append(parts, fmt.Sprint(*one.Value, one.Downloads, one.Points[88:]))
	}
	if got := strings.Join(parts, " "); got != "0.265 [60 0] 0.147 [40 0] 0.31 [0 1]" {
		t.Errorf("by version: %s", got)
	}
	in.read(fmt.Sprintf("%s?granularity=month&from=%s&to=%s&by=platform", path, ago(210).Format(time.DateOnly), ago(1).Format(time.DateOnly)), &downloads)
	if downloads.Downloads != 1012 || len(downloads.Series) != 1 || downloads.Series[0].Downloads != 1012 || downloads.Points[0].From.Time != ago(210) {
		t.Errorf("by month: %+v", downloads)
	}
	var registry trunk.RegistryStats
	eventually(t, "summed", func() bool {
		in.read("/api/v1/stats", &registry)
		return registry.Downloads.Total == 1014 && registry.Waiting != nil && registry.Waiting.Projects == 1
	})
	if registry.Projects != 2 || registry.Versions != 4 || registry.Builds != 4 || registry.Publishers != 2 || len(registry.Weeks) != 13 ||
		registry.Waiting.PGVersion != 18 || registry.ByPGVersion[0] != (trunk.RegistryPart{Value: "18", Projects: 1, Downloads: 1}) ||
		registry.ByPlatform[0] != (trunk.RegistryPart{Value: "linux/amd64", Projects: 1, Downloads: 106}) {
		t.Errorf("%+v", registry)
	}
	var trending trunk.Trending
	in.read("/api/v1/trending", &trending)
	if len(trending.Items) != 1 || trending.Items[0].Name != "pgmq" || trending.Items[0].Installers != 40 || trending.Items[0].InstallersBefore != 5 {
		t.Errorf("%+v", trending)
	}
	in.read("/api/v1/trending?window=30d&limit=1", &trending)
	if trending.Window != trunk.TrendingWindowN30D || len(trending.Items) != 1 {
		t.Errorf("%+v", trending)
	}
}

// What pages show of projects: the last weeks by version, and of many projects at once.
func TestWeeks(t *testing.T) {
	in := serve(t, nil)
	store := in.store()
	for i := range 6 {
		in.publish("alice", archivetest.Build{Project: "pgmq", Version: fmt.Sprint("0.", i)}, nil)
	}
	in.publish("alice", archivetest.Build{Project: "other", Version: "1.0"}, nil)
	wednesday := porttest.Date(2026, time.November, 25)
	var counts []ports.DownloadCount
	for i := range 6 {
		counts = append(counts, porttest.Downloads("pgmq", fmt.Sprint("0.", i), wednesday.AddDate(0, 0, -7*i), int64(10+i), 0))
	}
	// Of the first week of a line the first day, and the day before it; of the week that is not over a day.
	counts = append(counts, porttest.Downloads("other", "1.0", porttest.Date(2026, time.August, 24), 3, 0),
		porttest.Downloads("other", "1.0", porttest.Date(2026, time.August, 23), 4, 0), porttest.Downloads("other", "1.0", wednesday, 5, 0))
	in.past(store, counts...)
	service := &usage.Service{Usage: store, Now: func() time.Time { return wednesday.Add(time.Hour) }}
	var weeks []usage.Point
	var series []usage.Series
	eventually(t, "told", func() bool {
		_, points, found, err := service.Recent(t.Context(), "PGMQ", 4)
		weeks, series = points, found
		return err == nil && len(found) > 0
	})
	var got []string
	for _, one := range series {
		got = append(got, fmt.Sprint(one.Value, " ", one.Downloads))
	}
	if got := strings.Join(got, ", "); len(weeks) != 13 || got != "0.5 15, 0.4 14, 0.3 13, 0.2 12,  21" || !series[4].Other {
		t.Errorf("%d weeks of %s", len(weeks), got)
	}
	lines, err := service.Sparklines(t.Context(), []string{"pgmq", "Other", "nobodys"})
	if want := "map[other:[3 0 0 0 0 0 0 0 0 0 0 0 0] pgmq:[0 0 0 0 0 0 0 0 15 14 13 12 11]]"; err != nil || fmt.Sprint(lines) != want {
		t.Errorf("%v, %v", lines, err)
	}
}

// A day begins at midnight of UTC. Its key is there from the day before, for when the database is away then, and gone an hour
// after the day is over; what is flushed late is counted for the day on which it happened.
func TestDaysOfCounting(t *testing.T) {
	in := serve(t, map[string]string{"COUNT_INTERVAL": "1h"})
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	clock := time.Date(2028, time.February, 28, 23, 59, 59, 999_999_000, time.UTC)
	counter := usage.NewCounter(usage.Options{
		Log: in.store(), Sketches: hyperloglog.Sketches{}, Now: func() time.Time { return clock }, Replica: porttest.NewID(),
		Entropy: func(b []byte) error {
			_, err := rand.Read(b)
			return err
		},
	})
	count := func(address string) {
		counter.Count(porttest.Downloads("pgmq", "1.0", clock, 0, 0).DownloadedBuild, usage.Client{Address: address})
	}
	flush := func() {
		t.Helper()
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if counter.Pending() != 0 {
			t.Errorf("%d are pending", counter.Pending())
		}
	}
	days := func() string {
		return in.text("SELECT string_agg(day || ' ' || downloads || ' ' || installers, ', ' ORDER BY day) FROM usage_project_days")
	}
	keys := func() string {
		return in.text("SELECT string_agg(day::text, ' ' ORDER BY day) FROM usage_keys WHERE day >= '2028-01-01'")
	}
	count("198.51.100.1")
	flush()
	if got := keys(); got != "2028-02-28 2028-02-29" {
		t.Errorf("before midnight there are the keys of %s", got)
	}
	count("198.51.100.1")
	count("198.51.100.2")
	clock = clock.Add(time.Microsecond)
	count("198.51.100.1")
	flush()
	if got := days(); got != "2028-02-28 3 2, 2028-02-29 1 1" {
		t.Errorf("at midnight: %s", got)
	}
	clock = clock.Add(time.Hour)
	flush()
	if got := keys(); got != "2028-02-29 2028-03-01" {
		t.Errorf("an hour later there are the keys of %s", got)
	}
	clock = clock.Add(24 * time.Hour)
	count("198.51.100.1")
	flush()
	if got := days(); got != "2028-02-28 3 2, 2028-02-29 1 1, 2028-03-01 1 1" {
		t.Errorf("after the leap day: %s", got)
	}
	if written, pending := counter.Written(), counter.Pending(); written != 5 || pending != 0 {
		t.Errorf("%d downloads were written, %d wait", written, pending)
	}
}

// text asks for one text.
func (in *instance) text(query string) (text string) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	if err := conn.QueryRow(in.t.Context(), query).Scan(&text); err != nil {
		in.t.Fatal(err)
	}
	return text
}

// What cannot be asked for is refused with the parameter that is wrong, and nobody's numbers are nobody's.
func TestUsageQuestions(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "0.1"}, nil)
	path := "/api/v1/trunk-projects/pgmq/downloads"
	for query, pointer := range map[string]string{
		"?from=2026-02-29":                                 "/query/from",
		"?from=2026-2-1":                                   "/query/from",
		"?from=2026-11-02&to=2026-11-01":                   "/query/to",
		"?from=2020-01-01&to=2026-11-01":                   "/query/from",
		"?from=0001-01-01&to=9999-12-31&granularity=month": "/query/from",
		"?granularity=year":                                "/query/granularity",
		"?by=owner":                                        "/query/by",
	} {
		if a := in.get(path + query); a.status != http.StatusBadRequest || a.code() != "request_invalid" || !strings.Contains(a.body, `"`+pointer+`"`) {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	for _, missing := range []string{"/api/v1/trunk-projects/nobodys/downloads", "/api/v1/trunk-projects/nobodys/stats"} {
		if a := in.get(missing); a.status != http.StatusNotFound || a.code() != "project_unknown" {
			t.Errorf("%s: %d %s", missing, a.status, a.body)
		}
	}
	if a := in.get("/api/v1/trending?window=1d"); a.status != http.StatusBadRequest {
		t.Errorf("a window that is none: %d %s", a.status, a.body)
	}
	// 400 weeks are fine, and a leap day is a day.
	var downloads trunk.ProjectDownloads
	in.read(path+"?from=2028-02-28&to=2028-03-01", &downloads)
	if len(downloads.Points) != 3 || downloads.Points[1].From.String() != "2028-02-29" {
		t.Errorf("%+v", downloads)
	}
	a := in.read("/api/v1/trunk-projects/pgmq/stats", new(trunk.ProjectStats))
	if !strings.Contains(a.body, `"rank":null`) || !strings.Contains(a.body, `"last_7_days":null`) || a.header.Get("ETag") == "" {
		t.Errorf("nothing was downloaded yet: %v %s", a.header, a.body)
	}
	if again := in.do(http.MethodGet, "/api/v1/trunk-projects/pgmq/stats", http.Header{"If-None-Match": {a.header.Get("ETag")}}, nil); again.status != http.StatusNotModified {
		t.Errorf("the same again: %d", again.status)
	}
}

// Searches know what is popular without a change of the catalogue, and its clock does not tick for it.
func TestPopularityFollowsDownloads(t *testing.T) {
	in := serve(t, nil)
	store := in.store()
	for _, project := range []string{"alpha", "bravo", "kilo"} {
		in.publish("alice", archivetest.Build{Project: project, Version: "1.0"}, nil)
	}
	eventually(t, "counted", func() bool {
		return in.count("SELECT catalogue_version FROM search_state") == in.count("SELECT version FROM catalogue_clock")
	})
	clock := in.count("SELECT version FROM catalogue_clock")
	today := ports.Day(time.Now())
	in.past(store, porttest.Downloads("kilo", "1.0", today.AddDate(0, 0, -3), 30, 0), porttest.Downloads("bravo", "1.0", today, 9, 0),
		porttest.Downloads("alpha", "1.0", today.AddDate(0, 0, -50), 99, 0))
	eventually(t, "known to searches", func() bool {
		// The process does so on its own, every few minutes.
		if _, err := store.FollowDownloads(t.Context()); err != nil {
			t.Fatal(err)
		}
		return in.count("SELECT count(*) FROM search_documents WHERE (name, downloads) IN (('kilo', 30), ('bravo', 9), ('alpha', 0))") == 3
	})
	var found trunk.SearchResult
	in.read("/api/v1/search?sort=downloads", &found)
	var order []string
	for _, item := range found.Items {
		order = append(order, fmt.Sprint(item.Name, " ", item.Downloads))
	}
	if got := strings.Join(order, ", "); got != "kilo 30, bravo 9, alpha 0" {
		t.Errorf("the order is %s", got)
	}
	if got := in.count("SELECT version FROM catalogue_clock"); got != clock {
		t.Errorf("the catalogue's clock went from %d to %d", clock, got)
	}
}
