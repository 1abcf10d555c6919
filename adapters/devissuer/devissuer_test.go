package devissuer_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/devissuer"
	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
)

const (
	clientID = "the-registry"
	callback = "http://127.0.0.1:3000/callback?from=issuer"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)

// setting is an issuer behind real HTTP, and a clock that tests move.
type setting struct {
	issuer  *devissuer.Issuer
	dir     string
	address string
	now     time.Time
	takes   *oidc.Verifier
}

func serve(t *testing.T) *setting {
	t.Helper()
	s := &setting{dir: filepath.Join(t.TempDir(), "issuer"), now: time.Date(2026, 5, 1, 12, 0, 0, 500, time.UTC)}
	var err error
	if s.issuer, err = devissuer.Open(s.dir); err != nil {
		t.Fatal(err)
	}
	s.issuer.Now = func() time.Time { return s.now }
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	s.address = server.URL
	handler = s.issuer.Handler(s.address)
	s.takes = oidc.New([]account.Provider{{Issuer: s.address, Audiences: []string{clientID}}}, oidc.Options{Now: s.issuer.Now})
	return s
}

func challenge() string {
	hash := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func request() url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {callback}, "state": {`st&"<ate`}, "nonce": {"n-1"},
		"scope": {"openid profile"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}
}

// with changes one value; "" leaves it out.
func with(v url.Values, name, value string) url.Values {
	v = maps.Clone(v)
	v.Set(name, value)
	if value == "" {
		v.Del(name)
	}
	return v
}

type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request and follows no redirect.
func (s *setting) do(t *testing.T, method, path string, query, form url.Values) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.address+path+"?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// back is where somebody is sent back to.
func back(t *testing.T, a answer) url.Values {
	t.Helper()
	target, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("got %d %s, %v", a.status, a.body, err)
	}
	query := target.Query()
	target.RawQuery = ""
	if target.String() != "http://127.0.0.1:3000/callback" || query.Get("from") != "issuer" || query.Get("state") != `st&"<ate` {
		t.Errorf("sent to %s", a.header.Get("Location"))
	}
	return query
}

// code signs somebody in as far as the code.
func (s *setting) code(t *testing.T) string {
	t.Helper()
	return back(t, s.do(t, http.MethodPost, "/authorize", nil, with(request(), "user", "ada"))).Get("code")
}

func exchange(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "client_id": {clientID},
		"code_verifier": {verifier},
	}
}

// fails checks an error of RFC 6749 section 5.2.
func fails(t *testing.T, what string, a answer, status int, code string) {
	t.Helper()
	var document struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal([]byte(a.body), &document); err != nil || a.status != status || document.Error != code || document.Description == "" {
		t.Errorf("%s: got %d %s, want %d %s", what, a.status, a.body, status, code)
	}
	if a.header.Get("Content-Type") != "application/json" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: the headers are %v", what, a.header)
	}
}

var (
	inputs  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	escapes = strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&lt;", "<", "&#43;", "+")
)

func TestCodeFlow(t *testing.T) {
	s := serve(t)
	page := s.do(t, http.MethodGet, "/authorize", request(), nil)
	if page.status != http.StatusOK || strings.Contains(page.body, "<script") {
		t.Fatalf("got %d %s", page.status, page.body)
	}
	if got, want := page.header.Get("Content-Security-Policy"), "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://127.0.0.1:3000"; got != want {
		t.Errorf("the policy is %s", got)
	}
	form := url.Values{"user": {" Ada Lovelace "}}
	for _, input := range inputs.FindAllStringSubmatch(page.body, -1) {
		form.Set(input[1], escapes.Replace(input[2]))
	}
	code := back(t, s.do(t, http.MethodPost, "/authorize", nil, form)).Get("code")

	given := s.do(t, http.MethodPost, "/token", nil, exchange(code))
	var tokens struct {
		IDToken     string `json:"id_token"`
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(given.body), &tokens); err != nil || given.status != http.StatusOK {
		t.Fatalf("got %d %s", given.status, given.body)
	}
	if tokens.AccessToken == "" || tokens.TokenType != "Bearer" || tokens.ExpiresIn != 3600 || given.header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %+v, %v", tokens, given.header)
	}
	got, err := s.takes.Verify(t.Context(), tokens.IDToken)
	want := account.SignIn{
		Issuer: s.address, Subject: "Ada Lovelace", Name: "Ada Lovelace", Email: "Ada.Lovelace@example.org", EmailVerified: true,
		Expires: s.now.Truncate(time.Second).Add(time.Hour), Nonce: "n-1",
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if said := claims(t, tokens.IDToken); said["nonce"] != "n-1" || said["jti"] != nil {
		t.Errorf("it says %v", said)
	}
	fails(t, "the code again", s.do(t, http.MethodPost, "/token", nil, exchange(code)), http.StatusBadRequest, "invalid_grant")
}

