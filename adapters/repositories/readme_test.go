package repositories

import (
	"strings"
	"testing"
)

func TestPick(t *testing.T) {
	for names, want := range map[string]string{
		"":                                 "",
		"Makefile readme_logo.png":         "",
		"READMEFIRST.md doc.md":            "",
		"Makefile readme.MD":               "readme.MD",
		"README README.md README.rst":      "README.md",
		"README.fr.md README.md":           "README.md",
		"README.fr.md README.rst":          "README.rst",
		"README.pdf README":                "README",
		"README.pg_thing":                  "",
		"README.txt README.rst ReadMe.org": "README.rst",
		"Readme README":                    "README",
		"README.\u202emd README.txt":       "README.txt",
	} {
		if got, err := pick(strings.Fields(names)); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v", names, got, err)
		}
	}
}
