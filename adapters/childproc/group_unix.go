//go:build unix

package childproc

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// prepare works on a copy: callers may share one SysProcAttr between commands.
func prepare(cmd *exec.Cmd) {
	attr := &syscall.SysProcAttr{}
	if cmd.SysProcAttr != nil {
		*attr = *cmd.SysProcAttr
	}
	// The leader of a new session leads a group already, and may not change it.
	attr.Setpgid = !attr.Setsid
	setDeathSignal(attr)
	cmd.SysProcAttr = attr
}

func killGroup(process *os.Process) error {
	err := syscall.Kill(-process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}
