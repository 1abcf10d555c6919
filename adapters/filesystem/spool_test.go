package filesystem_test

import (
	"os"
	"path/filepath"
	"testing"

	"pgtrunk.io/registry/adapters/filesystem"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/ports/porttest"
)

func TestSpool(t *testing.T) {
	porttest.Spool(t, func(t *testing.T) (ports.Spool, func() int) {
		t.Helper()
		dir := t.TempDir()
		return filesystem.NewSpool(dir), func() int {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			return len(entries)
		}
	})
}

func TestSpoolWithoutItsFolder(t *testing.T) {
	if _, err := filesystem.NewSpool(filepath.Join(t.TempDir(), "gone")).Create(t.Context()); err == nil {
		t.Error("a file was made in a folder that is not there")
	}
}
