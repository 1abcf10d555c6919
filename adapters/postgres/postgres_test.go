package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

func open(t testing.TB, cfg postgres.Config) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

func TestStore(t *testing.T) {
	porttest.Store(t, func(t *testing.T) porttest.Facts {
		t.Helper()
		return open(t, postgres.Config{URL: pgtest.URL(t), MaxConns: 8})
	})
}

// counter counts statements; those of the driver itself are prepared ones and come through here too, but only once.
type counter struct{ atomic.Int64 }

// TraceQueryStart counts.
func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.Add(1)
	return ctx
}

// TraceQueryEnd does nothing.
func (*counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// How many statements each read costs, however much there is to read.
func TestQueriesPerRead(t *testing.T) {
	var statements counter
	store := open(t, postgres.Config{URL: pgtest.URL(t), Tracers: []pgx.QueryTracer{&statements}})
	var artefact extension.Artefact
	for i := range 20 {
		for _, version := range []string{"1.0", "1.1", "2.0"} {
			artefact, _ = porttest.Publish(t, store, porttest.Publication{Project: fmt.Sprint("p", i), Version: version})
		}
	}
	for name, c := range map[string]struct {
		want int64
		read func(ctx context.Context) error
	}{
		"latest":    {3, func(ctx context.Context) error { _, err := store.LatestReleases(ctx); return err }},
		"project":   {1, func(ctx context.Context) error { _, err := store.ReleasesOfProject(ctx, "p1"); return err }},
		"extension": {1, func(ctx context.Context) error { _, err := store.ReleasesOfExtension(ctx, "p1"); return err }},
		"version":   {1, func(ctx context.Context) error { _, err := store.Release(ctx, "p1", "1.1"); return err }},
		"nothing":   {1, func(ctx context.Context) error { _, err := store.ReleasesOfProject(ctx, "nobody"); return err }},
		"build": {1, func(ctx context.Context) error {
			_, err := store.Artefact(ctx, "p19", "2.0", 17, extension.LinuxAMD64)
			return err
		}},
		"report":     {1, func(ctx context.Context) error { _, err := store.Report(ctx, artefact.ID); return err }},
		"projects":   {3, func(ctx context.Context) error { _, err := store.Projects(ctx); return err }},
		"a project":  {3, func(ctx context.Context) error { _, err := store.Project(ctx, "p1"); return err }},
		"categories": {1, func(ctx context.Context) error { _, err := store.Categories(ctx); return err }},
		"libraries":  {1, func(ctx context.Context) error { _, err := store.PreloadLibraries(ctx); return err }},
		"standing": {1, func(ctx context.Context) error {
			_, err := store.Standing(ctx, "p1", porttest.NewID(), []string{"search"})
			return err
		}},
		"token": {1, func(ctx context.Context) error {
			_, err := store.TokenByHash(ctx, [32]byte{})
			return ignore(err, fault.TokenUnknown)
		}},
		"session": {1, func(ctx context.Context) error {
			_, err := store.SessionByHash(ctx, [32]byte{}, time.Now())
			return ignore(err, fault.SessionMissing)
		}},
		"a publish, with begin and commit": {10, func(ctx context.Context) error {
			return store.Do(ctx, func(ctx context.Context, tx ports.Tx) error { return publishAgain(ctx, t, tx) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			before := statements.Load()
			if err := c.read(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := statements.Load() - before; got != c.want {
				t.Errorf("%d statements, want %d", got, c.want)
			}
		})
	}
}

func ignore(err error, code fault.Code) error {
	if fault.CodeOf(err) == code {
		return nil
	}
	return err
}

// publishAgain does within a transaction what a publish of a new version does.
func publishAgain(ctx context.Context, t *testing.T, tx ports.Tx) error {
	t.Helper()
	version, err := extension.ParseVersion("3.0")
	if err != nil {
		return err
	}
	at := time.Now()
	who, err := tx.EnsureAccount(ctx, porttest.NewID(), "alice", at)
	if err != nil {
		return err
	}
	standing, err := tx.ClaimProject(ctx, ports.ProjectClaim{ID: porttest.NewID(), Name: "p1", Owner: who.ID, At: at})
	if err != nil {
		return err
	}
	release, err := tx.AddRelease(ctx, ports.ReleaseDraft{
		ID: porttest.NewID(), ProjectID: standing.ID, PublisherID: who.ID, Metadata: extension.Metadata{Name: "p1", Version: version}, At: at,
		Extensions: []extension.ReleasedExtension{{Name: "p1", Dependencies: []string{}}},
	})
	if err != nil {
		return err
	}
	_, err = tx.AddArtefact(ctx, ports.ArtefactDraft{
		Artefact:  extension.Artefact{ID: porttest.NewID(), Postgres: 17, Platform: extension.LinuxAMD64, SHA256: strings.Repeat("0", 64), Size: 1, Published: at, Publisher: extension.Person{ID: who.ID}},
		ReleaseID: release, Report: []byte("{}"),
	})
	return err
}

// A database that is not there is a fault that says when to come back, and not an internal error.
func TestDatabaseAway(t *testing.T) {
	store := open(t, postgres.Config{URL: "postgres://postgres@127.0.0.1:1/trunk?sslmode=disable"})
	for name, read := range map[string]func() error{
		"check":   func() error { return store.Check(t.Context()) },
		"read":    func() error { _, err := store.LatestReleases(t.Context()); return err },
		"changes": func() error { return store.Do(t.Context(), func(context.Context, ports.Tx) error { return nil }) },
	} {
		err := read()
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != fault.DatabaseUnavailable || f.RetryAfter <= 0 {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestValidate(t *testing.T) {
	for url, ok := range map[string]bool{"postgres://u:p@h:5432/d": true, "host=h dbname=d": true, "postgres://h:nonsense/d": false, "://": false} {
		if err := (postgres.Config{URL: url}).Validate(); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	migrator, err := postgres.NewMigrator(pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = migrator.Close() }()
	pending := func() (n int) {
		t.Helper()
		list, err := migrator.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			if m.Applied.IsZero() {
				n++
			}
		}
		return n
	}
	all := pending()
	if all == 0 {
		t.Fatal("there are no migrations")
	}
	for range 2 {
		if applied, err := migrator.Up(t.Context()); err != nil || len(applied) != all || pending() != 0 {
			t.Fatalf("up: %v, %v, %d pending", applied, err, pending())
		}
		for range all {
			if _, err := migrator.Down(t.Context()); err != nil {
				t.Fatalf("down: %v", err)
			}
		}
		if pending() != all {
			t.Fatalf("%d of %d are pending after all were taken back", pending(), all)
		}
	}
}

// Several processes that start at once all find the schema, and one made it.
func TestMigrationsRace(t *testing.T) {
	url := pgtest.Empty(t)
	errs := make(chan error)
	const racers = 4
	for range racers {
		go func() { errs <- postgres.Migrate(t.Context(), url) }()
	}
	for range racers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestAuditIsAppendOnly(t *testing.T) {
	url := pgtest.URL(t)
	store := open(t, postgres.Config{URL: url})
	err := store.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		return tx.Audit(ctx, ports.AuditEntry{At: time.Now(), Action: "test", Detail: map[string]string{}})
	})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, change := range []string{"UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"} {
		if _, err := conn.Exec(t.Context(), change); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// A transaction that lost a deadlock is run again.
func TestDeadlocksAreRetried(t *testing.T) {
	store := open(t, postgres.Config{URL: pgtest.URL(t)})
	for _, name := range []string{"one", "two"} {
		porttest.Publish(t, store, porttest.Publication{Project: name, Version: "1.0"})
	}
	owner := porttest.Account(t, store, "alice")
	claim := func(ctx context.Context, tx ports.Tx, name extension.ProjectName) error {
		_, err := tx.ClaimProject(ctx, ports.ProjectClaim{ID: porttest.NewID(), Name: name, Owner: owner, At: time.Now()})
		return err
	}
	first, second := make(chan struct{}), make(chan struct{})
	errs := make(chan error)
	both := func(mine, theirs chan struct{}, a, b extension.ProjectName) {
		runs := 0
		errs <- store.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
			if err := claim(ctx, tx, a); err != nil {
				return err
			}
			// Only the first run meets the other one.
			if runs++; runs == 1 {
				close(mine)
				<-theirs
			}
			return claim(ctx, tx, b)
		})
	}
	go both(first, second, "one", "two")
	go both(second, first, "two", "one")
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
