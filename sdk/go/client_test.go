package trunk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	trunk "pgtrunk.io/registry/sdk/go"
	"pgtrunk.io/registry/sdk/go/api"
)

// serving is a client of a server that answers as a test says. It waits for milliseconds only.
func serving(t *testing.T, answer http.HandlerFunc, options ...trunk.Option) *trunk.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	options = append([]trunk.Option{trunk.WithToken("trunk_secret"), trunk.WithBackOff(time.Millisecond, 4*time.Millisecond, time.Minute)}, options...)
	client, err := trunk.New(server.URL, options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func answerJSON(w http.ResponseWriter, kind string, status int, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func problem(w http.ResponseWriter, status int, code string) {
	answerJSON(w, "application/problem+json", status, fmt.Sprintf(
		`{"type": "/problems/%[2]s", "title": "T", "status": %[1]d, "code": %[2]q, "detail": "What to do.", "instance": "id-1"}`, status, code))
}

const owners = `{"items": [], "next_cursor": null}`

// The client says the version of the contract that it was made from.
func TestVersion(t *testing.T) {
	contract, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^  version: (\S+)$`).FindSubmatch(contract)
	if found == nil || string(found[1]) != trunk.Version {
		t.Errorf("the contract is %s, the client %s", found[1], trunk.Version)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"", "localhost:8080", "ftp://example.org", "http://", "::"} {
		if _, err := trunk.New(address); err == nil {
			t.Errorf("%q was taken for an address", address)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	var got *http.Request
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		answerJSON(w, "application/json", http.StatusOK, owners)
	}, trunk.WithUserAgent("image-builder/2.1"))
	if _, err := client.Owners(t.Context(), "pg_cron"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"User-Agent": "image-builder/2.1 pgtrunk-go/" + trunk.Version, "Authorization": "Bearer trunk_secret",
		"Accept": "application/json, text/plain;q=0.9, */*;q=0.8",
	}
	for name, value := range want {
		if got.Header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), value)
		}
	}
}

func TestTokenOfTheEnvironment(t *testing.T) {
	t.Setenv("TRUNK_API_TOKEN", "trunk_environment")
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		answerJSON(w, "application/json", http.StatusOK, owners)
	}))
	defer server.Close()
	for want, options := range map[string][]trunk.Option{"Bearer trunk_environment": nil, "Bearer other": {trunk.WithToken("other")}, "": {trunk.WithToken("")}} {
		client, err := trunk.New(server.URL, options...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Owners(t.Context(), "pg_cron"); err != nil || got != want {
			t.Errorf("sent %q, want %q; %v", got, want, err)
		}
	}
}

// What is repeated, how often, and after how long.
func TestRepeating(t *testing.T) {
	read := func(ctx context.Context, c *trunk.Client) error { _, err := c.Owners(ctx, "p"); return err }
	yank := func(ctx context.Context, c *trunk.Client) error {
		_, err := c.Yank(ctx, "p", "1.0.0", api.YankRequest{Reason: "It loses rows."})
		return err
	}
	create := func(ctx context.Context, c *trunk.Client) error {
		_, err := c.CreateToken(ctx, api.TokenRequest{Name: "CI"})
		return err
	}
	for name, test := range map[string]struct {
		call       func(context.Context, *trunk.Client) error
		status     int
		retryAfter string
		want       int32
	}{
		"a read, 503":               {read, 503, "", 4},
		"a read, 502":               {read, 502, "", 4},
		"a read, 429 at once":       {read, 429, "0", 4},
		"a read, 500":               {read, 500, "", 1},
		"a read, 404":               {read, 404, "", 1},
		"a read, in two minutes":    {read, 503, "120", 1},
		"a read, on a day to come":  {read, 503, "Fri, 01 Jan 2150 00:00:00 GMT", 1},
		"a read, on a day gone by":  {read, 503, "Thu, 01 Jan 2015 00:00:00 GMT", 4},
		"a yank, which may repeat":  {yank, 503, "", 4},
		"a token, which may not":    {create, 503, "", 1},
		"a read, nonsense in after": {read, 503, "soon", 4},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				if test.retryAfter != "" {
					w.Header().Set("Retry-After", test.retryAfter)
				}
				problem(w, test.status, "overloaded")
			})
			err := test.call(t.Context(), client)
			var fault *trunk.Error
			if !errors.As(err, &fault) || fault.Status != test.status || !errors.Is(err, api.ProblemCodeOverloaded) {
				t.Errorf("got %v", err)
			}
			if asked.Load() != test.want {
				t.Errorf("asked %d times, want %d", asked.Load(), test.want)
			}
		})
	}
}

// A yank that is repeated has its reason again.
func TestRepeatedBody(t *testing.T) {
	var bodies []string
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		if len(bodies) == 1 {
			problem(w, http.StatusServiceUnavailable, "overloaded")
			return
		}
		answerJSON(w, "application/json", http.StatusOK, `{"name": "p", "version": "1.0.0", "yanked": null}`)
	})
	if _, err := client.Yank(t.Context(), "p", "1.0.0", api.YankRequest{Reason: "It loses rows."}); err != nil {
		t.Fatal(err)
	}
	if len(bodies) != 2 || bodies[0] != bodies[1] || !strings.Contains(bodies[1], "It loses rows.") {
		t.Errorf("got %q", bodies)
	}
}

func TestBrokenConnections(t *testing.T) {
	var asked atomic.Int32
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) < 3 {
			panic(http.ErrAbortHandler)
		}
		answerJSON(w, "application/json", http.StatusOK, owners)
	})
	if _, err := client.Owners(t.Context(), "p"); err != nil || asked.Load() != 3 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}

// A proxy's page is an error without a code, of which the beginning is kept.
func TestNoProblem(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "id-2")
		answerJSON(w, "text/html", http.StatusForbidden, "<h1>Blocked</h1>"+strings.Repeat("x", 10_000))
	})
	_, err := client.Owners(t.Context(), "p")
	var fault *trunk.Error
	if !errors.As(err, &fault) || fault.Code != "" || fault.RequestID != "id-2" || len(fault.Detail) != 500 || !strings.HasPrefix(fault.Detail, "<h1>Blocked") {
		t.Errorf("got %#v", err)
	}
	if errors.Is(err, api.ProblemCode("")) {
		t.Error("an error without a code is every code")
	}
}

func TestSilence(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/health") {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}, trunk.WithTimeout(30*time.Millisecond))
	var silence *trunk.TimeoutError
	if _, err := client.Owners(t.Context(), "p"); !errors.As(err, &silence) || !silence.Timeout() {
		t.Errorf("before an answer: %v", err)
	}
	if _, err := client.Health(t.Context(), "p"); !errors.As(err, &silence) {
		t.Errorf("within an answer: %v", err)
	}
}

// A slow answer of which something comes all the time is no silence.
func TestSlowAnswer(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, piece := range strings.SplitAfter(`{"items": [] , "next_cursor": null }`, " ") {
			_, _ = io.WriteString(w, piece)
			_ = http.NewResponseController(w).Flush()
			timer := time.NewTimer(100 * time.Millisecond)
			select {
			case <-timer.C:
			case <-r.Context().Done():
			}
		}
	}, trunk.WithTimeout(300*time.Millisecond))
	if _, err := client.Owners(t.Context(), "p"); err != nil {
		t.Error(err)
	}
}

func TestCancelledWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "50")
		problem(w, http.StatusServiceUnavailable, "overloaded")
		time.AfterFunc(20*time.Millisecond, cancel)
	})
	start := time.Now()
	if _, err := client.Owners(ctx, "p"); !errors.Is(err, context.Canceled) || time.Since(start) > 20*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}

// The store that a download leads to gets no token, also where it is the same host with another port.
func TestTokenStaysHere(t *testing.T) {
	var stored, asked []string
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stored = append(stored, r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, "abc")
	}))
	defer store.Close()
	var link string
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Authorization"))
		link = "http://" + r.Host + "/x"
		http.Redirect(w, r, store.URL, http.StatusFound)
	})
	_, _ = client.Owners(t.Context(), "p") // to know the address
	build := trunk.Build{Link: link, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
	path := filepath.Join(t.TempDir(), "a")
	if err := client.Download(t.Context(), build, path); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "abc" {
		t.Errorf("downloaded %q: %v", got, err)
	}
	if strings.Join(stored, "") != "" || strings.Join(asked, " ") != "Bearer trunk_secret Bearer trunk_secret" {
		t.Errorf("the registry got %q, the store %q", asked, stored)
	}
}

// Whatever ends a download, the folder has what it had.
func TestNoHalfFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, answer := range map[string]http.HandlerFunc{
		"other bytes": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "abd") },
		"a fault":     func(w http.ResponseWriter, _ *http.Request) { problem(w, http.StatusNotFound, "artefact_unknown") },
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3")
			_, _ = io.WriteString(w, "ab")
		},
		"cancelled": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "ab")
			_ = http.NewResponseController(w).Flush()
			cancel()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			client, err := trunk.New(server.URL, trunk.WithBackOff(time.Millisecond, time.Millisecond, 0))
			if err != nil {
				t.Fatal(err)
			}
			folder, ctx := t.TempDir(), ctx
			if name != "cancelled" {
				ctx = t.Context()
			}
			build := trunk.Build{Link: server.URL, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
			err = client.Download(ctx, build, filepath.Join(folder, "a.tar.gz"))
			var digest *trunk.DigestError
			if err == nil || errors.As(err, &digest) != (name == "other bytes") {
				t.Errorf("got %v", err)
			}
			if left, _ := os.ReadDir(folder); len(left) > 0 {
				t.Errorf("%s is left", left[0].Name())
			}
		})
	}
}

// A download whose connection breaks begins anew.
func TestDownloadAnew(t *testing.T) {
	var asked atomic.Int32
	var server *httptest.Server
	client := serving(t, func(http.ResponseWriter, *http.Request) {})
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		if asked.Add(1) == 1 {
			_, _ = io.WriteString(w, "ab")
			return
		}
		_, _ = io.WriteString(w, "abc")
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "a")
	err := client.Download(t.Context(), trunk.Build{Link: server.URL, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}, path)
	if got, _ := os.ReadFile(path); err != nil || string(got) != "abc" || asked.Load() != 2 {
		t.Errorf("%q after %d: %v", got, asked.Load(), err)
	}
}

// The form has its metadata first, a length where it is known, and comes whole again after a fault. What is read once is
// sent once.
func TestPublishing(t *testing.T) {
	type received struct {
		length                   int64
		names, kinds             []string
		metadata, file, filename string
	}
	var all []received
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		got := received{length: r.ContentLength}
		form, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		for part, err := form.NextPart(); err == nil; part, err = form.NextPart() {
			body, _ := io.ReadAll(part)
			got.names, got.kinds = append(got.names, part.FormName()), append(got.kinds, part.Header.Get("Content-Type"))
			if part.FormName() == "metadata" {
				got.metadata = string(body)
			} else {
				got.file, got.filename = string(body), part.FileName()
			}
		}
		all = append(all, got)
		if len(all) == 1 || len(all) == 3 {
			problem(w, http.StatusServiceUnavailable, "overloaded")
			return
		}
		answerJSON(w, "text/plain", http.StatusOK, "Successfully published extension p version 1.0.0\n")
	})
	path := filepath.Join(t.TempDir(), `a"b.tar.gz`)
	if err := os.WriteFile(path, []byte("the archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	metadata := api.Metadata{Name: "p", Vers: "1.0.0"}
	said, err := client.PublishFile(t.Context(), metadata, path)
	if err != nil || said != "Successfully published extension p version 1.0.0" {
		t.Fatalf("%q: %v", said, err)
	}
	if _, err := client.Publish(t.Context(), metadata, strings.NewReader("the archive")); !errors.Is(err, api.ProblemCodeOverloaded) {
		t.Errorf("a stream: %v", err)
	}
	if len(all) != 3 {
		t.Fatalf("sent %d times", len(all))
	}
	for i, got := range all {
		if strings.Join(got.names, " ") != "metadata file" || strings.Join(got.kinds, " ") != "application/json application/gzip" ||
			got.metadata != `{"name":"p","vers":"1.0.0"}` || got.file != "the archive" || (got.length > 0) != (i < 2) {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if all[0].filename != "a_b.tar.gz" {
		t.Errorf("the file is called %q", all[0].filename)
	}
	if _, err := client.PublishFile(t.Context(), metadata, path+".not"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// An archive is not held in memory while it is sent.
func TestMemoryOfPublishing(t *testing.T) {
	const size = 64 << 20
	var before, after runtime.MemStats
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(io.Discard, r.Body); err != nil || n < size {
			t.Errorf("received %d: %v", n, err)
		}
		answerJSON(w, "text/plain", http.StatusOK, "ok")
	})
	runtime.ReadMemStats(&before)
	if _, err := client.Publish(t.Context(), api.Metadata{Name: "p", Vers: "1.0.0"}, io.LimitReader(zeros{}, size)); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > size/16 {
		t.Errorf("%d MB were allocated for an archive of %d MB", grown>>20, size>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A walk asks for each page once, when it is needed.
func TestPages(t *testing.T) {
	var asked []string
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		cursor := r.URL.Query().Get("cursor")
		asked = append(asked, cursor)
		page, _ := strconv.Atoi(cursor)
		next := "null"
		if page < 2 {
			next = strconv.Quote(strconv.Itoa(page + 1))
		}
		answerJSON(w, "application/json", http.StatusOK, fmt.Sprintf(
			`{"items": [{"id": "%[1]da"}, {"id": "%[1]db"}], "next_cursor": %[2]s}`, page, next))
	})
	var got bytes.Buffer
	for token, err := range client.Tokens(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString(token.ID + " ")
	}
	if got.String() != "0a 0b 1a 1b 2a 2b " || strings.Join(asked, ",") != ",1,2" {
		t.Errorf("got %s by %q", &got, asked)
	}
	asked = nil
	for _, err := range client.Tokens(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if len(asked) != 1 {
		t.Errorf("asked for %d pages", len(asked))
	}
}
