package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
)

// What somebody else knows and is asked for at each scrape. Each of these is called once, before the first scrape; a second
// time is a fault of the build, and panics.

// Requests adds how many requests are in flight and may be.
func (m *Metrics) Requests(inFlight, limit func() int) {
	m.gauge("http_requests_in_flight", "Requests that are being answered.", inFlight)
	m.gauge("http_requests_limit", "Requests that may be answered at once.", limit)
}

// Uploads adds how many uploads are in flight and may be.
func (m *Metrics) Uploads(inFlight, limit func() int) {
	m.gauge("uploads_in_flight", "Uploads that are arriving or being stored.", inFlight)
	m.gauge("uploads_limit", "Uploads that may be in flight at once.", limit)
}

// Downloads adds how many downloads this process has counted in the database, and how many it has yet to count.
func (m *Metrics) Downloads(counted, pending func() int64) {
	m.registry.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Namespace: namespace, Name: "downloads_counted_total", Help: "Downloads that are counted in the database, those of robots among them.",
		}, func() float64 { return float64(counted()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Namespace: namespace, Name: "downloads_pending", Help: "Downloads that are yet to be counted.",
		}, func() float64 { return float64(pending()) }),
	)
}

func (m *Metrics) gauge(name, help string, value func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help},
		func() float64 { return float64(value()) }))
}

// PoolStats is how a pool of connections to the database stands.
type PoolStats struct {
	// Acquired, Idle and Constructing are connections now, Limit how many there may be.
	Acquired, Idle, Constructing, Limit int
	// Acquires counts how often one was got, Waits those that had to wait, WaitSeconds how long they did together, Canceled
	// those who gave up.
	Acquires, Waits, Canceled int64
	WaitSeconds               float64
	// Opened counts connections that were made.
	Opened int64
}

// Pool adds the pool of connections to the database.
func (m *Metrics) Pool(stats func() PoolStats) {
	m.registry.MustRegister(&pool{
		stats:       stats,
		connections: describe("database_connections", "Connections to the database, by what they do.", "state"),
		limit:       describe("database_connections_limit", "Connections to the database that there may be."),
		acquires:    describe("database_acquires_total", "Connections that were got from the pool."),
		waits:       describe("database_acquire_waits_total", "Connections that had to be waited for."),
		waitSeconds: describe("database_acquire_wait_seconds_total", "How long they were waited for, all together."),
		canceled:    describe("database_acquires_canceled_total", "Connections that were not waited for to the end."),
		opened:      describe("database_connections_opened_total", "Connections that were made."),
	})
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}

// pool reads all numbers of a scrape at once.
type pool struct {
	stats                                                              func() PoolStats
	connections, limit, acquires, waits, waitSeconds, canceled, opened *prometheus.Desc
}

// Describe names the numbers.
func (p *pool) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{p.connections, p.limit, p.acquires, p.waits, p.waitSeconds, p.canceled, p.opened} {
		to <- desc
	}
}

// Collect reads them.
func (p *pool) Collect(to chan<- prometheus.Metric) {
	now := p.stats()
	gauge := func(desc *prometheus.Desc, value int, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value), labels...)
	}
	count := func(desc *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, value)
	}
	gauge(p.connections, now.Acquired, "acquired")
	gauge(p.connections, now.Idle, "idle")
	gauge(p.connections, now.Constructing, "constructing")
	gauge(p.limit, now.Limit)
	count(p.acquires, float64(now.Acquires))
	count(p.waits, float64(now.Waits))
	count(p.waitSeconds, now.WaitSeconds)
	count(p.canceled, float64(now.Canceled))
	count(p.opened, float64(now.Opened))
}
