package childproc

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// executable is the file name of a process's program, or "".
func executable(_ context.Context, pid int) string {
	if path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		// The kernel adds the suffix when the file was replaced, as by an update of Go.
		return filepath.Base(strings.TrimSuffix(path, " (deleted)"))
	}
	// The link of another user's process cannot be read, its name can.
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}
