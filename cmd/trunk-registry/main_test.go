package main

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgtrunk.io/registry/adapters/embeddeds3"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/adapters/s3/s3test"
	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

func TestMain(m *testing.M) {
	embeddeds3.ServeIfChild()
	os.Exit(s3test.Run(pgtest.Tests{M: m}))
}

// environ is what a command finds in its environment.
type environ map[string]string

func (e environ) get(name string) string { return e[name] }

// command runs the program with arguments to its end.
func command(t *testing.T, env environ, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, env.get, &out, &errs)
	return code, out.String(), errs.String()
}

// A registry from nothing, with the commands that the README names: migrate, make a token, serve, publish, list, revoke.
func TestFromNothing(t *testing.T) {
	objects := s3test.Config(t)
	t.Setenv("AWS_ACCESS_KEY_ID", objects.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", objects.SecretKey)
	env := environ{
		"DATABASE_URL": pgtest.Empty(t), "S3_BUCKET": objects.Bucket, "S3_ENDPOINT": objects.Endpoint, "S3_REGION": objects.Region,
		"LISTEN": "127.0.0.1:0", "LOG_FORMAT": "text",
	}
	expect := func(pattern string, args ...string) string {
		t.Helper()
		code, stdout, stderr := command(t, env, args...)
		if code != 0 || !regexp.MustCompile(pattern).MatchString(stdout) {
			t.Fatalf("%v: status %d\n%s\n%s", args, code, stdout, stderr)
		}
		return stdout
	}
	expect(`00001_registry.sql +pending`, "migrate", "status")
	expect(`applied 00001_registry.sql`, "migrate", "up")
	expect(`nothing to do`, "migrate", "up")
	expect(`00001_registry.sql +2\d\d\d-`, "migrate", "status")
	token := regexp.MustCompile(`trunk_\w+`).FindString(expect(`trunk_\w{39}`, "token", "create", "--user", "alice", "--scopes", "publish-new,publish-update", "--expires", "24h"))

	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	var stderr bytes.Buffer
	go func() { ended <- run(ctx, []string{"serve"}, env.get, writer, &stderr) }()
	line := make([]byte, 200)
	n, err := reader.Read(line)
	url := regexp.MustCompile(`http://\S+`).FindString(string(line[:n]))
	if err != nil || url == "" {
		t.Fatalf("the registry said %q, %v", line[:n], err)
	}
	client, err := trunk.NewClientWithResponses(url)
	if err != nil {
		t.Fatal(err)
	}
	contentType, form := publication(t, archivetest.Build{Project: "pgmq", Version: "0.5.0"})
	published, err := client.PublishExtensionWithBodyWithResponse(t.Context(), contentType, form, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	})
	if err != nil || published.StatusCode() != http.StatusOK {
		t.Fatalf("publish: %v %s", err, published.Body)
	}
	project, err := client.GetProjectWithResponse(t.Context(), "pgmq", nil)
	if err != nil || project.JSON200 == nil || len(*project.JSON200) != 1 {
		t.Fatalf("project: %v %s", err, project.Body)
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d\n%s", code, stderr.String())
	}

	listed := expect(`alice`, "token", "list")
	if strings.Contains(listed, token) {
		t.Error("the list shows the token")
	}
	id := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`).FindString(listed)
	expect(`revoked`, "token", "revoke", id)
	expect(`alice .*( +2\d\d\d-\d\d-\d\d){4}`, "token", "list", "--user", "alice")
	expect(`alice is an administrator`, "admin", "grant", "ALICE")
	expect(`[0-9a-f-]{36}  alice`, "admin", "list")
	expect(`alice is not an administrator any more`, "admin", "revoke", "alice")
	expect(`s1 of https://issuer.example.org signs in as alice`, "account", "link", "alice", "--issuer", "https://issuer.example.org", "--subject", "s1")
	expect(`took back 00017_changes.sql`, "migrate", "down")
	expect(`took back 00016_webhooks.sql`, "migrate", "down")
	expect(`took back 00015_jobs`, "migrate", "down")
	expect(`took back 00012_following.sql`, "migrate", "down")
	expect(`took back 00011_events.sql`, "migrate", "down")
	expect(`took back 00010_search_revisions.sql`, "migrate", "down")
	expect(`took back 00008_usage.sql`, "migrate", "down")
	expect(`took back 00007_dependents.sql`, "migrate", "down")
	expect(`took back 00006_web_sessions.sql`, "migrate", "down")
	expect(`took back 00005_search.sql`, "migrate", "down")
	expect(`took back 00004_recent_releases.sql`, "migrate", "down")
	expect(`took back 00003_catalogue_clock.sql`, "migrate", "down")
	expect(`took back 00002_identity.sql`, "migrate", "down")
	expect(`took back 00001_registry.sql`, "migrate", "down")
}

// publication is a form as the published command line sends it.
func publication(t *testing.T, build archivetest.Build) (contentType string, body io.Reader) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	if err := w.WriteField("metadata", `{"name": "`+build.Project+`", "vers": "`+build.Version+`"}`); err != nil {
		t.Fatal(err)
	}
	file, err := w.CreateFormFile("file", "a.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(build.Archive()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), &form
}

// Wrong settings are told all at once, before anything starts.
func TestWrongSettings(t *testing.T) {
	for args, names := range map[string][]string{
		"serve":                     {"DATABASE_URL", "S3_BUCKET", "UPLOAD_LIMIT", "LOG_LEVEL"},
		"migrate up":                {"DATABASE_URL", "LOG_LEVEL"},
		"token create --user alice": {"DATABASE_URL", "LOG_LEVEL"},
	} {
		code, _, stderr := command(t, environ{"UPLOAD_LIMIT": "lots", "LOG_LEVEL": "loud"}, strings.Fields(args)...)
		if code != 1 {
			t.Errorf("%s: status %d", args, code)
		}
		for _, name := range names {
			if !strings.Contains(stderr, name) {
				t.Errorf("%s does not name %s:\n%s", args, name, stderr)
			}
		}
	}
}

func TestUsage(t *testing.T) {
	for args, c := range map[string]struct {
		code int
		says string
	}{
		"--help":         {0, "migrate up"},
		"version":        {0, "trunk-registry"},
		"":               {2, "expected one of"},
		"nonsense":       {2, "unexpected argument"},
		"token create":   {2, "--user"},
		"token revoke":   {2, "<id>"},
		"token create x": {2, "unexpected argument"},
	} {
		code, stdout, stderr := command(t, environ{}, strings.Fields(args)...)
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%q: status %d\n%s%s", args, code, stdout, stderr)
		}
	}
}

// A token's wrong scopes and times are told; nothing is made.
func TestTokenRefusals(t *testing.T) {
	env := environ{"DATABASE_URL": pgtest.URL(t)}
	for _, args := range [][]string{
		{"token", "create", "--user", "alice", "--scopes", "everything"},
		{"token", "create", "--user", "alice", "--expires", "soon"},
		{"token", "create", "--user", "alice", "--expires=-1h"},
		{"token", "create", "--user", "  "},
		{"token", "revoke", "nonsense"},
	} {
		if code, stdout, stderr := command(t, env, args...); code != 1 || stdout != "" || stderr == "" {
			t.Errorf("%v: status %d\n%s%s", args, code, stdout, stderr)
		}
	}
	if _, stdout, _ := command(t, env, "token", "list"); strings.Contains(stdout, "alice") {
		t.Errorf("a token was made:\n%s", stdout)
	}
}
