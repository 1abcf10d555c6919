package site_test

import (
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/web/site"
)

// Distances in time are told in whole units and never rounded up or down to something else.
func TestSince(t *testing.T) {
	for at, want := range map[string]string{
		"2026-11-25": "today", "2026-11-24": "yesterday", "2026-11-10": "15 days ago", "2026-10-14": "6 weeks ago", "2026-08-26": "2 months ago",
		"2025-12-26": "10 months ago", "2025-11-25": "12 months ago", "2024-12-01": "23 months ago", "2024-11-25": "2 years ago",
		"2023-01-25": "3 years 10 months ago", "2026-11-26": "tomorrow", "2026-12-05": "in 10 days",
	} {
		moment, err := time.Parse(time.DateOnly, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := site.Since(moment.Add(3*time.Hour), now); got.Ago != want || got.Date != at || got.ISO != at+"T03:00:00Z" {
			t.Errorf("%s: %+v, want %s", at, got, want)
		}
	}
}

// Days are found in sentences, and nothing of the sentences is lost.
func TestDated(t *testing.T) {
	for sentence, want := range map[string]string{
		"": "", "No day.": "(No day.)", "2026-11-25": "[2026-11-25]", "From 2026-11-25 to 2026-12-01.": "(From )[2026-11-25]( to )[2026-12-01](.)",
		"1.2026-11-250 and 2026-13-01": "(1.2026-11-250 and 2026-13-01)",
	} {
		var parts []string
		for _, piece := range site.Dated(sentence) {
			if piece.Day != "" {
				parts = append(parts, "["+piece.Day+"]")
			} else {
				parts = append(parts, "("+piece.Text+")")
			}
		}
		if got := strings.Join(parts, ""); got != want {
			t.Errorf("%q is taken apart as %s", sentence, got)
		}
	}
}

func TestFigures(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 1023: "1,023 bytes", 1024: "1.00 KiB", 5 << 20: "5.00 MiB", 12_345_678: "11.8 MiB", 300 << 20: "300 MiB", 2 << 30: "2.00 GiB",
	} {
		if got := site.Size(n); got != want {
			t.Errorf("%d bytes are %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := site.Number(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for want, got := range map[string]string{
		"1 day": site.Plural(1, "day"), "2 days": site.Plural(2, "day"), "3 categories": site.Plural(3, "category"), "1 category": site.Plural(1, "category"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPair(t *testing.T) {
	for want, pair := range map[string]site.Pair{
		"/x":                                    {},
		"/x?pg_version=17":                      {Postgres: 17},
		"/x?pg_version=17&platform=linux/arm64": {Postgres: 17, Platform: "linux/arm64"},
	} {
		if got := pair.On("/x"); got != want || pair.Any() != (want == "/x") {
			t.Errorf("%+v gives %s", pair, got)
		}
	}
	if got := (site.Pair{Postgres: 17, Platform: "linux/arm64"}).String(); got != "PostgreSQL 17, linux/arm64" {
		t.Error(got)
	}
}
