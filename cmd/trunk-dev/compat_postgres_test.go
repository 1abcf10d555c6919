package main_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/embeddedpg"
)

// compatPostgres is a PostgreSQL to install into: a copy of the machine's, so that nothing of the machine changes.
type compatPostgres struct {
	// pgConfig is a program that tells the places as PostgreSQL's own pg_config does.
	pgConfig, sharedir, pkglibdir string
	major                         int
	server                        *embeddedpg.Server
	// origin is where the copy was taken from.
	origin compatPlaces
}

// compatPlaces are the folders of an installation.
type compatPlaces struct{ bin, share, lib string }

// newCompatPostgres copies the machine's PostgreSQL and starts the copy.
func newCompatPostgres(t *testing.T) compatPostgres {
	t.Helper()
	installation, err := embeddedpg.FindInstallation(t.Context(), "", func(text string) { t.Log(text) })
	if err != nil {
		t.Fatalf("find PostgreSQL: %v", err)
	}
	origin := placesOf(t, installation)
	// PostgreSQL finds its folders from where its program lies, as long as they lie to each other as they did.
	root, top := t.TempDir(), commonFolder(origin.bin, origin.share, origin.lib)
	moved := func(dir string) string { return filepath.Join(root, strings.TrimPrefix(dir, top)) }
	copyTree(t, origin.share, moved(origin.share), nil)
	copyTree(t, origin.lib, moved(origin.lib), func(name string) bool { return strings.HasPrefix(name, "bitcode") || strings.HasPrefix(name, "pgxs") })
	copyTree(t, origin.bin, moved(origin.bin), func(name string) bool { return name != "postgres" && name != "initdb" })
	t.Setenv("TRUNK_PG_BIN", moved(origin.bin))
	server, err := embeddedpg.Start(context.WithoutCancel(t.Context()), embeddedpg.Options{DataDir: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatalf("start the copy of PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("end PostgreSQL: %v", err)
		}
	})
	p := compatPostgres{sharedir: moved(origin.share), pkglibdir: moved(origin.lib), major: installation.Major, server: server, origin: origin}
	p.pgConfig = writePgConfig(t, p)
	return p
}

// placesOf finds the folders of an installation: Debian's lie apart, those of others side by side.
func placesOf(t *testing.T, installation embeddedpg.Installation) compatPlaces {
	t.Helper()
	bin, err := filepath.EvalSymlinks(installation.BinDir)
	if err != nil {
		t.Fatal(err)
	}
	major := strconv.Itoa(installation.Major)
	find := func(file string, folders ...string) string {
		for _, folder := range folders {
			if _, err := os.Stat(filepath.Join(folder, file)); err == nil {
				return filepath.Clean(folder)
			}
		}
		t.Fatalf("%s is in none of %v", file, folders)
		return ""
	}
	return compatPlaces{
		bin:   bin,
		share: find("postgres.bki", filepath.Join(bin, "../share"), filepath.Join(bin, "../share/postgresql"), "/usr/share/postgresql/"+major),
		lib:   find("plpgsql.so", filepath.Join(bin, "../lib"), filepath.Join(bin, "../lib/postgresql")),
	}
}

// commonFolder is the longest path that all lie below.
func commonFolder(dirs ...string) string {
	top := dirs[0]
	for _, dir := range dirs {
		for !strings.HasPrefix(dir+"/", top+"/") {
			top = filepath.Dir(top)
		}
	}
	return top
}

// copyTree copies files and links, but those that skip names.
func copyTree(t *testing.T, from, to string, skip func(name string) bool) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case name != "." && skip != nil && skip(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		default:
			// A link to a file becomes the file: it may lead out of the tree.
			data, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			return os.WriteFile(target, data, 0o755)
		}
	})
	if err != nil {
		t.Fatalf("copy %s: %v", from, err)
	}
}

// writePgConfig writes a pg_config for the copy, and puts it first in the path.
func writePgConfig(t *testing.T, p compatPostgres) string {
	t.Helper()
	dir := t.TempDir()
	script := `#!/bin/sh
case "$1" in
--sharedir) echo '` + p.sharedir + `' ;;
--pkglibdir) echo '` + p.pkglibdir + `' ;;
--version) echo 'PostgreSQL ` + strconv.Itoa(p.major) + `.0' ;;
*) exit 1 ;;
esac
`
	name := filepath.Join(dir, "pg_config")
	if err := os.WriteFile(name, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return name
}

// ask creates an extension in a database of its own and asks one thing of it.
func (p compatPostgres) ask(t *testing.T, extension, question string) string {
	t.Helper()
	ctx := t.Context()
	database := "d" + strings.NewReplacer("-", "_").Replace(strings.ToLower(extension)) + strconv.Itoa(os.Getpid()%1000)
	if err := p.server.CreateDatabase(ctx, database); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	conn, err := pgx.Connect(ctx, p.server.URL(database))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "DROP EXTENSION IF EXISTS "+pgx.Identifier{extension}.Sanitize()+" CASCADE"); err != nil {
		t.Fatalf("drop what an earlier test created: %v", err)
	}
	if _, err := conn.Exec(ctx, "CREATE EXTENSION "+pgx.Identifier{extension}.Sanitize()+" CASCADE"); err != nil {
		t.Fatalf("CREATE EXTENSION %s: %v", extension, err)
	}
	var answer string
	if err := conn.QueryRow(ctx, "SELECT ("+question+")::text").Scan(&answer); err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return answer
}

// has says whether the server could create an extension.
func (p compatPostgres) has(extension string) bool {
	_, err := os.Stat(filepath.Join(p.sharedir, "extension", extension+".control"))
	return err == nil
}

// tool finds a program of the machine that a part of the test needs.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s on this machine", name)
	}
	return path
}
