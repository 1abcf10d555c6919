package fault_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgtrunk.io/registry/core/fault"
)

func TestFaults(t *testing.T) {
	cause := errors.New("disk on fire")
	f := fault.New(fault.NameTaken, "The name %s is taken.", "pgmq")
	g := f.Because(cause).After(time.Second).With(fault.Field{Pointer: "/name"})
	if f.RetryAfter != 0 || f.Fields != nil || errors.Is(f, cause) {
		t.Errorf("the first fault was changed: %+v", f)
	}
	if g.Detail != "The name pgmq is taken." || g.RetryAfter != time.Second || len(g.Fields) != 1 || !errors.Is(g, cause) {
		t.Errorf("got %+v", g)
	}
	wrapped := fmt.Errorf("while publishing: %w", g)
	if !errors.Is(wrapped, f) || errors.Is(wrapped, fault.New(fault.NotOwner, "")) {
		t.Error("faults have to be compared by their codes")
	}
	for err, want := range map[error]fault.Code{nil: "", wrapped: fault.NameTaken, cause: fault.Internal} {
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%v has the code %q, want %q", err, got, want)
		}
	}
}
