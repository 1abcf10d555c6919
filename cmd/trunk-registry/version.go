package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the version of the module, the commit it was built from where that is known, and Go's.
func (versionCommand) Run(env *environment) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		_, err := fmt.Fprintln(env.stdout, "trunk-registry, built without module information")
		return err
	}
	commit := "unknown commit"
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			commit = setting.Value
		}
	}
	_, err := fmt.Fprintf(env.stdout, "trunk-registry %s (%s, %s)\n", info.Main.Version, commit, info.GoVersion)
	return err
}
