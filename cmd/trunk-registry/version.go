package main

import (
	"cmp"
	"fmt"

	"pgtrunk.io/registry/cmd/internal/registry"
)

type versionCommand struct{}

// Run prints the version of the module, the commit it was built from where that is known, and Go's.
func (versionCommand) Run(env *environment) error {
	program := registry.Program()
	_, err := fmt.Fprintf(env.stdout, "trunk-registry %s (%s, %s)\n",
		cmp.Or(program.Version, "built without module information"), cmp.Or(program.Revision, "unknown commit"), cmp.Or(program.Go, "unknown Go"))
	return err
}
