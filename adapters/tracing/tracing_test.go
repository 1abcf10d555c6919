package tracing

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
	"time"
)

func TestQueryNames(t *testing.T) {
	for statement, want := range map[string]string{
		"-- name: AddArtefact :execrows\nINSERT INTO artefacts": "AddArtefact",
		"-- name: Standing :one":                                "Standing",
		"begin":                                                 "begin",
		"COMMIT;":                                               "commit",
		"  SELECT(1)":                                           "select",
		"":                                                      "",
	} {
		if got := queryName(statement); got != want {
			t.Errorf("%q is called %q, want %q", statement, got, want)
		}
	}
}

func TestTrustedAddresses(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for address, want := range map[string]bool{
		"10.1.2.3:80": true, "[::ffff:10.1.2.3]:80": true, "[2001:db8::1]:80": true,
		"11.1.2.3:80": false, "[2001:db9::1]:80": false, "10.1.2.3": false, "@": false, "": false,
	} {
		if got := fromOne(networks, address); got != want {
			t.Errorf("%q is trusted: %t", address, got)
		}
	}
}

// Uploads move their deadlines as long as bytes come, also when they are traced.
func TestDeadlinesCanBeMoved(t *testing.T) {
	collector := httptest.NewServer(http.NotFoundHandler())
	defer collector.Close()
	endpoint, err := url.Parse(collector.URL)
	if err != nil {
		t.Fatal(err)
	}
	traces, err := Start(t.Context(), Config{Endpoint: endpoint, Service: "test"}, "v1.2.3", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = traces.Stop(context.WithoutCancel(t.Context())) }()
	server := httptest.NewServer(traces.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if TraceID(r.Context()) == "" {
			t.Error("the request has no trace")
		}
		control := http.NewResponseController(w)
		if err := control.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("the deadline of reading: %v", err)
		}
		if err := control.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("the deadline of writing: %v", err)
		}
	}), nil))
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}
