// Package install says how to get a build into a server: the commands, the SQL and the settings, as text to copy. It
// decides nothing and asks nobody: what is not known of a build is left out.
package install

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pgtrunk.io/registry/core/extension"
)

// Build is what is to be installed.
type Build struct {
	Release  extension.Release
	Artefact extension.Artefact
	// Report is what the inspection found; nil where the archive lies elsewhere and nobody looked into it.
	Report *extension.Report
	// Registry is the address of the registry, without a slash at the end; Download that of the archive.
	Registry, Download string
}

// Trunk is the command for the published command line. It takes the first download that fits a major, so that on other
// platforms than linux/amd64 it needs the address that lists only theirs.
func (b Build) Trunk() string {
	registry := b.Registry
	if b.Artefact.Platform != extension.LinuxAMD64 {
		registry += "/platform/" + b.Artefact.Platform.Slug()
	}
	return fmt.Sprintf("trunk install %s --version %s --pg-version %d --registry %s",
		quoteShell(b.Release.Project), quoteShell(b.Release.Version.String()), b.Artefact.Postgres, quoteShell(registry))
}

// file is what the archive is saved as.
func (b Build) file() string { return b.Release.Project + ".tar.gz" }

// Curl fetches the archive, compares its digest, and unpacks it where the server looks; the last part is missing where
// what is in the archive is not known.
func (b Build) Curl() string {
	lines := []string{
		"curl -fsSLo " + b.file() + " \\\n" + quoteShell(b.Download),
		"echo '" + b.Artefact.SHA256 + "  " + b.file() + "' | sha256sum -c -",
	}
	return strings.Join(append(lines, b.unpack(b.file())...), nextCommand)
}

// Dockerfile are the lines for an image with a server; "" where what is in the archive is not known.
func (b Build) Dockerfile() string {
	file := "/tmp/" + b.file()
	unpack := b.unpack(file)
	if unpack == nil {
		return ""
	}
	return fmt.Sprintf("ADD --checksum=sha256:%s \\\n%s \\\n%s\nRUN %s", b.Artefact.SHA256, b.Download, file,
		strings.Join(append(unpack, "rm "+file), nextCommand))
}

// nextCommand stands between commands of which each runs only if the one before went well.
const nextCommand = " \\\n  && "

// mostNames is how many names an unpacking command may have: what takes more fits no paste.
const mostNames = 60

// unpack puts what the manifest lists to where its type says, and nothing else: libraries and bitcode into pkglibdir, the
// rest into sharedir, in its own folder extension where the manifest is of the first form; licences stay behind. A
// folder of which everything goes to one place is named as a whole.
func (b Build) unpack(file string) []string {
	if b.Report == nil || len(b.Report.Files) == 0 {
		return nil
	}
	root := &folder{}
	for _, f := range b.Report.Files {
		root.add(strings.Split(f.Path, "/"), destination(f.Type, b.Report.Manifest.ManifestVersion))
	}
	var commands []string
	names := 0
	for _, place := range []string{shareFolder, extensionFolder, libraryFolder} {
		paths := root.cover("", place)
		if len(paths) == 0 {
			continue
		}
		names += len(paths)
		for i, path := range paths {
			paths[i] = quoteShell(path)
		}
		commands = append(commands, "tar -xozf "+file+" -C "+place+" -- "+strings.Join(paths, " "))
	}
	if names > mostNames {
		return nil
	}
	return commands
}

// Where files go. pg_config is that of the server.
const (
	shareFolder     = `"$(pg_config --sharedir)"`
	extensionFolder = `"$(pg_config --sharedir)/extension"`
	libraryFolder   = `"$(pg_config --pkglibdir)"`
)

// destination is "" for what is not installed.
func destination(kind extension.FileType, manifestVersion int) string {
	switch kind {
	case extension.FileShared, extension.FileBitcode:
		return libraryFolder
	case extension.FileControl, extension.FileSQL:
		if manifestVersion == 1 {
			return extensionFolder
		}
		return shareFolder
	case extension.FileExtra:
		return shareFolder
	default:
		return ""
	}
}

// folder is one of an archive.
type folder struct {
	names []string
	in    map[string]*folder
	// places are where the files in it go, each once.
	places []string
}

func (f *folder) add(path []string, place string) {
	if !slices.Contains(f.places, place) {
		f.places = append(f.places, place)
	}
	if len(path) == 0 {
		return
	}
	next := f.in[path[0]]
	if next == nil {
		if f.in == nil {
			f.in = map[string]*folder{}
		}
		next = &folder{}
		f.in[path[0]] = next
		f.names = append(f.names, path[0])
	}
	next.add(path[1:], place)
}

// cover gives the fewest paths that have all that goes to a place and nothing else.
func (f *folder) cover(path, place string) []string {
	switch {
	case !slices.Contains(f.places, place):
		return nil
	case len(f.places) == 1 && path != "":
		return []string{path}
	}
	var paths []string
	for _, name := range f.names {
		below := name
		if path != "" {
			below = path + "/" + name
		}
		paths = append(paths, f.in[name].cover(below, place)...)
	}
	return paths
}

// plainWord is what a shell takes as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+-]+$`)

