package http

import (
	"context"
	"encoding/json"
	"fmt"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/administer"
	"pgtrunk.io/registry/core/extension"
)

// GetAdministration says that whoever asks may administer.
func (h *handlers) GetAdministration(context.Context, api.GetAdministrationRequestObject) (api.GetAdministrationResponseObject, error) {
	return api.GetAdministration200JSONResponse{Body: "ok"}, nil
}

// AddPreloadLibrary adds a library to those that belong into shared_preload_libraries.
func (h *handlers) AddPreloadLibrary(ctx context.Context, request api.AddPreloadLibraryRequestObject) (api.AddPreloadLibraryResponseObject, error) {
	names, err := h.Administer.AddPreloadLibrary(ctx, caller(ctx), request.Library)
	return api.AddPreloadLibrary200JSONResponse{Body: list(names)}, err
}

// RemoveProject removes a project.
func (h *handlers) RemoveProject(ctx context.Context, request api.RemoveProjectRequestObject) (api.RemoveProjectResponseObject, error) {
	name, versions, err := h.Withdraw.Remove(ctx, caller(ctx), request.Name)
	return api.RemoveProject200JSONResponse{Body: api.Removal{Name: name, VersionsDeleted: versions}}, err
}

// RecordProjectVersion records a version whose archives lie elsewhere.
func (h *handlers) RecordProjectVersion(
	ctx context.Context, request api.RecordProjectVersionRequestObject,
) (api.RecordProjectVersionResponseObject, error) {
	version, err := elsewhere(*request.Body)
	if err != nil {
		return nil, err
	}
	if err := h.Administer.Record(ctx, caller(ctx), version); err != nil {
		return nil, err
	}
	releases, err := h.Catalog.Version(ctx, request.Body.Name, request.Body.Version, viewOf(ctx, nil))
	if err != nil || len(releases) == 0 {
		return nil, err
	}
	return api.RecordProjectVersion200JSONResponse{Body: h.projectVersion(releases[0])}, nil
}

// elsewhere reads a version in the form in which it is given to clients; its words have to pass the rules of a publish.
func elsewhere(from api.ProjectVersionRecord) (administer.Elsewhere, error) {
	metadata := map[string]any{
		"name": from.Name, "vers": from.Version, "description": from.Description, "documentation": from.DocumentationLink,
		"repository": from.RepositoryLink,
	}
	var version administer.Elsewhere
	for _, e := range from.Extensions {
		metadata["configurations"], metadata["libraries"] = e.Configurations, e.LoadableLibraries
		released := extension.ReleasedExtension{Name: e.ExtensionName, Dependencies: list(e.DependenciesExtensionNames)}
		if e.ControlFile != nil && e.ControlFile.Content != nil && !e.ControlFile.Absent {
			control, err := extension.ParseControlFile(*e.ControlFile.Content)
			if err != nil {
				return version, err
			}
			released.ControlFile, released.DefaultVersion = e.ControlFile.Content, control.DefaultVersion
		}
		version.Extensions = append(version.Extensions, released)
	}
	for _, d := range from.Downloads {
		version.Downloads = append(version.Downloads, administer.Download{
			Link: d.Link, Postgres: d.PGVersion, Platform: extension.Platform(d.Platform), SHA256: d.SHA256,
		})
	}
	raw, err := json.Marshal(metadata)
	if err != nil {
		return version, fmt.Errorf("write the metadata of a record: %w", err)
	}
	version.Metadata, err = extension.ParseMetadata(raw)
	return version, err
}
