package registry_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

// closedAddress is one that nothing listens at.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// With the object store away reads go on, and publishing is answered 503 and leaves nothing.
func TestObjectStoreAway(t *testing.T) {
	cfg := configure(t, nil)
	first := serveConfig(t, cfg)
	first.publish("alice", pgmq, nil)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	away := cfg
	away.Objects.Endpoint = "http://" + closedAddress(t)
	in := serveConfig(t, away)
	in.token("alice")
	before := in.state()
	a := in.tryPublish("alice", with(pgmq, func(b *archivetest.Build) { b.Version = "0.6.0" }), nil)
	if a.status != http.StatusServiceUnavailable || a.code() != "store_unavailable" || a.header.Get("Retry-After") == "" {
		t.Errorf("publish: %d %v %s", a.status, a.header, a.body)
	}
	if after := in.state(); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	for _, path := range []string{"/extensions/all", "/api/v1/trunk-projects/pgmq", "/extensions/pgmq/latest/download", "/api/v1/trunk-projects/pgmq/version/latest/contents"} {
		if a := in.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "pgmq") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := in.get("/readyz"); a.status != http.StatusOK || !strings.Contains(a.body, `"object_store":"unavailable"`) {
		t.Errorf("readyz: %d %s", a.status, a.body)
	}
}

// With the database away everything that needs it is answered 503, and the process says that it is alive, not ready.
func TestDatabaseAway(t *testing.T) {
	in := serve(t, map[string]string{"DATABASE_URL": "postgres://postgres@" + closedAddress(t) + "/trunk?sslmode=disable"})
	for path, code := range map[string]string{
		"/extensions/all": "database_unavailable", "/api/v1/trunk-projects/pgmq": "database_unavailable", "/categories/all": "database_unavailable",
		"/readyz": "database_unavailable", "/extensions/pgmq/latest/download": "database_unavailable",
	} {
		if a := in.get(path); a.status != http.StatusServiceUnavailable || a.code() != code || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v %s", path, a.status, a.header, a.body)
		}
	}
	a := in.send("/extensions/new", publication{metadata: "{}", archive: []byte("x"), header: bearer("trunk_03vu9UNXxbDygX8P4kEqFQLljcRGcdSex4ZhIAP")})
	if a.status != http.StatusServiceUnavailable {
		t.Errorf("publish: %d %s", a.status, a.body)
	}
	if a := in.get("/livez"); a.status != http.StatusOK {
		t.Errorf("livez: %d %s", a.status, a.body)
	}
}

// upload is a publish of which half was sent.
type upload struct {
	t    *testing.T
	conn net.Conn
	rest []byte
}

