package registry_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/devissuer"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// signInServer is an OpenID Connect issuer.
type signInServer struct {
	t    *testing.T
	dir  string
	keys *devissuer.Issuer
	http *httptest.Server
}

func startSignInServer(t *testing.T) *signInServer {
	t.Helper()
	s := &signInServer{t: t, dir: t.TempDir()}
	var err error
	if s.keys, err = devissuer.Open(s.dir); err != nil {
		t.Fatal(err)
	}
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.keys.Handler(s.http.URL).ServeHTTP(w, r)
	}))
	t.Cleanup(s.http.Close)
	return s
}

func (s *signInServer) jwt(user string, extra map[string]any) string {
	s.t.Helper()
	jwt, err := s.keys.Mint(s.http.URL, "trunk", user, extra, time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	return jwt
}

// A sign-in gives a token that publishes; the person stays who they are whatever they call themselves.
func TestSignIn(t *testing.T) {
	issuer := startSignInServer(t)
	in := serve(t, map[string]string{"OIDC_PROVIDERS": issuer.http.URL + " trunk"})
	in.token("alice") // made by those who run the registry
	newToken := func(jwt string) answer { return in.call(http.MethodPost, "/token/new", jwt, "") }
	first := newToken(issuer.jwt("s1", map[string]any{"userName": "Alice"}))
	if first.status != http.StatusOK || !strings.HasPrefix(first.header.Get("Content-Type"), "text/plain") || first.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("signed in: %d %v %s", first.status, first.header, first.body)
	}
	if _, err := account.ParseSecret(first.body); err != nil {
		t.Errorf("%q is not a token alone", first.body)
	}
	second := newToken(issuer.jwt("s1", map[string]any{"userName": "Renamed"}))
	for _, token := range []string{first.body, second.body} {
		if a := in.call(http.MethodGet, "/api/v1/me", token, ""); !strings.Contains(a.body, `"name":"Alice-2"`) || !strings.Contains(a.body, `"expires_at":"2`) {
			t.Errorf("me: %s", a.body)
		}
	}
	build := archivetest.Build{Project: "signed", Version: "1.0"}
	if a := in.send("/extensions/new", publication{metadata: map[string]any{"name": "signed", "vers": "1.0"}, archive: build.Archive(), parts: http.Header{"Authorization": {first.body}}}); a.status != http.StatusOK {
		t.Errorf("published as the command line does: %s", a.body)
	}
	before := in.state()
	for name, c := range map[string]struct{ jwt, code string }{
		"nothing":            {"", "token_missing"},
		"no JWT":             {"nonsense", "jwt_malformed"},
		"an API token":       {first.body, "jwt_malformed"},
		"no algorithm":       {"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "jwt_algorithm"},
		"another audience":   {issuer.jwt("s1", map[string]any{"aud": "other", "azp": "other"}), "jwt_audience"},
		"another issuer":     {issuer.jwt("s1", map[string]any{"iss": "https://issuer.example.org"}), "jwt_issuer"},
		"ended":              {issuer.jwt("s1", map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}), "jwt_expired"},
		"not yet good":       {issuer.jwt("s1", map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), "jwt_not_yet_valid"},
		"changed on its way": {issuer.jwt("s1", nil) + "A", "jwt_signature"},
	} {
		if a := newToken(c.jwt); a.status != http.StatusUnauthorized || a.code() != c.code {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, c.code)
		}
	}
	if after := in.state(); after != before {
		t.Errorf("refused sign-ins left something:\nbefore %s\nafter  %s", before, after)
	}
	once := issuer.jwt("s2", map[string]any{"jti": "only-once"})
	if a := newToken(once); a.status != http.StatusOK {
		t.Errorf("a sign-in with an id: %s", a.body)
	}
	if a := newToken(once); a.code() != "jwt_replayed" {
		t.Errorf("and again: %d %s", a.status, a.body)
	}
	if a := in.do(http.MethodPost, "/token/new", http.Header{"Accept": {"application/json"}}, nil); a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("for a program: %v", a.header)
	}
}

