package registry_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// What people look at says the same as the API: the chart with its table, the lines, who grows, the whole.
func TestUsageOnPages(t *testing.T) {
	in := serve(t, nil)
	store := in.store()
	for _, version := range []string{"0.1", "0.2"} {
		in.publish("alice", archivetest.Build{Project: "pgmq", Version: version}, nil)
	}
	in.publish("bob", archivetest.Build{Project: "other", Version: "1.0"}, nil)
	today := ports.Day(time.Now())
	ago := func(days int) time.Time { return today.AddDate(0, 0, -days) }
	monday := ago((int(today.Weekday())+6)%7 + 21)
	in.past(store,
		porttest.Downloads("pgmq", "0.1", ago(1), 1200, 3), porttest.Downloads("pgmq", "0.2", ago(8), 5, 0),
		porttest.Downloads("pgmq", "0.2", monday, 2500, 0), porttest.Downloads("pgmq", "0.1", ago(200), 900, 0),
	)
	var stats trunk.ProjectStats
	eventually(t, "told", func() bool {
		in.read("/api/v1/trunk-projects/pgmq/stats", &stats)
		return stats.Downloads.Total == 4605
	})
	if _, err := store.FollowDownloads(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := in.page("/extensions/pgmq")
	text := words(page.root)
	for _, want := range []string{
		"3,705 downloads in 30 days, 4,605 in all.", "as a table", "3,705 downloads in 13 weeks, highest 2,500 in the week of " + monday.Format(time.DateOnly),
		"0.2 2,505", "0.1 1,200", monday.Format(time.DateOnly) + " 2,500 0 2,500",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	picture := page.all("svg")
	if got := drawn(picture, "rect", "s1"); got < 2 {
		t.Errorf("the chart has %d bars of the first version", got)
	}
	if text := words(in.page("/extensions/other").root); !strings.Contains(text, "Nobody has downloaded it yet.") {
		t.Errorf("a project without downloads says %s", text)
	}
	home := in.page("/?pg_version=17")
	if text := words(home.root); !strings.Contains(text, "Trending, 7 days pgmq 0.2 +23,900 %") || drawn(home.all("svg"), "polyline", "") != 1 {
		t.Errorf("the home page says %s", text)
	}
	results := in.page("/search?q=pgmq")
	if text := words(results.root); !strings.Contains(text, "3,705 downloads in 30 days") || drawn(results.all("svg"), "polyline", "") != 1 {
		t.Errorf("the results say %s", text)
	}
	eventually(t, "told of all", func() bool { return strings.Contains(words(in.page("/stats").root), "linux/amd64 3,705 100 % 2") })
	whole := words(in.page("/stats").root)
	for _, want := range []string{"2 projects, 3 versions, 3 builds by 2 publishers, for PostgreSQL 17", "3,705 downloads in 30 days, 4,605 in all.", "17 3,705 100 % 2", "pgmq 3,705"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the statistics do not say %q:\n%s", want, whole)
		}
	}
}

// drawn counts what pictures have of a shape.
func drawn(pictures []*html.Node, shape, class string) int {
	count := 0
	for _, picture := range pictures {
		for n := range picture.Descendants() {
			if n.Data == shape && attribute(n, "class") == class {
				count++
			}
		}
	}
	return count
}
