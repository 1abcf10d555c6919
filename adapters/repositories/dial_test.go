package repositories

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"pgtrunk.io/registry/core/fault"
)

// What resolves to this machine is refused by the dialer that production has, whatever the name is.
func TestNamesOfThisMachine(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}

	reader := New(Options{})
	if reader.transport.Proxy != nil {
		t.Error("a proxy would be a way around the dialer")
	}
	dial := reader.transport.DialContext
	for _, name := range []string{"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"} {
		connection, err := dial(t.Context(), "tcp", name+":"+port)
		if err == nil {
			_ = connection.Close()
			t.Errorf("%s was connected to", name)
		}
		if name != "[::1]" && !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("%s: %v", name, err)
		}
		// As if the names of the hosts had been made to resolve to it.
		reader.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, name+":"+port)
		}
		for _, address := range []string{"https://github.com/o/r", "https://gitlab.com/g/p", "https://codeberg.org/o/r"} {
			if _, err := reader.Readme(t.Context(), address); fault.CodeOf(err) != fault.RepositoryUnavailable {
				t.Errorf("%s as %s: %v", address, name, err)
			}
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}
