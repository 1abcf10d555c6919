package main

import (
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/cmd/internal/registry"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply all pending migrations."`
	Down   migrateDown   `cmd:"" help:"Take the newest migration back."`
	Status migrateStatus `cmd:"" help:"List all migrations."`
}

type (
	migrateUp     struct{}
	migrateDown   struct{}
	migrateStatus struct{}
)

// Run applies all pending migrations.
func (migrateUp) Run(env *environment) error {
	return withMigrator(env, func(m *postgres.Migrator) error {
		applied, err := m.Up(env.ctx)
		for _, migration := range applied {
			_, _ = fmt.Fprintf(env.stdout, "applied %s\n", migration.Name)
		}
		if err == nil && len(applied) == 0 {
			_, _ = fmt.Fprintln(env.stdout, "nothing to do")
		}
		return err
	})
}

// Run takes the newest migration back.
func (migrateDown) Run(env *environment) error {
	return withMigrator(env, func(m *postgres.Migrator) error {
		undone, err := m.Down(env.ctx)
		for _, migration := range undone {
			_, _ = fmt.Fprintf(env.stdout, "took back %s\n", migration.Name)
		}
		return err
	})
}

// Run lists all migrations.
func (migrateStatus) Run(env *environment) error {
	return withMigrator(env, func(m *postgres.Migrator) error {
		migrations, err := m.Status(env.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "MIGRATION\tAPPLIED")
		for _, migration := range migrations {
			when := "pending"
			if !migration.Applied.IsZero() {
				when = migration.Applied.UTC().Format(time.RFC3339)
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\n", migration.Name, when)
		}
		return table.Flush()
	})
}

func withMigrator(env *environment, work func(*postgres.Migrator) error) error {
	cfg, err := registry.LoadDatabase(env.getenv)
	if err != nil {
		return fmt.Errorf("these settings are wrong:\n%w", err)
	}
	migrator, err := postgres.NewMigrator(cfg.Database.URL)
	if err != nil {
		return err
	}
	return errors.Join(work(migrator), migrator.Close())
}
