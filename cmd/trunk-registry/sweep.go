package main

import (
	"fmt"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/cmd/internal/registry"
)

type sweepCommand struct{}

// Run cleans up once, as every serving process does from time to time.
func (sweepCommand) Run(env *environment) error {
	cfg, err := registry.LoadServe(env.getenv)
	if err != nil {
		return fmt.Errorf("these settings are wrong:\n%w", err)
	}
	store, err := postgres.Open(env.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer store.Close()
	objects, err := s3.New(env.ctx, cfg.Objects)
	if err != nil {
		return err
	}
	summary, err := registry.Upkeep(store, objects, cfg).Run(env.ctx)
	_, _ = fmt.Fprintf(env.stdout, "%d objects, %d removed, %d bytes freed\n", summary.Objects, summary.Removed, summary.Freed)
	return err
}
