package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/embeddeds3"
	httpadapter "pgtrunk.io/registry/adapters/http"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/postgres/pgtest"
	"pgtrunk.io/registry/adapters/s3/s3test"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension/archivetest"
	trunk "pgtrunk.io/registry/sdk/go/api"
)

func TestMain(m *testing.M) {
	embeddeds3.ServeIfChild()
	serveIfChild()
	// A page, a feed and a badge are texts to whoever checks answers.
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/atom+xml", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("image/svg+xml", openapi3filter.PlainBodyDecoder)
	os.Exit(s3test.Run(pgtest.Tests{M: m}))
}

// instance is a registry that serves, over a database and a bucket of its own.
type instance struct {
	t   testing.TB
	cfg registry.Config
	url string
	// metrics is where the numbers are, "" where they are not served.
	metrics string
	client  *trunk.ClientWithResponses
	// statements counts what was asked of the database.
	statements *counter
	log        *lockedBuffer
	stop       func() error
	tokens     map[string]string
	grants     *access.Service
}

// configure gives the settings of a registry over a database and a bucket of its own.
func configure(t testing.TB, settings map[string]string) registry.Config {
	t.Helper()
	objects := s3test.Config(t)
	all := map[string]string{
		"LISTEN": "127.0.0.1:0", "DATABASE_URL": pgtest.URL(t), "S3_BUCKET": objects.Bucket, "S3_ENDPOINT": objects.Endpoint,
		"S3_REGION": objects.Region, "LOG_LEVEL": "debug", "SPOOL_DIR": t.TempDir(),
	}
	for _, setting := range registry.Settings() {
		if strings.HasPrefix(setting.Name, "LIMIT_") {
			all[setting.Name] = "none"
		}
	}
	maps.Copy(all, settings)
	cfg, err := registry.LoadServe(func(name string) string { return all[name] })
	if err != nil {
		t.Fatal(err)
	}
	cfg.Objects.AccessKey, cfg.Objects.SecretKey = objects.AccessKey, objects.SecretKey
	return cfg
}

// serve starts a registry; it ends with the test.
func serve(t testing.TB, settings map[string]string) *instance {
	t.Helper()
	return serveConfig(t, configure(t, settings))
}

func serveConfig(t testing.TB, cfg registry.Config) *instance {
	t.Helper()
	in := &instance{t: t, statements: &counter{}, log: &lockedBuffer{}, tokens: map[string]string{}}
	cfg.Database.Tracers = []pgx.QueryTracer{in.statements}
	in.cfg = cfg
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ready, ended := make(chan registry.Addresses, 1), make(chan error, 1)
	go func() {
		ended <- registry.Serve(ctx, cfg, registry.Logger(cfg, in.log), func(at registry.Addresses) { ready <- at })
	}()
	in.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	select {
	case at := <-ready:
		in.url, in.metrics = at.Public, at.Metrics
	case err := <-ended:
		t.Fatalf("the registry did not start: %v", err)
	}
	t.Cleanup(func() {
		if err := in.stop(); err != nil {
			t.Errorf("the registry did not end well: %v", err)
		}
		if strings.Contains(in.log.String(), `"code":"internal"`) && !t.Failed() {
			t.Errorf("there was an internal error:\n%s", in.log)
		}
	})
	client, err := trunk.NewClientWithResponses(in.url, trunk.WithHTTPClient(in.http()))
	if err != nil {
		t.Fatal(err)
	}
	in.client = client
	return in
}

// http is a client that follows no redirect and checks every answer of the registry against the contract.
func (in *instance) http() *http.Client {
	return &http.Client{
		Transport:     &contractTransport{t: in.t, registry: in.url},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       2 * time.Minute,
	}
}

// token gives the token of a user, made at the first time with all scopes.
func (in *instance) token(user string) string {
	in.t.Helper()
	if in.tokens[user] == "" {
		in.tokens[user] = in.grant(access.Grant{User: user, Name: "test", Scopes: account.Scopes()})
	}
	return in.tokens[user]
}

func (in *instance) grant(grant access.Grant) string {
	in.t.Helper()
	_, secret, err := in.access().Create(in.t.Context(), grant)
	if err != nil {
		in.t.Fatal(err)
	}
	return secret.Reveal()
}

// access is what the registry's own command line makes tokens with, over one connection of its own.
func (in *instance) access() *access.Service {
	in.t.Helper()
	if in.grants != nil {
		return in.grants
	}
	store, err := postgres.Open(in.t.Context(), postgres.Config{URL: in.cfg.Database.URL, MaxConns: 1})
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(store.Close)
	in.grants = registry.Access(store, in.cfg)
	return in.grants
}

// publication is what goes over the wire.
type publication struct {
	metadata any
	archive  []byte
	// header is the request's, parts are those of both parts.
	header, parts http.Header
}