func claims(t *testing.T, jwt string) map[string]any {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(payload, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

func TestMint(t *testing.T) {
	s := serve(t)
	jwt, err := s.issuer.Mint(s.address, clientID, "ada@example.com", map[string]any{"jti": "j-1", "nickname": "a"}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.takes.Verify(t.Context(), jwt)
	if err != nil || got.ID != "j-1" || got.Email != "ada@example.com" || got.Name != "ada@example.com" {
		t.Errorf("got %+v, %v", got, err)
	}
	s.now = s.now.Add(time.Minute)
	if _, err := s.takes.Verify(t.Context(), jwt); fault.CodeOf(err) != fault.JWTExpired {
		t.Errorf("a minute later: %v", err)
	}
	for _, user := range []string{"", strings.Repeat("ä", 101), "a\nb", "a\u202eb", "\xff"} {
		if _, err := s.issuer.Mint(s.address, clientID, user, nil, time.Minute); err == nil {
			t.Errorf("%q is taken for a user name", user)
		}
	}
	if _, err := s.issuer.Mint(s.address, clientID, strings.Repeat("ä", 100), nil, time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := s.issuer.Mint(s.address, clientID, "ada", map[string]any{"x": func() {}}, time.Minute); err == nil {
		t.Error("a function is taken for a claim")
	}
}

// Whoever asks wrongly is not sent anywhere, unless it is known that the address is on this computer.
func TestAuthorizeRefuses(t *testing.T) {
	s := serve(t)
	for _, address := range []string{
		"", "https://example.org/", "http://127.0.0.1.example.org/", "http://localhost@example.org/", "http://ada@localhost/", "http://127.0.0.2/",
		"javascript:alert(1)", "ftp://localhost/", "//localhost/", "/callback", "http:localhost", "http://localhost/#x", "http://localhost/#", "http://localhost\\@example.org",
		"http://localhost:80;x/", "http://[::1%25lo]/", "%",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			a := s.do(t, method, "/authorize", with(with(request(), "redirect_uri", address), "user", "ada"), url.Values{"user": {"ada"}})
			if a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
				t.Errorf("%s %s: got %d, %s", method, address, a.status, a.header.Get("Location"))
			}
		}
	}
	if a := s.do(t, http.MethodGet, "/authorize", with(request(), "client_id", ""), nil); a.status != http.StatusBadRequest {
		t.Errorf("without a client: got %d", a.status)
	}
	for what, test := range map[string]struct {
		request url.Values
		fault   string
	}{
		"another response type": {with(request(), "response_type", "token"), "unsupported_response_type"},
		"no openid":             {with(request(), "scope", "profile openidx"), "invalid_scope"},
		"no challenge":          {with(request(), "code_challenge", ""), "invalid_request"},
		"a short challenge":     {with(request(), "code_challenge", "abc"), "invalid_request"},
		"no method":             {with(request(), "code_challenge_method", ""), "invalid_request"},
		"a plain challenge":     {with(request(), "code_challenge_method", "plain"), "invalid_request"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			query := back(t, s.do(t, method, "/authorize", test.request, url.Values{"user": {"ada"}}))
			if query.Get("error") != test.fault || query.Get("error_description") == "" || query.Has("code") {
				t.Errorf("%s %s: got %v", method, what, query)
			}
		}
	}
	for _, user := range []string{"", "  ", strings.Repeat("a", 101), "a\x00b"} {
		a := s.do(t, http.MethodPost, "/authorize", nil, with(request(), "user", user))
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, "1 to 100 visible characters") || !strings.Contains(a.body, "<form") {
			t.Errorf("the user %q: got %d %s", user, a.status, a.body)
		}
	}
	// A name in the address is not one that somebody typed.
	if a := s.do(t, http.MethodPost, "/authorize", with(request(), "user", "ada"), url.Values{}); a.status != http.StatusBadRequest {
		t.Errorf("a user in the query: got %d", a.status)
	}
	for _, query := range []url.Values{{}, {"x": {strings.Repeat("x", 65<<10)}}} {
		if a := s.do(t, http.MethodPost, "/authorize", nil, query); a.status != http.StatusBadRequest {
			t.Errorf("got %d", a.status)
		}
	}
	if a := s.do(t, http.MethodDelete, "/authorize", nil, nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: got %d", a.status)
	}
}

func TestPageEscapesAndNamesItsTarget(t *testing.T) {
	s := serve(t)
	for address, want := range map[string]string{
		"http://localhost:3000/x": "form-action 'self' http://localhost:3000",
		"https://localhost/":      "form-action 'self' https://localhost",
		"http://[::1]:3000/":      "form-action 'self' http:",
	} {
		a := s.do(t, http.MethodGet, "/authorize", with(with(request(), "redirect_uri", address), "client_id", "<b>&"), nil)
		if policy := a.header.Get("Content-Security-Policy"); a.status != http.StatusOK || !strings.HasSuffix(policy, want) || strings.Contains(a.body, "<b>") {
			t.Errorf("%s: got %d, %s\n%s", address, a.status, policy, a.body)
		}
	}
}

func TestTokenRefuses(t *testing.T) {
	s := serve(t)
	for _, test := range []struct{ name, value, fault string }{
		{"grant_type", "", "invalid_request"},
		{"grant_type", "client_credentials", "unsupported_grant_type"},
		{"code", "", "invalid_request"},
		{"code", "guessed", "invalid_grant"},
		{"redirect_uri", "", "invalid_request"},
		{"redirect_uri", "http://127.0.0.1:3000/callback", "invalid_grant"},
		{"client_id", "", "invalid_request"},
		{"client_id", "another", "invalid_grant"},
		{"code_verifier", "", "invalid_request"},
		{"code_verifier", verifier + "x", "invalid_grant"},
	} {
		code := s.code(t)
		fails(t, test.name+" "+test.value, s.do(t, http.MethodPost, "/token", nil, with(exchange(code), test.name, test.value)), http.StatusBadRequest, test.fault)
		// What was not even understood leaves the code alone; what was wrong ends it, unless another code was named.
		again := s.do(t, http.MethodPost, "/token", nil, exchange(code))
		if spent := test.fault == "invalid_grant" && test.name != "code"; (again.status == http.StatusOK) == spent {
			t.Errorf("the right request after %s %q: got %d %s", test.name, test.value, again.status, again.body)
		}
	}
	code := s.code(t)
	fails(t, "in the query", s.do(t, http.MethodPost, "/token", exchange(code), url.Values{}), http.StatusBadRequest, "invalid_request")
	twice := exchange(code)
	twice.Add("client_id", clientID)
	fails(t, "a part twice", s.do(t, http.MethodPost, "/token", nil, twice), http.StatusBadRequest, "invalid_request")
	fails(t, "too much", s.do(t, http.MethodPost, "/token", nil, url.Values{"x": {strings.Repeat("x", 65<<10)}}), http.StatusBadRequest, "invalid_request")

	s.now = s.now.Add(59 * time.Second)
	if a := s.do(t, http.MethodPost, "/token", nil, exchange(code)); a.status != http.StatusOK {
		t.Errorf("after 59 s: got %d %s", a.status, a.body)
	}
	code = s.code(t)
	s.now = s.now.Add(time.Minute)
	fails(t, "after a minute", s.do(t, http.MethodPost, "/token", nil, exchange(code)), http.StatusBadRequest, "invalid_grant")
	if a := s.do(t, http.MethodGet, "/token", nil, nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d", a.status)
	}
	// A code is its issuer's.
	code = s.code(t)
	other := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/token", strings.NewReader(exchange(code).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.issuer.Handler("http://127.0.0.1:1").ServeHTTP(other, r)
	fails(t, "at another address", answer{other.Code, other.Header(), other.Body.String()}, http.StatusBadRequest, "invalid_grant")
}

func TestDiscovery(t *testing.T) {
	s := serve(t)
	var document map[string]any
	if err := json.Unmarshal([]byte(s.do(t, http.MethodGet, "/.well-known/openid-configuration", nil, nil).body), &document); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"issuer": s.address, "authorization_endpoint": s.address + "/authorize", "token_endpoint": s.address + "/token", "jwks_uri": s.address + "/jwks",
	} {
		if document[name] != want {
			t.Errorf("%s is %v", name, document[name])
		}
	}
	keys := s.do(t, http.MethodGet, "/jwks", nil, nil).body
	for _, private := range []string{`"d"`, `"p"`, `"q"`} {
		if strings.Contains(keys, private) {
			t.Errorf("the private key is published: %s", keys)
		}
	}
}

