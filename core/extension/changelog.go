package extension

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ChangeLog is what a project says of its versions, each below a heading that names it.
type ChangeLog struct {
	// Name is the file's, such as "CHANGELOG.md": its ending tells the form of the text.
	Name string
	// Text is UTF-8 without NUL, with lines that end in \n, at most ChangeLogLimit bytes.
	Text string
}

// Changes is the part of a change log that is about one version.
type Changes struct {
	// Name is the change log's.
	Name string
	// Text is at most ChangesLimit bytes.
	Text string
}

const (
	// ChangeLogLimit bounds a change log, in bytes.
	ChangeLogLimit = 256 << 10
	// ChangesLimit bounds what is kept of it for one version.
	ChangesLimit = 64 << 10
)

// changeLogEndings are those of change logs, the one that reads best first.
func changeLogEndings() []string { return []string{".md", ".markdown", ".txt", ""} }

// changeLogNames are what change logs are called, the most usual first.
func changeLogNames() []string { return []string{"changelog", "changes", "news", "history"} }

// ChangeLogRank tells how well a file's name fits a change log, the lower the better; false for one that is none.
func ChangeLogRank(name string) (int, bool) {
	base := strings.ToLower(path.Base(name))
	ending := path.Ext(base)
	title, rank := slices.Index(changeLogNames(), strings.TrimSuffix(base, ending)), slices.Index(changeLogEndings(), ending)
	of := len(changeLogNames()) * len(changeLogEndings())
	return strings.Count(name, "/")*of + title*len(changeLogEndings()) + rank, title >= 0 && rank >= 0
}

// NewChangeLog makes a change log of a file's bytes. It is false for one that is too long, no UTF-8, or says nothing.
func NewChangeLog(name string, raw []byte) (ChangeLog, bool) {
	if len(raw) > ChangeLogLimit || !utf8.Valid(raw) {
		return ChangeLog{}, false
	}
	text, ok := NewReadme(name, raw)
	return ChangeLog(text), ok
}

// Between gives what a change log says of a version and of those between it and the one that was published before, the zero
// value of which asks for the version alone. It is false where the version has no heading of its own. The time it takes
// grows with the length of the text and with nothing else.
func (l ChangeLog) Between(before, version Version) (Changes, bool) {
	lines := strings.SplitAfter(l.Text, "\n")
	headings := l.headings(lines)
	level := 0
	for _, h := range headings {
		if h.version.precedence() == version.precedence() && (level == 0 || h.level < level) {
			level = h.level
		}
	}
	if level == 0 || version.text == "" {
		return Changes{}, false
	}
	var text strings.Builder
	taking, from := false, 0
	take := func(to int) {
		if taking {
			for _, line := range lines[from:to] {
				text.WriteString(line)
			}
		}
		from = to
	}
	for _, h := range headings {
		if h.level > level {
			continue
		}
		take(h.line)
		taking = h.version.within(before, version)
	}
	take(len(lines))
	kept := shortenLines(withoutTargets(text.String()), ChangesLimit)
	return Changes{Name: l.Name, Text: kept}, kept != ""
}

// within tells whether a section is news of a version.
func (v Version) within(before, version Version) bool {
	if v.precedence() == version.precedence() {
		return true
	}
	return before.text != "" && v.precedence() > before.precedence() && v.precedence() < version.precedence()
}

// precedence is what decides about the order before the text does; "" for no version.
func (v Version) precedence() string { return strings.TrimSuffix(v.key, v.text) }

// heading is a line that begins a section.
type heading struct {
	line int
	// level is 1 for the highest; plainLevel for a plain line that names a version.
	level int
	// version is the zero value for a heading that names none.
	version Version
}

// plainLevel is below all that Markdown has.
const plainLevel = 7

// Versions as headings have them: numbers with dots, and a pre-release perhaps.
const (
	identifiers   = `[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`
	dottedVersion = `[0-9]+(?:\.[0-9]+){1,5}(?:-` + identifiers + `)?`
)

