package smtp

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/core/fault"
)

// startSecure starts a server that begins with TLS, or offers STARTTLS, and takes letters from whoever has signed in over
// it. It gives the server, its address and what trusts it.
func startSecure(t *testing.T, implicit bool) (*server, string, *tls.Config) {
	t.Helper()
	// For its certificate, which is one for 127.0.0.1.
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	trust := x509.NewCertPool()
	trust.AddCert(certified.Certificate())
	s := &server{}
	running := gosmtp.NewServer(s)
	running.Domain = "localhost"
	running.TLSConfig = &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving := listener
	if implicit {
		serving = tls.NewListener(listener, running.TLSConfig)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = running.Serve(serving) }()
	t.Cleanup(func() { _, _ = running.Close(), listener.Close(); <-ended })
	return s, listener.Addr().String(), &tls.Config{RootCAs: trust, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// A letter goes over TLS with a password, and to nobody whose certificate is not trusted.
func TestTLS(t *testing.T) {
	for name, c := range map[string]struct {
		implicit    bool
		begin, rest string
	}{
		"TLS":                    {true, "smtps://trunk:secret@", ""},
		"STARTTLS":               {false, "smtp://trunk:secret@", ""},
		"STARTTLS where offered": {false, "smtp://trunk:secret@", "?starttls=opportunistic"},
	} {
		s, address, trusting := startSecure(t, c.implicit)
		for _, who := range []struct {
			url  string
			with *tls.Config
			want fault.Code
		}{
			{c.begin + address + c.rest, trusting, ""},
			{c.begin + address + c.rest, nil, fault.MailUnavailable},
			{strings.Replace(c.begin, "secret", "wrong", 1) + address + c.rest, trusting, fault.MailUnavailable},
		} {
			u, err := ParseURL(who.url)
			if err != nil {
				t.Fatal(err)
			}
			m, err := New(Config{URL: u, From: &mail.Address{Address: "releases@registry.example"}, TLS: who.with, Timeout: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			before := len(s.taken)
			err = m.Send(t.Context(), letter())
			m.Close()
			if fault.CodeOf(err) != who.want || len(s.taken)-before != map[bool]int{true: 1}[who.want == ""] {
				t.Errorf("%s, %s: %v, and the server has %d", name, who.url, err, len(s.taken)-before)
			}
		}
		if len(s.users) != 1 || s.users[0] != "trunk" {
			t.Errorf("%s: %q signed in", name, s.users)
		}
	}
}
