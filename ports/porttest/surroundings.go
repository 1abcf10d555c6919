package porttest

import (
	"context"
	"maps"
	"slices"
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
	publish := func(project, version string, provides string, needs ...string) ports.ProjectStanding {
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
	releases := must[[]extension.Release](t)(facts.ReleasesOfProject(ctx, "base_tools"))
	if !slices.Equal(versions(releases), []string{"1.1"}) || releases[0].Artefacts[0].Publisher != (extension.Person{ID: alice, Name: "alice"}) {
		t.Errorf("the build is %+v", releases[0].Artefacts)
	}
}
