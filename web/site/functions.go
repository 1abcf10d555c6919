package site

import (
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// functions are what templates can call.
func functions() template.FuncMap {
	return template.FuncMap{
		"since":     Since,
		"dated":     Dated,
		"size":      Size,
		"number":    Number,
		"plural":    Plural,
		"ranges":    Ranges,
		"segment":   url.PathEscape,
		"licence":   licence,
		"join":      strings.Join,
		"sparkline": Sparkline,
		"hasWords":  func(s string) bool { return strings.TrimSpace(s) != "" },
	}
}

// Moment is a time as pages write it: {{template "date" (since .Released $.Now)}}.
type Moment struct {
	// ISO is for machines, Date and Ago for people.
	ISO, Date, Ago string
}

// Since tells a time with its distance from now, which is never rounded to more than it is: whoever reads "a year ago"
// of nearly two takes the wrong thing.
func Since(at, now time.Time) Moment {
	at, now = at.UTC(), now.UTC()
	return Moment{ISO: at.Format(time.RFC3339), Date: at.Format(time.DateOnly), Ago: ago(at, now)}
}

const day = 24 * time.Hour

// ago counts whole days, so that a page stays the same for a day.
func ago(at, now time.Time) string {
	days := int(now.Truncate(day).Sub(at.Truncate(day)) / day)
	months := (now.Year()-at.Year())*12 + int(now.Month()) - int(at.Month())
	if now.Day() < at.Day() {
		months--
	}
	switch {
	case days < -1:
		return "in " + Plural(-days, "day")
	case days == -1:
		return "tomorrow"
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	case days < 21:
		return Plural(days, "day") + " ago"
	case days < 70:
		return Plural(days/7, "week") + " ago"
	case months < 24:
		return Plural(months, "month") + " ago"
	case months%12 == 0:
		return Plural(months/12, "year") + " ago"
	default:
		return Plural(months/12, "year") + " " + Plural(months%12, "month") + " ago"
	}
}

// Piece is a part of a sentence: a day, or else the text between two.
type Piece struct{ Day, Text string }

var days = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)

// Dated takes a sentence apart at the days that it names, so that a page can mark them.
func Dated(sentence string) []Piece {
	var pieces []Piece
	from := 0
	for _, at := range days.FindAllStringIndex(sentence, -1) {
		if _, err := time.Parse(time.DateOnly, sentence[at[0]:at[1]]); err != nil {
			continue
		}
		if at[0] > from {
			pieces = append(pieces, Piece{Text: sentence[from:at[0]]})
		}
		pieces = append(pieces, Piece{Day: sentence[at[0]:at[1]]})
		from = at[1]
	}
	if from < len(sentence) {
		pieces = append(pieces, Piece{Text: sentence[from:]})
	}
	return pieces
}

// Size writes a number of bytes for people, with three figures.
func Size(bytes int64) string {
	const step = 1024
	if bytes < step {
		return Plural(int(bytes), "byte")
	}
	size, unit := float64(bytes), 0
	for size >= step && unit < 4 {
		size, unit = size/step, unit+1
	}
	digits := 0
	switch {
	case size < 10:
		digits = 2
	case size < 100:
		digits = 1
	}
	return strconv.FormatFloat(size, 'f', digits, 64) + " " + []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit]
}

// Number writes a number with a comma every three digits.
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Plural writes how many of a thing there are, for words that take an s.
func Plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
		if root, ok := strings.CutSuffix(thing, "ys"); ok && !strings.HasSuffix(root, "a") && !strings.HasSuffix(root, "e") {
			thing = root + "ies"
		}
	}
	return Number(n) + " " + thing
}
