package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// The tables of the queue are River's. Its version is pinned, so that a newer one is a migration of its own.
const (
	jobsMigration = 15
	riverVersion  = 8
)

// jobTables is the migration that makes the tables of the queue.
func jobTables(url string) *goose.Migration {
	step := func(direction rivermigrate.Direction, target int) *goose.GoFunc {
		// River needs several transactions, and pgx itself.
		return &goose.GoFunc{RunDB: func(ctx context.Context, _ *sql.DB) error {
			pool, err := pgxpool.New(ctx, url)
			if err != nil {
				return fmt.Errorf("connect to the database: %w", err)
			}
			defer pool.Close()
			migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				return fmt.Errorf("read the migrations of the queue: %w", err)
			}
			_, err = migrator.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: target})
			return err
		}}
	}
	return goose.NewGoMigration(jobsMigration, step(rivermigrate.DirectionUp, riverVersion), step(rivermigrate.DirectionDown, -1))
}

// name is what a migration is called: the one that is no file has none.
func name(source *goose.Source) string {
	if source.Version == jobsMigration {
		return "00015_jobs"
	}
	return source.Path
}
