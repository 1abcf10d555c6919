package extension_test

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

// Every project that was ever in the public registry can be published.
func TestParseMetadataTakesTheWholeCatalogue(t *testing.T) {
	raw, err := os.ReadFile("../../cmd/internal/demo/catalog.json")
	if err != nil {
		t.Fatal(err)
	}
	var projects []json.RawMessage
	if err := json.Unmarshal(raw, &projects); err != nil {
		t.Fatal(err)
	}
	if len(projects) < 200 {
		t.Fatalf("only %d projects", len(projects))
	}
	for _, project := range projects {
		if _, err := extension.ParseMetadata(project); err != nil {
			t.Errorf("%v\n%s", err, project)
		}
	}
}

func TestParseMetadata(t *testing.T) {
	got, err := extension.ParseMetadata([]byte(`{
		"name": "pgmq", "vers": "0.5.0", "extension_name": "pgmq", "description": "Queues\nfor all", "documentation": "…", "homepage": null,
		"license": "Apache-2.0", "repository": "https://github.com/tembo-io/pgmq", "extension_dependencies": ["pg_partman", "uuid-ossp"],
		"system_dependencies": {"apt": ["libc6"], "dnf": null}, "categories": ["orchestration", "featured", "orchestration"],
		"configurations": [{"name": "a.b", "required": true, "default": "1"}, {"configuration_name": "c", "is_required": false}],
		"libraries": [{"library_name": "pgmq", "requires_restart": true, "priority": null}, {"library_name": "b", "requires_restart": false, "priority": 3}],
		"unknown": {"anything": []}}`))
	if err != nil {
		t.Fatal(err)
	}
	one := "1"
	version, _ := extension.ParseVersion("0.5.0")
	want := extension.Metadata{
		Name: "pgmq", Version: version, ExtensionName: "pgmq", Description: "Queues\nfor all", Documentation: "…", License: "Apache-2.0",
		Repository: "https://github.com/tembo-io/pgmq", ExtensionDependencies: []string{"pg_partman", "uuid-ossp"},
		SystemDependencies: map[string][]string{"apt": {"libc6"}, "dnf": nil}, Categories: []string{"featured", "orchestration"},
		Configurations: []extension.Configuration{{Name: "a.b", Required: true, Default: &one}, {Name: "c"}},
		Libraries:      []extension.LoadableLibrary{{Name: "pgmq", RequiresRestart: true, Priority: 2147483647}, {Name: "b", Priority: 3}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	nothing, err := extension.ParseMetadata([]byte(`{"name": "pgmq", "vers": "0.5.0", "categories": null, "libraries": null}`))
	if err != nil || nothing.Categories != nil || nothing.Libraries != nil {
		t.Errorf("null has to mean absent: %+v, %v", nothing, err)
	}
}

func TestParseMetadataRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		raw      string
		code     fault.Code
		pointers string
	}{
		"nothing":              {``, fault.RequestMalformed, ""},
		"a list":               {`[]`, fault.RequestMalformed, ""},
		"null":                 {`null`, fault.RequestMalformed, ""},
		"half":                 {`{"name": "a"`, fault.RequestMalformed, ""},
		"not UTF-8":            {"{\"name\": \"\xff\"}", fault.RequestMalformed, ""},
		"no name":              {`{"vers": "1"}`, fault.NameInvalid, "/name"},
		"a name that is none":  {`{"name": "1a", "vers": "1"}`, fault.NameInvalid, ""},
		"a word of addresses":  {`{"name": "Latest", "vers": "1"}`, fault.NameReserved, ""},
		"no version":           {`{"name": "a"}`, fault.VersionInvalid, "/vers"},
		"a version like text":  {`{"name": "a", "vers": "one"}`, fault.VersionInvalid, ""},
		"a number for version": {`{"name": "a", "vers": 1.0}`, fault.VersionInvalid, "/vers"},
		"script as address":    {`{"name": "a", "vers": "1", "homepage": "javascript:alert(1)"}`, fault.MetadataInvalid, "/homepage"},
		"data as address":      {`{"name": "a", "vers": "1", "homepage": "DATA:text/html,x"}`, fault.MetadataInvalid, "/homepage"},
		"no host":              {`{"name": "a", "vers": "1", "homepage": "https:///x"}`, fault.MetadataInvalid, "/homepage"},
		"only a host":          {`{"name": "a", "vers": "1", "homepage": "//evil.example"}`, fault.MetadataInvalid, "/homepage"},
		"NUL":                  {`{"name": "a", "vers": "1", "description": "a\u0000b"}`, fault.MetadataInvalid, "/description"},
		"a line break":         {`{"name": "a", "vers": "1", "license": "a\nb"}`, fault.MetadataInvalid, "/license"},
		"too long":             {`{"name": "a", "vers": "1", "description": "` + strings.Repeat("a", 20_000) + `"}`, fault.MetadataInvalid, "/description"},
		"everything at once": {
			`{"name": "a", "vers": "1", "description": 1, "extension_name": "a--b", "extension_dependencies": ["ok", "not ok"], "categories": "x",
			  "system_dependencies": {"apt": [1], "a/b~": [""]}, "configurations": [{"is_required": "yes"}, null], "libraries": [{"library_name": "a", "requires_restart": true, "priority": 1.5}]}`,
			fault.MetadataInvalid,
			"/description /extension_dependencies/1 /system_dependencies/a~1b~0/0 /system_dependencies/apt /categories /configurations/0/configuration_name " +
				"/configurations/0/is_required /configurations/1/configuration_name /configurations/1/is_required /libraries/0/priority /extension_name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := extension.ParseMetadata([]byte(c.raw))
			if fault.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			f, _ := errors.AsType[*fault.Fault](err)
			var pointers []string
			for _, field := range f.Fields {
				pointers = append(pointers, field.Pointer)
			}
			if got := strings.Join(pointers, " "); got != c.pointers {
				t.Errorf("the faulty fields are %q, want %q", got, c.pointers)
			}
		})
	}
	many := `{"name": "a", "vers": "1", "categories": [` + strings.Repeat(`"",`, 900) + `""]}`
	_, err := extension.ParseMetadata([]byte(many))
	if f, _ := errors.AsType[*fault.Fault](err); f == nil || len(f.Fields) != 100 {
		t.Errorf("a document full of faults has to be answered with 100 of them: %v", err)
	}
}

