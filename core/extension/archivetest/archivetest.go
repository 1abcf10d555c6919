// Package archivetest builds archives for tests: proper ones in the form of `trunk build`, byte by byte, and the parts
// of which wrong ones are made.
package archivetest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Build describes a proper archive. Its zero value, with a project and a version, is an extension of that name with a
// control file and a script, in the manifest's second form for PostgreSQL 17 on x86_64.
type Build struct {
	Project, Version string
	// Extension is the extension's name; the project's where it is "".
	Extension string
	// Postgres is the major; 17 where it is 0.
	Postgres int
	// Architecture is the manifest's; x86_64 where it is "".
	Architecture string
	// Control is the control file's text; one with default_version 1.0 where it is "".
	Control string
	// Files are more files by path, with their types in the manifest; "" leaves a file out of the manifest.
	Files map[string]File
	// Manifest overrides members of the manifest; nil takes a member out.
	Manifest map[string]any
}

// File is one more file of an archive.
type File struct {
	Type string
	Data []byte
}

// Archive builds the archive.
func (b Build) Archive() []byte { return Gzip(b.Tape()) }

// Tape builds the tar alone.
func (b Build) Tape() []byte {
	files := b.all()
	listed := map[string]any{}
	var tape Tape
	for _, path := range slices.Sorted(maps.Keys(files)) {
		tape.Add(path, files[path].Data)
		if kind := files[path].Type; kind != "" {
			listed[path] = map[string]string{"type": kind}
		}
	}
	manifest, err := json.MarshalIndent(b.manifest(listed), "", "  ")
	if err != nil {
		panic(err) // a test that builds a manifest of what JSON has no form for
	}
	tape.Add("manifest.json", manifest)
	return tape.End()
}

// Name is the extension's.
func (b Build) Name() string {
	if b.Extension != "" {
		return b.Extension
	}
	return b.Project
}

func (b Build) all() map[string]File {
	name := b.Name()
	control := b.Control
	if control == "" {
		control = "comment = 'made for a test'\ndefault_version = '1.0'\nrelocatable = true\n"
	}
	files := map[string]File{
		"extension/" + name + ".control":  {"control-file", []byte(control)},
		"extension/" + name + "--1.0.sql": {"sql-file", fmt.Appendf(nil, "CREATE FUNCTION %s_one() RETURNS int LANGUAGE sql AS 'SELECT 1';\n", name)},
		"licenses/LICENSE":                {"license-file", []byte("The PostgreSQL License\n")},
	}
	maps.Copy(files, b.Files)
	return files
}

func (b Build) manifest(files map[string]any) map[string]any {
	architecture, postgres := b.Architecture, b.Postgres
	if architecture == "" {
		architecture = "x86_64"
	}
	if postgres == 0 {
		postgres = 17
	}
	manifest := map[string]any{
		"name": b.Project, "extension_name": b.Name(), "version": b.Version, "manifest_version": 2, "sys": "linux",
		"architecture": architecture, "pg_version": postgres, "files": files,
		// The command line writes null for what it does not know.
		"dependencies": nil, "extension_dependencies": nil, "configurations": nil, "loadable_libraries": nil,
	}
	for key, value := range b.Manifest {
		manifest[key] = value
		if value == nil {
			delete(manifest, key)
		}
	}
	return manifest
}

// Gzip compresses bytes as one gzip stream.
func Gzip(plain []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(plain)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return packed.Bytes()
}

// BlockSize is the size of a tar's blocks in bytes.
const BlockSize = 512

// Tape writes tar as the command line's library does. archive/tar cannot: it writes '0' where that library leaves the
// type of a regular file NUL, fills in owners, and pads the end.
type Tape struct{ bytes.Buffer }

// Add writes a regular file in the old GNU form, with an entry before it for a long name.
func (t *Tape) Add(path string, data []byte) {
	t.AddFile(path, 0o644, 0, data)
}

// AddFile is Add with a mode and a time in seconds since 1970.
func (t *Tape) AddFile(path string, mode, mtime int64, data []byte) {
	const nameLength = 100
	if len(path) > nameLength {
		t.Entry(NewHeader("././@LongLink", 'L', len(path)+1), append([]byte(path), 0))
		path = path[:nameLength]
	}
	t.Entry(NewHeader(path, 0, len(data)).Set(100, fmt.Sprintf("%07o\x00", mode)).Set(136, fmt.Sprintf("%011o\x00", mtime)), data)
}

// Entry writes a header, with its checksum made good, and the data behind it, padded to whole blocks.
func (t *Tape) Entry(header Header, data []byte) {
	header = header.Set(148, "        ")
	sum := 0
	for _, b := range header {
		sum += int(b)
	}
	header = header.Set(148, fmt.Sprintf("%07o\x00", sum))
	t.Write(header[:])
	t.Write(data)
	t.Write(make([]byte, (BlockSize-len(data)%BlockSize)%BlockSize))
}

// End writes the two blocks of zeros that end a tape, and gives all of it.
func (t *Tape) End() []byte {
	t.Write(make([]byte, 2*BlockSize)) //nolint:mnd // as POSIX says
	return t.Bytes()
}

// Header is a tar header as it is written.
type Header [BlockSize]byte

// NewHeader makes one in the old GNU form for a type flag and a size in bytes.
func NewHeader(name string, kind byte, size int) Header {
	var h Header
	copy(h[:100], name)
	h[156] = kind
	return h.Set(100, "0000644\x00").Set(124, fmt.Sprintf("%011o\x00", size)).Set(136, "00000000000\x00").Set(257, "ustar  \x00")
}

// Set gives the header with a text at an offset.
func (h Header) Set(offset int, text string) Header {
	copy(h[offset:], text)
	return h
}

// Ustar turns the header into POSIX's form.
func (h Header) Ustar() Header { return h.Set(257, "ustar\x0000") }

// Extended writes a pax header with these records, key after key.
func (t *Tape) Extended(records ...string) {
	var data []byte
	for i := 0; i+1 < len(records); i += 2 {
		data = append(data, paxRecord(records[i], records[i+1])...)
	}
	t.Entry(NewHeader("PaxHeaders/file", 'x', len(data)).Ustar(), data)
}

// paxRecord counts its own length, digits included.
func paxRecord(key, value string) string {
	rest := " " + key + "=" + value + "\n"
	n := len(rest) + 1
	for len(strconv.Itoa(n))+len(rest) != n {
		n = len(strconv.Itoa(n)) + len(rest)
	}
	return strconv.Itoa(n) + rest
}
