//go:build unix && !linux

package embeddedpg

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
)

// serves tells whether a process is a PostgreSQL server on a data directory.
func serves(ctx context.Context, pid int, dataDir string) bool {
	line, err := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(line), "postgres") && strings.Contains(string(line), dataDir)
}
