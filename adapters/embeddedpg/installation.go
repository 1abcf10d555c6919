package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// oldestMajor is the oldest PostgreSQL that the registry's schema runs on.
const oldestMajor = 15

// Installation is a PostgreSQL on this machine.
type Installation struct {
	// BinDir holds initdb and postgres.
	BinDir string
	// Version is as the server tells it, such as 18.6.
	Version string
	// Major decides which data directories it can use.
	Major int
}

// FindInstallation looks for PostgreSQL 15 or newer: in $TRUNK_PG_BIN, in PATH, and where Debian, Homebrew and Postgres.app
// put it (the newest first). Where there is none it fetches one into cacheDir, once; two processes fetch it once, too.
// cacheDir "" is that of Options; log may be nil.
//
// Errors: $TRUNK_PG_BIN holds none or an old one; there is none and none could be fetched.
func FindInstallation(ctx context.Context, cacheDir string, log func(string)) (Installation, error) {
	if log == nil {
		log = func(string) {}
	}
	if binDir := os.Getenv("TRUNK_PG_BIN"); binDir != "" {
		// A wish that cannot be granted is an error: any other server would be a surprise.
		found, err := inspect(ctx, binDir)
		if err != nil {
			return Installation{}, fmt.Errorf("use $TRUNK_PG_BIN: %w", err)
		}
		return found, nil
	}
	for _, places := range append(onPath(), systemPlaces()...) {
		if found, ok := newest(ctx, places); ok {
			return found, nil
		}
	}
	found, err := fetched(ctx, cacheDir, log)
	if err != nil {
		const advice = "no PostgreSQL 15 or newer is here: install one, or set TRUNK_PG_BIN to the folder of its initdb and postgres"
		return Installation{}, fmt.Errorf("%s (%w)", advice, err)
	}
	return found, nil
}

// onPath gives every folder of PATH as a group of its own: there the order decides, not the version.
func onPath() [][]string {
	var groups [][]string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		// PostgreSQL finds its other files from where its program really is.
		if program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
			groups = append(groups, []string{filepath.Dir(program)})
		}
	}
	return groups
}

func systemPlaces() [][]string {
	groups := [][]string{}
	for _, patterns := range [][]string{
		{"/usr/lib/postgresql/*/bin"},
		{
			"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		},
		{"/Applications/Postgres.app/Contents/Versions/*/bin"},
	} {
		var group []string
		for _, pattern := range patterns {
			matches, _ := filepath.Glob(pattern) // The only error is a malformed pattern.
			group = append(group, matches...)
		}
		groups = append(groups, group)
	}
	return groups
}

// newest passes over what is broken or too old: another place may have a better one.
func newest(ctx context.Context, binDirs []string) (Installation, bool) {
	var best Installation
	for _, binDir := range binDirs {
		if found, err := inspect(ctx, binDir); err == nil && found.Major > best.Major {
			best = found
		}
	}
	return best, best.Major > 0
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the server in a folder for its version, so that it must at least run.
func inspect(ctx context.Context, binDir string) (Installation, error) {
	binDir, err := filepath.Abs(binDir)
	if err != nil {
		return Installation{}, fmt.Errorf("find %s: %w", binDir, err)
	}
	// Some packages bring a server without initdb, or a client's initdb without a server.
	if _, err := exec.LookPath(filepath.Join(binDir, "initdb")); err != nil {
		return Installation{}, fmt.Errorf("look for initdb: %w", err)
	}
	//nolint:gosec // G204: these are the folders of the system, of PATH, and the one that the user names
	output, err := exec.CommandContext(ctx, filepath.Join(binDir, "postgres"), "--version").Output()
	if err != nil {
		return Installation{}, fmt.Errorf("ask %s/postgres for its version: %w", binDir, err)
	}
	match := versionPattern.FindSubmatch(output)
	if match == nil {
		return Installation{}, fmt.Errorf("%s/postgres tells no version but %q", binDir, output)
	}
	major, err := strconv.Atoi(string(match[2]))
	if err != nil {
		return Installation{}, fmt.Errorf("read the version of %s/postgres: %w", binDir, err)
	}
	found := Installation{BinDir: binDir, Version: string(match[1]), Major: major}
	if major < oldestMajor {
		return found, fmt.Errorf("%s holds PostgreSQL %s: %w", binDir, found.Version, errTooOld)
	}
	return found, nil
}

var errTooOld = errors.New("the registry needs 15 or newer")
