//go:build unix

package childproc_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/childproc"
)

// roleKey makes the test binary play a part of a test as a process of its own.
const roleKey = "CHILDPROC_TEST_ROLE"

func TestMain(m *testing.M) {
	role, argument, _ := strings.Cut(os.Getenv(roleKey), "=")
	if role == "" {
		os.Exit(m.Run())
	}
	if err := play(role, argument); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func play(role, argument string) error {
	// With a signal to wait for, the runtime does not take a process that only waits for a deadlock.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1)
	switch role {
	case "end":
		code, err := strconv.Atoi(argument)
		if err == nil {
			os.Exit(code)
		}
		return err
	case "sleep":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
		tell(os.Getpid())
		received := <-signals
		return os.WriteFile(argument, []byte(received.String()), 0o600)
	case "echo":
		_, err := io.Copy(os.Stdout, os.Stdin)
		return err
	case "stubborn":
		// A grandchild in the group, and both deaf to SIGTERM.
		signal.Ignore(syscall.SIGTERM)
		if argument == "" {
			grandchild := command("stubborn=alone")
			grandchild.Stdout = os.Stdout
			if err := grandchild.Start(); err != nil {
				return err
			}
		}
		tell(os.Getpid())
		select {}
	case "parent":
		cmd := command("sleep=" + argument)
		cmd.Stdout = os.Stdout
		if strings.HasSuffix(argument, "interrupt") {
			cmd.SysProcAttr = interruptAtDeath()
		}
		if _, err := childproc.Start(cmd); err != nil {
			return err
		}
		select {}
	case "go":
		watcher := command("watcher=" + argument)
		watcher.Stdout = os.Stdout
		if err := watcher.Start(); err != nil {
			return err
		}
		return watcher.Wait()
	case "watcher":
		ctx, cancel := childproc.WatchParent(context.Background())
		defer cancel()
		tell(os.Getpid())
		<-ctx.Done()
		return os.WriteFile(argument, []byte("ended"), 0o600)
	}
	return fmt.Errorf("no part is named %q", role)
}

func tell(pid int) { _, _ = fmt.Fprintln(os.Stdout, pid) }

// command runs the test binary in another role.
func command(role string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	if runtime.GOOS != "linux" {
		cmd = exec.Command(os.Args[0])
	}
	// The race detector sleeps for a second before a program exits.
	cmd.Env = append(os.Environ(), roleKey+"="+role, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	return cmd
}

// pipe gives the lines that a command writes; the command keeps its end after we close ours.
func pipe(t *testing.T, cmd *exec.Cmd) *bufio.Scanner {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = reader.Close(), writer.Close() })
	cmd.Stdout = writer
	return bufio.NewScanner(reader)
}

func readPID(t *testing.T, lines *bufio.Scanner) int {
	t.Helper()
	if !lines.Scan() {
		t.Fatalf("no process id: %v", lines.Err())
	}
	pid, err := strconv.Atoi(lines.Text())
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func start(t *testing.T, cmd *exec.Cmd) *childproc.Child {
	t.Helper()
	child, err := childproc.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Stop(syscall.SIGKILL, time.Minute) })
	return child
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
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

func contains(path, text string) func() bool {
	return func() bool {
		content, err := os.ReadFile(path)
		return err == nil && string(content) == text
	}
}

func TestStartTellsHowTheChildEnded(t *testing.T) {
	child := start(t, command("end=0"))
	<-child.Done()
	if err := child.Err(); err != nil {
		t.Errorf("Err() = %v of a child that did well", err)
	}

	child = start(t, command("end=3"))
	<-child.Done()
	failed, ok := errors.AsType[*exec.ExitError](child.Err())
	if !ok || failed.ExitCode() != 3 {
		t.Errorf("Err() = %v, want exit status 3", child.Err())
	}
	if err := child.Signal(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("Signal() of an ended child = %v", err)
	}
	if err := child.Stop(syscall.SIGTERM, time.Minute); err != nil {
		t.Errorf("Stop() of an ended child = %v", err)
	}
}

