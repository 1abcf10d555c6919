// Package upkeep is the use case of cleaning up: objects that no artefact names any more, because their version was deleted
// or their publish did not come to its end, and facts that have had their time.
package upkeep

import (
	"context"
	"encoding/hex"
	"time"

	"pgtrunk.io/registry/ports"
)

// Service cleans up. Several may at once.
type Service struct {
	Objects ports.Inventory
	Ledger  ports.Ledger
	Now     ports.Clock
	// Grace is how old an object has to be before it is looked at: publishes are on their way to name younger ones.
	Grace time.Duration
}

// Summary is what a run came to.
type Summary struct {
	// Objects is how many there were, Removed how many of them are gone now, Freed their size in bytes.
	Objects, Removed int
	Freed            int64
}

// Run looks at every object and forgets what has had its time.
//
// Errors: store_unavailable, database_unavailable; what was done before stays done.
func (s *Service) Run(ctx context.Context) (Summary, error) {
	var summary Summary
	if err := s.Ledger.Forget(ctx, s.Now()); err != nil {
		return summary, err
	}
	for after := ""; ; {
		objects, err := s.Objects.List(ctx, after)
		if err != nil || len(objects) == 0 {
			return summary, err
		}
		for _, object := range objects {
			summary.Objects++
			removed, err := s.sweep(ctx, object)
			if err != nil {
				return summary, err
			}
			if removed {
				summary.Removed++
				summary.Freed += object.Size
			}
		}
		after = objects[len(objects)-1].Key
	}
}

// sweep removes one object if it is nobody's. It is marked before and after, so that a publish of the same bytes meanwhile
// is told to send them again.
func (s *Service) sweep(ctx context.Context, object ports.StoredObject) (bool, error) {
	digest, ok := digestOf(object.Key)
	if !ok || s.Now().Sub(object.Stored) < s.Grace {
		return false, nil
	}
	doomed, err := s.Ledger.Doom(ctx, digest)
	if err != nil || !doomed {
		return false, err
	}
	if err := s.Objects.Remove(ctx, object.Key); err != nil {
		return false, err
	}
	return true, s.Ledger.Swept(ctx, digest)
}

// digestOf reads the key of an artefact's object; false for any other, which is not ours to remove.
func digestOf(key string) (digest [32]byte, ok bool) {
	raw, err := hex.DecodeString(key[min(len(key), len(ports.ObjectKey(""))):])
	if err != nil || len(raw) != len(digest) || ports.ObjectKey(hex.EncodeToString(raw)) != key {
		return digest, false
	}
	return [32]byte(raw), true
}
