package registry_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pgtrunk.io/registry/adapters/http/httpbench"
	"pgtrunk.io/registry/adapters/postgres/catalogtest"
)

// benchSizes are how many projects the catalogues have that reading is measured in. The largest takes minutes to make:
// BENCH_PROJECTS=100000 asks for it.
func benchSizes(b *testing.B) []int {
	b.Helper()
	most := 10_000
	if asked := os.Getenv("BENCH_PROJECTS"); asked != "" {
		var err error
		if most, err = strconv.Atoi(asked); err != nil {
			b.Fatalf("BENCH_PROJECTS: %v", err)
		}
	}
	return slices.DeleteFunc([]int{250, 10_000, 100_000}, func(projects int) bool { return projects > most })
}

// serveCatalogue starts a registry over a generated catalogue, with the log that it has in production.
func serveCatalogue(b *testing.B, projects int) *instance {
	b.Helper()
	return serve(b, map[string]string{
		"DATABASE_URL": catalogtest.URL(b, projects), "LOG_LEVEL": "info", "UPKEEP_INTERVAL": "never",
	})
}

// contender is one of those that answer the same requests in one benchmark.
type contender struct {
	name, url string
	client    *http.Client
	// redirects says that it answers with redirects and not with bytes.
	redirects bool
	took      []time.Duration
}

func newContender(b *testing.B, name, url string) *contender {
	b.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableCompression: true}
	b.Cleanup(transport.CloseIdleConnections)
	return &contender{name: name, url: url, client: &http.Client{Transport: transport}}
}

// bare starts a contender that is the web framework and nothing else.
func bare(b *testing.B, name string, answer func(ctx context.Context, path string) ([]byte, error)) *contender {
	b.Helper()
	server := httptest.NewServer(httpbench.Bare(answer))
	b.Cleanup(server.Close)
	return newContender(b, name, server.URL)
}

// ask sends one request and notes how long the whole answer took.
func (c *contender) ask(b *testing.B, path string) int64 {
	b.Helper()
	begin := time.Now()
	response, err := c.client.Get(c.url + path)
	if err != nil {
		b.Fatal(err)
	}
	size, err := io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if ok := response.StatusCode == http.StatusOK && size > 0; err != nil || ok == c.redirects || c.redirects && response.StatusCode != http.StatusFound {
		b.Fatalf("%s%s: %d, %d bytes, %v", c.url, path, response.StatusCode, size, err)
	}
	c.took = append(c.took, time.Since(begin))
	return size
}

// quantile is how long the answer took that is slower than such a share of all.
func (c *contender) quantile(share float64) time.Duration {
	slices.Sort(c.took)
	return c.took[min(len(c.took)-1, int(share*float64(len(c.took))))]
}

// race lets the contenders answer the same requests in turn, so that whatever else the machine does hits all alike. The
// metrics are those of the first: how long it takes, and how its speed is to that of each of the others.
func race(b *testing.B, paths []string, first *contender, others ...*contender) {
	b.Helper()
	all := append([]*contender{first}, others...)
	for _, c := range all {
		for _, path := range paths[:min(len(paths), 20)] {
			c.ask(b, path)
		}
		c.took = nil
	}
	var bytes int64
	i := 0
	for b.Loop() {
		path := paths[i%len(paths)]
		for k := range all {
			size := all[(i+k)%len(all)].ask(b, path)
			if k == 0 {
				bytes += size
			}
		}
		i++
	}
	half := first.quantile(0.5)
	b.ReportMetric(float64(half), "ns/op")
	b.ReportMetric(float64(first.quantile(0.99)), "p99-ns")
	b.ReportMetric(float64(bytes)/float64(i), "answer-bytes")
	for _, c := range others {
		b.ReportMetric(float64(c.quantile(0.5))/float64(half), "x_"+c.name)
	}
}

// known are the answers that a registry gives for paths.
func (in *instance) known(b *testing.B, paths []string) func(context.Context, string) ([]byte, error) {
	b.Helper()
	answers := make(map[string][]byte, len(paths))
	for _, path := range paths {
		response, err := http.Get(in.url + path)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d, %v", path, response.StatusCode, err)
		}
		answers[path] = body
	}
	return func(_ context.Context, path string) ([]byte, error) { return answers[path], nil }
}

