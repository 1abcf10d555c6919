package site

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func weeks(counts ...[]int) []Week {
	all := make([]Week, len(counts))
	for i, c := range counts {
		all[i] = Week{Begins: time.Date(2026, time.September, 7+7*i, 0, 0, 0, 0, time.UTC), Counts: c, Running: i == len(counts)-1}
	}
	return all
}

func TestChart(t *testing.T) {
	chart := Chart{Of: "downloads", Pieces: []string{"1.1", "1.0"}, Weeks: weeks([]int{0, 600}, []int{900, 300}, []int{30, 0})}
	if got, want := chart.Sentence(), "1,830 downloads in 3 weeks, highest 1,200 in the week of 2026-09-14"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got, want := chart.Bars(), []Bar{
		{X: 0, Width: 8, Y: "60", Height: "60", Series: 2},
		{X: 10, Width: 8, Y: "30", Height: "90", Series: 1},
		{X: 10, Width: 8, Y: "0", Height: "30", Series: 2},
		{X: 20, Width: 8, Y: "117", Height: "3", Series: 1, Running: true},
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("it draws %+v, want %+v", got, want)
	}
	if got, want := chart.Legend(), []Entry{{1, "1.1", 930}, {2, "1.0", 900}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the legend is %+v, want %+v", got, want)
	}
	empty := Chart{Of: "downloads", Pieces: []string{"1.0"}, Weeks: weeks([]int{0}, []int{0})}
	if got := empty.Sentence(); got != "No downloads in 2 weeks" || empty.Bars() != nil {
		t.Errorf("nothing is %q, %+v", got, empty.Bars())
	}
}

func TestSparkline(t *testing.T) {
	for want, counts := range map[string][]int{
		"":                      {7},
		"0,23 96,23":            {0, 0},
		"0,12 48,1 96,23":       {5, 10, 0},
		"0,1 96,1":              {3, 3},
		"0,23 48,12 96,1":       {0, 1, 2},
		"0,1 32,23 64,23 96,23": {9, 0, 0, 0},
	} {
		if got := Sparkline(counts); got != want {
			t.Errorf("%v is %q, want %q", counts, got, want)
		}
	}
	// Whatever the counts, the line stays in its room and goes from one side to the other.
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 1<<40), 2, 60).Draw(t, "counts")
		points := strings.Fields(Sparkline(counts))
		if len(points) != len(counts) || !strings.HasPrefix(points[0], "0,") || !strings.HasPrefix(points[len(points)-1], "96,") {
			t.Fatalf("%v is %v", counts, points)
		}
		for _, point := range points {
			_, y, _ := strings.Cut(point, ",")
			if at, err := strconv.ParseFloat(y, 64); err != nil || at < 1 || at > 23 {
				t.Fatalf("%v has %s", counts, point)
			}
		}
	})
}
