package demo

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// archive makes the archive of a build: the same bytes each time.
func (b build) archive() ([]byte, error) {
	files := map[string]string{
		"README.md":        b.readme(),
		"CHANGELOG.md":     b.changes(),
		"licenses/LICENSE": b.License + "\n",
		"licenses/NOTICE":  "Made for a demonstration; the extension itself is at " + b.Repository + "\n",
	}
	listed := map[string]any{"licenses/LICENSE": kind("license-file"), "licenses/NOTICE": kind("license-file")}
	for _, name := range b.extensions() {
		control, script := "extension/"+name+".control", "extension/"+name+"--"+b.Version+".sql"
		files[control], files[script] = b.control(name), b.script(name)
		listed[control], listed[script] = kind("control-file"), kind("sql-file")
	}
	manifest, err := json.MarshalIndent(map[string]any{
		"name": b.Name, "extension_name": b.extensions()[0], "version": b.Version, "manifest_version": 2, "sys": "linux",
		"architecture": b.architecture, "pg_version": b.postgres, "dependencies": b.Dependencies, "files": listed,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest of %s: %w", b.Name, err)
	}
	files["manifest.json"] = string(manifest)
	return pack(files)
}

func kind(of string) map[string]string { return map[string]string{"type": of} }

func pack(files map[string]string) ([]byte, error) {
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	tape := tar.NewWriter(compressed)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: path, Mode: 0o644, Size: int64(len(files[path])), Format: tar.FormatUSTAR}
		if err := tape.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", path, err)
		}
		if _, err := tape.Write([]byte(files[path])); err != nil {
			return nil, fmt.Errorf("pack %s: %w", path, err)
		}
	}
	if err := tape.Close(); err != nil {
		return nil, fmt.Errorf("end the tape: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return nil, fmt.Errorf("end the archive: %w", err)
	}
	return packed.Bytes(), nil
}

func (b build) control(extension string) string {
	comment := strings.ReplaceAll(strings.Join(strings.Fields(b.Description), " "), "'", "''")
	text := fmt.Sprintf("comment = '%s'\ndefault_version = '%s'\nrelocatable = true\n", comment, b.Version)
	if needs := requires(extension); needs != "" {
		text += fmt.Sprintf("requires = '%s'\n", needs)
	}
	if b.chance()%4 == 0 {
		text += "trusted = true\n"
	}
	return text
}

// script creates one function that tells the version.
func (b build) script(extension string) string {
	name := strings.ReplaceAll(strings.ToLower(extension), "-", "_")
	return fmt.Sprintf("CREATE FUNCTION %s_version() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '%s' $$;\n", name, b.Version)
}

func (b build) readme() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n%s\n\n", b.Name, b.Description)
	fmt.Fprintf(&text, "## Installing\n\n```\ntrunk install %s\n```\n\n", b.Name)
	for _, name := range b.extensions() {
		fmt.Fprintf(&text, "```sql\nCREATE EXTENSION %q;\n```\n\n", name)
	}
	for _, l := range b.Libraries {
		if l.RequiresRestart {
			fmt.Fprintf(&text, "Add `%s` to `shared_preload_libraries` and restart the server.\n\n", l.Name)
		}
	}
	fmt.Fprintf(&text, "| what | where |\n|---|---|\n| source | <%s> |\n", b.Repository)
	if b.Docs != "" {
		fmt.Fprintf(&text, "| documentation | <%s> |\n", b.Docs)
	}
	return text.String()
}

// changes is the change log of a version and of those before it.
func (b build) changes() string {
	var text strings.Builder
	text.WriteString("# Changes\n\nMade up for a demonstration.\n\n## Unreleased\n\n- What comes next.\n")
	all := append(earlier(b.Version), b.Version)
	for i, version := range slices.Backward(all) {
		fmt.Fprintf(&text, "\n## %s\n\n", version)
		for _, name := range b.extensions() {
			fmt.Fprintf(&text, "- `%s_version()` says `%s`.\n", strings.ReplaceAll(strings.ToLower(name), "-", "_"), version)
			if i > 0 {
				fmt.Fprintf(&text, "- `ALTER EXTENSION %q UPDATE` goes on from %s.\n", name, all[i-1])
			}
		}
		if b.Docs != "" {
			fmt.Fprintf(&text, "- The [documentation](%s) is about this version.\n", b.Docs)
		}
	}
	return text.String()
}
