package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/joho/godotenv"
)

// buildDev builds the program once for all tests.
var buildDev = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "trunk-dev-test-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "trunk-dev")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		_, _ = os.Stderr.Write(out)
	}
	return program, err
})

// dev is a running trunk-dev.
type dev struct {
	t       *testing.T
	cmd     *exec.Cmd
	out     *lockedBuffer
	url     string
	token   string
	metrics string
	dataDir string
	// ended is closed when the process has ended, as err says.
	ended chan struct{}
	err   error
}

// startDev starts a registry with its data in a folder, and waits until it is ready.
func startDev(t *testing.T, dataDir string, args ...string) *dev {
	t.Helper()
	d := launchDev(t, dataDir, args...)
	d.await("ready", func() bool {
		select {
		case <-d.ended:
			t.Fatalf("trunk-dev ended with %v:\n%s", d.err, d.out)
		default:
		}
		return strings.Contains(d.out.String(), "Ctrl-C ends it")
	})
	env, err := godotenv.Read(filepath.Join(dataDir, "env"))
	if err != nil {
		t.Fatalf("read the env file: %v", err)
	}
	d.url, d.token, d.metrics = env["TRUNK_REGISTRY_URL"], env["TRUNK_API_TOKEN"], env["TRUNK_METRICS_URL"]
	return d
}

// launchDev starts one and does not wait.
func launchDev(t *testing.T, dataDir string, args ...string) *dev {
	t.Helper()
	program, err := buildDev()
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	d := &dev{t: t, out: &lockedBuffer{}, dataDir: dataDir, ended: make(chan struct{})}
	d.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), program, append([]string{"--listen", "127.0.0.1:0", "--data-dir", dataDir}, args...)...)
	d.cmd.Stdout, d.cmd.Stderr = d.out, d.out
	if err := d.cmd.Start(); err != nil {
		t.Fatalf("start: %v", err)
	}
	go func() {
		d.err = d.cmd.Wait()
		close(d.ended)
	}()
	t.Cleanup(func() {
		_ = d.cmd.Process.Signal(os.Interrupt)
		d.await("over", func() bool { return len(childrenOf(t, d.dataDir)) == 0 })
	})
	return d
}

// post sends a JSON document, "" for none, with a token.
func (d *dev) post(path, token, document string) (status int, body string) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+path, strings.NewReader(document))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if document != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, string(read)
}

// scrape reads the metrics where the env file says that they are.
func (d *dev) scrape() string {
	d.t.Helper()
	response, err := http.DefaultClient.Get(d.metrics)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(read)
}

// signIn prints a sign-in of a user, as trunk-dev token does.
func (d *dev) signIn(user string) string {
	d.t.Helper()
	program, err := buildDev()
	if err != nil {
		d.t.Fatal(err)
	}
	out, err := exec.CommandContext(d.t.Context(), program, "token", "--data-dir", d.dataDir, "--user", user).Output()
	if err != nil {
		d.t.Fatalf("trunk-dev token: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// await waits for a condition.
func (d *dev) await(what string, is func() bool) {
	d.t.Helper()
	deadline := time.After(3 * time.Minute)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for !is() {
		select {
		case <-poll.C:
		case <-deadline:
			d.t.Fatalf("trunk-dev is never %s:\n%s", what, d.out)
		}
	}
}

// stop ends it as Ctrl-C does.
func (d *dev) stop() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		d.t.Fatal(err)
	}
	select {
	case <-d.ended:
		if d.err != nil {
			d.t.Errorf("trunk-dev ended with %v:\n%s", d.err, d.out)
		}
	case <-time.After(time.Minute):
		d.t.Fatalf("trunk-dev does not end:\n%s", d.out)
	}
}

// childrenOf finds the processes that know a data directory, trunk-dev itself included.
func childrenOf(t *testing.T, dataDir string) []string {
	t.Helper()
	var found []string
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		// A process that is gone has none.
		if line, err := os.ReadFile(file); err == nil && bytes.Contains(line, []byte(dataDir)) {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

func (d *dev) get(path string) (int, string) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.url+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// A second start finds everything again, with the same token.
func TestSecondStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := startDev(t, dir)
	if status, body := first.get("/readyz"); status != http.StatusOK || !strings.Contains(body, `"object_store":"ok"`) {
		t.Errorf("readyz: %d %s", status, body)
	}
	client := &wireClient{http: http.DefaultClient}
	archive := pack(t, compatSource{share: map[string]compatFile{
		"extension/kept.control":  {mode: 0o644, data: []byte("default_version = '1.0'\n")},
		"extension/kept--1.0.sql": {mode: 0o644, data: []byte("SELECT 1;\n")},
	}}, compatManifest{Name: "kept", Version: "1.0", ManifestVersion: 2, Sys: "linux", Architecture: hostArchitecture(), PgVersion: 17})
	out, err := client.Publish(t.Context(), compatPublication{
		registry: first.url, token: first.token, project: "kept", version: "1.0", archives: []compatArchive{{bytes: archive}},
	})
	if err != nil || !strings.Contains(out, "Successfully published") {
		t.Fatalf("publish: %v %s", err, out)
	}
	if numbers := first.scrape(); !strings.Contains(numbers, `trunk_publishes_total{outcome="ok"} 1`) {
		t.Errorf("the metrics do not have the publish:\n%s", numbers)
	}
	first.stop()
	second := startDev(t, dir)
	if second.token != first.token {
		t.Error("the second start made another token")
	}
	if _, body := second.get("/extensions/all"); !strings.Contains(body, `"name":"kept"`) {
		t.Errorf("the second start lists %s", body)
	}
	var projects []wireProject
	if err := client.getJSON(t.Context(), second.url+"/api/v1/trunk-projects/kept", &projects); err != nil || len(projects) != 1 {
		t.Fatalf("%v, %v", projects, err)
	}
	got, err := client.download(t.Context(), projects[0].Downloads[0].Link, projects[0].Downloads[0].SHA256)
	if err != nil || !bytes.Equal(got, archive) {
		t.Errorf("the download has %d bytes, %v", len(got), err)
	}
}

// However it ends, and whenever, it leaves no process behind.
func TestNoChildIsLeft(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends the children of a process that was killed")
	}
	for name, end := range map[string]func(d *dev){
		"Ctrl-C":    func(d *dev) { d.stop() },
		"terminate": func(d *dev) { _ = d.cmd.Process.Signal(syscall.SIGTERM) },
		"killed":    func(d *dev) { _ = d.cmd.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			d := startDev(t, filepath.Join(t.TempDir(), "data"))
			if len(childrenOf(t, d.dataDir)) < 2 {
				t.Fatalf("the test finds no children: %v", childrenOf(t, d.dataDir))
			}
			end(d)
			d.await("gone", func() bool { return len(childrenOf(t, d.dataDir)) == 0 })
		})
	}
	t.Run("Ctrl-C while it starts", func(t *testing.T) {
		d := launchDev(t, filepath.Join(t.TempDir(), "data"))
		d.await("starting", func() bool { return len(childrenOf(t, d.dataDir)) > 1 })
		_ = d.cmd.Process.Signal(os.Interrupt)
		d.await("gone", func() bool { return len(childrenOf(t, d.dataDir)) == 0 })
	})
}

