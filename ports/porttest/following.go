package porttest

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// ensured makes a recipient, or finds it.
func ensured(t *testing.T, facts Facts, address string) (who ports.Recipient) {
	t.Helper()
	done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
		who, err = tx.EnsureRecipient(ctx, NewID(), address, at)
		return err
	})
	return who
}

// following keeps who follows what: asked for, confirmed, changed, ended.
func following(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	Publish(t, facts, Publication{Project: "pg_cron", Version: "1.0"})
	ada, bob := ensured(t, facts, "ada@example.org"), ensured(t, facts, "bob@example.org")
	draft := func(of ports.Followed, options ports.FollowOptions, now time.Time) ports.SubscriptionDraft {
		return ports.SubscriptionDraft{ID: NewID(), RecipientID: ada.ID, Of: of, Options: options, At: now, Ended: now.Add(-time.Hour)}
	}
	ask := func(draft ports.SubscriptionDraft) (standing ports.SubscriptionStanding, err error) {
		err = do(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			standing, err = tx.Ask(ctx, draft)
			return err
		})
		return standing, err
	}
	cron := ports.Followed{Project: "PG-Cron"}
	first := draft(cron, ports.FollowOptions{Postgres: 17, Prereleases: true}, at)
	if got := must[ports.SubscriptionStanding](t)(ask(first)); got != (ports.SubscriptionStanding{ID: first.ID, AskedAt: at}) {
		t.Errorf("asked: %+v", got)
	}
	// Asked before its link has ended, it takes over the options; after that, it counts as asked again.
	soonAgain := draft(cron, ports.FollowOptions{Digest: true, Withdrawals: true}, at.Add(time.Minute))
	if got := must[ports.SubscriptionStanding](t)(ask(soonAgain)); got != (ports.SubscriptionStanding{ID: first.ID, AskedAt: at}) {
		t.Errorf("asked again: %+v", got)
	}
	later := draft(cron, soonAgain.Options, at.Add(2*time.Hour))
	if got := must[ports.SubscriptionStanding](t)(ask(later)); got != (ports.SubscriptionStanding{ID: first.ID, AskedAt: later.At}) {
		t.Errorf("asked later: %+v", got)
	}
	askedAt := later.At
	want := ports.Subscription{
		ID: first.ID, Recipient: ada, Of: ports.Followed{Project: "pg_cron"}, Options: soonAgain.Options, Created: at, AskedAt: &askedAt,
	}
	same := func(got ports.Subscription) {
		t.Helper()
		if (got.Confirmed == nil) != (want.Confirmed == nil) || (got.AskedAt == nil) != (want.AskedAt == nil) || got.AskedAt != nil && !got.AskedAt.Equal(*want.AskedAt) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		got.Confirmed, got.AskedAt = want.Confirmed, want.AskedAt
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	same(must[ports.Subscription](t)(facts.Subscription(ctx, first.ID)))
	list := func(recipientID string, page ports.Page) (ids []string) {
		t.Helper()
		for _, s := range must[[]ports.Subscription](t)(facts.Subscriptions(ctx, recipientID, page)) {
			ids = append(ids, s.ID)
		}
		return ids
	}
	wantList(t, list(ada.ID, ports.Page{Limit: 10}))

	confirm := func(id string) (confirmed bool) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			confirmed, err = tx.Confirm(ctx, id, at)
			return err
		})
		return confirmed
	}
	if !confirm(first.ID) || confirm(first.ID) || confirm(NewID()) {
		t.Error("not confirmed once")
	}
	moment := at
	want.Confirmed = &moment
	// What is confirmed stays as it is, whoever asks.
	if got := must[ports.SubscriptionStanding](t)(ask(draft(cron, ports.FollowOptions{Postgres: 9}, at.Add(9*time.Hour)))); got.ID != first.ID || !got.Confirmed || !got.AskedAt.Equal(askedAt) {
		t.Errorf("asked when confirmed: %+v", got)
	}
	same(must[ports.Subscription](t)(facts.Subscription(ctx, first.ID)))

	change := func(id, recipientID string, options ports.FollowOptions) error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.ChangeOptions(ctx, id, recipientID, options) })
	}
	want.Options = ports.FollowOptions{Postgres: 16}
	wantCode(t, change(first.ID, bob.ID, want.Options), fault.SubscriptionUnknown)
	wantCode(t, change("x", ada.ID, want.Options), fault.SubscriptionUnknown)
	if err := change(first.ID, ada.ID, want.Options); err != nil {
		t.Fatal(err)
	}
	same(must[ports.Subscription](t)(facts.Subscription(ctx, first.ID)))

	// A category and an owner, at once; again it takes over the options.
	follow := func(of ports.Followed, options ports.FollowOptions) (standing ports.SubscriptionStanding) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			standing, err = tx.Follow(ctx, draft(of, options, at))
			return err
		})
		if !standing.Confirmed || !standing.AskedAt.IsZero() {
			t.Errorf("%+v stands as %+v", of, standing)
		}
		return standing
	}
	category := follow(ports.Followed{Category: "search"}, ports.FollowOptions{})
	owner := follow(ports.Followed{Owner: "ALICE"}, ports.FollowOptions{})
	if again := follow(ports.Followed{Owner: "alice"}, ports.FollowOptions{Withdrawals: true}); again.ID != owner.ID {
		t.Errorf("twice: %+v", again)
	}
	if got := must[ports.Subscription](t)(facts.Subscription(ctx, owner.ID)); got.Of != (ports.Followed{Owner: "alice"}) || !got.Options.Withdrawals {
		t.Errorf("the owner: %+v", got)
	}
	if got := must[ports.Subscription](t)(facts.Subscription(ctx, category.ID)); got.Of.Category != "search" || got.Of.CategoryName == "" {
		t.Errorf("the category: %+v", got)
	}
	all := []string{first.ID, category.ID, owner.ID}
	slices.Sort(all)
	slices.Reverse(all)
	wantList(t, list(ada.ID, ports.Page{Limit: 10}), all...)
	wantList(t, list(ada.ID, ports.Page{Limit: 2}), all[:2]...)
	wantList(t, list(ada.ID, ports.Page{Limit: 2, After: all[1]}), all[2])
	wantList(t, list(bob.ID, ports.Page{Limit: 2}))
	_, err := facts.Subscriptions(ctx, ada.ID, ports.Page{Limit: 2, After: "x"})
	wantCode(t, err, fault.CursorInvalid)
	for of, code := range map[ports.Followed]fault.Code{
		{Project: "nothing"}: fault.ProjectUnknown, {Category: "nothing"}: fault.ShelfUnknown, {Owner: "nobody"}: fault.AccountUnknown,
	} {
		_, err := ask(draft(of, ports.FollowOptions{}, at))
		wantCode(t, err, code)
	}

	unfollow := func(id, recipientID string) (removed bool) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			removed, err = tx.Unfollow(ctx, id, recipientID)
			return err
		})
		return removed
	}
	if unfollow(first.ID, bob.ID) || unfollow("x", "") || !unfollow(first.ID, ada.ID) || unfollow(first.ID, "") || !unfollow(owner.ID, "") {
		t.Error("ended what was not there, or not what was")
	}
	for _, id := range []string{first.ID, "x"} {
		_, err = facts.Subscription(ctx, id)
		wantCode(t, err, fault.SubscriptionUnknown)
	}
	wantList(t, list(ada.ID, ports.Page{Limit: 10}), category.ID)
	key, err := facts.LinkKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := facts.LinkKey(ctx); err != nil || len(key) != 32 || !slices.Equal(key, again) {
		t.Errorf("keys of %d and %d bytes, %v", len(key), len(again), err)
	}
}

