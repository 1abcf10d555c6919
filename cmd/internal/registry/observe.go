package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/metrics"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/tracing"
	"pgtrunk.io/registry/ports"
)

// What the process does on its own, as its numbers call it.
const (
	taskClock  = "catalogue_clock"
	taskSearch = "search_statistics"
	taskUsage  = "usage_statistics"
	taskCounts = "download_counts"
	taskUpkeep = "upkeep"
)

// stopTimeout bounds how long the last traces may take, and the last scrape.
const stopTimeout = 2 * time.Second

// observation is what those who operate a registry see of it. Numbers are always kept, and cost next to nothing; traces only
// where there is somebody to tell.
type observation struct {
	metrics    *metrics.Metrics
	requests   []ports.RequestObserver
	calls      []ports.CallObserver
	statements []pgx.QueryTracer
	// wrap makes a trace of each request.
	wrap func(http.Handler) http.Handler
	// stop tells the traces that are left.
	stop func(context.Context) error
}

func observe(ctx context.Context, cfg Config, log *slog.Logger) (*observation, error) {
	numbers := metrics.New(Program())
	seen := &observation{
		metrics: numbers, requests: []ports.RequestObserver{numbers}, calls: []ports.CallObserver{numbers},
		wrap: func(next http.Handler) http.Handler { return next },
		stop: func(context.Context) error { return nil },
	}
	if cfg.Traces.Endpoint == nil {
		return seen, nil
	}
	traces, err := tracing.Start(ctx, cfg.Traces, Program().Version, log)
	if err != nil {
		return nil, err
	}
	seen.requests, seen.calls = append(seen.requests, traces), append(seen.calls, traces)
	seen.statements = []pgx.QueryTracer{traces.Statements()}
	seen.wrap = func(next http.Handler) http.Handler { return traces.Handler(next, cfg.TrustedProxies) }
	seen.stop = traces.Stop
	return seen, nil
}

// end tells the traces that are left. A collector that does not take them is no reason to fail.
func (o *observation) end(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := o.stop(ctx); err != nil {
		log.WarnContext(ctx, "the last traces could not be told", "error", err)
	}
}

// serveMetrics serves the numbers at an address of their own until the function that it gives is called; at "" it does not.
//
// Errors: an address that cannot be listened at.
func serveMetrics(ctx context.Context, listen string, numbers *metrics.Metrics, log *slog.Logger) (address string, stop func(), err error) {
	if listen == "" {
		return "", func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return "", nil, fmt.Errorf("listen at %s for metrics: %w", listen, err)
	}
	server := &http.Server{
		Handler:           numbers.Handler(log),
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.ErrorContext(ctx, "the metrics are not served any more", "error", err)
		}
	}()
	address = localAddress(listener.Addr()).JoinPath("metrics").String()
	log.InfoContext(ctx, "metrics", "address", address)
	return address, func() {
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if err := server.Shutdown(deadline); err != nil {
			log.WarnContext(ctx, "the last scrape was cut off", "error", errors.Join(err, server.Close()))
		}
		<-ended
	}, nil
}

func poolStats(store *postgres.Store) metrics.PoolStats {
	now := store.Pool()
	return metrics.PoolStats{
		Acquired: int(now.AcquiredConns()), Idle: int(now.IdleConns()), Constructing: int(now.ConstructingConns()), Limit: int(now.MaxConns()),
		Acquires: now.AcquireCount(), Waits: now.EmptyAcquireCount(), Canceled: now.CanceledAcquireCount(),
		WaitSeconds: now.EmptyAcquireWaitTime().Seconds(), Opened: now.NewConnsCount(),
	}
}
