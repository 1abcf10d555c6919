package extension_test

import (
	"bytes"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
)

func TestReadmeRank(t *testing.T) {
	best := []string{"README.md", "Readme.markdown", "readme.rst", "README.txt", "README", "doc/README.md", "a/b/readme"}
	last := -1
	for _, name := range best {
		rank, ok := extension.ReadmeRank(name)
		if !ok || rank <= last {
			t.Errorf("%s: %d, %t after %d", name, rank, ok, last)
		}
		last = rank
	}
	for _, name := range []string{"", "READM", "README.md.bak", "readme.sql", "not-readme.md", "readme.md/other", "README.so"} {
		if _, ok := extension.ReadmeRank(name); ok {
			t.Errorf("%s is taken for a README", name)
		}
	}
}

func TestNewReadme(t *testing.T) {
	for raw, want := range map[string]string{
		"# a\r\nb\rc\n": "# a\nb\nc\n",
		"\ufeffa\x00b":  "ab",
		"a\xffb":        "a\ufffdb",
		" \n\t":         "",
		"\x00":          "",
		"":              "",
		strings.Repeat("a", extension.ReadmeLimit):               strings.Repeat("a", extension.ReadmeLimit),
		strings.Repeat("a", extension.ReadmeLimit+1):             "",
		strings.Repeat("\xff ", extension.ReadmeLimit/2-1) + "a": "", // grows while it is repaired
	} {
		got, ok := extension.NewReadme("doc/README.md", []byte(raw))
		if got.Text != want || ok != (want != "") || ok && got.Name != "README.md" {
			t.Errorf("%.20q: got %.20q, %t", raw, got.Text, ok)
		}
	}
}

// The README nearest to the root is the project's.
func TestInspectFindsTheReadme(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  extension.Readme
	}{
		"none":           {nil, extension.Readme{}},
		"several":        {map[string]string{"licenses/README.md": "far", "README": "plain", "README.md": "good", "README.rst": "other"}, extension.Readme{Name: "README.md", Text: "good"}},
		"one below":      {map[string]string{"doc/README.md": "below"}, extension.Readme{Name: "README.md", Text: "below"}},
		"too long a one": {map[string]string{"README.md": strings.Repeat("a", extension.ReadmeLimit+1), "doc/README.md": "below"}, extension.Readme{Name: "README.md", Text: "below"}},
		"an empty one":   {map[string]string{"README.md": "", "README": "plain"}, extension.Readme{Name: "README", Text: "plain"}},
	} {
		build := archivetest.Build{Project: "p", Version: "1.0", Files: map[string]archivetest.File{}}
		for path, text := range c.files {
			build.Files[path] = archivetest.File{Data: []byte(text)}
		}
		report, err := extension.Inspect(bytes.NewReader(build.Archive()), extension.DefaultLimits())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.want.Text == "" && report.Readme == nil {
			continue
		}
		if report.Readme == nil || *report.Readme != c.want {
			t.Errorf("%s: got %.40v", name, report.Readme)
		}
	}
}
