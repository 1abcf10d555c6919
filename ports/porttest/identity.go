package porttest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

// do runs a unit of work.
func do(t *testing.T, facts Facts, work func(ctx context.Context, tx ports.Tx) error) error {
	t.Helper()
	return facts.Do(t.Context(), work)
}

// done is do where nothing may go wrong.
func done(t *testing.T, facts Facts, work func(ctx context.Context, tx ports.Tx) error) {
	t.Helper()
	if err := do(t, facts, work); err != nil {
		t.Fatal(err)
	}
}

func accounts(t *testing.T, facts Facts) {
	t.Helper()
	if first, again := Account(t, facts, "alice"), Account(t, facts, "Alice"); first != again {
		t.Errorf("alice is %s and %s", first, again)
	}
	err := do(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.EnsureAccount(ctx, NewID(), "", at)
		return err
	})
	wantCode(t, err, fault.RequestInvalid)
	if got := must[account.Account](t)(facts.Account(t.Context(), "ALICE")); got.Name != "alice" || got.Administrator {
		t.Errorf("alice is %+v", got)
	}
	_, err = facts.Account(t.Context(), "nobody")
	wantCode(t, err, fault.AccountUnknown)
}

func administrators(t *testing.T, facts Facts) {
	t.Helper()
	Account(t, facts, "alice")
	Account(t, facts, "root")
	appoint := func(name string, is bool) error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.SetAdministrator(ctx, name, is)
			return err
		})
	}
	names := func() (names []string) {
		for _, who := range must[[]account.Account](t)(facts.Administrators(t.Context())) {
			names = append(names, who.Name)
		}
		return names
	}
	wantList(t, names())
	for range 2 {
		if err := appoint("Root", true); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, names(), "root")
	wantCode(t, appoint("nobody", true), fault.AccountUnknown)
	if err := appoint("root", false); err != nil {
		t.Fatal(err)
	}
	wantList(t, names())
}

// A person keeps their account whatever they call themselves, and never gets somebody else's by a name.
func signIns(t *testing.T, facts Facts) {
	t.Helper()
	signIn := func(subject, name string) (who account.Account, created bool) {
		t.Helper()
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			who, created, err = tx.SignedIn(ctx, NewID(), account.SignIn{Issuer: "https://one", Subject: subject, Name: name, Expires: at}, at)
			return err
		})
		return who, created
	}
	operators := Account(t, facts, "alice")
	first, created := signIn("1", "Alice")
	if !created || first.ID == operators || first.Name != "Alice-2" || first.Administrator {
		t.Errorf("the first Alice is %+v, created %t", first, created)
	}
	if again, created := signIn("1", "Renamed"); created || again != first {
		t.Errorf("she comes back as %+v, created %t", again, created)
	}
	if other, _ := signIn("2", "alice"); other.Name != "alice-3" || other.ID == first.ID {
		t.Errorf("another one is %+v", other)
	}
	long := strings.Repeat("é", account.MaxNameLength)
	signIn("3", long)
	if other, _ := signIn("4", long); other.Name != strings.Repeat("é", account.MaxNameLength-2)+"-2" {
		t.Errorf("a long name becomes %q", other.Name)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.Link(ctx, operators, "https://one", "1", at) })
	if linked, _ := signIn("1", "Alice"); linked.ID != operators {
		t.Errorf("linked to %s and signed in as %+v", operators, linked)
	}
	once := account.SignIn{Issuer: "https://one", Subject: "1", Name: "Alice", ID: "jti", Expires: at}
	use := func() error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error {
			_, _, err := tx.SignedIn(ctx, NewID(), once, at)
			return err
		})
	}
	if err := use(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, use(), fault.JWTReplayed)
	once.Issuer = "https://two"
	if err := use(); err != nil {
		t.Errorf("the id of another issuer's sign-in: %v", err)
	}
}

