package hyperloglog_test

import (
	"testing"

	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/ports/porttest"
)

func TestSketches(t *testing.T) { porttest.Sketches(t, hyperloglog.Sketches{}) }
