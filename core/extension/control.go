package extension

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

// ControlFile is a control file as PostgreSQL reads it; see ParseControlFile.
type ControlFile struct {
	// DefaultVersion is what CREATE EXTENSION installs; "" where none is named, as each text below.
	DefaultVersion string `json:"default_version"`
	// Directory is where the scripts lie, relative to sharedir unless absolute.
	Directory      string `json:"directory"`
	ModulePathname string `json:"module_pathname"`
	Comment        string `json:"comment"`
	Schema         string `json:"schema"`
	// Encoding is the scripts', as it was written.
	Encoding string `json:"encoding"`
	// Requires are the extensions that have to be created first; NoRelocate those of them that then cannot move.
	Requires    []string `json:"requires"`
	NoRelocate  []string `json:"no_relocate"`
	Relocatable bool     `json:"relocatable"`
	// Superuser is true unless the file says otherwise.
	Superuser bool `json:"superuser"`
	Trusted   bool `json:"trusted"`
	// Unknown are parameters that no PostgreSQL up to 18 knows, in order of appearance; such a server refuses the
	// extension, but a newer one may know them.
	Unknown []string `json:"unknown,omitempty"`
}

// ParseControlFile reads a control file as PostgreSQL does: the lexical rules of postgresql.conf (parameters with an
// optional "=", comments, quotes doubled or escaped), parameter names in lower case, the last of several counting,
// lists of identifiers that fold to lower case unless in double quotes.
// https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-FILES-CONTROL
//
// Errors: a fault with code control_file_invalid that names the line.
func ParseControlFile(text string) (ControlFile, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return ControlFile{}, fault.New(fault.ControlFileInvalid, "A control file has to be UTF-8 text without NUL characters.")
	}
	control := ControlFile{Superuser: true}
	scanner := controlScanner{rest: text, line: 1}
	for {
		name, value, ok, err := scanner.next()
		if err != nil {
			return ControlFile{}, err
		}
		if !ok {
			break
		}
		if reason := control.set(name, value); reason != "" {
			return ControlFile{}, scanner.refuse(reason)
		}
	}
	if control.Relocatable && control.Schema != "" {
		return ControlFile{}, fault.New(fault.ControlFileInvalid,
			"The control file sets schema although relocatable is true; PostgreSQL refuses that. Drop one of them.")
	}
	return control, nil
}

// set takes one parameter, and gives the reason where PostgreSQL would not.
func (c *ControlFile) set(name, value string) string {
	texts := map[string]*string{
		"directory": &c.Directory, "default_version": &c.DefaultVersion, "module_pathname": &c.ModulePathname,
		"comment": &c.Comment, "schema": &c.Schema, "encoding": &c.Encoding,
	}
	flags := map[string]*bool{"relocatable": &c.Relocatable, "superuser": &c.Superuser, "trusted": &c.Trusted}
	lists := map[string]*[]string{"requires": &c.Requires, "no_relocate": &c.NoRelocate}
	var ok bool
	if to, known := texts[name]; known {
		if name == "encoding" && !isServerEncoding(value) {
			return strconv.Quote(value) + " is no encoding that PostgreSQL's server knows"
		}
		*to = value
	} else if to, known := flags[name]; known {
		if *to, ok = parseBool(value); !ok {
			return name + " has to be true or false"
		}
	} else if to, known := lists[name]; known {
		if *to, ok = splitIdentifiers(value); !ok {
			return name + " has to be a list of names of extensions"
		}
	} else if name == "include" || name == "include_dir" || name == "include_if_exists" {
		return name + " would read another file of the server"
	} else if !slices.Contains(c.Unknown, name) {
		c.Unknown = append(c.Unknown, name)
	}
	return ""
}

// controlScanner splits a control file into parameters as PostgreSQL's scanner for configuration files does.
// https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-CONFIGURATION-FILE
type controlScanner struct {
	rest string
	line int
}

// next gives the next parameter, or false at the end.
func (s *controlScanner) next() (name, value string, ok bool, err error) {
	for {
		s.skipBlank()
		if s.rest == "" {
			return "", "", false, nil
		}
		if s.rest[0] != '\n' {
			break
		}
		s.rest = s.rest[1:]
		s.line++
	}
	// The longest token counts: a name with a hyphen is a value without quotes, and no name.
	n := nameLength(s.rest)
	if n == 0 || plainLength(s.rest) > n {
		return "", "", false, s.refuse("a parameter begins with a letter and has letters, digits and _")
	}
	name = s.take(n)
	s.skipBlank()
	if strings.HasPrefix(s.rest, "=") {
		s.rest = s.rest[1:]
		s.skipBlank()
	}
	if value, err = s.value(name); err != nil {
		return "", "", false, err
	}
	s.skipBlank()
	if s.rest != "" && s.rest[0] != '\n' {
		return "", "", false, s.refuse("there is something behind the value of " + name)
	}
	return name, value, true, nil
}

