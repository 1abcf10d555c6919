package http

import (
	"context"
	"time"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/withdraw"
)

// YankVersion withdraws a version.
func (h *handlers) YankVersion(ctx context.Context, request api.YankVersionRequestObject) (api.YankVersionResponseObject, error) {
	state, err := h.Withdraw.Yank(ctx, caller(ctx), request.Name, request.Version, request.Body.Reason, orEmpty(request.Body.Replacement))
	return api.YankVersion200JSONResponse{VersionStateJSONResponse: versionState(state)}, err
}

// UnyankVersion takes a withdrawal back.
func (h *handlers) UnyankVersion(ctx context.Context, request api.UnyankVersionRequestObject) (api.UnyankVersionResponseObject, error) {
	state, err := h.Withdraw.Unyank(ctx, caller(ctx), request.Name, request.Version)
	return api.UnyankVersion200JSONResponse{VersionStateJSONResponse: versionState(state)}, err
}

func versionState(from withdraw.Version) api.VersionStateJSONResponse {
	state := api.VersionState{Name: from.Project, Version: from.Version}
	if yank := from.Yank; yank != nil {
		state.Yanked = &api.Yank{At: yank.At, By: yank.By, Reason: yank.Reason, Replacement: nullable(yank.Replacement)}
	}
	return api.VersionStateJSONResponse{Body: state}
}

// DeprecateProject says that a project should not be used any more.
func (h *handlers) DeprecateProject(ctx context.Context, request api.DeprecateProjectRequestObject) (api.DeprecateProjectResponseObject, error) {
	state, err := h.Withdraw.Deprecate(ctx, caller(ctx), request.Name, request.Body.Message)
	return api.DeprecateProject200JSONResponse{ProjectStateJSONResponse: projectState(state)}, err
}

// UndeprecateProject takes that back.
func (h *handlers) UndeprecateProject(ctx context.Context, request api.UndeprecateProjectRequestObject) (api.UndeprecateProjectResponseObject, error) {
	state, err := h.Withdraw.Undeprecate(ctx, caller(ctx), request.Name)
	return api.UndeprecateProject200JSONResponse{ProjectStateJSONResponse: projectState(state)}, err
}

func projectState(from withdraw.Deprecation) api.ProjectStateJSONResponse {
	state := api.ProjectState{Name: from.Project}
	if from.Message != "" {
		state.Deprecated = &struct {
			At      time.Time `json:"at"`
			Message string    `json:"message"`
		}{from.Since, from.Message}
	}
	return api.ProjectStateJSONResponse{Body: state}
}

// DeleteVersion deletes a version.
func (h *handlers) DeleteVersion(ctx context.Context, request api.DeleteVersionRequestObject) (api.DeleteVersionResponseObject, error) {
	if err := h.Withdraw.Delete(ctx, caller(ctx), request.Name, request.Version); err != nil {
		return nil, err
	}
	return api.DeleteVersion204Response{}, nil
}

// DeleteProject deletes all versions of a project.
func (h *handlers) DeleteProject(ctx context.Context, request api.DeleteProjectRequestObject) (api.DeleteProjectResponseObject, error) {
	if err := h.Withdraw.Delete(ctx, caller(ctx), request.Name, ""); err != nil {
		return nil, err
	}
	return api.DeleteProject204Response{}, nil
}
