package http

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"pgtrunk.io/registry/ports"
)

const (
	// recentAnswers and recentBytes bound what is kept: 2,000 answers of at most 32 KiB each.
	recentAnswers = 2_000
	recentBytes   = 32 << 10
)

// aboutFew are the operations that answer about few things out of the catalogue and from nothing but it; searches tell by the
// day besides whether a project is active.
var aboutFew = []string{
	"listProjects", "getProject", "getProjectVersion", "listOwners", "getExtensionDetail", "getExtensionVersionDetail", "search",
}

// recent keeps the last answers of lookups and searches for as long as the catalogue stays what it was. Each request asks for its state,
// which is one row; so no answer is older than the question, on however many replicas others publish.
type recent struct {
	state func(context.Context) (ports.CatalogueState, error)
	known *lru.Cache[string, snapshot]
}

// newRecent makes one that keeps nothing yet.
//
// Errors: none but for a size below one.
func newRecent(state func(context.Context) (ports.CatalogueState, error)) (*recent, error) {
	known, err := lru.New[string, snapshot](recentAnswers)
	if err != nil {
		return nil, fmt.Errorf("keep recent answers: %w", err)
	}
	return &recent{state: state, known: known}, nil
}

// recentKey names the answer to a request on a day; "" for one that is not kept.
func recentKey(r *http.Request, info *requestInfo, now time.Time) string {
	if !slices.Contains(aboutFew, info.operation) {
		return ""
	}
	return strings.Join([]string{info.operation, string(info.platform), r.URL.EscapedPath(), r.URL.RawQuery, now.UTC().Format(time.DateOnly)}, " ")
}

// answer gives what is kept of a key, where the catalogue has not changed since, and else makes it; always for the key "".
//
// Errors: those of the state, and of what answers.
func (r *recent) answer(ctx context.Context, key string, answer func() (kept, error)) (kept, error) {
	if key == "" {
		return answer()
	}
	state, err := r.state(ctx)
	if err != nil {
		return kept{}, fmt.Errorf("ask for the catalogue's state: %w", err)
	}
	of := fmt.Sprint(state.Version, " ", state.Counted)
	if have, ok := r.known.Get(key); ok && have.of == of {
		return have.answer, nil
	}
	made, err := answer()
	if err == nil && len(made.body) <= recentBytes {
		r.known.Add(key, snapshot{of, made})
	}
	return made, err
}
