package main_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/joho/godotenv"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// clientsVariable names the client libraries to try, in folders of sdk/. The gate names all (tools/sdk/run).
const clientsVariable = "TRUNK_CLIENTS"

// TestClients has each client library check itself, examples of its README included, against a registry with the
// demonstration in it, and against one that is in trouble.
func TestClients(t *testing.T) {
	languages := strings.Fields(os.Getenv(clientsVariable))
	if len(languages) == 0 {
		t.Skip("no client library was named: tools/sdk/run")
	}
	dataDir := filepath.Join(t.TempDir(), "data")
	d := startDev(t, dataDir, "--demo")
	d.await("complete", func() bool { return strings.Contains(d.out.String(), "demo: complete") })
	env, err := godotenv.Read(filepath.Join(dataDir, "env"))
	if err != nil {
		t.Fatal(err)
	}
	registryInTrouble := newTrouble(t, d.url)
	narrow := d.narrowToken(t)
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			project, archives := "sdk_"+language, t.TempDir()
			archive, other := filepath.Join(archives, "archive.tar.gz"), filepath.Join(archives, "other.tar.gz")
			write(t, archive, archivetest.Build{Project: project, Version: "1.0.0"}.Archive())
			write(t, other, archivetest.Build{
				Project: project, Version: "1.0.0", Files: map[string]archivetest.File{"licenses/NOTICE": {Type: "license-file", Data: []byte("other bytes\n")}},
			}.Archive())
			d.runCheck(t, language, map[string]string{
				"TRUNK_REGISTRY_URL": d.url, "TRUNK_API_TOKEN": d.token, "TRUNK_NARROW_TOKEN": narrow,
				"TRUNK_MAIL_URL": env["TRUNK_MAIL_URL"], "TRUNK_TROUBLE_URL": registryInTrouble.URL, "TRUNK_SCENARIO_PROJECT": project,
				"TRUNK_SCENARIO_ARCHIVE": archive, "TRUNK_SCENARIO_OTHER_ARCHIVE": other,
			})
		})
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// narrowToken is one that may do nothing but publish new versions.
func (d *dev) narrowToken(t *testing.T) string {
	t.Helper()
	status, body := d.post("/api/v1/tokens", d.token, `{"name": "narrow", "scopes": ["publish-update"]}`)
	var created struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(body), &created); err != nil || created.Token == "" {
		t.Fatalf("a narrow token: %d %s: %v", status, body, err)
	}
	return created.Token
}

// runCheck runs sdk/LANGUAGE/check, and logs what it says line by line.
func (d *dev) runCheck(t *testing.T, language string, settings map[string]string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	check := exec.CommandContext(t.Context(), filepath.Join(root, "sdk", language, "check"))
	check.Env = os.Environ()
	for name, value := range settings {
		check.Env = append(check.Env, name+"="+value)
	}
	check.Cancel = func() error { return check.Process.Signal(os.Interrupt) }
	check.WaitDelay = 10 * time.Second
	output, into := io.Pipe()
	check.Stdout, check.Stderr = into, into
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			t.Log(lines.Text())
		}
		_, _ = io.Copy(io.Discard, output)
	}()
	err = check.Run()
	_ = into.Close()
	<-read
	if err != nil {
		t.Fatalf("sdk/%s/check: %v", language, err)
	}
	t.Logf("sdk/%s: %s", language, time.Since(start).Round(time.Second/10))
}