// Many first sign-ins of one person at once make one account.
func signInsAtOnce(t *testing.T, facts Facts) {
	t.Helper()
	var group sync.WaitGroup
	var created atomic.Int64
	ids := make([]string, 8)
	for i := range ids {
		group.Go(func() {
			err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
				who, isNew, err := tx.SignedIn(ctx, NewID(), account.SignIn{Issuer: "i", Subject: "s", Name: "carol", Expires: at}, at)
				if isNew {
					created.Add(1)
				}
				ids[i] = who.ID
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if created.Load() != 1 || len(slices.Compact(ids)) != 1 {
		t.Errorf("%d accounts were made: %q", created.Load(), ids)
	}
}

func tokens(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice := account.Account{ID: Account(t, facts, "alice"), Name: "alice"}
	expires := at.Add(time.Hour)
	token := account.Token{
		ID: NewID(), Account: alice, Name: "laptop", Scopes: []account.Scope{account.PublishNew, account.Yank},
		Projects: []string{"pg_*"}, Created: at, Expires: &expires,
	}
	hash := sha256.Sum256([]byte("secret"))
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.AddToken(ctx, token, hash) })
	same := func(got account.Token) bool {
		return got.ID == token.ID && got.Account == alice && got.Name == "laptop" && slices.Equal(got.Scopes, token.Scopes) &&
			slices.Equal(got.Projects, token.Projects) && got.Created.Equal(at) && got.Expires != nil && got.Expires.Equal(expires)
	}
	if got := must[account.Token](t)(facts.TokenByHash(ctx, hash)); !same(got) || got.Revoked != nil || got.LastUsed != nil {
		t.Errorf("the token is %+v", got)
	}
	for _, when := range []time.Time{at.Add(time.Minute), at} {
		if err := facts.Touch(ctx, token.ID, when); err != nil {
			t.Fatal(err)
		}
	}
	if got := must[account.Token](t)(facts.TokenByHash(ctx, hash)); got.LastUsed == nil || !got.LastUsed.Equal(at.Add(time.Minute)) {
		t.Errorf("last used at %v, want the later time", got.LastUsed)
	}
	_, err := facts.TokenByHash(ctx, sha256.Sum256([]byte("another")))
	wantCode(t, err, fault.TokenUnknown)
	if got := must[account.Token](t)(facts.TokenByID(ctx, token.ID, alice.ID)); !same(got) {
		t.Errorf("by its id it is %+v", got)
	}
	for _, of := range [][2]string{{token.ID, Account(t, facts, "bob")}, {NewID(), alice.ID}, {"no id", alice.ID}} {
		_, err := facts.TokenByID(ctx, of[0], of[1])
		wantCode(t, err, fault.TokenIDUnknown)
	}
	revoke := func(id, accountID string, when time.Time) error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.RevokeToken(ctx, id, accountID, when) })
	}
	wantCode(t, revoke(token.ID, Account(t, facts, "bob"), at), fault.TokenIDUnknown)
	for _, when := range []time.Time{at.Add(time.Minute), at.Add(time.Hour)} {
		if err := revoke(token.ID, alice.ID, when); err != nil {
			t.Fatal(err)
		}
	}
	if err := revoke(token.ID, "", at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := must[account.Token](t)(facts.TokenByHash(ctx, hash)); got.Revoked == nil || !got.Revoked.Equal(at.Add(time.Minute)) {
		t.Errorf("revoked at %v, want the first time", got.Revoked)
	}
	for _, id := range []string{NewID(), "no id"} {
		wantCode(t, revoke(id, "", at), fault.TokenIDUnknown)
	}
	for name, want := range map[string]int{"": 1, "Alice": 1, "bob": 0} {
		if got := must[[]account.Token](t)(facts.ListTokens(ctx, name)); len(got) != want {
			t.Errorf("%q has %d tokens, want %d", name, len(got), want)
		}
	}
}

// Pages follow each other without a gap, whatever comes on top meanwhile.
func tokenPages(t *testing.T, facts Facts) {
	t.Helper()
	alice := account.Account{ID: Account(t, facts, "alice")}
	add := func(id string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.AddToken(ctx, account.Token{ID: id, Account: alice, Scopes: []account.Scope{account.Yank}, Created: at}, sha256.Sum256([]byte(id)))
		})
	}
	id := func(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }
	for n := range 5 {
		add(id(n))
	}
	var got []string
	page := ports.Page{Limit: 2}
	for {
		items := must[[]account.Token](t)(facts.TokensOf(t.Context(), alice.ID, page))
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			got = append(got, item.ID)
		}
		add(id(10 + len(got)))
		page.After = items[len(items)-1].ID
	}
	wantList(t, got, id(4), id(3), id(2), id(1), id(0))
	_, err := facts.TokensOf(t.Context(), alice.ID, ports.Page{After: "'", Limit: 1})
	wantCode(t, err, fault.CursorInvalid)
}

