package registry_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// post is a mail server that keeps what it takes, and refuses as a test wants.
type post struct {
	address string
	mu      sync.Mutex
	taken   []letter
	// tries counts what is handed over, connections those that are made.
	tries, connections int
	// refuse may refuse a letter before it is taken, connect a connection; both are called with how many there were.
	refuse  func(to string, n int) error
	connect func(n int) error
	changed chan struct{}
}

type letter struct {
	to, id, subject, text, html string
	header                      mail.Header
}

func newPost(t testing.TB) *post {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{address: listener.Addr().String(), changed: make(chan struct{}, 1)}
	server := gosmtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.ErrorLog = discard{}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(listener) }()
	t.Cleanup(func() { _, _ = server.Close(), listener.Close(); <-ended })
	return p
}

type discard struct{}

// Printf throws away.
func (discard) Printf(string, ...any) {}

// Println throws away.
func (discard) Println(...any) {}

// NewSession begins a connection.
func (p *post) NewSession(*gosmtp.Conn) (gosmtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.connections++
	if p.connect != nil {
		if err := p.connect(p.connections); err != nil {
			return nil, err
		}
	}
	return &postSession{post: p}, nil
}

type postSession struct {
	post *post
	to   string
}

// Reset forgets the letter.
func (s *postSession) Reset() { s.to = "" }

// Logout does nothing.
func (*postSession) Logout() error { return nil }

// Mail takes any sender.
func (*postSession) Mail(string, *gosmtp.MailOptions) error { return nil }

// Rcpt asks the test.
func (s *postSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.to = to
	s.post.tries++
	if s.post.refuse != nil {
		return s.post.refuse(to, s.post.tries)
	}
	return nil
}

// Data keeps the letter, parsed.
func (s *postSession) Data(r io.Reader) error {
	read, err := mail.CreateReader(r)
	if err != nil {
		return err
	}
	got := letter{to: s.to, header: read.Header}
	got.id, _ = read.Header.MessageID()
	got.subject, _ = read.Header.Subject()
	for {
		part, err := read.NextPart()
		if err == io.EOF { //nolint:errorlint // as its documentation has it
			break
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			got.html = string(body)
		} else {
			got.text = string(body)
		}
	}
	s.post.mu.Lock()
	s.post.taken = append(s.post.taken, got)
	s.post.mu.Unlock()
	select {
	case s.post.changed <- struct{}{}:
	default:
	}
	return nil
}

// wait waits until a condition on what was taken holds.
func (p *post) wait(t testing.TB, what string, holds func(taken []letter) bool) []letter {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for {
		p.mu.Lock()
		taken := append([]letter(nil), p.taken...)
		p.mu.Unlock()
		if holds(taken) {
			return taken
		}
		select {
		case <-p.changed:
		case <-ctx.Done():
			t.Fatalf("%s: %d letters were taken", what, len(taken))
		}
	}
}

// posting gives the settings of a registry that sends letters at once.
func posting(p *post) map[string]string {
	return map[string]string{
		"SMTP_URL": "smtp://" + p.address + "?starttls=off", "MAIL_FROM": "Trunk <releases@registry.example>", "MAIL_SETTLE": "0s", "MAIL_RATE": "none",
	}
}

// followers lets addresses follow a project, confirmed.
func (in *instance) followers(project, prefix string, from, to int, digest bool) {
	in.t.Helper()
	in.execute(`WITH r AS (
		INSERT INTO recipients (id, address, created_at) SELECT gen_random_uuid(), $2 || n || '@example.org', now() FROM generate_series($3::int, $4::int) n RETURNING id
	) INSERT INTO subscriptions (id, recipient_id, project_id, prereleases, digest, withdrawals, created_at, confirmed_at)
	SELECT gen_random_uuid(), r.id, p.id, false, $5, true, now(), now() FROM r, projects p WHERE p.name = $1`, project, prefix, from, to, digest)
}

// execute changes the database behind the registry's back.
func (in *instance) execute(statement string, args ...any) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	if _, err := conn.Exec(in.t.Context(), statement, args...); err != nil {
		in.t.Fatal(err)
	}
}

// A publish is told of to whoever follows, once for all builds of a version, and what the letter says can be read and ended.
func TestPublishIsToldOfByMail(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0", Postgres: 17}, nil)
	in.followers("told", "f", 1, 3, false)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0", Postgres: 17}, nil)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0", Postgres: 18}, nil)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.2.0", Postgres: 18}, nil)
	taken := post.wait(t, "two versions, three followers", func(taken []letter) bool { return len(taken) >= 6 })
	seen := map[string]int{}
	for _, got := range taken {
		seen[got.to+" "+got.subject]++
		end := got.header.Get("List-Unsubscribe")
		if got.header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(end, "<"+in.url+"/follow/unsubscribe?t=") ||
			got.header.Get("List-Id") == "" || got.header.Get("References") == "" || got.header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("the header of %s is %v", got.subject, got.header)
		}
		if !strings.Contains(got.text, "sha256") || !strings.Contains(got.html, "sha256") || !strings.Contains(got.text, in.url+"/extensions/told") {
			t.Errorf("the text is\n%s\n%s", got.text, got.html)
		}
		if page := in.get("/extensions/told"); page.status != 200 {
			t.Errorf("its link gives %d", page.status)
		}
	}
	if len(seen) != 6 || len(taken) != 6 {
		t.Errorf("taken are %v", seen)
	}
}

// From asking to unfollowing, by nothing but what letters hold: a link that a scanner opens changes nothing, the button does,
// and one POST without a cookie ends it.
func TestFollowingByMail(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	in.publish("alice", pgmq, nil)
	in.askFor(followPgmq, "ada@example.org", "")
	asked := post.wait(t, "asked", func(taken []letter) bool { return len(taken) == 1 })[0]
	confirm := regexp.MustCompile(regexp.QuoteMeta(in.url) + `/follow/confirm\?t=\S+`).FindString(asked.text)
	if confirm == "" || asked.to != "ada@example.org" {
		t.Fatalf("the letter to %s says\n%s", asked.to, asked.text)
	}
	if a := in.get(confirm); a.status != http.StatusOK || in.count("SELECT count(*) FROM subscriptions WHERE confirmed_at IS NOT NULL") != 0 {
		t.Errorf("opened by a scanner: %d", a.status)
	}
	b := in.browser(t)
	b.open(confirm)
	b.press("Follow pgmq", nil)
	newer := pgmq
	newer.Version = "7.0.0"
	in.publish("alice", newer, nil)
	told := post.wait(t, "told", func(taken []letter) bool { return len(taken) == 2 })[1]
	end := strings.Trim(told.header.Get("List-Unsubscribe"), "<>")
	if a := in.get(end); a.status != http.StatusOK || in.count("SELECT count(*) FROM subscriptions") != 1 {
		t.Errorf("opened by a scanner: %d", a.status)
	}
	a := in.do(http.MethodPost, end, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader("List-Unsubscribe=One-Click"))
	if a.status != http.StatusOK || in.count("SELECT count(*) FROM subscriptions") != 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
	newer.Version = "7.1.0"
	in.publish("alice", newer, nil)
	eventually(t, "announced", func() bool {
		return in.count("SELECT count(*) FROM river_job WHERE kind IN ('announce', 'deliver') AND finalized_at IS NULL") == 0
	})
	if taken := post.wait(t, "no more", func([]letter) bool { return true }); len(taken) != 2 {
		t.Errorf("%d letters", len(taken))
	}
}
