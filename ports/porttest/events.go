package porttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// emit tells of something in a transaction of its own.
func emit(t *testing.T, facts Facts, kind ports.EventKind, project string, payload any) {
	t.Helper()
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.Emit(ctx, ports.Event{At: at, Kind: kind, Project: project, Payload: payload})
	})
}

// since gives events, and their numbers.
func since(t *testing.T, facts Facts, filter ports.EventFilter, after int64, limit int) (events []ports.RecordedEvent, numbers []int64) {
	t.Helper()
	events = must[[]ports.RecordedEvent](t)(facts.EventsSince(t.Context(), filter, after, limit))
	for _, e := range events {
		numbers = append(numbers, e.Sequence)
	}
	return events, numbers
}

func eventsAreTold(t *testing.T, facts Facts) {
	t.Helper()
	const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	if events, _ := since(t, facts, ports.EventFilter{}, 0, 10); len(events) != 0 || must[int64](t)(facts.LastEvent(t.Context())) != 0 {
		t.Errorf("before anything happened there is %v", events)
	}
	emit(t, facts, ports.Published, "Pg_Told", map[string]any{"version": "1.0", "pg_version": 17, "platform": "linux/amd64", "sha256": digest, "new_project": true})
	second := errors.New("second thoughts")
	if err := do(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Emit(ctx, ports.Event{At: at, Kind: ports.Yanked, Project: "Pg_Told", Payload: map[string]any{}}), second)
	}); !errors.Is(err, second) {
		t.Fatalf("got %v, want the error of the work", err)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(
			tx.Emit(ctx, ports.Event{At: at, Kind: ports.Yanked, Project: "Pg_Told", Payload: map[string]any{"version": "1.0", "reason": "r", "replacement": "1.1"}}),
			tx.Emit(ctx, ports.Event{At: at.Add(-time.Hour), Kind: ports.Deprecated, Project: "Pg_Told", Payload: map[string]any{"message": "m"}}),
		)
	})
	emit(t, facts, ports.OwnerAdded, "other", map[string]any{"user": "bob"})
	want := []ports.RecordedEvent{
		{
			Sequence: 1, At: at, Kind: ports.Published, Project: "Pg_Told", Version: "1.0", NewProject: true,
			Build: ports.RecordedBuild{Postgres: 17, Platform: extension.LinuxAMD64, SHA256: digest},
		},
		{Sequence: 2, At: at, Kind: ports.Yanked, Project: "Pg_Told", Version: "1.0", Reason: "r", Replacement: "1.1"},
		{Sequence: 3, At: at.Add(-time.Hour), Kind: ports.Deprecated, Project: "Pg_Told", Message: "m"},
		{Sequence: 4, At: at, Kind: ports.OwnerAdded, Project: "other", User: "bob"},
	}
	if got, _ := since(t, facts, ports.EventFilter{}, 0, 10); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if last := must[int64](t)(facts.LastEvent(t.Context())); last != 4 {
		t.Errorf("the last one is %d", last)
	}
	for _, c := range []struct {
		filter ports.EventFilter
		after  int64
		limit  int
		want   []int64
	}{
		{ports.EventFilter{}, 0, 2, []int64{1, 2}},
		{ports.EventFilter{}, 2, 2, []int64{3, 4}},
		{ports.EventFilter{}, 4, 2, nil},
		{ports.EventFilter{Project: "pg_told"}, 0, 10, []int64{1, 2, 3}},
		{ports.EventFilter{Project: "pg_told"}, 1, 1, []int64{2}},
		{ports.EventFilter{Kind: ports.OwnerAdded}, 0, 10, []int64{4}},
		{ports.EventFilter{Project: "other", Kind: ports.Yanked}, 0, 10, nil},
		{ports.EventFilter{Project: "nobody"}, 0, 10, nil},
	} {
		if _, numbers := since(t, facts, c.filter, c.after, c.limit); !reflect.DeepEqual(numbers, c.want) {
			t.Errorf("%+v after %d, at most %d: %v, want %v", c.filter, c.after, c.limit, numbers, c.want)
		}
	}
}

// eventsWhileWriting are those of transactions that overlap: numbers come in the order in which changes are seen, so whoever
// follows them misses none.
func eventsWhileWriting(t *testing.T, facts Facts) {
	t.Helper()
	// What is written first and committed last comes last.
	err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		if err := tx.Emit(ctx, ports.Event{At: at, Kind: ports.Yanked, Project: "slow", Payload: map[string]any{}}); err != nil {
			return err
		}
		emit(t, facts, ports.Yanked, "quick", map[string]any{})
		if events, _ := since(t, facts, ports.EventFilter{}, 0, 10); len(events) != 1 || events[0].Project != "quick" || events[0].Sequence != 1 {
			t.Errorf("while another one is written there is %+v", events)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if events, _ := since(t, facts, ports.EventFilter{}, 1, 10); len(events) != 1 || events[0].Project != "slow" || events[0].Sequence != 2 {
		t.Errorf("then there is %+v", events)
	}

	const writers, rounds = 16, 10
	alice := Account(t, facts, "alice")
	var projects [writers]string
	for i := range projects {
		_, standing := Publish(t, facts, Publication{Project: fmt.Sprint("writer", i), Version: "1.0", Owner: alice})
		projects[i] = standing.ID
	}
	var group sync.WaitGroup
	for i, id := range projects {
		group.Go(func() {
			for round := range rounds {
				err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error { return twice(ctx, tx, i, round, id) })
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
				// Takes no number, and leaves no gap.
				_ = facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
					return errors.Join(twice(ctx, tx, i, rounds, id), errors.New("second thoughts"))
				})
			}
		})
	}
	written := make(chan struct{})
	go func() {
		group.Wait()
		close(written)
	}()
	follow(t, facts, written, writers, rounds)
}

// twice changes a project and tells of it in two events.
func twice(ctx context.Context, tx ports.Tx, writer, round int, id string) error {
	if _, _, err := tx.Deprecate(ctx, id, fmt.Sprint("round ", round), at); err != nil {
		return err
	}
	for half := range 2 {
		what := ports.Event{At: at, Kind: ports.Deprecated, Project: fmt.Sprint("writer", writer), Payload: map[string]any{"message": strconv.Itoa(2*round + half)}}
		if err := tx.Emit(ctx, what); err != nil {
			return err
		}
	}
	return nil
}

// follow reads on from what it read last until everything has been written, and checks that it has seen each event once.
func follow(t *testing.T, facts Facts, written <-chan struct{}, writers, rounds int) {
	t.Helper()
	next, seen, during := int64(2), map[string]int{}, 0
	for ended := false; ; {
		select {
		case <-written:
			ended = true
		default:
		}
		events, _ := since(t, facts, ports.EventFilter{}, next, 7)
		if len(events) == 0 && ended {
			break
		}
		if !ended {
			during += len(events)
		}
		for _, e := range events {
			if e.Sequence != next+1 {
				t.Fatalf("event %d comes after event %d", e.Sequence, next)
			}
			if want := strconv.Itoa(seen[e.Project]); e.Message != want {
				t.Fatalf("event %d is %s of %s, want %s", e.Sequence, e.Message, e.Project, want)
			}
			next = e.Sequence
			seen[e.Project]++
		}
	}
	if want := int64(2 + 2*writers*rounds); next != want || must[int64](t)(facts.LastEvent(t.Context())) != want {
		t.Errorf("%d events were seen, want %d", next, want)
	}
	if len(seen) != writers {
		t.Errorf("events of %d writers were seen, want %d", len(seen), writers)
	}
	if during == 0 {
		t.Error("nothing was read while others wrote")
	}
}
