package embeddedpg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// serveKey makes the test binary a process that starts a server on the data directory it names, and waits to be killed.
const (
	serveKey   = "EMBEDDEDPG_TEST_SERVE"
	accountKey = "EMBEDDEDPG_TEST_ACCOUNT"
)

func TestMain(m *testing.M) {
	dataDir := os.Getenv(serveKey)
	if dataDir == "" {
		os.Exit(m.Run())
	}
	server, err := serve(context.Background(), dataDir)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, server.child.PID())
	select {}
}

// serve starts as the account whose number stands in accountKey, and as Start does without one.
func serve(ctx context.Context, dataDir string) (*Server, error) {
	number, err := strconv.Atoi(os.Getenv(accountKey))
	if err != nil {
		return Start(ctx, Options{DataDir: dataDir})
	}
	installation, err := FindInstallation(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	return start(ctx, Options{DataDir: dataDir, Log: func(string) {}}, installation, accounts()[number:number+1])
}

func launch(t *testing.T, opts Options) *Server {
	t.Helper()
	server, err := Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func shut(t *testing.T, server *Server) {
	t.Helper()
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
}

// query gives the one value of a query's one row.
func query(t *testing.T, server *Server, database, statement string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL(database))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var value string
	if err := conn.QueryRow(t.Context(), statement).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

func execute(t *testing.T, server *Server, database, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL(database))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func mustContain(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not contain %q: %v", part, err)
		}
	}
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	yes, err := poll(t.Context(), 20*time.Second, func() (bool, error) { return condition(), nil })
	if !yes {
		t.Fatalf("waited in vain until %s (%v)", what, err)
	}
}

// alive: a zombie that nobody waits for has ended.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(stat), ") ")
	return err != nil || !strings.HasPrefix(state, "Z")
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

func TestServer(t *testing.T) {
	var said []string
	opts := Options{DataDir: filepath.Join(t.TempDir(), "below", "data"), Log: func(text string) { said = append(said, text) }}
	begin := time.Now()
	server := launch(t, opts)
	t.Logf("PostgreSQL %s: first start %s", server.Installation().Version, time.Since(begin))
	if len(said) != 1 || !strings.Contains(said[0], opts.DataDir) {
		t.Errorf("said %q", said)
	}

	for range 2 {
		if err := server.CreateDatabase(t.Context(), "a name"); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, server, "a name", "CREATE TABLE kept AS SELECT 'kept' AS value")
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
		"data_directory": server.dataDir,
	} {
		if got := query(t, server, "postgres", "SHOW "+setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	// Letters outside ASCII are letters, and the order is that of code points.
	if got := query(t, server, "postgres", "SELECT upper('é') || ('Z' < 'a')::text"); got != "Étrue" {
		t.Errorf("the locale is wrong: %s", got)
	}
	begin = time.Now()
	shut(t, server)
	t.Logf("close %s", time.Since(begin))
	shut(t, server)
	if alive(server.child.PID()) {
		t.Error("the server runs on")
	}

	opts.Durable = true
	begin = time.Now()
	server = launch(t, opts)
	t.Logf("second start %s", time.Since(begin))
	if got := query(t, server, "a name", "SELECT value FROM kept"); got != "kept" {
		t.Errorf("the second start found %q", got)
	}
	if got := query(t, server, "postgres", "SHOW fsync"); got != "on" {
		t.Errorf("durable, but fsync = %s", got)
	}
	if len(said) != 1 {
		t.Errorf("said %q", said)
	}
	shut(t, server)
}

func TestCloseCutsConnections(t *testing.T) {
	server := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "data")})
	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "BEGIN"); err != nil {
		t.Fatal(err)
	}
	shut(t, server)
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("the connection lives on")
	}
}

func TestCloseTellsOfAServerThatEndedBefore(t *testing.T) {
	server := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "data")})
	if err := server.child.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-server.child.Done()
	mustContain(t, server.Close(), "shut down", "database system is shut down")
}

func TestStalePIDFile(t *testing.T) {
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	server := launch(t, opts)
	shut(t, server)
	// An id that is ours: it lives, has our user, and is no server.
	for _, pid := range []string{strconv.Itoa(os.Getpid()), strconv.Itoa(os.Getppid()), "4194304", ""} {
		write(t, filepath.Join(opts.DataDir, "postmaster.pid"), pid+"\n"+server.dataDir+"\n", 0o600)
		server = launch(t, opts)
		if got := query(t, server, "postgres", "SELECT 'there'"); got != "there" {
			t.Error(got)
		}
		shut(t, server)
	}
}

