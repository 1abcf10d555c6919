package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Chart shows how much there was of something, week by week, in pieces that are stacked on each other.
type Chart struct {
	// Of says what is counted, in the plural: "downloads".
	Of string
	// Pieces are the names of what each week is made of, in the order of the legend; Weeks are the oldest first.
	Pieces []string
	Weeks  []Week
	// API is where the same is to be had as JSON.
	API string
}

// Week is one bar of a chart.
type Week struct {
	// Begins is its Monday.
	Begins time.Time
	// Counts has one number for each piece.
	Counts []int
	// Running says that the week is not over.
	Running bool
}

// Total is the sum of a week's pieces.
func (w Week) Total() int {
	sum := 0
	for _, n := range w.Counts {
		sum += n
	}
	return sum
}

// The height of a chart and the width of a bar with the gap after it, in the units of its own coordinates: it is stretched
// to the room there is.
const (
	chartHeight = 120
	barStep     = 10
	barWidth    = 8
)

// Bar is a piece of a week as it is drawn.
type Bar struct {
	X, Width  int
	Y, Height string
	// Series is 1 for the first piece.
	Series  int
	Running bool
}

// Bars gives what is drawn.
func (c Chart) Bars() []Bar {
	highest := max(c.Highest().Total(), 1)
	scaled := func(n int) float64 { return float64(n) * chartHeight / float64(highest) }
	var bars []Bar
	for i, week := range c.Weeks {
		below := 0
		for k, n := range week.Counts {
			if n == 0 {
				continue
			}
			below += n
			bars = append(bars, Bar{
				X: i * barStep, Width: barWidth, Series: k + 1, Running: week.Running,
				Y: decimal(chartHeight - scaled(below)), Height: decimal(scaled(n)),
			})
		}
	}
	return bars
}

// decimal writes a coordinate as short as is exact enough.
func decimal(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// Box is the space that is drawn in, as the attribute viewBox has it.
func (c Chart) Box() string {
	return fmt.Sprintf("0 0 %d %d", max(len(c.Weeks), 1)*barStep, chartHeight)
}

// Highest is the week with the most, the first of them.
func (c Chart) Highest() Week {
	var highest Week
	for _, week := range c.Weeks {
		if week.Total() > highest.Total() {
			highest = week
		}
	}
	return highest
}

// Total is the sum of all weeks.
func (c Chart) Total() int {
	sum := 0
	for _, week := range c.Weeks {
		sum += week.Total()
	}
	return sum
}

// First and Last are the ends of what is shown.
func (c Chart) First() Week { return c.Weeks[0] }

// Last is the newest week.
func (c Chart) Last() Week { return c.Weeks[len(c.Weeks)-1] }

// Sentence says in words what the picture shows.
func (c Chart) Sentence() string {
	if c.Total() == 0 {
		return fmt.Sprintf("No %s in %s", c.Of, Plural(len(c.Weeks), "week"))
	}
	highest := c.Highest()
	return fmt.Sprintf("%s %s in %s, highest %s in the week of %s", Number(c.Total()), c.Of, Plural(len(c.Weeks), "week"),
		Number(highest.Total()), highest.Begins.Format(time.DateOnly))
}

// Entry is a piece in the legend.
type Entry struct {
	Series int
	Name   string
	Total  int
}

// Legend names the pieces with their sums.
func (c Chart) Legend() []Entry {
	entries := make([]Entry, len(c.Pieces))
	for k, name := range c.Pieces {
		entries[k] = Entry{Series: k + 1, Name: name}
		for _, week := range c.Weeks {
			entries[k].Total += week.Counts[k]
		}
	}
	return entries
}

// The room of a sparkline. The line has half of its own width free above and below.
const (
	sparkWidth  = 96
	sparkHeight = 24
	sparkMargin = 1
)

// Sparkline gives the points of a line through counts, the oldest first, as an SVG polyline has them; "" for fewer than two.
func Sparkline(counts []int) string {
	if len(counts) < 2 { //nolint:mnd // one point is no line
		return ""
	}
	highest := 1
	for _, n := range counts {
		highest = max(highest, n)
	}
	points := make([]string, len(counts))
	for i, n := range counts {
		x := float64(i) * sparkWidth / float64(len(counts)-1)
		y := sparkMargin + (sparkHeight-2*sparkMargin)*(1-float64(n)/float64(highest))
		points[i] = decimal(x) + "," + decimal(y)
	}
	return strings.Join(points, " ")
}
