package registry_test

import (
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// reads are the addresses whose answers have tags.
func reads() []string {
	return []string{
		"/api/v1/trunk-projects", "/api/v1/trunk-projects?extension-name=pgmq", "/api/v1/trunk-projects/pgmq",
		"/api/v1/trunk-projects/pgmq/version/0.5.0", "/api/v1/trunk-projects/pgmq/version/0.5.0/contents", "/api/v1/trunk-projects/pgmq/owners",
		"/extensions/all", "/extensions/detail/pgmq", "/extensions/detail/pgmq/0.5.0", "/extensions/details/pgmq/readme", "/extensions/libraries",
		"/categories/all", "/feeds/releases", "/feeds/projects/pgmq", "/feeds/categories/search", "/platform/linux-arm64/api/v1/trunk-projects",
		"/api/v1/search?q=pgmq", "/api/v1/search", "/api/v1/suggest?q=pgm", "/api/v1/trunk-projects/pgmq/health",
		"/badges/pgmq/version.svg", "/badges/pgmq/downloads.svg", "/badges/nobody/postgres.svg",
	}
}

// What has not changed is told in a few bytes, and what has is sent.
func TestEntityTags(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", with(pgmq, func(b *archivetest.Build) {
		b.Files = map[string]archivetest.File{"README.md": {Data: []byte("# it\n")}}
	}), nil)
	tags := map[string]string{}
	// Go's client would ask for gzip on its own.
	identity := http.Header{"Accept-Encoding": {"identity"}}
	for _, path := range reads() {
		a := in.do(http.MethodGet, path, identity, nil)
		tag := a.header.Get("ETag")
		if a.status != http.StatusOK || len(tag) < 10 || tag[0] != '"' || !strings.HasPrefix(a.header.Get("Cache-Control"), "public, max-age=") || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		tags[path] = tag
		gzipped, zstded := strings.TrimSuffix(tag, `"`)+`-gzip"`, strings.TrimSuffix(tag, `"`)+`-zstd"`
		for asked, told := range map[string]string{
			tag: tag, "W/" + tag: tag, `"x", ` + tag: tag, "*": tag, gzipped: gzipped, `"x",` + zstded: zstded,
		} {
			header := http.Header{"If-None-Match": {asked}, "If-Modified-Since": {"Thu, 01 Jan 1970 00:00:00 GMT"}}
			if a := in.do(http.MethodGet, path, header, nil); a.status != http.StatusNotModified || a.body != "" || a.header.Get("ETag") != told {
				t.Errorf("%s with %s: %d %v", path, asked, a.status, a.header)
			}
		}
		for name, header := range map[string]http.Header{
			"another tag": {"If-None-Match": {`"x"`}}, "no tag": {"If-None-Match": {""}}, "an old date": {"If-Modified-Since": {"Thu, 01 Jan 1970 00:00:00 GMT"}},
		} {
			if b := in.do(http.MethodGet, path, header, nil); b.status != http.StatusOK || b.body != a.body {
				t.Errorf("%s with %s: %d", path, name, b.status)
			}
		}
		if head := in.do(http.MethodHead, path, identity, nil); head.status != http.StatusOK || head.header.Get("ETag") != tag {
			t.Errorf("HEAD %s: %d %v", path, head.status, head.header)
		}
	}
	if a := in.call(http.MethodPost, "/api/v1/trunk-projects/pgmq/deprecate", in.token("alice"), `{"message": "m"}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	for _, path := range []string{"/api/v1/trunk-projects", "/api/v1/trunk-projects/pgmq"} {
		if a := in.do(http.MethodGet, path, http.Header{"If-None-Match": {tags[path]}}, nil); a.status != http.StatusOK || !strings.Contains(a.body, `"deprecated"`) {
			t.Errorf("%s after a change: %d", path, a.status)
		}
	}
	for _, path := range []string{"/api/v1/trunk-projects/pgmq/version/9.9/contents", "/nowhere"} {
		if a := in.get(path); a.header.Get("ETag") != "" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("an error may be kept: %v", a.header)
		}
	}
}

// Last-Modified is told once its second is over, and honoured.
func TestLastModified(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	var modified string
	eventually(t, "dated", func() bool {
		modified = in.get("/extensions/all").header.Get("Last-Modified")
		return modified != ""
	})
	since := func(date string) int {
		return in.do(http.MethodGet, "/extensions/all", http.Header{"If-Modified-Since": {date}}, nil).status
	}
	at, err := http.ParseTime(modified)
	if err != nil {
		t.Fatal(err)
	}
	if since(modified) != http.StatusNotModified || since(at.Add(-time.Second).Format(http.TimeFormat)) != http.StatusOK || since("nonsense") != http.StatusOK {
		t.Errorf("since %s: %d", modified, since(modified))
	}
	in.publish("alice", archivetest.Build{Project: "other", Version: "1.0"}, nil)
	if since(modified) != http.StatusOK {
		t.Error("a change is not seen")
	}
}

// Reads are compressed for those who say so, with a tag of their own.
func TestCompression(t *testing.T) {
	in := serve(t, nil)
	plain := in.do(http.MethodGet, "/categories/all", http.Header{"Accept-Encoding": {"identity"}}, nil)
	for encoding, open := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+"/categories/all", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.Header.Get("Content-Encoding") != encoding || len(packed) >= len(plain.body) ||
			response.Header.Get("ETag") != strings.TrimSuffix(plain.header.Get("ETag"), `"`)+"-"+encoding+`"` || !strings.Contains(strings.Join(response.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: %v, %d bytes of %d", encoding, response.Header, len(packed), len(plain.body))
			continue
		}
		reader, err := open(strings.NewReader(string(packed)))
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(reader); err != nil || string(body) != plain.body {
			t.Errorf("%s gives other bytes: %v", encoding, err)
		}
	}
}

// The whole catalogue is asked of the database once a change, however many ask at a time, and is current on every process
// within a second.
func TestSnapshot(t *testing.T) {
	cfg := configure(t, nil)
	one, two := serveConfig(t, cfg), serveConfig(t, cfg)
	one.publish("alice", pgmq, nil)
	eventually(t, "seen by the other process", func() bool { return strings.Contains(two.get("/extensions/all").body, "pgmq") })
	eventually(t, "kept", func() bool {
		before := two.statements.Load()
		two.get("/extensions/all")
		return two.statements.Load() == before
	})
	before := two.statements.Load()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				two.get("/extensions/all")
			}
		})
	}
	group.Wait()
	// Once more at most, when the process learns that what it has read already is a newer state.
	if got := two.statements.Load() - before; got > 6 {
		t.Errorf("160 reads of what has not changed take %d statements", got)
	}
	for i := range 3 {
		name := fmt.Sprintf("another_%c", 'a'+i)
		one.publish("alice", archivetest.Build{Project: name, Version: "1.0"}, nil)
		published := time.Now()
		if a := one.get("/extensions/all"); !strings.Contains(a.body, name) {
			t.Errorf("who published does not see it: %s", a.body)
		}
		eventually(t, "current", func() bool { return strings.Contains(two.get("/extensions/all").body, name) })
		t.Logf("current on the other process after %s", time.Since(published).Round(time.Millisecond))
	}
	// Other questions are not about the whole.
	want(t, two.versions("/api/v1/trunk-projects?extension-name=pgmq"), "0.5.0:amd64")
	want(t, two.versions("/platform/linux-arm64/api/v1/trunk-projects"), "1.0:", "1.0:", "1.0:", "0.5.0:")
}

// Feeds tell what is new, as Atom that any reader reads.
func TestFeeds(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, map[string]any{"description": "Queues <b>&</b>\n\tmore", "categories": []string{"orchestration"}})
	in.publish("bob", archivetest.Build{Project: "unlike", Version: "1.0"}, nil)
	type feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Updated string   `xml:"updated"`
		Entries []struct {
			Title   string `xml:"title"`
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Summary string `xml:"summary"`
			Author  string `xml:"author>name"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	read := func(path string) (f feed, titles []string) {
		t.Helper()
		a := in.get(path)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/atom+xml" {
			t.Fatalf("%s: %d %v %s", path, a.status, a.header, a.body)
		}
		if err := xml.Unmarshal([]byte(a.body), &f); err != nil {
			t.Fatalf("%s: %v\n%s", path, err, a.body)
		}
		for _, e := range f.Entries {
			titles = append(titles, e.Title)
		}
		return f, titles
	}
	all, titles := read("/feeds/releases")
	want(t, titles, "unlike 1.0", "pgmq 0.5.0")
	first := all.Entries[1]
	if !strings.HasPrefix(first.ID, "urn:uuid:") || first.Author != "alice" || first.Summary != "Queues <b>&</b>\n\tmore\n\nPostgreSQL 17 on linux/amd64" ||
		all.Updated != all.Entries[0].Updated || in.get(first.Link.Href).status != http.StatusOK {
		t.Errorf("the feed is %+v", all)
	}
	again, titles := read("/feeds/projects/PGMQ")
	want(t, titles, "pgmq 0.5.0")
	if again.Entries[0].ID != first.ID {
		t.Errorf("the same version is %s and %s", first.ID, again.Entries[0].ID)
	}
	_, titles = read("/feeds/categories/orchestration")
	want(t, titles, "pgmq 0.5.0")
	_, titles = read("/feeds/categories/search")
	want(t, titles)
	for path, code := range map[string]string{"/feeds/projects/none": "project_unknown", "/feeds/categories/none": "shelf_unknown"} {
		if a := in.get(path); a.status != http.StatusNotFound || a.code() != code {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}
