package readme

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What a README may have of the forms whose cost the Markdown parser pays with the square of their number. People stay
// far below; what is above is shown with less form.
const (
	longestLine = 4 << 10
	// mostMarkers is how many quotes and lists may begin in a line.
	mostMarkers = 32
	// mostBrackets is how many lines of a paragraph may begin with a bracket, as the definition of an address does.
	mostBrackets = 200
	// mostCells bounds the cells of all tables: rows are filled up with cells that nobody wrote.
	mostCells = 50_000
)

// tame makes Markdown of any kind such that reading it takes no longer than its length.
func tame(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	t := tamer{cells: mostCells}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		t.line(&b, lines[i:], line)
	}
	return b.String()
}

type tamer struct {
	// brackets counts lines that began with one, in this paragraph.
	brackets int
	// rows is how many lines of this paragraph are still to come, 0 before they were counted.
	rows, cells int
}

var (
	marker    = regexp.MustCompile(`^[ \t]{0,16}(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])`)
	delimiter = regexp.MustCompile(`^[ \t>]*[|:-][ \t|:>-]*\n?$`)
)

// line writes a line; rest is it and all that follow.
func (t *tamer) line(b *strings.Builder, rest []string, line string) {
	if strings.TrimSpace(line) == "" {
		t.brackets, t.rows = 0, 0
		b.WriteString(line)
		return
	}
	if t.rows == 0 {
		t.rows = paragraph(rest)
	}
	t.rows--
	if columns := strings.Count(line, "|"); columns > 0 && delimiter.MatchString(line) {
		if t.cells -= (columns + 1) * (t.rows + 1); t.cells < 0 {
			// Without this line there is no table.
			return
		}
	}
	if strings.HasPrefix(strings.TrimLeft(line, " "), "[") {
		if t.brackets++; t.brackets%mostBrackets == 0 {
			b.WriteByte('\n')
		}
	}
	line = fewerMarkers(line)
	for len(line) > longestLine {
		end := strings.LastIndexAny(line[:longestLine], " \t")
		if end <= 0 {
			// Between two characters, not within one.
			for end = longestLine; !utf8.RuneStart(line[end]) && end > longestLine-utf8.UTFMax; {
				end--
			}
			end--
		}
		b.WriteString(line[:end+1])
		b.WriteByte('\n')
		line = line[end+1:]
	}
	b.WriteString(line)
}

// paragraph counts the lines before the next one that is blank.
func paragraph(lines []string) int {
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			return i
		}
	}
	return len(lines)
}

// fewerMarkers leaves out the quotes and lists that begin in a line after so many.
func fewerMarkers(line string) string {
	end := 0
	for range mostMarkers {
		found := marker.FindString(line[end:])
		if found == "" {
			return line
		}
		end += len(found)
	}
	rest := line[end:]
	for {
		found := marker.FindString(rest)
		if found == "" {
			return line[:end] + rest
		}
		rest = rest[len(found):]
	}
}