func owners(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	_, standing := Publish(t, facts, Publication{Project: "Mine", Version: "1.0", Owner: alice})
	names := func() (names []string) {
		for _, o := range must[[]ports.Owner](t)(facts.Owners(ctx, "mine")) {
			names = append(names, o.Name)
		}
		return names
	}
	invite := func(who string, transfer bool) error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.Invite(ctx, ports.InvitationDraft{ID: NewID(), ProjectID: standing.ID, AccountID: who, InvitedBy: alice, Transfer: transfer, At: at})
		})
	}
	take := func(who string) (invitation ports.InvitationDraft, err error) {
		err = do(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			invitation, err = tx.TakeInvitation(ctx, standing.ID, who)
			return err
		})
		return invitation, err
	}
	remove := func(who string) error {
		return do(t, facts, func(ctx context.Context, tx ports.Tx) error {
			if _, err := tx.LockProject(ctx, "mine", who); err != nil {
				return err
			}
			return tx.RemoveOwner(ctx, standing.ID, who)
		})
	}
	invitations := func(project, who string) (found []string) {
		for _, i := range must[[]ports.Invitation](t)(facts.Invitations(ctx, project, who, ports.Page{Limit: 10})) {
			found = append(found, fmt.Sprint(i.InvitedBy, " asks ", i.Account, " for ", i.Project, " ", i.Transfer))
		}
		return found
	}
	wantList(t, names(), "alice")
	wantCode(t, invite(alice, false), fault.AlreadyOwner)
	wantCode(t, remove(alice), fault.LastOwner)
	wantCode(t, remove(bob), fault.OwnerUnknown)
	if err := errors.Join(invite(bob, false), invite(bob, true)); err != nil {
		t.Fatal(err)
	}
	for _, of := range [][2]string{{"mine", ""}, {"", bob}, {"mine", bob}, {"", ""}} {
		wantList(t, invitations(of[0], of[1]), "alice asks bob for Mine true")
	}
	wantList(t, invitations("", alice))
	wantList(t, invitations("other", ""))
	got, err := take(bob)
	if err != nil || got.InvitedBy != alice || got.Inviter != "alice" || !got.Transfer || !got.At.Equal(at) {
		t.Errorf("the invitation is %+v, %v", got, err)
	}
	_, err = take(bob)
	wantCode(t, err, fault.InvitationUnknown)
	for range 2 {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.AddOwner(ctx, standing.ID, bob, at.Add(time.Hour))
		})
	}
	wantList(t, names(), "alice", "bob")
	if err := invite(Account(t, facts, "carol"), false); err != nil {
		t.Fatal(err)
	}
	if err := remove(alice); err != nil {
		t.Fatal(err)
	}
	wantList(t, names(), "bob")
	wantList(t, invitations("mine", ""))
	name, owns, err := facts.Owns(ctx, "mine", bob)
	if name != "Mine" || !owns || err != nil {
		t.Errorf("bob owns %s: %t, %v", name, owns, err)
	}
	if _, owns, _ := facts.Owns(ctx, "mine", alice); owns {
		t.Error("alice still owns it")
	}
	_, _, err = facts.Owns(ctx, "nothing", bob)
	wantCode(t, err, fault.ProjectUnknown)
	_, err = facts.Owners(ctx, "nothing")
	wantCode(t, err, fault.ProjectUnknown)
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.RemoveOwners(ctx, standing.ID) })
	wantList(t, names())
}

// Two owners who leave at once do not both count on the other.
func ownersLeaveAtOnce(t *testing.T, facts Facts) {
	t.Helper()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	for round := range 5 {
		project := fmt.Sprint("left", round)
		_, standing := Publish(t, facts, Publication{Project: project, Version: "1.0", Owner: alice})
		done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.AddOwner(ctx, standing.ID, bob, at) })
		var group sync.WaitGroup
		var left atomic.Int64
		for _, who := range []string{alice, bob} {
			group.Go(func() {
				err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
					if _, err := tx.LockProject(ctx, project, who); err != nil {
						return err
					}
					return tx.RemoveOwner(ctx, standing.ID, who)
				})
				if err == nil {
					left.Add(1)
				} else if fault.CodeOf(err) != fault.LastOwner {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if left.Load() != 1 {
			t.Errorf("%d of two owners left", left.Load())
		}
	}
}

