package porttest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// secretOf is one of the right length.
func secretOf(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// hooked registers a webhook of an account and gives its id.
func hooked(t *testing.T, facts Facts, accountID string, of ports.Followed, kinds ...ports.EventKind) string {
	t.Helper()
	draft := ports.WebhookDraft{ID: NewID(), AccountID: accountID, URL: "https://example.org/hook", Of: of, Kinds: kinds, Secret: secretOf(1), At: at}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.AddWebhook(ctx, draft, 100) })
	return draft.ID
}

// posted has a webhook told of a ping and gives the delivery.
func posted(t *testing.T, facts Facts, hook string) string {
	t.Helper()
	id := NewID()
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.PostDeliveries(ctx, 0, []string{id}, []string{hook}, at)
		return err
	})
	return id
}

// webhooks are somebody's own, and bounded in number.
func webhooks(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	_, standing := Publish(t, facts, Publication{Project: "Pg_Told", Version: "1.0", Owner: alice})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.Categorise(ctx, standing.ID, []string{"search"})
	})
	of := map[string]ports.Followed{
		"project": {Project: "pg-told"}, "category": {Category: "search"}, "owner": {Owner: "ALICE"},
	}
	shown := map[string]ports.Followed{
		"project": {Project: "Pg_Told"}, "category": {Category: "search", CategoryName: "Search"}, "owner": {Owner: "alice"},
	}
	for what, subject := range of {
		id := hooked(t, facts, bob, subject, ports.Published, ports.Yanked)
		got := must[ports.Webhook](t)(facts.Webhook(ctx, bob, id))
		if got.ID != id || got.URL != "https://example.org/hook" || got.Of != shown[what] || !slices.Equal(got.Kinds, []ports.EventKind{ports.Published, ports.Yanked}) ||
			!got.Created.Equal(at) || got.FailingSince != nil || got.Disabled != nil || got.DisabledReason != "" {
			t.Errorf("of a %s there is %+v", what, got)
		}
		_, err := facts.Webhook(ctx, alice, id)
		wantCode(t, err, fault.WebhookUnknown)
	}
	for code, subject := range map[fault.Code]ports.Followed{
		fault.ProjectUnknown: {Project: "nothing"}, fault.ShelfUnknown: {Category: "nothing"}, fault.AccountUnknown: {Owner: "nobody"},
	} {
		wantCode(t, do(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.AddWebhook(ctx, ports.WebhookDraft{ID: NewID(), AccountID: bob, URL: "https://example.org/", Of: subject, Secret: secretOf(1), At: at}, 100)
		}), code)
	}
	var pages []string
	for page := (ports.Page{Limit: 2}); ; {
		found := must[[]ports.Webhook](t)(facts.Webhooks(ctx, bob, page))
		for _, hook := range found {
			pages = append(pages, hook.ID)
		}
		if len(found) < page.Limit {
			break
		}
		page.After = found[len(found)-1].ID
	}
	if len(pages) != 3 || !slices.IsSortedFunc(pages, func(a, b string) int { return cmp.Compare(b, a) }) {
		t.Errorf("page by page there are %q", pages)
	}
	_, err := facts.Webhooks(ctx, bob, ports.Page{Limit: 1, After: "nothing"})
	wantCode(t, err, fault.CursorInvalid)
	for _, id := range []string{NewID(), "no id"} {
		for what, change := range map[string]func(ctx context.Context, tx ports.Tx) error{
			"removed": func(ctx context.Context, tx ports.Tx) error { return tx.RemoveWebhook(ctx, bob, id) },
			"rotated": func(ctx context.Context, tx ports.Tx) error { return tx.RotateSecret(ctx, bob, id, secretOf(2), at) },
			"enabled": func(ctx context.Context, tx ports.Tx) error { return tx.EnableWebhook(ctx, bob, id) },
		} {
			if err := do(t, facts, change); fault.CodeOf(err) != fault.WebhookUnknown {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	posted(t, facts, pages[0])
	wantCode(t, do(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.RemoveWebhook(ctx, alice, pages[0]) }), fault.WebhookUnknown)
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.RemoveWebhook(ctx, bob, pages[0]) })
	_, err = facts.Webhook(ctx, bob, pages[0])
	wantCode(t, err, fault.WebhookUnknown)
}

