package registry_test

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
)

// wire is what lies between a registry and its database, and can be cut.
type wire struct {
	t        *testing.T
	database string
	address  string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	// swallow says that the answer to the next COMMIT is lost, with its connection; swallowed counts them.
	swallow   bool
	swallowed int
}

// newWire gives a wire, and the database's address at its other end.
func newWire(t *testing.T, database string) (*wire, string) {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, database: address.Host, address: "127.0.0.1:0", conns: map[net.Conn]bool{}}
	w.mend()
	address.Host = w.address
	t.Cleanup(w.cut)
	return w, address.String()
}

// mend lets connections through, at the same address as before.
func (w *wire) mend() {
	w.t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.WithoutCancel(w.t.Context()), "tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.listener, w.address = listener, listener.Addr().String()
	w.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(conn)
		}
	}()
}

// cut ends all connections, and lets no other one through.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.listener.Close()
	for conn := range w.conns {
		_ = conn.Close()
	}
	clear(w.conns)
}

func (w *wire) keep(conns ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		w.conns[conn] = true
	}
}

func (w *wire) carry(client net.Conn) {
	server, err := net.Dial("tcp", w.database)
	if err != nil {
		_ = client.Close()
		return
	}
	w.keep(client, server)
	defer func() { _, _ = client.Close(), server.Close() }()
	// lost says that what comes back is not heard of any more.
	lost := make(chan struct{})
	go func() {
		defer func() { _, _ = client.Close(), server.Close() }()
		packet := make([]byte, 64<<10)
		for {
			n, err := server.Read(packet)
			if err != nil {
				return
			}
			select {
			case <-lost:
				// The server has committed, or it would not answer.
				return
			default:
			}
			if _, err := client.Write(packet[:n]); err != nil {
				return
			}
		}
	}()
	packet := make([]byte, 64<<10)
	for {
		n, err := client.Read(packet)
		if err != nil {
			return
		}
		w.mu.Lock()
		if w.swallow && bytes.Contains(packet[:n], []byte("commit\x00")) {
			w.swallow = false
			w.swallowed++
			close(lost)
		}
		w.mu.Unlock()
		if _, err := server.Write(packet[:n]); err != nil {
			return
		}
	}
}

// loseNextCommit loses the answer to a COMMIT that succeeds.
func (w *wire) loseNextCommit() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.swallow = true
}

func (w *wire) lost() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.swallowed
}
