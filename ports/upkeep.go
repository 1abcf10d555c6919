package ports

import (
	"context"
	"time"
)

// Inventory is what an object store is asked by those who clean it up.
type Inventory interface {
	// List gives some objects whose keys come after one, in order; none after the last.
	//
	// Errors: store_unavailable.
	List(ctx context.Context, after string) ([]StoredObject, error)
	// Remove removes an object; it may be gone already.
	//
	// Errors: store_unavailable.
	Remove(ctx context.Context, key string) error
}

// StoredObject is an object that is there.
type StoredObject struct {
	Key string
	// Size is in bytes, Stored when it was written.
	Size   int64
	Stored time.Time
}

// Ledger decides which objects are nobody's, and forgets what has had its time. A publish that names an object and a
// sweep that takes it never both succeed.
type Ledger interface {
	// Doom marks the object of a digest as about to be removed, unless an artefact names it.
	Doom(ctx context.Context, sha256 [32]byte) (bool, error)
	// Swept marks it as removed.
	Swept(ctx context.Context, sha256 [32]byte) error
	// Forget drops what is of no use any more: sign-ins and sessions that have ended, limits that are full again, old sweeps,
	// and what counting downloads needs of days that are over.
	Forget(ctx context.Context, now time.Time) error
}
