package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Every line of the data says something, and no term that it means itself.
func TestSynonymData(t *testing.T) {
	lines := 0
	for line := range strings.Lines(synonymLines) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		if strings.ToLower(line) != line {
			t.Errorf("%q: not in lower case", line)
		}
		if strings.Count(line, ">") > 1 || strings.Contains(line, ">") && strings.Contains(line, "~") || !strings.ContainsAny(line, "~>") {
			t.Errorf("%q: neither one way nor both", line)
			continue
		}
		left, right, oneWay := strings.Cut(line, ">")
		written := strings.Split(left, "~")
		if oneWay {
			written = append(strings.Split(left, ","), strings.Split(right, ",")...)
		}
		for _, term := range written {
			if words := split(term); len(words) == 0 || len(words) > maxWords {
				t.Errorf("%q: %q is no term", line, term)
			}
		}
		parsed := parseSynonyms(line)
		if len(parsed) == 0 {
			t.Errorf("%q says nothing", line)
		}
		for _, s := range parsed {
			if len(s.from) == 0 || len(s.to) == 0 {
				t.Errorf("%q: %q means %q", line, s.from, s.to)
			}
			for _, to := range s.to {
				// "A > A and B" asks for both, and costs nothing; "A ~ A" is a slip of the pen.
				if slices.Equal(s.from, to) && !oneWay || len(to) == 0 {
					t.Errorf("%q: %q means %q", line, s.from, to)
				}
			}
		}
	}
	if len(synonyms()) < lines || lines < 100 {
		t.Errorf("%d lines give %d synonyms", lines, len(synonyms()))
	}
	words := synonymWords()
	if !slices.IsSorted(words) || slices.Contains(words, "") || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("the words are %q", words)
	}
}

func TestParseSynonyms(t *testing.T) {
	got := parseSynonyms("# said\n\na ~ b c ~ D\n x, y-z > p, q r\n")
	var lines []string
	for _, s := range got {
		lines = append(lines, strings.Join(s.from, " ")+" > "+strings.Join(joined(s.to), ", "))
	}
	want := []string{"a > b c, d", "b c > a, d", "d > a, b c", "x > p, q r", "y z > p, q r"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestQuietWords(t *testing.T) {
	for _, word := range []string{"how", "postgres", "extension", "the"} {
		if !quiet()[word] {
			t.Errorf("%q says much", word)
		}
	}
	for word := range quiet() {
		if words := split(word); len(words) != 1 || words[0] != word || strings.ToLower(word) != word {
			t.Errorf("%q is not a word of a question", word)
		}
	}
}

func TestSlip(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"vector", "vectr"}:   true,
		{"vector", "vvector"}: true,
		{"vector", "vectors"}: true,
		{"vector", "bector"}:  true,
		{"vector", "vecotr"}:  true,
		{"vector", "evctor"}:  true,
		{"vector", "vectro"}:  true,
		{"größe", "grösse"}:   false,
		{"größe", "grösze"}:   false,
		{"größe", "größ"}:     true,
		{"größe", "grüße"}:    true,
		{"vector", "vector"}:  false,
		{"vector", "vctro"}:   false,
		{"vector", "rotcev"}:  false,
		{"vector", "vetcro"}:  false,
		{"vector", "vec"}:     false,
		{"ab", "ba"}:          true,
		{"abc", "cba"}:        false,
		{"", "a"}:             true,
		{"", ""}:              false,
	} {
		if slip(pair[0], pair[1]) != want || slip(pair[1], pair[0]) != want {
			t.Errorf("%q: %t and %t, want %t", pair, slip(pair[0], pair[1]), slip(pair[1], pair[0]), want)
		}
	}
}

// distance is the optimal string alignment distance, by the textbook.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+boolean(a[i-1] != b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// A slip is what is at a distance of one, whichever word comes first.
func TestSlipIsDistanceOne(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("abé")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if want := distance([]rune(a), []rune(b)) == 1; slip(a, b) != want || slip(b, a) != want {
			t.Errorf("%q and %q: %t and %t, want %t", a, b, slip(a, b), slip(b, a), want)
		}
	})
}

// Every single edit is a slip.
func TestEveryEditIsASlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringN(1, 20, -1).Draw(t, "word"))
		at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		letter := rapid.Rune().Draw(t, "letter")
		edits := map[string][]rune{
			"more":  slices.Insert(slices.Clone(word), at, letter),
			"less":  slices.Delete(slices.Clone(word), at, at+1),
			"other": slices.Replace(slices.Clone(word), at, at+1, letter),
		}
		if at > 0 {
			swapped := slices.Clone(word)
			swapped[at-1], swapped[at] = swapped[at], swapped[at-1]
			edits["swapped"] = swapped
		}
		for name, edit := range edits {
			if same := slices.Equal(word, edit); slip(string(word), string(edit)) == same || slip(string(edit), string(word)) == same {
				t.Errorf("%s: %q and %q (%d runes)", name, string(word), string(edit), utf8.RuneCountInString(string(edit)))
			}
		}
	})
}
