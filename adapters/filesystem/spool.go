// Package filesystem keeps uploads on local disk while they wait for the object store.
package filesystem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Spool     = (*Spool)(nil)
	_ ports.SpoolFile = (*file)(nil)
)

// Spool makes temporary files in one folder.
type Spool struct{ dir string }

// NewSpool makes a spool in a folder that has to be there; "" means the system's folder for temporary files.
func NewSpool(dir string) *Spool { return &Spool{dir: dir} }

// Create makes an empty file. Where the system can, its name is removed at once, so that not even a crash leaves it.
//
// Errors: those of the file system.
func (s *Spool) Create(context.Context) (ports.SpoolFile, error) {
	created, err := os.CreateTemp(s.dir, "trunk-upload-")
	if err != nil {
		return nil, fmt.Errorf("create a spool file: %w", err)
	}
	f := &file{File: created}
	if runtime.GOOS != "windows" {
		if err := os.Remove(created.Name()); err != nil {
			return nil, errors.Join(fmt.Errorf("unlink a spool file: %w", err), created.Close())
		}
		f.unlinked = true
	}
	return f, nil
}

// file is a temporary file that knows how much was written.
type file struct {
	*os.File

	size     int64
	unlinked bool
}

// Write appends to what was written.
func (f *file) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	f.size += int64(n)
	return n, err
}

// Size is how many bytes were written.
func (f *file) Size() int64 { return f.size }

// Rewind goes back to the start.
func (f *file) Rewind() error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// Close ends the file and its bytes.
func (f *file) Close() error {
	err := f.File.Close()
	if !f.unlinked {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
