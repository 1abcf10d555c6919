package catalogtest_test

import (
	"context"
	"os"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/catalogtest"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/core/extension"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// digest tells what is in a database, but for when it was filled.
const digest = `
	SELECT (SELECT md5(string_agg(p::text, '' ORDER BY p.id)) FROM projects p)
	    || (SELECT md5(string_agg(r::text, '' ORDER BY r.id)) FROM releases r)
	    || (SELECT md5(string_agg(a::text, '' ORDER BY a.id)) FROM artefacts a)
	    || (SELECT md5(string_agg(r::text, '' ORDER BY r.project_id)) FROM project_readmes r)`

// A generated catalogue is the same at each run, of the size that was asked for, keeps every rule that the tables have, and
// is read like one that people have published.
func TestCatalogue(t *testing.T) {
	const projects = 300
	url, again := catalogtest.URL(t, projects), pgtest.URL(t)
	if err := catalogtest.Fill(t.Context(), again, projects); err != nil {
		t.Fatal(err)
	}
	if a, b := query[string](t, url, digest), query[string](t, again, digest); a != b {
		t.Errorf("two catalogues of one size differ: %s and %s", a, b)
	}
	// Triggers were off: these are the references that nothing else has checked.
	for _, broken := range []string{
		`SELECT count(*) FROM projects p WHERE NOT EXISTS (SELECT FROM project_owners o JOIN accounts a ON a.id = o.account_id WHERE o.project_id = p.id)`,
		`SELECT count(*) FROM projects p WHERE NOT EXISTS (SELECT FROM project_categories c JOIN categories k ON k.id = c.category_id WHERE c.project_id = p.id)`,
		`SELECT count(*) FROM projects p WHERE NOT EXISTS (SELECT FROM extension_names e WHERE e.project_id = p.id)`,
		`SELECT count(*) FROM releases r WHERE NOT EXISTS (SELECT FROM release_extensions e WHERE e.release_id = r.id)
		     OR NOT EXISTS (SELECT FROM artefacts a JOIN accounts p ON p.id = a.publisher_id WHERE a.release_id = r.id)`,
		`SELECT count(*) FROM artefacts a WHERE NOT EXISTS (SELECT FROM releases r JOIN projects p ON p.id = r.project_id WHERE r.id = a.release_id)`,
		`SELECT count(*) FROM projects p WHERE NOT EXISTS (SELECT FROM search_cards c WHERE c.project_id = p.id)`,
		`SELECT count(*) FROM project_readmes m WHERE NOT EXISTS (SELECT FROM projects p WHERE p.id = m.project_id)`,
	} {
		if got := query[int](t, url, broken); got != 0 {
			t.Errorf("%d: %s", got, broken)
		}
	}
	if got := query[int](t, url, `SELECT count(*) FROM project_readmes`); got < projects/5 || got > projects/2 {
		t.Errorf("%d of %d projects have a README", got, projects)
	}
	store, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	latest, err := store.LatestReleases(t.Context())
	if err != nil || len(latest) != projects {
		t.Fatalf("%d releases, %v", len(latest), err)
	}
	for _, r := range latest[:20] {
		name := query[string](t, url, `SELECT e.folded FROM extension_names e JOIN projects p ON p.id = e.project_id WHERE p.name = $1 LIMIT 1`, r.Project)
		all, err := store.ReleasesOfExtension(t.Context(), name)
		if got, _ := extension.Latest(all); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("the latest of %s is %+v, that of its extension %s %+v, %v", r.Project, r, name, got, err)
		}
	}
}

func query[T any](t *testing.T, url, statement string, arguments ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var value T
	if err := conn.QueryRow(t.Context(), statement, arguments...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}
