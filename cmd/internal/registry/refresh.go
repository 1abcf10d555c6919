package registry

import (
	"context"
	"log/slog"
	"time"

	"pgtrunk.io/registry/ports"
)

const (
	// refreshPause is how long a process leaves the statistics of searches alone at least.
	refreshPause = time.Second
	// refreshShare is how many times longer a pause is than the counting before it: it costs in proportion to the catalogue.
	refreshShare = 20
)

// refreshSearch keeps the statistics of searches up to date until ctx ends.
func refreshSearch(ctx context.Context, statistics ports.SearchStatistics, log *slog.Logger, ran func(context.Context, error)) {
	for {
		start := now()
		refreshed, err := statistics.RefreshSearch(ctx)
		took := now().Sub(start)
		ran(ctx, err)
		switch {
		case err != nil && ctx.Err() == nil:
			log.WarnContext(ctx, "the statistics of searches could not be refreshed", "error", err)
		case refreshed:
			log.DebugContext(ctx, "refreshed the statistics of searches", "took", took)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(refreshPause, refreshShare*took)):
		}
	}
}
