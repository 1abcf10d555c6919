package porttest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// holdings checks what an account has, and what there is of all.
func holdings(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice, bob, carol := Account(t, facts, "alice"), Account(t, facts, "bob"), Account(t, facts, "carol")
	totals := func() string {
		all := must[ports.CatalogueTotals](t)(facts.Totals(ctx))
		return fmt.Sprint(all.Projects, all.Versions, all.Builds, all.Majors, all.Platforms)
	}
	if got := totals(); got != "0 0 0 [] []" {
		t.Errorf("nothing counts as %s", got)
	}
	_, shared := Publish(t, facts, Publication{Project: "Shared", Version: "1.0", Owner: bob, Platform: extension.LinuxARM64})
	Publish(t, facts, Publication{Project: "Shared", Version: "1.0", Owner: bob, Postgres: 18, Bytes: "18"})
	Publish(t, facts, Publication{Project: "own", Version: "1.0", Owner: alice, Postgres: 9})
	_, own := Publish(t, facts, Publication{Project: "own", Version: "1.1", Owner: alice})
	_, other := Publish(t, facts, Publication{Project: "other", Version: "1.0", Owner: bob})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.AddOwner(ctx, shared.ID, alice, at) })
	held := func(accountID string) (names []string) {
		for _, p := range must[[]extension.Project](t)(facts.ProjectsOfOwner(ctx, accountID)) {
			names = append(names, fmt.Sprint(p.Name, " ", len(p.Owners)))
		}
		return names
	}
	wantList(t, held(alice), "own 1", "Shared 2")
	wantList(t, held(bob), "other 1", "Shared 2")
	wantList(t, held(carol))
	latest := func(ids ...string) (names []string) {
		for _, r := range must[[]extension.Release](t)(facts.LatestReleasesOf(ctx, ids)) {
			names = append(names, fmt.Sprint(r.Project, " ", r.Version, " ", len(r.Artefacts)))
		}
		return names
	}
	wantList(t, latest())
	wantList(t, latest(shared.ID, NewID(), own.ID), "own 1.1 1", "Shared 1.0 2")
	if got := totals(); got != "3 4 5 [18 17 9] [linux/amd64 linux/arm64]" {
		t.Errorf("all is %s", got)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Yank(ctx, own.ID, "1.0", extension.Yank{At: at, ByID: alice, By: "alice", Reason: "old"})
		return err
	})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Yank(ctx, other.ID, "1.0", extension.Yank{At: at, ByID: bob, By: "bob", Reason: "old"})
		return err
	})
	if got := totals(); got != "2 2 3 [18 17] [linux/amd64 linux/arm64]" {
		t.Errorf("without what was yanked all is %s", got)
	}
	if slices.Contains(latest(other.ID), "other 1.0 1") {
		t.Error("a project without a version has a latest one")
	}
}
