package registry_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"pgtrunk.io/registry/adapters/observed"
	"pgtrunk.io/registry/cmd/internal/registry"
)

var scraped = map[string]string{"METRICS_LISTEN": "127.0.0.1:0"}

// families are the numbers of a scrape, by name.
type families map[string]*dto.MetricFamily

func (in *instance) scrape() families {
	in.t.Helper()
	a := in.do(http.MethodGet, in.metrics, nil, nil)
	if a.status != http.StatusOK {
		in.t.Fatalf("scrape: %d %s", a.status, a.body)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	parsed, err := parser.TextToMetricFamilies(strings.NewReader(a.body))
	if err != nil {
		in.t.Fatalf("scrape: %v\n%s", err, a.body)
	}
	return parsed
}

func labelsOf(metric *dto.Metric) map[string]string {
	labels := map[string]string{}
	for _, pair := range metric.GetLabel() {
		labels[pair.GetName()] = pair.GetValue()
	}
	return labels
}

// sum adds the values of a family's series that have the labels, given as name, value, name, value. Of a histogram it is how much was observed.
func (f families) sum(name string, labels ...string) float64 {
	var total float64
series:
	for _, metric := range f[name].GetMetric() {
		has := labelsOf(metric)
		for i := 0; i < len(labels); i += 2 {
			if has[labels[i]] != labels[i+1] {
				continue series
			}
		}
		total += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
	}
	return total
}

// What happened is what the numbers say: a publish, one that was refused, a download, a search, somebody unknown.
func TestMetrics(t *testing.T) {
	in := serve(t, scraped)
	in.publish("alice", pgmq, nil)
	in.publish("alice", pgmq, nil)
	if a := in.send("/extensions/new", publication{
		metadata: map[string]any{"name": "pgmq", "vers": "0.6.0"}, archive: []byte("no archive"), header: bearer(in.token("alice")),
	}); a.code() != "archive_not_gzip" {
		t.Errorf("the refused one: %d %s", a.status, a.body)
	}
	in.send("/extensions/new", publication{metadata: "{}"})
	for range 3 {
		in.get("/extensions/pgmq/0.5.0/download")
	}
	in.get("/platform/linux-amd64/extensions/pgmq/0.5.0/download")
	in.get("/nowhere")
	in.do(http.MethodHead, "/extensions/pgmq", nil, nil)
	in.get("/readyz")
	eventually(t, "all tasks have run", func() bool {
		return in.scrape().sum("trunk_task_last_success_timestamp_seconds", "task", "search_statistics") > 0
	})
	seen := in.scrape()
	for _, want := range []struct {
		value  float64
		name   string
		labels []string
	}{
		{2, "trunk_publishes_total", []string{"outcome", "ok"}},
		{1, "trunk_publishes_total", []string{"outcome", "archive_not_gzip"}},
		{1, "trunk_publishes_total", []string{"outcome", "token_missing"}},
		{4, "trunk_publishes_total", nil},
		{1, "trunk_problems_total", []string{"code", "route_unknown"}},
		{2, "trunk_http_requests_total", []string{"method", "POST", "route", "/extensions/new", "status", "200"}},
		{1, "trunk_http_requests_total", []string{"method", "POST", "route", "/extensions/new", "status", "422"}},
		{4, "trunk_http_requests_total", []string{"method", "GET", "route", "/extensions/:name/:version/download", "status", "200"}},
		{4, "trunk_http_request_duration_seconds", []string{"method", "GET", "route", "/extensions/:name/:version/download", "class", "2xx"}},
		{1, "trunk_http_requests_total", []string{"method", "GET", "route", "unknown", "status", "404"}},
		{1, "trunk_http_requests_total", []string{"method", "HEAD", "status", "200"}},
		{1, "trunk_object_store_calls_total", []string{"operation", observed.Check, "outcome", "ok"}},
		{0, "trunk_http_requests_in_flight", nil},
		{512, "trunk_http_requests_limit", nil},
		{0, "trunk_uploads_in_flight", nil},
		{16, "trunk_uploads_limit", nil},
		{16, "trunk_database_connections_limit", nil},
		{1, "trunk_build_info", nil},
	} {
		if got := seen.sum(want.name, want.labels...); got != want.value {
			t.Errorf("%s%v is %v, want %v", want.name, want.labels, got, want.value)
		}
	}
	if puts := seen.sum("trunk_object_store_calls_total", "operation", observed.Put, "outcome", "ok"); puts < 1 ||
		seen.sum("trunk_object_store_call_duration_seconds", "operation", observed.Put) != puts {
		t.Errorf("stored %v times", puts)
	}
	for _, positive := range []string{"trunk_database_acquires_total", "trunk_database_connections", "trunk_database_connections_opened_total", "go_goroutines", "process_start_time_seconds"} {
		if seen.sum(positive) <= 0 {
			t.Errorf("%s is %v", positive, seen.sum(positive))
		}
	}
	since := time.Since(time.Unix(int64(seen.sum("trunk_task_last_success_timestamp_seconds", "task", "catalogue_clock")), 0))
	if since > time.Minute {
		t.Errorf("the state of the catalogue was last known %s ago", since)
	}
	if a := in.get("/metrics"); a.status != http.StatusNotFound {
		t.Errorf("clients get the metrics: %d", a.status)
	}
	if a := in.do(http.MethodGet, strings.TrimSuffix(in.metrics, "metrics"), nil, nil); a.status != http.StatusNotFound {
		t.Errorf("the address of the metrics serves more than them: %d", a.status)
	}
}

// An upload in flight is one, and one that its client breaks off is none any more.
func TestMetricsOfUploadsInFlight(t *testing.T) {
	in := serve(t, scraped)
	flying := in.beginUpload(t)
	if seen := in.scrape(); seen.sum("trunk_uploads_in_flight") != 1 || seen.sum("trunk_http_requests_in_flight") != 1 {
		t.Errorf("%v uploads, %v requests", seen.sum("trunk_uploads_in_flight"), seen.sum("trunk_http_requests_in_flight"))
	}
	if err := flying.conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "over", func() bool {
		seen := in.scrape()
		return seen.sum("trunk_uploads_in_flight") == 0 && seen.sum("trunk_publishes_total", "outcome", "ok") == 0 && seen.sum("trunk_publishes_total") == 1
	})
}