// The issuer changes its key while the registry runs, and is away for a while.
func TestIssuerRotatesAndGoesAway(t *testing.T) {
	issuer := startSignInServer(t)
	in := serve(t, map[string]string{"OIDC_PROVIDERS": issuer.http.URL + " trunk"})
	newToken := func(jwt string) answer { return in.call(http.MethodPost, "/token/new", jwt, "") }
	issuer.http.Close()
	old := issuer.jwt("s1", nil)
	if a := newToken(old); a.status != http.StatusServiceUnavailable || a.code() != "issuer_unavailable" || a.header.Get("Retry-After") == "" {
		t.Errorf("the issuer is away from the start: %d %s", a.status, a.body)
	}

	issuer = startSignInServer(t)
	in = serve(t, map[string]string{"OIDC_PROVIDERS": issuer.http.URL + " trunk"})
	newToken = func(jwt string) answer { return in.call(http.MethodPost, "/token/new", jwt, "") }
	old = issuer.jwt("s1", nil)
	if a := newToken(old); a.status != http.StatusOK {
		t.Fatalf("before: %s", a.body)
	}
	if err := os.Remove(filepath.Join(issuer.dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	var err error
	if issuer.keys, err = devissuer.Open(issuer.dir); err != nil {
		t.Fatal(err)
	}
	issuer.http.Close()
	if a := newToken(old); a.status != http.StatusOK {
		t.Errorf("a key that is known, without the issuer: %d %s", a.status, a.body)
	}
	// Within the minute after a fetch that went well, a key that was not in it is nobody's; an issuer that does not answer
	// later on is the issuer's trouble and not the person's. The adapter's own tests move the clock.
	if a := newToken(issuer.jwt("s1", nil)); a.status != http.StatusUnauthorized || a.code() != "jwt_key_unknown" {
		t.Errorf("a key that is not known: %d %s", a.status, a.body)
	}
}

// Limits hold for a user over all processes, and say how they stand.
func TestLimitsOverTwoReplicas(t *testing.T) {
	cfg := configure(t, map[string]string{"LIMIT_PUBLISH_NEW": "3/10m", "LIMIT_PUBLISH_UPDATE": "2/1m"})
	replicas := []*instance{serveConfig(t, cfg), serveConfig(t, cfg)}
	token := replicas[0].token("alice")
	names := []string{"alpha", "bravo", "charlie", "delta", "echo"}
	send := func(i int, project, version, token string) answer {
		build := archivetest.Build{Project: project, Version: version}
		return replicas[i%2].send("/extensions/new", publication{metadata: map[string]any{"name": project, "vers": version}, archive: build.Archive(), header: bearer(token)})
	}
	for i, name := range names[:3] {
		if a := send(i, name, "1.0", token); a.status != http.StatusOK || a.header.Get("RateLimit") != fmt.Sprintf(`"publish-new";r=%d;t=600`, 2-i) ||
			a.header.Get("RateLimit-Policy") != `"publish-new";q=3;w=1800` {
			t.Errorf("%s: %d %s %v", name, a.status, a.body, a.header)
		}
	}
	before := replicas[0].state()
	for i := range replicas {
		a := send(i, names[3], "1.0", token)
		if a.status != http.StatusTooManyRequests || a.code() != "rate_limited" || a.header.Get("Retry-After") == "" || !strings.HasPrefix(a.header.Get("RateLimit"), `"publish-new";r=0;`) {
			t.Errorf("one too many at %d: %d %s %v", i, a.status, a.body, a.header)
		}
	}
	if after := replicas[0].state(); after != before {
		t.Errorf("what was refused left something:\nbefore %s\nafter  %s", before, after)
	}
	if a := send(0, names[3], "1.0", replicas[0].token("bob")); a.status != http.StatusOK {
		t.Errorf("somebody else: %s", a.body)
	}
	for i, want := range []int{200, 200, 429} {
		if a := send(i, names[0], fmt.Sprintf("1.%d", i+1), token); a.status != want {
			t.Errorf("update %d: %d %s", i, a.status, a.body)
		}
	}
	// The same bytes again change nothing and count for nothing, but with nothing left they are not even looked at.
	if a := send(0, names[0], "1.1", token); a.status != http.StatusTooManyRequests {
		t.Errorf("the same bytes: %d %s", a.status, a.body)
	}
}

// An address that keeps failing is told to wait, whatever it says of where it comes from.
func TestFailedSignInsAreLimited(t *testing.T) {
	in := serve(t, map[string]string{"LIMIT_FAILED_SIGN_IN": "3/1h"})
	unknown := account.MintSecret([account.TokenEntropy]byte{7}).Reveal()
	var codes []string
	for i := range 5 {
		header := bearer(unknown)
		header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
		header.Set("Forwarded", fmt.Sprintf("for=192.0.2.%d", i))
		header.Set("X-Real-IP", fmt.Sprintf("192.0.2.%d", i))
		a := in.do(http.MethodGet, "/api/v1/me", header, nil)
		codes = append(codes, a.code())
		if a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
			t.Error("it is not told how long to wait")
		}
	}
	want(t, codes, "token_unknown", "token_unknown", "token_unknown", "rate_limited", "rate_limited")
	if a := in.call(http.MethodGet, "/api/v1/me", in.token("alice"), ""); a.status != http.StatusOK {
		t.Errorf("a good token from the same address: %d %s", a.status, a.body)
	}
	if a := in.call(http.MethodGet, "/api/v1/me", "nonsense", ""); a.code() != "token_malformed" {
		t.Errorf("what cannot be a token: %s", a.body)
	}
}

// Behind a proxy that is trusted, the address that it names counts.
func TestFailedSignInsBehindAProxy(t *testing.T) {
	in := serve(t, map[string]string{"LIMIT_FAILED_SIGN_IN": "1/1h", "TRUSTED_PROXIES": "127.0.0.0/8"})
	unknown := account.MintSecret([account.TokenEntropy]byte{7}).Reveal()
	for _, c := range []struct{ from, code string }{
		{"192.0.2.1", "token_unknown"},
		{"192.0.2.1", "rate_limited"},
		{"198.51.100.9, 192.0.2.1", "rate_limited"},
		{"192.0.2.2", "token_unknown"},
		{"2001:db8::1", "token_unknown"},
		{"2001:db8::2", "rate_limited"},
		{"2001:db8:0:1::2", "token_unknown"},
	} {
		header := bearer(unknown)
		header.Set("X-Forwarded-For", c.from)
		if a := in.do(http.MethodGet, "/api/v1/me", header, nil); a.code() != c.code {
			t.Errorf("from %s: %s, want %s", c.from, a.body, c.code)
		}
	}
}

// What browsers are told of every answer.
func TestSecurityHeaders(t *testing.T) {
	plain := serve(t, nil)
	behindTLS := serve(t, map[string]string{"PUBLIC_URL": "https://registry.example.org"})
	behindTLS.url = "http://" + regexp.MustCompile(`"address":"([^"]+)"`).FindStringSubmatch(behindTLS.log.String())[1]
	for _, path := range []string{"/", "/extensions/all", "/nowhere", "/swagger-ui/", "/redoc"} {
		a := plain.get(path)
		policy := a.header.Get("Content-Security-Policy")
		if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") ||
			a.header.Get("Referrer-Policy") == "" || a.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: %v", path, a.header)
		}
		if a := behindTLS.get(path); !strings.Contains(a.header.Get("Strict-Transport-Security"), "max-age=31536000") {
			t.Errorf("%s behind TLS: %v", path, a.header)
		}
	}
	elsewhere := http.Header{"Origin": {"https://evil.example.org"}}
	if a := plain.do(http.MethodGet, "/extensions/all", elsewhere, nil); a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("another site reads: %v", a.header)
	}
	preflight := http.Header{"Origin": elsewhere["Origin"], "Access-Control-Request-Method": {"POST"}}
	if a := plain.do(http.MethodOptions, "/extensions/new", preflight, nil); strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("another site may write: %v", a.header)
	}
	build := archivetest.Build{Project: "from_elsewhere", Version: "1.0"}
	form := publication{metadata: map[string]any{"name": "from_elsewhere", "vers": "1.0"}, archive: build.Archive(), header: bearer(plain.token("alice"))}
	for _, c := range []struct {
		name, value string
		status      int
	}{
		{"Origin", "https://evil.example.org", http.StatusForbidden},
		{"Origin", "null", http.StatusForbidden},
		{"Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-origin", http.StatusOK},
		{"Origin", plain.url, http.StatusOK},
	} {
		form.header.Set(c.name, c.value)
		if a := plain.send("/extensions/new", form); a.status != c.status || a.status == http.StatusForbidden && a.code() != "origin_forbidden" {
			t.Errorf("%s: %s writes: %d %s", c.name, c.value, a.status, a.body)
		}
		form.header.Del(c.name)
	}
}