func yanks(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice := Account(t, facts, "alice")
	var projectID string
	for _, version := range []string{"1.0", "1.1", "2.0"} {
		_, standing := Publish(t, facts, Publication{Project: "tool", Version: version, Owner: alice})
		projectID = standing.ID
	}
	yank := func(version, reason, replacement string, when time.Time) (got extension.Yank, err error) {
		err = do(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			got, err = tx.Yank(ctx, projectID, version, extension.Yank{At: when, ByID: alice, By: "alice", Reason: reason, Replacement: replacement})
			return err
		})
		return got, err
	}
	latest := func() (versions []string) {
		for _, r := range must[[]extension.Release](t)(facts.LatestReleases(ctx)) {
			versions = append(versions, r.Version.String())
		}
		return versions
	}
	for _, replacement := range []string{"2.0", "9.9"} {
		_, err := yank("2.0", "broken", replacement, at)
		wantCode(t, err, fault.ReplacementUnknown)
	}
	_, err := yank("9.9", "broken", "", at)
	wantCode(t, err, fault.VersionUnknown)
	wantList(t, latest(), "2.0")
	if _, err := yank("2.0", "broken", "1.1", at); err != nil {
		t.Fatal(err)
	}
	if again, err := yank("2.0", "still broken", "1.0", at.Add(time.Hour)); err != nil || !again.At.Equal(at) || again.Reason != "still broken" {
		t.Errorf("yanked again: %+v, %v", again, err)
	}
	wantList(t, latest(), "1.1")
	release := must[extension.Release](t)(facts.Release(ctx, "tool", "2.0"))
	if y := release.Yank; y == nil || !y.At.Equal(at) || y.By != "alice" || y.Reason != "still broken" || y.Replacement != "1.0" {
		t.Errorf("the version is %+v", release.Yank)
	}
	_, err = yank("1.1", "broken too", "2.0", at)
	wantCode(t, err, fault.ReplacementUnknown)
	for _, version := range []string{"1.0", "1.1"} {
		if _, err := yank(version, "all", "", at); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, latest())
	for _, want := range []bool{true, false} {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			changed, err := tx.Unyank(ctx, projectID, "2.0")
			if changed != want {
				t.Errorf("unyanked: %t, want %t", changed, want)
			}
			return err
		})
	}
	wantList(t, latest(), "2.0")
	if r := must[extension.Release](t)(facts.Release(ctx, "tool", "2.0")); r.Yanked() {
		t.Errorf("it is still %+v", r.Yank)
	}
}

func deprecations(t *testing.T, facts Facts) {
	t.Helper()
	_, standing := Publish(t, facts, Publication{Project: "old", Version: "1.0"})
	deprecate := func(message string, when time.Time) (since time.Time, changed bool) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			since, changed, err = tx.Deprecate(ctx, standing.ID, message, when)
			return err
		})
		return since, changed
	}
	if since, changed := deprecate("", at); !since.IsZero() || changed {
		t.Errorf("deprecated since %s, which is news: %t", since, changed)
	}
	if since, changed := deprecate("use new", at); !since.Equal(at) || !changed {
		t.Errorf("deprecated since %s, which is news: %t", since, changed)
	}
	for _, news := range []bool{true, false} {
		if since, changed := deprecate("use newer", at.Add(time.Hour)); !since.Equal(at) || changed != news {
			t.Errorf("deprecated since %s, want the first time; it is news: %t", since, changed)
		}
	}
	if got := must[extension.Project](t)(facts.Project(t.Context(), "old")); got.Deprecation != "use newer" {
		t.Errorf("the project says %q", got.Deprecation)
	}
	if got := must[extension.Release](t)(facts.Release(t.Context(), "old", "1.0")); got.Deprecation != "use newer" {
		t.Errorf("the version says %q", got.Deprecation)
	}
	if since, changed := deprecate("", at); !since.IsZero() || !changed {
		t.Errorf("not deprecated any more since %s, which is news: %t", since, changed)
	}
	if got := must[extension.Project](t)(facts.Project(t.Context(), "old")); got.Deprecation != "" {
		t.Errorf("the project still says %q", got.Deprecation)
	}
}