func (s *controlScanner) value(name string) (string, error) {
	if n := quotedLength(s.rest); n > 0 {
		value, ok := unquote(s.take(n))
		if !ok {
			return "", s.refuse("the value of " + name + " is not UTF-8 text without NUL characters")
		}
		return value, nil
	}
	n := max(plainLength(s.rest), numberLength(s.rest))
	// Two words with one dot are the name of a parameter, not a value.
	qualified := nameLength(s.rest) == n && strings.Contains(s.rest[:n], ".")
	if n == 0 || qualified {
		return "", s.refuse("the value of " + name + " is missing or has to be in single quotes")
	}
	return s.take(n), nil
}

func (s *controlScanner) take(n int) string {
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

// skipBlank skips blanks and a comment, but not the end of the line.
func (s *controlScanner) skipBlank() {
	s.rest = strings.TrimLeft(s.rest, " \t\r")
	if strings.HasPrefix(s.rest, "#") {
		if end := strings.IndexByte(s.rest, '\n'); end >= 0 {
			s.rest = s.rest[end:]
		} else {
			s.rest = ""
		}
	}
}

func (s *controlScanner) refuse(reason string) error {
	return fault.New(fault.ControlFileInvalid, "PostgreSQL cannot read line %d of the control file: %s.", s.line, reason)
}

func isLetter(c byte) bool {
	return c == '_' || c >= 0x80 || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) }

// span is how many bytes at the start of s are of a kind.
func span(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

// nameLength measures a name, or two with a dot between them.
func nameLength(s string) int {
	if s == "" || !isLetter(s[0]) {
		return 0
	}
	n := span(s, isWord)
	if n+1 < len(s) && s[n] == '.' && isLetter(s[n+1]) {
		return n + 1 + span(s[n+1:], isWord)
	}
	return n
}

// plainLength measures a value that needs no quotes: a letter first, then also - . _ : and /.
func plainLength(s string) int {
	if s == "" || !isLetter(s[0]) {
		return 0
	}
	return span(s, func(c byte) bool { return isWord(c) || strings.IndexByte("-._:/", c) >= 0 })
}

// numberLength measures an integer, with a unit or in hexadecimal, or a number with a point.
func numberLength(s string) int {
	sign := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign = 1
	}
	digits := span(s[sign:], isDigit)
	whole := sign + digits
	longest := 0
	if digits > 0 {
		longest = whole + span(s[whole:], isASCIILetter)
	}
	if hex, ok := strings.CutPrefix(s[sign:], "0x"); ok {
		if n := span(hex, isHex); n > 0 {
			longest = max(longest, sign+2+n+span(hex[n:], isASCIILetter))
		}
	}
	if whole < len(s) && s[whole] == '.' {
		n := whole + 1 + span(s[whole+1:], isDigit)
		longest = max(longest, n+exponentLength(s[n:]))
	}
	return longest
}

func isASCIILetter(c byte) bool { return c != '_' && c < 0x80 && isLetter(c) }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func exponentLength(s string) int {
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return 0
	}
	sign := 1
	if len(s) > 1 && (s[1] == '-' || s[1] == '+') {
		sign = 2
	}
	if digits := span(s[sign:], isDigit); digits > 0 {
		return sign + digits
	}
	return 0
}

// quotedLength measures a value in single quotes on one line, the quotes included; 0 where there is none.
func quotedLength(s string) int {
	if s == "" || s[0] != '\'' {
		return 0
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\n':
			return 0
		case '\\':
			i++
			if i == len(s) || s[i] == '\n' {
				return 0
			}
		case '\'':
			if i+1 == len(s) || s[i+1] != '\'' {
				return i + 1
			}
			i++
		}
	}
	return 0
}

