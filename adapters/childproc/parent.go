package childproc

import (
	"context"
	"os"
	"strings"
	"time"
)

// WatchParent gives a context that also ends when `go run`, which started us, is gone: it dies of SIGTERM and of SIGKILL and
// passes neither on. With any other parent it is no more than a context that can be cancelled.
func WatchParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	if strings.TrimSuffix(executable(ctx, parent), ".exe") == "go" {
		go watch(ctx, parent, cancel)
	}
	return ctx, cancel
}

func watch(ctx context.Context, parent int, cancel context.CancelFunc) {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			// An orphan gets another parent at once.
			if os.Getppid() != parent {
				cancel()
				return
			}
		}
	}
}
