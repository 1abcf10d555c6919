package extension_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/fault"
)

// plain is an archive that is fine.
var plain = archivetest.Build{Project: "pgmq", Version: "0.5.0"}

func inspect(t testing.TB, archive []byte) (extension.Report, error) {
	t.Helper()
	return extension.Inspect(bytes.NewReader(archive), extension.DefaultLimits())
}

func mustInspect(t testing.TB, archive []byte) extension.Report {
	t.Helper()
	report, err := inspect(t, archive)
	if err != nil {
		t.Fatalf("inspect: %v", err)
	}
	return report
}

func with(files map[string]archivetest.File) archivetest.Build {
	b := plain
	b.Files = files
	return b
}

func saying(members map[string]any) archivetest.Build {
	b := plain
	b.Manifest = members
	return b
}

func shared(o archivetest.Object) map[string]archivetest.File {
	return map[string]archivetest.File{"pgmq.so": {Type: "shared-object", Data: o.Bytes()}}
}

func TestInspectReports(t *testing.T) {
	object := archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6", "libm.so.6"}, Versions: []string{"GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.9", "GLIBC_PRIVATE"}}.Bytes()
	build := archivetest.Build{
		Project: "pgvector", Version: "0.8.0", Extension: "vector",
		Control: "comment = 'it''s a vector' # really\ndefault_version '0.8.0'\nmodule_pathname = '$libdir/vector'\nrequires = 'Plpgsql, \"Odd Name\"'\ntrusted = yes\n",
		Files: map[string]archivetest.File{
			"vector.so":                           {Type: "shared-object", Data: object},
			"extension/vector--0.7.4--0.8.0.sql":  {Type: "sql-file", Data: []byte("-- up")},
			"extension/vector--0.8.0.sql":         {Type: "sql-file", Data: []byte("-- new")},
			"extension/vector--0.9.sql":           {Data: []byte("not installed")},
			"extension/vector--a--b--c.sql":       {Type: "sql-file", Data: []byte("no script")},
			"extension/vector--0.8.0.control":     {Type: "control-file", Data: []byte("schema = 'v'\n")},
			"extension/other.sql":                 {Type: "sql-file"},
			strings.Repeat("long/", 21) + "x.txt": {Type: "extra", Data: []byte("long")},
		},
		Manifest: map[string]any{"dependencies": map[string]any{"apt": []string{"libc6"}}},
	}
	report := mustInspect(t, build.Archive())
	if report.Postgres != 17 || report.Platform != extension.LinuxAMD64 {
		t.Errorf("built for %d on %s", report.Postgres, report.Platform)
	}
	if len(report.Extensions) != 1 {
		t.Fatalf("extensions: %+v", report.Extensions)
	}
	e := report.Extensions[0]
	if e.Name != "vector" || e.Control.DefaultVersion != "0.8.0" || e.Control.Comment != "it's a vector" || !e.Control.Trusted || !e.Control.Superuser {
		t.Errorf("control file: %+v", e)
	}
	if want := []string{"plpgsql", "Odd Name"}; !slices.Equal(e.Control.Requires, want) {
		t.Errorf("requires %q, want %q", e.Control.Requires, want)
	}
	if want := []string{"0.8.0", "1.0"}; !slices.Equal(e.InstallVersions, want) {
		t.Errorf("install versions %q, want %q", e.InstallVersions, want)
	}
	if want := []extension.UpdatePath{{From: "0.7.4", To: "0.8.0"}}; !slices.Equal(e.UpdatePaths, want) {
		t.Errorf("update paths %v, want %v", e.UpdatePaths, want)
	}
	if len(report.SharedObjects) != 1 {
		t.Fatalf("shared objects: %+v", report.SharedObjects)
	}
	o := report.SharedObjects[0]
	if o.Machine != "x86_64" || !slices.Equal(o.Needed, []string{"libc.so.6", "libm.so.6"}) || o.Glibc == nil || *o.Glibc != "2.34" || !slices.Equal(o.PostgresVersions, []int{17}) {
		t.Errorf("shared object: %+v", o)
	}
	var size int64
	for _, f := range report.Files {
		size += f.Size
		if f.Path == "vector.so" {
			if sum := sha256.Sum256(object); f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(object)) || f.Type != extension.FileShared {
				t.Errorf("file: %+v", f)
			}
		}
	}
	if size != report.UnpackedSize || len(report.Files) != 12 {
		t.Errorf("%d files of %d bytes, report says %d", len(report.Files), size, report.UnpackedSize)
	}
	raw, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var again extension.Report
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if second, _ := json.Marshal(again); !bytes.Equal(raw, second) {
		t.Errorf("a stored report changes:\n%s\n%s", raw, second)
	}
}