// Of many that are registered at once as many remain as an account may have.
func webhooksAtOnce(t *testing.T, facts Facts) {
	t.Helper()
	const most, tries = 5, 12
	bob := Account(t, facts, "bob")
	Publish(t, facts, Publication{Project: "told", Version: "1.0"})
	refused := make(chan error, tries)
	var group sync.WaitGroup
	for range tries {
		group.Go(func() {
			err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
				return tx.AddWebhook(ctx, ports.WebhookDraft{
					ID: NewID(), AccountID: bob, URL: "https://example.org/", Of: ports.Followed{Project: "told"}, Secret: secretOf(1), At: at,
				}, most)
			})
			if err != nil {
				refused <- err
			}
		})
	}
	group.Wait()
	close(refused)
	for err := range refused {
		wantCode(t, err, fault.WebhooksFull)
	}
	if kept := must[[]ports.Webhook](t)(facts.Webhooks(t.Context(), bob, ports.Page{Limit: 100})); len(kept) != most {
		t.Errorf("%d are kept", len(kept))
	}
}

// An event is told to those that asked for its kind, by the project, its shelves and its owners.
func webhooksOfEvents(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	_, standing := Publish(t, facts, Publication{Project: "told", Version: "1.0", Owner: alice})
	Publish(t, facts, Publication{Project: "other", Version: "1.0", Owner: bob, OwnerName: "bob"})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.Categorise(ctx, standing.ID, []string{"search"})
	})
	ids := map[string]string{}
	for name, of := range map[string]ports.Followed{
		"project": {Project: "told"}, "category": {Category: "search"}, "alice": {Owner: "alice"}, "bob": {Owner: "bob"},
		"other": {Project: "other"}, "off": {Project: "told"},
	} {
		ids[hooked(t, facts, bob, of)] = name
	}
	ids[hooked(t, facts, bob, ports.Followed{Project: "told"}, ports.Yanked)] = "yanks"
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		for id, name := range ids {
			if name == "off" {
				return tx.DisableWebhook(ctx, id, ports.DisabledGone, at)
			}
		}
		return nil
	})
	for _, c := range []struct {
		event ports.RecordedEvent
		want  []string
	}{
		{ports.RecordedEvent{At: at, Kind: ports.Published, Project: "told"}, []string{"alice", "category", "project"}},
		{ports.RecordedEvent{At: at, Kind: ports.Yanked, Project: "Told"}, []string{"alice", "category", "project", "yanks"}},
		{ports.RecordedEvent{At: at, Kind: ports.Published, Project: "other"}, []string{"bob", "other"}},
		// Who left is told too, although nothing says any more that they were there.
		{ports.RecordedEvent{At: at, Kind: ports.OwnerRemoved, Project: "told", User: "Bob"}, []string{"alice", "bob", "category", "project"}},
		{ports.RecordedEvent{At: at.Add(-time.Second), Kind: ports.Yanked, Project: "told"}, nil},
		{ports.RecordedEvent{At: at, Kind: ports.Yanked, Project: "nothing"}, nil},
	} {
		for _, limit := range []int{1, 2, 100} {
			var names []string
			for after := ""; ; {
				found := must[[]string](t)(facts.WebhooksOf(ctx, c.event, after, limit))
				for _, id := range found {
					names = append(names, ids[id])
				}
				if len(found) < limit {
					break
				}
				after = found[len(found)-1]
			}
			slices.Sort(names)
			if !slices.Equal(names, c.want) {
				t.Errorf("%s of %s, %d at a time: got %q, want %q", c.event.Kind, c.event.Project, limit, names, c.want)
			}
		}
	}
}

// lastEvent finds the row of the last event: rows of a store that begins are numbered from 1.
func lastEvent(t *testing.T, facts Facts) int64 {
	t.Helper()
	sequence := must[int64](t)(facts.LastEvent(t.Context()))
	for id := range int64(100) {
		if event, err := facts.Event(t.Context(), id+1); err == nil && event.Sequence == sequence {
			return id + 1
		}
	}
	t.Fatal("there is no event")
	return 0
}

