package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

const fetchedVersion = "18.6.0"

// fetched gives the PostgreSQL of the cache and fetches it first where it is missing.
func fetched(ctx context.Context, cacheDir string, log func(string)) (Installation, error) {
	if cacheDir == "" {
		var err error
		if cacheDir, err = defaultCacheDir(); err != nil {
			return Installation{}, err
		}
	}
	cacheDir, err := filepath.Abs(cacheDir)
	if err != nil {
		return Installation{}, fmt.Errorf("find the cache: %w", err)
	}
	target := filepath.Join(cacheDir, fetchedVersion)
	// It is renamed to this place when it is whole, so whoever finds it needs no lock.
	if found, err := inspect(ctx, filepath.Join(target, "bin")); err == nil {
		return found, nil
	}
	//nolint:gosec // G301: programs are for everyone, `nobody` included
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return Installation{}, fmt.Errorf("make the cache: %w", err)
	}
	unlock, err := lock(ctx, filepath.Join(cacheDir, "fetch.lock"), 10*time.Minute)
	if err != nil {
		return Installation{}, fmt.Errorf("wait for another process that fetches PostgreSQL: %w", err)
	}
	result := make(chan error, 1)
	// The library knows no context. When ctx ends first, the fetch goes on: it is there at the next start, or dies with us.
	go func() {
		ctx := context.WithoutCancel(ctx)
		var err error
		if _, missing := inspect(ctx, filepath.Join(target, "bin")); missing != nil {
			log("fetching PostgreSQL " + fetchedVersion + ", once (15 MB) …")
			err = fetch(ctx, cacheDir, target)
		}
		result <- errors.Join(err, unlock())
	}()
	select {
	case <-ctx.Done():
		return Installation{}, fmt.Errorf("fetch PostgreSQL: %w", context.Cause(ctx))
	case err := <-result:
		if err != nil {
			return Installation{}, fmt.Errorf("fetch PostgreSQL %s: %w", fetchedVersion, err)
		}
	}
	return inspect(ctx, filepath.Join(target, "bin"))
}

// defaultCacheDir is a directory of the user's, or a private one among the temporary files where there is no home.
func defaultCacheDir() (string, error) {
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "trunk-registry", "postgres"), nil
	}
	dir := filepath.Join(os.TempDir(), "trunk-registry-"+strconv.Itoa(os.Geteuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("make the cache: %w", err)
	}
	// Anyone can make a directory there, and we are going to run what is in it.
	if owner, err := ownerOf(dir); err != nil {
		return "", err
	} else if owner != os.Geteuid() {
		return "", fmt.Errorf("the cache %s belongs to user %d: set HOME or XDG_CACHE_HOME", dir, owner)
	}
	return filepath.Join(dir, "postgres"), nil
}

// fetch unpacks beside the target and moves the whole thing there. The library knows where to fetch from, and checks the hash.
func fetch(ctx context.Context, cacheDir, target string) (err error) {
	// Those of fetches that were killed; we hold the lock.
	leftovers, _ := filepath.Glob(filepath.Join(cacheDir, "fetch-*")) // The only error is a malformed pattern.
	for _, leftover := range append(leftovers, target) {
		if err := os.RemoveAll(leftover); err != nil {
			return fmt.Errorf("tidy the cache: %w", err)
		}
	}
	work, err := os.MkdirTemp(cacheDir, "fetch-")
	if err != nil {
		return fmt.Errorf("make a folder in the cache: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	binaries := filepath.Join(work, "postgresql")
	library := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(fetchedVersion).
		CachePath(filepath.Join(work, "archive")).
		BinariesPath(binaries).
		RuntimePath(filepath.Join(work, "runtime")).
		// It can only be told to start a server, too, which would outlive us if we were killed. This name, which initdb refuses,
		// keeps it from that: it unpacks and fails, for an ordinary user as it does for root.
		Username("pg_refused").
		Port(uint32(port)).
		Logger(io.Discard))
	started := library.Start()
	if started == nil {
		started = library.Stop()
	}
	// So the question is not whether it failed but whether there are programs now that run.
	if _, err := inspect(ctx, filepath.Join(binaries, "bin")); err != nil {
		return errors.Join(started, err)
	}
	if err := os.Rename(binaries, target); err != nil {
		return fmt.Errorf("move it into the cache: %w", err)
	}
	return nil
}
