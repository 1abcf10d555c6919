package extension_test

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

func version(t testing.TB, s string) extension.Version {
	t.Helper()
	v, err := extension.ParseVersion(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The order of SemVer 2 with its own examples, and PostgreSQL's versions among them.
func TestVersionsAreOrdered(t *testing.T) {
	ordered := []string{
		"0.0.1", "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-beta.11-x",
		"1.0.0-rc.1", "1", "1.0", "1.0.0", "1.0.0+build", "1.0.0+build.2", "1.0.0.1", "1.0.1-0", "1.0.1-00", "1.0.1-1", "1.0.1-1a", "1.0.1", "1.2", "1.10", "2.1",
		"16.1", "17.1", "2024.1", "123456789012.0.0", "1234567890123",
	}
	for i, a := range ordered {
		for j, b := range ordered {
			v, w := version(t, a), version(t, b)
			want := cmp.Compare(i, j)
			if got := v.Compare(w); got != want {
				t.Errorf("%s against %s: %d, want %d", a, b, got, want)
			}
			if got := bytes.Compare(v.SortKey(), w.SortKey()); got != want {
				t.Errorf("the sort keys of %s and %s: %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestParseVersionRefuses(t *testing.T) {
	for _, s := range []string{
		"", ".", "1.", ".1", "1..2", "v1.0", "1.0-", "1.0+", "1.0-a..b", "1.0-a_b", "1.0 ", " 1.0", "1.0\n", "1,0", "latest", "1.0.0.0.0.0.0",
		strings.Repeat("1", 65), "1.0-é", "../1", "1/2", "١.٠",
	} {
		if _, err := extension.ParseVersion(s); fault.CodeOf(err) != fault.VersionInvalid {
			t.Errorf("%q: got %v", s, err)
		}
	}
}

var anyVersion = rapid.Custom(func(t *rapid.T) extension.Version {
	text := rapid.StringMatching(`[0-9]{1,4}(\.[0-9]{1,3}){0,4}(-[0-9a-zA-Z-]{1,3}(\.[0-9a-z]{1,3}){0,2})?(\+[0-9a-z]{1,3})?`).Draw(t, "version")
	v, err := extension.ParseVersion(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
})

func TestOrderOfVersionsIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyVersion.Draw(t, "a"), anyVersion.Draw(t, "b"), anyVersion.Draw(t, "c")
		if a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%s and %s are not antisymmetric", a, b)
		}
		if (a.Compare(b) == 0) != (a.String() == b.String()) {
			t.Fatalf("%s and %s are equal and differ", a, b)
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%s, %s, %s are not transitive", a, b, c)
		}
		if bytes.Compare(a.SortKey(), b.SortKey()) != a.Compare(b) {
			t.Fatalf("the sort keys of %s and %s order them otherwise", a, b)
		}
	})
}

// Whatever is published, a published client that is given the list takes the version that we call the latest.
func TestClientsTakeTheLatestOfTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := rapid.SliceOfNDistinct(anyVersion, 0, 8, extension.Version.String).Draw(t, "versions")
		slices.SortFunc(versions, extension.Version.Compare)
		releases := make([]extension.Release, len(versions))
		for i, v := range versions {
			releases[i] = extension.Release{Version: v, Yank: yanked(rapid.Bool().Draw(t, "yanked"))}
		}
		latest, ok := extension.Latest(releases)
		list := extension.ClientList(releases)
		if !ok {
			if len(list) > 0 {
				t.Fatalf("there is no latest, but a list %v", list)
			}
			return
		}
		taken := list[0]
		for _, r := range list[1:] {
			if extension.ClientCompare(r.Version.String(), taken.Version.String()) >= 0 {
				taken = r
			}
		}
		if taken.Version != latest.Version {
			t.Fatalf("clients take %s of %v, the latest is %s", taken.Version, list, latest.Version)
		}
		for _, r := range releases {
			listed := slices.ContainsFunc(list, func(l extension.Release) bool { return l.Version == r.Version })
			if extension.ClientCompare(r.Version.String(), latest.Version.String()) < 0 && !listed {
				t.Fatalf("%s is older to clients and missing in the list", r.Version)
			}
		}
	})
}

func TestLatest(t *testing.T) {
	for name, c := range map[string]struct{ versions, latest, list string }{
		"a pre-release beside a release": {"1.0.0-beta.1 1.0.0", "1.0.0", "1.0.0"},
		"a newer pre-release":            {"0.9.0 1.0.0 2.0.0-rc.1", "1.0.0", "0.9.0 1.0.0"},
		"only pre-releases":              {"1.0.0-a 1.0.0-b", "1.0.0-b", "1.0.0-a 1.0.0-b"},
		"the newest yanked":              {"1.0 2.0! 1.5", "1.5", "1.0 1.5"},
		"an old one yanked":              {"1.0! 2.0", "2.0", "1.0! 2.0"},
		"all yanked":                     {"1.0! 2.0!", "", ""},
		"a number too large for clients": {"1.0.0 123456789012.0.0", "123456789012.0.0", "123456789012.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			var releases []extension.Release
			for word := range strings.FieldsSeq(c.versions) {
				text, isYanked := strings.CutSuffix(word, "!")
				releases = append(releases, extension.Release{Version: version(t, text), Yank: yanked(isYanked)})
			}
			slices.SortFunc(releases, func(a, b extension.Release) int { return a.Version.Compare(b.Version) })
			if latest, _ := extension.Latest(releases); latest.Version.String() != c.latest {
				t.Errorf("the latest is %s, want %s", latest.Version, c.latest)
			}
			var list []string
			for _, r := range extension.ClientList(releases) {
				word := r.Version.String()
				if r.Yanked() {
					word += "!"
				}
				list = append(list, word)
			}
			if got := strings.Join(list, " "); got != c.list {
				t.Errorf("the list is %q, want %q", got, c.list)
			}
		})
	}
}

func yanked(is bool) *extension.Yank {
	if !is {
		return nil
	}
	return &extension.Yank{Reason: "a test"}
}
