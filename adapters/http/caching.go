package http

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"pgtrunk.io/registry/ports"
)

// maxAge is how long a shared cache may keep what anybody may read, in seconds. It is short, since whoever publishes
// looks for it next; what makes caches pay is that an answer that has not changed is told in a few bytes.
const maxAge = 1

// compressed answers reads with zstd or gzip where the client takes them. Everything else goes straight through.
//
// Errors: options that do not fit each other, a fault of the build.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.EnableZstd(true), gzhttp.SuffixETag(encodingMark+"gzip"))
	if err != nil {
		return nil, fmt.Errorf("prepare the compression: %w", err)
	}
	packed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			packed.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}), nil
}

// encodingMark is what stands in an entity tag before the name of the encoding: a compressed answer has other bytes, so
// it has another tag (RFC 9110, section 8.8.3.3).
const encodingMark = "-"

// taggedOperations are those whose contract has the answer 304.
func taggedOperations(document *openapi3.T) map[string]bool {
	tagged := map[string]bool{}
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.Responses.Value("304") != nil {
				tagged[operation.OperationID] = true
			}
		}
	}
	return tagged
}

// kept is an answer whose bytes are known.
type kept struct {
	status int
	header http.Header
	body   []byte
	tag    string
	// changed is when it may last have changed; zero where that is not known well enough.
	changed time.Time
}

// buffer takes an answer instead of a client.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the answer's header.
func (b *buffer) Header() http.Header { return b.header }

// WriteHeader notes the status.
func (b *buffer) WriteHeader(status int) { b.status = status }

// Write keeps the bytes.
func (b *buffer) Write(p []byte) (int, error) { return b.body.Write(p) }

// snapshots keeps the answers about the whole catalogue until it changes. What they cost does not depend on how often they
// are asked for.
type snapshots struct {
	// state tells the catalogue's state; false while that is not known.
	state  func() (ports.CatalogueState, bool)
	flight singleflight.Group
	mu     sync.Mutex
	known  map[string]snapshot
}

type snapshot struct {
	// of is the state, and the day where that counts.
	of     string
	answer kept
}

// wholeCatalogue are the operations that answer with all there is.
var wholeCatalogue = []string{"listProjects", "listExtensions", "listCategories", "listPreloadLibraries", registryStats}

const (
	// registryStats is the operation whose answer changes without the catalogue, statsAge how old it may be.
	registryStats = "getRegistryStats"
	statsAge      = 10 * time.Second
)

// ageOf names the time in which an answer about the whole stays the same if the catalogue does; "" for all time.
func ageOf(operation string, now time.Time) string {
	if operation != registryStats {
		return ""
	}
	return now.Truncate(statsAge).Format(time.RFC3339)
}

// snapshotKey names a snapshot; "" for a request that is about less than everything.
func snapshotKey(r *http.Request, info *requestInfo) string {
	if !slices.Contains(wholeCatalogue, info.operation) || !slices.Contains([]string{"", "all=true", "all=false"}, r.URL.RawQuery) {
		return ""
	}
	return strings.Join([]string{info.operation, string(info.platform), r.URL.RawQuery}, " ")
}

// caching tags the answers of reads, and answers what the client has already with 304.
func caching(tagged map[string]bool, whole *snapshots, parts *recent, options Options) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			info := infoOf(c.Request().Context())
			if c.Request().Method != http.MethodGet {
				defer options.CatalogueChanged()
			}
			if !tagged[info.operation] {
				return next(c)
			}
			now := options.Now()
			answer, err := whole.answer(snapshotKey(c.Request(), info), ageOf(info.operation, now), now, func() (kept, error) {
				return parts.answer(c.Request().Context(), recentKey(c.Request(), info, now), func() (kept, error) { return take(c, next) })
			})
			if err != nil {
				return err
			}
			if info.operation == registryStats {
				// The catalogue's last change says nothing of it.
				answer.changed = time.Time{}
			}
			return serveKept(c, answer)
		}
	}
}

// answer gives the snapshot of a key where there is one of this state, and else makes it; always for the key "". What
// changes on its own too says with day how long it stays the same.
func (s *snapshots) answer(key, day string, now time.Time, answer func() (kept, error)) (kept, error) {
	state, known := s.state()
	if key == "" || !known {
		return answer()
	}
	of := fmt.Sprint(state.Version, " ", day)
	s.mu.Lock()
	have := s.known[key]
	s.mu.Unlock()
	if have.of != of {
		made, err, shared := s.flight.Do(key+" "+of, func() (any, error) {
			answer, err := answer()
			return snapshot{of, answer}, err
		})
		switch {
		case err != nil && shared:
			// Whoever asked first may have gone away, which is no reason for those who waited.
			return answer()
		case err != nil:
			return kept{}, err
		}
		have, _ = made.(snapshot)
		s.mu.Lock()
		s.known[key] = have
		s.mu.Unlock()
	}
	told := have.answer
	// A second in which more may happen has no name of its own, so it is not told before it is over.
	if now.Sub(state.Changed) > time.Second {
		told.changed = state.Changed
	}
	return told, nil
}

// take lets the handler answer into memory.
func take(c echo.Context, next echo.HandlerFunc) (kept, error) {
	response := c.Response()
	client, taken := response.Writer, &buffer{header: http.Header{}, status: http.StatusOK}
	response.Writer = taken
	err := next(c)
	response.Writer = client
	response.Committed, response.Size, response.Status = false, 0, http.StatusOK
	if err != nil {
		return kept{}, err
	}
	return keep(taken.status, taken.header, taken.body.Bytes()), nil
}

// keep makes an answer of bytes that are known.
func keep(status int, header http.Header, body []byte) kept {
	sum := sha256.Sum256(body)
	return kept{status: status, header: header, body: body, tag: base64.RawURLEncoding.EncodeToString(sum[:16])}
}

// serveKept answers with bytes that are known, or with the word that the client has them.
func serveKept(c echo.Context, answer kept) error {
	header := c.Response().Header()
	maps.Copy(header, answer.header)
	header.Set("ETag", `"`+answer.tag+`"`)
	if answer.header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", maxAge))
	}
	if !answer.changed.IsZero() {
		header.Set("Last-Modified", answer.changed.Format(http.TimeFormat))
	}
	if tag, ok := unchanged(c.Request().Header, answer); ok {
		header.Set("ETag", tag)
		header.Del("Content-Type")
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	c.Response().WriteHeader(answer.status)
	_, err := c.Response().Write(answer.body)
	return err
}

// unchanged tells that the client has the answer already, and by which tag (RFC 9110, section 13.1). A tag counts whatever
// the encoding.
func unchanged(asked http.Header, answer kept) (string, bool) {
	own := `"` + answer.tag + `"`
	if tags := asked.Values("If-None-Match"); tags != nil {
		for tag := range strings.SplitSeq(strings.Join(tags, ","), ",") {
			switch tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag {
			case "*":
				return own, true
			case own, `"` + answer.tag + encodingMark + `gzip"`, `"` + answer.tag + encodingMark + `zstd"`:
				return tag, true
			}
		}
		return "", false
	}
	since, err := http.ParseTime(asked.Get("If-Modified-Since"))
	return own, err == nil && !answer.changed.IsZero() && !answer.changed.Truncate(time.Second).After(since)
}
