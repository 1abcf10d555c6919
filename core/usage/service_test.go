package usage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

func day(year int, month time.Month, n int) time.Time {
	return time.Date(year, month, n, 0, 0, 0, 0, time.UTC)
}

// Points follow each other without a gap from the first day to the last, and only those two are cut.
func TestPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day(2023, time.January, 1).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "from"))
		to := from.AddDate(0, 0, rapid.IntRange(0, 399).Draw(t, "days"))
		period := rapid.SampledFrom([]ports.Granularity{ports.ByDay, ports.ByWeek, ports.ByMonth}).Draw(t, "period")
		all, err := points(from, to, period)
		if err != nil {
			t.Fatal(err)
		}
		if all[0].From != from || all[len(all)-1].To != to {
			t.Fatalf("%v to %v begins %v and ends %v", from, to, all[0].From, all[len(all)-1].To)
		}
		for i, point := range all {
			if point.To.Before(point.From) || begin(point.From, period) != begin(point.To, period) {
				t.Fatalf("%v", point)
			}
			if i > 0 && all[i-1].To.AddDate(0, 0, 1) != point.From {
				t.Fatalf("between %v and %v", all[i-1], point)
			}
			if i > 0 && point.From != begin(point.From, period) {
				t.Fatalf("%v begins in the middle", point)
			}
		}
	})
}

func TestPointsAtEdges(t *testing.T) {
	for _, c := range []struct {
		from, to time.Time
		period   ports.Granularity
		want     string
	}{
		{day(2028, 2, 28), day(2028, 3, 1), ports.ByDay, "02-28/02-28 02-29/02-29 03-01/03-01"},
		{day(2026, 12, 30), day(2027, 1, 5), ports.ByWeek, "12-30/01-03 01-04/01-05"},
		{day(2028, 1, 31), day(2028, 3, 1), ports.ByMonth, "01-31/01-31 02-01/02-29 03-01/03-01"},
		{day(2026, 11, 25), day(2026, 11, 25), ports.ByMonth, "11-25/11-25"},
	} {
		all, err := points(c.from, c.to, c.period)
		if err != nil {
			t.Fatal(err)
		}
		var spans []string
		for _, point := range all {
			spans = append(spans, point.From.Format("01-02")+"/"+point.To.Format("01-02"))
		}
		if got := strings.Join(spans, " "); got != c.want {
			t.Errorf("%v to %v by %s: %s", c.from, c.to, c.period, got)
		}
	}
	if _, err := points(day(2026, 1, 2), day(2026, 1, 1), ports.ByDay); fault.CodeOf(err) != fault.RequestInvalid {
		t.Errorf("an end before the beginning: %v", err)
	}
	if all, err := points(day(2026, 1, 1), day(2026, 1, 1).AddDate(0, 0, MostPoints-1), ports.ByDay); err != nil || len(all) != MostPoints {
		t.Errorf("%d points: %v", len(all), err)
	}
	if _, err := points(day(2026, 1, 1), day(2026, 1, 1).AddDate(0, 0, MostPoints), ports.ByDay); fault.CodeOf(err) != fault.RequestInvalid {
		t.Errorf("one too many: %v", err)
	}
}

// What has no series of its own is in one at the end, and nothing gets lost.
func TestSeries(t *testing.T) {
	all, err := points(day(2026, 1, 1), day(2026, 1, 3), ports.ByDay)
	if err != nil {
		t.Fatal(err)
	}
	var parts []ports.PartOfUsage
	for i := range 5 {
		for k := range 3 {
			parts = append(parts, ports.PartOfUsage{Value: fmt.Sprint("v", i), Begins: day(2026, 1, k+1), Downloads: int64(i * (k + 1))})
		}
	}
	list := series(all, ports.ByDay, parts, 2)
	want := "[{v4 false 24 [4 8 12]} {v3 false 18 [3 6 9]} { true 18 [3 6 9]}]"
	if got := fmt.Sprint(list); got != want {
		t.Errorf("got %s", got)
	}
	if got := series(all, ports.ByDay, nil, 2); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}
