package main_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"text/template"
)

// requireTrunk in the environment makes a missing command line an error: the gate sets it.
const requireTrunk = "TRUNK_COMPAT_REQUIRE"

// TestCompat publishes real extensions and installs them into a fresh PostgreSQL: with the published command line where
// it is installed, and always with a small client of the same wire form, which stands in for it elsewhere.
func TestCompat(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("archives are for Linux")
	}
	clients := []compatClient{newWireClient()}
	switch binary := findTrunk(t.Context()); {
	case binary != "":
		clients = append(clients, newTrunkCommand(t, binary))
	case os.Getenv(requireTrunk) != "":
		t.Fatal("the published command line is not installed: cargo install pg-trunk --locked")
	default:
		t.Log("the published command line (cargo install pg-trunk) is not installed; a client of the same wire form takes its place")
	}
	for _, client := range clients {
		t.Run(client.Name(), func(t *testing.T) { compatWith(t, client) })
	}
}

func compatWith(t *testing.T, client compatClient) {
	t.Helper()
	c := &compat{client: client, registry: startDev(t, filepath.Join(t.TempDir(), "data")), into: newCompatPostgres(t)}
	t.Run("a real extension", c.realExtension)
	t.Run("another real extension", c.anotherRealExtension)
	t.Run("one compiled here", c.compiledHere)
	t.Run("an install counts once", c.counted)
	t.Run("a dependency", c.dependency)
	t.Run("an old version, and a pre-release beside a release", c.versions)
	t.Run("a yanked version", c.yanked)
	t.Run("several majors in one publish", c.severalMajors)
	t.Run("PostgreSQL 18", c.postgres18)
	t.Run("another platform", c.otherPlatform)
	t.Run("a module that is only loaded", c.moduleOnly)
	t.Run("refused publishes", c.refused)
	t.Run("bytes that were changed in the store", c.tampered)
}

// compat is what all parts of the test share.
type compat struct {
	client   compatClient
	registry *dev
	into     compatPostgres
}

// publish sends archives and gives what a person would read.
func (c *compat) publish(t *testing.T, p compatPublication) string {
	t.Helper()
	if p.registry == "" {
		p.registry = c.registry.url
	}
	if p.token == "" {
		p.token = c.registry.token
	}
	output, err := c.client.Publish(t.Context(), p)
	if err != nil {
		t.Fatalf("publish %s %s: %v\n%s", p.project, p.version, err, output)
	}
	return output
}

func (c *compat) mustPublish(t *testing.T, p compatPublication) {
	t.Helper()
	output := c.publish(t, p)
	if want := fmt.Sprintf("Successfully published extension %s version %s", p.project, p.version); strings.Count(output, want) != len(p.archives) {
		t.Fatalf("publish %s %s says:\n%s\nwant %d times: %s", p.project, p.version, output, len(p.archives), want)
	}
}

func (c *compat) install(t *testing.T, project string, change func(*compatInstallation)) (string, error) {
	t.Helper()
	i := compatInstallation{registry: c.registry.url, project: project, into: c.into}
	if change != nil {
		change(&i)
	}
	return c.client.Install(t.Context(), i)
}

func (c *compat) mustInstall(t *testing.T, project string, change func(*compatInstallation)) {
	t.Helper()
	if output, err := c.install(t, project, change); err != nil {
		t.Fatalf("install %s: %v\n%s", project, err, output)
	}
}

func (c *compat) wantAnswer(t *testing.T, extension, question, want string) {
	t.Helper()
	if got := c.into.ask(t, extension, question); got != want {
		t.Errorf("%s gives %q, want %q", question, got, want)
	}
}

// manifest is one for this machine's PostgreSQL and architecture.
func (c *compat) manifest(project, version string) compatManifest {
	return compatManifest{
		Name: project, Version: version, ManifestVersion: 2, Sys: "linux", Architecture: hostArchitecture(), PgVersion: c.into.major,
	}
}

func one(archive []byte) []compatArchive { return []compatArchive{{bytes: archive}} }

