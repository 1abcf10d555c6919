package registry_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// receiver is somebody's program that a webhook calls. It takes nothing that is not signed.
type receiver struct {
	t   *testing.T
	url string

	mu      sync.Mutex
	secret  string
	taken   []received
	calls   int
	refuse  func(n int) int
	changed chan struct{}
}

type received struct {
	id   string
	body map[string]any
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, changed: make(chan struct{}, 1)}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

// ServeHTTP verifies as the text of Standard Webhooks has it, without a word of the registry's own code.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls++; r.refuse != nil {
		if status := r.refuse(r.calls); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.secret, "whsec_"))
	if err != nil {
		r.t.Errorf("the secret is %q", r.secret)
	}
	id, timestamp := req.Header.Get("Webhook-Id"), req.Header.Get("Webhook-Timestamp")
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !slices.Contains(strings.Split(req.Header.Get("Webhook-Signature"), " "), want) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	got := received{id: id}
	if err := json.Unmarshal(body, &got.body); err != nil {
		r.t.Errorf("%v: %s", err, body)
	}
	r.taken = append(r.taken, got)
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// wait waits until so many were taken.
func (r *receiver) wait(what string, count int) []received {
	r.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		r.mu.Lock()
		taken := slices.Clone(r.taken)
		r.mu.Unlock()
		if len(taken) >= count {
			return taken
		}
		select {
		case <-r.changed:
		case <-deadline:
			r.t.Fatalf("%s: %d were taken", what, len(taken))
		}
	}
}

// hookView is a webhook as the API shows it.
type hookView struct {
	ID, Secret, URL string
	Active          bool
	DisabledReason  *string `json:"disabled_reason"`
}

// deliveryView is a delivery as the log shows it.
type deliveryView struct {
	ID, Kind, State string
	Attempts        []struct {
		Status *int
		Error  *string
	}
	Answer *string
}

