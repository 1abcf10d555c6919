package install_test

import (
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/install"
)

func version(t *testing.T, s string) extension.Version {
	t.Helper()
	v, err := extension.ParseVersion(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func build(t *testing.T, manifestVersion int, files ...string) install.Build {
	t.Helper()
	b := install.Build{
		Release:  extension.Release{Project: "pg_cron", Version: version(t, "1.6.5")},
		Artefact: extension.Artefact{Postgres: 17, Platform: extension.LinuxAMD64, SHA256: strings.Repeat("9f", 32)},
		Registry: "https://registry.example.org", Download: "https://registry.example.org/x/pg_cron-1.6.5-pg17-linux-amd64.tar.gz",
		Report: &extension.Report{Manifest: extension.Manifest{ManifestVersion: manifestVersion}},
	}
	for _, f := range files {
		path, kind := f, ""
		if i := strings.LastIndexByte(f, ' '); i >= 0 {
			path, kind = f[:i], f[i+1:]
		}
		b.Report.Files = append(b.Report.Files, extension.ReportFile{Path: path, Type: extension.FileType(kind)})
	}
	return b
}

func TestCommands(t *testing.T) {
	b := build(t, 2, "extension/pg_cron.control control-file", "extension/pg_cron--1.6.sql sql-file", "licenses/LICENSE license-file", "manifest.json",
		"pg_cron.so shared-object", "bitcode/pg_cron/a.bc bitcode", "bitcode/pg_cron.index.bc bitcode", "README.md")
	for got, want := range map[string]string{
		b.Trunk(): "trunk install pg_cron --version 1.6.5 --pg-version 17 --registry https://registry.example.org",
		b.Curl(): `curl -fsSLo pg_cron.tar.gz \
https://registry.example.org/x/pg_cron-1.6.5-pg17-linux-amd64.tar.gz \
  && echo '` + b.Artefact.SHA256 + `  pg_cron.tar.gz' | sha256sum -c - \
  && tar -xozf pg_cron.tar.gz -C "$(pg_config --sharedir)" -- extension \
  && tar -xozf pg_cron.tar.gz -C "$(pg_config --pkglibdir)" -- pg_cron.so bitcode`,
		b.Dockerfile(): `ADD --checksum=sha256:` + b.Artefact.SHA256 + ` \
https://registry.example.org/x/pg_cron-1.6.5-pg17-linux-amd64.tar.gz \
/tmp/pg_cron.tar.gz
RUN tar -xozf /tmp/pg_cron.tar.gz -C "$(pg_config --sharedir)" -- extension \
  && tar -xozf /tmp/pg_cron.tar.gz -C "$(pg_config --pkglibdir)" -- pg_cron.so bitcode \
  && rm /tmp/pg_cron.tar.gz`,
	} {
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	b.Artefact.Platform = extension.LinuxARM64
	if got := b.Trunk(); !strings.HasSuffix(got, "--registry https://registry.example.org/platform/linux-arm64") {
		t.Errorf("on arm64: %s", got)
	}
	b.Report = nil
	if got := b.Curl(); strings.Contains(got, "tar -x") || !strings.Contains(got, "sha256sum") || b.Dockerfile() != "" {
		t.Errorf("of an archive that nobody looked into: %s", got)
	}
}

// What is not listed is not unpacked, wherever it lies.
func TestUnpacking(t *testing.T) {
	names := func(b install.Build) (lines []string) {
		for line := range strings.Lines(b.Curl()) {
			if _, rest, ok := strings.Cut(line, "-xozf pg_cron.tar.gz -C "); ok {
				lines = append(lines, strings.TrimRight(rest, " \\\n"))
			}
		}
		return lines
	}
	for _, c := range []struct {
		build install.Build
		want  string
	}{
		{
			build(t, 1, "a.control control-file", "a--1.sql sql-file", "a.so shared-object", "manifest.json", "tsearch_data/x.stop extra"),
			`"$(pg_config --sharedir)" -- tsearch_data|"$(pg_config --sharedir)/extension" -- a.control a--1.sql|"$(pg_config --pkglibdir)" -- a.so`,
		},
		{
			build(t, 2, "extension/a.control control-file", "extension/notes.txt", "extension/sub/a.sql sql-file", "extension/sub/b.sql sql-file"),
			`"$(pg_config --sharedir)" -- extension/a.control extension/sub`,
		},
		{
			build(t, 2, "it's here/x.so shared-object", "-v.so shared-object", "it's here/y.control control-file"),
			`"$(pg_config --sharedir)" -- 'it'\''s here/y.control'|"$(pg_config --pkglibdir)" -- 'it'\''s here/x.so' -v.so`,
		},
	} {
		if got := strings.Join(names(c.build), "|"); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
	var scattered []string
	for i := range 70 {
		scattered = append(scattered, "d"+strings.Repeat("x", i)+".so shared-object")
	}
	if b := build(t, 2, scattered...); b.Dockerfile() != "" || names(b) != nil {
		t.Error("a command of 70 names")
	}
}

func TestCreate(t *testing.T) {
	e := func(name, control string, needs ...string) extension.ReleasedExtension {
		return extension.ReleasedExtension{Name: name, ControlFile: &control, Dependencies: needs}
	}
	for _, c := range []struct {
		extensions []extension.ReleasedExtension
		want       string
	}{
		{nil, ""},
		{[]extension.ReleasedExtension{{Name: "auth_delay"}}, ""},
		{[]extension.ReleasedExtension{e("vector", "default_version = '0.8.0'\n")}, "CREATE EXTENSION vector;"},
		{[]extension.ReleasedExtension{e("uuid-ossp", "")}, `CREATE EXTENSION "uuid-ossp";`},
		{[]extension.ReleasedExtension{e("Upper", ""), e("user", "")}, "CREATE EXTENSION \"Upper\";\nCREATE EXTENSION \"user\";"},
		{
			[]extension.ReleasedExtension{e("earthdistance", "requires = 'cube, plpgsql'\n", "cube", "plpgsql")},
			"CREATE EXTENSION IF NOT EXISTS cube;\nCREATE EXTENSION earthdistance;",
		},
		{
			[]extension.ReleasedExtension{e("a_topology", "requires = 'postgis'\n"), e("postgis", ""), e("router", "requires = 'a_topology, postgis'\n", "x-y")},
			"CREATE EXTENSION postgis;\nCREATE EXTENSION a_topology;\nCREATE EXTENSION IF NOT EXISTS \"x-y\";\nCREATE EXTENSION router;",
		},
		{[]extension.ReleasedExtension{e("a", "requires = 'b'\n"), e("b", "requires = 'a'\n")}, "CREATE EXTENSION b;\nCREATE EXTENSION a;"},
	} {
		if got := install.Create(extension.Release{Extensions: c.extensions}); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
	for name, want := range map[string]string{"pg_cron": "pg_cron", "a-b": `"a-b"`, `a"b`: `"a""b"`, "select": `"select"`, "1a": `"1a"`, "ä": `"ä"`} {
		if got := install.QuoteIdentifier(name); got != want {
			t.Errorf("%s is written %s", name, got)
		}
	}
}

func TestConfigure(t *testing.T) {
	value := func(s string) *string { return &s }
	release := extension.Release{
		Libraries: []extension.LoadableLibrary{
			{Name: "last", RequiresRestart: true, Priority: extension.DefaultPriority},
			{Name: "pg_stat", RequiresRestart: true, Priority: 2},
			{Name: "first", RequiresRestart: true, Priority: -1},
			{Name: "sometimes", Priority: 1},
			{Name: "evil'\nx", RequiresRestart: true},
			{Name: "first", RequiresRestart: true, Priority: 9},
		},
		Configurations: []extension.Configuration{
			{Name: "cron.host", Default: value("")},
			{Name: "cron.database_name", Required: true, Default: value("'postgres'")},
			{Name: "x.path", Required: true, Default: value("it's\\here\nfsync = off")},
			{Name: "x.choose", Required: true},
			{Name: "x.may"},
			{Name: "x.size", Default: value("128MB")},
			{Name: "evil = 1\nfsync", Required: true, Default: value("off")},
		},
	}
	want := install.Settings{Effect: install.Restart, Preload: true, Text: `shared_preload_libraries = 'first,pg_stat,last'   # add to what is there
session_preload_libraries = 'sometimes'   # add to what is there
cron.database_name = 'postgres'   # required
x.path = 'it''s\\here\nfsync = off'   # required
#x.choose =   # required: choose a value
#cron.host = ''   # optional
#x.may =   # optional
#x.size = 128MB   # optional`}
	if got := install.Configure(release); got != want {
		t.Errorf("got %+v", got)
	}
	if got := install.Configure(extension.Release{}); got != (install.Settings{}) {
		t.Errorf("for nothing: %+v", got)
	}
	release.Libraries = release.Libraries[3:4]
	if got := install.Configure(release); got.Effect != install.Reload || !strings.HasPrefix(got.Text, "session_preload") {
		t.Errorf("without a restart: %+v", got)
	}
}
