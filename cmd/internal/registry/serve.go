package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"pgtrunk.io/registry/core/upkeep"
)

// The timeouts of the server. Uploads move their own read deadline as long as bytes come.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// Addresses are where a running registry is.
type Addresses struct {
	// Public is the address that clients use, Metrics the one to scrape, "" where that is off.
	Public, Metrics string
}

// Serve runs the registry until ctx ends and every request in flight was answered. Ready is called with the registry's
// addresses once it takes requests.
//
// Errors: an address that cannot be listened at, parts that cannot be made, requests that outlast the drain timeout.
func Serve(ctx context.Context, cfg Config, log *slog.Logger, ready func(Addresses)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen at %s: %w", cfg.Listen, err)
	}
	publicURL := cfg.PublicURL
	if publicURL == nil {
		publicURL = localAddress(listener.Addr())
	}
	seen, err := observe(context.WithoutCancel(ctx), cfg, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	// Deferred first and so ended last: what the end costs can still be scraped.
	metricsAddress, stopMetrics, err := serveMetrics(ctx, cfg.MetricsListen, seen.metrics, log)
	if err != nil {
		return errors.Join(err, seen.stop(context.WithoutCancel(ctx)), listener.Close())
	}
	defer stopMetrics()
	defer seen.end(ctx, log)
	var draining atomic.Bool
	parts, err := build(context.WithoutCancel(ctx), cfg, publicURL, log, draining.Load, seen)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer parts.store.Close()
	defer flushLast(context.WithoutCancel(ctx), parts.counter, log)
	// They outlast ctx: requests in flight still need the clock.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	workers.Go(func() { cleanUp(background, parts.upkeep, cfg.UpkeepInterval, log, seen.metrics.Task(taskUpkeep)) })
	workers.Go(func() { parts.clock.run(background) })
	workers.Go(func() { refreshSearch(background, parts.store, log, seen.metrics.Task(taskSearch)) })
	workers.Go(func() { refreshUsage(background, parts.store, log, seen.metrics.Task(taskUsage)) })
	workers.Go(func() { flushCounts(background, parts.counter, cfg.CountInterval, log, seen.metrics.Task(taskCounts)) })
	workers.Go(func() { parts.working.run(background, cfg.DrainTimeout, log) })
	if !cfg.MailEnabled {
		log.InfoContext(ctx, "no letters are sent: SMTP_URL is not set")
	}
	defer workers.Wait()
	defer stop()
	server := &http.Server{
		Handler:           parts.handler,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.InfoContext(ctx, "listening", "address", listener.Addr().String(), "public_url", publicURL.String())
	ready(Addresses{Public: publicURL.String(), Metrics: metricsAddress})
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	draining.Store(true)
	log.InfoContext(ctx, "draining", "delay", cfg.DrainDelay, "timeout", cfg.DrainTimeout)
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-time.After(cfg.DrainDelay):
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.DrainTimeout)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return errors.Join(fmt.Errorf("drain: %w", err), server.Close())
	}
	log.InfoContext(ctx, "stopped")
	return nil
}

// cleanUp cleans up again and again until ctx ends. Processes that start together do not do it together.
func cleanUp(ctx context.Context, service *upkeep.Service, interval time.Duration, log *slog.Logger, ran func(context.Context, error)) {
	if interval == 0 {
		return
	}
	for pause := rand.N(interval); ; pause = interval { //nolint:gosec // a pause is no secret
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		summary, err := service.Run(ctx)
		ran(ctx, err)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "cleaning up did not come to its end", "error", err)
		}
		log.InfoContext(ctx, "cleaned up", "objects", summary.Objects, "removed", summary.Removed, "bytes", summary.Freed)
	}
}

// localAddress is what a person on this machine types for an address that was listened at.
func localAddress(addr net.Addr) *url.URL {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified()) {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}
