package embeddeds3_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"pgtrunk.io/registry/adapters/embeddeds3"
)

func TestMain(m *testing.M) {
	embeddeds3.ServeIfChild()
	os.Exit(m.Run())
}

// A second start in a folder has the same owner, whose buckets stay.
func TestStartTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s3")
	var keys []string
	for range 2 {
		server, err := embeddeds3.Start(t.Context(), embeddeds3.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, server.AccessKey+server.SecretKey)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.Endpoint+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("somebody without a key is answered %s", response.Status)
		}
		if err := server.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if keys[0] != keys[1] {
		t.Error("the second start has another owner")
	}
}

func TestStartWhereItCannot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embeddeds3.Start(t.Context(), embeddeds3.Options{Dir: filepath.Join(file, "s3")}); err == nil {
		t.Error("it started below a file")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := embeddeds3.Start(ctx, embeddeds3.Options{Dir: t.TempDir()}); err == nil {
		t.Error("it started for a caller that went away")
	}
}
