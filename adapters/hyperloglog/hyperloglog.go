// Package hyperloglog counts clients without keeping them, by HyperLogLog sketches: up to some thousands exactly, but for
// hashes that are equal by chance, and above that with a standard error of 0.8 %, in 16 KiB at most.
// https://research.google/pubs/hyperloglog-in-practice-algorithmic-engineering-of-a-state-of-the-art-cardinality-estimation-algorithm/
package hyperloglog

import (
	"fmt"

	"github.com/axiomhq/hyperloglog"

	"pgtrunk.io/registry/ports"
)

var _ ports.Sketches = Sketches{}

// Sketches makes sketches.
type Sketches struct{}

// NewSketch gives a sketch of nobody.
func (Sketches) NewSketch() ports.Sketch { return sketch{hyperloglog.New14()} }

type sketch struct{ of *hyperloglog.Sketch }

// Add adds a client by a hash.
func (s sketch) Add(hash uint64) { s.of.InsertHash(hash) }

// Merge gives a sketch of all clients of both, and how many they are.
func (s sketch) Merge(stored []byte) ([]byte, int64, error) {
	all := hyperloglog.New14()
	if len(stored) > 0 {
		if err := all.UnmarshalBinary(stored); err != nil {
			return nil, 0, fmt.Errorf("read a sketch: %w", err)
		}
	}
	if err := all.Merge(s.of); err != nil {
		return nil, 0, fmt.Errorf("merge sketches: %w", err)
	}
	// Counting brings it into the form in which the same clients are the same bytes.
	clients := all.Estimate()
	merged, err := all.MarshalBinary()
	if err != nil {
		return nil, 0, fmt.Errorf("write a sketch: %w", err)
	}
	return merged, int64(clients), nil
}
