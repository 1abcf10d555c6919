package embeddedpg

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// serves tells whether a process is a PostgreSQL server on a data directory. A zombie has no command line any more.
func serves(_ context.Context, pid int, dataDir string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || len(line) == 0 {
		return false
	}
	arguments := strings.Split(string(line), "\x00")
	if slices.Contains(arguments, dataDir) || slices.Contains(arguments, "-D"+dataDir) {
		return true
	}
	// Started by hand, it may have been given another path to the same place; it works there.
	place, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && place == dataDir && strings.HasSuffix(arguments[0], "postgres")
}
