package porttest

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// surroundings are those who need a project and what it needs, by latest versions, and versions that were deleted.
func surroundings(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	alice := Account(t, facts, "alice")
	publish := func(project, version, provides string, needs ...string) ports.ProjectStanding {
		_, standing := Publish(t, facts, Publication{Project: project, Version: version, Extensions: []string{provides}, Dependencies: needs, Owner: alice})
		return standing
	}
	base := publish("base_tools", "1.0", "base-tools")
	publish("base_tools", "1.1", "base-tools")
	publish("squatter", "1.0", "base-tools", "base-tools")
	publish("zeta", "1.0", "zeta", "base-tools", "plpgsql")
	publish("Alpha", "1.0", "alpha", "base-tools")
	publish("past", "1.0", "past", "base-tools")
	publish("past", "2.0", "past")
	withdrawn := publish("withdrawn", "1.0", "withdrawn", "base-tools")
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Yank(ctx, withdrawn.ID, "1.0", extension.Yank{At: at, ByID: alice, By: "alice", Reason: "r"})
		return err
	})
	for limit, want := range map[int][]string{10: {"Alpha", "squatter", "zeta"}, 1: {"Alpha"}} {
		names, total, err := facts.Dependents(ctx, "base_tools", limit)
		if err != nil || total != 3 {
			t.Errorf("there are %d dependents: %v", total, err)
		}
		wantList(t, names, want...)
	}
	for _, project := range []string{"zeta", "nobody", "squatter"} {
		if names, total, err := facts.Dependents(ctx, project, 10); names != nil || total != 0 || err != nil {
			t.Errorf("%s is needed by %q, %d, %v", project, names, total, err)
		}
	}
	providers := must[map[string]string](t)(facts.Providers(ctx, []string{"base_tools", "alpha", "plpgsql"}))
	if !maps.Equal(providers, map[string]string{"base_tools": "base_tools", "alpha": "Alpha"}) {
		t.Errorf("the providers are %v", providers)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Delete(ctx, base.ID, "1.0", at.Add(time.Hour))
		return err
	})
	for version, want := range map[string]bool{"1.0": true, "1.1": false, "9.9": false} {
		if deleted := must[bool](t)(facts.Deleted(ctx, "base_tools", version)); deleted != want {
			t.Errorf("%s: deleted is %t", version, deleted)
		}
	}
	bob := Account(t, facts, "bob")
	Publish(t, facts, Publication{Project: "shared", Version: "1.0", Owner: alice})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.LockProject(ctx, "shared", alice)
		if err != nil {
			return err
		}
		return tx.AddOwner(ctx, standing.ID, bob, at)
	})
	Publish(t, facts, Publication{Project: "shared", Version: "1.0", Postgres: 16, Bytes: "b", Owner: bob, OwnerName: "bob"})
	var publishers []string
	for _, a := range must[[]extension.Release](t)(facts.ReleasesOfProject(ctx, "shared"))[0].Artefacts {
		publishers = append(publishers, fmt.Sprint(a.Postgres, " ", a.Publisher.Name, " ", a.Publisher.ID == alice))
	}
	wantList(t, publishers, "16 bob false", "17 alice true")
}
