package porttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// subscribed has a recipient follow something, confirmed at a time.
func subscribed(t *testing.T, facts Facts, who ports.Recipient, of ports.Followed, options ports.FollowOptions, when time.Time) string {
	t.Helper()
	id := NewID()
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Follow(ctx, ports.SubscriptionDraft{ID: id, RecipientID: who.ID, Of: of, Options: options, At: when, Ended: when})
		return err
	})
	return id
}

// Who follows while old addresses are forgotten is not forgotten.
func followingWhileForgetting(t *testing.T, facts Facts) {
	t.Helper()
	Publish(t, facts, Publication{Project: "pg_cron", Version: "1.0"})
	for round := range 20 {
		address := "ada" + strconv.Itoa(round) + "@example.org"
		ensured(t, facts, address)
		later, id := at.AddDate(0, 1, 0), NewID()
		var group sync.WaitGroup
		group.Go(func() {
			if err := facts.Forget(t.Context(), later.Add(-time.Hour)); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
				who, err := tx.EnsureRecipient(ctx, NewID(), address, later)
				if err != nil {
					return err
				}
				_, err = tx.Follow(ctx, ports.SubscriptionDraft{ID: id, RecipientID: who.ID, Of: ports.Followed{Project: "pg_cron"}, At: later, Ended: later})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		if _, err := facts.Subscription(t.Context(), id); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
}

// audience is whom an occasion concerns, each of them once.
func audience(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	_, standing := Publish(t, facts, Publication{Project: "pg_cron", Version: "1.0"})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.Categorise(ctx, standing.ID, []string{"search"})
	})
	Publish(t, facts, Publication{Project: "other", Version: "1.0"})
	who := map[string]ports.Recipient{}
	for _, name := range []string{"all", "sixteen", "shelf", "owner", "pre", "withdrawals", "daily", "late", "asked", "closed", "elsewhere"} {
		who[name] = ensured(t, facts, name+"@example.org")
	}
	cron := ports.Followed{Project: "pg_cron"}
	subscribed(t, facts, who["all"], cron, ports.FollowOptions{}, at)
	subscribed(t, facts, who["sixteen"], cron, ports.FollowOptions{Postgres: 16}, at)
	subscribed(t, facts, who["shelf"], ports.Followed{Category: "search"}, ports.FollowOptions{}, at)
	subscribed(t, facts, who["owner"], ports.Followed{Owner: "alice"}, ports.FollowOptions{}, at)
	subscribed(t, facts, who["pre"], cron, ports.FollowOptions{Prereleases: true}, at)
	subscribed(t, facts, who["withdrawals"], cron, ports.FollowOptions{Withdrawals: true}, at)
	// Both ways at once and once a day: what comes at once wins, as long as it is there.
	subscribed(t, facts, who["daily"], cron, ports.FollowOptions{Digest: true}, at)
	atOnce := subscribed(t, facts, who["daily"], ports.Followed{Owner: "alice"}, ports.FollowOptions{}, at)
	subscribed(t, facts, who["late"], cron, ports.FollowOptions{}, at.Add(2*time.Hour))
	subscribed(t, facts, who["closed"], cron, ports.FollowOptions{}, at)
	subscribed(t, facts, who["elsewhere"], ports.Followed{Project: "other"}, ports.FollowOptions{}, at)
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		if _, err := tx.Ask(ctx, ports.SubscriptionDraft{ID: NewID(), RecipientID: who["asked"].ID, Of: cron, At: at, Ended: at}); err != nil {
			return err
		}
		_, err := tx.CloseRecipient(ctx, who["closed"].ID, at)
		return err
	})
	names := func(occasion ports.Occasion, limit int) (names []string) {
		t.Helper()
		for after := ""; ; {
			page := must[[]ports.Follower](t)(facts.Followers(ctx, occasion, after, limit))
			for _, follower := range page {
				for name, recipient := range who {
					if recipient.ID == follower.RecipientID {
						names = append(names, name)
					}
				}
				again, found, err := facts.Follows(ctx, occasion, follower.RecipientID)
				if err != nil || !found || again != follower {
					t.Errorf("%+v follows by %+v, %t: %v", follower, again, found, err)
				}
			}
			if len(page) < limit {
				slices.Sort(names)
				return names
			}
			after = page[len(page)-1].RecipientID
		}
	}
	hour := at.Add(time.Hour)
	for _, c := range []struct {
		occasion ports.Occasion
		want     []string
	}{
		{ports.Occasion{Project: "PG-CRON", At: hour, Postgres: 17}, []string{"all", "daily", "owner", "pre", "shelf", "withdrawals"}},
		{ports.Occasion{Project: "pg_cron", At: hour, Postgres: 16}, []string{"all", "daily", "owner", "pre", "shelf", "sixteen", "withdrawals"}},
		{ports.Occasion{Project: "pg_cron", At: hour, Postgres: 17, Prerelease: true}, []string{"pre"}},
		{ports.Occasion{Project: "pg_cron", At: hour, Withdrawal: true}, []string{"withdrawals"}},
		{ports.Occasion{Project: "pg_cron", At: hour.Add(2 * time.Hour), Postgres: 17}, []string{"all", "daily", "late", "owner", "pre", "shelf", "withdrawals"}},
		{ports.Occasion{Project: "nothing", At: hour}, nil},
	} {
		wantList(t, names(c.occasion, 100), c.want...)
		wantList(t, names(c.occasion, 2), c.want...)
	}
	published := ports.Occasion{Project: "pg_cron", At: hour, Postgres: 17}
	for _, name := range []string{"sixteen", "late", "asked", "closed", "elsewhere"} {
		if follower, found, err := facts.Follows(ctx, published, who[name].ID); err != nil || found {
			t.Errorf("%s follows by %+v: %v", name, follower, err)
		}
	}
	daily := func() ports.Follower {
		t.Helper()
		follower, found, err := facts.Follows(ctx, published, who["daily"].ID)
		if err != nil || !found {
			t.Errorf("found %t: %v", found, err)
		}
		return follower
	}
	if follower := daily(); follower.Digest || follower.SubscriptionID != atOnce {
		t.Errorf("at once and once a day is %+v", follower)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Unfollow(ctx, atOnce, "")
		return err
	})
	if follower := daily(); !follower.Digest {
		t.Errorf("once a day is %+v", follower)
	}
	toldOwners(t, facts)
}

