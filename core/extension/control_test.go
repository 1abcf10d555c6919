package extension_test

import (
	"reflect"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

// What PostgreSQL's scanner for configuration files makes of each line.
func TestParseControlFile(t *testing.T) {
	control := func(change func(*extension.ControlFile)) extension.ControlFile {
		c := extension.ControlFile{Superuser: true}
		change(&c)
		return c
	}
	comment := func(s string) extension.ControlFile {
		return control(func(c *extension.ControlFile) { c.Comment = s })
	}
	version := func(s string) extension.ControlFile {
		return control(func(c *extension.ControlFile) { c.DefaultVersion = s })
	}
	requires := func(names ...string) extension.ControlFile {
		return control(func(c *extension.ControlFile) { c.Requires = names })
	}
	for text, want := range map[string]extension.ControlFile{
		"":                                               control(func(*extension.ControlFile) {}),
		"# nothing\n\n \t\r\n#":                          control(func(*extension.ControlFile) {}),
		"comment = 'a'":                                  comment("a"),
		"comment 'a'":                                    comment("a"),
		"comment='a'#b":                                  comment("a"),
		"  comment\t=\r'a' # it's\n":                     comment("a"),
		"comment = 'a # b'":                              comment("a # b"),
		"comment = 'it''s'":                              comment("it's"),
		`comment = 'it\'s'`:                              comment("it's"),
		`comment = 'a\nb\tc\\d\101\x'`:                   comment("a\nb\tc\\dAx"),
		`comment = '\1012'`:                              comment("A2"),
		`comment = '\303\251'`:                           comment("é"),
		"comment = ''":                                   comment(""),
		"comment = ''''":                                 comment("'"),
		"comment = plain-text_1.0:/x":                    comment("plain-text_1.0:/x"),
		"comment = é":                                    comment("é"),
		"comment = 'a'\ncomment = 'b'":                   comment("b"),
		"default_version = 1.0":                          version("1.0"),
		"default_version = -1":                           version("-1"),
		"default_version = 10MB":                         version("10MB"),
		"default_version = 0x1F":                         version("0x1F"),
		"default_version = 1.5e-3":                       version("1.5e-3"),
		"default_version = .5":                           version(".5"),
		"default_version = 5.":                           version("5."),
		"default_version = a.b.c":                        version("a.b.c"),
		"requires = ''":                                  requires(),
		"requires = 'a'":                                 requires("a"),
		"requires = 'a, B ,\"C d\"'":                     requires("a", "b", "C d"),
		`requires = '"a""b"'`:                            requires(`a"b`),
		"requires = ' a\t,b '":                           requires("a", "b"),
		"requires = plpgsql":                             requires("plpgsql"),
		"requires = 'ÄB'":                                requires("Äb"),
		"requires = " + strings.Repeat("a", 70):          requires(strings.Repeat("a", 63)),
		"relocatable = true\ntrusted=ON\nsuperuser = f":  {Relocatable: true, Trusted: true},
		"relocatable = 1\nsuperuser = 0\ntrusted = y":    {Relocatable: true, Trusted: true},
		"superuser = of":                                 {},
		"schema = 'pg_catalog'\nencoding = 'utf-8'":      {Superuser: true, Schema: "pg_catalog", Encoding: "utf-8"},
		"directory = 'x'\nmodule_pathname = '$libdir/x'": {Superuser: true, Directory: "x", ModulePathname: "$libdir/x"},
		"no_relocate = 'a'\nnew_thing = 1\nnew_thing=2\nDEFAULT_VERSION = 3": {Superuser: true, NoRelocate: []string{"a"}, Unknown: []string{"new_thing", "DEFAULT_VERSION"}},
		"a.b = 1": {Superuser: true, Unknown: []string{"a.b"}},
	} {
		got, err := extension.ParseControlFile(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\ngot  %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

func TestParseControlFileRefuses(t *testing.T) {
	for text, saying := range map[string]string{
		"comment":                   "line 1",
		"comment =":                 "line 1",
		"\n\ncomment = = 'a'":       "line 3",
		"comment = 'a":              "line 1",
		"comment = 'a\nb'":          "line 1",
		`comment = 'a\`:             "line 1",
		"comment = \"a\"":           "line 1",
		"comment = 'a' 'b'":         "something behind",
		"comment = a b":             "something behind",
		"default_version = 1.0.0":   "something behind",
		"default_version = a.b":     "single quotes",
		"default_version-1":         "begins with a letter",
		"1 = 2":                     "line 1",
		"= 2":                       "line 1",
		"comment = 'a'\fx = 1":      "line 1",
		"relocatable = maybe":       "true or false",
		"relocatable = o":           "true or false",
		"relocatable = ''":          "true or false",
		"superuser = 10":            "true or false",
		"requires = 'a,'":           "list of names",
		"requires = ',a'":           "list of names",
		"requires = 'a b'":          "list of names",
		"requires = '\"a'":          "list of names",
		"encoding = 'klingon'":      "klingon",
		"include 'other.conf'":      "another file",
		"include_dir = 'conf.d'":    "another file",
		`comment = '\000'`:          "NUL",
		`comment = '\377'`:          "UTF-8",
		"comment = '\x00'":          "NUL",
		"comment = '\xff'":          "UTF-8",
		"relocatable=on\nschema=a":  "schema",
		"comment = 'a'\nincl ude=1": "line 2",
	} {
		_, err := extension.ParseControlFile(text)
		if fault.CodeOf(err) != fault.ControlFileInvalid || !strings.Contains(err.Error(), saying) {
			t.Errorf("%q: got %v, want something about %q", text, err, saying)
		}
	}
}
