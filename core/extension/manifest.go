package extension

import (
	"strconv"

	"pgtrunk.io/registry/core/fault"
)

// FileType is what a manifest calls a file: it decides where the file is installed.
type FileType string

// The types of files.
const (
	FileControl FileType = "control-file"
	FileSQL     FileType = "sql-file"
	FileShared  FileType = "shared-object"
	FileBitcode FileType = "bitcode"
	FileExtra   FileType = "extra"
	FileLicense FileType = "license-file"
)

// The versions of the manifest's form. The first had no architecture and put control and SQL files into the root.
const (
	manifestV1 = 1
	manifestV2 = 2
)

// Bounds of a PostgreSQL major; it has been one number since 10.
const (
	oldestMajor = 10
	newestMajor = 99
	// firstMajor is what a manifest without a major means.
	firstMajor = 15
)

// ManifestName is the manifest's path in an archive.
const ManifestName = "manifest.json"

// Manifest is what manifest.json says of the archive it is in.
type Manifest struct {
	// ManifestVersion is 1 or 2.
	ManifestVersion int `json:"manifest_version"`
	// Name is the project's or an extension's.
	Name string `json:"name"`
	// ExtensionName is "" where the manifest has none.
	ExtensionName string `json:"extension_name,omitempty"`
	// Version is the project's, as it was written.
	Version string `json:"version"`
	// Postgres is the PostgreSQL major that the archive was built for.
	Postgres int      `json:"pg_version"`
	Platform Platform `json:"platform"`
	// Dependencies are packages by package manager; nil where the manifest has none, as the lists below.
	Dependencies          map[string][]string `json:"dependencies,omitempty"`
	ExtensionDependencies []string            `json:"extension_dependencies,omitempty"`
	Configurations        []Configuration     `json:"configurations,omitempty"`
	LoadableLibraries     []LoadableLibrary   `json:"loadable_libraries,omitempty"`
	// Files are what is installed, by path; it is left out of reports, which list every file with its type.
	Files map[string]FileType `json:"-"`
}

// ParseManifest reads manifest.json in either version of its form. Every optional member may be null.
//
// Errors: manifest_invalid with the list of everything that is wrong; platform_unsupported,
// postgres_version_unsupported.
func ParseManifest(raw []byte) (Manifest, error) {
	o, ok := parseObject(raw)
	if !ok {
		return Manifest{}, fault.New(fault.ManifestInvalid, "manifest.json is not a JSON object. Build the archive with trunk build.")
	}
	m := Manifest{
		ManifestVersion:       int(o.integer("manifest_version", manifestV1)),
		Name:                  o.requiredLine("name"),
		ExtensionName:         o.line("extension_name"),
		Version:               o.requiredLine("version"),
		Postgres:              int(o.integer("pg_version", firstMajor)),
		Dependencies:          o.lists("dependencies"),
		ExtensionDependencies: o.extensionNames("extension_dependencies"),
		Configurations:        o.configurations("configurations"),
		LoadableLibraries:     o.libraries("loadable_libraries"),
		Files:                 o.files(),
	}
	if m.ManifestVersion != manifestV1 && m.ManifestVersion != manifestV2 {
		o.note(o.pointer("manifest_version"), "This has to be 1 or 2.")
	}
	sys, architecture := o.requiredLine("sys"), o.line("architecture")
	if wrong := *o.wrong; len(wrong) > 0 {
		return Manifest{}, fault.New(fault.ManifestInvalid, "manifest.json is wrong at %s. %s", wrong[0].Pointer, wrong[0].Detail).With(wrong...)
	}
	if m.Postgres < oldestMajor || m.Postgres > newestMajor {
		return Manifest{}, fault.New(fault.PostgresUnsupported, "manifest.json names PostgreSQL %d. Use a major from %d to %d.", m.Postgres, oldestMajor, newestMajor)
	}
	var err error
	m.Platform, err = PlatformOf(sys, architecture, m.ManifestVersion)
	return m, err
}

// files reads the list of what is installed.
func (o object) files() map[string]FileType {
	list, pointer, ok := read[map[string]*struct {
		Type FileType `json:"type"`
	}](o, "an object of files, each with a type", "files")
	if !ok {
		if !o.isWrong(pointer) {
			o.note(pointer, "This has to list the archive's files.")
		}
		return nil
	}
	files := make(map[string]FileType, len(list))
	for path, file := range list {
		var kind FileType
		if file != nil {
			kind = file.Type
		}
		switch kind {
		case FileControl, FileSQL, FileShared, FileBitcode, FileExtra, FileLicense:
			files[path] = kind
		default:
			o.note(pointer, "A file here has the type "+strconv.Quote(shorten(string(kind)))+
				". It has to be control-file, sql-file, shared-object, bitcode, extra or license-file.")
			return nil
		}
	}
	return files
}
