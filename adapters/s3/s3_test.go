package s3_test

import (
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/embeddeds3"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/adapters/s3/s3test"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
)

func TestMain(m *testing.M) {
	embeddeds3.ServeIfChild()
	os.Exit(s3test.Run(m))
}

func open(t *testing.T, cfg s3.Config) *s3.Store {
	t.Helper()
	store, err := s3.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestObjectStore(t *testing.T) {
	porttest.ObjectStore(t, porttest.ObjectStoreSetup{
		Open: func(t *testing.T) porttest.Objects {
			t.Helper()
			return open(t, s3test.Config(t))
		},
		Down: func(t *testing.T) porttest.Objects {
			t.Helper()
			cfg := s3test.Config(t)
			cfg.Endpoint = "http://" + closedAddress(t)
			return open(t, cfg)
		},
	})
}

// closedAddress is one that nothing listens at.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// A store that takes connections and says nothing must not hold up the question whether it is there.
func TestCheckOfASilentService(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	store := open(t, s3.Config{Bucket: "trunk", Region: "us-east-1", Endpoint: "http://" + listener.Addr().String(), PathStyle: true, AccessKey: "a", SecretKey: "b"})
	start := time.Now()
	if err := store.Check(t.Context()); fault.CodeOf(err) != fault.StoreUnavailable {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestCheckOfAMissingBucket(t *testing.T) {
	cfg := s3test.Config(t)
	cfg.Bucket = "nobody-made-this-one"
	if err := open(t, cfg).Check(t.Context()); fault.CodeOf(err) != fault.StoreUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestEnsureBucketTwice(t *testing.T) {
	cfg := s3test.Config(t)
	if err := s3.EnsureBucket(t.Context(), cfg); err != nil {
		t.Error(err)
	}
}

func TestLinks(t *testing.T) {
	base := s3.Config{Bucket: "trunk", Region: "eu-central-1", AccessKey: "a", SecretKey: "b"}
	public, ownHost, ownPath := base, base, base
	public.PublicBaseURL = "https://cdn.example.org/trunk"
	ownHost.Endpoint = "https://objects.example.org"
	ownPath.Endpoint, ownPath.PathStyle = ownHost.Endpoint, true
	for name, c := range map[string]struct {
		cfg  s3.Config
		want string
	}{
		"Amazon":                    {base, "https://trunk.s3.eu-central-1.amazonaws.com/sha256/ab?"},
		"the bucket in the host":    {ownHost, "https://trunk.objects.example.org/sha256/ab?"},
		"the bucket in the path":    {ownPath, "https://objects.example.org/trunk/sha256/ab?"},
		"an address for everybody":  {public, "https://cdn.example.org/trunk/sha256/ab"},
		"an expiry of its own, 60s": {s3.Config{Bucket: "trunk", Region: "us-east-1", AccessKey: "a", SecretKey: "b", LinkExpiry: time.Minute}, "https://trunk.s3.us-east-1.amazonaws.com/sha256/ab?"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open(t, c.cfg).Link(t.Context(), "sha256/ab", ports.LinkOptions{Method: http.MethodGet, Filename: "a.tar.gz"})
			if err != nil || len(got) < len(c.want) || got[:len(c.want)] != c.want {
				t.Errorf("got %s, %v, want %s…", got, err, c.want)
			}
		})
	}
}