func TestKilledParentLeavesNoServer(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("only Linux tells a child that its parent is gone")
	}
	t.Run("as started", func(t *testing.T) { killParent(t, "") })
	for number, account := range accounts() {
		if account.everywhere {
			t.Run(account.name, func(t *testing.T) { killParent(t, strconv.Itoa(number)) })
		}
	}
}

func killParent(t *testing.T, account string) {
	t.Helper()
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	parent := exec.Command("/proc/self/exe")
	parent.Env = append(os.Environ(), serveKey+"="+opts.DataDir, accountKey+"="+account, "GORACE=atexit_sleep_ms=0")
	parent.Stderr = os.Stderr
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || !alive(pid) {
		t.Fatalf("no server runs as %q", line)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	// At once: the next start waits for the server that is about to end.
	shut(t, launch(t, opts))
	eventually(t, "the server has ended", func() bool { return !alive(pid) })
}

func TestSecondServerOnADataDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := Options{DataDir: filepath.Join(dir, "data")}
	server := launch(t, opts)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(opts.DataDir, link); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: link})
	mustContain(t, err, "another process uses the data directory "+opts.DataDir)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, opts); !errors.Is(err, context.Canceled) {
		t.Errorf("a start without time = %v", err)
	}

	// One that waits finds the place free in the end.
	waited := make(chan error, 1)
	go func() {
		second, err := Start(t.Context(), opts)
		if err == nil {
			err = second.Close()
		}
		waited <- err
	}()
	shut(t, server)
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

// A server that someone started without us holds no lock of ours.
func TestForeignServerOnADataDirectory(t *testing.T) {
	t.Parallel()
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	server := launch(t, opts)
	if err := server.unlock(); err != nil {
		t.Fatal(err)
	}
	server.unlock = func() error { return nil }
	_, err := Start(t.Context(), opts)
	mustContain(t, err, "another PostgreSQL (process "+strconv.Itoa(server.child.PID())+") serves "+opts.DataDir)
	shut(t, server)
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	ctx, cancel := context.WithCancel(t.Context())
	opts.Log = func(string) { cancel() }
	if _, err := Start(ctx, opts); !errors.Is(err, context.Canceled) {
		t.Fatalf("Start() = %v", err)
	}
	if _, err := os.Stat(opts.DataDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("there is a data directory that nobody finished")
	}
	opts.Log = nil
	shut(t, launch(t, opts))
}

func TestUnfitDataDirectories(t *testing.T) {
	old := filepath.Join(t.TempDir(), "old")
	write(t, filepath.Join(old, "PG_VERSION"), "9\n", 0o600)
	_, err := Start(t.Context(), Options{DataDir: old})
	mustContain(t, err, "PostgreSQL 9 made the data in "+old, "set TRUNK_PG_BIN")

	other := filepath.Join(t.TempDir(), "other")
	write(t, filepath.Join(other, "letter.txt"), "dear", 0o600)
	_, err = Start(t.Context(), Options{DataDir: other})
	mustContain(t, err, other+" holds other things")

	_, err = Start(t.Context(), Options{})
	mustContain(t, err, "no data directory")

	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	shut(t, launch(t, Options{DataDir: empty}))
}

func TestFailedStartShowsTheLog(t *testing.T) {
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	shut(t, launch(t, opts))
	write(t, filepath.Join(opts.DataDir, "postgresql.auto.conf"), "nonsense = on\n", 0o600)
	_, err := Start(t.Context(), opts)
	mustContain(t, err, "start PostgreSQL", `unrecognized configuration parameter "nonsense"`, opts.DataDir+".log")
}

func TestTakenPort(t *testing.T) {
	server := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "one")})
	other := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "two")})
	shut(t, other)
	other.port = server.port
	if err := other.try(t.Context()); !errors.Is(err, errPortTaken) {
		t.Errorf("try() on a taken port = %v", err)
	}
	if err := other.launch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := other.shutDown(); err != nil {
		t.Error(err)
	}
}

func TestRefusedDatabaseName(t *testing.T) {
	server := launch(t, Options{DataDir: filepath.Join(t.TempDir(), "data")})
	mustContain(t, server.CreateDatabase(t.Context(), ""), "create the database")
	shut(t, server)
	mustContain(t, server.CreateDatabase(t.Context(), "late"), "connect to PostgreSQL")
}

func TestURL(t *testing.T) {
	server := &Server{port: 5433}
	if got, want := server.URL("a b"), "postgres://postgres@127.0.0.1:5433/a%20b?sslmode=disable"; got != want {
		t.Errorf("URL() = %s, want %s", got, want)
	}
}
