package extension

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// Report is what the inspection of an archive found. It is stored with the artefact, as JSON.
type Report struct {
	Manifest Manifest `json:"manifest"`
	// Postgres and Platform are what the archive was built for, checked against its shared objects.
	Postgres int      `json:"pg_version"`
	Platform Platform `json:"platform"`
	// UnpackedSize is the sum of the files' sizes in bytes.
	UnpackedSize int64 `json:"unpacked_size"`
	// Files, Extensions and SharedObjects are in the order of their paths or names.
	Files         []ReportFile      `json:"files"`
	Extensions    []ReportExtension `json:"extensions"`
	SharedObjects []SharedObject    `json:"shared_objects"`
	// Readme is the one nearest to the root; nil where there is none.
	Readme *Readme `json:"readme,omitempty"`
	// ChangeLog is the one nearest to the root; nil where there is none. What it says of the version is stored apart.
	ChangeLog *ChangeLog `json:"-"`
}

// ReportFile is a regular file of an archive.
type ReportFile struct {
	Path string `json:"path"`
	// Size is in bytes, SHA256 in lower-case hex.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Type is the manifest's; "" for a file that is not installed.
	Type FileType `json:"type,omitempty"`
}

// ReportExtension is an extension that an archive installs.
type ReportExtension struct {
	// Name is for CREATE EXTENSION.
	Name    string      `json:"name"`
	Control ControlFile `json:"control"`
	// ControlFile is the control file's text.
	ControlFile string `json:"control_file"`
	// InstallVersions are those that a script can install at once, UpdatePaths what scripts can update.
	InstallVersions []string     `json:"install_versions"`
	UpdatePaths     []UpdatePath `json:"update_paths"`
}

// UpdatePath is a script that leads from one version of an extension to another.
type UpdatePath struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// extensionDir is where PostgreSQL looks for control files, below sharedir.
const extensionDir = "extension/"

// controlExtension gives the name of the extension that a control file is for. It is false for a control file of one
// version ("vector--0.8.0.control") and for one that PostgreSQL would not find.
func (m Manifest) controlExtension(path string) (string, bool) {
	base, ok := strings.CutSuffix(path, ".control")
	if m.ManifestVersion == manifestV2 {
		var below bool
		base, below = strings.CutPrefix(base, extensionDir)
		ok = ok && below
	}
	return base, ok && !strings.Contains(base, "/") && !strings.Contains(base, "--")
}

// scriptDir is where an extension's scripts are in the archive, with a slash at the end; "" for the root.
// https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-FILES
func (m Manifest) scriptDir(control ControlFile) string {
	switch {
	case m.ManifestVersion != manifestV2:
		return ""
	case control.Directory == "":
		return extensionDir
	default:
		return strings.Trim(control.Directory, "/") + "/"
	}
}

// scripts finds what the files of an archive, ordered by path, install and update: by their names, as PostgreSQL does.
func (e *ReportExtension) scripts(dir string, files []ReportFile) {
	prefix := dir + e.Name + "--"
	first, _ := slices.BinarySearchFunc(files, prefix, func(f ReportFile, prefix string) int { return cmp.Compare(f.Path, prefix) })
	for _, f := range files[first:] {
		versions, ok := strings.CutPrefix(f.Path, prefix)
		if !ok {
			return
		}
		versions, ok = strings.CutSuffix(versions, ".sql")
		if !ok || versions == "" || strings.Contains(versions, "/") || f.Type == "" {
			continue
		}
		switch parts := strings.Split(versions, "--"); len(parts) {
		case 1:
			e.InstallVersions = append(e.InstallVersions, versions)
		case 2: //nolint:mnd // from and to
			e.UpdatePaths = append(e.UpdatePaths, UpdatePath{From: parts[0], To: parts[1]})
		}
	}
}

// Agree checks that the archive is what its publisher says it is.
//
// Errors: faults with the codes manifest_version_mismatch and manifest_name_mismatch.
func (r Report) Agree(meta Metadata) error {
	if r.Manifest.Version != meta.Version.String() {
		return fault.New(fault.ManifestVersion, "The metadata says version %s and manifest.json says %q. Publish the archive of that version.",
			meta.Version, shorten(r.Manifest.Version))
	}
	name := FoldName(r.Manifest.Name)
	if name == meta.Name.Folded() || slices.ContainsFunc(r.Extensions, func(e ReportExtension) bool { return FoldName(e.Name) == name }) {
		return nil
	}
	return fault.New(fault.ManifestName,
		"manifest.json is for %q, which is neither the project %s nor an extension in the archive. Publish the archive of that project.",
		shorten(r.Manifest.Name), meta.Name)
}

// agreeWithObjects checks that what is installed was built for what the manifest says.
func (r Report) agreeWithObjects() error {
	objects := make(map[string]SharedObject, len(r.SharedObjects))
	for _, o := range r.SharedObjects {
		objects[o.Path] = o
	}
	for _, f := range r.Files {
		object, isELF := objects[f.Path]
		wanted := f.Type == FileShared || f.Type != "" && strings.HasSuffix(f.Path, ".so")
		switch {
		case !wanted:
		case !isELF || !object.dynamic:
			return fault.New(fault.SharedObjectInvalid, "%q is not a shared object for Linux (ELF). Build the archive again.", f.Path)
		case object.Machine != r.Platform.Architecture():
			return fault.New(fault.SharedObjectArch, "manifest.json says %s and %q was compiled for %s. Build the archive for one architecture.",
				r.Platform.Architecture(), f.Path, object.Machine)
		case len(object.PostgresVersions) > 0 && !slices.Contains(object.PostgresVersions, r.Postgres):
			return fault.New(fault.SharedObjectPostgres, "manifest.json says PostgreSQL %d and %q was compiled for PostgreSQL %s. Publish an archive for each major.",
				r.Postgres, f.Path, strconv.Itoa(object.PostgresVersions[0]))
		}
	}
	return nil
}
