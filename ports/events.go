package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Events reads what happened, in the order in which it was committed: whoever has seen an event has seen all that come
// before it, or never will.
type Events interface {
	// LastEvent gives the sequence of the last event, 0 where nothing has happened. Whoever reads events after that reads
	// all up to it.
	LastEvent(ctx context.Context) (int64, error)
	// EventsSince gives the first events after a sequence that fit a filter, in order.
	EventsSince(ctx context.Context, filter EventFilter, since int64, limit int) ([]RecordedEvent, error)
}

// EventFilter narrows the events; "" is for any.
type EventFilter struct {
	// Project is a name as extension.FoldName gives it.
	Project string
	Kind    EventKind
}

// RecordedEvent is an event as it was recorded. What its kind does not tell is the zero value.
type RecordedEvent struct {
	// Sequence grows with each event, by one.
	Sequence int64
	At       time.Time
	Kind     EventKind
	// Project is the canonical name.
	Project string
	// Version is the one that was published, yanked or deleted.
	Version string
	Build   RecordedBuild
	// NewProject says that it is the first build of its project.
	NewProject bool
	// Reason is why a version was yanked, Replacement what to use instead.
	Reason, Replacement string
	// Message is why a project should not be used any more.
	Message string
	// User is the name of the owner who came or went.
	User string
}

// RecordedBuild is the build that an event of a publish is about.
type RecordedBuild struct {
	Postgres int
	Platform extension.Platform
	// SHA256 is the digest of its bytes in lower-case hex.
	SHA256 string
}

// EventKind names what happened.
type EventKind string

// What happens to a project.
const (
	Published    EventKind = "published" // a build arrived
	Yanked       EventKind = "yanked"
	Unyanked     EventKind = "unyanked"
	Deleted      EventKind = "deleted" // a version
	Deprecated   EventKind = "deprecated"
	Undeprecated EventKind = "undeprecated"
	OwnerAdded   EventKind = "owner_added"
	OwnerRemoved EventKind = "owner_removed"
)
