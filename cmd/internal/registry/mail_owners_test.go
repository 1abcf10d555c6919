package registry_test

import (
	"context"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/adapters/smtp"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/message"
	"pgtrunk.io/registry/ports"
)

// reachable says that the addresses of users are verified.
func (in *instance) reachable(users ...string) {
	in.t.Helper()
	for _, user := range users {
		in.token(user)
		in.execute("UPDATE accounts SET email = $1 || '@example.org', email_verified = true WHERE name = $1", user)
	}
}

// subjects are those of the letters to an address, in the order in which they came.
func subjects(taken []letter, to string) (subjects []string) {
	for _, got := range taken {
		if got.to == to+"@example.org" {
			subjects = append(subjects, got.subject)
		}
	}
	return subjects
}

// Owners hear of what touches their project, and who comes or goes hears of that.
func TestOwnersHearByMail(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	in.reachable("alice", "bob", "carol")
	step := func(what, method, path, user, body string) {
		t.Helper()
		if a := in.call(method, path, in.token(user), body); a.status >= http.StatusMultipleChoices {
			t.Fatalf("%s: %d %s", what, a.status, a.body)
		}
	}
	expect := func(what string, alice, bob []string) {
		t.Helper()
		holds := func(got, want []string) bool {
			return slices.EqualFunc(got, want, strings.HasPrefix)
		}
		taken := post.wait(t, what, func(taken []letter) bool { return len(taken) >= len(alice)+len(bob) })
		if a, b := subjects(taken, "alice"), subjects(taken, "bob"); !holds(a, alice) || !holds(b, bob) {
			t.Fatalf("%s: alice has %q, bob %q", what, a, b)
		}
	}
	const project = "/api/v1/trunk-projects/owned"
	in.publish("alice", archivetest.Build{Project: "owned", Version: "1.0.0"}, nil)
	// The first owner comes with the first build.
	post.wait(t, "the first build", func(taken []letter) bool { return len(taken) >= 1 })
	eventually(t, "announced", func() bool {
		return in.count("SELECT count(*) FROM river_job WHERE kind IN ('announce', 'deliver') AND finalized_at IS NULL") == 0
	})
	var bob []string
	alice := subjects(post.wait(t, "so far", func([]letter) bool { return true }), "alice")
	if !slices.ContainsFunc(alice, func(subject string) bool { return strings.Contains(subject, "owned 1.0.0") }) {
		t.Fatalf("alice has %q", alice)
	}
	step("invite", http.MethodPost, project+"/owners", "alice", `{"user": "bob"}`)
	step("accept", http.MethodPost, "/api/v1/me/invitations/owned/accept", "bob", "")
	alice, bob = append(alice, "bob"), append(bob, "bob")
	expect("bob came", alice, bob)
	in.publish("bob", archivetest.Build{Project: "owned", Version: "1.1.0"}, nil)
	alice, bob = append(alice, "owned 1.1.0"), append(bob, "owned 1.1.0")
	expect("published", alice, bob)
	step("yank", http.MethodPost, project+"/version/1.1.0/yank", "alice", `{"reason": "It loses rows."}`)
	alice, bob = append(alice, "owned 1.1.0"), append(bob, "owned 1.1.0")
	expect("yanked", alice, bob)
	step("remove", http.MethodDelete, project+"/owners/bob", "alice", "")
	alice, bob = append(alice, "bob"), append(bob, "bob")
	expect("bob went", alice, bob)
	taken := post.wait(t, "all", func([]letter) bool { return true })
	if got := subjects(taken, "carol"); len(got) > 0 {
		t.Errorf("carol, who has nothing to do with it, has %q", got)
	}
	for _, got := range taken {
		if strings.Contains(got.text, "yanked") && !strings.Contains(got.text, "It loses rows.") {
			t.Errorf("no reason is given:\n%s", got.text)
		}
	}
}

