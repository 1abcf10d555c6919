package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// fake makes a folder with programs that do no more than tell a version.
func fake(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "initdb"), "#!/bin/sh\n", 0o755)
	write(t, filepath.Join(dir, "postgres"), fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version), 0o755)
	return dir
}

func TestFindInstallationAsTold(t *testing.T) {
	dir := fake(t, "17.6 (Debian 17.6-1)")
	t.Setenv("TRUNK_PG_BIN", dir)
	found, err := FindInstallation(t.Context(), "", nil)
	if want := (Installation{BinDir: dir, Version: "17.6", Major: 17}); err != nil || found != want {
		t.Errorf("FindInstallation() = %+v, %v, want %+v", found, err, want)
	}

	t.Setenv("TRUNK_PG_BIN", fake(t, "14.18"))
	_, err = FindInstallation(t.Context(), "", nil)
	mustContain(t, err, "TRUNK_PG_BIN", "PostgreSQL 14.18", "15 or newer")

	t.Setenv("TRUNK_PG_BIN", t.TempDir())
	_, err = FindInstallation(t.Context(), "", nil)
	mustContain(t, err, "TRUNK_PG_BIN", "initdb")
}

func TestFindInstallationOnPath(t *testing.T) {
	t.Setenv("TRUNK_PG_BIN", "")
	link := func(target string) string {
		dir := t.TempDir()
		if err := os.Symlink(filepath.Join(target, "postgres"), filepath.Join(dir, "postgres")); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	clientOnly := fake(t, "18.1")
	if err := os.Remove(filepath.Join(clientOnly, "initdb")); err != nil {
		t.Fatal(err)
	}
	target := fake(t, "16.3")
	path := []string{t.TempDir(), link(clientOnly), link(fake(t, "13.2")), link(target), fake(t, "18.0")}
	t.Setenv("PATH", strings.Join(append(path, os.Getenv("PATH")), string(filepath.ListSeparator)))
	found, err := FindInstallation(t.Context(), "", nil)
	if err != nil || found.BinDir != target {
		t.Errorf("FindInstallation() = %+v, %v, want that in %s", found, err, target)
	}
}

func TestNewest(t *testing.T) {
	old, young, beta := fake(t, "15.1"), fake(t, "18.2"), fake(t, "19beta1")
	if found, ok := newest(t.Context(), []string{old, young, t.TempDir()}); !ok || found.BinDir != young {
		t.Errorf("newest() = %+v", found)
	}
	if found, ok := newest(t.Context(), []string{old, beta}); !ok || found.Major != 19 || found.Version != "19beta1" {
		t.Errorf("newest() = %+v", found)
	}
	if found, ok := newest(t.Context(), []string{fake(t, "14.9"), fake(t, "nonsense")}); ok {
		t.Errorf("newest() = %+v", found)
	}
}

func TestDefaultCacheDir(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	t.Setenv("TMPDIR", t.TempDir())
	dir, err := defaultCacheDir()
	if want := filepath.Join(os.TempDir(), fmt.Sprintf("trunk-registry-%d", os.Geteuid()), "postgres"); err != nil || dir != want {
		t.Errorf("defaultCacheDir() = %s, %v, want %s", dir, err, want)
	}
	if _, err := defaultCacheDir(); err != nil {
		t.Error(err)
	}
}

func TestCachedIsNotFetched(t *testing.T) {
	cacheDir := t.TempDir()
	if err := os.Rename(fake(t, "18.6"), filepath.Join(cacheDir, "bin")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(cacheDir, fetchedVersion), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(cacheDir, "bin"), filepath.Join(cacheDir, fetchedVersion, "bin")); err != nil {
		t.Fatal(err)
	}
	found, err := fetched(t.Context(), cacheDir, func(text string) { t.Errorf("said %q", text) })
	if err != nil || found.Major != 18 {
		t.Errorf("fetched() = %+v, %v", found, err)
	}
}

func TestFetch(t *testing.T) {
	if os.Getenv("TRUNK_TEST_FETCH") != "1" {
		t.Skip("fetches 15 MB from the network: set TRUNK_TEST_FETCH=1")
	}
	cacheDir := filepath.Join(t.TempDir(), "cache")
	write(t, filepath.Join(cacheDir, "fetch-killed", "leftover"), "", 0o600)
	var said sync.Map
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() {
			found, err := fetched(t.Context(), cacheDir, func(text string) { said.Store(i, text) })
			if err != nil {
				t.Error(err)
			} else if found.Major != 18 {
				t.Errorf("fetched() = %+v", found)
			}
		})
	}
	both.Wait()
	count := 0
	said.Range(func(_, _ any) bool { count++; return true })
	if count != 1 {
		t.Errorf("fetched %d times", count)
	}
	if entries, err := os.ReadDir(cacheDir); err != nil || len(entries) != 2 {
		t.Errorf("the cache holds %v (%v), want the lock and PostgreSQL", entries, err)
	}
	if t.Failed() {
		return
	}

	t.Setenv("TRUNK_PG_BIN", filepath.Join(cacheDir, fetchedVersion, "bin"))
	server := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "data")})
	if got := query(t, server, "postgres", "SHOW server_version"); got != server.Installation().Version {
		t.Errorf("the server is PostgreSQL %s", got)
	}
	execute(t, server, "postgres", "CREATE EXTENSION pg_trgm")
	shut(t, server)
}

func TestFetchWaitsForItsLock(t *testing.T) {
	cacheDir := t.TempDir()
	unlock, err := lock(t.Context(), filepath.Join(cacheDir, "fetch.lock"), patience)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unlock() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fetched(ctx, cacheDir, func(text string) { t.Errorf("said %q", text) }); !errors.Is(err, context.Canceled) {
		t.Errorf("fetched() = %v", err)
	}
}
