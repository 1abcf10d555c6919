// Package badge draws the small pictures that READMEs show: a label, a message, nothing that a reader has to fetch or run.
package badge

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"
)

//go:embed badge.svg
var files embed.FS

var picture = template.Must(template.ParseFS(files, "badge.svg"))

// Colour is the ground of a message. White text on each has a contrast of at least 4.5.
type Colour string

// The colours. Each badge says in words what its colour says.
const (
	Blue  Colour = "#2b648f"
	Amber Colour = "#7a4a00"
	Grey  Colour = "#5a6a7a"
)

// Badge is a picture in two parts.
type Badge struct {
	Label, Message string
	Colour         Colour
}

const (
	// padding is what stands on each side of a text, in pixels.
	padding = 6
	// longest bounds what is drawn of a message, in characters; what it is called keeps the rest.
	longest = 64
)

// SVG draws the badge, 20 pixels high. It has neither styles nor scripts, so that every policy lets it be, and asks for no
// font: the length of each text is settled, so that it fits whatever the reader has.
//
// Errors: a template that does not fit, a fault of the build.
func (b Badge) SVG() ([]byte, error) {
	label, message := short(b.Label), short(b.Message)
	left, right := widthOf(label), widthOf(message)
	var svg bytes.Buffer
	err := picture.Execute(&svg, map[string]any{
		"Name": b.Label + ": " + b.Message, "Label": label, "Message": message, "Colour": string(b.Colour),
		"Width": left + right + 4*padding, "Left": left + 2*padding, "Right": right + 2*padding,
		"LabelAt": padding, "LabelLength": left, "MessageAt": left + 3*padding, "MessageLength": right,
	})
	if err != nil {
		return nil, fmt.Errorf("draw a badge: %w", err)
	}
	return svg.Bytes(), nil
}

func short(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}

// advances are those of DejaVu Sans for the characters from space to tilde, in thousandths of the font's size. Verdana has
// nearly the same.
var advances = [...]int{
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
	636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
	1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
	603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
	635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
}

// widthOf is how long a text is at 11 pixels, in whole ones.
func widthOf(text string) int {
	const size, wide, dash = 11, 1000, 500
	width := 0
	for _, r := range text {
		switch i := int(r) - ' '; {
		case i >= 0 && i < len(advances):
			width += advances[i]
		case r == '–':
			width += dash
		default:
			width += wide
		}
	}
	return (width*size + wide - 1) / wide
}

// Count writes a number as short as a badge has room for: 950, 1.2k, 34k, 5.6M. It is never more than there is.
func Count(n int64) string {
	const step, tens = 1000, 10
	if n < step {
		return strconv.FormatInt(n, 10)
	}
	unit := 0
	for units := int64(step); ; units *= step {
		if whole := n / units; whole < step || unit == 3 {
			if tenth := n / (units / tens) % tens; whole < tens && tenth > 0 {
				return fmt.Sprintf("%d.%d%c", whole, tenth, "kMGT"[unit])
			}
			return fmt.Sprintf("%d%c", whole, "kMGT"[unit])
		}
		unit++
	}
}