// toldOwners are those whose address is verified and who want letters, with somebody who came or went.
func toldOwners(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	sign := func(name string, verified bool) (id string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			who, _, err := tx.SignedIn(ctx, NewID(), account.SignIn{
				Issuer: "https://one", Subject: name, Name: name, Email: name + "@example.org", EmailVerified: verified, Expires: at,
			}, at)
			id = who.ID
			return err
		})
		return id
	}
	carol, dave := sign("carol", true), sign("dave", false)
	Publish(t, facts, Publication{Project: "owned", Version: "1.0", Owner: carol, OwnerName: "carol"})
	sign("erin", true)
	wantList(t, must[[]string](t)(facts.OwnersToTell(ctx, "OWNED", "")), "carol@example.org")
	wantList(t, must[[]string](t)(facts.OwnersToTell(ctx, "owned", "dave")), "carol@example.org")
	told := must[[]string](t)(facts.OwnersToTell(ctx, "owned", "erin"))
	slices.Sort(told)
	wantList(t, told, "carol@example.org", "erin@example.org")
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		for id, want := range map[string]string{carol: "carol@example.org", dave: "", NewID(): ""} {
			if got, err := tx.AddressOfAccount(ctx, id); err != nil || got != want {
				t.Errorf("the address is %q, want %q: %v", got, want, err)
			}
		}
		return nil
	})
}

