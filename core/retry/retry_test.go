package retry

import (
	"testing"
	"time"
)

// What is never taken is tried for two days, with pauses of four hours at the end.
func TestTwoDays(t *testing.T) {
	since := time.Date(2026, 10, 14, 5, 6, 7, 0, time.UTC)
	for name, chance := range map[string]float64{"short": 0, "middle": 0.5, "long": 1} {
		t.Run(name, func(t *testing.T) {
			pauses := Pauses{Chance: func() float64 { return chance }}
			now, tries, longest := since, 0, time.Duration(0)
			for {
				pause, again := pauses.Next(since, now, tries)
				if !again {
					break
				}
				if low, high := 8*time.Second, 12*time.Second; tries == 0 && (pause < low || pause > high) {
					t.Errorf("the first pause is %s", pause)
				}
				if tries++; tries > 100 {
					t.Fatal("it never ends")
				}
				longest, now = max(longest, pause), now.Add(pause)
			}
			if now.Before(since.Add(42*time.Hour)) || now.After(since.Add(48*time.Hour)) {
				t.Errorf("the last try is %s after the first", now.Sub(since))
			}
			if want := time.Duration(float64(4*time.Hour) * (0.8 + 0.4*chance)); longest != want {
				t.Errorf("the longest pause is %s, want %s", longest, want)
			}
			if tries < 18 || tries > 26 {
				t.Errorf("%d tries", tries)
			}
		})
	}
}

// Tests do not wait for seconds.
func TestFirst(t *testing.T) {
	pauses := Pauses{First: time.Second, Chance: func() float64 { return 0.5 }}
	if pause, again := pauses.Next(time.Time{}, time.Time{}, 2); pause != 4*time.Second || !again {
		t.Errorf("%s, %t", pause, again)
	}
}
