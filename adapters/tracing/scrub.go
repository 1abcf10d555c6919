package tracing

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	requestID      = "trunk.request_id"
	storeOperation = "trunk.object_store.operation"
)

// told are the attributes that leave the process. The libraries have many more, clients' addresses and texts among them.
var told = map[attribute.Key]bool{
	requestID:                   true,
	storeOperation:              true,
	"http.request.method":       true,
	"http.request.body.size":    true,
	"http.response.status_code": true,
	"http.response.body.size":   true,
	"http.route":                true,
	"network.protocol.version":  true,
	"url.scheme":                true,
	"error.type":                true,
	"db.system.name":            true,
	"db.operation.name":         true,
	"pgx.operation.type":        true,
	"pgx.rows_affected":         true,
	"pgx.sql_state":             true,
}

// scrubbed takes everything from spans that is not on the list before they leave.
type scrubbed struct{ sdktrace.SpanExporter }

// ExportSpans passes spans on.
func (s scrubbed) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	clean := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, span := range spans {
		clean[i] = scrubbedSpan{span}
	}
	return s.SpanExporter.ExportSpans(ctx, clean)
}

// scrubbedSpan is a span without what is not to be told.
type scrubbedSpan struct{ sdktrace.ReadOnlySpan }

// Attributes gives those on the list.
func (s scrubbedSpan) Attributes() []attribute.KeyValue {
	return slices.DeleteFunc(slices.Clone(s.ReadOnlySpan.Attributes()), func(kv attribute.KeyValue) bool { return !told[kv.Key] })
}

// Events gives none: they are errors, with texts that may say anything.
func (scrubbedSpan) Events() []sdktrace.Event { return nil }

// Status gives it without a text, for the same reason.
func (s scrubbedSpan) Status() sdktrace.Status {
	return sdktrace.Status{Code: s.ReadOnlySpan.Status().Code}
}
