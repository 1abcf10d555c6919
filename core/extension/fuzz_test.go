package extension_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
	"pgtrunk.io/registry/core/fault"
)

// heapLimit is what the core may hold in memory, in bytes, whatever it is given.
const heapLimit = 64 << 20

// mustBeFault fails where an error is not one that a person can be told.
func mustBeFault(t *testing.T, err error) {
	t.Helper()
	if f, ok := errors.AsType[*fault.Fault](err); err != nil && (!ok || f.Code == fault.Internal || f.Detail == "") {
		t.Fatalf("not a fault: %v", err)
	}
}

// FuzzInspect feeds bytes as they are, and as a tar that is well compressed, which gets deeper.
func FuzzInspect(f *testing.F) {
	object := archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6"}, Versions: []string{"GLIBC_2.34"}}
	for _, build := range []archivetest.Build{plain, with(shared(object)), saying(map[string]any{"manifest_version": 1})} {
		f.Add(build.Archive(), false)
		f.Add(build.Tape(), true)
	}
	var tape archivetest.Tape
	tape.Extended("path", "a", "size", "5")
	tape.Entry(archivetest.NewHeader("b", '0', 5).Ustar(), []byte("hello"))
	tape.Add(strings.Repeat("long/", 25)+"name", []byte("x"))
	f.Add(tape.End(), true)
	f.Fuzz(func(t *testing.T, data []byte, pack bool) {
		if pack {
			data = archivetest.Gzip(data)
		}
		report, err := extension.Inspect(bytes.NewReader(data), extension.DefaultLimits())
		mustBeFault(t, err)
		if err == nil && (report.Postgres == 0 || report.Platform == "" || len(report.Files) == 0) {
			t.Fatalf("an empty report: %+v", report)
		}
	})
}

// FuzzSharedObject feeds shared objects inside an archive that is fine.
func FuzzSharedObject(f *testing.F) {
	f.Add(archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6", "libm.so.6"}, Versions: []string{"GLIBC_2.4", "GLIBC_2.34"}}.Bytes())
	f.Add(archivetest.Object{Postgres: 18, BigEndian: true}.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := inspect(t, with(map[string]archivetest.File{"a.so": {Type: "shared-object", Data: data}}).Archive())
		mustBeFault(t, err)
		if err == nil && len(report.SharedObjects) != 1 {
			t.Fatalf("accepted without being read: %+v", report)
		}
	})
}

func FuzzParseControlFile(f *testing.F) {
	for _, seed := range []string{"", "comment = 'it''s \\'a\\' \\101'\n", "requires='a,\"b\"\"c\"'", "default_version 1.0e5 # c", "trusted=on\nschema = x.y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := extension.ParseControlFile(text)
		mustBeFault(t, err)
	})
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"name":"a","version":"1","manifest_version":2,"sys":"linux","architecture":"x86_64","pg_version":17,"files":{"a":{"type":"extra"}},"dependencies":{"apt":["a"]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := extension.ParseManifest(raw)
		mustBeFault(t, err)
	})
}

func FuzzParseMetadata(f *testing.F) {
	f.Add([]byte(`{"name":"a","vers":"1.0-rc.1","categories":["x"],"configurations":[{"name":"a","required":true,"default":"1"}],"libraries":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := extension.ParseMetadata(raw)
		mustBeFault(t, err)
	})
}

func FuzzParseVersion(f *testing.F) {
	for _, seed := range []string{"1.0.0", "16.1", "1.0.0-beta.1+build", "123456789012.0"} {
		f.Add(seed, "1.0")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		v, err := extension.ParseVersion(a)
		mustBeFault(t, err)
		w, err2 := extension.ParseVersion(b)
		if err == nil && err2 == nil && v.Compare(w) != bytes.Compare(v.SortKey(), w.SortKey()) {
			t.Fatalf("%q and %q", a, b)
		}
	})
}

// What an inspection holds in memory stays within bounds for the archives that are made to need much.
func TestInspectHoldsLittleInMemory(t *testing.T) {
	huge := archivetest.Object{Postgres: 17, Needed: manyPaths(2000, 200), Padding: 30 << 20}
	longNames := make(map[string]archivetest.File)
	for _, name := range manyPaths(9000, 200) {
		longNames[strings.Repeat("d/", 8)+name] = archivetest.File{}
	}
	for name, archive := range map[string][]byte{
		"a large shared object":   with(shared(huge)).Archive(),
		"many files in folders":   with(longNames).Archive(),
		"a manifest of 2 MiB":     saying(map[string]any{"files": manyFiles(38_000)}).Archive(),
		"a manifest of 2 MiB [[[": saying(map[string]any{"x": strings.Repeat("[", 2<<20-2000)}).Archive(),
	} {
		t.Run(name, func(t *testing.T) {
			peak := peakHeap(t, func() { _, _ = inspect(t, archive) })
			t.Logf("%d MiB for an archive of %d KiB", peak>>20, len(archive)>>10)
			if peak > heapLimit {
				t.Errorf("the heap grew by %d MiB", peak>>20)
			}
		})
	}
}

func manyFiles(n int) map[string]any {
	files := map[string]any{}
	for _, name := range manyPaths(n, 20) {
		files[name] = map[string]string{"type": "extra"}
	}
	return files
}

// peakHeap tells how far the live heap grows while work runs: after each collection it looks at what is left.
func peakHeap(t *testing.T, work func()) uint64 {
	t.Helper()
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	var peak uint64
	for {
		runtime.GC()
		runtime.ReadMemStats(&now)
		if now.HeapAlloc > before.HeapAlloc {
			peak = max(peak, now.HeapAlloc-before.HeapAlloc)
		}
		select {
		case <-done:
			return peak
		default:
		}
	}
}
