package extension_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/extension/archivetest"
)

// fiftyMiB is an archive that unpacks to some 50 MiB and compresses about as well as code does.
func fiftyMiB() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([][]byte, 2000)
	for i := range words {
		words[i] = make([]byte, 3+random.IntN(12))
		for j := range words[i] {
			words[i][j] = byte(random.IntN(256))
		}
	}
	var code bytes.Buffer
	for code.Len() < 50<<20 {
		code.Write(words[random.IntN(len(words))])
	}
	object := archivetest.Object{Postgres: 17, Needed: []string{"libc.so.6"}}.Bytes()
	return with(map[string]archivetest.File{
		"pgmq.so":         {Type: "shared-object", Data: append(object, code.Bytes()[:25<<20]...)},
		"bitcode/pgmq.bc": {Type: "bitcode", Data: code.Bytes()[25<<20:]},
	}).Archive()
}

// BenchmarkInspect inspects and hashes an archive of 50 MiB; BenchmarkGunzipSHA256 is what nobody can do without.
func BenchmarkInspect(b *testing.B) {
	archive := fiftyMiB()
	b.SetBytes(50 << 20)
	b.ReportAllocs()
	for b.Loop() {
		hash := sha256.New()
		if _, err := extension.Inspect(io.TeeReader(bytes.NewReader(archive), hash), extension.DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGunzipSHA256 unpacks and hashes the same archive, and nothing else.
func BenchmarkGunzipSHA256(b *testing.B) {
	archive := fiftyMiB()
	b.SetBytes(50 << 20)
	b.ReportAllocs()
	for b.Loop() {
		hash := sha256.New()
		unzipped, err := gzip.NewReader(io.TeeReader(bytes.NewReader(archive), hash))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, unzipped); err != nil {
			b.Fatal(err)
		}
	}
}