// With the object store away the calls that failed are told apart from those that went well.
func TestMetricsOfAStoreThatIsAway(t *testing.T) {
	cfg := configure(t, scraped)
	cfg.Objects.Endpoint = "http://" + closedAddress(t)
	in := serveConfig(t, cfg)
	in.get("/readyz")
	in.tryPublish("alice", pgmq, nil)
	seen := in.scrape()
	for _, operation := range []string{observed.Check, observed.Put} {
		if got := seen.sum("trunk_object_store_calls_total", "operation", operation, "outcome", "store_unavailable"); got != 1 {
			t.Errorf("%s failed %v times", operation, got)
		}
	}
	if got := seen.sum("trunk_publishes_total", "outcome", "store_unavailable"); got != 1 {
		t.Errorf("%v publishes failed", got)
	}
}

// The numbers are still served while the process drains and what is in flight ends; after that they are not.
func TestMetricsEndLast(t *testing.T) {
	in := serve(t, map[string]string{"METRICS_LISTEN": "127.0.0.1:0", "DRAIN_TIMEOUT": "20s"})
	flying := in.beginUpload(t)
	ended := make(chan error, 1)
	go func() { ended <- in.stop() }()
	public := strings.TrimPrefix(in.url, "http://")
	eventually(t, "closed to clients", func() bool { return !listens(public) })
	if got := in.scrape().sum("trunk_uploads_in_flight"); got != 1 {
		t.Errorf("%v uploads in flight", got)
	}
	if a := flying.finish(); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if err := <-ended; err != nil {
		t.Errorf("the end: %v", err)
	}
	address, _, _ := strings.Cut(strings.TrimPrefix(in.metrics, "http://"), "/")
	if listens(address) {
		t.Error("the metrics are still served")
	}
}

