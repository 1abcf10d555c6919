package extension_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
)

func TestChangeLogRank(t *testing.T) {
	last := -1
	for _, name := range []string{"CHANGELOG.md", "Changelog", "CHANGES.md", "changes.txt", "NEWS", "history.markdown", "HISTORY", "doc/CHANGELOG.md", "a/b/news.txt"} {
		rank, ok := extension.ChangeLogRank(name)
		if !ok || rank <= last {
			t.Errorf("%s: %d, %t after %d", name, rank, ok, last)
		}
		last = rank
	}
	for _, name := range []string{"", "CHANGE", "CHANGELOG.md.bak", "changelog.sql", "a-changelog.md", "news.md/other", "history.so", ".md"} {
		if _, ok := extension.ChangeLogRank(name); ok {
			t.Errorf("%s is taken for a change log", name)
		}
	}
}

// The change log nearest to the root is the project's; what cannot be read is passed over.
func TestInspectFindsTheChangeLog(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  extension.ChangeLog
	}{
		"none":           {nil, extension.ChangeLog{}},
		"several":        {map[string]string{"doc/CHANGELOG.md": "far", "NEWS": "plain", "CHANGES.md": "good"}, extension.ChangeLog{Name: "CHANGES.md", Text: "good"}},
		"one below":      {map[string]string{"doc/History.txt": "below\r\n"}, extension.ChangeLog{Name: "History.txt", Text: "below\n"}},
		"too long a one": {map[string]string{"CHANGES": strings.Repeat("a", extension.ChangeLogLimit+1), "NEWS": "b"}, extension.ChangeLog{Name: "NEWS", Text: "b"}},
		"no UTF-8":       {map[string]string{"CHANGES": "a\xff", "NEWS": "b"}, extension.ChangeLog{Name: "NEWS", Text: "b"}},
		"of the longest": {map[string]string{"CHANGES": strings.Repeat("a", extension.ChangeLogLimit)}, extension.ChangeLog{Name: "CHANGES", Text: strings.Repeat("a", extension.ChangeLogLimit)}},
	} {
		build := archivetest.Build{Project: "p", Version: "1.0", Files: map[string]archivetest.File{}}
		for path, text := range c.files {
			build.Files[path] = archivetest.File{Data: []byte(text)}
		}
		report, err := extension.Inspect(bytes.NewReader(build.Archive()), extension.DefaultLimits())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := report.ChangeLog; got == nil && c.want.Text != "" || got != nil && *got != c.want {
			t.Errorf("%s: got %.60v", name, got)
		}
	}
}

