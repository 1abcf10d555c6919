package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Day gives the day of a time, as the midnight of UTC that it begins with. Every day of this file is such a time.
func Day(at time.Time) time.Time {
	return at.UTC().Truncate(24 * time.Hour)
}

// DownloadLog keeps how often builds were downloaded. Every method may return database_unavailable.
type DownloadLog interface {
	// RecordDownloads adds a batch to what is kept, once: a batch with a sequence that its replica has had counts nothing.
	// What is about a project or a version that is not there counts nothing either.
	RecordDownloads(ctx context.Context, batch DownloadBatch) error
	// UsageKey gives the key of a day's hashes: the candidate where there is none yet, and else what the first to ask has
	// proposed.
	UsageKey(ctx context.Context, day time.Time, candidate [32]byte) ([32]byte, error)
	// ForgetUsageKeys deletes the keys of all days before one.
	ForgetUsageKeys(ctx context.Context, before time.Time) error
}

// DownloadBatch is what a process has counted since the batch before.
type DownloadBatch struct {
	// Replica is the UUID of the process; Sequence grows with each of its batches.
	Replica  string
	Sequence int64
	// Counts have no build and day twice, Clients no project and day; all of a client's days are among those of the counts.
	Counts  []DownloadCount
	Clients []ClientCount
}

// DownloadedBuild is what was downloaded.
type DownloadedBuild struct {
	// Project is as extension.FoldName gives it, Version as it was published.
	Project, Version string
	Postgres         int
	Platform         extension.Platform
}

// DownloadCount is how often a build was downloaded on a day, by people and by robots.
type DownloadCount struct {
	DownloadedBuild

	Day               time.Time
	Downloads, Robots int64
}

// ClientCount is who downloaded anything of a project on a day.
type ClientCount struct {
	Project string
	Day     time.Time
	Clients Sketch
}

// Sketch tells how many different clients there were, without keeping them.
type Sketch interface {
	// Add adds a client by a hash, of which every bit is as good as any other.
	Add(hash uint64)
	// Merge gives a sketch of all clients of this one and of one that was given before, and how many they are; it changes
	// neither. Nothing was kept before where stored is empty.
	//
	// Errors: bytes that are no sketch.
	Merge(stored []byte) (merged []byte, clients int64, err error)
}

// Sketches makes sketches.
type Sketches interface {
	// NewSketch gives one of nobody.
	NewSketch() Sketch
}

// UsageStatistics keeps what is derived from the counts. Every method may return database_unavailable.
type UsageStatistics interface {
	// RefreshUsage derives anew what has changed, as of a day. It is false where there was nothing to do, or where another
	// process is at it.
	RefreshUsage(ctx context.Context, today time.Time) (bool, error)
	// FollowDownloads lets searches know how popular projects are by now. It is false in the same cases.
	FollowDownloads(ctx context.Context) (bool, error)
}