// recipients are addresses: one whatever its case, closed and opened, and an account's where its provider says so.
func recipients(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	Publish(t, facts, Publication{Project: "pg_cron", Version: "1.0"})
	ada := ensured(t, facts, "Ada@example.org")
	if again := ensured(t, facts, "ada@EXAMPLE.org"); again != ada || ada.Address != "Ada@example.org" || ada.Closed != "" {
		t.Errorf("ada is %+v and %+v", ada, again)
	}
	if got := must[ports.Recipient](t)(facts.Recipient(ctx, ada.ID)); got != ada {
		t.Errorf("got %+v", got)
	}
	_, err := facts.Recipient(ctx, NewID())
	wantCode(t, err, fault.SubscriptionUnknown)
	find := func(address string) (who ports.Recipient, follows int) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			who, follows, err = tx.FindRecipient(ctx, address)
			return err
		})
		return who, follows
	}
	var subscription ports.SubscriptionStanding
	done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
		subscription, err = tx.Follow(ctx, ports.SubscriptionDraft{ID: NewID(), RecipientID: ada.ID, Of: ports.Followed{Project: "pg_cron"}, At: at})
		return err
	})
	if who, follows := find("ADA@example.org"); who != ada || follows != 1 {
		t.Errorf("found %+v, who follows %d", who, follows)
	}
	if who, follows := find("nobody@example.org"); who != (ports.Recipient{}) || follows != 0 {
		t.Errorf("found %+v, who follows %d", who, follows)
	}
	closed := func() (was bool) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			was, err = tx.CloseRecipient(ctx, ada.ID, at)
			return err
		})
		return was
	}
	if !closed() || closed() {
		t.Error("not closed once")
	}
	_, err = facts.Subscription(ctx, subscription.ID)
	wantCode(t, err, fault.SubscriptionUnknown)
	if who := ensured(t, facts, "ada@example.org"); who.Closed != ports.Asked {
		t.Errorf("closed, she is %+v", who)
	}
	// Nothing is confirmed for who wants no letters.
	waiting := NewID()
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Ask(ctx, ports.SubscriptionDraft{ID: waiting, RecipientID: ada.ID, Of: ports.Followed{Project: "pg_cron"}, At: at})
		return err
	})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		if confirmed, err := tx.Confirm(ctx, waiting, at); err != nil || confirmed {
			t.Errorf("confirmed %t, %v", confirmed, err)
		}
		return tx.OpenRecipient(ctx, ada.ID)
	})
	if who := ensured(t, facts, "ada@example.org"); who != ada {
		t.Errorf("opened, she is %+v", who)
	}

	signIn := func(subject, email string, verified bool) string {
		t.Helper()
		var who account.Account
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			who, _, err = tx.SignedIn(ctx, NewID(), account.SignIn{Issuer: "https://one", Subject: subject, Name: subject, Email: email, EmailVerified: verified, Expires: at}, at)
			return err
		})
		return who.ID
	}
	for _, c := range []struct {
		email    string
		verified bool
		want     ports.Recipient
	}{
		{"", false, ports.Recipient{}},
		{"ada@example.org", false, ports.Recipient{}},
		{"ada@example.org", true, ada},
		{"", false, ada},
		{"new@example.org", true, ports.Recipient{Address: "new@example.org"}},
		{"new@example.org", false, ports.Recipient{}},
	} {
		id := signIn("ada", c.email, c.verified)
		if got := must[ports.Recipient](t)(facts.RecipientOf(ctx, id)); got != c.want {
			t.Errorf("with %q, %t: %+v, want %+v", c.email, c.verified, got, c.want)
		}
	}

	// What nobody confirms is forgotten, with an address that nothing is sent to.
	if err := facts.Forget(ctx, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := facts.Subscription(ctx, waiting); err != nil {
		t.Errorf("forgotten too early: %v", err)
	}
	if err := facts.Forget(ctx, at.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	_, err = facts.Subscription(ctx, waiting)
	wantCode(t, err, fault.SubscriptionUnknown)
	_, err = facts.Recipient(ctx, ada.ID)
	wantCode(t, err, fault.SubscriptionUnknown)
}
