package registry_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

// traceCollector takes traces as an OpenTelemetry collector does.
type traceCollector struct {
	t    *testing.T
	http *httptest.Server

	mu    sync.Mutex
	spans []*otlp.Span
	// everything is all that was told, as text; headers are those of the requests that told it.
	everything strings.Builder
	headers    []http.Header
}

func startTraceCollector(t *testing.T) *traceCollector {
	t.Helper()
	c := &traceCollector{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", c.take)
	c.http = httptest.NewServer(mux)
	t.Cleanup(c.http.Close)
	return c
}

func (c *traceCollector) take(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			c.t.Errorf("traces: %v", err)
			return
		}
		body = unpacked
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		c.t.Errorf("traces: %v", err)
		return
	}
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(raw, &request); err != nil {
		c.t.Errorf("traces: %v", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.headers = append(c.headers, r.Header.Clone())
	c.everything.WriteString(prototext.Format(&request))
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	answer, err := proto.Marshal(&collector.ExportTraceServiceResponse{})
	if err == nil {
		_, err = w.Write(answer)
	}
	if err != nil {
		c.t.Errorf("traces: %v", err)
	}
}

func attributesOf(span *otlp.Span) map[string]string {
	attributes := map[string]string{}
	for _, kv := range span.GetAttributes() {
		attributes[kv.GetKey()] = strings.Trim(strings.SplitN(kv.GetValue().String(), ":", 2)[1], `"`)
	}
	return attributes
}

// named are the spans of a name.
func (c *traceCollector) named(name string) []*otlp.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.spans), func(span *otlp.Span) bool { return span.GetName() != name })
}

