package registry_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// followersToTell is how many followers are told of a publish while everything goes wrong. MAIL_FOLLOWERS=10000 asks for so many.
func followersToTell(t *testing.T) int {
	t.Helper()
	asked := os.Getenv("MAIL_FOLLOWERS")
	if asked == "" {
		return 600
	}
	n, err := strconv.Atoi(asked)
	if err != nil {
		t.Fatalf("MAIL_FOLLOWERS: %v", err)
	}
	return n
}

// The mail server refuses every third connection, wants every seventh letter later and is away for a while, and the process
// is killed three times: everybody gets the letter, and at most those that were being handed over at a kill get it twice.
func TestEverybodyIsToldWhateverHappens(t *testing.T) {
	const kills, parallel = 3, 8
	n := followersToTell(t)
	away := 3 * time.Second
	if n >= 10_000 {
		away = 20 * time.Second
	}
	post := newPost(t)
	var until time.Time
	post.connect = func(k int) error {
		if k%3 == 0 || time.Now().Before(until) {
			return &gosmtp.SMTPError{Code: 421, EnhancedCode: gosmtp.EnhancedCode{4, 3, 2}, Message: "not now"}
		}
		return nil
	}
	post.refuse = func(_ string, k int) error {
		switch {
		case time.Now().Before(until):
			return &gosmtp.SMTPError{Code: 421, EnhancedCode: gosmtp.EnhancedCode{4, 3, 2}, Message: "closing"}
		case k%7 == 0:
			return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}
		}
		return nil
	}
	// The process that leads takes up what the dead leave behind: this one, at times, although it sends no letters.
	cfg := configure(t, nil)
	cfg.JobTimeout = 5 * time.Second
	in := serveConfig(t, cfg)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	in.followers("told", "f", 1, n, false)
	child := func() (*exec.Cmd, *instance) {
		process, address := in.child(t, posting(post))
		through := *in
		through.url = address
		return process, &through
	}
	process, at := child()
	start := time.Now()
	at.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	t.Logf("published in %s", time.Since(start))
	for kill := range kills {
		post.wait(t, fmt.Sprint("before kill ", kill+1), func(taken []letter) bool { return len(taken) >= (kill+1)*n/5 })
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait()
		if kill == 1 {
			post.mu.Lock()
			until = time.Now().Add(away)
			post.mu.Unlock()
		}
		process, _ = child()
	}
	count := func(taken []letter) (people map[string]int, twice int) {
		people = map[string]int{}
		for _, got := range taken {
			if people[got.to]++; people[got.to] > 1 {
				twice++
			}
		}
		return people, twice
	}
	taken := post.wait(t, "everybody", func(taken []letter) bool {
		people, _ := count(taken)
		return len(people) == n
	})
	took := time.Since(start)
	// What the dead processes left behind is done by now or is not to be done any more.
	eventuallyWithin(t, "nothing is left", time.Minute+30*time.Second, func() bool {
		return in.count("SELECT count(*) FROM letters WHERE state <> 'sent'") == 0 && in.count("SELECT count(*) FROM river_job WHERE kind = 'deliver' AND finalized_at IS NULL") == 0
	})
	taken = post.wait(t, "the last", func(now []letter) bool { return len(now) >= len(taken) })
	people, twice := count(taken)
	t.Logf("%d followers, %d letters, %d twice, after %s, %d connections, %d tries", len(people), len(taken), twice, took, post.connections, post.tries)
	if twice > kills*parallel {
		t.Errorf("%d letters came twice", twice)
	}
}

// eventuallyWithin waits for a condition.
func eventuallyWithin(t *testing.T, what string, most time.Duration, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(most)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, most)
		}
		<-time.After(100 * time.Millisecond)
	}
}