// debian unpacks an extension of the distribution; contrib's stand in where there is no distribution to ask.
func (c *compat) debian(t *testing.T, name string) (compatSource, bool) {
	t.Helper()
	pkg := fmt.Sprintf("postgresql-%d-%s", c.into.major, name)
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		t.Logf("there is no apt-get here; an extension of contrib takes the place of %s", pkg)
		return compatSource{}, false
	}
	dir := t.TempDir()
	download := exec.CommandContext(t.Context(), apt, "download", "--quiet", "-o", "APT::Sandbox::User=", pkg)
	download.Dir = dir
	if out, err := download.CombinedOutput(); err != nil {
		t.Logf("%s cannot be downloaded; an extension of contrib takes its place: %v\n%s", pkg, err, out)
		return compatSource{}, false
	}
	debs, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil || len(debs) != 1 {
		t.Fatalf("the download holds %v, %v", debs, err)
	}
	root := filepath.Join(dir, "root")
	if out, err := exec.CommandContext(t.Context(), "dpkg-deb", "--extract", debs[0], root).CombinedOutput(); err != nil {
		t.Fatalf("unpack %s: %v\n%s", debs[0], err, out)
	}
	major := strconv.Itoa(c.into.major)
	source := readSource(t, root, "usr/share/postgresql/"+major, "usr/lib/postgresql/"+major+"/lib", nil)
	source.licenses = readTree(t, filepath.Join(root, "usr/share/doc", pkg), nil)
	return source, true
}

// contrib takes an extension from the machine's own PostgreSQL, out of the copy.
func (c *compat) contrib(t *testing.T, name string) compatSource {
	t.Helper()
	mine := func(file string) bool {
		return strings.HasPrefix(filepath.Base(file), name) && !strings.Contains(file, "bitcode")
	}
	source := readSource(t, "/", c.into.origin.share, c.into.origin.lib, mine)
	if len(source.lib) == 0 {
		t.Skipf("this PostgreSQL has no %s", name)
	}
	for _, dir := range []string{filepath.Join(c.into.sharedir, "extension"), c.into.pkglibdir} {
		found, err := filepath.Glob(filepath.Join(dir, name+"*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	return source
}

func (c *compat) realExtension(t *testing.T) {
	if source, ok := c.debian(t, "semver"); ok {
		c.publishAndAsk(t, "semver", source, "'1.10.0'::semver > '1.9.0'::semver", "true")
		return
	}
	c.publishAndAsk(t, "hstore", c.contrib(t, "hstore"), "'a=>1'::hstore -> 'a'", "1")
}

func (c *compat) anotherRealExtension(t *testing.T) {
	if source, ok := c.debian(t, "hll"); ok {
		c.publishAndAsk(t, "hll", source, "SELECT hll_cardinality(hll_add_agg(hll_hash_integer(i)))::int FROM generate_series(1, 10) AS i", "10")
		return
	}
	c.publishAndAsk(t, "pg_trgm", c.contrib(t, "pg_trgm"), "similarity('trunk', 'trunk')", "1")
}

// publishAndAsk takes an extension all the way: publish it with everything that can be said of it, install it, ask it.
func (c *compat) publishAndAsk(t *testing.T, name string, source compatSource, question, want string) {
	t.Helper()
	const version = "1.2.3"
	manifest := c.manifest(name, version)
	manifest.ExtensionName = &name
	value := "on"
	c.mustPublish(t, compatPublication{
		project: name, version: version, extension: name, archives: one(pack(t, source, manifest)),
		description: "A real one", documentation: "https://example.org/docs", homepage: "https://example.org", license: "PostgreSQL",
		repository: "https://example.org/git", categories: []string{"search", "featured"},
		configurations:     []compatConfiguration{{Name: name + ".x", Required: true, Default: &value}},
		libraries:          []compatLibrary{{Name: name, RequiresRestart: true, Priority: 3}},
		systemDependencies: map[string][]string{"apt": {"libc6"}},
	})
	c.mustInstall(t, name, nil)
	c.wantAnswer(t, name, question, want)
}

func (c *compat) compiledHere(t *testing.T) {
	builder, compiler := tool(t, "make"), tool(t, "cc")
	pgConfig := filepath.Join(c.into.origin.bin, "pg_config")
	headers, err := exec.CommandContext(t.Context(), pgConfig, "--includedir-server").Output()
	if err != nil {
		t.Skipf("this PostgreSQL has no pg_config: %v", err)
	}
	if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(headers)), "postgres.h")); err != nil {
		t.Skip("the headers of this PostgreSQL are not installed")
	}
	dir, root := t.TempDir(), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/compat/pgxs")); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), builder, "--silent", "PG_CONFIG="+pgConfig, "CC="+compiler, "with_llvm=no", "DESTDIR="+root, "install")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make: %v\n%s", err, out)
	}
	source := readSource(t, root, c.into.origin.share, c.into.origin.lib, nil)
	c.mustPublish(t, compatPublication{project: "compat_add", version: "1.0", archives: one(pack(t, source, c.manifest("compat_add", "1.0")))})
	c.mustInstall(t, "compat_add", nil)
	c.wantAnswer(t, "compat_add", "compat_add(2, 3)", "5")
}

