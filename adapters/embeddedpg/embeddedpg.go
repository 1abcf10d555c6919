// Package embeddedpg runs a PostgreSQL server of our own for development and tests: no container, no system service, nothing
// to set up. It uses the PostgreSQL of the system, or fetches one, once. The server ends with us, however we end (on Linux).
//
// It is not for production: whoever reaches 127.0.0.1 is the superuser.
package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pgtrunk.io/registry/adapters/childproc"
)

// Options says where a server keeps what.
type Options struct {
	// DataDir holds the databases; it is made when it is missing. DataDir.lock and DataDir.log stand beside it.
	DataDir string
	// CacheDir keeps a PostgreSQL that had to be fetched; "" is trunk-registry/postgres in the user's cache directory.
	CacheDir string
	// Log gets sentences worth showing to a person; nil drops them.
	Log func(string)
	// Durable is for data that shall survive a crash of the machine. Tests are faster without.
	Durable bool
}

// Server is a running PostgreSQL.
type Server struct {
	installation Installation
	account      account
	dataDir      string
	durable      bool
	port         int
	child        *childproc.Child
	unlock       func() error
	close        func() error
}

// Start starts a server and returns when it answers. A data directory of an earlier start is used again. The server outlives
// ctx, which bounds the start alone. Two servers never share a data directory: the second waits 5 s for the first to end.
//
// Errors: no PostgreSQL here and none to be fetched, a data directory that is in use, of another major version or of another
// user, a server that does not start (with the end of its log).
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = func(string) {}
	}
	installation, err := FindInstallation(ctx, opts.CacheDir, opts.Log)
	if err != nil {
		return nil, err
	}
	return start(ctx, opts, installation, accounts())
}

// start is Start with a given PostgreSQL, run as the first of the accounts that can.
func start(ctx context.Context, opts Options, installation Installation, accounts []account) (server *Server, err error) {
	dataDir, err := resolve(opts.DataDir)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, dataDir+".lock", patience)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("another process uses the data directory %s: stop it or choose another directory", dataDir)
	} else if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, unlock())
		}
	}()
	account, err := choose(ctx, accounts, installation, dataDir)
	if err != nil {
		return nil, err
	}
	server = &Server{installation: installation, account: account, dataDir: dataDir, durable: opts.Durable, unlock: unlock}
	server.close = sync.OnceValue(server.stop)
	if err := server.prepareData(ctx, opts.Log); err != nil {
		return nil, err
	}
	if err := server.launch(ctx); err != nil {
		return nil, err
	}
	return server, nil
}

// resolve makes the path absolute and the folder around it. Programs of PostgreSQL run in "/", and the server tells its data
// directory as it was given, so there must be one way to write it.
func resolve(dataDir string) (string, error) {
	if dataDir == "" {
		return "", errors.New("no data directory is given")
	}
	path, err := filepath.Abs(dataDir)
	if err != nil {
		return "", fmt.Errorf("find the data directory: %w", err)
	}
	//nolint:gosec // G301: others may pass through, as `nobody` must; the data directory itself is closed to them
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return "", fmt.Errorf("make the folder of the data directory: %w", err)
	}
	// One lock for one place, whatever links lead there.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target, nil
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("find the data directory: %w", err)
	}
	return filepath.Join(parent, filepath.Base(path)), nil
}

// Installation is the PostgreSQL that the server runs.
func (s *Server) Installation() Installation { return s.installation }

// URL is the connection string of a database, for the superuser.
func (s *Server) URL(database string) string { return databaseURL(s.port, database) }

func databaseURL(port int, database string) string {
	address := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return address.String()
}

// CreateDatabase makes an empty database unless it exists.
//
// Errors: the server does not answer, a name that PostgreSQL refuses.
func (s *Server) CreateDatabase(ctx context.Context, name string) (err error) {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if err == nil || exists(err) {
		return nil
	}
	return fmt.Errorf("create the database %s: %w", name, err)
}

// exists: whoever loses a race against another CREATE DATABASE hears of the catalogue's unique index (23505) instead of 42P04.
func exists(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (refused.Code == "42P04" || refused.Code == "23505")
}

// Close ends the server: connections are cut, transactions rolled back, and what was committed is on disk. It may be called
// more than once.
//
// Errors: the server had ended before (with the end of its log), or did not end when asked.
func (s *Server) Close() error { return s.close() }

func (s *Server) stop() error {
	select {
	case <-s.child.Done():
		return errors.Join(fmt.Errorf("stop PostgreSQL: %w%s", s.ended(), s.logTail()), s.unlock())
	default:
	}
	return errors.Join(s.shutDown(), s.unlock())
}

// shutDown asks for a fast shutdown first and for an immediate one (which costs a recovery at the next start) after a while.
func (s *Server) shutDown() error {
	_ = s.child.Signal(syscall.SIGINT) // It may end this very moment, which is what we want.
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	select {
	case <-s.child.Done():
		return nil
	case <-timer.C:
		return s.child.Stop(syscall.SIGQUIT, 5*time.Second)
	}
}
