package pgtest_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

func query[T any](t *testing.T, url, statement string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var value T
	if err := conn.QueryRow(t.Context(), statement).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

const countTables = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	var seen sync.Map
	for range 8 {
		t.Run("clone", func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			url := pgtest.URL(t)
			t.Logf("a clone takes %s", time.Since(begin))
			if _, again := seen.LoadOrStore(url, true); again {
				t.Errorf("%s was given twice", url)
			}
			if query[int](t, url, countTables) < 2 {
				t.Error("the schema is missing")
			}
			// Nothing is left to do, so the template was migrated as a database of production would be.
			if err := postgres.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEmpty(t *testing.T) {
	url := pgtest.Empty(t)
	if count := query[int](t, url, countTables); count != 0 {
		t.Errorf("an empty database has %d tables", count)
	}
}

func TestDatabasesAreDropped(t *testing.T) {
	var name string
	t.Run("leaves a connection open", func(t *testing.T) {
		url := pgtest.URL(t)
		name = query[string](t, url, "SELECT current_database()")
		if _, err := pgx.Connect(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	})
	const found = "SELECT count(*) FROM pg_database WHERE datname = "
	if query[int](t, pgtest.Server().URL("postgres"), found+"'"+name+"'") != 0 {
		t.Errorf("%s is there after its test", name)
	}
}