// letters are sent once for a topic, settle once, and can be sent again when they were given up.
func letters(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	ada, bob := ensured(t, facts, "ada@example.org"), ensured(t, facts, "bob@example.org")
	draft := ports.LetterDraft{
		ID: NewID(), RecipientID: ada.ID, Kind: ports.ReleaseLetter, Topic: "release/pg_cron/1.0", At: at,
		Detail: ports.LetterDetail{SubscriptionID: NewID(), EventID: 7},
	}
	again, toBob := draft, draft
	again.ID, toBob.ID, toBob.RecipientID = NewID(), NewID(), bob.ID
	post := func(draft ports.LetterDraft) (posted bool) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			posted, err = tx.PostLetter(ctx, draft)
			return err
		})
		return posted
	}
	if !post(draft) || post(again) {
		t.Error("not posted once")
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		posted, err := tx.PostLetters(ctx, []ports.LetterDraft{again, toBob})
		if posted != 1 {
			t.Errorf("%d were posted", posted)
		}
		return err
	})
	get := func(id string) ports.Letter {
		t.Helper()
		letter, found, err := facts.Letter(ctx, id)
		if err != nil || !found {
			t.Fatalf("found %t: %v", found, err)
		}
		return letter
	}
	if got, want := get(draft.ID), (ports.Letter{LetterDraft: draft, Address: "ada@example.org", State: ports.LetterQueued}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if letter, found, err := facts.Letter(ctx, NewID()); err != nil || found {
		t.Errorf("found %+v: %v", letter, err)
	}
	settle := func(id string, state ports.LetterState, tried bool, answer string, when time.Time) {
		t.Helper()
		if err := facts.SettleLetter(ctx, ports.LetterOutcome{LetterID: id, State: state, Tried: tried, Answer: answer, At: when}); err != nil {
			t.Fatal(err)
		}
	}
	settle(draft.ID, ports.LetterQueued, true, "451 later", at)
	if got := get(draft.ID); got.State != ports.LetterQueued || got.Attempts != 1 {
		t.Errorf("tried once it is %+v", got)
	}
	settle(draft.ID, ports.LetterDead, true, "550 no", at.Add(time.Hour))
	settle(draft.ID, ports.LetterSent, true, "", at.Add(2*time.Hour)) // too late
	settle(toBob.ID, ports.LetterDead, false, "", at.Add(time.Minute))
	dead := must[[]ports.DeadLetter](t)(facts.DeadLetters(ctx, 10))
	want := []ports.DeadLetter{
		{ID: toBob.ID, Kind: draft.Kind, Topic: draft.Topic, Address: "bob@example.org", At: at.Add(time.Minute)},
		{ID: draft.ID, Kind: draft.Kind, Topic: draft.Topic, Address: "ada@example.org", Attempts: 2, Answer: "550 no", At: at.Add(time.Hour)},
	}
	if !reflect.DeepEqual(dead, want) {
		t.Errorf("dead are %+v, want %+v", dead, want)
	}
	if first := must[[]ports.DeadLetter](t)(facts.DeadLetters(ctx, 1)); len(first) != 1 || first[0].ID != toBob.ID {
		t.Errorf("the first is %+v", first)
	}
	retry := func(ids []string) (retried []string) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			retried, err = tx.RetryLetters(ctx, ids, at.Add(3*time.Hour))
			return err
		})
		return retried
	}
	wantList(t, retry([]string{draft.ID, NewID()}), draft.ID)
	wantList(t, retry([]string{draft.ID}))
	if got := get(draft.ID); got.State != ports.LetterQueued || !got.At.Equal(at.Add(3*time.Hour)) {
		t.Errorf("sent again it is %+v", got)
	}
	wantList(t, retry(nil), toBob.ID)
	settle(draft.ID, ports.LetterSent, true, "", at.Add(4*time.Hour))
	wantList(t, retry(nil))
	// A mailbox that is not there gets no letter any more, and what waits for it knows.
	if err := facts.CloseBounced(ctx, bob.ID, at); err != nil {
		t.Fatal(err)
	}
	if got := get(toBob.ID); got.Closed != ports.Bounced {
		t.Errorf("closed it is %+v", got)
	}
	toBob.ID, toBob.Topic = NewID(), "release/pg_cron/2.0"
	if post(toBob) {
		t.Error("a letter goes to a mailbox that does not exist")
	}
}

// digests tell of what waited, once.
func digests(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	ada, bob := ensured(t, facts, "ada@example.org"), ensured(t, facts, "bob@example.org")
	both := []string{ada.ID, bob.ID}
	slices.Sort(both)
	post := func(drafts ...ports.LetterDraft) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			posted, err := tx.PostLetters(ctx, drafts)
			if posted != len(drafts) {
				t.Errorf("%d of %d were posted", posted, len(drafts))
			}
			return err
		})
	}
	waits := func(who ports.Recipient, event int64, when time.Time) ports.LetterDraft {
		return ports.LetterDraft{
			ID: NewID(), RecipientID: who.ID, Kind: ports.ReleaseLetter, Topic: "release/p/" + strconv.FormatInt(event, 10),
			Detail: ports.LetterDetail{EventID: event}, At: when, Waits: true,
		}
	}
	hour := at.Add(time.Hour)
	post(waits(ada, 1, at), waits(ada, 2, at.Add(time.Minute)), waits(ada, 3, hour), waits(bob, 1, at))
	waiting := func(after string, limit int) []string {
		t.Helper()
		return must[[]string](t)(facts.RecipientsWaiting(ctx, hour, after, limit))
	}
	wantList(t, waiting("", 10), both...)
	wantList(t, waiting("", 1), both[0])
	wantList(t, waiting(both[0], 10), both[1])
	wantList(t, waiting(both[1], 10))
	digest := ports.LetterDraft{ID: NewID(), RecipientID: ada.ID, Kind: ports.DigestLetter, Topic: "digest/2026-03-04", Detail: ports.LetterDetail{Day: "2026-03-04"}, At: hour}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		if posted, err := tx.PostLetter(ctx, digest); err != nil || !posted {
			t.Errorf("posted %t: %v", posted, err)
		}
		told, err := tx.DigestLetters(ctx, ada.ID, digest.ID, hour)
		if told != 2 {
			t.Errorf("it tells of %d", told)
		}
		return err
	})
	var events []int64
	for _, told := range must[[]ports.LetterDraft](t)(facts.LettersOfDigest(ctx, digest.ID)) {
		if events = append(events, told.Detail.EventID); told.Kind != ports.ReleaseLetter {
			t.Errorf("it tells of %+v", told)
		}
	}
	if !slices.Equal(events, []int64{1, 2}) {
		t.Errorf("it tells of %v", events)
	}
	wantList(t, waiting("", 10), bob.ID)
}

