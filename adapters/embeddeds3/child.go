package embeddeds3

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	objectsDir = "objects"
	sidecarDir = "metadata"
	// The gateway's own defaults.
	maxConnections = 1024
	maxRequests    = 512
	maxParts       = 10_000
	// patience is how long requests in flight may take at the end.
	patience = time.Second
)

// ServeIfChild is the whole program where Start has started it; everywhere else it returns at once. The environment
// tells; a program that Start did not start is never asked to serve.
func ServeIfChild() {
	if os.Getenv(childMark) == "" {
		return
	}
	if err := serve(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:forbidigo,revive // this is main in the child
	}
	os.Exit(0) //nolint:forbidigo,revive // see above
}

func serve() error {
	var set settings
	if err := json.NewDecoder(os.Stdin).Decode(&set); err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	backend, err := openBackend(set.Dir)
	if err != nil {
		return err
	}
	// It would wait for clients that keep their connections open; what it stores is whole or not there at all.
	context.AfterFunc(ctx, func() { time.AfterFunc(patience, func() { os.Exit(0) }) }) //nolint:forbidigo,revive // as above
	err = embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: set.AccessKey, RootUserSecret: set.SecretKey, Region: set.Region, Ports: []string{set.Address},
		HealthPath: set.HealthPath, Quiet: true, KeepAlive: true, DisableACLs: true,
		MaxConnections: maxConnections, MaxRequests: maxRequests, MultipartMaxParts: maxParts,
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// openBackend keeps the metadata of objects in extended attributes, or beside them where the file system has none.
func openBackend(dir string) (*posix.Posix, error) {
	objects := filepath.Join(dir, objectsDir)
	var (
		attributes meta.MetadataStorer = meta.XattrMeta{}
		options    posix.PosixOpts
	)
	if (meta.XattrMeta{}).Test(objects) != nil {
		options.SideCarDir = filepath.Join(dir, sidecarDir)
		if err := os.MkdirAll(options.SideCarDir, 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the metadata: %w", err)
		}
		sidecar, err := meta.NewSideCar(options.SideCarDir)
		if err != nil {
			return nil, fmt.Errorf("open the folder of the metadata: %w", err)
		}
		attributes = sidecar
	}
	backend, err := posix.New(objects, attributes, options)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the objects: %w", err)
	}
	return backend, nil
}
