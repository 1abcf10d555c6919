package registry_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// The receivers that docs/webhooks.md shows take what the registry sends, and nothing that somebody else has made up.
func TestReceiversOfTheDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	in, _ := serveHooks(t)
	in.publish("alice", archivetest.Build{Project: "told", Version: "1.0.0"}, nil)
	for language, start := range map[string]func(t *testing.T, file string) *exec.Cmd{
		"go": func(t *testing.T, file string) *exec.Cmd {
			t.Helper()
			program := filepath.Join(filepath.Dir(file), "receiver")
			if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, file).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			return exec.CommandContext(t.Context(), program)
		},
		"python": func(t *testing.T, file string) *exec.Cmd {
			t.Helper()
			python, err := exec.LookPath("python3")
			if err != nil && os.Getenv("CI") == "" {
				t.Skip("there is no Python on this machine")
			} else if err != nil {
				t.Fatal(err)
			}
			return exec.CommandContext(t.Context(), python, file)
		},
	} {
		t.Run(language, func(t *testing.T) {
			_, rest, _ := strings.Cut(string(page), "```"+language+"\n")
			program, _, found := strings.Cut(rest, "\n```")
			if !found {
				t.Fatal("the page shows none")
			}
			file := filepath.Join(t.TempDir(), "receiver."+map[string]string{"go": "go", "python": "py"}[language])
			if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
				t.Fatal(err)
			}
			address := closedAddress(t)
			hook := decoded[hookView](t, in.call(http.MethodPost, "/api/v1/webhooks", in.token("bob"), fmt.Sprintf(`{"url": "http://%s/hook", "project": "told"}`, address)))
			command := start(t, file)
			command.Env = append(os.Environ(), "LISTEN="+address, "TRUNK_WEBHOOK_SECRET="+hook.Secret)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = command.Process.Kill()
				_ = command.Wait()
			})
			forged := map[string]string{"Webhook-Id": hook.ID, "Webhook-Timestamp": strconv.FormatInt(time.Now().Unix(), 10), "Webhook-Signature": "v1,bm9ib2R5J3M="}
			eventually(t, "a receiver that refuses what is forged", func() bool {
				return forge(t, "http://"+address+"/hook", forged) == http.StatusUnauthorized
			})
			in.call(http.MethodPost, "/api/v1/webhooks/"+hook.ID+"/test", in.token("bob"), "")
			eventually(t, "the ping is taken", func() bool {
				log := in.deliveries(t, "bob", hook.ID)
				return len(log) == 1 && log[0].State == "delivered" && *log[0].Attempts[0].Status == http.StatusNoContent
			})
		})
	}
}

// forge sends what nobody has signed, and gives the status, 0 where nobody answers.
func forge(t *testing.T, address string, header map[string]string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(`{"kind": "published"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
