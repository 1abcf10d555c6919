package embeddedpg

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// rootAccounts: a user namespace is the cleanest, for PostgreSQL sees an ordinary user while all files stay root's. Some
// containers forbid it; there it runs as nobody, which may need the right to pass through folders that are closed to others.
func rootAccounts() []account {
	passing := nobody()
	passing.name, passing.everywhere = "nobody with CAP_DAC_OVERRIDE", true
	passing.attr.AmbientCaps = []uintptr{unix.CAP_DAC_OVERRIDE}
	return []account{namespaced(), nobody(), passing}
}

func namespaced() account {
	// Any number but 0 will do.
	const inside = 1000
	return account{
		name: "root in a user namespace", uid: os.Geteuid(), gid: os.Getegid(), everywhere: true,
		attr: syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Geteuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getegid(), Size: 1}},
		},
	}
}

// setShutdownSignal: when we die, the server shuts down in good order and is ready to start again at once.
func setShutdownSignal(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
