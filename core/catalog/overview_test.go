package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
)

// overview makes one of versions such as "1.6.5: 14 15 16arm" with a * for those that were yanked.
func overview(t *testing.T, shown string, versions ...string) *Overview {
	t.Helper()
	o := &Overview{}
	for _, text := range versions {
		name, builds, _ := strings.Cut(text, ":")
		number, yanked := strings.CutSuffix(name, "*")
		version, err := extension.ParseVersion(number)
		if err != nil {
			t.Fatal(err)
		}
		r := extension.Release{Project: "p", Version: version}
		if yanked {
			r.Yank = &extension.Yank{}
		}
		for b := range strings.FieldsSeq(builds) {
			a := extension.Artefact{Platform: extension.LinuxAMD64}
			if b, ok := strings.CutSuffix(b, "arm"); ok {
				a.Platform = extension.LinuxARM64
				_, err = fmt.Sscan(b, &a.Postgres)
			} else {
				_, err = fmt.Sscan(b, &a.Postgres)
			}
			if err != nil {
				t.Fatal(err)
			}
			r.Artefacts = append(r.Artefacts, a)
		}
		o.Releases = append(o.Releases, r)
	}
	if err := (&Service{}).choose(t.Context(), o, shown); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPairs(t *testing.T) {
	versions := []string{"1.6.3: 14 15 18arm 13", "1.6.4: 14 15 18 18arm", "1.6.5: 14 15 16 17 18 15arm 16arm 17arm", "1.7.0-rc.1: 17 18arm 19", "1.6.6*: 18 18arm 20"}
	arms := []string{"1.0: 15arm 16arm"}
	const amd, arm = extension.LinuxAMD64, extension.LinuxARM64
	for _, c := range []struct {
		versions []string
		shown    string
		want     Build
		// got is the pair, then the version and the pair of what is nearest where there is no build.
		got string
	}{
		{versions, "", Build{}, "18 linux/amd64"},
		{versions, "", Build{Platform: arm}, "17 linux/arm64"},
		{versions, "", Build{Postgres: 15}, "15 linux/amd64"},
		{versions, "", Build{Postgres: 16, Platform: arm}, "16 linux/arm64 chosen"},
		{versions, "", Build{Postgres: 18, Platform: arm}, "18 linux/arm64 chosen, 1.6.4 18 linux/arm64 of the pair"},
		{versions, "", Build{Postgres: 14, Platform: arm}, "14 linux/arm64 chosen, 1.6.5 15 linux/arm64"},
		{versions, "", Build{Postgres: 19}, "19 linux/amd64, 1.7.0-rc.1 19 linux/amd64 of the pair"},
		{versions, "", Build{Postgres: 20}, "20 linux/amd64, 1.6.5 18 linux/amd64"},
		{versions, "", Build{Postgres: 12}, "12 linux/amd64, 1.6.5 14 linux/amd64"},
		{versions, "", Build{Platform: extension.LinuxS390X}, "18 linux/s390x, 1.6.5 18 linux/amd64"},
		{versions, "1.6.4", Build{}, "18 linux/amd64"},
		{versions, "1.6.4", Build{Postgres: 17}, "17 linux/amd64, 1.6.5 17 linux/amd64 of the pair"},
		{versions, "1.6.6", Build{}, "20 linux/amd64"},
		{arms, "", Build{}, "16 linux/arm64"},
		{arms, "", Build{Postgres: 15}, "15 linux/arm64"},
		{arms, "", Build{Postgres: 15, Platform: amd}, "15 linux/amd64 chosen, 1.0 15 linux/arm64"},
		{arms, "", Build{Postgres: 17}, "17 linux/amd64, 1.0 16 linux/arm64"},
		{arms, "", Build{Platform: amd}, "16 linux/amd64, 1.0 16 linux/arm64"},
		{[]string{"1.0:"}, "", Build{}, "0 linux/amd64"},
	} {
		o := overview(t, c.shown, c.versions...)
		o.pair(c.want)
		got := fmt.Sprint(o.Postgres, " ", o.Platform)
		if o.Chosen {
			got += " chosen"
		}
		if n := o.Nearest; n != nil {
			got += fmt.Sprint(", ", n.Release.Version, " ", n.Artefact.Postgres, " ", n.Artefact.Platform)
			if n.SamePair {
				got += " of the pair"
			}
		}
		if got != c.got || o.Build != nil && (o.Nearest != nil || o.Build.Postgres != o.Postgres || o.Build.Platform != o.Platform) {
			t.Errorf("%v %q %+v: got %q, want %q", c.versions, c.shown, c.want, got, c.got)
		}
	}
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		versions      []string
		shown, latest string
	}{
		{[]string{"1.0:", "2.0:", "3.0-beta:"}, "2.0", "2.0"},
		{[]string{"1.0:", "2.0*:"}, "1.0", "1.0"},
		{[]string{"1.0*:", "2.0*:"}, "2.0", ""},
		{[]string{"1.0-a:", "1.0-b:"}, "1.0-b", "1.0-b"},
	} {
		o := overview(t, "", c.versions...)
		latest := ""
		if o.Latest != nil {
			latest = o.Latest.Version.String()
		}
		if o.Shown.Version.String() != c.shown || latest != c.latest {
			t.Errorf("%v: shown %s, latest %q", c.versions, o.Shown.Version, latest)
		}
	}
}

func TestTable(t *testing.T) {
	o := overview(t, "", "1.6.4: 14 18 18arm", "1.6.5: 14 15 15arm", "1.7.0-rc.1: 15 19", "1.6.6*: 20 15")
	o.table()
	if !slices.Equal(o.Majors, []int{14, 15, 18, 19}) || !slices.Equal(o.Platforms, []extension.Platform{extension.LinuxAMD64, extension.LinuxARM64}) {
		t.Errorf("majors %v, platforms %v", o.Majors, o.Platforms)
	}
	got := map[string]string{}
	for pair, r := range o.Builds {
		got[fmt.Sprint(pair.Postgres, pair.Platform)] = r.Version.String()
	}
	want := map[string]string{
		"14linux/amd64": "1.6.5", "15linux/amd64": "1.6.5", "15linux/arm64": "1.6.5", "18linux/amd64": "1.6.4", "18linux/arm64": "1.6.4", "19linux/amd64": "1.7.0-rc.1",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v", got)
	}
}