// asking answers as known does, but first asks a query with what stands in the path's place.
func asking(b *testing.B, in *instance, query string, keys map[string]string, known func(context.Context, string) ([]byte, error)) func(context.Context, string) ([]byte, error) {
	b.Helper()
	pool, err := pgxpool.New(b.Context(), in.cfg.Database.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	return func(ctx context.Context, path string) ([]byte, error) {
		rows, err := pool.Query(ctx, query, keys[path])
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%s: %d rows, %w", path, len(found), err)
		}
		return known(ctx, path)
	}
}

const (
	// The facts that a project's answer is made of, as one would ask for them by hand.
	bareFacts = `
		SELECT p.name, r.version, r.description, r.documentation, r.repository, r.libraries, r.configurations, r.yanked_at,
		       p.deprecation, e.name, e.dependencies, e.control_file, a.pg_major, a.platform, a.sha256
		FROM projects p
		JOIN releases r ON r.project_id = p.id AND r.deleted_at IS NULL
		JOIN release_extensions e ON e.release_id = r.id
		JOIN artefacts a ON a.release_id = r.id
		WHERE `
	factsOfProject   = bareFacts + `p.folded = $1 ORDER BY r.sort_key`
	factsOfExtension = bareFacts + `p.id = (SELECT project_id FROM extension_names WHERE folded = $1) ORDER BY r.sort_key`
	// One row by its key, the least that a database can be asked for.
	rowOfProject   = `SELECT id, name, created_at FROM projects WHERE folded = $1`
	rowOfExtension = `SELECT project_id FROM extension_names WHERE folded = $1`
)

// BenchmarkLookup asks for projects by their names and by those of their extensions, over HTTP. Beside the registry answer,
// with the very same bytes, the bare web framework; the same with one row read by its key; the same with one query for
// the facts that the answer is made of. What a lookup costs must not grow with the catalogue.
func BenchmarkLookup(b *testing.B) {
	for _, projects := range benchSizes(b) {
		in := serveCatalogue(b, projects)
		for _, lookup := range []struct{ name, keys, path, row, facts string }{
			{"project", `SELECT folded FROM projects`, "/api/v1/trunk-projects/", rowOfProject, factsOfProject},
			{"extension", `SELECT folded FROM extension_names`, "/api/v1/trunk-projects?extension-name=", rowOfExtension, factsOfExtension},
		} {
			b.Run(fmt.Sprintf("%s/projects=%d", lookup.name, projects), func(b *testing.B) {
				var paths []string
				keys := map[string]string{}
				for _, name := range in.sample(b, lookup.keys) {
					paths = append(paths, lookup.path+name)
					keys[lookup.path+name] = name
				}
				known := in.known(b, paths)
				race(b, paths, newContender(b, "registry", in.url),
					bare(b, "bare", known),
					bare(b, "bare_row", asking(b, in, lookup.row, keys, known)),
					bare(b, "bare_facts", asking(b, in, lookup.facts, keys, known)))
			})
		}
	}
}

// sample gives names spread over the whole catalogue, always the same.
func (in *instance) sample(b *testing.B, query string) []string {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), in.cfg.Database.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(b.Context())) }()
	rows, err := conn.Query(b.Context(), `SELECT folded FROM (`+query+`) names ORDER BY md5(folded) LIMIT 250`)
	if err != nil {
		b.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	return names
}

// BenchmarkCatalogue asks for all projects at once, over HTTP, beside the bare web framework with the same bytes.
func BenchmarkCatalogue(b *testing.B) {
	for _, projects := range benchSizes(b) {
		in := serveCatalogue(b, projects)
		b.Run(fmt.Sprintf("projects=%d", projects), func(b *testing.B) {
			paths := []string{"/api/v1/trunk-projects"}
			race(b, paths, newContender(b, "registry", in.url), bare(b, "bare", in.known(b, paths)))
		})
	}
}
