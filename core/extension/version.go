package extension

import (
	"bytes"
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// Version is the version of a project: numbers with dots, then what SemVer 2 allows to follow (https://semver.org).
// Versions of two numbers, as PostgreSQL's own, and of more than three are fine. It is comparable; the zero value is no
// version.
type Version struct {
	text string
	key  string
	pre  bool
}

const versionLimit = 64

// versionForm: dotted numbers; identifiers of a pre-release; identifiers of a build.
var versionForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+){0,5})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$`)

// ParseVersion reads a version of at most 64 characters.
//
// Errors: a fault with code version_invalid.
func ParseVersion(s string) (Version, error) {
	parts := versionForm.FindStringSubmatch(s)
	if parts == nil || len(s) > versionLimit {
		return Version{}, fault.New(fault.VersionInvalid,
			"%q is not a version. Write numbers with dots such as 1.4.0 or 16.1, with -beta.1 for a pre-release.", shorten(s))
	}
	return Version{text: s, key: sortKey(parts[1], parts[2], s), pre: parts[2] != ""}, nil
}

func shorten(s string) string {
	if len(s) > versionLimit {
		return strings.ToValidUTF8(s[:versionLimit], "") + "…"
	}
	return s
}

// String gives the version as it was written.
func (v Version) String() string { return v.text }

// Prerelease says that the version comes before the release of its number.
func (v Version) Prerelease() bool { return v.pre }

// Compare orders versions by SemVer 2 precedence, a missing number counting as 0. Where that does not decide (1.0 and
// 1.0.0, two builds of one version) the text does, so that only a version and itself are equal.
func (v Version) Compare(w Version) int { return cmp.Compare(v.key, w.key) }

// SortKey is the order as bytes: comparing keys byte by byte compares versions.
func (v Version) SortKey() []byte { return []byte(v.key) }

// The bytes of a sort key. Each number is its length and its digits, so that longer numbers are higher; what ends the
// numbers is lower than any number, and a pre-release ends them lower than a release.
const (
	endPrerelease = 0x01
	endRelease    = 0x02
	numberBase    = 0x10 // plus the number of digits, at most 64

	endIdentifiers   = 0x00
	numberIdentifier = 0x01
	textIdentifier   = 0x02
)

func sortKey(numbers, prerelease, text string) string {
	var key bytes.Buffer
	parts := strings.Split(numbers, ".")
	for len(parts) > 1 && strings.Trim(parts[len(parts)-1], "0") == "" {
		parts = parts[:len(parts)-1]
	}
	for _, part := range parts {
		writeNumber(&key, part)
	}
	if prerelease == "" {
		key.WriteByte(endRelease)
	} else {
		key.WriteByte(endPrerelease)
		for identifier := range strings.SplitSeq(prerelease, ".") {
			writeIdentifier(&key, identifier)
		}
		key.WriteByte(endIdentifiers)
	}
	key.WriteString(text)
	return key.String()
}

func writeNumber(key *bytes.Buffer, digits string) {
	digits = strings.TrimLeft(digits, "0")
	key.WriteByte(byte(numberBase + len(digits)))
	key.WriteString(digits)
}

func writeIdentifier(key *bytes.Buffer, identifier string) {
	if strings.Trim(identifier, "0123456789") == "" {
		key.WriteByte(numberIdentifier)
		writeNumber(key, identifier)
		return
	}
	key.WriteByte(textIdentifier)
	key.WriteString(identifier)
	key.WriteByte(endIdentifiers)
}

// ClientCompare is the order of the published command line: split at dots, read each part as a 32-bit number (0 where
// that fails), compare part by part, and let the longer list win.
func ClientCompare(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		if c := cmp.Compare(clientNumber(as[i]), clientNumber(bs[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}

func clientNumber(part string) int64 {
	n, err := strconv.ParseInt(part, 10, 32)
	if err != nil {
		return 0
	}
	return n
}
