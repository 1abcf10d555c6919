//go:build unix && !linux

package childproc

import "syscall"

// setDeathSignal does nothing: only Linux tells a child that its parent is gone.
func setDeathSignal(*syscall.SysProcAttr) {}