func quoteShell(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Create is the SQL that creates the extensions of a release, each after what it requires; "" where there is none, as for
// a module that is only loaded.
func Create(release extension.Release) string {
	var lines []string
	done := map[string]bool{}
	own := map[string]extension.ReleasedExtension{}
	for _, e := range release.Extensions {
		if e.ControlFile != nil {
			own[e.Name] = e
		}
	}
	var visit func(name string)
	visit = func(name string) {
		if done[name] {
			return
		}
		// Set first, so that two that require each other do not go on for ever.
		done[name] = true
		e, mine := own[name]
		if !mine {
			lines = append(lines, "CREATE EXTENSION IF NOT EXISTS "+QuoteIdentifier(name)+";")
			return
		}
		for _, needed := range requires(e) {
			visit(needed)
		}
		lines = append(lines, "CREATE EXTENSION "+QuoteIdentifier(name)+";")
	}
	for _, e := range release.Extensions {
		if e.ControlFile != nil {
			visit(e.Name)
		}
	}
	return strings.Join(lines, "\n")
}

// requires are the extensions that one needs, also those of its own release.
func requires(e extension.ReleasedExtension) []string {
	needed := slices.Clone(e.Dependencies)
	if control, err := extension.ParseControlFile(*e.ControlFile); err == nil {
		needed = append(control.Requires, needed...)
	}
	// PL/pgSQL is in every database unless somebody dropped it.
	return slices.DeleteFunc(needed, func(name string) bool { return name == "plpgsql" })
}

var plainIdentifier = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// QuoteIdentifier writes a name as SQL takes it: in quotes where it has to be.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
func QuoteIdentifier(name string) string {
	if plainIdentifier.MatchString(name) && !slices.Contains(reserved, name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// reserved are the words that SQL has for itself and that name nothing without quotes.
// https://www.postgresql.org/docs/current/sql-keywords-appendix.html
var reserved = strings.Fields(`all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
	collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
	current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant
	group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp
	natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user
	similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where
	window with`)

// Settings is what belongs into postgresql.conf.
type Settings struct {
	// Text are its lines; "" where nothing has to be configured.
	Text string
	// Effect says what makes it count.
	Effect Effect
	// Preload says that a line is to be added to what is there already.
	Preload bool
}

// Effect is what makes settings count.
type Effect string

// The effects.
const (
	Nothing Effect = ""
	Reload  Effect = "reload"
	Restart Effect = "restart"
)

var (
	settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$`)
	libraryName = regexp.MustCompile(`^[A-Za-z0-9_$./-]+$`)
	plainValue  = regexp.MustCompile(`^(-?[0-9]+(\.[0-9]+)?(B|kB|MB|GB|TB|us|ms|s|min|h|d)?|on|off|true|false)$`)
)

// Configure says what the metadata of a release asks for, and no more: libraries by their priority, settings that have
// to be set, and those that may be, commented out.
func Configure(release extension.Release) Settings {
	var settings Settings
	var lines []string
	libraries := slices.Clone(release.Libraries)
	slices.SortStableFunc(libraries, func(a, b extension.LoadableLibrary) int { return cmp.Compare(a.Priority, b.Priority) })
	if names := loaded(libraries, true); names != "" {
		lines = append(lines, "shared_preload_libraries = "+names+"   # add to what is there")
		settings.Effect, settings.Preload = Restart, true
	}
	if names := loaded(libraries, false); names != "" {
		lines = append(lines, "session_preload_libraries = "+names+"   # add to what is there")
		settings.Preload = true
	}
	for _, required := range []bool{true, false} {
		for _, c := range release.Configurations {
			if c.Required == required && settingName.MatchString(c.Name) {
				lines = append(lines, line(c))
			}
		}
	}
	if len(lines) > 0 && settings.Effect == Nothing {
		settings.Effect = Reload
	}
	settings.Text = strings.Join(lines, "\n")
	return settings
}

// loaded gives the libraries that are loaded at the start of the server, or those that are not, as a list in quotes.
func loaded(libraries []extension.LoadableLibrary, atStart bool) string {
	var names []string
	for _, l := range libraries {
		if l.RequiresRestart == atStart && libraryName.MatchString(l.Name) && !slices.Contains(names, l.Name) {
			names = append(names, l.Name)
		}
	}
	if names == nil {
		return ""
	}
	return "'" + strings.Join(names, ",") + "'"
}

func line(c extension.Configuration) string {
	switch {
	case c.Default == nil && c.Required:
		return "#" + c.Name + " =   # required: choose a value"
	case c.Default == nil:
		return "#" + c.Name + " =   # optional"
	case c.Required:
		return c.Name + " = " + quoteValue(*c.Default) + "   # required"
	default:
		return "#" + c.Name + " = " + quoteValue(*c.Default) + "   # optional"
	}
}

// quoteValue writes a value as postgresql.conf takes it.
// https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-CONFIGURATION-FILE
func quoteValue(value string) string {
	if len(value) > 1 && strings.HasPrefix(value, "'") && strings.HasSuffix(value, "'") {
		value = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
	}
	if plainValue.MatchString(value) {
		return value
	}
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(value) + "'"
}