// beginUpload sends half of a publish, and returns when the registry knows who sends it.
func (in *instance) beginUpload(t *testing.T) *upload {
	t.Helper()
	contentType, body := publication{metadata: map[string]any{"name": "pgmq", "vers": "0.5.0"}, archive: pgmq.Archive()}.form(t)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(in.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	head := "POST /extensions/new HTTP/1.1\r\nHost: x\r\nAuthorization: " + in.token("alice") + "\r\nContent-Type: " + contentType +
		"\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	before := in.statements.Load()
	if _, err := io.WriteString(conn, head+string(body[:len(body)/2])); err != nil {
		t.Fatal(err)
	}
	// The token, the note that it was used, and how its user stands to the project: then the archive is waited for.
	eventually(t, "admitted", func() bool { return in.statements.Load() == before+3 })
	return &upload{t: t, conn: conn, rest: body[len(body)/2:]}
}

// finish sends the other half, and gives the answer.
func (u *upload) finish() answer {
	u.t.Helper()
	if _, err := u.conn.Write(u.rest); err != nil {
		u.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(u.conn), nil)
	if err != nil {
		u.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		u.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// On its way out the process is alive and not ready, and takes what is in flight to its end.
func TestDrain(t *testing.T) {
	in := serve(t, map[string]string{"DRAIN_DELAY": "2s", "DRAIN_TIMEOUT": "20s"})
	flying := in.beginUpload(t)
	ended := make(chan error, 1)
	go func() { ended <- in.stop() }()
	eventually(t, "not ready", func() bool { return in.get("/readyz").code() == "draining" })
	if a := in.get("/livez"); a.status != http.StatusOK {
		t.Errorf("livez while draining: %d", a.status)
	}
	if a := flying.finish(); a.status != http.StatusOK {
		t.Errorf("the upload in flight: %d %s", a.status, a.body)
	}
	if err := <-ended; err != nil {
		t.Errorf("the end: %v", err)
	}
}

// While a client uploads no connection to the database is held: with a single one, others read and publish.
func TestUploadsHoldNoConnection(t *testing.T) {
	in := serve(t, map[string]string{"DATABASE_MAX_CONNS": "1"})
	flying := in.beginUpload(t)
	in.publish("bob", archivetest.Build{Project: "other", Version: "1.0"}, nil)
	if a := in.get("/extensions/all"); a.status != http.StatusOK || !strings.Contains(a.body, "other") {
		t.Errorf("a read meanwhile: %d %s", a.status, a.body)
	}
	if a := flying.finish(); a.status != http.StatusOK {
		t.Errorf("the upload: %d %s", a.status, a.body)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for !is() {
		select {
		case <-poll.C:
		case <-deadline:
			t.Fatalf("never %s", what)
		}
	}
}

// A request that is being answered when the end comes is answered: the listener closes, the connection does not.
func TestShutdownWaitsForUploads(t *testing.T) {
	in := serve(t, map[string]string{"DRAIN_TIMEOUT": "20s"})
	flying := in.beginUpload(t)
	ended := make(chan error, 1)
	go func() { ended <- in.stop() }()
	eventually(t, "closed to new connections", func() bool {
		another, err := net.DialTimeout("tcp", strings.TrimPrefix(in.url, "http://"), time.Second)
		if err == nil {
			_ = another.Close()
		}
		return err != nil
	})
	if a := flying.finish(); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if err := <-ended; err != nil {
		t.Errorf("the end: %v", err)
	}
}

// More uploads than there is room for are shed; room comes back when one breaks off, which leaves nothing.
func TestOverload(t *testing.T) {
	in := serve(t, map[string]string{"MAX_UPLOADS": "1"})
	flying := in.beginUpload(t)
	other := archivetest.Build{Project: "other", Version: "1.0"}
	if a := in.tryPublish("alice", other, nil); a.status != http.StatusServiceUnavailable || a.code() != "overloaded" || a.header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d %v %s", a.status, a.header, a.body)
	}
	if err := flying.conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "taken", func() bool { return in.tryPublish("alice", other, nil).status == http.StatusOK })
	if in.count("SELECT count(*) FROM projects") != 1 || len(in.objects()) != 1 || countFiles(t, in.cfg.SpoolDir) != 0 {
		t.Errorf("the upload that broke off left something: %s", in.state())
	}
}

// The plain text of a token is nowhere but with its user.
func TestSecretsAreNowhere(t *testing.T) {
	issuer := startSignInServer(t)
	in := serve(t, map[string]string{
		"LOG_LEVEL": "debug", "METRICS_LISTEN": "127.0.0.1:0", "OIDC_PROVIDERS": issuer.http.URL + " trunk",
		"SIGN_IN_ISSUER": issuer.http.URL, "SIGN_IN_CLIENT_ID": "trunk-web", "SIGN_IN_CLIENT_SECRET": "the-secret-of-the-client",
	})
	token := in.token("alice")
	in.publish("alice", pgmq, nil)
	jwt := issuer.jwt("bob", nil)
	signedIn := in.call(http.MethodPost, "/token/new", jwt, "").body
	made := in.call(http.MethodPost, "/api/v1/tokens", signedIn, `{"name": "x"}`)
	var fresh trunk.NewToken
	if err := json.Unmarshal([]byte(made.body), &fresh); err != nil {
		t.Fatal(err)
	}
	in.call(http.MethodPost, "/token/new", jwt+"x", "")
	in.call(http.MethodGet, "/api/v1/me", fresh.Token+"x", "")
	in.call(http.MethodDelete, "/api/v1/tokens/"+fresh.ID, signedIn, "")
	in.send("/extensions/new", publication{metadata: "{}", header: bearer(token), parts: http.Header{"Authorization": {token}}})
	in.get("/extensions/all?token=" + token[len(token)-10:])
	web := in.browser(t)
	back := web.begin("carol")
	begun := map[string]string{}
	web.tamper(func(kept map[string]string) { maps.Copy(begun, kept) })
	web.open(back.String())
	web.open(back.String())
	onWeb := web.makeToken(url.Values{"name": {"on the web"}, "scopes": {"yank"}})
	body := func(token string) string { return token[len("trunk_") : len(token)-12] }
	secrets := map[string]string{
		"a token": body(token), "a token of a sign-in": body(signedIn), "a token made by a token": body(fresh.Token),
		"the signature of a sign-in": jwt[strings.LastIndexByte(jwt, '.')+1:], "a token made on the web": body(onWeb),
		"a session": web.cookies[sessionCookie], "a code": back.Query().Get("code"), "a state": begun["state"], "a nonce": begun["nonce"],
		"a verifier": begun["verifier"], "the client's secret": "the-secret-of-the-client",
	}
	numbers := in.do(http.MethodGet, in.metrics, nil, nil).body
	if !strings.Contains(numbers, "trunk_http_requests_total") {
		t.Errorf("these are no metrics: %s", numbers)
	}
	for what, secret := range secrets {
		if strings.Contains(numbers, secret) {
			t.Errorf("the metrics hold %s", what)
		}
		if len(secret) < 20 {
			t.Errorf("%s is %q", what, secret)
		}
		if strings.Contains(in.log.String(), secret) {
			t.Errorf("the log holds %s", what)
		}
	}
	if strings.Contains(in.log.String(), in.cfg.Objects.SecretKey) {
		t.Error("the log holds the key of the object store")
	}
	conn, err := pgx.Connect(t.Context(), in.cfg.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var everything string
	if err := conn.QueryRow(t.Context(), "SELECT database_to_xml(true, false, '')::text").Scan(&everything); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(everything, "pgmq") {
		t.Error("the dump is not one of the database")
	}
	for what, secret := range secrets {
		if strings.Contains(everything, secret) {
			t.Errorf("the database holds %s", what)
		}
	}
}

// Every line of a request's log carries the id that the client was told.
func TestRequestIDs(t *testing.T) {
	in := serve(t, nil)
	a := in.get("/nowhere")
	id := a.header.Get("X-Request-Id")
	if id == "" || !strings.Contains(a.body, id) || !strings.Contains(in.log.String(), `"request_id":"`+id+`"`) {
		t.Errorf("the id %q is not in the answer %s or the log\n%s", id, a.body, in.log)
	}
}

func TestWrongSettingsAreToldAtOnce(t *testing.T) {
	_, err := registry.LoadServe(func(name string) string {
		return map[string]string{"DATABASE_URL": "://", "UPLOAD_LIMIT": "much", "S3_LINK_EXPIRY": "1s", "LOG_FORMAT": "xml", "TRUSTED_PROXIES": "me", "PUBLIC_URL": "ftp://secret-host"}[name]
	})
	if err == nil {
		t.Fatal("wrong settings were taken")
	}
	for _, name := range []string{"DATABASE_URL", "UPLOAD_LIMIT", "S3_LINK_EXPIRY", "LOG_FORMAT", "TRUSTED_PROXIES", "PUBLIC_URL", "S3_BUCKET"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "secret-host") {
		t.Errorf("a value is repeated: %v", err)
	}
}

// The README's table lists every setting with its default, and no other.
func TestSettingsAreInTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[A-Z0-9_]+`(?:, `[A-Z0-9_]+`)*) \\| (.*?) \\|").FindAllStringSubmatch(string(readme), -1) {
		names := strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ")
		listed = append(listed, names...)
		for _, s := range registry.Settings() {
			if slices.Contains(names, s.Name) && s.Default != "" && s.Name != "SPOOL_DIR" && row[2] != "`"+s.Default+"`" {
				t.Errorf("%s has the default %s in the README and %q in the code", s.Name, row[2], s.Default)
			}
		}
	}
	var known []string
	for _, s := range registry.Settings() {
		known = append(known, s.Name)
	}
	slices.Sort(listed)
	slices.Sort(known)
	if !slices.Equal(listed, known) {
		t.Errorf("the README lists %v, the code %v", listed, known)
	}
}

// An address that is taken is an error before anything else starts.
func TestAddressTaken(t *testing.T) {
	in := serve(t, nil)
	cfg := in.cfg
	cfg.Listen = strings.TrimPrefix(in.url, "http://")
	err := registry.Serve(t.Context(), cfg, registry.Logger(cfg, io.Discard), func(registry.Addresses) { t.Error("it is ready") })
	if opError, ok := errors.AsType[*net.OpError](err); !ok || opError.Op != "listen" {
		t.Errorf("got %v", err)
	}
}
