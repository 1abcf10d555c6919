package extension_test

import (
	"strings"
	"testing"

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
