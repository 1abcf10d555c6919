//go:build unix && !linux

package embeddedpg

import "syscall"

func rootAccounts() []account { return []account{nobody()} }

// setShutdownSignal does nothing: only Linux tells a child that its parent is gone.
func setShutdownSignal(*syscall.SysProcAttr) {}