// counted is an install, which is one download however the client goes about it.
func (c *compat) counted(t *testing.T) {
	const name = "compat_counted"
	c.sql(t, name, "1.0", "")
	c.mustInstall(t, name, nil)
	if used := c.usedSoFar(t, name); used.Downloads.Total != 1 || used.Installers.Total != 1 {
		t.Errorf("an install is %+v", used)
	}
	c.mustInstall(t, name, nil)
	if used := c.usedSoFar(t, name); used.Downloads.Total != 2 || used.Installers.Total != 1 {
		t.Errorf("another install is %+v", used)
	}
}

// compatUsage is what a project's statistics say.
type compatUsage struct {
	Downloads, Installers, Robots struct{ Total int }
}

// usedSoFar gives the statistics of a project with everything in them that has been downloaded: a robot comes last, and is
// waited for.
func (c *compat) usedSoFar(t *testing.T, project string) (used compatUsage) {
	t.Helper()
	address, client := c.registry.url+"/api/v1/trunk-projects/"+project, newWireClient()
	if err := client.getJSON(t.Context(), address+"/stats", &used); err != nil {
		t.Fatal(err)
	}
	robots := used.Robots.Total
	var versions []wireProject
	if err := client.getJSON(t.Context(), address, &versions); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, versions[0].Downloads[0].Link, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", "Googlebot/2.1")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	c.registry.await("counting", func() bool {
		if err := client.getJSON(t.Context(), address+"/stats", &used); err != nil {
			t.Fatal(err)
		}
		return used.Robots.Total > robots
	})
	return used
}

// sqlSource is an extension of SQL alone whose one function tells which version was installed.
func sqlSource(t *testing.T, name, version, requires string) compatSource {
	t.Helper()
	fill := func(file string) compatFile {
		var text bytes.Buffer
		err := template.Must(template.ParseFiles(filepath.Join("testdata/compat/sql", file))).Execute(&text, map[string]string{
			"Name": name, "Version": version, "Requires": requires,
		})
		if err != nil {
			t.Fatal(err)
		}
		return compatFile{mode: 0o644, data: text.Bytes()}
	}
	return compatSource{share: map[string]compatFile{
		"extension/" + name + ".control":              fill("extension.control"),
		"extension/" + name + "--" + version + ".sql": fill("extension.sql"),
	}}
}

// sql publishes an extension of SQL alone.
func (c *compat) sql(t *testing.T, name, version, requires string) {
	t.Helper()
	archive := pack(t, sqlSource(t, name, version, requires), c.manifest(name, version))
	c.mustPublish(t, compatPublication{project: name, version: version, archives: one(archive)})
}

func (c *compat) dependency(t *testing.T) {
	c.sql(t, "compat_base", "1.0", "")
	c.sql(t, "compat_needs", "1.0", "compat_base")
	if c.into.has("compat_base") {
		t.Fatal("the dependency is there already")
	}
	c.mustInstall(t, "compat_needs", nil)
	if !c.into.has("compat_base") {
		t.Error("the dependency was not installed")
	}
	c.wantAnswer(t, "compat_needs", "compat_base_version() || compat_needs_version()", "1.01.0")
}

