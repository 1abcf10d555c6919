package embeddedpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pgtrunk.io/registry/adapters/childproc"
)

// prepareData leaves a data directory that the server can start on: a new one, or that of an earlier start.
func (s *Server) prepareData(ctx context.Context, log func(string)) error {
	version, err := os.ReadFile(filepath.Join(s.dataDir, "PG_VERSION"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.initialise(ctx, log)
	case err != nil:
		return fmt.Errorf("read the version of the data directory: %w", err)
	}
	major := strings.TrimSpace(string(version))
	if major != strconv.Itoa(s.installation.Major) {
		return fmt.Errorf("PostgreSQL %s made the data in %s, and %s holds PostgreSQL %s: "+
			"set TRUNK_PG_BIN to the folder of initdb and postgres of PostgreSQL %s, or remove the data to begin anew",
			major, s.dataDir, s.installation.BinDir, s.installation.Version, major)
	}
	if err := s.account.own(s.dataDir); err != nil {
		return err
	}
	return clearStalePID(ctx, s.dataDir)
}

// initialise makes the data directory under another name first: one that stands under its own name is whole.
func (s *Server) initialise(ctx context.Context, log func(string)) error {
	entries, err := os.ReadDir(s.dataDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into the data directory: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s holds other things than the data of PostgreSQL: choose another directory", s.dataDir)
	}
	log(fmt.Sprintf("making a data directory of PostgreSQL %s in %s", s.installation.Version, s.dataDir))
	unfinished := s.dataDir + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove an unfinished data directory: %w", err)
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	if err := s.account.own(unfinished); err != nil {
		return err
	}
	if err := s.initdb(ctx, unfinished); err != nil {
		return err
	}
	// It may stand there empty.
	if err := os.Remove(s.dataDir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make place for the data directory: %w", err)
	}
	if err := os.Rename(unfinished, s.dataDir); err != nil {
		return fmt.Errorf("put the data directory in its place: %w", err)
	}
	return nil
}

func (s *Server) initdb(ctx context.Context, dir string) error {
	arguments := []string{"-D", dir, "-E", "UTF8", "-A", "trust", "--no-sync", "-U", "postgres"}
	cmd := s.command(ctx, "initdb", append(arguments, locale()...)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	child, err := childproc.Start(cmd)
	if err != nil {
		return err
	}
	select {
	case <-child.Done():
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("make the data directory: %w", context.Cause(ctx)), child.Stop(syscall.SIGTERM, 5*time.Second))
	}
	if err := child.Err(); err != nil {
		return fmt.Errorf("make the data directory with initdb: %w:\n%s", err, bytes.TrimSpace(output.Bytes()))
	}
	return nil
}

// locale: order by code points, and letters outside ASCII are letters (LC_CTYPE=C makes pg_trgm drop them). Not every macOS
// has C.UTF-8.
func locale() []string {
	if runtime.GOOS == "darwin" {
		return []string{"--locale=C", "--lc-ctype=en_US.UTF-8"}
	}
	return []string{"--locale=C.UTF-8"}
}

// clearStalePID removes the postmaster.pid of a server that is gone. PostgreSQL itself would refuse to start while any process
// of the same user, or a zombie, has that id by now.
//
// Errors: a server on this data directory is alive and stays so for 5 s. It may be about to end, like the one of a process
// that was killed just now.
func clearStalePID(ctx context.Context, dataDir string) error {
	file := filepath.Join(dataDir, "postmaster.pid")
	var pid int
	gone, err := poll(ctx, patience, func() (bool, error) {
		content, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return true, nil
		} else if err != nil {
			return false, fmt.Errorf("look for another server: %w", err)
		}
		first, _, _ := strings.Cut(string(content), "\n")
		// A file without a number is of a server that was killed while it wrote it.
		pid, _ = strconv.Atoi(strings.TrimSpace(first))
		if pid > 0 && serves(ctx, pid, dataDir) {
			return false, nil
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, fmt.Errorf("remove a stale postmaster.pid: %w", err)
		}
		return true, nil
	})
	if err == nil && !gone {
		err = fmt.Errorf("another PostgreSQL (process %d) serves %s: stop it or choose another directory", pid, dataDir)
	}
	return err
}
