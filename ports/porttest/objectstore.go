package porttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// ObjectStoreSetup opens the stores that the suite checks.
type ObjectStoreSetup struct {
	// Open gives a store without objects.
	Open func(t *testing.T) Objects
	// Down gives a store whose service is not there.
	Down func(t *testing.T) Objects
}

// Objects is everything that an object store is asked.
type Objects interface {
	ports.ObjectStore
	ports.Inventory
}

// ObjectStore checks a store whose links are presigned.
func ObjectStore(t *testing.T, setup ObjectStoreSetup) {
	t.Helper()
	t.Run("what is put is read by its link", func(t *testing.T) { readByLink(t, setup.Open(t)) })
	t.Run("an object is never overwritten", func(t *testing.T) { neverOverwritten(t, setup.Open(t)) })
	t.Run("what is there, and removing it", func(t *testing.T) { inventory(t, setup.Open(t)) })
	t.Run("many at a time", func(t *testing.T) { manyAtATime(t, setup.Open(t)) })
	t.Run("bytes that are not what the digest says", func(t *testing.T) { digestMismatch(t, setup.Open(t)) })
	t.Run("a link that was changed", func(t *testing.T) { changedLink(t, setup.Open(t)) })
	t.Run("a service that is away", func(t *testing.T) { serviceAway(t, setup.Down(t)) })
	t.Run("a caller that goes away", func(t *testing.T) {
		store := setup.Open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := store.Put(ctx, object([]byte("x"))); err == nil {
			t.Error("a put without a caller succeeded")
		}
	})
}

func object(data []byte) ports.Object {
	digest := sha256.Sum256(data)
	return ports.Object{
		Key: ports.ObjectKey(hex.EncodeToString(digest[:])), Body: bytes.NewReader(data), Size: int64(len(data)), SHA256: digest,
		ContentType: "application/gzip", Metadata: map[string]string{"project": "pgmq"},
	}
}

func put(t *testing.T, store ports.ObjectStore, o ports.Object) {
	t.Helper()
	if err := store.Put(t.Context(), o); err != nil {
		t.Fatalf("put: %v", err)
	}
}

func link(t *testing.T, store ports.ObjectStore, key, method string) string {
	t.Helper()
	address, err := store.Link(t.Context(), key, ports.LinkOptions{Method: method, Filename: "pgmq-1.0-pg17-linux-amd64.tar.gz"})
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	return address
}

// ask sends a request as a client would that followed the registry's redirect.
func ask(t *testing.T, method, address string, header ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

func readByLink(t *testing.T, store ports.ObjectStore) {
	t.Helper()
	for name, data := range map[string][]byte{"small": []byte("hello"), "large": noise(12 << 20)} {
		o := object(data)
		// The body need not be at its start.
		if _, err := o.Body.Seek(3, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		put(t, store, o)
		response, body := ask(t, http.MethodGet, link(t, store, o.Key, http.MethodGet))
		if response.StatusCode != http.StatusOK || !bytes.Equal(body, data) {
			t.Fatalf("%s: GET gives %s and %d bytes", name, response.Status, len(body))
		}
		if kind := response.Header.Get("Content-Type"); kind != "application/gzip" {
			t.Errorf("%s: the content type is %q", name, kind)
		}
		if as := response.Header.Get("Content-Disposition"); !strings.Contains(as, "attachment") || !strings.Contains(as, "pgmq-1.0-pg17-linux-amd64.tar.gz") {
			t.Errorf("%s: the content disposition is %q", name, as)
		}
		response, _ = ask(t, http.MethodHead, link(t, store, o.Key, http.MethodHead))
		if response.StatusCode != http.StatusOK || response.ContentLength != int64(len(data)) {
			t.Errorf("%s: HEAD gives %s and a length of %d", name, response.Status, response.ContentLength)
		}
		response, body = ask(t, http.MethodGet, link(t, store, o.Key, http.MethodGet), "Range", "bytes=1-3")
		if response.StatusCode != http.StatusPartialContent || !bytes.Equal(body, data[1:4]) {
			t.Errorf("%s: a range gives %s and %q", name, response.Status, body)
		}
	}
	response, _ := ask(t, http.MethodGet, link(t, store, ports.ObjectKey(strings.Repeat("0", 64)), http.MethodGet))
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("an object that is not there gives %s", response.Status)
	}
	if err := store.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
}

func neverOverwritten(t *testing.T, store ports.ObjectStore) {
	t.Helper()
	first := object([]byte("first"))
	put(t, store, first)
	put(t, store, first)
	// Nobody puts other bytes under a digest; a store that took them all the same would not keep what was published.
	second := object([]byte("second"))
	second.Key = first.Key
	put(t, store, second)
	if _, body := ask(t, http.MethodGet, link(t, store, first.Key, http.MethodGet)); string(body) != "first" {
		t.Errorf("the object became %q", body)
	}
}

func manyAtATime(t *testing.T, store ports.ObjectStore) {
	t.Helper()
	data := noise(1 << 20)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			if err := store.Put(t.Context(), object(data)); err != nil {
				t.Errorf("put: %v", err)
			}
		})
	}
	group.Wait()
	if _, body := ask(t, http.MethodGet, link(t, store, object(data).Key, http.MethodGet)); !bytes.Equal(body, data) {
		t.Errorf("what is there are %d other bytes", len(body))
	}
}