func listens(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// Without an address there are no metrics; one that is taken is told before anything starts.
func TestMetricsAddress(t *testing.T) {
	in := serve(t, nil)
	if in.metrics != "" {
		t.Errorf("metrics are at %q", in.metrics)
	}
	cfg := in.cfg
	cfg.MetricsListen = strings.TrimPrefix(in.url, "http://")
	err := registry.Serve(t.Context(), cfg, registry.Logger(cfg, io.Discard), func(registry.Addresses) { t.Error("it is ready") })
	if err == nil || !strings.Contains(err.Error(), "for metrics") {
		t.Errorf("got %v", err)
	}
}

// oddRequests are what nobody means well by, each with a marker in everything that a client can choose.
func oddRequests(marker string) []string {
	long := strings.Repeat(marker, 200)
	line := func(method, target string) string {
		return method + " " + target + " HTTP/1.1\r\nHost: " + marker + ".example\r\nUser-Agent: " + marker + "\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n\r\n"
	}
	return []string{
		line("BREW"+marker, "/extensions/all"), line("BREW"+marker, "/"+marker), line("PROPFIND", "/extensions/"+marker), line("get", "/search?q="+marker),
		line("GET", "/extensions/"+long), line("GET", "/extensions/"+marker+"/"+long+"/download"), line("GET", "/"+long+"/"+long),
		line("GET", "/platform/"+marker+"/extensions/all"), line("GET", "/platform/linux-amd64/"+marker), line("DELETE", "/extensions/"+marker+"/1.0"),
		line("GET", "/users/"+marker), line("GET", "/problems/"+marker), line("GET", "/categories/"+marker), line("GET", "/assets/"+marker),
		line("GET", "/swagger-ui/"+marker), line("GET", "/api/v1/trunk-projects/"+marker), line("GET", "/api/v1/search?q="+marker),
		line("TRACE", "/"+marker), line("OPTIONS", "/"+marker), line("OPTIONS", "*"), line("CONNECT", marker+".example:443"), line("GET", "http://"+marker+".example/"+marker),
		line("GET", "/%2e%2e/"+marker), line("GET", "/extensions/%00"+marker), line("GET", "/sitemaps/"+marker), line("GET", "/account/tokens/"+marker+"/revoke"),
		line("POST", "/extensions/new?"+marker), line("PUT", "/"+marker), line("PATCH", "/api/v1/trunk-projects/"+marker), line("GET", "//"+marker+".example//"+marker),
	}
}

// Nothing that a client sends makes a series of its own: every label's value is one that the contract or the code names.
func TestLabelsAreNoText(t *testing.T) {
	in := serve(t, scraped)
	in.publish("alice", pgmq, nil)
	fire := func(marker string) {
		for _, raw := range oddRequests(marker) {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(in.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, raw); err != nil {
				t.Fatal(err)
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("%.60q: %v", raw, err)
			}
			// To its end: by then the request is counted.
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				t.Errorf("%.60q: %v", raw, err)
			}
			_ = response.Body.Close()
			_ = conn.Close()
		}
	}
	series := func() (names []string) {
		for name, family := range in.scrape() {
			for _, metric := range family.GetMetric() {
				if strings.HasPrefix(name, "trunk_") {
					names = append(names, fmt.Sprint(name, labelsOf(metric)))
				}
			}
		}
		slices.Sort(names)
		return names
	}
	fire("aqzx")
	before := series()
	fire("wvyj")
	if after := series(); !slices.Equal(after, before) {
		t.Errorf("the second time there were other series:\n%v\n%v", before, after)
	}
	allowed := allowedLabels(t)
	count := 0
	for name, family := range in.scrape() {
		for _, metric := range family.GetMetric() {
			for label, value := range labelsOf(metric) {
				if is := allowed[label]; strings.HasPrefix(name, "trunk_") && name != "trunk_build_info" && (is == nil || !is(value)) {
					t.Errorf("%s has %s=%q", name, label, value)
				}
				count++
			}
		}
	}
	if seen := in.scrape(); count < 100 || seen.sum("trunk_http_requests_total", "method", "other") < 4 || seen.sum("trunk_http_requests_total", "route", "unknown") < 6 {
		t.Errorf("%d labels were looked at, and the odd requests were not among them", count)
	}
}

// allowedLabels are the labels there are, each with what its values may be.
func allowedLabels(t *testing.T) map[string]func(string) bool {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	oneOf := func(values ...string) func(string) bool {
		return func(value string) bool { return slices.Contains(values, value) }
	}
	var codes []string
	for _, code := range document.Components.Schemas["ProblemCode"].Value.Enum {
		codes = append(codes, code.(string))
	}
	routes := append(routeLiterals(t, "../../../adapters/http/*.go"), "unknown", "/assets/*")
	for path := range document.Paths.Map() {
		routes = append(routes, strings.NewReplacer("{", ":", "}", "").Replace(path))
	}
	return map[string]func(string) bool{
		"route":  oneOf(routes...),
		"method": oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"),
		"status": func(value string) bool {
			status, err := strconv.Atoi(value)
			return err == nil && (http.StatusText(status) != "" || status == 499)
		},
		"class": oneOf("2xx", "3xx", "4xx", "5xx"), "code": oneOf(codes...), "outcome": oneOf(append(codes, "ok", "canceled", "sent", "again", "dropped", "dead", "delivered", "failed")...),
		"kind":      oneOf("confirmation", "manage", "release", "withdrawal", "digest", "owner", "token"),
		"operation": oneOf(observed.Operations()...), "state": oneOf("acquired", "idle", "constructing"),
		"task": oneOf("catalogue_clock", "search_statistics", "usage_statistics", "download_counts", "upkeep"),
	}
}

// routeLiterals are the addresses that stand in source files.
func routeLiterals(t *testing.T, pattern string) (routes []string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && strings.HasPrefix(text, "/") {
					routes = append(routes, text)
				}
			}
			return true
		})
	}
	return routes
}

// What the process does on its own is told too when it fails.
func TestMetricsOfTasksThatFail(t *testing.T) {
	in := serve(t, map[string]string{
		"METRICS_LISTEN": "127.0.0.1:0", "DATABASE_URL": "postgres://postgres@" + closedAddress(t) + "/trunk?sslmode=disable",
	})
	eventually(t, "failed", func() bool {
		seen := in.scrape()
		return seen.sum("trunk_task_runs_total", "task", "search_statistics", "outcome", "database_unavailable") > 0 &&
			seen.sum("trunk_task_runs_total", "task", "catalogue_clock", "outcome", "database_unavailable") > 0
	})
	if at := in.scrape().sum("trunk_task_last_success_timestamp_seconds"); at != 0 {
		t.Errorf("a task went well at %v", at)
	}
}
