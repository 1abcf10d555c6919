// Package s3test gives tests buckets of a real S3 server.
package s3test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"pgtrunk.io/registry/adapters/embeddeds3"
	"pgtrunk.io/registry/adapters/s3"
)

// server is started by the first test that asks for a bucket, so that tests without one pay nothing.
var server struct {
	sync.Mutex

	dir     string
	started *embeddeds3.Server
}

// Run runs the tests of a package and ends the server after them. TestMain calls it after embeddeds3.ServeIfChild.
func Run(m interface{ Run() int }) int {
	code := m.Run()
	server.Lock()
	defer server.Unlock()
	if server.started != nil {
		if err := server.started.Close(); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "s3test:", err)
			code = max(code, 1)
		}
		_ = os.RemoveAll(server.dir)
	}
	return code
}

// Config gives a bucket that nobody else uses.
func Config(t testing.TB) s3.Config {
	t.Helper()
	running := start(t)
	cfg := s3.Config{
		Bucket: "test-" + strings.ToLower(rand.Text()), Region: running.Region, Endpoint: running.Endpoint, PathStyle: true,
		AccessKey: running.AccessKey, SecretKey: running.SecretKey,
	}
	if err := s3.EnsureBucket(t.Context(), cfg); err != nil {
		t.Fatalf("make a bucket: %v", err)
	}
	return cfg
}

// ObjectPath is the folder of the bucket's objects on disk, for tests that damage them.
func ObjectPath(t testing.TB, cfg s3.Config) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	return embeddeds3.BucketPath(server.dir, cfg.Bucket)
}

func start(t testing.TB) *embeddeds3.Server {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.started != nil {
		return server.started
	}
	dir, err := os.MkdirTemp("", "trunk-s3-") //nolint:usetesting // it outlasts the test that happens to come first
	if err != nil {
		t.Fatal(err)
	}
	started, err := embeddeds3.Start(context.WithoutCancel(t.Context()), embeddeds3.Options{Dir: dir})
	if err != nil {
		t.Fatalf("start the object store: %v", err)
	}
	server.dir, server.started = dir, started
	return started
}