// The forms in which archives are found, all of them fine.
func TestInspectAccepts(t *testing.T) {
	t.Run("version 1 of the manifest", func(t *testing.T) {
		var tape archivetest.Tape
		tape.Add("old.control", []byte("default_version = '1.0'\ndirectory = 'old'\n"))
		tape.Add("old--1.0.sql", []byte("SELECT 1;"))
		tape.Add("manifest.json", []byte(`{"name":"old","version":"1.0","sys":"linux","files":{"old.control":{"type":"control-file"},"old--1.0.sql":{"type":"sql-file"}}}`))
		report := mustInspect(t, archivetest.Gzip(tape.End()))
		if report.Manifest.ManifestVersion != 1 || report.Postgres != 15 || report.Platform != extension.LinuxAMD64 || len(report.Extensions) != 1 ||
			!slices.Equal(report.Extensions[0].InstallVersions, []string{"1.0"}) {
			t.Errorf("%+v", report)
		}
	})
	t.Run("a module without a control file", func(t *testing.T) {
		var tape archivetest.Tape
		tape.Add("auth_delay.so", archivetest.Object{Postgres: 16}.Bytes())
		tape.Add("manifest.json", []byte(`{"name":"auth_delay","version":"1.0","manifest_version":2,"sys":"linux","architecture":"x86_64","pg_version":16,"files":{"auth_delay.so":{"type":"shared-object"}}}`))
		if report := mustInspect(t, archivetest.Gzip(tape.End())); len(report.Extensions) != 0 || report.Postgres != 16 {
			t.Errorf("%+v", report)
		}
	})
	t.Run("what archive/tar writes, with folders", func(t *testing.T) {
		for _, format := range []tar.Format{tar.FormatUSTAR, tar.FormatPAX, tar.FormatGNU} {
			var tape bytes.Buffer
			w := tar.NewWriter(&tape)
			write := func(h tar.Header, data string) {
				h.Format, h.Mode, h.Size = format, 0o755, int64(len(data))
				if err := w.WriteHeader(&h); err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(w, data); err != nil {
					t.Fatal(err)
				}
			}
			write(tar.Header{Typeflag: tar.TypeDir, Name: "extension/"}, "")
			write(tar.Header{Typeflag: tar.TypeReg, Name: strings.Repeat("deep/", 30) + "file"}, "deep")
			if format != tar.FormatUSTAR {
				write(tar.Header{Typeflag: tar.TypeReg, Name: "é"}, "")
			}
			write(tar.Header{Typeflag: tar.TypeReg, Name: "a.sql"}, "--")
			write(tar.Header{Typeflag: tar.TypeReg, Name: "manifest.json"}, `{"name":"a","version":"1","sys":"linux","files":{"a.sql":{"type":"sql-file"}}}`)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			mustInspect(t, archivetest.Gzip(tape.Bytes()))
		}
	})
	t.Run("zeros at the end", func(t *testing.T) {
		mustInspect(t, archivetest.Gzip(append(plain.Tape(), make([]byte, 20*512+7)...)))
	})
	t.Run("other architectures", func(t *testing.T) {
		for architecture, object := range map[string]archivetest.Object{
			"aarch64": {Machine: elf.EM_AARCH64, Postgres: 17}, "ppc64le": {Machine: elf.EM_PPC64, Postgres: 17},
			"s390x": {Machine: elf.EM_S390, Postgres: 17, BigEndian: true}, "riscv64": {Machine: elf.EM_RISCV, Postgres: 17},
		} {
			b := with(shared(object))
			b.Architecture = architecture
			if report := mustInspect(t, b.Archive()); report.Platform.Architecture() != architecture || !slices.Equal(report.SharedObjects[0].PostgresVersions, []int{17}) {
				t.Errorf("%s: %+v", architecture, report.SharedObjects)
			}
		}
	})
	t.Run("a large shared object", func(t *testing.T) {
		object := archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6"}, Versions: []string{"GLIBC_2.17"}, Padding: 20 << 20}
		report := mustInspect(t, with(shared(object)).Archive())
		if o := report.SharedObjects[0]; !slices.Equal(o.Needed, []string{"libc.so.6"}) || o.Glibc == nil || *o.Glibc != "2.17" {
			t.Errorf("%+v", o)
		}
	})
	t.Run("the magic block of each major", func(t *testing.T) {
		for major := 10; major < 30; major++ {
			b := with(shared(archivetest.Object{Postgres: major}))
			b.Postgres = major
			if report := mustInspect(t, b.Archive()); !slices.Equal(report.SharedObjects[0].PostgresVersions, []int{major}) {
				t.Errorf("%d: %+v", major, report.SharedObjects)
			}
		}
	})
	t.Run("one byte at a time", func(t *testing.T) {
		archive := with(shared(archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6"}})).Archive()
		slow, err := extension.Inspect(iotest.OneByteReader(bytes.NewReader(archive)), extension.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if fast := mustInspect(t, archive); !reflect.DeepEqual(slow, fast) {
			t.Errorf("reading slowly gives another report:\n%+v\n%+v", slow, fast)
		}
	})
}

// Every refusal of an archive, by its code.
func TestInspectRefuses(t *testing.T) {
	entries := func(write func(*archivetest.Tape)) []byte {
		var tape archivetest.Tape
		write(&tape)
		return archivetest.Gzip(append(tape.Bytes(), plain.Tape()...))
	}
	named := func(names ...string) []byte {
		return entries(func(tape *archivetest.Tape) {
			for _, name := range names {
				tape.Add(name, []byte("x"))
			}
		})
	}
	header := func(h archivetest.Header, data string) []byte {
		return entries(func(tape *archivetest.Tape) { tape.Entry(h, []byte(data)) })
	}
	pax := func(h archivetest.Header, data string, records ...string) []byte {
		return entries(func(tape *archivetest.Tape) {
			tape.Extended(records...)
			tape.Entry(h, []byte(data))
		})
	}
	archive := plain.Archive()
	broken := slices.Clone(archive)
	broken[len(broken)-6] ^= 1
	for name, c := range map[string]struct {
		archive []byte
		code    fault.Code
	}{
		"empty":                      {nil, fault.ArchiveNotGzip},
		"text":                       {[]byte("hello, this is no archive"), fault.ArchiveNotGzip},
		"a tar that is not packed":   {plain.Tape(), fault.ArchiveNotGzip},
		"half a gzip header":         {archive[:5], fault.ArchiveTruncated},
		"half":                       {archive[:len(archive)/2], fault.ArchiveTruncated},
		"all but the last byte":      {archive[:len(archive)-1], fault.ArchiveTruncated},
		"a wrong checksum":           {broken, fault.ArchiveCorrupt},
		"broken deflate":             {append(slices.Clone(archive[:40]), bytes.Repeat([]byte{0xff}, 400)...), fault.ArchiveCorrupt},
		"no end":                     {archivetest.Gzip(plain.Tape()[:len(plain.Tape())-1024]), fault.ArchiveTruncated},
		"half an end":                {archivetest.Gzip(plain.Tape()[:len(plain.Tape())-512]), fault.ArchiveTruncated},
		"not a tar":                  {archivetest.Gzip(bytes.Repeat([]byte("no tar "), 300)), fault.ArchiveCorrupt},
		"two gzip members":           {append(slices.Clone(archive), archive...), fault.ArchiveMultiMember},
		"bytes behind gzip":          {append(slices.Clone(archive), "more"...), fault.ArchiveTrailingData},
		"a zero behind gzip":         {append(slices.Clone(archive), 0), fault.ArchiveTrailingData},
		"bytes behind the tar":       {archivetest.Gzip(append(plain.Tape(), "more"...)), fault.ArchiveTrailingData},
		"a tar behind the tar":       {archivetest.Gzip(append(plain.Tape(), plain.Tape()...)), fault.ArchiveTrailingData},
		"a hard link":                {header(archivetest.NewHeader("l", tar.TypeLink, 0).Set(157, "manifest.json"), ""), fault.ArchiveEntryType},
		"a symbolic link":            {header(archivetest.NewHeader("l", tar.TypeSymlink, 0).Set(157, "/etc/passwd"), ""), fault.ArchiveEntryType},
		"a character device":         {header(archivetest.NewHeader("d", tar.TypeChar, 0), ""), fault.ArchiveEntryType},
		"a block device":             {header(archivetest.NewHeader("d", tar.TypeBlock, 0), ""), fault.ArchiveEntryType},
		"a pipe":                     {header(archivetest.NewHeader("p", tar.TypeFifo, 0), ""), fault.ArchiveEntryType},
		"a contiguous file":          {header(archivetest.NewHeader("c", tar.TypeCont, 1), "x"), fault.ArchiveEntryType},
		"an unknown type":            {header(archivetest.NewHeader("u", 'Z', 1), "x"), fault.ArchiveEntryType},
		"a global header":            {header(archivetest.NewHeader("g", tar.TypeXGlobalHeader, 12).Ustar(), "12 comment=a\n"[:12]), fault.ArchiveCorrupt},
		"a folder with a size":       {header(archivetest.NewHeader("d/", tar.TypeDir, 512), strings.Repeat("x", 512)), fault.ArchiveSizeConflict},
		"a file named like a folder": {header(archivetest.NewHeader("d/", tar.TypeReg, 1), "x"), fault.ArchiveEntryType},
		"sparse by GNU":              {header(archivetest.NewHeader("s", tar.TypeGNUSparse, 0).Set(483, "00000000000\x00"), ""), fault.ArchiveSparse},
		"sparse by pax":              {pax(archivetest.NewHeader("s", '0', 513).Ustar(), "1\n0\n1\n"+strings.Repeat("\x00", 506)+"x", "GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.name", "t", "GNU.sparse.realsize", "1"), fault.ArchiveSparse},
		"sparse by old pax":          {pax(archivetest.NewHeader("s", '0', 1).Ustar(), "x", "GNU.sparse.size", "1", "GNU.sparse.numblocks", "1", "GNU.sparse.map", "0,1"), fault.ArchiveSparse},
		"two sizes, the pax larger":  {pax(archivetest.NewHeader("s", '0', 1).Ustar(), strings.Repeat("x", 600), "size", "600"), fault.ArchiveSizeConflict},
		"two sizes, the pax smaller": {pax(archivetest.NewHeader("s", '0', 600).Ustar(), strings.Repeat("x", 100), "size", "100"), fault.ArchiveSizeConflict},
		"two extended headers": {entries(func(tape *archivetest.Tape) {
			tape.Extended("path", "a")
			tape.Extended("path", "b")
			tape.Add("c", nil)
		}), fault.ArchiveCorrupt},
		"two long names": {entries(func(tape *archivetest.Tape) {
			tape.Entry(archivetest.NewHeader("L", 'L', 2), []byte("a\x00"))
			tape.Entry(archivetest.NewHeader("L", 'L', 2), []byte("b\x00"))
			tape.Add("c", nil)
		}), fault.ArchiveCorrupt},
		"the form of star":          {header(archivetest.NewHeader("s", '0', 1).Ustar().Set(508, "tar\x00"), "x"), fault.ArchiveCorrupt},
		"a prefix in GNU's form":    {header(archivetest.NewHeader("s", '0', 1).Set(345, "../../outside"), "x"), fault.ArchiveCorrupt},
		"an absolute path":          {named("/etc/passwd"), fault.ArchivePath},
		"a path upwards":            {named("extension/../../x"), fault.ArchivePath},
		"a path with a dot":         {named("./x"), fault.ArchivePath},
		"a path with an empty part": {named("a//b"), fault.ArchivePath},
		"a path with a backslash":   {named(`a\b`), fault.ArchivePath},
		"a path with a line break":  {named("a\nb"), fault.ArchivePath},
		"a path with DEL":           {named("a\x7fb"), fault.ArchivePath},
		"a path that is not UTF-8":  {named("a\xff"), fault.ArchivePath},
		"a path that is too long":   {named(strings.Repeat("a", 2000)), fault.ArchivePath},
		"a path that is too deep":   {named(strings.Repeat("a/", 40) + "b"), fault.ArchivePath},
		"paths that are too much":   {named(manyPaths(3000, 990)...), fault.ArchivePath},
		"the root":                  {header(archivetest.NewHeader("./", tar.TypeDir, 0), ""), fault.ArchivePath},
		"a file twice":              {named("a", "a"), fault.ArchivePathConflict},
		"a folder twice": {entries(func(tape *archivetest.Tape) {
			tape.Entry(archivetest.NewHeader("d/", '5', 0), nil)
			tape.Entry(archivetest.NewHeader("d/", '5', 0), nil)
		}), fault.ArchivePathConflict},
		"names equal but for case":    {named("a", "A"), fault.ArchivePathConflict},
		"folders equal but for case":  {named("dir/a", "DIR/b"), fault.ArchivePathConflict},
		"umlauts equal but for case":  {named("ä", "Ä"), fault.ArchivePathConflict},
		"a file as a folder":          {named("a", "a/b"), fault.ArchivePathConflict},
		"a folder as a file":          {named("a/b", "a"), fault.ArchivePathConflict},
		"two manifests":               {named("manifest.json"), fault.ManifestDuplicate},
		"two manifests but for case":  {named("Manifest.json"), fault.ArchivePathConflict},
		"too many entries":            {named(manyPaths(10_001, 6)...), fault.ArchiveTooManyFiles},
		"a ratio that is too high":    {with(map[string]archivetest.File{"zeros": {Type: "extra", Data: make([]byte, 70<<20)}}).Archive(), fault.ArchiveRatio},
		"nothing installable":         {licenceOnly(), fault.ArchiveNothingInside},
		"no manifest":                 {archivetest.Gzip((&archivetest.Tape{}).End()), fault.ManifestMissing},
		"a manifest elsewhere":        {elsewhere(), fault.ManifestMissing},
		"a manifest that is too long": {saying(map[string]any{"name": strings.Repeat("a", 3<<20)}).Archive(), fault.ManifestInvalid},
		"a manifest without a name":   {saying(map[string]any{"name": nil}).Archive(), fault.ManifestInvalid},
		"an old manifest version":     {saying(map[string]any{"manifest_version": 3}).Archive(), fault.ManifestInvalid},
		"a platform nobody has":       {saying(map[string]any{"architecture": "sparc"}).Archive(), fault.PlatformUnsupported},
		"a system nobody has":         {saying(map[string]any{"sys": "windows"}).Archive(), fault.PlatformUnsupported},
		"a major that is none":        {saying(map[string]any{"pg_version": 9}).Archive(), fault.PostgresUnsupported},
		"a file that is not there":    {saying(map[string]any{"files": map[string]any{"ghost.so": map[string]any{"type": "shared-object"}}}).Archive(), fault.ManifestFileMissing},
		"a control file that is none": {archivetest.Build{Project: "a", Version: "1", Control: "default_version = it's"}.Archive(), fault.ControlFileInvalid},
		"a control file named oddly":  {with(map[string]archivetest.File{"extension/a b.control": {Type: "control-file"}}).Archive(), fault.ControlFileInvalid},
		"a control file of 65 KiB":    {with(map[string]archivetest.File{"extension/a.control": {Type: "control-file", Data: make([]byte, 65<<10)}}).Archive(), fault.ControlFileInvalid},
		"a text as shared object":     {with(map[string]archivetest.File{"a.so": {Type: "shared-object", Data: []byte("INPUT(libc.so)")}}).Archive(), fault.SharedObjectInvalid},
		"an extra .so that is a text": {with(map[string]archivetest.File{"a.so": {Type: "extra", Data: []byte("text")}}).Archive(), fault.SharedObjectInvalid},
		"an object file":              {with(shared(archivetest.Object{Type: elf.ET_REL})).Archive(), fault.SharedObjectInvalid},
		"another architecture":        {with(shared(archivetest.Object{Machine: elf.EM_AARCH64})).Archive(), fault.SharedObjectArch},
		"ppc64 with big numbers":      {with(shared(archivetest.Object{Machine: elf.EM_PPC64, BigEndian: true})).Archive(), fault.SharedObjectArch},
		"another major":               {with(shared(archivetest.Object{Postgres: 16})).Archive(), fault.SharedObjectPostgres},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := inspect(t, c.archive)
			if fault.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			f, _ := errors.AsType[*fault.Fault](err)
			if sentence := f.Detail; !strings.HasSuffix(sentence, ".") || strings.Count(sentence, "%!") > 0 || len(sentence) > 400 {
				t.Errorf("no sentence for people: %q", sentence)
			}
		})
	}
}

func manyPaths(n, length int) []string {
	names := make([]string, n)
	for i := range names {
		digits := strings.Repeat("0", length-6) + string([]byte{byte('a' + i%26), byte('a' + i/26%26), byte('a' + i/676%26), byte('a' + i/17576), 'x', 'y'})
		names[i] = digits
	}
	return names
}

func licenceOnly() []byte {
	return saying(map[string]any{"files": map[string]any{"licenses/LICENSE": map[string]any{"type": "license-file"}}}).Archive()
}

func elsewhere() []byte {
	var tape archivetest.Tape
	tape.Add("sub/manifest.json", []byte("{}"))
	return archivetest.Gzip(tape.End())
}

func TestInspectBoundsWhatIsUnpacked(t *testing.T) {
	limits := extension.DefaultLimits()
	limits.Unpacked = int64(len(plain.Tape()))
	if _, err := extension.Inspect(bytes.NewReader(plain.Archive()), limits); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	limits.Unpacked--
	if _, err := extension.Inspect(bytes.NewReader(plain.Archive()), limits); fault.CodeOf(err) != fault.ArchiveTooLarge {
		t.Errorf("one byte over the limit: %v", err)
	}
}

// A size in a header is not believed: a file that claims 8 GiB is refused when its bytes end, not when it is announced.
func TestInspectDoesNotBelieveSizes(t *testing.T) {
	var tape archivetest.Tape
	tape.Entry(archivetest.NewHeader("big", '0', 8<<30-1), []byte("a few bytes"))
	if _, err := inspect(t, archivetest.Gzip(tape.Bytes())); fault.CodeOf(err) != fault.ArchiveTruncated {
		t.Errorf("got %v", err)
	}
}

// An error of the upload is not an archive's fault.
func TestInspectPassesErrorsOfTheUpload(t *testing.T) {
	broken := errors.New("the connection broke")
	archive := plain.Archive()
	for n := range archive {
		_, err := extension.Inspect(io.MultiReader(bytes.NewReader(archive[:n]), iotest.ErrReader(broken)), extension.DefaultLimits())
		if !errors.Is(err, broken) {
			t.Fatalf("after %d of %d bytes: %v", n, len(archive), err)
		}
	}
}

func TestReportAgree(t *testing.T) {
	metadata := func(name, version string) extension.Metadata {
		m, err := extension.ParseMetadata([]byte(`{"name":"` + name + `","vers":"` + version + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	build := archivetest.Build{Project: "pgvector", Version: "0.8.0", Extension: "vector"}
	byExtension := build
	byExtension.Manifest = map[string]any{"name": "vector"}
	for name, c := range map[string]struct {
		build         archivetest.Build
		name, version string
		code          fault.Code
	}{
		"the project's name":     {build, "pgvector", "0.8.0", ""},
		"the extension's name":   {byExtension, "pgvector", "0.8.0", ""},
		"another case":           {build, "PGvector", "0.8.0", ""},
		"another version":        {build, "pgvector", "0.8.1", fault.ManifestVersion},
		"another way to write":   {build, "pgvector", "0.8", fault.ManifestVersion},
		"the name of no one":     {build, "pgmq", "0.8.0", fault.ManifestName},
		"the extension for name": {build, "vector", "0.8.0", fault.ManifestName},
	} {
		t.Run(name, func(t *testing.T) {
			if c.name == "vector" {
				// The manifest says pgvector, which is neither the project nor inside.
				c.build.Extension = "other"
			}
			if err := mustInspect(t, c.build.Archive()).Agree(metadata(c.name, c.version)); fault.CodeOf(err) != c.code {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
}

// What is accepted lists the same in GNU tar, whatever mixture of forms it is made of.
func TestAcceptedListsTheSameInGNUTar(t *testing.T) {
	gnu, err := exec.LookPath("tar")
	if err != nil {
		t.Skip("there is no tar on this machine")
	}
	if version, err := exec.CommandContext(t.Context(), gnu, "--version").Output(); err != nil || !bytes.Contains(version, []byte("GNU tar")) {
		t.Skip("tar is not GNU tar on this machine")
	}
	part := rapid.SampledFrom([]string{"a", "B", "dir", "extension", "x.sql", "y.control", "é", "..", ".", "with space", strings.Repeat("long", 30)})
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		var tape archivetest.Tape
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			drawEntry(t, &tape, strings.Join(rapid.SliceOfN(part, 1, 3).Draw(t, "path"), "/"))
		}
		archive := archivetest.Gzip(append(tape.Bytes(), plain.Tape()...))
		report, err := extension.Inspect(bytes.NewReader(archive), extension.DefaultLimits())
		if err != nil {
			return
		}
		accepted++
		list := func(options ...string) []string {
			command := exec.Command(gnu, append(options, "--list", "--gzip", "--quoting-style=literal", "--file=-")...)
			command.Stdin = bytes.NewReader(archive)
			listed, err := command.Output()
			if err != nil {
				t.Fatalf("GNU tar refuses what was accepted: %v", err)
			}
			return strings.Split(strings.TrimSuffix(string(listed), "\n"), "\n")
		}
		want := map[string]bool{}
		details := list("--verbose")
		for i, name := range list() {
			if details[i][0] != 'd' {
				want[name] = true
			}
		}
		got := map[string]bool{}
		for _, f := range report.Files {
			got[f.Path] = true
		}
		if !maps.Equal(got, want) {
			t.Fatalf("we list %v, GNU tar lists %v", got, want)
		}
	})
	if accepted == 0 {
		t.Error("not one archive was accepted")
	}
}

// drawEntry writes an entry in one of the forms there are, proper or not.
func drawEntry(t *rapid.T, tape *archivetest.Tape, path string) {
	data := []byte(strings.Repeat("x", rapid.SampledFrom([]int{0, 1, 511, 512, 513}).Draw(t, "size")))
	short := path[:min(len(path), 100)]
	kind := rapid.SampledFrom([]byte{0, '0', '0', '5', '7', '2'}).Draw(t, "type")
	h := archivetest.NewHeader(short, kind, len(data))
	if rapid.Bool().Draw(t, "posix") {
		h = h.Ustar()
		if rapid.Bool().Draw(t, "prefix") {
			h = h.Set(345, "prefix")
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "extended headers") {
		switch rapid.IntRange(0, 3).Draw(t, "kind of extended header") {
		case 0:
			tape.Entry(archivetest.NewHeader("L", 'L', len(path)+1), append([]byte(path), 0))
		case 1:
			tape.Extended("path", path, "mtime", "1.5")
		case 2:
			tape.Extended("size", "1")
		case 3:
			tape.Extended("GNU.sparse.name", path)
		}
	}
	tape.Entry(h, data)
}
