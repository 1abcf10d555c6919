package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed assets
var embedded embed.FS

// AssetsPath is the folder that assets are served in.
const AssetsPath = "/assets/"

// assets are files whose names have their hash, so that whoever has one never needs to ask again.
type assets struct {
	// addresses is by the plain name, files by the name with the hash.
	addresses map[string]string
	files     map[string]asset
}

type asset struct {
	contentType string
	body        []byte
}

func loadAssets() *assets {
	a := &assets{addresses: map[string]string{}, files: map[string]asset{}}
	a.add("app.css", styles())
	for _, name := range []string{"theme.js", "app.js", "mark.svg", "card.png"} {
		a.add(name, mustRead("assets/"+name))
	}
	return a
}

// styles puts the style sheet together: app.css says the order of the layers, so it comes first.
func styles() []byte {
	names, err := fs.Glob(embedded, "assets/styles/*.css")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	const first = "assets/styles/app.css"
	names = slices.DeleteFunc(names, func(name string) bool { return name == first })
	var b bytes.Buffer
	for _, name := range append([]string{first}, names...) {
		b.Write(mustRead(name))
	}
	return b.Bytes()
}

// mustRead reads an embedded file, whose name is a constant of this package.
func mustRead(name string) []byte {
	body, err := embedded.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}

func (a *assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.addresses[name] = AssetsPath + hashed
	a.files[hashed] = asset{contentType: mime.TypeByExtension(ext), body: body}
}

// address gives the address of an asset; "" for an unknown one, which a test finds.
func (a *assets) address(name string) string { return a.addresses[name] }

// ServeHTTP serves one asset.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[strings.TrimPrefix(r.URL.Path, AssetsPath)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", file.contentType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.body))
}
