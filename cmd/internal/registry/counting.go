package registry

import (
	"context"
	"log/slog"
	"time"

	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
)

const (
	// oneFlush bounds a flush, so that one that nobody answers is tried again.
	oneFlush = 15 * time.Second
	// lastFlush bounds the flush at the end of a process.
	lastFlush = 10 * time.Second
)

// flushCounts writes what was counted, again and again until ctx ends.
func flushCounts(ctx context.Context, counter *usage.Counter, interval time.Duration, log *slog.Logger, ran func(context.Context, error)) {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	failing := false
	for {
		err := flushWithin(ctx, counter, oneFlush)
		if ctx.Err() != nil {
			return
		}
		ran(ctx, err)
		// Once for all the time that it takes.
		if err != nil && !failing {
			log.WarnContext(ctx, "downloads that were counted could not be written; they are kept", "error", err, "pending", counter.Pending())
		}
		if err == nil && failing {
			log.InfoContext(ctx, "downloads that were counted are written again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

func flushWithin(ctx context.Context, counter *usage.Counter, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return counter.Flush(ctx)
}

// flushLast writes what was counted since the last flush of a process.
func flushLast(ctx context.Context, counter *usage.Counter, log *slog.Logger) {
	if err := flushWithin(ctx, counter, lastFlush); err != nil {
		log.ErrorContext(ctx, "downloads that were counted are lost", "error", err, "downloads", counter.Pending())
	}
}

// popularityEvery is how often searches are told of downloads: seldom enough for a list that somebody pages through.
const popularityEvery = 5 * time.Minute

// refreshUsage keeps what is derived from downloads up to date until ctx ends.
func refreshUsage(ctx context.Context, statistics ports.UsageStatistics, log *slog.Logger, ran func(context.Context, error)) {
	var followed time.Time
	for {
		start := now()
		_, err := statistics.RefreshUsage(ctx, ports.Day(start))
		if err == nil && start.Sub(followed) >= popularityEvery {
			followed = start
			_, err = statistics.FollowDownloads(ctx)
		}
		ran(ctx, err)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the statistics of downloads could not be refreshed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(refreshPause, refreshShare*now().Sub(start))):
		}
	}
}
