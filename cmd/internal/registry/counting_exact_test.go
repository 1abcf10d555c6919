package registry_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// downloader is a client that asks for the redirect and for nothing else.
func downloader(t testing.TB) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// redirected tells whether a client was led to the bytes.
func redirected(client *http.Client, url string) bool {
	response, err := client.Get(url)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusFound
}

// downloadsToCount is how many downloads are sent to see that none gets lost. COUNT_DOWNLOADS=200000 asks for so many.
func downloadsToCount(t *testing.T) int {
	t.Helper()
	asked := os.Getenv("COUNT_DOWNLOADS")
	if asked == "" {
		return 4_000
	}
	n, err := strconv.Atoi(asked)
	if err != nil {
		t.Fatalf("COUNT_DOWNLOADS: %v", err)
	}
	return n
}

// Sixteen clients at two processes over one database: every download that was answered is counted, be it of one build or of
// many, and no transaction was the victim of another.
func TestEveryDownloadIsCounted(t *testing.T) {
	const clients, projects = 16, 8
	one := serve(t, map[string]string{"COUNT_INTERVAL": "100ms", "LOG_LEVEL": "error"})
	other := serveConfig(t, one.cfg)
	for i := range projects {
		one.publish("alice", archivetest.Build{Project: fmt.Sprint("p", i), Version: "1.0"}, nil)
	}
	n := downloadsToCount(t)
	send := func(path func(k int) string) time.Duration {
		start := time.Now()
		var group sync.WaitGroup
		for c := range clients {
			group.Go(func() {
				client := downloader(t)
				for k := c; k < n; k += clients {
					if at := []*instance{one, other}[k/clients%2]; !redirected(client, at.url+path(k)) {
						t.Errorf("download %d was not answered", k)
						return
					}
				}
			})
		}
		group.Wait()
		return time.Since(start)
	}
	spread := send(func(k int) string { return downloadPath(fmt.Sprint("p", k%projects), "1.0") })
	hot := send(func(int) string { return downloadPath("p0", "1.0") })
	t.Logf("%d downloads: spread %s, of one build %s", n, spread, hot)
	for _, in := range []*instance{one, other} {
		if err := in.stop(); err != nil {
			t.Error(err)
		}
	}
	for table, want := range map[string]int{"usage_days": 2 * n, "usage_project_days": 2 * n, "usage_project_totals": 2 * n} {
		if got := one.count("SELECT sum(downloads) FROM " + table); got != want {
			t.Errorf("%s has %d downloads of %d", table, got, want)
		}
	}
	want := n + (n+projects-1)/projects
	if got := one.count("SELECT sum(downloads) FROM usage_project_days d JOIN projects p ON p.id = d.project_id WHERE p.name = 'p0'"); got != want {
		t.Errorf("%d downloads of one build, want %d", got, want)
	}
	if got := one.count("SELECT max(installers) FROM usage_project_days"); got != 1 {
		t.Errorf("one machine is %d installers", got)
	}
	if got := one.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); got != 0 {
		t.Errorf("%d deadlocks", got)
	}
}

// While the database is away downloads go on, and publishing says that it cannot; when it is back, every one of them is
// counted, and once: also those whose COMMIT was not heard of.
func TestDownloadsGoOnWithoutTheDatabase(t *testing.T) {
	database := pgtest.URL(t)
	w, address := newWire(t, database)
	in := serve(t, map[string]string{"DATABASE_URL": address, "COUNT_INTERVAL": "100ms"})
	direct := *in
	direct.cfg.Database.URL = database
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.1"}, nil)
	client := downloader(t)
	download := func(times int) {
		t.Helper()
		for range times {
			if !redirected(client, in.url+downloadPath("pgmq", "1.0")) {
				t.Fatal("a download was not answered")
			}
		}
	}
	counted := func() int { return direct.count("SELECT coalesce(sum(downloads), 0) FROM usage_days") }
	download(10)
	eventually(t, "written", func() bool { return counted() == 10 })
	w.cut()
	eventually(t, "noticed", func() bool { return in.get("/readyz").code() == "database_unavailable" })
	eventually(t, "not current any more", func() bool { return in.get("/api/v1/trunk-projects/pgmq").status == http.StatusServiceUnavailable })
	download(30)
	if a := in.tryPublish("alice", archivetest.Build{Project: "pgmq", Version: "1.2"}, nil); a.status != http.StatusServiceUnavailable {
		t.Errorf("publishing: %d %s", a.status, a.body)
	}
	if a := in.get(downloadPath("pgmq", "1.1")); a.status != http.StatusServiceUnavailable {
		t.Errorf("a build that nobody has asked for: %d %s", a.status, a.body)
	}
	if counted() != 10 {
		t.Error("something was written meanwhile")
	}
	w.mend()
	eventually(t, "written later", func() bool { return counted() == 40 })
	for round := range 5 {
		w.loseNextCommit()
		download(10)
		eventually(t, "lost", func() bool { return w.lost() == round+1 })
	}
	download(10)
	eventually(t, "written again", func() bool { return counted() >= 100 })
	if err := in.stop(); err != nil {
		t.Error(err)
	}
	if got := counted(); got != 100 {
		t.Errorf("%d downloads of 100", got)
	}
}

