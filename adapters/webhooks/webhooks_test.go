package webhooks

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"pgtrunk.io/registry/ports"
)

func message(url string) ports.WebhookMessage {
	return ports.WebhookMessage{URL: url, ID: "id-1", Timestamp: 1614265330, Signature: "v1,a", Body: []byte(`{"kind":"ping"}`)}
}

func send(t *testing.T, s *Sender, url string) ports.WebhookAnswer {
	t.Helper()
	answer, err := s.Send(t.Context(), message(url))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestWhatIsSent(t *testing.T) {
	var got *http.Request
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read, _ := io.ReadAll(r.Body)
		got, body = r, string(read)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	if answer := send(t, New(Options{Loopback: true}), server.URL+"/hook?token=1"); answer != (ports.WebhookAnswer{Status: http.StatusNoContent}) {
		t.Errorf("got %+v", answer)
	}
	for name, want := range map[string]string{
		"Webhook-Id": "id-1", "Webhook-Timestamp": "1614265330", "Webhook-Signature": "v1,a", "Content-Type": "application/json",
	} {
		if value := got.Header.Get(name); value != want {
			t.Errorf("%s: %q, want %q", name, value, want)
		}
	}
	if got.Method != http.MethodPost || got.URL.RequestURI() != "/hook?token=1" || body != `{"kind":"ping"}` {
		t.Errorf("%s %s %s", got.Method, got.URL, body)
	}
}

// Only a status of success is one; of what is answered the beginning is kept, as harmless text.
func TestAnswers(t *testing.T) {
	var status int
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			t.Error("a redirect was followed")
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	s := New(Options{Loopback: true})
	for _, c := range []struct {
		status     int
		body, want string
		fails      bool
	}{
		{200, "ok", "ok", false},
		{299, "", "", false},
		{302, "", "", true},
		{308, "", "", true},
		{404, "no\x00\x1b[31m\xff\r\nsuch\tthing", "no[31m\nsuch\tthing", true},
		{410, "", "", true},
		{500, strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<10), true},
	} {
		status, body = c.status, c.body
		if answer := send(t, s, server.URL); answer.Status != c.status || answer.Beginning != c.want || (answer.Error != "") != c.fails {
			t.Errorf("%d: got %d %q %q", c.status, answer.Status, answer.Error, answer.Beginning)
		}
	}
}

// Who does not answer is not waited for, and nobody's end is a failure of the receiver.
func TestSilence(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer server.Close()
	defer close(over)
	s := New(Options{Loopback: true, Deadline: 50 * time.Millisecond})
	if answer := send(t, s, server.URL); answer.Status != 0 || !strings.Contains(answer.Error, "within 50ms") {
		t.Errorf("got %+v", answer)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Send(ctx, message(server.URL)); err == nil {
		t.Error("a call that was given up has an answer")
	}
	if answer := send(t, s, "http://127.0.0.1:1/"); answer.Status != 0 || answer.Error == "" || strings.Contains(answer.Error, "http://") {
		t.Errorf("nobody there: %+v", answer)
	}
}

// No private address is called, also where a name that looks like others leads there.
func TestPrivateAddresses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	s := New(Options{Resolver: resolving(t, [4]byte{127, 0, 0, 1}), Deadline: 2 * time.Second})
	for _, host := range []string{"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "hooks.example.org"} {
		if answer := send(t, s, "http://"+host+port); answer.Status != 0 || !strings.Contains(answer.Error, "not a public address") {
			t.Errorf("%s: %+v", host, answer)
		}
	}
}

// resolving is a name server that has one address for every name.
func resolving(t *testing.T, address [4]byte) *net.Resolver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var asked dnsmessage.Message
			if asked.Unpack(packet[:n]) != nil {
				continue
			}
			asked.Response, asked.Additionals = true, nil
			for _, q := range asked.Questions {
				if q.Type == dnsmessage.TypeA {
					asked.Answers = append(asked.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: address},
					})
				}
			}
			if packed, err := asked.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}
