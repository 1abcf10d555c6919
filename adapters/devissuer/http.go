package devissuer

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	codeLifetime  = time.Minute
	tokenLifetime = time.Hour
	// maxForm bounds a form that is sent, in bytes.
	maxForm = 64 << 10
)

// grant is what a code stands for.
type grant struct {
	address, clientID, redirectURI, challenge, nonce, user string
	expires                                                time.Time
}

// Handler serves the issuer whose identifier is an address, such as http://127.0.0.1:8081.
func (i *Issuer) Handler(address string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer": address, "authorization_endpoint": address + "/authorize",
			"token_endpoint": address + "/token", "jwks_uri": address + "/jwks",
			"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query"},
			"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
			"token_endpoint_auth_methods_supported": []string{"none"}, "scopes_supported": []string{"openid", "profile", "email"},
		})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		key, err := i.key()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) { i.authorize(w, r, address) })
	mux.HandleFunc("POST /authorize", func(w http.ResponseWriter, r *http.Request) { i.authorize(w, r, address) })
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { i.token(w, r, address) })
	return mux
}

// authorize asks who somebody is (GET), and sends them back with a code (POST).
// https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 and https://www.rfc-editor.org/rfc/rfc7636#section-4.3
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request, address string) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form is not readable.", http.StatusBadRequest)
		return
	}
	// Where one would send somebody has to be right before anybody is sent there.
	back, ok := loopback(r.Form.Get("redirect_uri"))
	if !ok || r.Form.Get("client_id") == "" {
		http.Error(w, "An application has to say its client_id, and a redirect_uri at 127.0.0.1, [::1] or localhost.", http.StatusBadRequest)
		return
	}
	send := func(answer url.Values) {
		if state := r.Form.Get("state"); state != "" {
			answer.Set("state", state)
		}
		query := back.Query()
		maps.Copy(query, answer)
		target := *back
		target.RawQuery = query.Encode()
		http.Redirect(w, r, target.String(), http.StatusSeeOther) //nolint:gosec // loopback has seen that it leads to this computer
	}
	switch {
	case r.Form.Get("response_type") != "code":
		send(url.Values{"error": {"unsupported_response_type"}, "error_description": {"response_type has to be code"}})
		return
	case !slices.Contains(strings.Fields(r.Form.Get("scope")), "openid"):
		send(url.Values{"error": {"invalid_scope"}, "error_description": {"scope has to name openid"}})
		return
	case r.Form.Get("code_challenge_method") != "S256" || len(r.Form.Get("code_challenge")) != base64.RawURLEncoding.EncodedLen(sha256.Size):
		send(url.Values{"error": {"invalid_request"}, "error_description": {"a code_challenge of the method S256 is needed"}})
		return
	}
	if r.Method != http.MethodPost {
		ask(w, r, back, http.StatusOK, "")
		return
	}
	user := strings.TrimSpace(r.PostForm.Get("user"))
	if err := checkUser(user); err != nil {
		ask(w, r, back, http.StatusBadRequest, err.Error())
		return
	}
	send(url.Values{"code": {i.grant(grant{
		address: address, clientID: r.Form.Get("client_id"), redirectURI: r.Form.Get("redirect_uri"),
		challenge: r.Form.Get("code_challenge"), nonce: r.Form.Get("nonce"), user: user,
	})}})
}

// loopback reads an address that leads to the developer's own computer.
func loopback(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || strings.Contains(address, "#") {
		return nil, false
	}
	return u, slices.Contains([]string{"http", "https"}, u.Scheme) && slices.Contains([]string{"127.0.0.1", "::1", "localhost"}, u.Hostname())
}

var page = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title></head>
<body>
<h1>Sign in to {{.Form.Get "client_id"}}</h1>
<p>This is for development: whoever you say you are, you are.</p>
{{with .Fault}}<p role="alert">That does not work: {{.}}.</p>
{{end}}<form method="post" action="authorize">
{{range $name := .Names}}<input type="hidden" name="{{$name}}" value="{{$.Form.Get $name}}">
{{end}}<p><label for="user">User name</label> <input id="user" name="user" autocomplete="username" required maxlength="100" autofocus></p>
<p><button>Sign in</button></p>
</form>
</body>
</html>
`))

// ask shows the form for a user name. It carries the request, so that nothing has to be remembered until it comes back.
func ask(w http.ResponseWriter, r *http.Request, back *url.URL, status int, fault string) {
	// Browsers hold the redirect after a form to form-action as well. It cannot say an IPv6 address, but its scheme.
	target := back.Scheme + "://" + back.Host
	if back.Hostname() == "::1" {
		target = back.Scheme + ":"
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+target)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = page.Execute(w, map[string]any{
		"Form": r.Form, "Fault": fault,
		"Names": []string{"response_type", "client_id", "redirect_uri", "state", "nonce", "scope", "code_challenge", "code_challenge_method"},
	})
}

// grant makes a code, and forgets those that nobody came for.
func (i *Issuer) grant(g grant) string {
	now := i.Now()
	g.expires = now.Add(codeLifetime)
	code := rand.Text()
	i.mu.Lock()
	defer i.mu.Unlock()
	maps.DeleteFunc(i.codes, func(_ string, old grant) bool { return !now.Before(old.expires) })
	i.codes[code] = g
	return code
}

// redeem takes a code, which is no more after that, whatever comes of it.
func (i *Issuer) redeem(code string) (grant, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, ok := i.codes[code]
	delete(i.codes, code)
	return g, ok && i.Now().Before(g.expires)
}

// token gives tokens for a code. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
func (i *Issuer) token(w http.ResponseWriter, r *http.Request, address string) {
	refuse := func(status int, code, description string) {
		writeJSON(w, status, map[string]string{"error": code, "error_description": description})
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		refuse(http.StatusBadRequest, "invalid_request", "the form is not readable")
		return
	}
	form := r.PostForm
	if grantType := form.Get("grant_type"); grantType != "" && grantType != "authorization_code" {
		refuse(http.StatusBadRequest, "unsupported_grant_type", "grant_type has to be authorization_code")
		return
	}
	for _, name := range []string{"grant_type", "code", "redirect_uri", "client_id", "code_verifier"} {
		if len(form[name]) != 1 || form.Get(name) == "" {
			refuse(http.StatusBadRequest, "invalid_request", name+" has to be there, once")
			return
		}
	}
	g, ok := i.redeem(form.Get("code"))
	hash := sha256.Sum256([]byte(form.Get("code_verifier")))
	if !ok || g.address != address || g.clientID != form.Get("client_id") || g.redirectURI != form.Get("redirect_uri") ||
		g.challenge != base64.RawURLEncoding.EncodeToString(hash[:]) {
		refuse(http.StatusBadRequest, "invalid_grant", "the code is unknown, used or over a minute old, or the client_id, redirect_uri or code_verifier is not its")
		return
	}
	extra := map[string]any{}
	if g.nonce != "" {
		extra["nonce"] = g.nonce
	}
	signed, err := i.Mint(address, g.clientID, g.user, extra, tokenLifetime)
	if err != nil {
		refuse(http.StatusInternalServerError, "server_error", err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		// Nothing takes the access token; RFC 6749 wants one.
		"id_token": signed, "access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLifetime.Seconds()),
	})
}

func writeJSON(w http.ResponseWriter, status int, document any) {
	data, err := json.Marshal(document)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}
