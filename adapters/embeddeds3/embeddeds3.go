// Package embeddeds3 runs a real S3 server, versitygw, for development and tests. The gateway changes the working
// directory of its process and can be there only once, so it runs in a child process: our own program, started again.
// A main function that uses this package calls ServeIfChild first.
package embeddeds3

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"pgtrunk.io/registry/adapters/childproc"
)

// Options says where objects are kept and who is told what.
type Options struct {
	// Dir is the folder of everything; it is made where it is missing.
	Dir string
	// Log is told what is worth showing; nil tells nobody.
	Log func(string)
}

// Server is a running S3 server. Its keys are made at the first start in a folder: a bucket belongs to them.
type Server struct {
	// Endpoint is its address, such as http://127.0.0.1:9000; it takes buckets in the path.
	Endpoint string
	// Region, AccessKey and SecretKey are what a client signs with.
	Region, AccessKey, SecretKey string

	child *childproc.Child
	log   *os.File
}

// settings are what the child is told, on its standard input: the arguments of a process can be read by everybody.
type settings struct {
	Dir        string `json:"dir"`
	Address    string `json:"address"`
	Region     string `json:"region"`
	AccessKey  string `json:"access_key"`
	SecretKey  string `json:"secret_key"`
	HealthPath string `json:"health_path"`
}

const (
	// childMark in the environment makes a process the server.
	childMark = "TRUNK_EMBEDDED_S3"
	region    = "us-east-1"
	// startTimeout bounds one attempt to start, stopGrace how long the server may take to end.
	startTimeout = 10 * time.Second
	stopGrace    = 5 * time.Second
	// attempts at a free port: another process may take the one that was just found.
	attempts = 3
)

// Start starts a server at a free port of 127.0.0.1 and returns when it answers. It ends with Close, or with this
// process.
//
// Errors: a folder that cannot be made, a server that does not come up, with the end of its log.
func Start(ctx context.Context, options Options) (*Server, error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the folder of the object store: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, objectsDir), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the object store: %w", err)
	}
	for attempt := 1; ; attempt++ {
		server, err := start(ctx, dir)
		if err == nil || attempt == attempts || ctx.Err() != nil {
			return server, err
		}
		if options.Log != nil {
			options.Log(fmt.Sprintf("starting the object store again: %v", err))
		}
	}
}

func start(ctx context.Context, dir string) (_ *Server, err error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(dir)
	if err != nil {
		return nil, err
	}
	set := settings{
		Dir: dir, Address: address, Region: region, AccessKey: owner.AccessKey, SecretKey: owner.SecretKey, HealthPath: "/" + rand.Text(),
	}
	input, err := json.Marshal(set) //nolint:gosec // the keys are what the child is to be told
	if err != nil {
		return nil, fmt.Errorf("encode the settings of the object store: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "server.log"))
	if err != nil {
		return nil, fmt.Errorf("make the log of the object store: %w", err)
	}
	cmd := exec.Command(program) //nolint:noctx // it ends with Close, after everything that still needs it
	cmd.Env = append(os.Environ(), childMark+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), log, log
	child, err := childproc.Start(cmd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the object store: %w", err), log.Close())
	}
	server := &Server{
		Endpoint: "http://" + address, Region: set.Region, AccessKey: set.AccessKey, SecretKey: set.SecretKey, child: child, log: log,
	}
	if err := server.awaitAnswer(ctx, set.HealthPath); err != nil {
		return nil, errors.Join(fmt.Errorf("the object store did not start: %w\n%s", err, tail(log.Name())), server.Close())
	}
	return server, nil
}

// owner is who the buckets of a folder belong to.
type owner struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
}

// ownerOf reads the owner of a folder, or makes one.
func ownerOf(dir string) (owner, error) {
	path := filepath.Join(dir, "owner.json")
	known, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if known, err = json.Marshal(owner{rand.Text(), rand.Text()}); err == nil { //nolint:gosec // for the owner alone to read
			err = os.WriteFile(path, known, 0o600)
		}
	}
	if err != nil {
		return owner{}, fmt.Errorf("keep the keys of the object store: %w", err)
	}
	var o owner
	if err := json.Unmarshal(known, &o); err != nil {
		return owner{}, fmt.Errorf("read %s: %w", path, err)
	}
	return o, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

// awaitAnswer waits until the server answers at its health path, which nobody else knows: another process at the same
// port would answer something else.
func (s *Server) awaitAnswer(ctx context.Context, healthPath string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint+healthPath, nil)
		if err != nil {
			return fmt.Errorf("ask the object store: %w", err)
		}
		if response, err := client.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.child.Done():
			return fmt.Errorf("it ended: %w", s.child.Err())
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
		}
	}
}

// Close ends the server.
func (s *Server) Close() error {
	return errors.Join(s.child.Stop(syscall.SIGTERM, stopGrace), s.log.Close())
}

// BucketPath is where a server with this folder keeps a bucket's objects, by their keys.
func BucketPath(dir, bucket string) string { return filepath.Join(dir, objectsDir, bucket) }

// tail gives the end of a log.
func tail(path string) string {
	const most = 2000
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-most):])
}
