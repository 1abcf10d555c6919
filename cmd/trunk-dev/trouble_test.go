package main_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// newTrouble serves a registry as one sees it on a bad day:
//
//   - below /unavailable/KEY two requests are answered 503 with Retry-After: 1, then all pass;
//   - below /hangs no request is ever answered;
//   - below /tampers all pass, and one byte of each archive is another.
func newTrouble(t *testing.T, registry string) *httptest.Server {
	t.Helper()
	target, err := url.Parse(registry)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	mux := http.NewServeMux()
	ended := make(chan struct{})
	var mu sync.Mutex
	refused := map[string]int{}
	mux.HandleFunc("/unavailable/{key}/", func(w http.ResponseWriter, r *http.Request) {
		key := r.PathValue("key")
		mu.Lock()
		refused[key]++
		refuse := refused[key] <= 2
		mu.Unlock()
		if refuse {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "One moment, please.", http.StatusServiceUnavailable)
			return
		}
		http.StripPrefix("/unavailable/"+key, pass).ServeHTTP(w, r)
	})
	mux.HandleFunc("/hangs/", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	mux.Handle("/tampers/", http.StripPrefix("/tampers", tampering(target)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(ended) })
	return server
}

// tampering passes all on, leads downloads to itself, and changes the byte in the middle of each.
func tampering(target *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding")
			r.Out.Header.Set("X-Tampering-Host", r.In.Host)
		},
		ModifyResponse: func(response *http.Response) error {
			change := func(body []byte) []byte {
				to := "http://" + response.Request.Header.Get("X-Tampering-Host") + "/tampers"
				return bytes.ReplaceAll(body, []byte(target.String()), []byte(to))
			}
			if location := response.Header.Get("Location"); strings.Contains(response.Request.URL.Path, "/artefacts/") && location != "" {
				archive, err := http.Get(location)
				if err != nil {
					return err
				}
				response.Body, response.StatusCode, response.Header = archive.Body, archive.StatusCode, archive.Header.Clone()
				change = func(body []byte) []byte {
					if len(body) > 0 {
						body[len(body)/2] ^= 1
					}
					return body
				}
			}
			body, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			if err := response.Body.Close(); err != nil {
				return err
			}
			body = change(body)
			response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			response.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
	}
}
