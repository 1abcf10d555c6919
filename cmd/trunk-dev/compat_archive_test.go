package main_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// compatFile is a file that the build of an extension installed.
type compatFile struct {
	mode  fs.FileMode
	mtime int64
	data  []byte
}

// compatSource is what the build of an extension installed, by place. Names are slash-separated and relative to it.
type compatSource struct {
	share    map[string]compatFile // pg_config --sharedir
	lib      map[string]compatFile // pg_config --pkglibdir
	licenses map[string]compatFile
}

// readSource takes what a build installed below root, where sharedir and pkglibdir are absolute paths inside of it.
// Only files whose name keep accepts are taken; nil takes all.
func readSource(t *testing.T, root, sharedir, pkglibdir string, keep func(name string) bool) compatSource {
	t.Helper()
	return compatSource{
		share: readTree(t, filepath.Join(root, sharedir), keep),
		lib:   readTree(t, filepath.Join(root, pkglibdir), keep),
	}
}

// readTree reads the regular files and symbolic links below dir; a folder that is not there holds none.
func readTree(t *testing.T, dir string, keep func(name string) bool) map[string]compatFile {
	t.Helper()
	files := map[string]compatFile{}
	err := filepath.WalkDir(dir, func(full string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) && full == dir {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, full)
		if err != nil || keep != nil && !keep(filepath.ToSlash(name)) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		file := compatFile{mode: info.Mode(), mtime: info.ModTime().Unix()}
		if info.Mode().IsRegular() {
			file.data, err = os.ReadFile(full)
		}
		files[filepath.ToSlash(name)] = file
		return err
	})
	if err != nil {
		t.Fatalf("read %s: %v", dir, err)
	}
	return files
}

// compatManifest is manifest.json with its keys in the order in which `trunk build` writes them. The pointers are what
// manifests of version 1 leave out.
type compatManifest struct {
	Name                  string                       `json:"name"`
	ExtensionName         *string                      `json:"extension_name"`
	Dependencies          map[string][]string          `json:"dependencies"`
	ExtensionDependencies []string                     `json:"extension_dependencies"`
	Version               string                       `json:"version"`
	ManifestVersion       int                          `json:"manifest_version,omitempty"`
	Sys                   string                       `json:"sys"`
	Architecture          string                       `json:"architecture,omitempty"`
	Files                 map[string]map[string]string `json:"files"`
	Configurations        []map[string]any             `json:"configurations"`
	LoadableLibraries     []map[string]any             `json:"loadable_libraries"`
	PgVersion             int                          `json:"pg_version,omitempty"`
}

// pack makes an archive in the form of `trunk build`, and of its first versions where the manifest's version is 0.
func pack(t *testing.T, source compatSource, manifest compatManifest) []byte {
	t.Helper()
	var tape archivetest.Tape
	manifest.Files = map[string]map[string]string{}
	put := func(prefix string, files map[string]compatFile) {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			inside := path.Join(prefix, name)
			if manifest.ManifestVersion == 0 && prefix == "" {
				inside = path.Base(name) // version 1 knows no folders below sharedir
			}
			file := files[name]
			tape.AddFile(inside, int64(file.mode.Perm()), file.mtime, file.data)
			if file.mode.IsRegular() {
				manifest.Files[inside] = map[string]string{"type": fileType(inside)}
			}
		}
	}
	// The builder walks /usr: lib, then licenses, then share.
	put("", source.lib)
	put("licenses", source.licenses)
	put("", source.share)
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		t.Fatalf("manifest of %s: %v", manifest.Name, err)
	}
	tape.Add("manifest.json", text)
	return archivetest.Gzip(tape.End())
}

// fileType is what a manifest says of a file, by its name alone.
func fileType(name string) string {
	if strings.HasPrefix(name, "licenses/") {
		return "license-file"
	}
	types := map[string]string{".control": "control-file", ".sql": "sql-file", ".so": "shared-object", ".bc": "bitcode"}
	if found, ok := types[path.Ext(name)]; ok {
		return found
	}
	return "extra"
}