// What is stale is not told for ever.
func TestStaleLinksEnd(t *testing.T) {
	w, address := newWire(t, pgtest.URL(t))
	in := serve(t, map[string]string{"DATABASE_URL": address, "STALE_LINKS": "0s"})
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	if a := in.get(downloadPath("pgmq", "1.0")); a.status != http.StatusFound {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.cut()
	eventually(t, "refused", func() bool { return in.get(downloadPath("pgmq", "1.0")).code() == "database_unavailable" })
	w.mend()
	eventually(t, "there again", func() bool { return in.get(downloadPath("pgmq", "1.0")).status == http.StatusFound })
}

// A version that was deleted is not downloaded any more, by nobody and at no process.
func TestDeletedIsNotRemembered(t *testing.T) {
	one := serve(t, nil)
	other := serveConfig(t, one.cfg)
	one.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	for _, in := range []*instance{one, other} {
		if a := in.get(downloadPath("pgmq", "1.0")); a.status != http.StatusFound {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if a := one.call(http.MethodDelete, "/api/v1/trunk-projects/pgmq/version/1.0", one.token("alice"), ""); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := one.get(downloadPath("pgmq", "1.0")); a.status != http.StatusNotFound {
		t.Errorf("where it was deleted: %d", a.status)
	}
	eventually(t, "known elsewhere", func() bool { return other.get(downloadPath("pgmq", "1.0")).status == http.StatusNotFound })
}

// childSettings says to this program that it is a registry to be killed.
const childSettings = "TRUNK_TEST_CHILD"

// serveIfChild serves by the settings of the environment, if this is a child of a test.
func serveIfChild() {
	if os.Getenv(childSettings) == "" {
		return
	}
	if err := serveAsChild(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serveAsChild() error {
	cfg, err := registry.LoadServe(os.Getenv)
	if err != nil {
		return err
	}
	// Letters that a server does not want now are tried again sooner than production does it.
	cfg.FirstPause, cfg.JobTimeout = 200*time.Millisecond, 5*time.Second
	return registry.Serve(context.Background(), cfg, registry.Logger(cfg, os.Stderr), func(at registry.Addresses) {
		_, _ = fmt.Fprintln(os.Stdout, "ready", at.Public)
	})
}

// A process that is killed loses what it has counted since its last flush, and nothing before that.
func TestKilledWhileCounting(t *testing.T) {
	const interval = 500 * time.Millisecond
	in := serve(t, nil)
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	child, address := in.child(t, map[string]string{"COUNT_INTERVAL": interval.String()})
	var mu sync.Mutex
	var answered []time.Time
	var stop atomic.Bool
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			client := downloader(t)
			for !stop.Load() && redirected(client, address+downloadPath("pgmq", "1.0")) {
				mu.Lock()
				answered = append(answered, time.Now())
				mu.Unlock()
			}
		})
	}
	eventually(t, "written several times", func() bool { return in.count("SELECT coalesce(max(sequence), 0) FROM usage_flushes") >= 3 })
	killed := time.Now()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	stop.Store(true)
	group.Wait()
	counted := in.count("SELECT sum(downloads) FROM usage_days")
	lost := len(answered) - counted
	slices.SortFunc(answered, time.Time.Compare)
	if lost <= 0 {
		t.Logf("%d of %d were lost", lost, len(answered))
		return
	}
	since := killed.Sub(answered[len(answered)-lost])
	t.Logf("%d of %d were lost, those of the last %s", lost, len(answered), since)
	// A flush takes its time, on a machine that is busy too.
	if since > 2*interval {
		t.Errorf("%d downloads of %s were lost", lost, since)
	}
}

// child starts a registry in a process of its own, over the same database and bucket.
func (in *instance) child(t *testing.T, settings map[string]string) (*exec.Cmd, string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{
		childSettings: "1", "LISTEN": "127.0.0.1:0", "DATABASE_URL": in.cfg.Database.URL, "S3_BUCKET": in.cfg.Objects.Bucket,
		"S3_ENDPOINT": in.cfg.Objects.Endpoint, "S3_REGION": in.cfg.Objects.Region, "SPOOL_DIR": t.TempDir(), "LOG_LEVEL": "error",
		"AWS_ACCESS_KEY_ID": in.cfg.Objects.AccessKey, "AWS_SECRET_ACCESS_KEY": in.cfg.Objects.SecretKey,
	}
	maps.Copy(all, settings)
	child := exec.CommandContext(t.Context(), program)
	for name, value := range all {
		child.Env = append(child.Env, name+"="+value)
	}
	child.Stderr = os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = child.Process.Kill(), child.Wait() })
	line, err := bufio.NewReader(output).ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if _, bad := url.Parse(address); err != nil || !ready || bad != nil {
		t.Fatalf("the child says %q: %v", line, err)
	}
	return child, address
}
