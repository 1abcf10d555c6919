package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"pgtrunk.io/registry/ports"
)

// kinds are those of letters, outcomes what their turns come to; all are there from the start, so that a rate knows where it began.
var (
	kinds = []ports.LetterKind{
		ports.ConfirmationLetter, ports.ManageLetter, ports.ReleaseLetter, ports.WithdrawalLetter, ports.DigestLetter, ports.OwnerLetter, ports.TokenLetter,
	}
	outcomes = map[ports.LetterState]string{
		ports.LetterSent: "sent", ports.LetterQueued: "again", ports.LetterDropped: "dropped", ports.LetterDead: "dead",
	}
)

// Letters adds what became of letters, and how many wait to be sent. It gives what is to be told of each letter's turn.
func (m *Metrics) Letters(queued func() map[ports.LetterKind]int) func(kind ports.LetterKind, outcome ports.LetterState) {
	turns := counters("letters_total", "Turns of letters, by what came of them: sent, to be tried again, dropped, dead.", "kind", "outcome")
	for _, kind := range kinds {
		for _, outcome := range outcomes {
			turns.WithLabelValues(string(kind), outcome)
		}
	}
	m.registry.MustRegister(turns, &queue{
		desc: prometheus.NewDesc(
			prometheus.BuildFQName(namespace, "", "letters_queued"), "Letters that are to be sent, those that are tried again among them.", []string{"kind"}, nil,
		),
		waiting: func(tell func(count int, labels ...string)) {
			if waiting := queued(); waiting != nil {
				for _, kind := range kinds {
					tell(waiting[kind], string(kind))
				}
			}
		},
	})
	return func(kind ports.LetterKind, outcome ports.LetterState) {
		turns.WithLabelValues(string(kind), outcomes[outcome]).Inc()
	}
}

// queue asks how much waits when somebody wants to know. Where there is no answer there is no number, which is not none.
type queue struct {
	desc    *prometheus.Desc
	waiting func(tell func(count int, labels ...string))
}

// Describe names the number.
func (q *queue) Describe(to chan<- *prometheus.Desc) { to <- q.desc }

// Collect asks.
func (q *queue) Collect(to chan<- prometheus.Metric) {
	q.waiting(func(count int, labels ...string) {
		to <- prometheus.MustNewConstMetric(q.desc, prometheus.GaugeValue, float64(count), labels...)
	})
}
