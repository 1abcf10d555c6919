// Package pgtest gives every test a database of its own: one server a test process, one migrated template, a clone a test.
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }
//
//	func TestStore(t *testing.T) {
//		store, err := postgres.Open(t.Context(), postgres.Config{URL: pgtest.URL(t)})
//		…
//	}
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/embeddedpg"
	"pgtrunk.io/registry/adapters/postgres"
)

const template = "template_migrated"

// patience bounds what is done outside a test's own time: the start, the clean-up.
const patience = 5 * time.Minute

// harness is the server of this process; it starts when the first test wants it.
type harness struct {
	running bool
	server  func() (*embeddedpg.Server, error)
	// template makes the schema once.
	template func() error

	mu      sync.Mutex
	started *embeddedpg.Server
	// filled are the templates with something in them, by name.
	filled map[string]func() error
	dir    string
	count  int
}

var shared = newHarness()

func newHarness() *harness {
	h := &harness{filled: map[string]func() error{}}
	h.server = sync.OnceValues(h.start)
	h.template = sync.OnceValue(h.migrate)
	return h
}

// Run runs the tests of a package, then ends the server and removes its data, if a test has started it. It gives the exit code.
func Run(m interface{ Run() int }) int {
	shared.running = true
	code := m.Run()
	if err := shared.close(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// Tests are a package's tests within the life of the server, for a package that needs another server around them.
type Tests struct{ M *testing.M }

// Run runs them.
func (t Tests) Run() int { return Run(t.M) }

// URL gives a database with the registry's schema and nothing in it, for this test alone. It is dropped when the test ends.
func URL(tb testing.TB) string {
	tb.Helper()
	if err := shared.template(); err != nil {
		tb.Fatal("pgtest:", err)
	}
	return shared.database(tb, template)
}

// Filled gives a database with the registry's schema and what fill has put into it, for this test alone. It is filled once
// a run; name is the template's, and says what is in it. It is dropped when the test ends.
func Filled(tb testing.TB, name string, fill func(ctx context.Context, url string) error) string {
	tb.Helper()
	if err := shared.template(); err != nil {
		tb.Fatal("pgtest:", err)
	}
	shared.mu.Lock()
	prepared := shared.filled[name]
	if prepared == nil {
		prepared = sync.OnceValue(func() error { return shared.prepare(name, template, fill) })
		shared.filled[name] = prepared
	}
	shared.mu.Unlock()
	if err := prepared(); err != nil {
		tb.Fatal("pgtest:", err)
	}
	return shared.database(tb, name)
}

// Empty gives a database without a schema, for this test alone. It is dropped when the test ends.
func Empty(tb testing.TB) string {
	tb.Helper()
	return shared.database(tb, "template0")
}

// Server is the server itself, for tests that stop at nothing. It panics when there is none: it has no test to fail.
func Server() *embeddedpg.Server {
	server, err := shared.server()
	if err != nil {
		panic(err)
	}
	return server
}

func (h *harness) start() (*embeddedpg.Server, error) {
	if !h.running {
		return nil, errors.New("nobody would end the server: call pgtest.Run in TestMain")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dir, err := os.MkdirTemp("", "trunk-registry-pgtest-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the server: %w", err)
	}
	log := func(text string) { _, _ = fmt.Fprintln(os.Stderr, "pgtest:", text) }
	server, err := embeddedpg.Start(ctx, embeddedpg.Options{DataDir: filepath.Join(dir, "data"), Log: log})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dir, h.started = dir, server
	return server, err
}

func (h *harness) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	if h.started != nil {
		errs = append(errs, h.started.Close())
	}
	if h.dir != "" {
		errs = append(errs, os.RemoveAll(h.dir))
	}
	return errors.Join(errs...)
}

func (h *harness) migrate() error {
	return h.prepare(template, "template0", postgres.Migrate)
}

// prepare makes a template.
func (h *harness) prepare(name, from string, fill func(ctx context.Context, url string) error) error {
	server, err := h.server()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := h.copy(ctx, name, from); err != nil {
		return err
	}
	if err := fill(ctx, server.URL(name)); err != nil {
		return fmt.Errorf("fill %s: %w", name, err)
	}
	// Nobody may connect from now on: a template with connections cannot be cloned.
	return h.execute(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
}

func (h *harness) database(tb testing.TB, from string) string {
	tb.Helper()
	server, err := h.server()
	if err != nil {
		tb.Fatal("pgtest:", err)
	}
	name, err := h.clone(tb.Context(), from)
	if err != nil {
		tb.Fatal("pgtest:", err)
	}
	tb.Cleanup(func() {
		// The test's own context has ended by now.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := h.execute(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Error("pgtest:", err)
		}
	})
	return server.URL(name)
}

func (h *harness) clone(ctx context.Context, from string) (string, error) {
	h.mu.Lock()
	h.count++
	name := fmt.Sprintf("test_%d", h.count)
	h.mu.Unlock()
	return name, h.copy(ctx, name, from)
}

// copy works on one database at a time: two copies of one template at once disturb each other.
func (h *harness) copy(ctx context.Context, name, from string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	strategy := "wal_log"
	if h.filled[from] != nil {
		// Much is copied faster as files than page by page.
		strategy = "file_copy"
	}
	return h.execute(ctx, "CREATE DATABASE "+name+" STRATEGY "+strategy+" TEMPLATE "+from)
}

func (h *harness) execute(ctx context.Context, statement string) (err error) {
	server, err := h.server()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