var (
	atxHeading = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.+)$`)
	// A line of these below a text makes it a heading.
	underline = regexp.MustCompile(`^ {0,3}(?:={3,}|-{3,}|~{3,}|\*{3,})[ \t]*$`)
	// notUnderlined are lines that are no text: of lists, quotes, code, tables, or lines themselves.
	notUnderlined = regexp.MustCompile(`^(?: {4}|\t| {0,3}(?:[-*+>|]|[0-9]+[.)][ \t]))`)
	// A fence that opens may name a language, but one of backticks has none after it: that is code within a line. One that closes
	// stands alone.
	opening = regexp.MustCompile("^ {0,3}(?:(```+)[^`]*|(~~~+).*)$")
	closing = regexp.MustCompile("^ {0,3}(```+|~~~+)$")
	// target is where links lead that are named elsewhere in a Markdown text.
	target = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:[ \t]`)
	// headingVersion is the first version in a heading: of numbers with dots, wherever it stands, or one number at the beginning.
	headingVersion = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])[vV]?(` + dottedVersion + `(?:\+` + identifiers + `)?)(?:$|[^0-9A-Za-z.]|\.$)`)
	headingNumber  = regexp.MustCompile(`^\[?[vV]?([0-9]{1,5})\]?(?:$|[ \t]*[-–—:(])`)
	// plainHeading is a line that names a version, after a word perhaps; what may follow is looked at apart.
	plainHeading = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9_-]*[ \t]+)?\[?[vV]?(` + dottedVersion + `)\]?((?:[ \t:,(–—-].*)?)$`)
	year         = regexp.MustCompile(`(?:19|20)[0-9]{2}`)
)

// Headings are no longer than a line of a screen or two; what follows the version of a plain one is little more than a date.
const (
	mostHeading = 200
	mostAfter   = 40
)

// headings finds those of a change log, in their order.
func (l ChangeLog) headings(lines []string) (found []heading) {
	markdown := strings.HasPrefix(strings.ToLower(path.Ext(l.Name)), ".m")
	fenced := ""
	for i, line := range lines {
		line = strings.TrimRight(line, " \t\n")
		if len(line) > mostHeading {
			continue
		}
		if fenced != "" {
			if mark := closing.FindStringSubmatch(line); mark != nil && strings.HasPrefix(mark[1], fenced) {
				fenced = ""
			}
			continue
		}
		if mark := opening.FindStringSubmatch(line); mark != nil && markdown {
			fenced = mark[1] + mark[2]
			continue
		}
		if h, ok := headingAt(lines, i, line); ok {
			found = append(found, h)
		} else if version, ok := plainVersion(line); ok {
			found = append(found, heading{i, plainLevel, version})
		}
	}
	return found
}

// headingAt tells what heading a line is: with # before it, or with another line under it. What is underlined may be the last
// line of a list, so it has to name a version.
func headingAt(lines []string, i int, line string) (heading, bool) {
	if parts := atxHeading.FindStringSubmatch(line); parts != nil {
		return heading{i, len(parts[1]), versionIn(parts[2])}, true
	}
	if strings.TrimSpace(line) == "" || notUnderlined.MatchString(line) || i+1 == len(lines) {
		return heading{}, false
	}
	below := strings.TrimRight(lines[i+1], " \t\n")
	if len(below) > mostHeading || !underline.MatchString(below) {
		return heading{}, false
	}
	h := heading{i, 2, versionIn(line)}
	if strings.Contains(below, "=") {
		h.level = 1
	}
	return h, h.version.text != "" || strings.Contains(strings.ToLower(line), "unreleased")
}

// versionIn reads the version that a heading names; the zero value for none.
func versionIn(text string) Version {
	text = strings.TrimSpace(strings.NewReplacer("*", "", "`", "", "_[", "[").Replace(text))
	parts := headingVersion.FindStringSubmatch(text)
	if parts == nil {
		parts = headingNumber.FindStringSubmatch(text)
	}
	if parts == nil {
		return Version{}
	}
	// What is no version of ours either names none.
	version, _ := ParseVersion(parts[1])
	return version
}

// plainVersion reads a plain line that says a version and when it came out, and nothing else.
func plainVersion(line string) (Version, bool) {
	parts := plainHeading.FindStringSubmatch(line)
	if parts == nil {
		return Version{}, false
	}
	after := strings.Trim(parts[2], " \t:,()[]–—-")
	if after != "" && (utf8.RuneCountInString(after) > mostAfter || !year.MatchString(after)) {
		return Version{}, false
	}
	version, err := ParseVersion(parts[1])
	return version, err == nil
}

// withoutTargets leaves out, at the end of a text, where links lead that other sections have.
func withoutTargets(text string) string {
	text = strings.TrimSpace(text)
	for {
		start := strings.LastIndexByte(text, '\n') + 1
		if !target.MatchString(text[start:]) {
			return text
		}
		text = strings.TrimSpace(text[:start])
	}
}

// shortenLines leaves of a text as many lines as have room, and says by "…" that it goes on.
func shortenLines(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const more = "\n…"
	end := strings.LastIndexByte(text[:most-len(more)+1], '\n')
	if end < 0 {
		return strings.ToValidUTF8(text[:most-len(more)], "") + more
	}
	return text[:end] + more
}
