// Package catalogtest fills databases with catalogues of any size for benchmarks. What is in them looks like what people
// publish – names, words, versions and builds are spread as in a real catalogue – and is the same at each run.
package catalogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/pgtest"
)

// URL gives a database with a generated catalogue of so many projects, for this test alone. The first to ask for a size
// waits until it is made.
func URL(tb testing.TB, projects int) string {
	tb.Helper()
	return pgtest.Filled(tb, fmt.Sprintf("template_catalogue_%d", projects), func(ctx context.Context, url string) error {
		return Fill(ctx, url, projects)
	})
}

// chunk is how many projects are in memory at once.
const chunk = 5_000

// Fill puts a generated catalogue into a migrated database without one, as a superuser of it.
func Fill(ctx context.Context, url string, projects int) (err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	categories, err := categoriesOf(ctx, conn)
	if err != nil {
		return err
	}
	// Triggers and references cost more than the rows do; what the triggers are for is done once, at the end.
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica; SET maintenance_work_mem = '256MB'"); err != nil {
		return fmt.Errorf("switch the triggers off: %w", err)
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		indexes, err := dropIndexes(ctx, tx)
		if err != nil {
			return err
		}
		made := newGenerator(categories, projects)
		for left := projects; left > 0; left -= chunk {
			if err := copyInto(ctx, tx, made.take(min(left, chunk))); err != nil {
				return err
			}
		}
		return finish(ctx, tx, projects, indexes)
	})
	if err != nil {
		return err
	}
	// As autovacuum would: statistics, and pages that are known to be visible.
	if _, err := conn.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return fmt.Errorf("gather statistics: %w", err)
	}
	return nil
}

// dropIndexes drops those that are no constraint's, and gives what makes them again: an index is made of many rows in a
// fraction of the time that it takes to add them one by one.
func dropIndexes(ctx context.Context, tx pgx.Tx) (definitions []string, err error) {
	rows, err := tx.Query(ctx, `
		SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
		ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	type index struct{ Name, Definition string }
	indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	for _, i := range indexes {
		if _, err := tx.Exec(ctx, "DROP INDEX "+i.Name); err != nil {
			return nil, fmt.Errorf("drop an index: %w", err)
		}
		definitions = append(definitions, i.Definition)
	}
	return definitions, nil
}

func categoriesOf(ctx context.Context, conn *pgx.Conn) ([]int64, error) {
	rows, err := conn.Query(ctx, "SELECT id FROM categories ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	return ids, nil
}

// copyInto appends rows to their tables.
func copyInto(ctx context.Context, tx pgx.Tx, tables []table) error {
	for _, t := range tables {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("fill %s: %w", t.name, err)
		}
	}
	return nil
}

// finish makes the indexes, and does at once what the triggers would have done for each row. What search is derived from is
// indexed first, and search itself last.
func finish(ctx context.Context, tx pgx.Tx, projects int, indexes []string) error {
	derived := func(definition string) bool { return strings.Contains(definition, " ON public.search_") }
	before := append(slices.DeleteFunc(slices.Clone(indexes), derived),
		"ANALYZE",
		// Else all would be taken for popular, and be written again when they are counted.
		"INSERT INTO search_counts (facet, projects) SELECT '', count(*) FROM projects")
	if err := execute(ctx, tx, before...); err != nil {
		return err
	}
	const part = 1_000
	for done := 0; done < projects; done += part {
		if _, err := tx.Exec(ctx, "SELECT search_reindex(ARRAY(SELECT id FROM projects ORDER BY id OFFSET $1 LIMIT $2))", done, part); err != nil {
			return fmt.Errorf("index for searches: %w", err)
		}
		if done == 0 {
			// The tables were empty so far, and what is in them is looked up by the next parts.
			if err := execute(ctx, tx, "ANALYZE search_documents, search_cards, search_names, search_words"); err != nil {
				return err
			}
		}
	}
	return execute(ctx, tx, append([]string{
		// Few are asked for often, and many hardly ever.
		"UPDATE search_cards SET downloads = (100000 / (1 + abs(hashtext(name)) % 100000))",
		"UPDATE catalogue_clock SET version = version + 1, changed_at = clock_timestamp()",
		"ANALYZE search_documents, search_cards, search_names, search_words",
		"SELECT search_refresh()",
	}, slices.DeleteFunc(slices.Clone(indexes), func(definition string) bool { return !derived(definition) })...)...)
}

func execute(ctx context.Context, tx pgx.Tx, statements ...string) error {
	for _, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
