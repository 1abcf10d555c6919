package http

import (
	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/extension"
)

// contents shows the report of an inspection.
func contents(release extension.Release, artefact extension.Artefact, report extension.Report, changes extension.Changes) api.Contents {
	view := api.Contents{
		Name: release.Project, Version: release.Version.String(), PGVersion: artefact.Postgres,
		Platform: api.Platform(artefact.Platform), SHA256: artefact.SHA256, Size: artefact.Size,
		UnpackedSize: report.UnpackedSize, ManifestVersion: report.Manifest.ManifestVersion,
		Files: []api.ContentsFile{}, Extensions: []api.ContentsExtension{}, SharedObjects: []api.SharedObject{},
		Changes: nullable(changes.Text),
	}
	for _, f := range report.Files {
		view.Files = append(view.Files, api.ContentsFile{Path: f.Path, Size: f.Size, SHA256: f.SHA256, Type: nullable(string(f.Type))})
	}
	for _, e := range report.Extensions {
		view.Extensions = append(view.Extensions, contentsExtension(e))
	}
	for _, o := range report.SharedObjects {
		view.SharedObjects = append(view.SharedObjects, api.SharedObject{
			Path: o.Path, Machine: o.Machine, Needed: o.Needed, Glibc: o.Glibc, PostgresVersions: list(o.PostgresVersions),
		})
	}
	return view
}

func contentsExtension(e extension.ReportExtension) api.ContentsExtension {
	view := api.ContentsExtension{
		Name: e.Name, ControlFile: e.ControlFile, InstallVersions: list(e.InstallVersions), UpdatePaths: []api.UpdatePath{},
		Control: api.Control{
			DefaultVersion: e.Control.DefaultVersion, Comment: e.Control.Comment, Directory: e.Control.Directory,
			ModulePathname: e.Control.ModulePathname, Schema: e.Control.Schema, Encoding: e.Control.Encoding,
			Requires: list(e.Control.Requires), Relocatable: e.Control.Relocatable, Superuser: e.Control.Superuser,
			Trusted: e.Control.Trusted,
		},
	}
	for _, path := range e.UpdatePaths {
		view.UpdatePaths = append(view.UpdatePaths, api.UpdatePath{From: path.From, To: path.To})
	}
	return view
}
