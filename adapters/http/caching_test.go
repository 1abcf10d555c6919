package http

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/ports"
)

// Those who wait for the first to ask get their answer though the first goes away.
func TestSnapshotOutlivesWhoAskedFirst(t *testing.T) {
	s := &snapshots{state: func() (ports.CatalogueState, bool) { return ports.CatalogueState{Version: 1}, true }, known: map[string]snapshot{}}
	var next echo.HandlerFunc
	ask := func() (kept, error) {
		request := httptest.NewRequest(http.MethodGet, "/extensions/all", http.NoBody)
		c := echo.New().NewContext(request, httptest.NewRecorder())
		key := snapshotKey(request, &requestInfo{operation: "listExtensions"})
		return s.answer(key, "", time.Time{}, func() (kept, error) { return take(c, next) })
	}
	const waiting = 8
	var group, started sync.WaitGroup
	started.Add(waiting)
	var asked atomic.Int64
	next = func(c echo.Context) error {
		if asked.Add(1) > 1 {
			return c.String(http.StatusOK, "all")
		}
		for range waiting {
			group.Go(func() {
				started.Done()
				if answer, err := ask(); err != nil || answer.status != http.StatusOK || string(answer.body) != "all" {
					t.Errorf("who waited got %d %s, %v", answer.status, answer.body, err)
				}
			})
		}
		started.Wait()
		return context.Canceled
	}
	// The one who goes away may be among several, and is then answered like them.
	if answer, err := ask(); err == nil && string(answer.body) != "all" {
		t.Errorf("the first got %s", answer.body)
	}
	group.Wait()
}