func TestParseManifest(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		code fault.Code
	}{
		"the first form":       {`{"name":"a","version":"1","sys":"linux","architecture":"x86","files":{}}`, ""},
		"the second form":      {`{"name":"a","version":"1","manifest_version":2,"sys":"linux","architecture":"aarch64","pg_version":18,"files":{"a":{"type":"extra"}}}`, ""},
		"nulls":                {`{"name":"a","version":"1","manifest_version":null,"sys":"linux","architecture":null,"pg_version":null,"files":{},"dependencies":null}`, ""},
		"no list of files":     {`{"name":"a","version":"1","sys":"linux"}`, fault.ManifestInvalid},
		"files as a list":      {`{"name":"a","version":"1","sys":"linux","files":[]}`, fault.ManifestInvalid},
		"a type nobody knows":  {`{"name":"a","version":"1","sys":"linux","files":{"a":{"type":"virus"}}}`, fault.ManifestInvalid},
		"a file without type":  {`{"name":"a","version":"1","sys":"linux","files":{"a":null}}`, fault.ManifestInvalid},
		"no version":           {`{"name":"a","sys":"linux","files":{}}`, fault.ManifestInvalid},
		"no architecture":      {`{"name":"a","version":"1","manifest_version":2,"sys":"linux","files":{}}`, fault.PlatformUnsupported},
		"a huge major":         {`{"name":"a","version":"1","sys":"linux","pg_version":1e300,"files":{}}`, fault.ManifestInvalid},
		"a major of 3 digits":  {`{"name":"a","version":"1","sys":"linux","pg_version":100,"files":{}}`, fault.PostgresUnsupported},
		"not JSON":             {`name = a`, fault.ManifestInvalid},
		"a manifest version 0": {`{"name":"a","version":"1","manifest_version":0,"sys":"linux","files":{}}`, fault.ManifestInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := extension.ParseManifest([]byte(c.raw)); fault.CodeOf(err) != c.code {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
}
