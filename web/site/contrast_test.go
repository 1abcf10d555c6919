package site_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tokens reads the colours of the style sheet: [0] in the light, [1] in the dark, and those of browsers that cannot choose.
func tokens(t *testing.T) (both [2]map[string]string, fallback map[string]string) {
	t.Helper()
	css, err := os.ReadFile("assets/styles/app.css")
	if err != nil {
		t.Fatal(err)
	}
	both = [2]map[string]string{{}, {}}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`).FindAllStringSubmatch(string(css), -1) {
		if both[0][m[1]] != "" {
			t.Errorf("--%s is there twice", m[1])
		}
		both[0][m[1]], both[1][m[1]] = m[2], m[3]
	}
	fallback = map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(string(css), -1) {
		fallback[m[1]] = m[2]
	}
	return both, fallback
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%q: %v", colour, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	one, two := luminance(t, a), luminance(t, b)
	return (max(one, two) + 0.05) / (min(one, two) + 0.05)
}

// Every colour can be read on every ground that it is used on: 4.5 for text, 3 for edges and charts (WCAG 2.2 AA).
func TestContrast(t *testing.T) {
	both, fallback := tokens(t)
	grounds := []string{"bg", "surface", "sunken"}
	statuses := []string{"ok-bg", "warn-bg", "bad-bg"}
	pairs := []struct {
		ink     string
		grounds []string
		least   float64
	}{
		{"text", append(append([]string{"mark"}, statuses...), grounds...), 4.5},
		{"muted", append([]string{"mark"}, grounds...), 4.5},
		{"link", append([]string{"mark"}, grounds...), 4.5},
		{"visited", grounds, 4.5},
		{"on-accent", []string{"accent"}, 4.5},
		{"accent", grounds, 3},
		{"edge", grounds, 3},
		{"focus", grounds, 3},
		{"ok", []string{"ok-bg"}, 4.5},
		{"warn", []string{"warn-bg"}, 4.5},
		{"bad", []string{"bad-bg"}, 4.5},
		{"s1", grounds, 3},
		{"s2", grounds, 3},
		{"s3", grounds, 3},
		{"s4", grounds, 3},
		{"s5", grounds, 3},
		// What the script says stands in reverse.
		{"bg", []string{"text"}, 4.5},
	}
	used := map[string]bool{"line": true}
	for theme, colours := range both {
		for _, p := range pairs {
			for _, ground := range p.grounds {
				used[p.ink], used[ground] = true, true
				if colours[p.ink] == "" || colours[ground] == "" {
					t.Fatalf("there is no --%s or no --%s", p.ink, ground)
				}
				if got := contrast(t, colours[p.ink], colours[ground]); got < p.least {
					t.Errorf("%s: --%s on --%s is %.2f, want %.1f", []string{"light", "dark"}[theme], p.ink, ground, got, p.least)
				}
			}
		}
	}
	for name, light := range both[0] {
		if !used[name] {
			t.Errorf("nobody looks at --%s", name)
		}
		if fallback[name] != light {
			t.Errorf("browsers that cannot choose get %q for --%s, want %q", fallback[name], name, light)
		}
	}
	if black := contrast(t, "#000000", "#ffffff"); math.Abs(black-21) > 0.01 {
		t.Errorf("black on white is %.2f", black)
	}
}

// Colours come from tokens alone, so that no other drifts from its dark twin.
func TestColoursAreTokens(t *testing.T) {
	files, err := os.ReadDir("assets/styles")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(`)
	for _, file := range files {
		css, err := os.ReadFile("assets/styles/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(css)) {
			if file.Name() != "app.css" && !strings.Contains(line, "::backdrop") && literal.MatchString(line) {
				t.Errorf("%s: %s", file.Name(), line)
			}
		}
	}
}
