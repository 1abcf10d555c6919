// Package metrics counts what the registry does, for Prometheus to scrape: https://prometheus.io/docs/instrumenting/
//
// The values of labels are never a client's text: methods are those that are served, routes are templates, and codes,
// operations and tasks are constants of the code. However odd the requests are, there are never more series than these give.
package metrics

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

const (
	namespace = "trunk"
	// unknown is the route of what was refused before it was looked up, or is served nowhere.
	unknown = "unknown"
	// ok and canceled are the outcomes that have no code.
	ok       = "ok"
	canceled = "canceled"
	// publishing is the operation of the contract whose outcomes are counted.
	publishing = "publishExtension"
	// scrapeTimeout and scrapesAtOnce bound what scraping takes.
	scrapeTimeout = 10 * time.Second
	scrapesAtOnce = 4
)

// durations are the bounds of the histograms in seconds: a read takes milliseconds, an upload may take a minute.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Metrics are the numbers of one process.
type Metrics struct {
	registry *prometheus.Registry

	requests, problems, publishes *prometheus.CounterVec
	requestDuration               *prometheus.HistogramVec
	calls                         *prometheus.CounterVec
	callDuration                  *prometheus.HistogramVec
	runs                          *prometheus.CounterVec
	lastSuccess                   *prometheus.GaugeVec
}

var (
	_ ports.RequestObserver = (*Metrics)(nil)
	_ ports.CallObserver    = (*Metrics)(nil)
)

// New makes the numbers, all of them zero, with those of Go and of the process beside them.
func New(program ports.Program) *Metrics {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		requests:  counters("http_requests_total", "Requests that were answered.", "method", "route", "status"),
		problems:  counters("problems_total", "Requests that were refused, by the code of the problem.", "code"),
		publishes: counters("publishes_total", "Publishes, by the code of the problem, ok or canceled.", "outcome"),
		requestDuration: histograms("http_request_duration_seconds", "How long answers took, an upload's arrival included.",
			"method", "route", "class"),
		calls:        counters("object_store_calls_total", "Calls to the object store, by the code of the problem, ok or canceled.", "operation", "outcome"),
		callDuration: histograms("object_store_call_duration_seconds", "How long calls to the object store took, tries included.", "operation"),
		runs:         counters("task_runs_total", "Runs of what the process does on its own.", "task", "outcome"),
		lastSuccess: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "task_last_success_timestamp_seconds", Help: "When a task last ended well, in seconds since 1970.",
		}, []string{"task"}),
	}
	m.registry.MustRegister(
		m.requests, m.problems, m.publishes, m.requestDuration, m.calls, m.callDuration, m.runs, m.lastSuccess, buildInfo(program),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	// There before the first publish, so that a rate knows where it began.
	m.publishes.WithLabelValues(ok)
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func histograms(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: durations}, labels)
}

// buildInfo is 1, with what was built in its labels.
func buildInfo(program ports.Program) prometheus.Collector {
	labels := prometheus.Labels{
		"version": cmp.Or(program.Version, unknown), "revision": cmp.Or(program.Revision, unknown), "go_version": cmp.Or(program.Go, unknown),
	}
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "What was built; always 1.", ConstLabels: labels,
	})
	gauge.Set(1)
	return gauge
}

// RequestEnded counts a request.
func (m *Metrics) RequestEnded(_ context.Context, request ports.AnsweredRequest) {
	route := request.Route
	if route == "" {
		route = unknown
	}
	m.requests.WithLabelValues(request.Method, route, strconv.Itoa(request.Status)).Inc()
	m.requestDuration.WithLabelValues(request.Method, route, class(request.Status)).Observe(request.Took.Seconds())
	if request.Code != "" {
		m.problems.WithLabelValues(string(request.Code)).Inc()
	}
	if request.Operation == publishing {
		m.publishes.WithLabelValues(publishOutcome(request)).Inc()
	}
}

// class is the first digit of a status.
func class(status int) string { return strconv.Itoa(status/100) + "xx" }

func publishOutcome(request ports.AnsweredRequest) string {
	switch {
	case request.Code != "":
		return string(request.Code)
	case request.Status < http.StatusBadRequest:
		return ok
	default:
		return canceled
	}
}

// CallBegan counts a call to the object store, and how long it takes.
func (m *Metrics) CallBegan(ctx context.Context, operation string) (context.Context, func(error)) {
	start := time.Now()
	return ctx, func(err error) {
		m.calls.WithLabelValues(operation, outcome(ctx, err)).Inc()
		m.callDuration.WithLabelValues(operation).Observe(time.Since(start).Seconds())
	}
}

// outcome is that of a call in a context: a call that breaks off because nobody waits for it says nothing about whom it asked.
func outcome(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return ok
	case errors.Is(ctx.Err(), context.Canceled):
		return canceled
	default:
		return string(fault.CodeOf(err))
	}
}

// Task gives what is to be told how each run of a task ended.
func (m *Metrics) Task(name string) func(context.Context, error) {
	return func(ctx context.Context, err error) {
		m.runs.WithLabelValues(name, outcome(ctx, err)).Inc()
		if err == nil {
			m.lastSuccess.WithLabelValues(name).SetToCurrentTime()
		}
	}
}

// Handler serves the numbers at /metrics and nothing else.
func (m *Metrics) Handler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxRequestsInFlight: scrapesAtOnce, Timeout: scrapeTimeout,
	}))
	return mux
}
