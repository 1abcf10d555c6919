package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a start waits for another server to leave the data directory.
const patience = 5 * time.Second

var errLocked = errors.New("another process holds the lock")

// lock takes an exclusive lock on a file, which is made where it is missing and stays. The kernel releases it when we die.
//
// Errors: errLocked when another process holds it for so long.
func lock(ctx context.Context, path string, wait time.Duration) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	taken, err := poll(ctx, wait, func() (bool, error) {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err == nil && !taken {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	return file.Close, nil
}

// poll asks until the answer is yes, for so long.
func poll(ctx context.Context, wait time.Duration, ask func() (bool, error)) (bool, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		if yes, err := ask(); yes || err != nil {
			return yes, err
		}
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-timer.C:
			return false, nil
		case <-ticker.C:
		}
	}
}
