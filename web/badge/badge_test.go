package badge_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgtrunk.io/registry/web/badge"
)

// element is what an SVG file is made of.
type element struct {
	XMLName    xml.Name   `xml:""`
	Attributes []xml.Attr `xml:",any,attr"`
	Text       string     `xml:",chardata"`
	Elements   []element  `xml:",any"`
}

func (e element) attribute(name string) string {
	for _, a := range e.Attributes {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) number(t *testing.T, name string) int {
	t.Helper()
	n, err := strconv.Atoi(e.attribute(name))
	if err != nil {
		t.Fatalf("%s has no %s: %v", e.XMLName.Local, name, err)
	}
	return n
}

// every gives all elements of a name, in order.
func (e element) every(name string) []element {
	var list []element
	if e.XMLName.Local == name {
		list = append(list, e)
	}
	for _, inner := range e.Elements {
		list = append(list, inner.every(name)...)
	}
	return list
}

func draw(t *testing.T, b badge.Badge) element {
	t.Helper()
	svg, err := b.SVG()
	if err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	var root element
	if err := decoder.Decode(&root); err != nil {
		t.Fatalf("%v in %s", err, svg)
	}
	if _, err := decoder.Token(); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return root
}

// Whatever the texts, the picture is whole, holds them, and has a name.
func TestSVG(t *testing.T) {
	for _, b := range []badge.Badge{
		{"trunk", "1.6.5", badge.Blue},
		{"PostgreSQL", "14–18", badge.Blue},
		{"platforms", "linux amd64, arm64, ppc64le, s390x, riscv64", badge.Blue},
		{"downloads", "unknown", badge.Grey},
		{"", "", badge.Grey},
		{`"><script>alert(1)</script>`, `'&<!--]]>` + "\u202e", badge.Amber},
		{"trunk", strings.Repeat("W", 64), badge.Blue},
		{"trunk", "1.0.0-" + strings.Repeat("x", 300), badge.Blue},
	} {
		root := draw(t, b)
		name := b.Label + ": " + b.Message
		if root.XMLName.Space != "http://www.w3.org/2000/svg" || root.attribute("role") != "img" || root.attribute("aria-label") != name || root.every("title")[0].Text != name {
			t.Errorf("%q has no name: %+v", name, root.Attributes)
		}
		texts, grounds := root.every("text"), root.every("rect")[1:]
		if len(texts) != 2 || len(grounds) != 2 {
			t.Fatalf("%q has %d texts on %d grounds", name, len(texts), len(grounds))
		}
		at := 0
		for i, text := range texts {
			width := grounds[i].number(t, "width")
			if begin, end := text.number(t, "x"), text.number(t, "x")+text.number(t, "textLength"); begin != at+6 || end != at+width-6 {
				t.Errorf("%q: the text from %d to %d stands on the ground from %d to %d", name, begin, end, at, at+width)
			}
			at += width
		}
		if root.number(t, "width") != at || root.attribute("viewBox") != "0 0 "+strconv.Itoa(at)+" 20" || at > 1000 {
			t.Errorf("%q is %d wide", name, at)
		}
		shown := texts[1].Text
		if long := len([]rune(b.Message)) > 64; long != strings.HasSuffix(shown, "…") || !long && shown != b.Message || len([]rune(shown)) > 64 {
			t.Errorf("%q is shown as %q", b.Message, shown)
		}
		harmless(t, root)
	}
}

// harmless refuses what runs, styles, or asks for something.
func harmless(t *testing.T, e element) {
	t.Helper()
	if !slices.Contains([]string{"svg", "title", "clipPath", "rect", "g", "text"}, e.XMLName.Local) {
		t.Errorf("there is an element %s", e.XMLName.Local)
	}
	for _, a := range e.Attributes {
		if a.Name.Local == "style" || a.Name.Local == "href" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "url(") && a.Value != "url(#corners)" {
			t.Errorf("%s has %s=%q", e.XMLName.Local, a.Name.Local, a.Value)
		}
	}
	for _, inner := range e.Elements {
		harmless(t, inner)
	}
}

// Wide letters take more room than narrow ones.
func TestWidths(t *testing.T) {
	width := func(text string) int { return draw(t, badge.Badge{"a", text, badge.Blue}).number(t, "width") }
	if narrow, wide := width("iiii"), width("mmmm"); wide-narrow < 25 {
		t.Errorf("iiii makes %d, mmmm %d", narrow, wide)
	}
	if got := width("é"); got != width("@") {
		t.Errorf("what is in no table has room of %d", got)
	}
}

func TestContrast(t *testing.T) {
	for _, colour := range []badge.Colour{badge.Blue, badge.Amber, badge.Grey, "#3a4753"} {
		if ratio := 1.05 / (luminance(t, string(colour)) + 0.05); ratio < 4.5 {
			t.Errorf("white on %s has a contrast of %.1f", colour, ratio)
		}
	}
}

// luminance is the relative one of WCAG 2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		channel := float64(n) / 255
		if channel <= 0.04045 {
			channel /= 12.92
		} else {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		}
		sum += weight * channel
	}
	return sum
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1k", 1049: "1k", 1250: "1.2k", 9999: "9.9k", 10_000: "10k", 48_210: "48k", 999_999: "999k",
		1_000_000: "1M", 3_456_789: "3.4M", 12_000_000_000: "12G", math.MaxInt64: "9223372T",
	} {
		if got := badge.Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
