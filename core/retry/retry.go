// Package retry says when something is tried again that somebody else's machine would not take now: letters and webhooks wait
// by the same rule.
package retry

import "time"

const (
	// patience is for how long something is tried again.
	patience = 48 * time.Hour
	// The pauses between tries begin with first and double up to most.
	first = 10 * time.Second
	most  = 4 * time.Hour
)

// Pauses are those between tries.
type Pauses struct {
	// First is how long to wait after the first try; 0 means 10 s.
	First time.Duration
	// Chance gives a number from 0 to 1, by which pauses differ.
	Chance func() float64
}

// Next gives how long to wait with what was first to be sent at a time and was tried so often before now: twice as long each
// time, a fifth more or less. It is false where that is longer than it is worth.
func (p Pauses) Next(since, now time.Time, tries int) (pause time.Duration, again bool) {
	pause = p.First
	if pause == 0 {
		pause = first
	}
	for range tries {
		if pause *= 2; pause >= most {
			pause = most
			break
		}
	}
	pause = time.Duration(float64(pause) * (0.8 + 0.4*p.Chance()))
	if since.Add(patience).Before(now.Add(pause)) {
		return 0, false
	}
	return pause, true
}
