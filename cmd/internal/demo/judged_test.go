package demo

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// What search is judged by names projects that exist, asks nothing twice, and is enough to tell a better answer from luck.
func TestJudgedQuestions(t *testing.T) {
	all, err := projects()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range all {
		known[p.Name] = true
	}
	for file, least := range map[string]int{"judged.tsv": 90, "judged_typos.tsv": 70} {
		f, err := os.Open("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		asked := map[string]bool{}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "#") {
				continue
			}
			question, wanted, ok := strings.Cut(lines.Text(), "\t")
			if !ok || question == "" || asked[question] {
				t.Errorf("%s: %q is no question, or is asked twice", file, lines.Text())
			}
			asked[question] = true
			for name := range strings.SplitSeq(wanted, "|") {
				if !known[name] {
					t.Errorf("%s: %q wants %q, which is no project", file, question, name)
				}
			}
		}
		if err := lines.Err(); err != nil || len(asked) < least {
			t.Errorf("%s: %d questions, %v", file, len(asked), err)
		}
	}
}
