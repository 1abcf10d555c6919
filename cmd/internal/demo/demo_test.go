package demo

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
)

// Every archive is one that the registry takes, agrees with what is said of it, and is the same each time.
func TestArchives(t *testing.T) {
	all, err := projects()
	if err != nil {
		t.Fatal(err)
	}
	settings := 0
	for _, p := range all {
		settings += len(p.Settings)
	}
	if settings != 5 {
		t.Errorf("%d settings", settings)
	}
	if len(all) != 228 {
		t.Errorf("%d projects", len(all))
	}
	builds, names := 0, map[string]bool{}
	for _, p := range all {
		for _, b := range p.builds() {
			builds++
			archive, err := b.archive()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := b.archive(); err != nil || !bytes.Equal(archive, again) {
				t.Errorf("%s %s differs the second time: %v", b.Name, b.Version, err)
			}
			report, err := extension.Inspect(bytes.NewReader(archive), extension.DefaultLimits())
			if err != nil {
				t.Errorf("%s %s: %v", b.Name, b.Version, err)
				continue
			}
			name, version := extension.ProjectName(b.Name), must(t)(extension.ParseVersion(b.Version))
			if err := report.Agree(extension.Metadata{Name: name, Version: version}); err != nil {
				t.Errorf("%s %s: %v", b.Name, b.Version, err)
			}
			if report.Readme == nil || len(report.Extensions) != len(b.extensions()) || report.Postgres != b.postgres {
				t.Errorf("%s %s: the report is %+v", b.Name, b.Version, report)
			}
			if report.ChangeLog == nil {
				t.Errorf("%s %s has no change log", b.Name, b.Version)
			} else if changes, ok := report.ChangeLog.Between(extension.Version{}, version); !ok || !strings.HasPrefix(changes.Text, "## "+b.Version) {
				t.Errorf("%s %s: its changes are %q", b.Name, b.Version, changes.Text)
			}
			for _, e := range report.Extensions {
				names[e.Name] = true
			}
		}
	}
	if builds < 1500 || !names["vector"] || !names["uuid-ossp"] || !names["postgis_topology"] {
		t.Errorf("%d builds of %d extensions", builds, len(names))
	}
}

func must(t *testing.T) func(extension.Version, error) extension.Version {
	t.Helper()
	return func(v extension.Version, err error) extension.Version {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestEarlierVersions(t *testing.T) {
	for version, want := range map[string][]string{
		"1.6.5": {"1.6.3", "1.6.4"}, "0.8.0": {"0.6.0", "0.7.0"}, "1.0.0": nil, "16.1": {"15.0", "16.0"},
		"0.0.1": nil, "0.0.2": {"0.0.1"}, "2.0.0-beta": nil, "1.1.0": {"1.0.0"},
	} {
		if got := earlier(version); !slices.Equal(got, want) {
			t.Errorf("before %s: %q, want %q", version, got, want)
		}
	}
}
