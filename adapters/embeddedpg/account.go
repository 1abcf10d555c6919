package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"pgtrunk.io/registry/adapters/childproc"
)

// account says as whom the programs of PostgreSQL run: they refuse root.
type account struct {
	// name is for errors.
	name string
	// attr is what a process needs to run so.
	attr syscall.SysProcAttr
	// uid and gid own the files, as we see them.
	uid, gid int
	// everywhere: it may enter directories that are closed to others.
	everywhere bool
}

// accounts gives those to try, the best first. An ordinary user needs none.
func accounts() []account {
	if os.Geteuid() == 0 {
		return rootAccounts()
	}
	return nil
}

// choose gives the first account that can run the installation on the data directory.
func choose(ctx context.Context, accounts []account, installation Installation, dataDir string) (account, error) {
	if len(accounts) == 0 {
		return account{name: "the user", uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	var errs []error
	for _, candidate := range accounts {
		err := candidate.check(ctx, installation, dataDir)
		if err == nil {
			return candidate, nil
		}
		errs = append(errs, fmt.Errorf("as %s: %w", candidate.name, err))
	}
	return account{}, fmt.Errorf("PostgreSQL refuses to run as root: run this as an ordinary user (%w)", errors.Join(errs...))
}

func (a account) check(ctx context.Context, installation Installation, dataDir string) error {
	if !a.everywhere {
		for _, path := range []string{installation.BinDir, filepath.Dir(dataDir)} {
			if err := open(path); err != nil {
				return err
			}
		}
	}
	// Some containers forbid user namespaces or a change of user; one finds out by trying.
	//nolint:gosec // G204: the folder was chosen by whoever runs this, and asked for its version before
	cmd := exec.CommandContext(ctx, filepath.Join(installation.BinDir, "postgres"), "--version")
	cmd.Dir = "/"
	cmd.SysProcAttr = a.attributes()
	child, err := childproc.Start(cmd)
	if err != nil {
		return err
	}
	<-child.Done()
	return child.Err()
}

// open checks that everyone may enter a directory and all above it.
func open(dir string) error {
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("look at a folder: %w", err)
		}
		if info.Mode()&0o001 == 0 {
			return fmt.Errorf("%s may be entered by its owner alone", dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func (a account) attributes() *syscall.SysProcAttr {
	attr := a.attr
	setShutdownSignal(&attr)
	return &attr
}

// own gives a data directory to the account, when it is root's or that of another account of root's.
func (a account) own(dir string) error {
	owner, err := ownerOf(dir)
	if err != nil || owner == a.uid {
		return err
	}
	if os.Geteuid() != 0 || (owner != 0 && owner != nobodyID()) {
		return fmt.Errorf("%s belongs to user %d: run this as that user, or choose another directory", dir, owner)
	}
	if err := a.take(dir); err != nil {
		return fmt.Errorf("give the data directory to %s: %w", a.name, err)
	}
	return nil
}

// take stays below dir, whatever links its old owner has put there.
func (a account) take(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return root.Lchown(path, a.uid, a.gid)
	})
}

func ownerOf(path string) (int, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, fmt.Errorf("look for the owner: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("the owner of %s is unknown", path)
	}
	return int(stat.Uid), nil
}

// nobody is the user for those who shall own nothing.
func nobody() account {
	id := nobodyID()
	return account{
		name: "nobody", uid: id, gid: id,
		attr: syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}},
	}
}

func nobodyID() int {
	if found, err := user.Lookup("nobody"); err == nil {
		if id, err := strconv.Atoi(found.Uid); err == nil {
			return id
		}
	}
	return 65534
}
