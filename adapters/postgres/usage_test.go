package postgres_test

import (
	"strings"
	"testing"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/ports/porttest"
)

// Days are the same wherever the database thinks that it is, and whatever it makes of a connection's first words.
func TestUsage(t *testing.T) {
	for _, zone := range []string{"UTC", "Pacific/Kiritimati"} {
		t.Run(zone, func(t *testing.T) {
			porttest.Usage(t, func(t *testing.T) porttest.UsageFacts {
				t.Helper()
				url := pgtest.URL(t)
				database := url[strings.LastIndexByte(url, '/')+1:]
				database, _, _ = strings.Cut(database, "?")
				execute(t, url, "ALTER DATABASE "+database+" SET timezone = '"+zone+"'")
				// Our connections say UTC, and the functions must not need that.
				execute(t, url, "ALTER FUNCTION usage_refresh(date) SET timezone = '"+zone+"'")
				return open(t, postgres.Config{URL: url, MaxConns: 8})
			})
		})
	}
}
