package publish

import (
	"slices"

	"pgtrunk.io/registry/core/extension"
)

// facts is the metadata, completed by what the manifest says where the publisher said nothing.
func (u *upload) facts() extension.Metadata {
	meta, manifest := u.cmd.Metadata, u.report.Manifest
	if meta.SystemDependencies == nil {
		meta.SystemDependencies = manifest.Dependencies
	}
	if meta.Configurations == nil {
		meta.Configurations = manifest.Configurations
	}
	if meta.Libraries == nil {
		meta.Libraries = manifest.LoadableLibraries
	}
	return meta
}

// extensions are those that the control files name; a module without one counts as an extension that is only loaded.
func (u *upload) extensions() []extension.ReleasedExtension {
	meta, manifest := u.cmd.Metadata, u.report.Manifest
	said := union(meta.ExtensionDependencies, manifest.ExtensionDependencies)
	if len(u.report.Extensions) == 0 {
		name := meta.Name.String()
		if meta.ExtensionName != "" {
			name = meta.ExtensionName
		}
		return []extension.ReleasedExtension{{Name: name, Dependencies: said}}
	}
	inside := make(map[string]bool, len(u.report.Extensions))
	for _, e := range u.report.Extensions {
		inside[e.Name] = true
	}
	// What the publisher says of the project as a whole cannot mean an extension that comes with it.
	said = slices.DeleteFunc(said, func(name string) bool { return inside[name] })
	released := make([]extension.ReleasedExtension, 0, len(u.report.Extensions))
	for _, e := range u.report.Extensions {
		released = append(released, extension.ReleasedExtension{
			Name: e.Name, DefaultVersion: e.Control.DefaultVersion,
			Dependencies: union(e.Control.Requires, said), ControlFile: &e.ControlFile,
			Trusted: e.Control.Trusted,
		})
	}
	return released
}

// union keeps the order of first appearance.
func union(lists ...[]string) []string {
	all := []string{}
	for _, list := range lists {
		for _, name := range list {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}