// decoded is an answer's document, of an answer that has to be a success.
func decoded[T any](t *testing.T, a answer) (document T) {
	t.Helper()
	if a.status >= http.StatusMultipleChoices {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// hooked registers a webhook of a user for a receiver.
func (in *instance) hooked(r *receiver, user, more string) hookView {
	in.t.Helper()
	hook := decoded[hookView](r.t, in.call(http.MethodPost, "/api/v1/webhooks", in.token(user), `{"url": "`+r.url+`"`+more+`}`))
	r.mu.Lock()
	r.secret = hook.Secret
	r.mu.Unlock()
	return hook
}

func (in *instance) deliveries(t *testing.T, user, hook string) []deliveryView {
	t.Helper()
	return decoded[struct{ Items []deliveryView }](t, in.call(http.MethodGet, "/api/v1/webhooks/"+hook+"/deliveries", in.token(user), "")).Items
}

// serveHooks starts a registry that calls webhooks on this machine, and sends no letters.
func serveHooks(t *testing.T) (*instance, registry.Config) {
	t.Helper()
	cfg := configure(t, map[string]string{"WEBHOOK_LOOPBACK": "true"})
	cfg.FirstPause = 50 * time.Millisecond
	return serveConfig(t, cfg), cfg
}

// What happens is delivered, signed, in the form of GET /api/v1/events, to whoever asked for that kind of it; also where no
// letters are sent.
func TestWebhooks(t *testing.T) {
	in, _ := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	all, yanks := newReceiver(t), newReceiver(t)
	hook := in.hooked(all, "bob", `, "project": "Told"`)
	in.hooked(yanks, "carol", `, "user": "alice", "kinds": ["yanked"]`)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	in.publish("alice", archivetest.Build{Project: "other", Version: "1.0.0"}, nil)
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/told/version/1.1.0/yank", in.token("alice"), `{"reason": "It loses rows."}`); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	events := decoded[struct{ Items []map[string]any }](t, in.get("/api/v1/events?project=told&limit=100"))
	told := map[string]map[string]any{}
	for _, got := range all.wait("published and yanked", 2) {
		told[got.body["kind"].(string)] = got.body
	}
	for _, event := range events.Items[len(events.Items)-2:] {
		if got := fmt.Sprint(told[event["kind"].(string)]); got != fmt.Sprint(event) {
			t.Errorf("told was %s, the event is %v", got, event)
		}
	}
	if got := yanks.wait("yanked", 1); len(got) != 1 || got[0].body["reason"] != "It loses rows." {
		t.Errorf("got %+v", got)
	}
	var log []deliveryView
	eventually(t, "the log has both", func() bool {
		log = in.deliveries(t, "bob", hook.ID)
		return len(log) == 2 && log[0].State == "delivered" && log[1].State == "delivered"
	})
	if *log[0].Attempts[0].Status != http.StatusOK || log[0].Attempts[0].Error != nil {
		t.Errorf("the log is %+v", log)
	}
	// Again, with the same id; and a ping.
	if again := decoded[deliveryView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/deliveries/"+log[0].ID+"/redeliver", in.token("bob"), "")); again.ID != log[0].ID {
		t.Errorf("again is %+v", again)
	}
	if got := all.wait("again", 3)[2]; got.id != log[0].ID {
		t.Errorf("again came %+v", got)
	}
	decoded[deliveryView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", in.token("bob"), ""))
	if got := all.wait("a ping", 4)[3]; got.body["kind"] != "ping" || got.body["webhook"] != hook.ID {
		t.Errorf("the ping is %+v", got)
	}
	// The secret before counts for a day, so both verify.
	rotated := decoded[hookView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/rotate", in.token("bob"), ""))
	for count, secret := range []string{hook.Secret, rotated.Secret} {
		all.mu.Lock()
		all.secret = secret
		all.mu.Unlock()
		decoded[deliveryView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", in.token("bob"), ""))
		all.wait("signed with both", 5+count)
	}
	if rotated.Secret == hook.Secret || strings.Contains(in.call(http.MethodGet, "/api/v1/webhooks", in.token("bob"), "").body, rotated.Secret) {
		t.Error("the secret is shown again, or is the same")
	}
	// What is removed is told nothing.
	if a := in.call(http.MethodDelete, "/api/v1/webhooks/"+hook.ID, in.token("bob"), ""); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.2.0"}, nil)
	in.worked(t)
	if got := all.wait("no more", 6); len(got) != 6 {
		t.Errorf("%d were taken", len(got))
	}
}

// worked waits until no job is to be done now.
func (in *instance) worked(t *testing.T) {
	t.Helper()
	eventually(t, "done", func() bool {
		return in.count("SELECT count(*) FROM river_job WHERE kind IN ('notify', 'call') AND finalized_at IS NULL") == 0
	})
}

// What a receiver will not have is tried again; whoever is gone is told nothing more until it is enabled.
func TestWebhooksThatFail(t *testing.T) {
	in, _ := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	r := newReceiver(t)
	r.refuse = func(n int) int {
		if n <= 3 {
			return http.StatusInternalServerError
		}
		return 0
	}
	hook := in.hooked(r, "bob", `, "project": "told"`)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	r.wait("at the fourth try", 1)
	in.worked(t)
	log := in.deliveries(t, "bob", hook.ID)
	if len(log) != 1 || log[0].State != "delivered" || len(log[0].Attempts) != 4 || *log[0].Attempts[0].Status != 500 || log[0].Attempts[3].Error != nil {
		t.Errorf("the log is %+v", log)
	}
	r.mu.Lock()
	r.refuse = func(int) int { return http.StatusGone }
	r.mu.Unlock()
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.2.0"}, nil)
	get := func() hookView {
		return decoded[hookView](t, in.call(http.MethodGet, "/api/v1/webhooks/"+hook.ID, in.token("bob"), ""))
	}
	eventually(t, "switched off", func() bool { return !get().Active })
	if reason := get().DisabledReason; reason == nil || *reason != "gone" {
		t.Errorf("it says %v", reason)
	}
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.3.0"}, nil)
	in.worked(t)
	if a := in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", in.token("bob"), ""); a.status != http.StatusConflict || a.code() != "webhook_disabled" {
		t.Errorf("%d %s", a.status, a.body)
	}
	r.mu.Lock()
	calls := r.calls
	r.refuse = nil
	r.mu.Unlock()
	if calls != 5 {
		t.Errorf("it was called %d times", calls)
	}
	if back := decoded[hookView](t, in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/enable", in.token("bob"), "")); !back.Active {
		t.Errorf("enabled it is %+v", back)
	}
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.4.0"}, nil)
	if got := r.wait("enabled", 2)[1]; got.body["version"] != "1.4.0" {
		t.Errorf("got %+v", got)
	}
	// One that has failed for five days is switched off.
	r.mu.Lock()
	r.refuse = func(int) int { return http.StatusBadGateway }
	r.mu.Unlock()
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.5.0"}, nil)
	eventually(t, "failing", func() bool { return in.count("SELECT count(*) FROM webhooks WHERE failing_since IS NOT NULL") == 1 })
	in.execute("UPDATE webhooks SET failing_since = failing_since - interval '5 days'")
	eventually(t, "switched off again", func() bool { return !get().Active })
	if reason := get().DisabledReason; reason == nil || *reason != "failing" {
		t.Errorf("it says %v", reason)
	}
}

// Others' webhooks are not there; bad ones are refused and change nothing.
func TestWebhooksOfOthersAndBadOnes(t *testing.T) {
	in, cfg := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	r := newReceiver(t)
	hook := in.hooked(r, "bob", `, "project": "told"`)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.1.0"}, nil)
	r.wait("one", 1)
	in.worked(t)
	delivery := in.deliveries(t, "bob", hook.ID)[0].ID
	at := "/api/v1/webhooks/" + hook.ID
	for _, what := range [][2]string{
		{http.MethodGet, at},
		{http.MethodDelete, at},
		{http.MethodPost, at + "/rotate"},
		{http.MethodPost, at + "/enable"},
		{http.MethodPost, at + "/test"},
		{http.MethodGet, at + "/deliveries"},
		{http.MethodPost, at + "/deliveries/" + delivery + "/redeliver"},
	} {
		if a := in.call(what[0], what[1], in.token("carol"), ""); a.status != http.StatusNotFound || a.code() != "webhook_unknown" {
			t.Errorf("%s %s: %d %s", what[0], what[1], a.status, a.body)
		}
	}
	if a := in.call(http.MethodGet, "/api/v1/webhooks", in.token("carol"), ""); strings.Contains(a.body, hook.ID) {
		t.Errorf("others see it: %s", a.body)
	}
	strict := cfg
	strict.WebhookLoopback = false
	public := serveConfig(t, strict)
	for body, want := range map[string]string{
		`{"url": "http://127.0.0.1/", "project": "told"}`:                      "webhook_url_invalid",
		`{"url": "https://localhost/", "project": "told"}`:                     "webhook_url_invalid",
		`{"url": "https://example.org/"}`:                                      "request_invalid",
		`{"url": "https://example.org/", "project": "told", "user": "alice"}`:  "request_invalid",
		`{"url": "https://example.org/", "project": "nothing"}`:                "project_unknown",
		`{"url": "https://example.org/", "user": "nobody"}`:                    "account_unknown",
		`{"url": "https://example.org/", "project": "told", "kinds": ["odd"]}`: "request_invalid",
		`{"url": "https://example.org/\u0000", "project": "told"}`:             "request_invalid",
		`{"url": "https://user:word@example.org/", "project": "told"}`:         "webhook_url_invalid",
	} {
		if a := public.call(http.MethodPost, "/api/v1/webhooks", in.token("bob"), body); a.status < 400 || a.status >= 500 || a.code() != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if count := in.count("SELECT count(*) FROM webhooks"); count != 1 {
		t.Errorf("there are %d", count)
	}
	for range 19 {
		in.hooked(newReceiver(t), "bob", `, "project": "told"`)
	}
	if a := in.call(http.MethodPost, "/api/v1/webhooks", in.token("bob"), `{"url": "`+r.url+`", "project": "told"}`); a.status != http.StatusConflict || a.code() != "webhooks_full" {
		t.Errorf("the twenty-first: %d %s", a.status, a.body)
	}
}

// An address that a name leads to within is not called, and the log says why.
func TestWebhooksCallNothingPrivate(t *testing.T) {
	in, cfg := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	r := newReceiver(t)
	hook := in.hooked(r, "bob", `, "project": "told"`)
	if err := in.stop(); err != nil {
		t.Fatal(err)
	}
	cfg.WebhookLoopback = false
	strict := serveConfig(t, cfg)
	strict.tokens = in.tokens
	decoded[deliveryView](t, strict.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", in.tokens["bob"], ""))
	eventually(t, "given up", func() bool {
		log := strict.deliveries(t, "bob", hook.ID)
		return len(log) == 1 && log[0].State == "failed"
	})
	log := strict.deliveries(t, "bob", hook.ID)
	if r.calls != 0 || log[0].Attempts[0].Error == nil || !strings.Contains(*log[0].Attempts[0].Error, "not a public address") {
		t.Errorf("%d calls, the log is %+v", r.calls, log)
	}
}

// Two processes over one database deliver everything once.
func TestTwoProcessesDeliverOnce(t *testing.T) {
	in, cfg := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "0.1.0"}, nil)
	other := serveConfig(t, cfg)
	r := newReceiver(t)
	in.hooked(r, "bob", `, "project": "told"`)
	const builds = 20
	for n := range builds {
		process := in
		if n%2 == 1 {
			process = other
		}
		process.publish("alice", archivetest.Build{Project: "told", Version: fmt.Sprintf("1.%d.0", n)}, nil)
	}
	seen := map[string]int{}
	r.wait("all", builds)
	in.worked(t)
	for _, got := range r.wait("all", builds) {
		seen[fmt.Sprint(got.body["version"])]++
	}
	for version, times := range seen {
		if times != 1 {
			t.Errorf("%s was told %d times", version, times)
		}
	}
	if len(seen) != builds {
		t.Errorf("told were %v", seen)
	}
}
