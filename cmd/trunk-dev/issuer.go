package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"pgtrunk.io/registry/adapters/devissuer"
)

// clientID is whom the local issuer makes sign-ins for.
const clientID = "trunk-dev"

// issuer is the local OpenID Connect issuer. Its address is part of who people are, so it stays the same from start to
// start: it is kept in DATA-DIR/issuer.
type issuer struct {
	address string
	server  *http.Server
	ended   chan error
}

// issuerNote is what is kept of the issuer besides its key.
type issuerNote struct {
	Address string `json:"address"`
}

func issuerDir(dataDir string) string { return filepath.Join(dataDir, "issuer") }

func issuerFile(dataDir string) string { return filepath.Join(issuerDir(dataDir), "address.json") }

// readIssuerAddress gives the address of an earlier start, "" before the first.
func readIssuerAddress(dataDir string) (string, error) {
	raw, err := os.ReadFile(issuerFile(dataDir))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the issuer's address: %w", err)
	}
	var note issuerNote
	if err := json.Unmarshal(raw, &note); err != nil {
		return "", fmt.Errorf("read %s: %w", issuerFile(dataDir), err)
	}
	return note.Address, nil
}

// startIssuer serves the local issuer, at the address of an earlier start where there was one.
func startIssuer(ctx context.Context, dataDir string) (*issuer, error) {
	if err := os.MkdirAll(issuerDir(dataDir), 0o700); err != nil {
		return nil, fmt.Errorf("make the issuer's folder: %w", err)
	}
	keys, err := devissuer.Open(issuerDir(dataDir))
	if err != nil {
		return nil, fmt.Errorf("open the local issuer: %w", err)
	}
	address, err := readIssuerAddress(dataDir)
	if err != nil {
		return nil, err
	}
	where := "127.0.0.1:0"
	if address != "" {
		where = address[len("http://"):]
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", where)
	if err != nil {
		return nil, fmt.Errorf("the local issuer has to listen where it did before, since its address is part of who people are (remove %s for another one): %w",
			issuerFile(dataDir), err)
	}
	if address == "" {
		address = "http://" + listener.Addr().String()
		raw, err := json.Marshal(issuerNote{Address: address})
		if err == nil {
			err = os.WriteFile(issuerFile(dataDir), raw, 0o600)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("keep the issuer's address: %w", err), listener.Close())
		}
	}
	i := &issuer{address: address, ended: make(chan error, 1), server: &http.Server{
		Handler: keys.Handler(address), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute,
	}}
	go func() { i.ended <- i.server.Serve(listener) }()
	return i, nil
}

func (i *issuer) close() error {
	err := i.server.Close()
	if ended := <-i.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// tokenCommand prints a sign-in as the local issuer makes it; nothing has to run for it.
type tokenCommand struct {
	User     string        `default:"dev" help:"Who signs in."`
	DataDir  string        `default:".trunk-dev" type:"path" help:"Where the registry keeps everything."`
	Lifetime time.Duration `default:"1h" help:"How long it is good for."`
}

// Run prints a JSON Web Token.
func (c tokenCommand) Run(env *environment) error {
	address, err := readIssuerAddress(c.DataDir)
	if err != nil {
		return err
	}
	if address == "" {
		return fmt.Errorf("there is no local issuer in %s: start trunk-dev once, or name its --data-dir", c.DataDir)
	}
	keys, err := devissuer.Open(issuerDir(c.DataDir))
	if err != nil {
		return fmt.Errorf("open the local issuer: %w", err)
	}
	jwt, err := keys.Mint(address, clientID, c.User, nil, c.Lifetime)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(env.stdout, jwt)
	return nil
}