// deliveries are made once for an event, tried again, and kept with what came of them.
func deliveries(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	bob := Account(t, facts, "bob")
	Publish(t, facts, Publication{Project: "told", Version: "1.0"})
	hook := hooked(t, facts, bob, ports.Followed{Project: "told"})
	emit(t, facts, ports.Yanked, "told", map[string]any{"version": "1.0", "reason": "r", "replacement": ""})
	event, first, second := lastEvent(t, facts), NewID(), NewID()
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		added, err := tx.PostDeliveries(ctx, event, []string{first, NewID()}, []string{hook, NewID()}, at)
		wantList(t, added, first)
		return err
	})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		added, err := tx.PostDeliveries(ctx, event, []string{second}, []string{hook}, at)
		wantList(t, added)
		return err
	})
	due := func(id string) ports.DueDelivery {
		t.Helper()
		got, found, err := facts.DueDelivery(ctx, id)
		if err != nil || !found {
			t.Fatalf("found %t, %v", found, err)
		}
		return got
	}
	if got := due(first); got.ID != first || got.WebhookID != hook || got.URL != "https://example.org/hook" || got.EventID != event || got.State != ports.DeliveryQueued ||
		!got.Created.Equal(at) || got.Round != 1 || !got.Queued.Equal(at) || got.Tries != 0 || !bytes.Equal(got.Secret, secretOf(1)) || got.Previous != nil || got.Disabled {
		t.Errorf("it is %+v", got)
	}
	if _, found, err := facts.DueDelivery(ctx, NewID()); found || err != nil {
		t.Errorf("found %t, %v", found, err)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.RotateSecret(ctx, bob, hook, secretOf(2), at.Add(time.Hour))
	})
	if got := due(first); !bytes.Equal(got.Secret, secretOf(2)) || !bytes.Equal(got.Previous, secretOf(1)) || !got.PreviousUntil.Equal(at.Add(time.Hour)) {
		t.Errorf("with another secret it is %+v", got)
	}
	settle := func(outcome ports.DeliveryOutcome, want string) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			of, err := tx.SettleDelivery(ctx, outcome)
			if of != want {
				t.Errorf("it is of %q", of)
			}
			return err
		})
	}
	log := func() ports.Delivery {
		t.Helper()
		return must[ports.Delivery](t)(facts.Delivery(ctx, bob, hook, first))
	}
	failed := ports.DeliveryAttempt{At: at, Status: 500, Took: time.Second, Error: "It failed."}
	next := at.Add(time.Minute)
	settle(ports.DeliveryOutcome{DeliveryID: first, Round: 1, State: ports.DeliveryQueued, Next: next, At: at, Attempt: &failed, Answer: "no"}, hook)
	if got := log(); got.Kind != ports.Yanked || got.Project != "told" || got.Version != "1.0" || got.Sequence != 1 || got.State != ports.DeliveryQueued ||
		got.Next == nil || !got.Next.Equal(next) || len(got.Attempts) != 1 || got.Attempts[0] != failed || got.Answer != "no" || due(first).Tries != 1 {
		t.Errorf("after a failure it is %+v", got)
	}
	settle(ports.DeliveryOutcome{DeliveryID: first, Round: 1, State: ports.DeliveryDelivered, At: at, Attempt: &ports.DeliveryAttempt{At: at, Status: 200}}, hook)
	if got := log(); got.State != ports.DeliveryDelivered || got.Next != nil || len(got.Attempts) != 2 || got.Answer != "no" {
		t.Errorf("delivered it is %+v", got)
	}
	settle(ports.DeliveryOutcome{DeliveryID: NewID(), Round: 1, State: ports.DeliveryDropped, At: at}, "")
	// Sent again, what the turn before comes to is in the log, and the state is that of the new one.
	later := at.Add(time.Hour)
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.Redeliver(ctx, bob, hook, first, later) })
	settle(ports.DeliveryOutcome{DeliveryID: first, Round: 1, State: ports.DeliveryFailed, At: later, Attempt: &failed}, hook)
	if got := due(first); got.State != ports.DeliveryQueued || got.Round != 2 || !got.Queued.Equal(later) || got.Tries != 0 || len(log().Attempts) != 3 {
		t.Errorf("sent again it is %+v", got)
	}
	for i := range 60 {
		try := failed
		try.Error = strconv.Itoa(i)
		settle(ports.DeliveryOutcome{DeliveryID: first, Round: 2, State: ports.DeliveryQueued, Next: next, At: later, Attempt: &try}, hook)
	}
	if got := log().Attempts; len(got) != 50 || got[0].Error != "10" || got[49].Error != "59" {
		t.Errorf("%d attempts are kept", len(got))
	}
	deliveriesOfOthers(t, facts, bob, hook, first)
}