func TestStartFails(t *testing.T) {
	if _, err := childproc.Start(exec.Command(filepath.Join(t.TempDir(), "missing"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Start() = %v", err)
	}
}

func TestStopAsks(t *testing.T) {
	cmd := command("sleep=" + filepath.Join(t.TempDir(), "signal"))
	lines := pipe(t, cmd)
	child := start(t, cmd)
	readPID(t, lines)
	if err := child.Err(); err != nil {
		t.Errorf("Err() = %v of a living child", err)
	}
	if err := child.Stop(syscall.SIGTERM, time.Minute); err != nil {
		t.Errorf("Stop() = %v", err)
	}
	if err := child.Err(); err != nil {
		t.Errorf("the child was asked and ended with %v", err)
	}
}

func TestStopKillsTheGroup(t *testing.T) {
	cmd := command("stubborn")
	lines := pipe(t, cmd)
	child := start(t, cmd)
	pids := []int{readPID(t, lines), readPID(t, lines)}
	if err := child.Stop(syscall.SIGTERM, 50*time.Millisecond); err == nil {
		t.Error("Stop() does not tell that it killed")
	}
	for _, pid := range pids {
		eventually(t, "the whole group has ended", func() bool { return !alive(pid) })
	}
}

// A locked goroutine takes its thread with it, and Pdeathsig is about threads.
func TestChildOutlivesTheThreadThatStartedIt(t *testing.T) {
	cmd := command("echo")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	lines := pipe(t, cmd)
	started := make(chan *childproc.Child)
	go func() {
		runtime.LockOSThread()
		child, err := childproc.Start(cmd)
		if err != nil {
			t.Error(err)
		}
		started <- child
	}()
	child := <-started
	count := 0
	for deadline := time.Now().Add(300 * time.Millisecond); time.Now().Before(deadline); count++ {
		if _, err := fmt.Fprintln(input, count); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() || lines.Text() != strconv.Itoa(count) {
			t.Fatalf("the child ended: %v", child.Err())
		}
	}
	if err := input.Close(); err != nil {
		t.Fatal(err)
	}
	<-child.Done()
	if err := child.Err(); err != nil {
		t.Error(err)
	}
}

func TestKilledParentLeavesNoChild(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells a child that its parent is gone")
	}
	for name, want := range map[string]string{"default": "terminated", "interrupt": "interrupt"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name)
			cmd := command("parent=" + file)
			lines := pipe(t, cmd)
			parent := start(t, cmd)
			pid := readPID(t, lines)
			if err := parent.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the child has ended", func() bool { return !alive(pid) })
			if !contains(file, want)() {
				t.Errorf("the child did not end with %s", want)
			}
		})
	}
}

func TestWatchParent(t *testing.T) {
	for name, watched := range map[string]bool{"go": true, "gopher": false} {
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), name)
			copyProgram(t, program)
			file := filepath.Join(t.TempDir(), "ended")
			cmd := command("go=" + file)
			cmd.Path = program
			lines := pipe(t, cmd)
			parent := start(t, cmd)
			pid := readPID(t, lines)
			if err := parent.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			<-parent.Done()
			if watched {
				eventually(t, "the watcher has ended", contains(file, "ended"))
				return
			}
			// Twice the time that a watcher takes.
			for deadline := time.Now().Add(500 * time.Millisecond); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
				if !alive(pid) {
					t.Fatal("it ended with a parent that is not go")
				}
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWatchParentCanBeCancelled(t *testing.T) {
	ctx, cancel := childproc.WatchParent(t.Context())
	if err := ctx.Err(); err != nil {
		t.Error(err)
	}
	cancel()
	<-ctx.Done()
}

func copyProgram(t *testing.T, path string) {
	t.Helper()
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, program, 0o700); err != nil {
		t.Fatal(err)
	}
}
