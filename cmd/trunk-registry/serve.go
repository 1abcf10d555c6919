package main

import (
	"fmt"

	"pgtrunk.io/registry/cmd/internal/registry"
)

type serveCommand struct{}

// Run serves until the context ends.
func (serveCommand) Run(env *environment) error {
	cfg, err := registry.LoadServe(env.getenv)
	if err != nil {
		return fmt.Errorf("these settings are wrong:\n%w", err)
	}
	log := registry.Logger(cfg, env.stderr)
	return registry.Serve(env.ctx, cfg, log, func(at registry.Addresses) {
		_, _ = fmt.Fprintf(env.stdout, "Trunk Registry is at %s\n", at.Public)
	})
}
