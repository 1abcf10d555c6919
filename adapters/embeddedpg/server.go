package embeddedpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/childproc"
)

// readyWithin is generous: after a crash the server reads its log of changes again before it answers.
const readyWithin = time.Minute

var errPortTaken = errors.New("another process took the port")

// launch starts the server on a free port. Between our look for one and the server's bind another process may take it.
func (s *Server) launch(ctx context.Context) error {
	var err error
	for range 5 {
		if s.port, err = freePort(ctx); err != nil {
			return err
		}
		if err = s.try(ctx); !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return err
}

func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener's address is no other
	if err := listener.Close(); err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return port, nil
}

func (s *Server) try(ctx context.Context) error {
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("make the log of PostgreSQL: %w", err)
	}
	// The server has its own copy of the file, so that it can write on after we were killed.
	defer func() { _ = log.Close() }()
	cmd := s.command(ctx, "postgres", s.arguments()...)
	cmd.Stdout, cmd.Stderr = log, log
	if s.child, err = childproc.Start(cmd); err != nil {
		return err
	}
	err = s.ready(ctx)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("start PostgreSQL %s: %w%s", s.installation.Version, err, s.logTail())
	return errors.Join(err, s.child.Stop(syscall.SIGQUIT, 5*time.Second))
}

func (s *Server) arguments() []string {
	arguments := []string{
		"-D", s.dataDir, "-p", strconv.Itoa(s.port),
		// Sockets have short paths only, and TCP serves everyone.
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		// Our log is the server's standard error.
		"-c", "logging_collector=off", "-c", "log_destination=stderr",
	}
	if !s.durable {
		arguments = append(arguments, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return arguments
}

// command is a program of the installation, run by the account and untouched by what our environment says about PostgreSQL.
func (s *Server) command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	// Not ctx itself: it would end the program with SIGKILL, and a server that has started outlives it.
	//nolint:gosec // G204: as in inspect
	cmd := exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(s.installation.BinDir, program), arguments...)
	// Our own directory may be closed to the account.
	cmd.Dir = "/"
	cmd.SysProcAttr = s.account.attributes()
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "PG") || strings.HasPrefix(entry, "LC_") || strings.HasPrefix(entry, "LANG")
	})
	// Databases have the locale that initdb was told. This one is for messages, and keeps macOS from starting threads.
	cmd.Env = append(cmd.Env, "LC_ALL=C")
	return cmd
}

// ready waits until our server answers: another one may answer on the port when ours could not have it.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, readyWithin, fmt.Errorf("no answer for %s", readyWithin))
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	answer := errors.New("it was not asked yet")
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w (the last try: %w)", context.Cause(ctx), answer)
		case <-s.child.Done():
			return s.diedEarly()
		case <-ticker.C:
		}
		var dataDir string
		if dataDir, answer = askDataDir(ctx, s.port); answer == nil {
			if dataDir == s.dataDir {
				return nil
			}
			answer = fmt.Errorf("a server of %s answers on port %d", dataDir, s.port)
		}
	}
}

func (s *Server) diedEarly() error {
	log, err := os.ReadFile(s.logFile())
	if err == nil && bytes.Contains(log, []byte("could not bind ")) {
		return errPortTaken
	}
	return s.ended()
}

// ended says how the server ended.
func (s *Server) ended() error {
	if err := s.child.Err(); err != nil {
		return fmt.Errorf("it has ended by itself: %w", err)
	}
	return errors.New("it was shut down")
}

func askDataDir(ctx context.Context, port int) (dataDir string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, databaseURL(port, "postgres"))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	err = conn.QueryRow(ctx, "SHOW data_directory").Scan(&dataDir)
	return dataDir, err
}

func (s *Server) logFile() string { return s.dataDir + ".log" }

// logTail is the end of the server's log, as the end of an error.
func (s *Server) logTail() string {
	log, err := os.ReadFile(s.logFile())
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	lines = lines[max(0, len(lines)-20):]
	return fmt.Sprintf("; the end of %s:\n  %s", s.logFile(), strings.Join(lines, "\n  "))
}