// What was deleted is nowhere, and its number is never free again; the names of its extensions are.
func deletions(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice := Account(t, facts, "alice")
	one := Publication{Project: "base", Version: "1.0", Extensions: []string{"base", "extra"}, Owner: alice}
	Publish(t, facts, one)
	_, standing := Publish(t, facts, Publication{Project: "base", Version: "1.1", Owner: alice, At: at.Add(time.Hour)})
	Publish(t, facts, Publication{Project: "user_one", Version: "1.0", Owner: alice, Dependencies: []string{"base", "extra"}})
	deletable := func(version string) (found, dependents []string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			versions, names, err := tx.Deletable(ctx, standing.ID, version)
			for _, v := range versions {
				found = append(found, v.Version+" "+v.At.Format(time.TimeOnly))
			}
			dependents = names
			return err
		})
		return found, dependents
	}
	found, dependents := deletable("")
	wantList(t, found, "1.0 05:06:07", "1.1 06:06:07")
	wantList(t, dependents, "user_one")
	_, dependents = deletable("1.0") // extra is nowhere else
	wantList(t, dependents, "user_one")
	_, dependents = deletable("1.1") // 1.0 provides all there is
	wantList(t, dependents)
	found, _ = deletable("9.9")
	wantList(t, found)
	remove := func(version string) (versions []string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) (err error) {
			versions, err = tx.Delete(ctx, standing.ID, version, at)
			return err
		})
		return versions
	}
	wantList(t, remove("1.0"), "1.0")
	_, err := facts.Release(ctx, "base", "1.0")
	wantCode(t, err, fault.VersionUnknown)
	_, err = facts.Artefact(ctx, "base", "1.0", 17, extension.LinuxAMD64)
	wantCode(t, err, fault.ArtefactUnknown)
	_, _, err = publish(t, facts, one)
	wantCode(t, err, fault.VersionDeleted)
	if got := must[[]extension.Release](t)(facts.ReleasesOfExtension(ctx, "extra")); len(got) != 0 {
		t.Errorf("extra is still provided by %v", got)
	}
	Publish(t, facts, Publication{Project: "other", Version: "1.0", Extensions: []string{"extra"}})
	if got := must[[]extension.Release](t)(facts.ReleasesOfExtension(ctx, "extra")); len(got) != 1 || got[0].Project != "other" {
		t.Errorf("extra is provided by %v", got)
	}
	wantList(t, remove(""), "1.1")
	wantList(t, remove(""))
	if got := must[[]extension.Release](t)(facts.ReleasesOfProject(ctx, "base")); len(got) != 0 {
		t.Errorf("there is still %v", got)
	}
	wantList(t, latestProjects(t, facts), "other", "user_one")
	if after := must[ports.ProjectStanding](t)(facts.Standing(ctx, "base", alice, nil)); !after.Owned {
		t.Error("the name is not its owner's any more")
	}
}

func latestProjects(t *testing.T, facts Facts) (names []string) {
	t.Helper()
	for _, r := range must[[]extension.Release](t)(facts.LatestReleases(t.Context())) {
		names = append(names, r.Project)
	}
	return names
}

func limits(t *testing.T, facts Facts) {
	t.Helper()
	ctx, policy := t.Context(), limit.Policy{Burst: 2, Every: time.Minute}
	take := func(subject string, when time.Time) (limit.Allowance, error) {
		return facts.Take(ctx, subject, limit.PublishNew, policy, when)
	}
	for _, remaining := range []int{1, 0} {
		if got := must[limit.Allowance](t)(take("alice", at)); got.Remaining != remaining {
			t.Errorf("%d remain, want %d", got.Remaining, remaining)
		}
	}
	got, err := take("alice", at.Add(time.Second))
	wantCode(t, err, fault.RateLimited)
	if got.Next != 59*time.Second {
		t.Errorf("the next one after %s", got.Next)
	}
	if _, err := facts.Peek(ctx, "alice", limit.PublishNew, policy, at.Add(time.Second)); fault.CodeOf(err) != fault.RateLimited {
		t.Errorf("a look finds %v", err)
	}
	if got := must[limit.Allowance](t)(facts.Peek(ctx, "alice", limit.PublishUpdate, policy, at)); got.Remaining != 2 {
		t.Errorf("another action: %+v", got)
	}
	if got := must[limit.Allowance](t)(take("bob", at)); got.Remaining != 1 {
		t.Errorf("somebody else: %+v", got)
	}
	if got := must[limit.Allowance](t)(take("alice", at.Add(time.Minute))); got.Remaining != 0 {
		t.Errorf("a minute later: %+v", got)
	}
	if got := must[limit.Allowance](t)(take("alice", at.Add(time.Hour))); got.Remaining != 1 {
		t.Errorf("an hour later: %+v", got)
	}
	for range 3 {
		if _, err := facts.Take(ctx, "alice", limit.PublishNew, limit.Policy{}, at); err != nil {
			t.Errorf("without a limit: %v", err)
		}
	}
	// What a unit of work counts is not counted when it fails.
	wrong := errors.New("second thoughts")
	err = do(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Take(ctx, "carol", limit.PublishNew, policy, at)
		return errors.Join(err, wrong)
	})
	if got := must[limit.Allowance](t)(facts.Peek(ctx, "carol", limit.PublishNew, policy, at)); !errors.Is(err, wrong) || got.Remaining != 2 {
		t.Errorf("after a failure: %+v, %v", got, err)
	}
}

