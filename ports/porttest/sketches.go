package porttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"testing"

	"pgtrunk.io/registry/ports"
)

// clientHash is the hash of one of many clients, always the same.
func clientHash(client int) uint64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(client)))
	return binary.BigEndian.Uint64(sum[:])
}

// Sketches is what every adapter of the port does: it is exact for few clients and within 3 % for 100,000, whoever saw them.
func Sketches(t *testing.T, sketches ports.Sketches) {
	t.Helper()
	for _, c := range []struct {
		clients int
		within  float64
	}{{0, 0}, {1, 0}, {10, 0}, {1_000, 0}, {100_000, 0.03}} {
		one, other := sketches.NewSketch(), sketches.NewSketch()
		for client := range c.clients {
			// Two thirds are seen by each, so some by both, and each of them several times.
			if client%3 != 0 {
				one.Add(clientHash(client))
				one.Add(clientHash(client))
			}
			if client%3 != 1 {
				other.Add(clientHash(client))
			}
		}
		first, _, err := one.Merge(nil)
		if err != nil {
			t.Fatal(err)
		}
		merged, got, err := other.Merge(first)
		if err != nil {
			t.Fatal(err)
		}
		if off := math.Abs(float64(got) - float64(c.clients)); off > c.within*float64(c.clients) {
			t.Errorf("%d clients were taken for %d", c.clients, got)
		}
		if again, same, err := one.Merge(merged); err != nil || same != got || !bytes.Equal(again, merged) {
			t.Errorf("the same clients again are %d and not %d, or written otherwise: %v", same, got, err)
		}
		if len(merged) > 20<<10 {
			t.Errorf("a sketch of %d clients has %d bytes", c.clients, len(merged))
		}
	}
	if _, _, err := sketches.NewSketch().Merge([]byte("no sketch")); err == nil {
		t.Error("what is no sketch was taken for one")
	}
}