func (c *compat) versions(t *testing.T) {
	for _, version := range []string{"1.0.0", "0.9.0", "1.0.0-beta.1"} {
		c.sql(t, "compat_versions", version, "")
	}
	c.mustInstall(t, "compat_versions", nil)
	c.wantAnswer(t, "compat_versions", "compat_versions_version()", "1.0.0")
	c.mustInstall(t, "compat_versions", func(i *compatInstallation) { i.version = "0.9.0" })
	c.wantAnswer(t, "compat_versions", "compat_versions_version()", "0.9.0")
}

// yanked versions are nobody's latest, and are installed by their number.
func (c *compat) yanked(t *testing.T) {
	for _, version := range []string{"1.0.0", "1.1.0"} {
		c.sql(t, "compat_yanked", version, "")
	}
	const path = "/api/v1/trunk-projects/compat_yanked/version/1.1.0/"
	if status, body := c.registry.post(path+"yank", c.registry.token, `{"reason": "a test", "replacement": "1.0.0"}`); status != http.StatusOK {
		t.Fatalf("yank: %d %s", status, body)
	}
	c.mustInstall(t, "compat_yanked", nil)
	c.wantAnswer(t, "compat_yanked", "compat_yanked_version()", "1.0.0")
	// The list cannot name it, or the command line would take it for the latest; it asks another way on this major only.
	if c.into.major == legacyMajor {
		c.mustInstall(t, "compat_yanked", func(i *compatInstallation) { i.version = "1.1.0" })
		c.wantAnswer(t, "compat_yanked", "compat_yanked_version()", "1.1.0")
	}
	if status, body := c.registry.post(path+"unyank", c.registry.token, ""); status != http.StatusOK {
		t.Fatalf("unyank: %d %s", status, body)
	}
	c.mustInstall(t, "compat_yanked", func(i *compatInstallation) { i.version = "1.0.0" })
	c.mustInstall(t, "compat_yanked", nil)
	c.wantAnswer(t, "compat_yanked", "compat_yanked_version()", "1.1.0")
}

func (c *compat) severalMajors(t *testing.T) {
	var archives []compatArchive
	for _, major := range []int{14, 15, 16, 17} {
		manifest := c.manifest("compat_majors", "2.0")
		manifest.PgVersion = major
		archives = append(archives, compatArchive{fmt.Sprintf("-pg%d", major), pack(t, sqlSource(t, "compat_majors", "2.0", ""), manifest)})
	}
	c.mustPublish(t, compatPublication{project: "compat_majors", version: "2.0", archives: archives})
	var projects []wireProject
	if err := newWireClient().getJSON(t.Context(), c.registry.url+"/api/v1/trunk-projects/compat_majors", &projects); err != nil {
		t.Fatal(err)
	}
	if len(projects) != 1 || len(projects[0].Downloads) != len(archives) || projects[0].Downloads[0].Postgres != 14 {
		t.Errorf("the registry lists %+v", projects)
	}
	c.mustInstall(t, "compat_majors", func(i *compatInstallation) { i.major = 16 })
}

func (c *compat) postgres18(t *testing.T) {
	manifest := c.manifest("compat_eighteen", "1.0")
	manifest.PgVersion = 18
	c.mustPublish(t, compatPublication{project: "compat_eighteen", version: "1.0", archives: one(pack(t, sqlSource(t, "compat_eighteen", "1.0", ""), manifest))})
	c.mustInstall(t, "compat_eighteen", func(i *compatInstallation) { i.major, i.places = 18, true })
	if !c.into.has("compat_eighteen") {
		t.Error("it was not installed")
	}
}