// deliveriesOfOthers are not there; one's own come page by page.
func deliveriesOfOthers(t *testing.T, facts Facts, bob, hook, delivery string) {
	t.Helper()
	ctx := t.Context()
	alice := Account(t, facts, "alice")
	for _, of := range [][3]string{{alice, hook, delivery}, {bob, NewID(), delivery}, {bob, hook, NewID()}, {bob, "no id", delivery}, {bob, hook, "no id"}} {
		_, err := facts.Delivery(ctx, of[0], of[1], of[2])
		wantCode(t, err, fault.DeliveryUnknown)
		wantCode(t, do(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.Redeliver(ctx, of[0], of[1], of[2], at) }), fault.DeliveryUnknown)
	}
	if got := must[[]ports.Delivery](t)(facts.Deliveries(ctx, alice, hook, ports.Page{Limit: 10})); len(got) != 0 {
		t.Errorf("others see %v", got)
	}
	want := []string{delivery, posted(t, facts, hook), posted(t, facts, hook)}
	slices.SortFunc(want, func(a, b string) int { return cmp.Compare(b, a) })
	var got []string
	for page := (ports.Page{Limit: 1}); ; {
		found := must[[]ports.Delivery](t)(facts.Deliveries(ctx, bob, hook, page))
		if len(found) == 0 {
			break
		}
		if found[0].ID != delivery && (found[0].Kind != ports.PingKind || found[0].Sequence != 0 || found[0].Project != "") {
			t.Errorf("a ping is %+v", found[0])
		}
		got, page.After = append(got, found[0].ID), found[0].ID
	}
	wantList(t, got, want...)
}

// failingWebhooks are known since when they fail, and are switched off once.
func failingWebhooks(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	bob := Account(t, facts, "bob")
	Publish(t, facts, Publication{Project: "told", Version: "1.0"})
	hook := hooked(t, facts, bob, ports.Followed{Project: "told"})
	fails := func(when, want time.Time) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			since, err := tx.WebhookFailed(ctx, hook, when)
			if !since.Equal(want) {
				t.Errorf("it fails since %s, want %s", since, want)
			}
			return err
		})
	}
	fails(at, at)
	fails(at.Add(time.Hour), at)
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.WebhookDelivered(ctx, hook) })
	fails(at.Add(2*time.Hour), at.Add(2*time.Hour))
	for i, reason := range []ports.DisabledReason{ports.DisabledFailing, ports.DisabledGone} {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.DisableWebhook(ctx, hook, reason, at.Add(time.Duration(i)*time.Hour))
		})
	}
	off := must[ports.Webhook](t)(facts.Webhook(ctx, bob, hook))
	if off.Disabled == nil || !off.Disabled.Equal(at) || off.DisabledReason != ports.DisabledFailing || off.FailingSince == nil {
		t.Errorf("off it is %+v", off)
	}
	delivery := posted(t, facts, hook)
	if got, found, err := facts.DueDelivery(ctx, delivery); err != nil || !found || !got.Disabled || got.EventID != 0 {
		t.Errorf("found %t %+v, %v", found, got, err)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.EnableWebhook(ctx, bob, hook) })
	if on := must[ports.Webhook](t)(facts.Webhook(ctx, bob, hook)); on.Disabled != nil || on.DisabledReason != "" || on.FailingSince != nil {
		t.Errorf("on again it is %+v", on)
	}
}
