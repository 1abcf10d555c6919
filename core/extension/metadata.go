package extension

import (
	"slices"

	"pgtrunk.io/registry/core/fault"
)

// ParseMetadata reads the metadata part of a publish, a JSON object. Every member may be null, which means absent, and
// members that it does not know are ignored.
//
// Errors: request_malformed for what is no JSON object; else name_invalid, name_reserved, version_invalid or
// metadata_invalid, in this order, each with the list of everything that is wrong.
func ParseMetadata(raw []byte) (Metadata, error) {
	o, ok := parseObject(raw)
	if !ok {
		return Metadata{}, fault.New(fault.RequestMalformed, "The metadata is not a JSON object. Send one such as {\"name\": \"pgmq\", \"vers\": \"0.5.0\"}.")
	}
	name, nameErr := ParseProjectName(o.requiredLine("name"))
	version, versionErr := ParseVersion(o.requiredLine("vers"))
	meta := Metadata{
		Name:                  name,
		ExtensionName:         o.line("extension_name"),
		Version:               version,
		Description:           o.text("description"),
		Documentation:         o.link("documentation"),
		Homepage:              o.link("homepage"),
		License:               o.line("license"),
		Repository:            o.link("repository"),
		ExtensionDependencies: o.extensionNames("extension_dependencies"),
		SystemDependencies:    o.lists("system_dependencies"),
		Categories:            o.lines("categories"),
		Configurations:        o.configurations("configurations"),
		Libraries:             o.libraries("libraries"),
	}
	slices.Sort(meta.Categories)
	meta.Categories = slices.Compact(meta.Categories)
	if meta.ExtensionName != "" {
		if _, err := ParseExtensionName(meta.ExtensionName); err != nil {
			o.note(o.pointer("extension_name"), "This has to be the name of an extension.")
		}
	}
	return meta, o.metadataFault(nameErr, versionErr)
}

// metadataFault gives the fault of the name or the version its own code, and all the rest one together.
func (o object) metadataFault(nameErr, versionErr error) error {
	fields := *o.wrong
	for _, err := range []error{nameErr, versionErr} {
		if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // the parsers return faults as they are
			return f.With(fields...)
		}
	}
	if len(fields) > 0 {
		first := fields[0]
		return fault.New(fault.MetadataInvalid, "The metadata is wrong at %s. %s", first.Pointer, first.Detail).With(fields...)
	}
	return nil
}
