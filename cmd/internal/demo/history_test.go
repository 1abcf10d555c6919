package demo

import (
	"reflect"
	"testing"
	"time"

	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/ports"
)

// The past is the same each time, of builds that are published, up to yesterday, and each build and day once.
func TestHistory(t *testing.T) {
	all, err := projects()
	if err != nil {
		t.Fatal(err)
	}
	published := map[ports.DownloadedBuild]bool{}
	for _, p := range all {
		for _, b := range newPast(p, 0).builds {
			published[b] = true
		}
	}
	today := time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC)
	once, again := madeUp(t, today), madeUp(t, today)
	type slot struct {
		build ports.DownloadedBuild
		day   time.Time
	}
	seen, days := map[slot]bool{}, map[time.Time]bool{}
	for i, batch := range once {
		if batch.Sequence != int64(i+1) || !reflect.DeepEqual(batch.Counts, again[i].Counts) {
			t.Fatalf("batch %d is another one the second time", i)
		}
		for _, count := range batch.Counts {
			at := slot{count.DownloadedBuild, count.Day}
			if seen[at] || !published[count.DownloadedBuild] || count.Downloads <= 0 || !count.Day.Before(today) {
				t.Errorf("%+v", count)
			}
			seen[at], days[count.Day] = true, true
		}
	}
	if len(days) != historyDays || len(seen) < 20_000 {
		t.Errorf("%d counts of %d days", len(seen), len(days))
	}
}

func madeUp(t *testing.T, today time.Time) []ports.DownloadBatch {
	t.Helper()
	batches, err := history(hyperloglog.Sketches{}, today)
	if err != nil {
		t.Fatal(err)
	}
	return batches
}
