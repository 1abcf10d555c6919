//go:build unix && !linux

package childproc_test

import "syscall"

func interruptAtDeath() *syscall.SysProcAttr { return nil }