// What cannot work is told in a sentence.
func TestDevRefusals(t *testing.T) {
	program, err := buildDev()
	if err != nil {
		t.Fatal(err)
	}
	for args, says := range map[string]string{
		"--nonsense": "unknown flag",
		"--listen nowhere --data-dir " + t.TempDir(): "LISTEN is wrong",
	} {
		out, err := exec.CommandContext(t.Context(), program, strings.Fields(args)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), says) {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}

// lockedBuffer is what a process writes, read while it writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String gives what was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// Anybody signs in at the local issuer, without a network, and is the same after another start.
func TestSignIn(t *testing.T) {
	dataDir := filepath.Join(t.TempDir(), "data")
	me := func(d *dev, token string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+"/api/v1/me", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		var account struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		}
		if err := json.NewDecoder(response.Body).Decode(&account); err != nil {
			t.Fatal(err)
		}
		return account.Name + " " + account.ID
	}
	newToken := func(d *dev, user string) string {
		t.Helper()
		status, token := d.post("/token/new", d.signIn(user), "")
		if status != http.StatusOK {
			t.Fatalf("sign in: %d %s", status, token)
		}
		return token
	}
	first := startDev(t, dataDir)
	alice := me(first, newToken(first, "alice"))
	if !strings.HasPrefix(alice, "alice ") || me(first, newToken(first, "dev")) != me(first, first.token) || me(first, newToken(first, "bob")) == alice {
		t.Errorf("alice is %q, dev %q and %q", alice, me(first, newToken(first, "dev")), me(first, first.token))
	}
	first.stop()
	second := startDev(t, dataDir)
	if again := me(second, newToken(second, "alice")); again != alice {
		t.Errorf("after another start alice is %q and not %q", again, alice)
	}
}

// Nothing is limited in development unless one asks for it.
func TestLimits(t *testing.T) {
	free, limited := startDev(t, filepath.Join(t.TempDir(), "free")), startDev(t, filepath.Join(t.TempDir(), "limited"), "--limits")
	last := func(d *dev, token string) (status int) {
		t.Helper()
		for range 25 {
			status, _ = d.post("/api/v1/tokens", token, "")
		}
		return status
	}
	if status := last(free, limited.token); status != http.StatusUnauthorized {
		t.Errorf("without limits: %d", status)
	}
	if status := last(limited, free.token); status != http.StatusTooManyRequests {
		t.Errorf("with limits: %d", status)
	}
}

// The demonstration is published once, through the registry's own path, and is there after the next start.
func TestDemo(t *testing.T) {
	dataDir := filepath.Join(t.TempDir(), "data")
	first := startDev(t, dataDir, "--demo")
	first.await("complete", func() bool { return strings.Contains(first.out.String(), "demo: complete") })
	if !strings.Contains(first.out.String(), "demo: 100 of 224 projects") {
		t.Errorf("it does not tell how far it is:\n%s", first.out)
	}
	count := func(d *dev) int {
		t.Helper()
		var projects []wireProject
		if err := newWireClient().getJSON(t.Context(), d.url+"/api/v1/trunk-projects", &projects); err != nil {
			t.Fatal(err)
		}
		return len(projects)
	}
	if got := count(first); got != 224 {
		t.Errorf("%d projects, want 224", got)
	}
	var used struct {
		Downloads struct {
			Last30 int `json:"last_30_days"`
		} `json:"downloads"`
		Rank int `json:"rank"`
	}
	if err := newWireClient().getJSON(t.Context(), first.url+"/api/v1/trunk-projects/pgvector/stats", &used); err != nil || used.Rank != 1 || used.Downloads.Last30 < 1000 {
		t.Errorf("pgvector is used %+v: %v", used, err)
	}
	first.stop()
	second := startDev(t, dataDir, "--demo")
	if got := count(second); got != 224 || strings.Contains(second.out.String(), "demo:") {
		t.Errorf("%d projects after another start:\n%s", got, second.out)
	}
}
