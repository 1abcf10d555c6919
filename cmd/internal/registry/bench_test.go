package registry_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// BenchmarkPublish200MiB publishes 200 MiB that no compression makes smaller and tells how far the memory of the process
// rose meanwhile, the client included.
func BenchmarkPublish200MiB(b *testing.B) {
	const size = 200 << 20
	in := serve(b, map[string]string{"LOG_LEVEL": "error", "DRAIN_TIMEOUT": "60s"})
	token := in.token("alice")
	b.SetBytes(size)
	var most int64
	i := 0
	for b.Loop() {
		i++
		rose := memoryRise(b, func() { in.publishStream(b, token, fmt.Sprintf("1.0.%d", i), size) })
		most = max(most, rose)
	}
	b.ReportMetric(float64(most>>20), "MiB-risen")
}

// publishStream makes the archive while it is sent.
func (in *instance) publishStream(b *testing.B, token, version string, size int) {
	b.Helper()
	reader, writer := io.Pipe()
	form := multipart.NewWriter(writer)
	go func() { _ = writer.CloseWithError(writeLargeForm(form, version, size)) }()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, in.url+"/extensions/new", reader)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		b.Fatalf("%d %s", response.StatusCode, text)
	}
}

func writeLargeForm(form *multipart.Writer, version string, size int) error {
	if err := form.WriteField("metadata", `{"name": "large", "vers": "`+version+`"}`); err != nil {
		return err
	}
	file, err := form.CreateFormFile("file", "large.tar.gz")
	if err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(file, gzip.NoCompression)
	if err != nil {
		return err
	}
	var header archivetest.Tape
	header.Entry(archivetest.NewHeader("large.dat", 0, size), nil)
	rest := archivetest.Build{Project: "large", Version: version}.Tape()
	noise := io.LimitReader(rand.NewChaCha8([32]byte{byte(len(version))}), int64(size))
	if _, err := io.Copy(packed, io.MultiReader(&header, noise, bytes.NewReader(rest))); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return form.Close()
}

// memoryRise tells by how much the process's resident memory rose at most while work ran, in bytes.
func memoryRise(b *testing.B, work func()) int64 {
	b.Helper()
	runtime.GC()
	debug.FreeOSMemory()
	before := residentMemory(b, "VmRSS")
	// https://www.kernel.org/doc/Documentation/filesystems/proc.txt: 5 resets the highest value.
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Skipf("memory cannot be measured here: %v", err)
	}
	work()
	return residentMemory(b, "VmHWM") - before
}

func residentMemory(b *testing.B, name string) int64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skipf("memory cannot be measured here: %v", err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		b.Fatalf("no %s in\n%s", name, status)
	}
	kilobytes, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes << 10
}
