package registry

import (
	"runtime/debug"

	"pgtrunk.io/registry/ports"
)

// Program tells what was built, as far as it was built from a module and a repository.
func Program() ports.Program {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ports.Program{}
	}
	program := ports.Program{Version: info.Main.Version, Go: info.GoVersion}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			program.Revision = setting.Value
		}
	}
	return program
}
