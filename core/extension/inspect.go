package extension

import (
	"archive/tar"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// Bounds of the files that are kept in memory, in bytes.
const (
	manifestLimit = 2 << 20
	controlLimit  = 64 << 10
	controlsLimit = 4 << 20
)

// Inspect reads an archive (.tar.gz) once, from its first byte to its last, and reports what is in it. What it keeps in
// memory does not depend on the archive's size: at most some 40 MiB, whatever comes.
//
// Errors: archive_*, manifest_*, platform_unsupported, postgres_version_unsupported, control_file_invalid,
// shared_object_*; an error of the upload comes back as it is.
func Inspect(upload io.Reader, limits Limits) (Report, error) {
	a, err := openArchive(upload, limits)
	if err != nil {
		return Report{}, err
	}
	in := inspection{archive: a, controls: map[string]string{}, buffer: make([]byte, bufferSize)}
	for {
		header, err := a.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Report{}, err
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		if err := in.file(header); err != nil {
			return Report{}, err
		}
	}
	return in.conclude()
}

// inspection is what is known of an archive while it is read.
type inspection struct {
	archive  *archive
	report   Report
	manifest []byte
	// controls are the texts of the control files, by path.
	controls      map[string]string
	controlsBytes int
	// readmeRank is that of the README that was found, while there is one.
	readmeRank int
	// changesRank is that of the change log, likewise.
	changesRank int
	objects     objectScanner
	buffer      []byte
}

// file reads one file to its end: its digest is taken, what has to be read as a whole is kept.
func (in *inspection) file(header *tar.Header) error {
	hash := sha256.New()
	limit, keep := in.interest(header.Name)
	kept := &keeper{limit: limit}
	in.objects.reset()
	n, err := in.archive.read(io.MultiWriter(hash, kept, &in.objects), in.buffer)
	if err != nil {
		return err
	}
	in.report.Files = append(in.report.Files, ReportFile{Path: header.Name, Size: n, SHA256: hex.EncodeToString(hash.Sum(nil))})
	in.report.UnpackedSize += n
	if object, ok := in.objects.object(header.Name); ok {
		in.report.SharedObjects = append(in.report.SharedObjects, object)
	}
	if keep == nil {
		return nil
	}
	return keep(kept)
}

// interest tells up to what limit a file has to be kept as a whole, and what is done with it then; 0 and nil for most. Of
// READMEs and of change logs only one is wanted that is better than the one that was found.
func (in *inspection) interest(name string) (limit int, keep func(*keeper) error) {
	switch {
	case name == ManifestName:
		return manifestLimit, in.keepManifest
	case strings.HasSuffix(name, ".control"):
		return controlLimit, func(kept *keeper) error { return in.keepControl(name, kept) }
	}
	if rank, ok := ReadmeRank(name); ok && (in.report.Readme == nil || rank < in.readmeRank) {
		return ReadmeLimit, func(kept *keeper) error {
			if readme, ok := NewReadme(name, kept.Bytes()); ok && !kept.over {
				in.report.Readme, in.readmeRank = &readme, rank
			}
			return nil
		}
	}
	if rank, ok := ChangeLogRank(name); ok && (in.report.ChangeLog == nil || rank < in.changesRank) {
		return ChangeLogLimit, func(kept *keeper) error {
			if changes, ok := NewChangeLog(name, kept.Bytes()); ok && !kept.over {
				in.report.ChangeLog, in.changesRank = &changes, rank
			}
			return nil
		}
	}
	return 0, nil
}

func (in *inspection) keepManifest(kept *keeper) error {
	if kept.over {
		return fault.New(fault.ManifestInvalid, "manifest.json is over %d MiB. List fewer files.", manifestLimit>>20)
	}
	in.manifest = kept.Bytes()
	return nil
}

func (in *inspection) keepControl(name string, kept *keeper) error {
	if kept.over {
		return fault.New(fault.ControlFileInvalid, "The control file %q is over %d KiB. Make it shorter.", name, controlLimit>>10)
	}
	if in.controlsBytes += kept.Len(); in.controlsBytes > controlsLimit {
		return fault.New(fault.ControlFileInvalid, "The control files are over %d MiB together. Make them shorter.", controlsLimit>>20)
	}
	in.controls[name] = kept.String()
	return nil
}

// keeper keeps what is written to it up to a limit in bytes; nothing where that is 0.
type keeper struct {
	bytes.Buffer

	limit int
	over  bool
}

// Write never fails.
func (k *keeper) Write(p []byte) (int, error) {
	if k.Len()+len(p) > k.limit {
		k.over = true
		return len(p), nil
	}
	return k.Buffer.Write(p)
}

// conclude makes the report once everything was read; the manifest usually comes last.
func (in *inspection) conclude() (Report, error) {
	r := in.report
	if in.manifest == nil {
		return Report{}, fault.New(fault.ManifestMissing, "The archive has no manifest.json at its root. Build it with trunk build.")
	}
	manifest, err := ParseManifest(in.manifest)
	if err != nil {
		return Report{}, err
	}
	r.Manifest, r.Postgres, r.Platform = manifest, manifest.Postgres, manifest.Platform
	if err := r.list(manifest.Files); err != nil {
		return Report{}, err
	}
	if err := in.extensions(&r); err != nil {
		return Report{}, err
	}
	r.SharedObjects = append([]SharedObject{}, r.SharedObjects...)
	slices.SortFunc(r.SharedObjects, func(a, b SharedObject) int { return cmp.Compare(a.Path, b.Path) })
	return r, r.agreeWithObjects()
}

// list gives each file its type and checks that every file of the manifest is there.
func (r Report) list(types map[string]FileType) error {
	slices.SortFunc(r.Files, func(a, b ReportFile) int { return cmp.Compare(a.Path, b.Path) })
	found, installable := 0, false
	for i, f := range r.Files {
		kind, listed := types[f.Path]
		if !listed {
			continue
		}
		r.Files[i].Type = kind
		found++
		installable = installable || kind != FileLicense
	}
	if found < len(types) {
		return r.missing(types)
	}
	if !installable {
		return fault.New(fault.ArchiveNothingInside, "manifest.json lists nothing to install. List the control file, the SQL files or the shared objects.")
	}
	return nil
}

func (r Report) missing(types map[string]FileType) error {
	for _, f := range r.Files {
		delete(types, f.Path)
	}
	var names []string
	for name := range types {
		names = append(names, name)
	}
	return fault.New(fault.ManifestFileMissing, "manifest.json lists %q, which is not in the archive. Build it again.", shorten(slices.Min(names)))
}

// extensions reads the control files of what is installed, and finds their scripts.
func (in *inspection) extensions(r *Report) error {
	r.Extensions = []ReportExtension{}
	for _, f := range r.Files {
		name, ok := r.Manifest.controlExtension(f.Path)
		if !ok || f.Type == "" {
			continue
		}
		if _, err := ParseExtensionName(name); err != nil {
			return fault.New(fault.ControlFileInvalid, "The control file %q is not named after an extension. Use letters, digits, _ and single hyphens.",
				shorten(path.Base(f.Path)))
		}
		text := in.controls[f.Path]
		control, err := ParseControlFile(text)
		if err != nil {
			return inFile(err, f.Path)
		}
		e := ReportExtension{Name: name, Control: control, ControlFile: text, InstallVersions: []string{}, UpdatePaths: []UpdatePath{}}
		e.scripts(r.Manifest.scriptDir(control), r.Files)
		r.Extensions = append(r.Extensions, e)
	}
	slices.SortFunc(r.Extensions, func(a, b ReportExtension) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// inFile names the file that a fault is about.
func inFile(err error, path string) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		g := *f
		g.Detail = path + ": " + f.Detail
		return &g
	}
	return err
}
