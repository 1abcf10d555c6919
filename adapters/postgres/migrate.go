package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"pgtrunk.io/registry/db"
)

// Migration is one step of the schema.
type Migration struct {
	Version int64
	Name    string
	// Applied is when it was applied; zero where it is pending.
	Applied time.Time
}

// Migrator brings the schema up to date. Several may run at once: an advisory lock lets one work and the others wait.
type Migrator struct {
	provider *goose.Provider
	db       *sql.DB
}

// NewMigrator makes a migrator for the database at a URL.
//
// Errors: a connection string that cannot be read.
func NewMigrator(url string) (*Migrator, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("make the migration lock: %w", err)
	}
	migrations, err := fs.Sub(db.Migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open the migrations: %w", err)
	}
	pool := stdlib.OpenDB(*config)
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, migrations, goose.WithSessionLocker(locker), goose.WithGoMigrations(jobTables(url)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the migrations: %w", err), pool.Close())
	}
	return &Migrator{provider: provider, db: pool}, nil
}

// Close ends the connections.
func (m *Migrator) Close() error { return m.db.Close() }

// Up applies all pending migrations and gives those it applied.
//
// Errors: database_unavailable.
func (m *Migrator) Up(ctx context.Context) ([]Migration, error) {
	results, err := m.provider.Up(ctx)
	return applied(results), interpret(err)
}

// Down takes the newest migration back.
//
// Errors: database_unavailable.
func (m *Migrator) Down(ctx context.Context) ([]Migration, error) {
	result, err := m.provider.Down(ctx)
	if err != nil {
		return nil, interpret(err)
	}
	return applied([]*goose.MigrationResult{result}), nil
}

// Status lists all migrations.
//
// Errors: database_unavailable.
func (m *Migrator) Status(ctx context.Context) ([]Migration, error) {
	statuses, err := m.provider.Status(ctx)
	if err != nil {
		return nil, interpret(err)
	}
	migrations := make([]Migration, len(statuses))
	for i, status := range statuses {
		migrations[i] = Migration{Version: status.Source.Version, Name: name(status.Source), Applied: status.AppliedAt}
	}
	return migrations, nil
}

func applied(results []*goose.MigrationResult) []Migration {
	migrations := make([]Migration, len(results))
	for i, result := range results {
		migrations[i] = Migration{Version: result.Source.Version, Name: name(result.Source)}
	}
	return migrations
}

// Migrate applies all pending migrations to the database at a URL.
func Migrate(ctx context.Context, url string) (err error) {
	migrator, err := NewMigrator(url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, migrator.Close()) }()
	_, err = migrator.Up(ctx)
	return err
}
