package smtp

import (
	"errors"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// server is a mail server whose answers a test says.
type server struct {
	mu          sync.Mutex
	rcpt, data  error
	taken       []string
	connections int
	// users have signed in.
	users []string
}

// NewSession begins a connection.
func (s *server) NewSession(*gosmtp.Conn) (gosmtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections++
	return &session{s}, nil
}

type session struct{ *server }

func (*session) Reset()                                   {}
func (*session) Logout() error                            { return nil }
func (*session) Mail(string, *gosmtp.MailOptions) error   { return nil }
func (s *session) Rcpt(string, *gosmtp.RcptOptions) error { return s.rcpt }
func (*session) AuthMechanisms() []string                 { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "trunk" || password != "secret" {
			return errors.New("wrong")
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.users = append(s.users, user)
		return nil
	}), nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, string(text))
	return s.data
}

func start(t *testing.T) (*server, string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{}
	running := gosmtp.NewServer(s)
	running.Domain, running.AllowInsecureAuth = "localhost", true
	ended := make(chan struct{})
	go func() { defer close(ended); _ = running.Serve(listener) }()
	t.Cleanup(func() { _, _ = running.Close(), listener.Close(); <-ended })
	return s, listener.Addr().String()
}

func mailer(t *testing.T, url string) *Mailer {
	t.Helper()
	u, err := ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(Config{URL: u, From: &mail.Address{Name: "Trunk", Address: "releases@registry.example"}, ReturnPath: "bounces@registry.example", Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func letter() ports.Mail {
	return ports.Mail{
		To: "you@example.org", ID: "1@registry.example", Thread: "project.a@registry.example", Date: time.Unix(0, 0), Subject: "Grüße",
		Text: "text", HTML: "<p>text</p>", List: "<a.registry.example>", Unsubscribe: "https://registry.example/u?t=" + strings.Repeat("a", 200),
	}
}

// What servers answer has one meaning each.
func TestAnswers(t *testing.T) {
	s, address := start(t)
	m := mailer(t, "smtp://"+address+"?starttls=off")
	answer := func(code, a, b, c int) error {
		return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{a, b, c}, Message: "said"}
	}
	for _, c := range []struct {
		rcpt, data error
		want       fault.Code
	}{
		{nil, nil, ""},
		{answer(451, 4, 7, 1), nil, fault.MailUnavailable},
		{answer(421, 4, 3, 2), nil, fault.MailUnavailable},
		{answer(550, 5, 1, 1), nil, fault.MailboxUnknown},
		{answer(550, 5, 1, 10), nil, fault.MailboxUnknown},
		{answer(550, 5, 7, 1), nil, fault.MailRefused},
		{answer(552, 5, 2, 2), nil, fault.MailRefused},
		{nil, answer(552, 5, 3, 4), fault.MailRefused},
		{nil, answer(550, 5, 1, 1), fault.MailRefused},
		{nil, answer(451, 4, 3, 0), fault.MailUnavailable},
		{nil, nil, ""},
	} {
		s.mu.Lock()
		s.rcpt, s.data = c.rcpt, c.data
		s.mu.Unlock()
		if err := m.Send(t.Context(), letter()); fault.CodeOf(err) != c.want {
			t.Errorf("%v, %v: got %v, want %s", c.rcpt, c.data, err, c.want)
		}
	}
	for _, wanted := range []string{
		"List-Unsubscribe: <https://registry.example/u?t=" + strings.Repeat("a", 200) + ">", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
		"Message-ID: <1@registry.example>", "In-Reply-To: <project.a@registry.example>", "Subject: =?UTF-8?", "multipart/alternative",
	} {
		if !strings.Contains(s.taken[0], wanted) {
			t.Errorf("there is no %q in\n%s", wanted, s.taken[0])
		}
	}
	// Only 421 ends a connection.
	if s.connections > 3 {
		t.Errorf("%d connections", s.connections)
	}
}

// A server that is not there, says nothing, or offers less than is asked for is tried again later.
func TestServersThatFail(t *testing.T) {
	_, plain := start(t)
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, url := range map[string]string{
		"nobody": "smtp://127.0.0.1:1?starttls=off", "no STARTTLS": "smtp://" + plain, "no TLS": "smtps://" + plain,
		"a wrong password": "smtp://trunk:wrong@" + plain + "?starttls=off", "silence": "smtp://" + silent.Addr().String() + "?starttls=off",
	} {
		if err := mailer(t, url).Send(t.Context(), letter()); fault.CodeOf(err) != fault.MailUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing that a letter is about adds a line to its header.
func TestHeaderInjection(t *testing.T) {
	s, address := start(t)
	m := mailer(t, "smtp://"+address+"?starttls=off")
	for _, evil := range []string{
		"a\r\nBcc: victim@example.org", "a\nBcc: victim@example.org", "a\rBcc: victim@example.org", "a\r\n\r\nbody", "a\x00b", "a\u2028Bcc: x", "a\u0085Bcc: x", "a\vb",
	} {
		for name, set := range map[string]func(*ports.Mail){
			"to": func(l *ports.Mail) { l.To = evil }, "id": func(l *ports.Mail) { l.ID = evil }, "thread": func(l *ports.Mail) { l.Thread = evil },
			"subject": func(l *ports.Mail) { l.Subject = evil }, "list": func(l *ports.Mail) { l.List = evil },
			"unsubscribe": func(l *ports.Mail) { l.Unsubscribe = evil },
		} {
			l := letter()
			set(&l)
			if err := m.Send(t.Context(), l); fault.CodeOf(err) != fault.MailRefused {
				t.Errorf("%s %q: %v", name, evil, err)
			}
		}
	}
	if len(s.taken) > 0 {
		t.Errorf("the server got %q", s.taken)
	}
}
