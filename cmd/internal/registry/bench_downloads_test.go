package registry_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/http/httpbench"
	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
)

// redirecting makes a contender that answers with redirects.
func redirecting(b *testing.B, name, url string) *contender {
	b.Helper()
	c := newContender(b, name, url)
	c.redirects = true
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// BenchmarkDownload asks for the way to an archive's bytes, which is counted, over HTTP. Beside the registry answers, with a
// redirect to the very same address, the bare web framework: what it costs to find the build, to sign the address and to
// count is the difference.
func BenchmarkDownload(b *testing.B) {
	in := serve(b, map[string]string{"LOG_LEVEL": "info", "UPKEEP_INTERVAL": "never"})
	// A log that grows in memory would cost more than the writing of it.
	in.log.forgetful(64 << 10)
	var spread []string
	locations := map[string]string{}
	for i := range 50 {
		project := fmt.Sprint("p", i)
		in.publish("alice", archivetest.Build{Project: project, Version: "1.0"}, nil)
		path := downloadPath(project, "1.0")
		spread = append(spread, path)
		client := redirecting(b, "known", in.url).client
		response, err := client.Get(in.url + path)
		if err != nil {
			b.Fatal(err)
		}
		_ = response.Body.Close()
		locations[path] = response.Header.Get("Location")
	}
	server := httptest.NewServer(httpbench.Redirect(func(path string) string { return locations[path] }))
	b.Cleanup(server.Close)
	for name, paths := range map[string][]string{"spread": spread, "hot": spread[:1]} {
		b.Run(name, func(b *testing.B) {
			race(b, paths, redirecting(b, "registry", in.url), redirecting(b, "bare", server.URL))
		})
	}
}

// BenchmarkCount counts downloads from sixteen clients at once and nothing else: of one build and of many in turn, so that
// whatever else the machine does hits both alike. The metric is how fast the one is to the other.
func BenchmarkCount(b *testing.B) {
	counter := usage.NewCounter(usage.Options{
		Sketches: hyperloglog.Sketches{}, Now: time.Now, Entropy: func([]byte) error { return nil }, Replica: porttest.NewID(),
	})
	const clients, each, builds = 16, 2_000, 64
	count := func(build func(k int) string) time.Duration {
		start := time.Now()
		var group sync.WaitGroup
		for c := range clients {
			group.Go(func() {
				client := usage.Client{Address: fmt.Sprint("198.51.100.", c), UserAgent: "curl/8.5.0"}
				for k := range each {
					counter.Count(ports.DownloadedBuild{Project: build(k), Version: "1.0", Postgres: 17, Platform: extension.LinuxAMD64}, client)
				}
			})
		}
		group.Wait()
		return time.Since(start)
	}
	names := make([]string, builds)
	for i := range names {
		names[i] = fmt.Sprint("p", i)
	}
	var hot, spread time.Duration
	rounds := 0
	for b.Loop() {
		spread += count(func(k int) string { return names[k%builds] })
		hot += count(func(int) string { return names[0] })
		rounds++
	}
	b.ReportMetric(float64(hot)/float64(rounds*clients*each), "ns/hot")
	b.ReportMetric(float64(spread)/float64(rounds*clients*each), "ns/spread")
	b.ReportMetric(float64(spread)/float64(hot), "x_spread")
}
