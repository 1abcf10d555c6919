package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
)

// told says in a line each what happened.
func told(t *testing.T, store *postgres.Store) (lines []string) {
	t.Helper()
	events, err := store.EventsSince(t.Context(), ports.EventFilter{}, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.Sequence != int64(i+1) {
			t.Errorf("event %d is in place %d", e.Sequence, i+1)
		}
		line := fmt.Sprintln(e.At.Format("15:04"), e.Kind, e.Project, e.Version, e.Build.Postgres, e.Build.Platform, len(e.Build.SHA256), e.NewProject, e.Reason, e.Replacement, e.Message, e.User)
		lines = append(lines, strings.TrimSpace(line))
	}
	if last, err := store.LastEvent(t.Context()); err != nil || last != int64(len(events)) {
		t.Errorf("the last event is %d of %d: %v", last, len(events), err)
	}
	return lines
}

// What happened before there were events of it is told as far as it still stands; what was told is not told twice.
func TestEventsOfThePast(t *testing.T) {
	url := pgtest.URL(t)
	store := open(t, postgres.Config{URL: url})
	at := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	publish := func(project, version string, major, minute int) ports.ProjectStanding {
		_, standing := porttest.Publish(t, store, porttest.Publication{
			Project: project, Version: version, Postgres: major, Bytes: fmt.Sprint(project, version, major), At: at.Add(time.Duration(minute) * time.Minute),
		})
		return standing
	}
	work := func(do func(ctx context.Context, tx ports.Tx) error) {
		t.Helper()
		if err := store.Do(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	alice := porttest.Account(t, store, "alice")
	publish("Old_One", "1.0", 17, 0)
	standing := publish("Old_One", "1.0", 18, 1)
	publish("Old_One", "1.1", 17, 2)
	publish("other", "1.0", 17, 3)
	publish("Old_One", "1.2", 17, 4)
	work(func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Yank(ctx, standing.ID, "1.1", extension.Yank{At: at.Add(5 * time.Minute), ByID: alice, Reason: "broken", Replacement: "1.0"})
		return err
	})
	work(func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, standing.ID, "use other", at.Add(6*time.Minute))
		return err
	})
	work(func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Delete(ctx, standing.ID, "1.2", at.Add(7*time.Minute))
		return err
	})
	// These were told, one of them in the form of old.
	work(func(ctx context.Context, tx ports.Tx) error {
		return tx.Emit(ctx, ports.Event{At: at.Add(3 * time.Minute), Kind: ports.Published, Project: "other", Payload: map[string]any{
			"version": "1.0", "pg_version": 17, "platform": "linux/amd64", "sha256": "", "new_project": true,
		}})
	})
	work(func(ctx context.Context, tx ports.Tx) error {
		return tx.Emit(ctx, ports.Event{At: at.Add(7 * time.Minute), Kind: ports.Deleted, Project: "Old_One", Payload: map[string]any{"versions": 1}})
	})
	migrator, err := postgres.NewMigrator(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = migrator.Close() }()
	again := func() {
		t.Helper()
		for {
			taken, err := migrator.Down(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(taken) == 1 && taken[0].Version == 11 {
				break
			}
		}
		if _, err := migrator.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"05:00 owner_added Old_One  0  0 false    alice",
		"05:00 published Old_One 1.0 17 linux/amd64 64 true",
		"05:01 published Old_One 1.0 18 linux/amd64 64 false",
		"05:02 published Old_One 1.1 17 linux/amd64 64 false",
		"05:03 owner_added other  0  0 false    alice",
		"05:03 published other 1.0 17 linux/amd64 0 true",
		"05:05 yanked Old_One 1.1 0  0 false broken 1.0",
		"05:06 deprecated Old_One  0  0 false   use other",
		"05:07 deleted Old_One 1.2 0  0 false",
	}
	for range 2 {
		again()
		if got := told(t, store); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	// And it goes on from there.
	work(func(ctx context.Context, tx ports.Tx) error {
		return tx.Emit(ctx, ports.Event{At: at, Kind: ports.Unyanked, Project: "Old_One", Payload: map[string]any{"version": "1.1"}})
	})
	if got := told(t, store); len(got) != len(want)+1 || !strings.Contains(got[len(want)], "unyanked") {
		t.Errorf("then there is %q", got)
	}
}

func TestEventsAreAppendOnly(t *testing.T) {
	url := pgtest.URL(t)
	store := open(t, postgres.Config{URL: url})
	err := store.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		return tx.Emit(ctx, ports.Event{At: time.Now(), Kind: ports.Deprecated, Project: "a", Payload: map[string]any{}})
	})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, change := range []string{"UPDATE events SET kind = 'yanked'", "UPDATE events SET sequence = 7", "DELETE FROM events"} {
		if _, err := conn.Exec(t.Context(), change); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", change, err)
		}
	}
	// Nor before it has a number.
	err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "INSERT INTO events (at, kind, project, payload) VALUES (now(), 'yanked', 'a', '{}')"); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), "UPDATE events SET project = 'b' WHERE sequence IS NULL")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "append-only") {
		t.Errorf("an event without a number: %v", err)
	}
}
