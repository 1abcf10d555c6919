// Package tracing tells an OpenTelemetry collector how the time of each request was spent: the request itself, its
// statements, its calls to the object store. https://opentelemetry.io/docs/specs/otel/
//
// What is told is a list that stands here (scrub.go): no address, no header, no argument of a statement, no text of a
// client is in it, whatever the libraries that make the spans would add.
package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/exaring/otelpgx"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Config says where traces go. The SDK reads the rest – the sampler, the size of batches – from the environment itself.
type Config struct {
	// Endpoint is the address of a collector that takes OTLP over HTTP, without /v1/traces; nil for no traces at all.
	Endpoint *url.URL
	// Headers are sent along, such as a key.
	Headers map[string]string
	// Service is the name that the traces come under.
	Service string
}

const library = "pgtrunk.io/registry"

// Tracing tells a collector.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

var (
	_ ports.RequestObserver = (*Tracing)(nil)
	_ ports.CallObserver    = (*Tracing)(nil)
)

// Start begins to tell. It does not connect yet: a registry may start before the collector.
//
// Errors: an address that cannot be used.
func Start(ctx context.Context, cfg Config, version string, log *slog.Logger) (*Tracing, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(cfg.Endpoint.JoinPath("v1", "traces").String()), otlptracehttp.WithHeaders(cfg.Headers))
	if err != nil {
		return nil, fmt.Errorf("prepare the telling of traces: %w", err)
	}
	about, err := resource.Merge(resource.Default(), resource.NewSchemaless(semconv.ServiceName(cfg.Service), semconv.ServiceVersion(version)))
	if err != nil {
		return nil, fmt.Errorf("describe the service: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces could not be told", "error", err) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(scrubbed{exporter}), sdktrace.WithResource(about))
	return &Tracing{provider: provider, tracer: provider.Tracer(library)}, nil
}

// Stop tells what is left, as long as ctx allows.
func (t *Tracing) Stop(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Handler makes a span of each request, but of those that ask how the process is. Only a trusted proxy may say to which
// trace a request belongs; what anybody else says is noted as a link.
func (t *Tracing) Handler(next http.Handler, trusted []netip.Prefix) http.Handler {
	return otelhttp.NewHandler(next, "request",
		otelhttp.WithTracerProvider(t.provider),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path != "/livez" && r.URL.Path != "/readyz" }),
		otelhttp.WithPublicEndpointFn(func(r *http.Request) bool { return !fromOne(trusted, r.RemoteAddr) }),
		// Until the route is known.
		otelhttp.WithSpanNameFormatter(func(string, *http.Request) string { return "HTTP" }),
	)
}

// fromOne tells whether an address with a port is in one of the networks.
func fromOne(networks []netip.Prefix, address string) bool {
	from, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	for _, network := range networks {
		if network.Contains(from.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// RequestEnded names the span of a request after its route.
func (*Tracing) RequestEnded(ctx context.Context, request ports.AnsweredRequest) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	if request.Route != "" {
		span.SetName(request.Method + " " + request.Route)
		span.SetAttributes(semconv.HTTPRoute(request.Route))
	}
	span.SetAttributes(attribute.String(requestID, request.ID))
	if request.Code != "" {
		span.SetAttributes(semconv.ErrorTypeKey.String(string(request.Code)))
	}
}

// CallBegan makes a span of a call to the object store that belongs to a request.
func (t *Tracing) CallBegan(ctx context.Context, operation string) (context.Context, func(error)) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, "object store "+operation, //nolint:spancheck // whoever is told how the call ended ends it
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String(storeOperation, operation)))
	return ctx, func(err error) { //nolint:spancheck // as above
		if err != nil {
			span.SetStatus(codes.Error, "")
			span.SetAttributes(semconv.ErrorTypeKey.String(string(fault.CodeOf(err))))
		}
		span.End()
	}
}

// Statements makes spans of the statements of a request, named after the query. It is a tracer of pgx.
func (t *Tracing) Statements() *otelpgx.Tracer {
	return otelpgx.NewTracer(otelpgx.WithTracerProvider(t.provider), otelpgx.WithSpanNameFunc(queryName),
		otelpgx.WithDisableConnectionDetailsInAttributes())
}

// queryName is what db/queries calls a statement, or its first word.
func queryName(statement string) string {
	name, ok := strings.CutPrefix(statement, "-- name: ")
	if !ok {
		name = strings.ToLower(strings.TrimSpace(statement))
	}
	if end := strings.IndexAny(name, " \n\t;("); end >= 0 {
		name = name[:end]
	}
	return name
}

// TraceID gives the id of the trace that a context belongs to, for logs; "" outside of one.
func TraceID(ctx context.Context) string {
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return span.TraceID().String()
	}
	return ""
}