// unquote takes away the quotes, and resolves doubled ones and escapes with a backslash.
func unquote(quoted string) (string, bool) {
	s := quoted[1 : len(quoted)-1]
	value := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '\\':
			i++
			var used int
			c, used = unescape(s[i:])
			i += used - 1
		case '\'':
			i++ // its double
		}
		value = append(value, c)
	}
	return string(value), utf8.Valid(value) && !slices.Contains(value, 0)
}

// unescape reads what follows a backslash: a letter for a control character, up to three octal digits, or itself.
func unescape(s string) (c byte, used int) {
	const controls = "b\bf\fn\nr\rt\t"
	if at := strings.IndexByte(controls, s[0]); at >= 0 && at%2 == 0 {
		return controls[at+1], 1
	}
	for used < min(len(s), 3) && '0' <= s[used] && s[used] <= '7' {
		c = c<<3 + s[used] - '0'
		used++
	}
	if used > 0 {
		return c, used
	}
	return s[0], 1
}

// parseBool reads a boolean as PostgreSQL does: a unique beginning of true, false, yes, no, on or off, or 1 or 0.
// https://www.postgresql.org/docs/current/datatype-boolean.html
func parseBool(s string) (value, ok bool) {
	s = lowerASCII(s)
	if s == "" || s == "o" {
		return false, false
	}
	for word, value := range map[string]bool{"true": true, "yes": true, "on": true, "1": true, "false": false, "no": false, "off": false, "0": false} {
		if strings.HasPrefix(word, s) {
			return value, true
		}
	}
	return false, false
}

// identifierLimit is PostgreSQL's NAMEDATALEN less the NUL: longer identifiers are cut.
const identifierLimit = 63

// splitIdentifiers reads a list of identifiers with commas between them. It is false where PostgreSQL would refuse it.
func splitIdentifiers(s string) (names []string, ok bool) {
	s = strings.TrimLeft(s, identifierSpace)
	if s == "" {
		return nil, true
	}
	for {
		var name string
		if name, s, ok = cutIdentifier(s); !ok {
			return nil, false
		}
		names = append(names, name)
		s = strings.TrimLeft(s, identifierSpace)
		if s == "" {
			return names, true
		}
		if s[0] != ',' {
			return nil, false
		}
		s = strings.TrimLeft(s[1:], identifierSpace)
	}
}

const identifierSpace = " \t\n\r\f\v"

func cutIdentifier(s string) (name, rest string, ok bool) {
	if inner, quoted := strings.CutPrefix(s, `"`); quoted {
		var b strings.Builder
		for {
			before, after, closed := strings.Cut(inner, `"`)
			if !closed {
				return "", "", false
			}
			b.WriteString(before)
			if !strings.HasPrefix(after, `"`) {
				return cutIdentifierAt(b.String()), after, true
			}
			b.WriteByte('"')
			inner = after[1:]
		}
	}
	end := strings.IndexAny(s, ","+identifierSpace)
	if end < 0 {
		end = len(s)
	}
	return cutIdentifierAt(lowerASCII(s[:end])), s[end:], end > 0
}

func cutIdentifierAt(name string) string {
	if len(name) <= identifierLimit {
		return name
	}
	return strings.ToValidUTF8(name[:identifierLimit], "")
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// isServerEncoding knows the names of https://www.postgresql.org/docs/current/multibyte.html, aliases included,
// compared as PostgreSQL does: by their letters and digits alone.
func isServerEncoding(name string) bool {
	plain := strings.Map(func(r rune) rune {
		if r < 0x80 && isWord(byte(r)) && r != '_' {
			return r
		}
		return -1
	}, lowerASCII(name))
	return slices.Contains([]string{
		"abc", "alt", "eucjis2004", "eucjp", "euckr", "euctw", "euccn", "iso88591", "iso885910", "iso885913", "iso885914",
		"iso885915", "iso885916", "iso88592", "iso88593", "iso88594", "iso88595", "iso88596", "iso88597", "iso88598",
		"iso88599", "koi8", "koi8r", "koi8u", "latin1", "latin10", "latin2", "latin3", "latin4", "latin5", "latin6",
		"latin7", "latin8", "latin9", "muleinternal", "sqlascii", "tcvn", "tcvn5712", "unicode", "utf8", "vscii", "win",
		"win1250", "win1251", "win1252", "win1253", "win1254", "win1255", "win1256", "win1257", "win1258", "win866",
		"win874", "windows1250", "windows1251", "windows1252", "windows1253", "windows1254", "windows1255",
		"windows1256", "windows1257", "windows1258", "windows866", "windows874",
	}, plain)
}
