// Package devissuer is a small OpenID Connect issuer for development: whoever types a user name is that user. It listens
// on the developer's own computer and sends people nowhere else. https://openid.net/specs/openid-connect-core-1_0.html
package devissuer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"
)

// maxUser bounds a user name, in characters.
const maxUser = 100

// Issuer signs people in with a key in a file.
type Issuer struct {
	// Now is the clock; Open sets the computer's.
	Now func() time.Time

	path  string
	mu    sync.Mutex // guards codes
	codes map[string]grant
}

// Open makes an issuer over the key DIR/key.pem, which it makes where it is missing. The file is read whenever a key is
// needed, so that replacing it rotates the key.
//
// Errors: a directory or a file that cannot be written or read, and a file that is not an RSA key in the form PKCS #8.
func Open(dir string) (*Issuer, error) {
	i := &Issuer{Now: time.Now, path: filepath.Join(dir, "key.pem"), codes: map[string]grant{}}
	_, err := i.key()
	if errors.Is(err, fs.ErrNotExist) {
		err = makeKey(i.path)
	}
	if err != nil {
		return nil, err
	}
	return i, nil
}

// Mint signs a JSON Web Token for a user at a client. What extra says comes before what would be said otherwise.
//
// Errors: a user name that is not 1 to 100 graphic characters, claims that JSON cannot say, and a key file that cannot
// be read.
func (i *Issuer) Mint(address, clientID, user string, extra map[string]any, lifetime time.Duration) (string, error) {
	if err := checkUser(user); err != nil {
		return "", err
	}
	key, err := i.key()
	if err != nil {
		return "", err
	}
	email := user
	if !strings.Contains(user, "@") {
		email = strings.Join(strings.Fields(user), ".") + "@example.org"
	}
	now := i.Now()
	claims := map[string]any{
		"iss": address, "sub": user, "aud": clientID, "azp": clientID,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(lifetime).Unix(),
		"userName": user, "preferred_username": user, "email": email, "email_verified": true,
	}
	maps.Copy(claims, extra)
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write the claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, new(jose.SignerOptions).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed.CompactSerialize()
}

func checkUser(user string) error {
	length := utf8.RuneCountInString(user)
	invisible := func(r rune) bool { return !unicode.IsGraphic(r) }
	if length < 1 || length > maxUser || !utf8.ValidString(user) || strings.ContainsFunc(user, invisible) {
		return fmt.Errorf("a user name is 1 to %d visible characters", maxUser)
	}
	return nil
}

// key reads the key. Its id is its thumbprint (RFC 7638), so that another key has another id.
func (i *Issuer) key() (jose.JSONWebKey, error) {
	data, err := os.ReadFile(i.path)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("read the key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return jose.JSONWebKey{}, fmt.Errorf("read the key: there is no PEM in %s", i.path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("read the key %s: %w", i.path, err)
	}
	if _, ok := parsed.(*rsa.PrivateKey); !ok {
		return jose.JSONWebKey{}, fmt.Errorf("the key %s is not an RSA key", i.path)
	}
	key := jose.JSONWebKey{Key: parsed, Algorithm: string(jose.RS256), Use: "sig"}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("name the key: %w", err)
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return key, nil
}

// makeKey writes a new key so that nobody ever sees half of one.
func makeKey(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	// Only its owner can read a file of CreateTemp.
	file, err := os.CreateTemp(filepath.Dir(path), "key-*.pem")
	if err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	err = errors.Join(pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: der}), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("make the key: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}
