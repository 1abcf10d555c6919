package extension

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

const (
	// pathLimit and depthLimit bound a path in an archive, in bytes and names; namesLimit all of them together, in bytes.
	pathLimit  = 1_000
	depthLimit = 32
	namesLimit = 2 << 20
)

// paths keeps the paths of an archive apart on every file system, also on one that does not tell upper from lower case.
type paths struct {
	// taken holds each path and each folder above it, folded, with the spelling.
	taken map[string]takenPath
	bytes int
}

type takenPath struct {
	spelling string
	// file says that it is a file, listed that it is an entry of its own and not only above one.
	file, listed bool
}

// add notes the path of an entry, without a slash at the end.
//
// Errors: archive_path for a path that is not allowed, archive_path_conflict for one that was there.
func (p *paths) add(path string, folder bool) error {
	if reason := wrongPath(path); reason != "" {
		return fault.New(fault.ArchivePath, "The path %q %s. Use relative paths such as extension/vector.control.", shorten(path), reason)
	}
	if p.bytes += len(path); p.bytes > namesLimit {
		return fault.New(fault.ArchivePath, "The paths in the archive have more than %d KiB together. Make them shorter.", namesLimit>>10)
	}
	if p.taken == nil {
		p.taken = map[string]takenPath{}
	}
	folded := foldPath(path)
	for i := range len(folded) {
		if folded[i] == '/' {
			if err := p.claim(folded[:i], path[:i], takenPath{}); err != nil {
				return err
			}
		}
	}
	return p.claim(folded, path, takenPath{file: !folder, listed: true})
}

func (p *paths) claim(folded, path string, as takenPath) error {
	as.spelling = path
	there, ok := p.taken[folded]
	switch {
	case !ok:
		p.taken[folded] = as
	case there.spelling != path:
		return fault.New(fault.ArchivePathConflict, "The paths %q and %q differ only in case. Rename one of them.", there.spelling, path)
	case there.file || as.file || there.listed && as.listed:
		if path == ManifestName && there.file && as.file {
			return fault.New(fault.ManifestDuplicate, "The archive has more than one manifest.json at its root. Build it again.")
		}
		return fault.New(fault.ArchivePathConflict, "The path %q is there twice. Build the archive again.", path)
	case as.listed:
		p.taken[folded] = as
	}
	return nil
}

// foldPath makes equal what differs in case only. It keeps the length where it can, and the slashes always.
func foldPath(path string) string {
	return strings.Map(foldRune, path)
}

// foldRune gives the smallest of the runes that are equal but for case and take as many bytes.
func foldRune(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if other < least && utf8.RuneLen(other) == utf8.RuneLen(r) {
			least = other
		}
	}
	return least
}

// wrongPath gives the reason why a path is not allowed.
func wrongPath(path string) string {
	switch {
	case path == "":
		return "is empty"
	case !utf8.ValidString(path):
		return "is not UTF-8"
	case len(path) > pathLimit || strings.Count(path, "/") >= depthLimit:
		return "is too long"
	case strings.HasPrefix(path, "/"):
		return "is absolute"
	case strings.ContainsRune(path, '\\'):
		return "has a backslash"
	case strings.ContainsFunc(path, unicode.IsControl):
		return "has a control character"
	}
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "":
			return "has an empty part"
		case ".", "..":
			return "has the part " + part
		}
	}
	return ""
}
