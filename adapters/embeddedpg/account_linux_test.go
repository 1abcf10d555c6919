package embeddedpg

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each account must do, for which of them a container permits is not ours to say; and they follow one another on the same data.
func TestRootAccounts(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root cannot run PostgreSQL as it is")
	}
	installation, err := FindInstallation(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	reachable := filepath.Join(t.TempDir(), "data")
	// A test's own directories are closed to others.
	for dir := filepath.Dir(reachable); dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name    string
		account account
		dataDir string
	}{
		{"namespace", namespaced(), reachable},
		{"nobody", nobody(), reachable},
		{"namespace again", namespaced(), reachable},
		{"namespace below a closed folder", namespaced(), filepath.Join(closed, "namespace")},
		{"nobody below a closed folder", rootAccounts()[2], filepath.Join(closed, "nobody")},
	} {
		t.Run(test.name, func(t *testing.T) {
			opts := Options{DataDir: test.dataDir, Log: func(string) {}}
			server, err := start(t.Context(), opts, installation, []account{test.account})
			if err != nil {
				t.Fatal(err)
			}
			defer shut(t, server)
			if got := query(t, server, "postgres", "SELECT 'there'"); got != "there" {
				t.Error(got)
			}
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.child.PID()))
			if err != nil || strings.Contains(string(status), "\nCapEff:\t0000000000000000\n") == (test.account.attr.AmbientCaps != nil) {
				t.Errorf("the server has other rights than meant (%v):\n%s", err, status)
			}
			if owner, err := ownerOf(filepath.Join(test.dataDir, "PG_VERSION")); err != nil || owner != test.account.uid {
				t.Errorf("the data belongs to %d (%v), want %d", owner, err, test.account.uid)
			}
		})
	}
	opts := Options{DataDir: filepath.Join(closed, "data"), Log: func(string) {}}
	_, err = start(t.Context(), opts, installation, []account{nobody()})
	mustContain(t, err, "run this as an ordinary user", closed+" may be entered by its owner alone")
}

func TestDataOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a directory away")
	}
	opts := Options{DataDir: filepath.Join(t.TempDir(), "data")}
	shut(t, launch(t, opts))
	if err := os.Chown(opts.DataDir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), opts)
	mustContain(t, err, opts.DataDir+" belongs to user 12345")
}
