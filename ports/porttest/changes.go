package porttest

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// changes keeps what is new in versions, and forgets it with them.
func changes(t *testing.T, facts Facts) {
	t.Helper()
	alice := Account(t, facts, "alice")
	var project string
	for i, version := range []string{"2.0", "1.0", "1.1-rc.1", "1.1", "1.2-rc.1"} {
		_, standing := Publish(t, facts, Publication{Project: "told", Version: version, Owner: alice, At: at.Add(time.Duration(i) * time.Hour)})
		project = standing.ID
	}
	ids := map[string]string{}
	for _, r := range must[[]extension.Release](t)(facts.ReleasesOfProject(t.Context(), "told")) {
		ids[r.Version.String()] = r.ID
	}
	for version, want := range map[string]string{"1.0": "", "1.1-rc.1": "1.0", "1.1": "1.0", "1.2-rc.1": "1.1", "2.0": "1.1"} {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			got, err := tx.PreviousVersion(ctx, ids[version])
			if got != want {
				t.Errorf("before %s comes %q, want %q", version, got, want)
			}
			return err
		})
	}
	news := func(version string) extension.Changes {
		t.Helper()
		return must[extension.Changes](t)(facts.ReleaseChanges(t.Context(), ids[version]))
	}
	if got := news("1.1"); got != (extension.Changes{}) {
		t.Errorf("there are changes before anybody said any: %+v", got)
	}
	first := extension.Changes{Name: "NEWS", Text: strings.Repeat("é", extension.ChangesLimit/2)}
	for _, said := range []extension.Changes{first, {Name: "CHANGELOG.md", Text: "later"}} {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error { return tx.KeepChanges(ctx, ids["1.1"], said, at) })
	}
	if got := news("1.1"); got != first {
		t.Errorf("what was said first is not kept: %.60v", got)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Delete(ctx, project, "1.1", at)
		return err
	})
	if got := news("1.1"); got != (extension.Changes{}) {
		t.Errorf("a deleted version has changes: %.60v", got)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		if got, err := tx.PreviousVersion(ctx, ids["2.0"]); err != nil || got != "1.0" {
			t.Errorf("before 2.0 comes %q, %v", got, err)
		}
		return nil
	})
}
