package extension

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Readme is what a project says of itself at length.
type Readme struct {
	// Name is the file's, such as "README.md": its ending tells the form of the text.
	Name string `json:"name"`
	// Text is UTF-8 without NUL, with lines that end in \n, at most ReadmeLimit bytes.
	Text string `json:"text"`
}

// ReadmeLimit bounds a README, in bytes.
const ReadmeLimit = 1 << 20

// readmeEndings are those of READMEs, the one that reads best first.
func readmeEndings() []string {
	return []string{".md", ".markdown", ".rst", ".adoc", ".asciidoc", ".org", ".txt", ""}
}

// ReadmeRank tells how well a file's name fits a README, the lower the better; false for one that is none.
func ReadmeRank(name string) (int, bool) {
	base := strings.ToLower(path.Base(name))
	rest, ok := strings.CutPrefix(base, "readme")
	rank := slices.Index(readmeEndings(), rest)
	return strings.Count(name, "/")*len(readmeEndings()) + rank, ok && rank >= 0
}

// NewReadme makes a README of a file's bytes, whatever they are: what is no UTF-8 is replaced. It is false for one that
// is too long or says nothing.
func NewReadme(name string, raw []byte) (Readme, bool) {
	if len(raw) > ReadmeLimit {
		return Readme{}, false
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	// NUL goes first, since it may stand between the two that end a line.
	text := strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\ufffd"), "\x00", "")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if strings.TrimSpace(text) == "" || len(text) > ReadmeLimit {
		return Readme{}, false
	}
	return Readme{Name: path.Base(name), Text: text}, true
}
