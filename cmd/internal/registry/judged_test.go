package registry_test

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/cmd/internal/demo"
)

// What people ask for is what they find, over the projects of the demo. The questions were written before there was a
// search; the shares are goals, and what misses them is printed.
func TestJudgedQuestions(t *testing.T) {
	in := serve(t, nil)
	var mu sync.Mutex
	err := demo.Fill(t.Context(), demo.Options{
		URL: in.url, NewestOnly: true, Progress: func(int, int) {},
		Token: func(_ context.Context, user string) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			return in.token(user), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	in.refreshSearch()
	for _, set := range []struct {
		file         string
		first, three float64
	}{
		{"../demo/testdata/judged.tsv", 0.92, 0.98},
		{"../demo/testdata/judged_typos.tsv", 0, 0.92},
	} {
		first, three, all := in.judge(set.file)
		t.Logf("%s: of %d questions %.1f %% have the right answer first, %.1f %% among the first three",
			set.file, all, 100*first, 100*three)
		if all < 60 || first < set.first || three < set.three {
			t.Errorf("%s: wanted %.0f %% and %.0f %%", set.file, 100*set.first, 100*set.three)
		}
	}
}

// refreshSearch waits until the statistics of searches are those of the catalogue.
func (in *instance) refreshSearch() {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	for current := false; !current; {
		err := conn.QueryRow(in.t.Context(), `
			WITH refreshed AS MATERIALIZED (SELECT search_refresh())
			SELECT c.version = s.catalogue_version FROM refreshed, catalogue_clock c, search_state s`).Scan(&current)
		if err != nil {
			in.t.Fatal(err)
		}
	}
}

// judge asks every question of a file and gives the shares that are answered right.
func (in *instance) judge(file string) (first, three float64, all int) {
	in.t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		in.t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		question, wanted, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		all++
		names := in.namesFound("q=" + url.QueryEscape(question))
		right := func(name string) bool { return slices.Contains(strings.Split(wanted, "|"), name) }
		if len(names) > 0 && right(names[0]) {
			first++
		} else {
			in.t.Logf("%q: wanted %s, found %q", question, wanted, names[:min(len(names), 5)])
		}
		if slices.ContainsFunc(names[:min(len(names), 3)], right) {
			three++
		}
	}
	return first / float64(all), three / float64(all), all
}

// namesFound are the names of the projects that a search gives.
func (in *instance) namesFound(query string) []string {
	in.t.Helper()
	a := in.get("/api/v1/search?" + query)
	var result struct {
		Items []struct {
			Name string `json:"name"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(a.body), &result); err != nil || a.status != 200 {
		in.t.Fatalf("search %s: %d %s", query, a.status, a.body)
	}
	names := make([]string, len(result.Items))
	for i, item := range result.Items {
		names[i] = item.Name
	}
	return names
}