// form writes the parts as the published command line does.
func (p publication) form(t testing.TB) (contentType string, body []byte) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	metadata, isText := p.metadata.(string)
	if !isText {
		raw, err := json.Marshal(p.metadata)
		if err != nil {
			t.Fatal(err)
		}
		metadata = string(raw)
	}
	for _, part := range []struct {
		disposition string
		data        []byte
	}{
		{`form-data; name="metadata"`, []byte(metadata)},
		{`form-data; name="file"; filename="a.tar.gz"`, p.archive},
	} {
		header := textproto.MIMEHeader{"Content-Disposition": {part.disposition}, "Content-Type": {"application/octet-stream"}}
		maps.Copy(header, textproto.MIMEHeader(p.parts))
		out, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(part.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), form.Bytes()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// code is what is in brackets at the end of a text, or the code of a problem.
func (a answer) code() string {
	var problem struct {
		Code string `json:"code"`
	}
	if json.Unmarshal([]byte(a.body), &problem) == nil && problem.Code != "" {
		return problem.Code
	}
	text := strings.TrimSpace(a.body)
	if open := strings.LastIndexByte(text, '['); open >= 0 && strings.HasSuffix(text, "]") {
		return text[open+1 : len(text)-1]
	}
	return ""
}

func (in *instance) do(method, path string, header http.Header, body io.Reader) answer {
	in.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = in.url + path
	}
	request, err := http.NewRequestWithContext(in.t.Context(), method, address, body)
	if err != nil {
		in.t.Fatal(err)
	}
	maps.Copy(request.Header, header)
	response, err := in.http().Do(request)
	if err != nil {
		in.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		in.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{response.StatusCode, response.Header, string(read)}
}

func (in *instance) get(path string) answer { return in.do(http.MethodGet, path, nil, nil) }

// send publishes at a path.
func (in *instance) send(path string, p publication) answer {
	in.t.Helper()
	contentType, body := p.form(in.t)
	header := http.Header{"Content-Type": {contentType}}
	maps.Copy(header, p.header)
	return in.do(http.MethodPost, path, header, bytes.NewReader(body))
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// publish publishes a build as a user, and fails the test unless that succeeds.
func (in *instance) publish(user string, build archivetest.Build, metadata map[string]any) {
	in.t.Helper()
	if a := in.tryPublish(user, build, metadata); a.status != http.StatusOK {
		in.t.Fatalf("publish %s %s: %d %s", build.Project, build.Version, a.status, a.body)
	}
}

func (in *instance) tryPublish(user string, build archivetest.Build, metadata map[string]any) answer {
	in.t.Helper()
	all := map[string]any{"name": build.Project, "vers": build.Version}
	maps.Copy(all, metadata)
	return in.send("/extensions/new", publication{metadata: all, archive: build.Archive(), header: bearer(in.token(user))})
}

// state is everything that a refused publish must leave as it was: the rows of every table and the stored objects. What is
// searched for is made of those rows, a moment later; what is counted has its own time.
func (in *instance) state() string {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.cfg.Database.URL)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(in.t.Context())) }()
	var rows string
	err = conn.QueryRow(in.t.Context(), `
		SELECT string_agg(table_name || '=' || (xpath('//n/text()', query_to_xml('SELECT count(*) AS n FROM ' || quote_ident(table_name), false, true, '')))[1]::text, ' ' ORDER BY table_name)
		FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'goose_db_version' AND table_name NOT LIKE 'search%' AND table_name NOT LIKE 'usage%' AND (table_name NOT LIKE 'river%' OR table_name = 'river_job')`).Scan(&rows)
	if err != nil {
		in.t.Fatal(err)
	}
	return rows + fmt.Sprintf(" objects=%d spooled=%d", len(in.objects()), countFiles(in.t, in.cfg.SpoolDir))
}

// objects are the files of the stored objects.
func (in *instance) objects() []string {
	in.t.Helper()
	files, err := filepath.Glob(filepath.Join(s3test.ObjectPath(in.t, in.cfg.Objects), "sha256", "*"))
	if err != nil {
		in.t.Fatal(err)
	}
	return files
}

func countFiles(t testing.TB, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// contractTransport checks every answer of the registry against openapi.yaml.
type contractTransport struct {
	t        testing.TB
	registry string
}

var contractRouter = sync.OnceValues(func() (routers.Router, error) {
	document, err := openapi3.NewLoader().LoadFromFile("../../../openapi.yaml")
	if err != nil {
		return nil, err
	}
	document.Servers = nil
	return gorillamux.NewRouter(document)
})

// RoundTrip sends the request and checks what comes back.
func (c *contractTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasPrefix(r.URL.String(), c.registry) || r.Method == http.MethodHead {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if response.Header.Get("X-Request-Id") == "" {
		c.t.Errorf("%s %s: the answer has no X-Request-Id", r.Method, r.URL)
	}
	router, err := contractRouter()
	if err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	if rest, ok := strings.CutPrefix(asked.URL.Path, "/platform/"); ok {
		_, path, _ := strings.Cut(rest, "/")
		asked.URL = &url.URL{Path: "/" + path, RawQuery: asked.URL.RawQuery}
	}
	route, params, err := router.FindRoute(asked)
	if err != nil {
		// Not an operation of the contract: an asset, or an address that is not served.
		return response, nil //nolint:nilerr // the test looks at the answer itself
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route},
		Status:                 response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		c.t.Errorf("%s %s: the answer %d is not what the contract says: %v\n%s", r.Method, r.URL, response.StatusCode, err, body)
	}
	return response, nil
}

// counter counts statements.
type counter struct{ atomic.Int64 }

// TraceQueryStart counts what is asked for a request. What the process asks for now and then on its own is no request's, and
// whether the workers of jobs are woken depends on when they last were.
func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	if httpadapter.RequestID(ctx) != "" && !strings.Contains(query.SQL, "PGNotifyMany") {
		c.Add(1)
	}
	return ctx
}

// TraceCopyFromStart counts rows that come all at once, as jobs do.
func (c *counter) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	if httpadapter.RequestID(ctx) != "" {
		c.Add(1)
	}
	return ctx
}

// TraceCopyFromEnd does nothing.
func (*counter) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

// TraceQueryEnd does nothing.
func (*counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// lockedBuffer is a log that many write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
	// most bounds what is kept, in bytes, for benchmarks: what is written is thrown away beyond that; 0 keeps all.
	most int
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.most > 0 && b.b.Len() > b.most {
		b.b.Reset()
	}
	return b.b.Write(p)
}

// forgetful bounds what is kept.
func (b *lockedBuffer) forgetful(most int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.most = most
}

// String gives what was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// reset forgets what was written.
func (b *lockedBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Reset()
}
