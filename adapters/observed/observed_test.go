package observed_test

import (
	"context"
	"net"
	"os"
	"slices"
	"sync"
	"testing"

	"pgtrunk.io/registry/adapters/embeddeds3"
	"pgtrunk.io/registry/adapters/observed"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/adapters/s3/s3test"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports/porttest"
)

func TestMain(m *testing.M) {
	embeddeds3.ServeIfChild()
	os.Exit(s3test.Run(m))
}

type witnessKey struct{}

// witness notes the calls that it is told of, and what it finds in their contexts of the witness before it.
type witness struct {
	mu                  sync.Mutex
	name                string
	began, ended, after []string
}

func (w *witness) CallBegan(ctx context.Context, operation string) (context.Context, func(error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began = append(w.began, operation)
	before, _ := ctx.Value(witnessKey{}).(string)
	w.after = append(w.after, before)
	return context.WithValue(ctx, witnessKey{}, w.name), func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = append(w.ended, operation+" "+string(fault.CodeOf(err)))
	}
}

func open(t *testing.T, cfg s3.Config, first, second *witness) *observed.Objects {
	t.Helper()
	store, err := s3.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return observed.NewObjects(store, first, second)
}

// A store that is observed is the same store.
func TestObjectStore(t *testing.T) {
	first, second := &witness{name: "first"}, &witness{name: "second"}
	porttest.ObjectStore(t, porttest.ObjectStoreSetup{
		Open: func(t *testing.T) porttest.Objects {
			t.Helper()
			return open(t, s3test.Config(t), first, second)
		},
		Down: func(t *testing.T) porttest.Objects {
			t.Helper()
			cfg := s3test.Config(t)
			cfg.Endpoint = "http://" + closedAddress(t)
			return open(t, cfg, first, second)
		},
	})
	if len(first.began) == 0 || len(first.began) != len(first.ended) || len(second.ended) != len(first.ended) {
		t.Errorf("%d calls began, %d and %d ended", len(first.began), len(first.ended), len(second.ended))
	}
	for _, operation := range observed.Operations() {
		if !slices.Contains(first.ended, operation+" ") {
			t.Errorf("nobody was told of a %s that went well: %v", operation, first.ended)
		}
	}
	if !slices.Contains(first.ended, "put store_unavailable") {
		t.Errorf("nobody was told of a call that failed: %v", first.ended)
	}
	if slices.Contains(second.after, "") || slices.Contains(first.after, "second") {
		t.Errorf("the first found %v, the second %v", first.after, second.after)
	}
}

// closedAddress is one that nothing listens at.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}
