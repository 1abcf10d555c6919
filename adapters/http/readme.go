package http

import (
	"context"

	"pgtrunk.io/registry/adapters/http/api"
)

// GetReadme gives the README of a project.
func (h *handlers) GetReadme(ctx context.Context, request api.GetReadmeRequestObject) (api.GetReadmeResponseObject, error) {
	readme, err := h.Readme.Readme(ctx, request.Name)
	return api.GetReadme200TextResponse{ReadmeTextResponse: api.ReadmeTextResponse{Body: readme.Text}}, err
}

// RefreshReadme reads the README of a project again.
func (h *handlers) RefreshReadme(ctx context.Context, request api.RefreshReadmeRequestObject) (api.RefreshReadmeResponseObject, error) {
	readme, err := h.Readme.Refresh(ctx, caller(ctx), request.Name)
	return api.RefreshReadme200TextResponse{ReadmeTextResponse: api.ReadmeTextResponse{Body: readme.Text}}, err
}