func TestRotation(t *testing.T) {
	s, other := serve(t), serve(t)
	mint := func() string {
		jwt, err := s.issuer.Mint(s.address, clientID, "ada", nil, 12*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return jwt
	}
	old := mint()
	if _, err := s.takes.Verify(t.Context(), old); err != nil {
		t.Error(err)
	}
	if err := os.Rename(filepath.Join(other.dir, "key.pem"), filepath.Join(s.dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Minute)
	if _, err := s.takes.Verify(t.Context(), mint()); err != nil {
		t.Errorf("the new key: %v", err)
	}
	if _, err := s.takes.Verify(t.Context(), old); fault.CodeOf(err) != fault.JWTKeyUnknown {
		t.Errorf("the old key: %v", err)
	}
}

func TestKeyFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "key.pem")
	if _, err := devissuer.Open(dir); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	made, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := devissuer.Open(dir); err != nil {
		t.Error(err)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != string(made) {
		t.Errorf("the key was made anew (%v)", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("there lie %v, %v", entries, err)
	}

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for what, content := range map[string][]byte{
		"nothing": nil, "no key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}),
		"another kind of key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := devissuer.Open(dir); err == nil {
			t.Errorf("%s is taken for a key", what)
		}
	}
	if _, err := devissuer.Open(path); err == nil {
		t.Error("a file is taken for a directory")
	}
}

// While the key is missing nothing is signed, and nothing else is answered than that.
func TestWithoutItsKey(t *testing.T) {
	s := serve(t)
	code := s.code(t)
	if err := os.Remove(filepath.Join(s.dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	if a := s.do(t, http.MethodGet, "/jwks", nil, nil); a.status != http.StatusInternalServerError {
		t.Errorf("got %d", a.status)
	}
	fails(t, "the token", s.do(t, http.MethodPost, "/token", nil, exchange(code)), http.StatusInternalServerError, "server_error")
}
