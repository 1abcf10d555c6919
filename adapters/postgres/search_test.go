package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/ports/porttest"
)

// execute changes a database behind the store's back.
func execute(t testing.TB, url, statement string, arguments ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), statement, arguments...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestSearch(t *testing.T) {
	porttest.Search(t, func(t *testing.T) porttest.SearchSetup {
		t.Helper()
		url := pgtest.URL(t)
		return porttest.SearchSetup{
			SearchFacts: open(t, postgres.Config{URL: url, MaxConns: 8}),
			Downloaded: func(project string, times int64) {
				execute(t, url, "UPDATE search_cards SET downloads = $1 WHERE name = $2", times, project)
			},
		}
	})
}
