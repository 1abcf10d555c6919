package porttest

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"

	"pgtrunk.io/registry/core/fault"
)

// doomedObjects are those that no artefact names. Who stored the bytes before the sweep has to store them again.
func doomedObjects(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	doom := func(bytes string, want bool) {
		t.Helper()
		if got := must[bool](t)(facts.Doom(ctx, sha256.Sum256([]byte(bytes)))); got != want {
			t.Errorf("%s is doomed: %t, want %t", bytes, got, want)
		}
	}
	swept := func(bytes string) {
		t.Helper()
		if err := facts.Swept(ctx, sha256.Sum256([]byte(bytes))); err != nil {
			t.Fatal(err)
		}
	}
	Publish(t, facts, Publication{Project: "kept", Version: "1.0", Bytes: "kept"})
	doom("kept", false)
	doom("orphan", true)
	p := Publication{Project: "late", Version: "1.0", Bytes: "orphan"}
	_, _, err := publish(t, facts, p)
	wantCode(t, err, fault.StoreUnavailable)
	p.Stored = func() { swept("orphan") } // while the publish is on its way
	_, _, err = publish(t, facts, p)
	wantCode(t, err, fault.StoreUnavailable)
	p.Stored = nil // stored again after the sweep
	Publish(t, facts, p)
	doom("orphan", false)
	if err := facts.Forget(ctx, at); err != nil {
		t.Fatal(err)
	}
}

// Either the publish or the sweep, never both.
func doomedAtOnce(t *testing.T, facts Facts) {
	t.Helper()
	Account(t, facts, "alice")
	for round := range 20 {
		bytes := fmt.Sprint("bytes", round)
		var group sync.WaitGroup
		var published error
		var doomed bool
		group.Go(func() {
			_, _, published = publish(t, facts, Publication{Project: fmt.Sprint("racing", round), Version: "1.0", Bytes: bytes})
		})
		group.Go(func() {
			var err error
			if doomed, err = facts.Doom(t.Context(), sha256.Sum256([]byte(bytes))); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		if (published == nil) == doomed {
			t.Errorf("doomed: %t, published: %v", doomed, published)
		}
	}
}