func inventory(t *testing.T, store Objects) {
	t.Helper()
	list := func(after string) (keys []string) {
		t.Helper()
		listed, err := store.List(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range listed {
			keys = append(keys, o.Key)
			if age := time.Since(o.Stored); o.Size != 1 || age > time.Hour || age < -time.Minute {
				t.Errorf("%s has %d bytes, stored %s", o.Key, o.Size, o.Stored)
			}
		}
		return keys
	}
	wantList(t, list(""))
	var keys []string
	for _, data := range []string{"a", "b", "c"} {
		o := object([]byte(data))
		put(t, store, o)
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	wantList(t, list(""), keys...)
	wantList(t, list(keys[0]), keys[1:]...)
	wantList(t, list(keys[2]))
	for range 2 {
		if err := store.Remove(t.Context(), keys[1]); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, list(""), keys[0], keys[2])
	if response, _ := ask(t, http.MethodGet, link(t, store, keys[1], http.MethodGet)); response.StatusCode != http.StatusNotFound {
		t.Errorf("what was removed is read with %d", response.StatusCode)
	}
}

func digestMismatch(t *testing.T, store ports.ObjectStore) {
	t.Helper()
	o := object([]byte("what was inspected"))
	o.Body = strings.NewReader("what was tampered!")
	if err := store.Put(t.Context(), o); !errors.Is(err, ports.ErrDigestMismatch) {
		t.Errorf("got %v, want %v", err, ports.ErrDigestMismatch)
	}
	if response, _ := ask(t, http.MethodGet, link(t, store, o.Key, http.MethodGet)); response.StatusCode != http.StatusNotFound {
		t.Errorf("it is there all the same: %s", response.Status)
	}
}

func changedLink(t *testing.T, store ports.ObjectStore) {
	t.Helper()
	mine, other := object([]byte("mine")), object([]byte("other"))
	put(t, store, mine)
	put(t, store, other)
	address := link(t, store, mine.Key, http.MethodGet)
	for name, changed := range map[string]string{
		"another object": strings.Replace(address, mine.Key, other.Key, 1),
		"a longer life":  strings.Replace(address, "X-Amz-Expires=", "X-Amz-Expires=9", 1),
		"no signature":   address[:strings.IndexByte(address, '?')],
	} {
		if response, body := ask(t, http.MethodGet, changed); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s %q", name, response.Status, body)
		}
	}
	if response, _ := ask(t, http.MethodDelete, address); response.StatusCode == http.StatusOK || response.StatusCode == http.StatusNoContent {
		t.Errorf("a link for reading deletes: %s", response.Status)
	}
}

func serviceAway(t *testing.T, store Objects) {
	t.Helper()
	_, err := store.List(t.Context(), "")
	wantCode(t, err, fault.StoreUnavailable)
	wantCode(t, store.Remove(t.Context(), "sha256/x"), fault.StoreUnavailable)
	o := object([]byte("x"))
	err = store.Put(t.Context(), o)
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Code != fault.StoreUnavailable || f.RetryAfter <= 0 {
		t.Errorf("put gives %v, want %s with a time to wait", err, fault.StoreUnavailable)
	}
	if err := store.Check(t.Context()); fault.CodeOf(err) != fault.StoreUnavailable {
		t.Errorf("check gives %v", err)
	}
	if link(t, store, o.Key, http.MethodGet) == "" {
		t.Error("a link needs no service")
	}
}
