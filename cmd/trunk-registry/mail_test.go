package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/pgtest"
)

// The letters that were given up are listed, and are sent again by their ids or all together.
func TestMailCommands(t *testing.T) {
	env := environ{"DATABASE_URL": pgtest.Empty(t)}
	if code, _, stderr := command(t, env, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	conn, err := pgx.Connect(t.Context(), env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	const first, second = "01961f0c-5a4e-7c31-9a6a-0d5b1c2e3f40", "01961f0c-5a4e-7c31-9a6a-0d5b1c2e3f41"
	_, err = conn.Exec(t.Context(), `WITH r AS (
		INSERT INTO recipients (id, address, created_at) VALUES (gen_random_uuid(), 'eve@example.org', now()) RETURNING id
	) INSERT INTO letters (id, recipient_id, kind, topic, detail, state, created_at, attempts, answer, settled_at)
	SELECT l.id, r.id, 'release', 'release ' || l.id, '{}', 'dead', now(), 3, '550 5.1.1 no such mailbox', l.at
	FROM r, (VALUES ($1::uuid, timestamptz '2026-11-25 10:00Z'), ($2::uuid, timestamptz '2026-11-24 10:00Z')) l (id, at)`, first, second)
	if err != nil {
		t.Fatal(err)
	}
	jobs := func() (count int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE kind = 'deliver'").Scan(&count); err != nil {
			t.Fatal(err)
		}
		return count
	}

	code, listed, stderr := command(t, env, "mail", "failed")
	if lines := strings.Split(strings.TrimSpace(listed), "\n"); code != 0 || len(lines) != 3 || !strings.HasPrefix(lines[1], second) ||
		!strings.Contains(lines[2], "eve@example.org") || !strings.Contains(lines[2], "550 5.1.1 no such mailbox") {
		t.Errorf("failed: %d\n%s%s", code, listed, stderr)
	}
	_, listed, _ = command(t, env, "mail", "failed", "--json", "--limit", "1")
	var letter struct {
		ID       string `json:"id"`
		Address  string `json:"address"`
		Attempts int    `json:"attempts"`
	}
	if err := json.Unmarshal([]byte(listed), &letter); err != nil || letter.ID != second || letter.Address != "eve@example.org" || letter.Attempts != 3 {
		t.Errorf("as JSON: %v\n%s", err, listed)
	}
	for _, wrong := range [][]string{{"retry"}, {"retry", "--all", first}, {"retry", "nothing"}} {
		if code, stdout, stderr := command(t, env, append([]string{"mail"}, wrong...)...); code == 0 || stdout != "" || stderr == "" || jobs() != 0 {
			t.Errorf("%v: %d %s %s", wrong, code, stdout, stderr)
		}
	}
	if code, stdout, stderr := command(t, env, "mail", "retry", first); code != 0 || stdout != "1 to be sent again\n" || jobs() != 1 {
		t.Errorf("retry: %d %s %s", code, stdout, stderr)
	}
	// It is on its way now, so there is nothing more to do for it, and one is left of all.
	if code, _, stderr := command(t, env, "mail", "retry", first); code == 0 || !strings.Contains(stderr, "1 of them are not among those that failed") {
		t.Errorf("again: %d %s", code, stderr)
	}
	if code, stdout, _ := command(t, env, "mail", "retry", "--all"); code != 0 || stdout != "1 to be sent again\n" || jobs() != 2 {
		t.Errorf("all: %d %s, %d jobs", code, stdout, jobs())
	}
}