// versionOrNone parses one that a test knows; "" is the zero value.
func versionOrNone(t rapid.TB, text string) extension.Version {
	t.Helper()
	if text == "" {
		return extension.Version{}
	}
	v, err := extension.ParseVersion(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const kept = `# Changelog

## [Unreleased]
- not yet

## [1.6.4](https://example.org/compare/1.6.3...1.6.4) - 2024-12-13
### Fixed in 1.6.4
- a

` + "```\n## 1.6.1\n```" + `

## [1.6.4-rc.1] - 2024-12-01
- b

## 1.6.3
- c

## Thanks
- everybody

[1.6.4]: https://example.org
`

func TestBetween(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, before, version, want string
	}{
		"up to the one before": {
			"CHANGELOG.md", kept, "1.6.3", "1.6.4",
			"## [1.6.4](https://example.org/compare/1.6.3...1.6.4) - 2024-12-13\n### Fixed in 1.6.4\n- a\n\n```\n## 1.6.1\n```\n\n## [1.6.4-rc.1] - 2024-12-01\n- b",
		},
		"a pre-release":            {"CHANGELOG.md", kept, "1.6.3", "1.6.4-rc.1", "## [1.6.4-rc.1] - 2024-12-01\n- b"},
		"the first":                {"CHANGELOG.md", kept, "", "1.6.3", "## 1.6.3\n- c"},
		"one that was left out":    {"CHANGELOG.md", kept, "1.6.2", "1.6.4-rc.1", "## [1.6.4-rc.1] - 2024-12-01\n- b\n\n## 1.6.3\n- c"},
		"none of its own":          {"CHANGELOG.md", kept, "1.6.3", "1.6.5", ""},
		"in code":                  {"CHANGELOG.md", kept, "", "1.6.1", ""},
		"no headings":              {"CHANGELOG.md", "We fixed 1.6.4.\n", "", "1.6.4", ""},
		"plain lines":              {"NEWS", "v1.6.4 (2024-12-13)\n  a\n1.6.3 is not needed\nv1.6.3 (2024-01-01)\n  b\n", "1.6.3", "1.6.4", "v1.6.4 (2024-12-13)\n  a\n1.6.3 is not needed"},
		"plain lines with names":   {"NEWS.txt", "pg_cron 1.6.4 (December 13, 2024)\n* a\n\npg_cron 1.6.3\n* b\n", "1.6.3", "1.6.4", "pg_cron 1.6.4 (December 13, 2024)\n* a"},
		"lines of equals signs":    {"HISTORY", "Version 2.0\n===========\na\n\nVersion 1.0\n===========\nb", "1.0", "2.0", "Version 2.0\n===========\na"},
		"lines of hyphens":         {"CHANGES.md", "Unreleased\n---\nx\n\n2.0 / 2024\n---\n- a\n- b\n---\n\n1.0\n---\nc", "1.0", "2.0", "2.0 / 2024\n---\n- a\n- b\n---"},
		"a zero more or less":      {"CHANGES.md", "## 1.6\na\n## 1.5.0\nb\n", "1.5", "1.6.0", "## 1.6\na"},
		"two numbers":              {"CHANGES.md", "### v17.2, 2024\na\n### v17.1\nb\n", "17.1", "17.2", "### v17.2, 2024\na"},
		"one number":               {"CHANGES.md", "# 5 - 2024\na\n# 4\nb\n", "4", "5", "# 5 - 2024\na"},
		"the oldest first":         {"CHANGES.md", "## 1.0\na\n## 1.1\nb\n## 1.2\nc\n## Unreleased\nd\n", "1.0", "1.2", "## 1.1\nb\n## 1.2\nc"},
		"a series above":           {"CHANGES.md", "# The 1.x series\n## 1.2\na\n# Older\n## 1.1\nb\n## 1.0\nc", "1.0", "1.2", "## 1.2\na\n## 1.1\nb"},
		"names within a section":   {"CHANGES.md", "## 1.2\n#### For PostgreSQL 17.2\na\n1.1 (2020)\nb\n## 1.1\n", "1.1", "1.2", "## 1.2\n#### For PostgreSQL 17.2\na\n1.1 (2020)\nb"},
		"where links lead":         {"CHANGES.md", "## 1.2\n[a]\n\n[a]: https://example.org\n[b]: https://example.org\n", "", "1.2", "## 1.2\n[a]"},
		"code within a line":       {"CHANGES.md", "## 1.2\n```SELECT 1```\n## 1.1\nb\n", "1.1", "1.2", "## 1.2\n```SELECT 1```"},
		"a language within code":   {"CHANGES.md", "## 1.2\n```\n```sql\n## 1.1\n```\na\n## 1.1\nb\n", "1.1", "1.2", "## 1.2\n```\n```sql\n## 1.1\n```\na"},
		"tildes and a language":    {"CHANGES.md", "## 1.2\n~~~ sql `a`\n```\n## 1.1\n~~~\n## 1.1\nb\n", "1.1", "1.2", "## 1.2\n~~~ sql `a`\n```\n## 1.1\n~~~"},
		"a heading alone is there": {"CHANGES.md", "## 1.2\n", "", "1.2", "## 1.2"},
	} {
		got, ok := extension.ChangeLog{Name: c.file, Text: c.text}.Between(versionOrNone(t, c.before), versionOrNone(t, c.version))
		if got.Text != c.want || ok != (c.want != "") || ok && got.Name != c.file {
			t.Errorf("%s: got %t\n%s\nand not\n%s", name, ok, got.Text, c.want)
		}
	}
}

func TestChangesAreBounded(t *testing.T) {
	for _, line := range []string{"- é\n", "é"} {
		text := "## 1.0\n" + strings.Repeat(line, extension.ChangeLogLimit/len(line)-10)
		got, ok := extension.ChangeLog{Name: "CHANGES.md", Text: text}.Between(extension.Version{}, versionOrNone(t, "1.0"))
		if !ok || len(got.Text) > extension.ChangesLimit || !strings.HasSuffix(got.Text, "\n…") || !utf8.ValidString(got.Text) {
			t.Errorf("%d bytes that end in %q", len(got.Text), got.Text[len(got.Text)-20:])
		}
	}
}

// A log that is written of sections gives back exactly those that were asked for, whatever form its headings have.
func TestBetweenGivesTheSections(t *testing.T) {
	forms := []func(string) string{
		func(v string) string { return "# " + v }, func(v string) string { return "## [" + v + "] - 2024-01-02" },
		func(v string) string { return "### v" + v + " (2024)" }, func(v string) string { return v + "\n=====" },
		func(v string) string { return "Release " + v + "\n-----" }, func(v string) string { return "v" + v + " (2024-01-02)" },
	}
	rapid.Check(t, func(t *rapid.T) {
		form, count := rapid.SampledFrom(forms).Draw(t, "form"), rapid.IntRange(1, 12).Draw(t, "count")
		newest := rapid.IntRange(0, count-1).Draw(t, "newest")
		oldest := rapid.IntRange(-1, newest-1).Draw(t, "oldest")
		ascending := rapid.Bool().Draw(t, "ascending")
		number := func(i int) string { return "1." + strconv.Itoa(i) + ".0" }
		var sections, want []string
		for i := range count {
			body := rapid.StringMatching(`(- [a-z ]{0,9}\n){0,3}`).Draw(t, "body")
			section := form(number(i)) + "\n" + body
			sections = append(sections, section)
			if i == newest || oldest >= 0 && i > oldest && i < newest {
				want = append(want, section)
			}
		}
		if !ascending {
			slices.Reverse(sections)
			slices.Reverse(want)
		}
		before := extension.Version{}
		if oldest >= 0 {
			before = versionOrNone(t, number(oldest))
		}
		got, _ := extension.ChangeLog{Name: "CHANGELOG.md", Text: "# Changes\n\n" + strings.Join(sections, "")}.Between(before, versionOrNone(t, number(newest)))
		if got.Text != strings.TrimSpace(strings.Join(want, "")) {
			t.Fatalf("got\n%s\nand not\n%s", got.Text, strings.Join(want, ""))
		}
	})
}

// The hardest texts of the greatest length, beside an eighth of each: what is longer takes as much longer, so the ratio is near 8.
func BenchmarkBetween(b *testing.B) {
	before, version := versionOrNone(b, "0.9"), versionOrNone(b, "1.0")
	for _, part := range []string{"## 1.0\n", "1.0\n---\n", "[a]: b\n", "# [", "1.1.1.1.1.1-", "```\n", "- 1.0 (2024)\n", "a\n===\n", " ", "\n", "v1.0 2024\n"} {
		b.Run(strconv.Quote(part), func(b *testing.B) {
			took := func(size int) time.Duration {
				log := extension.ChangeLog{Name: "CHANGELOG.md", Text: "## 1.0\n" + strings.Repeat(part, size/len(part))}
				began := time.Now()
				log.Between(before, version)
				return time.Since(began)
			}
			var short, long time.Duration
			for b.Loop() {
				short += took(extension.ChangeLogLimit / 8)
				long += took(extension.ChangeLogLimit)
			}
			b.ReportMetric(float64(long)/float64(short), "whole/eighth")
		})
	}
}

func FuzzChangeLog(f *testing.F) {
	f.Add("CHANGELOG.md", []byte(kept), "1.6.3", "1.6.4")
	f.Add("NEWS", []byte("v1.6.4 (2024-12-13)\r\n a\n1.6.3\n===\n"), "", "1.6.4")
	f.Add("CHANGES.md", []byte("# 5\n~~~\n# 4\n~~~~\n[a]: b\n"), "4", "5")
	f.Fuzz(func(t *testing.T, name string, raw []byte, before, after string) {
		this, err := extension.ParseVersion(after)
		log, ok := extension.NewChangeLog(name, raw)
		if err != nil || !ok {
			return
		}
		last, err := extension.ParseVersion(before)
		mustBeFault(t, err)
		got, ok := log.Between(last, this)
		if ok == (got.Text == "") || len(got.Text) > extension.ChangesLimit || !utf8.ValidString(got.Text) || strings.ContainsRune(got.Text, 0) {
			t.Fatalf("%t with %q", ok, got.Text)
		}
		for line := range strings.SplitSeq(got.Text, "\n") {
			if line != "…" && !strings.Contains(log.Text, line) {
				t.Fatalf("%q is not of the log", line)
			}
		}
	})
}
