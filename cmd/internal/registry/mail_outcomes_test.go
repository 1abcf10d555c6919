package registry_test

import (
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// What a server refuses for good is not sent again by itself, a mailbox that does not exist gets nothing more, and whoever
// has unfollowed while the letter waited gets nothing; what was given up is sent again when somebody asks for it.
func TestWhatBecomesOfLetters(t *testing.T) {
	post := newPost(t)
	refusing := true
	post.refuse = func(to string, _ int) error {
		switch {
		case to == "gone1@example.org":
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case to == "policy1@example.org" && refusing:
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: "not from you"}
		case to == "late1@example.org" && refusing:
			return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}
		}
		return nil
	}
	cfg := configure(t, posting(post))
	cfg.FirstPause = 100 * time.Millisecond
	in := serveConfig(t, cfg)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	for _, who := range []string{"gone", "policy", "late", "fine"} {
		in.followers("told", who, 1, 1, false)
	}
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	state := func(who string) string {
		return in.text("SELECT coalesce(string_agg(state || ' ' || attempts || ' ' || coalesce(answer, ''), ','), '') FROM letters l JOIN recipients r ON r.id = l.recipient_id WHERE r.address LIKE '" + who + "%' AND l.topic = 'release/told/1.1.0'")
	}
	eventually(t, "each has its outcome", func() bool {
		return strings.HasPrefix(state("gone"), "dead 1") && strings.HasPrefix(state("policy"), "dead 1") && strings.HasPrefix(state("fine"), "sent 1") &&
			strings.HasPrefix(state("late"), "queued") && !strings.HasPrefix(state("late"), "queued 0")
	})
	if closed := in.text("SELECT string_agg(address, ',') FROM recipients WHERE closed_reason = 'bounced'"); closed != "gone1@example.org" {
		t.Errorf("closed are %s", closed)
	}
	if !strings.Contains(state("policy"), "5.7.1") || !strings.Contains(state("late"), "4.7.1") {
		t.Errorf("the answers are %q, %q", state("policy"), state("late"))
	}
	// One unfollows while the letter waits to be tried again.
	in.execute("DELETE FROM subscriptions s USING recipients r WHERE r.id = s.recipient_id AND r.address = 'late1@example.org'")
	post.mu.Lock()
	refusing = false
	post.mu.Unlock()
	eventually(t, "dropped", func() bool { return strings.HasPrefix(state("late"), "dropped") })
	// What was refused is sent when somebody asks for it; the mailbox that is closed still gets nothing.
	queue, err := jobs.NewQueue(true)
	if err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), postgres.Config{URL: in.cfg.Database.URL, MaxConns: 1, Queue: queue})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	service := registry.Mail(store)
	if dead, err := service.Failed(t.Context(), 10); err != nil || len(dead) != 2 {
		t.Fatalf("dead are %v, %v", dead, err)
	}
	if retried, err := service.Retry(t.Context(), nil); err != nil || len(retried) != 2 {
		t.Fatalf("retried are %v, %v", retried, err)
	}
	eventually(t, "sent again", func() bool {
		return strings.HasPrefix(state("policy"), "sent 2") && strings.HasPrefix(state("gone"), "dropped")
	})
	for _, got := range post.wait(t, "all", func([]letter) bool { return true }) {
		if got.to != "fine1@example.org" && got.to != "policy1@example.org" {
			t.Errorf("%s got a letter", got.to)
		}
	}
}

// Two processes over one database send every letter once, and the day's letters in one.
func TestTwoProcessesSendOnce(t *testing.T) {
	const followers = 200
	post := newPost(t)
	one := serve(t, posting(post))
	one.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	one.followers("told", "f", 1, followers, false)
	one.followers("told", "daily", 1, 20, true)
	other := serveConfig(t, one.cfg)
	one.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	other.publish("alice", archivetest.Build{Project: "told", Version: "1.2.0"}, nil)
	post.wait(t, "at once", func(taken []letter) bool { return len(taken) >= 2*followers })
	eventually(t, "wait", func() bool { return one.count("SELECT count(*) FROM letters WHERE state = 'waiting'") == 40 })
	service := registry.Mail(func() *postgres.Store {
		queue, err := jobs.NewQueue(true)
		if err != nil {
			t.Fatal(err)
		}
		store, err := postgres.Open(t.Context(), postgres.Config{URL: one.cfg.Database.URL, Queue: queue})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(store.Close)
		return store
	}())
	// It is not their hour yet, then it is, at both processes.
	if err := service.Digest(t.Context()); err != nil || one.count("SELECT count(*) FROM letters WHERE state = 'waiting'") != 40 {
		t.Fatalf("too early: %v", err)
	}
	service.Now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	done := make(chan error, 2)
	for range 2 {
		go func() { done <- service.Digest(t.Context()) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	taken := post.wait(t, "digests", func(taken []letter) bool { return len(taken) >= 2*followers+20 })
	eventually(t, "settled", func() bool {
		return one.count("SELECT count(*) FROM letters WHERE state IN ('queued', 'waiting')") == 0
	})
	seen := map[string]int{}
	for _, got := range taken {
		if seen[got.to+got.subject]++; seen[got.to+got.subject] > 1 {
			t.Errorf("%s got %q twice", got.to, got.subject)
		}
		if strings.HasPrefix(got.to, "daily") && (!strings.Contains(got.text, "told 1.1.0") || !strings.Contains(got.text, "told 1.2.0")) {
			t.Errorf("the digest says\n%s", got.text)
		}
	}
	if len(taken) != 2*followers+20 {
		t.Errorf("%d letters", len(taken))
	}
}
