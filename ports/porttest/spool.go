package porttest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"pgtrunk.io/registry/ports"
)

// Spool checks a spool. Leftovers tells how many files are left where the spool keeps them.
func Spool(t *testing.T, open func(t *testing.T) (spool ports.Spool, leftovers func() int)) {
	t.Helper()
	create := func(t *testing.T, spool ports.Spool) ports.SpoolFile {
		t.Helper()
		file, err := spool.Create(t.Context())
		if err != nil {
			t.Fatalf("create: %v", err)
		}
		return file
	}
	t.Run("what was written is read, as often as it takes", func(t *testing.T) {
		spool, leftovers := open(t)
		file := create(t, spool)
		want := noise(20 << 20)
		for part := range chunks(want, 64<<10) {
			if _, err := file.Write(part); err != nil {
				t.Fatalf("write: %v", err)
			}
		}
		if file.Size() != int64(len(want)) {
			t.Errorf("size is %d, want %d", file.Size(), len(want))
		}
		for range 2 {
			if err := file.Rewind(); err != nil {
				t.Fatalf("rewind: %v", err)
			}
			if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("read %d bytes, %v", len(got), err)
			}
		}
		if _, err := file.Seek(-3, io.SeekEnd); err != nil {
			t.Fatalf("seek: %v", err)
		}
		if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, want[len(want)-3:]) {
			t.Errorf("the end is %x, %v", got, err)
		}
		if err := file.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if n := leftovers(); n != 0 {
			t.Errorf("%d files are left", n)
		}
	})
	t.Run("an empty file", func(t *testing.T) {
		spool, _ := open(t)
		file := create(t, spool)
		if err := file.Rewind(); err != nil {
			t.Fatalf("rewind: %v", err)
		}
		if got, err := io.ReadAll(file); err != nil || len(got) != 0 || file.Size() != 0 {
			t.Errorf("%x of %d bytes, %v", got, file.Size(), err)
		}
		if err := file.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	t.Run("two files are two", func(t *testing.T) {
		spool, _ := open(t)
		a, b := create(t, spool), create(t, spool)
		for file, text := range map[ports.SpoolFile]string{a: "one", b: "another"} {
			if _, err := io.WriteString(file, text); err != nil {
				t.Fatalf("write: %v", err)
			}
		}
		for file, want := range map[ports.SpoolFile]string{a: "one", b: "another"} {
			if err := file.Rewind(); err != nil {
				t.Fatalf("rewind: %v", err)
			}
			if got, err := io.ReadAll(file); err != nil || string(got) != want {
				t.Errorf("%q, %v, want %q", got, err, want)
			}
			if err := file.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	})
}

// noise gives bytes that no compression makes smaller, the same each time.
func noise(n int) []byte {
	random := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	_, _ = random.Read(b)
	return b
}

func chunks(b []byte, n int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			k := min(n, len(b))
			if !yield(b[:k]) {
				return
			}
			b = b[k:]
		}
	}
}
