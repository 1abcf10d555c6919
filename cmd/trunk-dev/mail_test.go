package main_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"pgtrunk.io/registry/adapters/mailcatcher"
)

// What somebody asks of a registry that was started for development by letter, they read where the env file says.
func TestLettersAreCaught(t *testing.T) {
	dataDir := t.TempDir()
	d := startDev(t, dataDir)
	env, err := godotenv.Read(filepath.Join(dataDir, "env"))
	if err != nil {
		t.Fatal(err)
	}
	get := func() (messages []mailcatcher.Message) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env["TRUNK_MAIL_URL"]+"/messages", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		if err := json.NewDecoder(res.Body).Decode(&messages); err != nil {
			t.Fatal(err)
		}
		return messages
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/api/v1/users/dev/subscriptions", strings.NewReader(`{"email":"ada@example.org"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _ = res.Body.Close(); res.StatusCode >= 300 {
		t.Fatalf("asking to follow: %s", res.Status)
	}
	d.await("caught", func() bool { return len(get()) == 1 })
	if m := get()[0]; len(m.To) != 1 || m.To[0] != "ada@example.org" || m.Subject == "" || m.Text == "" || m.HTML == "" {
		t.Errorf("got %+v", m)
	}
}
