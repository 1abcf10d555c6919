//go:build !linux

package childproc

import (
	"context"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// executable is the file name of a process's program, or "".
func executable(ctx context.Context, pid int) string {
	output, err := exec.CommandContext(ctx, "ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return filepath.Base(strings.TrimSpace(string(output)))
}
