//go:build !unix

package childproc

import (
	"os"
	"os/exec"
)

func prepare(*exec.Cmd) {}

func killGroup(process *os.Process) error { return process.Kill() }
