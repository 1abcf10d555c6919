package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/cmd/internal/demo"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/ports"
)

// demoFile says that the demonstration is complete, so that the next start does not publish it again.
func demoFile(opts options) string { return filepath.Join(opts.DataDir, "demo") }

// fillDemo publishes the demonstration and tells how far it is.
func fillDemo(ctx context.Context, opts options, cfg registry.Config, publicURL string, stdout io.Writer) {
	if _, err := os.Stat(demoFile(opts)); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	start := time.Now()
	err := publishDemo(ctx, cfg, publicURL, func(done, total int) {
		if done%25 == 0 || done == total {
			_, _ = fmt.Fprintf(stdout, "demo: %d of %d projects\n", done, total)
		}
	})
	if err == nil {
		err = os.WriteFile(demoFile(opts), nil, 0o600)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		_, _ = fmt.Fprintf(stdout, "demo: %v\n", err)
	default:
		_, _ = fmt.Fprintf(stdout, "demo: complete after %s\n", time.Since(start).Round(time.Second/10))
	}
}

func publishDemo(ctx context.Context, cfg registry.Config, publicURL string, progress func(done, total int)) error {
	store, err := postgres.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer store.Close()
	var mu sync.Mutex
	tokens := map[string]string{}
	service := registry.Access(store, cfg)
	err = demo.Fill(ctx, demo.Options{URL: publicURL, Progress: progress, Token: func(ctx context.Context, user string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if tokens[user] == "" {
			_, secret, err := service.Create(ctx, access.Grant{User: user, Name: "demo", Scopes: account.Scopes(), Lifetime: time.Hour})
			if err != nil {
				return "", err
			}
			tokens[user] = secret.Reveal()
		}
		return tokens[user], nil
	}})
	if err != nil {
		return err
	}
	today := ports.Day(time.Now())
	if err := demo.History(ctx, store, hyperloglog.Sketches{}, today); err != nil {
		return err
	}
	// The registry does both on its own, the second not at once.
	_, refreshed := store.RefreshUsage(ctx, today)
	_, followed := store.FollowDownloads(ctx)
	return errors.Join(refreshed, followed)
}
