package metrics_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/metrics"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	server := httptest.NewServer(m.Handler(slog.New(slog.DiscardHandler)))
	defer server.Close()
	response, err := http.Get(server.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// How a call or a run ended is a code, or one of two words.
func TestOutcomes(t *testing.T) {
	m := metrics.New(ports.Program{})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		gone bool
		err  error
		want string
	}{
		{false, nil, "ok"},
		{true, nil, "ok"},
		{true, errors.New("broken off"), "canceled"},
		{false, fault.New(fault.StoreUnavailable, "Away.").Because(errors.New("of 192.0.2.1")), "store_unavailable"},
		{false, errors.New("anything"), "internal"},
	} {
		ctx := t.Context()
		if c.gone {
			ctx = gone
		}
		_, ended := m.CallBegan(ctx, "put")
		ended(c.err)
		m.Task("sweeping")(ctx, c.err)
		if text := scrape(t, m); !strings.Contains(text, `calls_total{operation="put",outcome="`+c.want+`"}`) ||
			!strings.Contains(text, `runs_total{outcome="`+c.want+`",task="sweeping"}`) {
			t.Errorf("%v is not %s:\n%s", c.err, c.want, text)
		}
	}
}

// What somebody else counts is asked for at each scrape.
func TestDownloads(t *testing.T) {
	m := metrics.New(ports.Program{})
	counted, pending := int64(3), int64(4)
	m.Downloads(func() int64 { return counted }, func() int64 { return pending })
	if text := scrape(t, m); !strings.Contains(text, "trunk_downloads_counted_total 3\n") || !strings.Contains(text, "trunk_downloads_pending 4\n") {
		t.Error(text)
	}
	counted, pending = 7, 0
	if text := scrape(t, m); !strings.Contains(text, "trunk_downloads_counted_total 7\n") || !strings.Contains(text, "trunk_downloads_pending 0\n") {
		t.Error(text)
	}
}

func BenchmarkRequestEnded(b *testing.B) {
	m := metrics.New(ports.Program{})
	request := ports.AnsweredRequest{Method: http.MethodGet, Route: "/extensions/:name/:version/download", Status: http.StatusOK, Took: time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		m.RequestEnded(b.Context(), request)
	}
}