// otherPlatform publishes a version for two platforms. The command line takes the first build there is, so the address
// of the platform decides.
func (c *compat) otherPlatform(t *testing.T) {
	for _, architecture := range []string{"aarch64", "x86_64"} {
		manifest := c.manifest("compat_platforms", "1.0")
		manifest.Architecture = architecture
		c.mustPublish(t, compatPublication{project: "compat_platforms", version: "1.0", archives: one(pack(t, sqlSource(t, "compat_platforms", "1.0", ""), manifest))})
	}
	host, other := "linux-amd64", "linux-arm64"
	if runtime.GOARCH == "arm64" {
		host, other = other, host
	}
	output, err := c.install(t, "compat_platforms", func(i *compatInstallation) { i.registry += "/platform/" + other })
	if text := fmt.Sprint(output, err); !strings.Contains(text, "not compatible with your architecture") || c.into.has("compat_platforms") {
		t.Errorf("the build for another platform: %s", text)
	}
	c.mustInstall(t, "compat_platforms", func(i *compatInstallation) { i.registry += "/platform/" + host })
	c.wantAnswer(t, "compat_platforms", "compat_platforms_version()", "1.0")
	// Publishing works below it, too.
	archive := pack(t, sqlSource(t, "compat_below", "1.0", ""), c.manifest("compat_below", "1.0"))
	c.mustPublish(t, compatPublication{registry: c.registry.url + "/platform/" + host, project: "compat_below", version: "1.0", archives: one(archive)})
}

// moduleOnly has no control file.
func (c *compat) moduleOnly(t *testing.T) {
	source := c.contrib(t, "auth_delay")
	c.mustPublish(t, compatPublication{project: "auth_delay", version: "1.0", archives: one(pack(t, source, c.manifest("auth_delay", "1.0")))})
	c.mustInstall(t, "auth_delay", nil)
	if _, err := os.Stat(filepath.Join(c.into.pkglibdir, "auth_delay.so")); err != nil {
		t.Errorf("the module was not installed: %v", err)
	}
}

// refused publishes are told in a sentence, with a code, whatever the client makes of it.
func (c *compat) refused(t *testing.T) {
	good := pack(t, sqlSource(t, "compat_refused", "1.0", ""), c.manifest("compat_refused", "1.0"))
	c.mustPublish(t, compatPublication{project: "compat_refused", version: "1.0", archives: one(good)})
	for name, refusal := range map[string]struct {
		p    compatPublication
		says string
	}{
		"another version":   {compatPublication{project: "compat_refused", version: "1.1", archives: one(good)}, "[manifest_version_mismatch]"},
		"other bytes":       {compatPublication{project: "compat_refused", version: "1.0", archives: one(append(bytes.Clone(good[:9]), append([]byte{0}, good[10:]...)...))}, "[artefact_exists]"},
		"a token of no one": {compatPublication{project: "compat_refused", version: "1.0", token: "nonsense", archives: one(good)}, "[token_malformed]"},
		"half an archive":   {compatPublication{project: "compat_refused", version: "1.2", extension: "compat_refused", archives: one(half(t, c))}, "[archive_truncated]"},
	} {
		t.Run(name, func(t *testing.T) {
			if output := c.publish(t, refusal.p); !strings.Contains(output, refusal.says) || strings.Contains(output, "Successfully") {
				t.Errorf("the output is %q, want one with %s", output, refusal.says)
			}
		})
	}
}

// half is an archive whose manifest can be read and whose end is missing.
func half(t *testing.T, c *compat) []byte {
	t.Helper()
	whole := pack(t, sqlSource(t, "compat_refused", "1.2", ""), c.manifest("compat_refused", "1.2"))
	return whole[:len(whole)-8]
}

// tampered changes one byte of an archive where it is stored; the client finds out by its digest.
func (c *compat) tampered(t *testing.T) {
	archive := pack(t, sqlSource(t, "compat_tampered", "1.0", ""), c.manifest("compat_tampered", "1.0"))
	c.mustPublish(t, compatPublication{project: "compat_tampered", version: "1.0", archives: one(archive)})
	sum := sha256.Sum256(archive)
	object := filepath.Join(c.registry.dataDir, "s3", "objects", "trunk", "sha256", hex.EncodeToString(sum[:]))
	file, err := os.OpenFile(object, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte{archive[len(archive)/2] ^ 1}, int64(len(archive)/2)); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	output, err := c.install(t, "compat_tampered", nil)
	if text := fmt.Sprint(output, err); !strings.Contains(text, "SHA-256") || c.into.has("compat_tampered") {
		t.Errorf("the client took changed bytes: %s", text)
	}
}