// Whoever has a new token hears of it, and a week before it ends once more, once.
func TestTokensAreToldOfByMail(t *testing.T) {
	post := newPost(t)
	in := serve(t, posting(post))
	in.reachable("alice")
	ends := time.Now().AddDate(0, 0, 20).UTC().Format(time.RFC3339)
	if a := in.call(http.MethodPost, "/api/v1/tokens", in.token("alice"), `{"name": "CI of pgmq", "expires_at": "`+ends+`"}`); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	made := post.wait(t, "made", func(taken []letter) bool { return len(taken) == 1 })[0]
	if made.to != "alice@example.org" || !strings.Contains(made.text, "CI of pgmq") || strings.Contains(made.text, "trunk_") {
		t.Errorf("to %s:\n%s", made.to, made.text)
	}
	service := registry.Mail(withQueue(t, in.cfg.Database.URL))
	remind := func(days int) {
		t.Helper()
		service.Now = func() time.Time { return time.Now().AddDate(0, 0, days) }
		if err := service.TellOfEndingTokens(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	remind(12)
	if told := in.count("SELECT count(*) FROM letters WHERE topic LIKE '%/ending'"); told != 0 {
		t.Errorf("%d letters came too early", told)
	}
	remind(14)
	remind(15)
	ending := post.wait(t, "ending", func(taken []letter) bool { return len(taken) >= 2 })[1]
	if !strings.Contains(ending.text, "CI of pgmq") || ending.subject == made.subject {
		t.Errorf("%s\n%s", ending.subject, ending.text)
	}
	if told := in.count("SELECT count(*) FROM letters WHERE topic LIKE '%/ending'"); told != 1 {
		t.Errorf("%d letters tell of one end", told)
	}
}

// withQueue opens a database so that what is posted there is sent.
func withQueue(t *testing.T, database string) *postgres.Store {
	t.Helper()
	queue, err := jobs.NewQueue(true)
	if err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), postgres.Config{URL: database, Queue: queue})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// A server that will have a letter later is asked for two days, less and less often, and not after that.
func TestTriedForTwoDays(t *testing.T) {
	post := newPost(t)
	post.refuse = func(string, int) error {
		return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}
	}
	address, err := smtp.ParseURL("smtp://" + post.address + "?starttls=off")
	if err != nil {
		t.Fatal(err)
	}
	mailer, err := smtp.New(smtp.Config{URL: address, From: &mail.Address{Address: "releases@registry.example"}, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer mailer.Close()
	store := withQueue(t, pgtest.URL(t))
	begin := time.Now().UTC().Truncate(time.Second)
	clock := begin
	service := registry.Mail(store)
	service.Mailer, service.Domain = mailer, "registry.example"
	service.Writer = &message.Writer{Public: &url.URL{Scheme: "https", Host: "registry.example"}, Domain: "registry.example"}
	service.Now, service.Chance = func() time.Time { return clock }, func() float64 { return 0.5 }
	draft := ports.LetterDraft{ID: "01a216b7-5d9d-795c-be19-0b77e46921b9", Kind: ports.ManageLetter, Topic: "manage/1", At: begin}
	err = store.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		who, err := tx.EnsureRecipient(ctx, "01a216b7-5d9d-795c-be19-0b77e46921b8", "ada@example.org", begin)
		if err != nil {
			return err
		}
		draft.RecipientID = who.ID
		_, err = tx.PostLetter(ctx, draft)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var before time.Duration
	for tries := 1; ; tries++ {
		again, err := service.Deliver(t.Context(), draft.ID)
		if err != nil {
			t.Fatal(err)
		}
		letter, _, err := store.Letter(t.Context(), draft.ID)
		if err != nil || letter.Attempts != tries {
			t.Fatalf("after %d tries it is %+v: %v", tries, letter, err)
		}
		if again == 0 {
			if took := clock.Sub(begin); letter.State != ports.LetterDead || took < 43*time.Hour || took > 48*time.Hour || tries > 40 {
				t.Errorf("given up after %s and %d tries: %s", took, tries, letter.State)
			}
			break
		}
		if letter.State != ports.LetterQueued || again < before || again > 4*time.Hour {
			t.Fatalf("%s, and again after %s and %s", letter.State, before, again)
		}
		before, clock = again, clock.Add(again)
	}
}

// A letter for a subscription that has ended is sent for another by which its news concerns the same person.
func TestFollowedOtherwise(t *testing.T) {
	post := newPost(t)
	refusing := true
	post.refuse = func(string, int) error {
		if refusing {
			return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}
		}
		return nil
	}
	cfg := configure(t, posting(post))
	cfg.FirstPause = 100 * time.Millisecond
	in := serveConfig(t, cfg)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	in.followers("told", "both", 1, 1, false)
	in.execute(`INSERT INTO subscriptions (id, recipient_id, owner_id, prereleases, digest, withdrawals, created_at, confirmed_at)
		SELECT gen_random_uuid(), r.id, a.id, false, true, false, now(), now() FROM recipients r, accounts a WHERE r.address = 'both1@example.org' AND a.name = 'alice'`)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	eventually(t, "tried", func() bool { return in.count("SELECT count(*) FROM letters WHERE attempts > 0") == 1 })
	in.execute("DELETE FROM subscriptions WHERE project_id IS NOT NULL")
	post.mu.Lock()
	refusing = false
	post.mu.Unlock()
	got := post.wait(t, "told", func(taken []letter) bool { return len(taken) == 1 })[0]
	if !strings.Contains(got.text, "the projects of alice") {
		t.Errorf("it says\n%s", got.text)
	}
}