// news is what letters tell of versions and tokens.
func news(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	for _, p := range []Publication{
		{Project: "Pg_Cron", Version: "1.0"},
		{Project: "Pg_Cron", Version: "1.1-beta"},
		{Project: "Pg_Cron", Version: "1.1", Postgres: 16, Bytes: "sixteen"},
		{Project: "Pg_Cron", Version: "1.1", Postgres: 17, Bytes: "seventeen"},
		{Project: "Pg_Cron", Version: "1.2-rc"},
	} {
		Publish(t, facts, p)
	}
	tell := func(version string) ports.ReleaseNews {
		t.Helper()
		got, found, err := facts.ReleaseNews(ctx, "PG-CRON", version)
		if err != nil || !found {
			t.Fatalf("%s: found %t: %v", version, found, err)
		}
		return got
	}
	got := tell("1.1")
	digest := sha256.Sum256([]byte("seventeen"))
	if got.Project != "Pg_Cron" || got.Version != "1.1" || got.Previous != "1.0" || got.Publisher != "alice" || got.Prerelease || len(got.Builds) != 2 {
		t.Errorf("got %+v", got)
	} else if b := got.Builds[0]; b.Postgres != 17 || b.Platform != extension.LinuxAMD64 || b.SHA256 != hex.EncodeToString(digest[:]) || b.Size != int64(len("seventeen")) {
		t.Errorf("the newest major is %+v", b)
	}
	if got := tell("1.2-rc"); !got.Prerelease || got.Previous != "1.1" {
		t.Errorf("got %+v", got)
	}
	if got := tell("1.0"); got.Previous != "" {
		t.Errorf("before the first was %q", got.Previous)
	}
	for _, what := range [][2]string{{"pg_cron", "9.9"}, {"nothing", "1.0"}} {
		if got, found, err := facts.ReleaseNews(ctx, what[0], what[1]); err != nil || found {
			t.Errorf("%v: %+v, %v", what, got, err)
		}
	}
	endingTokens(t, facts)
}

// endingTokens are told of once.
func endingTokens(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice := Account(t, facts, "alice")
	until := at.AddDate(0, 0, 7)
	add := func(name string, expires *time.Time) string {
		t.Helper()
		id := NewID()
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.AddToken(ctx, account.Token{
				ID: id, Account: account.Account{ID: alice, Name: "alice"}, Name: name, Scopes: []account.Scope{account.Yank}, Projects: []string{"pg_*"}, Created: at, Expires: expires,
			}, sha256.Sum256([]byte(name)))
		})
		return id
	}
	soon, late, past := at.AddDate(0, 0, 3), until.Add(time.Second), at.Add(-time.Hour)
	ending := add("soon", &soon)
	add("late", &late)
	add("past", &past)
	add("never", nil)
	if got := must[[]ports.EndingToken](t)(facts.TokensEnding(ctx, at, until)); !slices.Equal(got, []ports.EndingToken{{ID: ending, AccountID: alice}}) {
		t.Errorf("ending are %+v", got)
	}
	for _, want := range []bool{true, false} {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			told, err := tx.TellTokenEnd(ctx, ending, at)
			if told != want {
				t.Errorf("told %t, want %t", told, want)
			}
			return err
		})
	}
	if got := must[[]ports.EndingToken](t)(facts.TokensEnding(ctx, at, until)); len(got) != 0 {
		t.Errorf("ending again are %+v", got)
	}
	token, found, err := facts.TokenNews(ctx, ending)
	if err != nil || !found || token.Name != "soon" || !slices.Equal(token.Scopes, []string{"yank"}) || !slices.Equal(token.Projects, []string{"pg_*"}) ||
		!token.Created.Equal(at) || token.Expires == nil || !token.Expires.Equal(soon) {
		t.Errorf("got %+v, %t: %v", token, found, err)
	}
	if _, found, err := facts.TokenNews(ctx, NewID()); err != nil || found {
		t.Errorf("found %t: %v", found, err)
	}
}