// A publish is one trace: the request, its statements, the call to the object store. Nothing in it is anybody's.
func TestTraceOfAPublish(t *testing.T) {
	traces := startTraceCollector(t)
	in := serve(t, map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": traces.http.URL, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=the%20key", "OTEL_SERVICE_NAME": "a hub",
		"TRUSTED_PROXIES": "192.0.2.0/24", "SIGN_IN_ISSUER": "", "LOG_LEVEL": "debug",
	})
	token := in.token("alice")
	metadata := map[string]any{"name": pgmq.Project, "vers": pgmq.Version, "description": "description-of-a-stranger"}
	header := bearer(token)
	header.Set("User-Agent", "agent-of-a-stranger")
	header.Set("X-Forwarded-For", "198.51.100.7")
	header.Set("Traceparent", "00-11112222333344445555666677778888-1111222233334444-01")
	header.Set("Tracestate", "vendor=state-of-a-stranger")
	published := in.send("/extensions/new?query-of-a-stranger", publication{metadata: metadata, archive: pgmq.Archive(), header: header})
	if published.status != http.StatusOK {
		t.Fatalf("%d %s", published.status, published.body)
	}
	refused := in.get("/extensions/address-of-a-stranger/1.0/download")
	in.get("/livez")
	in.get("/readyz")
	in.get("/nowhere-of-a-stranger")
	if err := in.stop(); err != nil {
		t.Fatal(err)
	}

	requests := traces.named("POST /extensions/new")
	if len(requests) != 1 {
		t.Fatalf("%d spans of a publish:\n%s", len(requests), traces.everything.String())
	}
	request := requests[0]
	id := published.header.Get("X-Request-Id")
	if got := attributesOf(request); got["trunk.request_id"] != id || got["http.route"] != "/extensions/new" || got["http.response.status_code"] != "200" {
		t.Errorf("the request is told as %v, its id is %s", got, id)
	}
	if request.GetKind() != otlp.Span_SPAN_KIND_SERVER || len(request.GetParentSpanId()) != 0 || len(request.GetLinks()) != 1 {
		t.Errorf("a stranger said what the request belongs to: %v", request)
	}
	trace := hex.EncodeToString(request.GetTraceId())
	if !strings.Contains(in.log.String(), `"request_id":"`+id+`","trace_id":"`+trace+`"`) {
		t.Errorf("the log does not have the request %s with the trace %s", id, trace)
	}
	var statements, puts int
	for _, span := range traces.spans {
		if !bytes.Equal(span.GetTraceId(), request.GetTraceId()) || span == request {
			continue
		}
		if span.GetStartTimeUnixNano() < request.GetStartTimeUnixNano() || span.GetEndTimeUnixNano() > request.GetEndTimeUnixNano() || len(span.GetParentSpanId()) == 0 {
			t.Errorf("%s is not within the request", span.GetName())
		}
		attributes := attributesOf(span)
		switch {
		case span.GetName() == "object store put":
			puts++
			if attributes["trunk.object_store.operation"] != "put" || !bytes.Equal(span.GetParentSpanId(), request.GetSpanId()) {
				t.Errorf("the call to the store is told as %v", span)
			}
		case attributes["db.system.name"] == "postgresql":
			statements++
		default:
			t.Errorf("an unknown span %v", span)
		}
	}
	if puts != 1 || statements < 8 {
		t.Errorf("%d calls to the store and %d statements", puts, statements)
	}
	for _, name := range []string{"AddArtefact", "begin", "commit"} {
		if !slices.ContainsFunc(traces.named(name), func(s *otlp.Span) bool { return bytes.Equal(s.GetTraceId(), request.GetTraceId()) }) {
			t.Errorf("the publish has no span %s", name)
		}
	}
	if downloads := traces.named("GET /extensions/:name/:version/download"); len(downloads) != 1 || attributesOf(downloads[0])["error.type"] != "project_unknown" {
		t.Errorf("the refused download (%s) is told as %v", refused.code(), downloads)
	}
	// Only what belongs to a request is told: 3 of them have a root.
	roots := slices.DeleteFunc(slices.Clone(traces.spans), func(span *otlp.Span) bool { return len(span.GetParentSpanId()) != 0 })
	if len(roots) != 3 {
		t.Errorf("%d traces", len(roots))
	}

	everything := traces.everything.String()
	for what, secret := range map[string]string{
		"the token": token[len("trunk_") : len(token)-12], "an address": "127.0.0.1", "another address": "198.51.100.7", "localhost": "localhost",
		"a text": "-of-a-stranger", "the name of the project": `"pgmq`, "the name of the user": "alice", "a statement": "INSERT INTO",
		"the key of the store": in.cfg.Objects.SecretKey, "the bucket": in.cfg.Objects.Bucket,
	} {
		if at := strings.Index(everything, secret); at >= 0 {
			t.Errorf("the traces hold %s: %.300s", what, everything[max(0, at-150):])
		}
	}
	if !strings.Contains(everything, `"a hub"`) || traces.headers[0].Get("Api-Key") != "the key" {
		t.Errorf("the service has no name, or the headers are missing: %v", traces.headers[0])
	}
}

// A proxy that is trusted may say to which trace a request belongs.
func TestTraceOfATrustedProxy(t *testing.T) {
	traces := startTraceCollector(t)
	in := serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": traces.http.URL, "TRUSTED_PROXIES": "127.0.0.0/8"})
	in.do(http.MethodGet, "/extensions/all", http.Header{"Traceparent": {"00-11112222333344445555666677778888-1111222233334444-01"}}, nil)
	if err := in.stop(); err != nil {
		t.Fatal(err)
	}
	spans := traces.named("GET /extensions/all")
	if len(spans) != 1 || hex.EncodeToString(spans[0].GetTraceId()) != "11112222333344445555666677778888" || hex.EncodeToString(spans[0].GetParentSpanId()) != "1111222233334444" {
		t.Errorf("got %v", spans)
	}
}

// A collector that is away harms nothing, and the end does not wait for it longer than a few seconds.
func TestTraceCollectorAway(t *testing.T) {
	in := serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + closedAddress(t)})
	in.publish("alice", pgmq, nil)
	if a := in.get("/extensions/pgmq/0.5.0/download"); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if err := in.stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(in.log.String(), "traces could not be told") {
		t.Errorf("the log does not say that traces are lost:\n%s", in.log)
	}
}

// Without a collector there are no traces, and none of the ids of one.
func TestNoTraces(t *testing.T) {
	in := serve(t, nil)
	in.publish("alice", pgmq, nil)
	if strings.Contains(in.log.String(), "trace_id") {
		t.Errorf("the log has ids of traces:\n%s", in.log)
	}
}
