package extension_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

func TestParseProjectName(t *testing.T) {
	for name, code := range map[string]fault.Code{
		"pgmq": "", "PG_Trgm2": "", "a": "", strings.Repeat("a", 64): "",
		"": fault.NameInvalid, "1a": fault.NameInvalid, "_a": fault.NameInvalid, "a-b": fault.NameInvalid, "a.b": fault.NameInvalid,
		"a b": fault.NameInvalid, "ä": fault.NameInvalid, "a\n": fault.NameInvalid, strings.Repeat("a", 65): fault.NameInvalid, "../a": fault.NameInvalid,
		"all": fault.NameReserved, "New": fault.NameReserved, "libraries": fault.NameReserved, "detail": fault.NameReserved,
		"details": fault.NameReserved, "LATEST": fault.NameReserved,
	} {
		if _, err := extension.ParseProjectName(name); fault.CodeOf(err) != code {
			t.Errorf("%q: got %v, want %q", name, err, code)
		}
	}
	if extension.FoldName("PG-Trgm") != extension.FoldName("pg_trgm") {
		t.Error("names that differ in case and hyphens have to be one")
	}
}

func TestParseExtensionName(t *testing.T) {
	for name, ok := range map[string]bool{
		"uuid-ossp": true, "vector": true, "pg_stat_statements": true, "2": true, "a.b": true, strings.Repeat("a", 63): true,
		"": false, "-a": false, "a-": false, "a--b": false, "a/b": false, `a\b`: false, "a b": false, "é": false, strings.Repeat("a", 64): false,
	} {
		if _, err := extension.ParseExtensionName(name); (err == nil) != ok {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestPlatforms(t *testing.T) {
	for _, p := range extension.Platforms() {
		bySlug, err := extension.ParsePlatform(p.Slug())
		if err != nil || bySlug != p {
			t.Errorf("%s: %v, %v", p, bySlug, err)
		}
		byManifest, err := extension.PlatformOf("linux", p.Architecture(), 2)
		if err != nil || byManifest != p {
			t.Errorf("%s: %v, %v", p, byManifest, err)
		}
	}
	for _, s := range []string{"", "linux", "linux/sparc", "windows/amd64", "linux-amd64-v2", "Linux/amd64"} {
		if _, err := extension.ParsePlatform(s); fault.CodeOf(err) != fault.PlatformUnknown {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestResembles(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"pgvector", "pgvector", true},
		{"pgvector", "PG_Vector", true},
		{"pgvector", "pgvectr", true},
		{"pgvector", "pgvectors", true},
		{"pgvector", "pgvextor", true},
		{"pgvector", "pgvetcor", true},
		{"pgvector", "pgvect0r", true},
		{"postgis", "p0stg1s", true},
		{"postgis", "p0stg15", false},
		{"plpgsql", "p1pgsq1", true},
		{"pg_hint_plan15", "pg_hint_plan16", true},
		{"pgvector", "vector", false},
		{"pgvector", "pgvectorscale", false},
		{"hll", "h3", false},
		{"hll", "hlm", false},
		{"cube", "cubes", false},
		{"h_ll", "hll", true},
		{"timescaledb", "timescaledb_toolkit", false},
	} {
		if got := extension.Resembles(c.a, c.b); got != c.want || extension.Resembles(c.b, c.a) != c.want {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// Names that resemble each other share a key, which is how a database finds them.
func TestNameKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z0-9_]{0,20}`)
		a := name.Draw(t, "a")
		b := []byte(a)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "edit") {
		case 0:
			b = slices.Delete(b, i, i+1)
		case 1:
			b = slices.Insert(b, i, 'x')
		case 2:
			b[i] = 'x'
		default:
			b[i], b[(i+1)%len(b)] = b[(i+1)%len(b)], b[i]
		}
		shared := slices.ContainsFunc(extension.NameKeys(a), func(key string) bool { return slices.Contains(extension.NameKeys(string(b)), key) })
		if extension.Resembles(a, string(b)) && !shared {
			t.Fatalf("%s and %s resemble each other and share no key", a, b)
		}
	})
}
