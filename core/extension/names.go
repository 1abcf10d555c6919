package extension

import (
	"regexp"
	"slices"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// ProjectName is the name of a project: ASCII, a letter first, then letters, digits and _, at most 64 characters. It
// keeps the case it was written in; two names are one when they are equal after folding.
type ProjectName string

// projectForm is what a project may be called; names go into addresses and file names as they are.
var projectForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// reserved lists the folded names that are words of the registry's addresses.
func reserved() []string {
	return []string{
		"account", "accounts", "admin", "all", "api", "artefact", "artefacts", "assets", "audit", "badges", "categories",
		"category", "contents", "detail", "details", "download", "downloads", "events", "extension", "extensions",
		"feeds", "follow", "health", "latest", "libraries", "login", "logout", "me", "new", "null", "owners", "platform",
		"problems", "project", "projects", "publish", "readme", "redoc", "search", "static", "stats", "suggest", "token",
		"tokens", "trending", "undefined", "unsubscribe", "user", "users", "version", "versions",
	}
}

// ParseProjectName reads the name of a project.
//
// Errors: faults with the codes name_invalid and name_reserved.
func ParseProjectName(s string) (ProjectName, error) {
	if !projectForm.MatchString(s) {
		return "", fault.New(fault.NameInvalid, "%q cannot be the name of a project. Use a letter first, then letters, digits and _, at most 64 in all.", s)
	}
	if slices.Contains(reserved(), FoldName(s)) {
		return "", fault.New(fault.NameReserved, "%q is a word of the registry's own addresses. Choose another name.", s)
	}
	return ProjectName(s), nil
}

// String gives the name as it was written.
func (n ProjectName) String() string { return string(n) }

// Folded gives the form in which names are compared.
func (n ProjectName) Folded() string { return FoldName(string(n)) }

// FoldName makes names comparable: lower case, and _ for -.
func FoldName(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }

// shortName is the length below which names may differ in one letter: there are not enough short ones.
const shortName = 5

// skeleton is what is left of a folded name when what the eye skips or confuses is taken away.
func skeleton(folded string) string {
	return strings.NewReplacer("_", "", "0", "o", "1", "l").Replace(folded)
}

// NameKeys gives what a name has in common with all those that look like it: two names that resemble each other share a
// key. Keys are its skeleton and, unless it is short, the skeleton without one of its letters.
func NameKeys(name string) []string {
	bones := skeleton(FoldName(name))
	keys := []string{bones}
	if len(bones) < shortName {
		return keys
	}
	for i := range len(bones) {
		keys = append(keys, bones[:i]+bones[i+1:])
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Resembles tells that one name can be taken for the other: they are equal but for _ and for digits that look like
// letters, or one letter was added, left out, changed or swapped with the next.
func Resembles(a, b string) bool {
	a, b = skeleton(FoldName(a)), skeleton(FoldName(b))
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < shortName || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	changed := a[i+1:] == b[i+1:]
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return changed || swapped
}

// extensionForm leaves out what PostgreSQL refuses in the name of an extension, and everything outside ASCII.
var extensionForm = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9_])?$`)

// ParseExtensionName reads the name of an extension: what CREATE EXTENSION takes, ASCII, at most 63 bytes, without "--"
// and without a hyphen at either end.
// https://www.postgresql.org/docs/current/extend-extensions.html
//
// Errors: a fault with code name_invalid.
func ParseExtensionName(s string) (string, error) {
	if !extensionForm.MatchString(s) || strings.Contains(s, "--") {
		return "", fault.New(fault.NameInvalid, "%q cannot be the name of an extension. Use letters, digits, _ and single hyphens, at most 63 in all.", s)
	}
	return s, nil
}