// However many ask at once, no more get through than the burst.
func limitsAtOnce(t *testing.T, facts Facts) {
	t.Helper()
	var group sync.WaitGroup
	var granted atomic.Int64
	for range 16 {
		group.Go(func() {
			_, err := facts.Take(t.Context(), "alice", limit.PublishNew, limit.Policy{Burst: 5, Every: time.Hour}, at)
			if err == nil {
				granted.Add(1)
			} else if fault.CodeOf(err) != fault.RateLimited {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if granted.Load() != 5 {
		t.Errorf("%d were granted, want 5", granted.Load())
	}
}

func record(t *testing.T, facts Facts) {
	t.Helper()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	note := func(who, action, project string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			return tx.Audit(ctx, ports.AuditEntry{
				At: at, AccountID: who, Action: action, Project: project, Origin: ports.Origin{Address: "192.0.2.1", RequestID: "r"}, Detail: map[string]string{"a": "b"},
			})
		})
	}
	note(alice, "one", "p")
	note(bob, "two", "p")
	note("", "three", "")
	note(alice, "two", "q")
	read := func(filter ports.AuditFilter, page ports.Page) (found []string, last string) {
		for _, e := range must[[]ports.RecordedEntry](t)(facts.AuditEntries(t.Context(), filter, page)) {
			found, last = append(found, strings.Join([]string{e.Account, e.Action, e.Project}, ":")), e.ID
			if !e.At.Equal(at) || e.Origin.Address != "192.0.2.1" || e.Origin.RequestID != "r" || fmt.Sprintf("%s", e.Detail) != `{"a": "b"}` {
				t.Errorf("the entry is %+v", e)
			}
		}
		return found, last
	}
	for _, c := range []struct {
		filter ports.AuditFilter
		want   []string
	}{
		{ports.AuditFilter{}, []string{"alice:two:q", ":three:", "bob:two:p", "alice:one:p"}},
		{ports.AuditFilter{Project: "p"}, []string{"bob:two:p", "alice:one:p"}},
		{ports.AuditFilter{AccountID: alice}, []string{"alice:two:q", "alice:one:p"}},
		{ports.AuditFilter{Action: "two"}, []string{"alice:two:q", "bob:two:p"}},
		{ports.AuditFilter{Project: "p", AccountID: bob, Action: "two"}, []string{"bob:two:p"}},
		{ports.AuditFilter{Project: "none"}, nil},
	} {
		found, _ := read(c.filter, ports.Page{Limit: 10})
		wantList(t, found, c.want...)
	}
	first, last := read(ports.AuditFilter{}, ports.Page{Limit: 3})
	note(bob, "meanwhile", "p")
	rest, _ := read(ports.AuditFilter{}, ports.Page{Limit: 3, After: last})
	wantList(t, append(first, rest...), "alice:two:q", ":three:", "bob:two:p", "alice:one:p")
	_, err := facts.AuditEntries(t.Context(), ports.AuditFilter{}, ports.Page{Limit: 1, After: "x"})
	wantCode(t, err, fault.CursorInvalid)
}

func readmes(t *testing.T, facts Facts) {
	t.Helper()
	_, standing := Publish(t, facts, Publication{Project: "Told", Version: "1.0"})
	_, err := facts.ProjectReadme(t.Context(), "told")
	wantCode(t, err, fault.ReadmeUnknown)
	for _, text := range []string{"one", "# two\n"} {
		want := extension.Readme{Name: "README.md", Text: text}
		done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.KeepReadme(ctx, standing.ID, want, "1.0", at) })
		if got := must[extension.Readme](t)(facts.ProjectReadme(t.Context(), "told")); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
