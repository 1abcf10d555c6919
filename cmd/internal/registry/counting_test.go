package registry_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// downloadPath is where a build of the harness's lies.
func downloadPath(project, version string) string {
	return "/api/v1/trunk-projects/" + project + "/version/" + version + "/artefacts/" + project + "-" + version + "-pg17-linux-amd64.tar.gz"
}

// What is counted, and what is not: everything that was is there when the process has ended well.
func TestWhatCounts(t *testing.T) {
	in := serve(t, map[string]string{"COUNT_INTERVAL": "1h"})
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	agent := func(name string) http.Header { return header("User-Agent", name) }
	cases := []struct {
		method, prefix    string
		header            http.Header
		suffix            string
		downloads, robots int
	}{
		{downloads: 1},
		{prefix: "/platform/linux-arm64", downloads: 1},
		{header: header("Range", "bytes=0-"), downloads: 1},
		{header: header("Range", "bytes=0-99,200-"), downloads: 1},
		{header: header("Range", "lines=5-"), downloads: 1},
		{header: agent("curl/8.5.0"), downloads: 1},
		{header: agent("Wget/1.21.4"), downloads: 1},
		{header: agent(""), downloads: 1},
		{header: agent("docker/27.0 go/go1.22 os/linux arch/amd64"), downloads: 1},
		{header: agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), downloads: 1},
		{header: agent("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), robots: 1},
		{header: agent("Artifactory/7.77.5"), robots: 1},
		{method: http.MethodHead},
		{header: header("Range", "bytes=100-199")},
		{header: header("Range", "bytes=-100")},
		{header: header("If-None-Match", `"x"`)},
		{header: header("If-Modified-Since", "Wed, 25 Nov 2026 00:00:00 GMT")},
		{suffix: "x"},
	}
	for i, c := range cases {
		version := fmt.Sprint("1.0.", i)
		in.publish("alice", archivetest.Build{Project: "pgmq", Version: version}, nil)
		// Where to find the bytes is no download of them.
		in.get("/extensions/pgmq/" + version + "/download")
		in.do(or(c.method, http.MethodGet), c.prefix+downloadPath("pgmq", version)+c.suffix, c.header, nil)
	}
	// Another spelling is the same project.
	in.get(downloadPath("PGMQ", "1.0.0"))
	cases[0].downloads++
	if err := in.stop(); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		counted := in.count(fmt.Sprintf("SELECT coalesce(sum(downloads * 1000 + robots), 0) FROM usage_days d JOIN releases r ON r.id = d.release_id WHERE r.version = '1.0.%d'", i))
		if counted != c.downloads*1000+c.robots {
			t.Errorf("%s %s %v%s counts as %d downloads and %d of robots", c.method, c.prefix, c.header, c.suffix, counted/1000, counted%1000)
		}
	}
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// Clients are counted once a day, IPv6 by the network that a customer is given; and the database tells nobody who they
// were, neither as text nor as bytes.
func TestInstallersWithoutAddresses(t *testing.T) {
	in := serve(t, map[string]string{"TRUSTED_PROXIES": "127.0.0.1/32"})
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.0"}, nil)
	in.publish("alice", archivetest.Build{Project: "pgmq", Version: "1.1"}, nil)
	from := func(address, version string) {
		in.do(http.MethodGet, downloadPath("pgmq", version), http.Header{"X-Forwarded-For": {address}}, nil)
	}
	addresses := []string{"198.51.100.7", "198.51.100.8", "2001:db8:7:7::1", "2001:db8:7:8::1"}
	for range 3 {
		for _, address := range addresses {
			from(address, "1.0")
			from(address, "1.1")
		}
	}
	from("2001:db8:7:7::2", "1.0")
	from("::ffff:198.51.100.7", "1.0")
	// Behind no proxy of ours anybody may write what they want, and counts as the one who is known.
	from("203.0.113.1, 198.51.100.8", "1.0")
	eventually(t, "written", func() bool { return in.count("SELECT coalesce(sum(downloads), 0) FROM usage_project_days") == 27 })
	if got := in.count("SELECT installers FROM usage_project_days"); got != 4 {
		t.Errorf("%d installers, want 4", got)
	}
	conn, err := pgx.Connect(t.Context(), in.cfg.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var everything string
	// Bytes are hexadecimal there.
	if _, err := conn.Exec(t.Context(), "SET xmlbinary = 'hex'"); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), "SELECT lower(database_to_xml(true, false, '')::text)").Scan(&everything); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(everything, "usage_sketches") {
		t.Error("the dump is not one of the database")
	}
	for _, trace := range []string{"198.51.100", "2001:db8:7", "c6336407", "c6336408", "20010db800070007", "203.0.113"} {
		if strings.Contains(everything, trace) {
			t.Errorf("the database holds %s", trace)
		}
	}
	if in.count("SELECT count(*) FROM usage_keys") != 2 {
		t.Error("there are other keys than today's and tomorrow's")
	}
}
