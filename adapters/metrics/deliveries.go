package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pgtrunk.io/registry/ports"
)

// deliveryOutcomes are what turns of deliveries come to; all are there from the start, so that a rate knows where it began.
var deliveryOutcomes = map[ports.DeliveryState]string{
	ports.DeliveryDelivered: "delivered", ports.DeliveryQueued: "again", ports.DeliveryDropped: "dropped", ports.DeliveryFailed: "failed",
}

// Deliveries adds what became of deliveries to webhooks, how long their receivers took, and how many wait to be made. It gives
// what is to be told of each delivery's turn.
func (m *Metrics) Deliveries(queued func() (int, bool)) func(outcome ports.DeliveryState, took time.Duration) {
	turns := counters("webhook_deliveries_total", "Turns of deliveries to webhooks, by what came of them.", "outcome")
	for _, outcome := range deliveryOutcomes {
		turns.WithLabelValues(outcome)
	}
	took := prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: namespace, Name: "webhook_delivery_duration_seconds", Help: "How long receivers of webhooks took, also those that failed.",
		Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	})
	m.registry.MustRegister(turns, took, &queue{
		desc: prometheus.NewDesc(
			prometheus.BuildFQName(namespace, "", "webhook_deliveries_queued"), "Deliveries that are to be made, those that are tried again among them.", nil, nil,
		),
		waiting: func(tell func(count int, labels ...string)) {
			if waiting, known := queued(); known {
				tell(waiting)
			}
		},
	})
	return func(outcome ports.DeliveryState, duration time.Duration) {
		turns.WithLabelValues(deliveryOutcomes[outcome]).Inc()
		if outcome != ports.DeliveryDropped {
			took.Observe(duration.Seconds())
		}
	}
}
