package http

import (
	"context"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// ListOwners lists the owners of a project.
func (h *handlers) ListOwners(ctx context.Context, request api.ListOwnersRequestObject) (api.ListOwnersResponseObject, error) {
	owners, err := h.Owners.Owners(ctx, request.Name)
	return api.ListOwners200JSONResponse{ProjectOwnersJSONResponse: projectOwners(owners)}, err
}

func projectOwners(from []ports.Owner) api.ProjectOwnersJSONResponse {
	items := make([]api.ProjectOwner, len(from))
	for i, o := range from {
		items[i] = api.ProjectOwner{ID: o.ID, Name: o.Name, Since: o.Since}
	}
	return api.ProjectOwnersJSONResponse{Body: api.ProjectOwners{Items: items}}
}

func invitation(i ports.Invitation) api.Invitation {
	return api.Invitation{Project: i.Project, User: i.Account, InvitedBy: i.InvitedBy, Transfer: i.Transfer, CreatedAt: i.At}
}

func invitations(q query, page ports.Page, from []ports.Invitation) api.InvitationsJSONResponse {
	from, next := cut(q, page, from, func(i ports.Invitation) string { return i.ID })
	items := make([]api.Invitation, len(from))
	for i, one := range from {
		items[i] = invitation(one)
	}
	return api.InvitationsJSONResponse{Body: api.Invitations{Items: items, NextCursor: next}}
}

// InviteOwner asks somebody to own a project.
func (h *handlers) InviteOwner(ctx context.Context, request api.InviteOwnerRequestObject) (api.InviteOwnerResponseObject, error) {
	transfer := request.Body.Transfer != nil && *request.Body.Transfer
	made, err := h.Owners.Invite(ctx, caller(ctx), request.Name, request.Body.User, transfer)
	if err != nil {
		return nil, err
	}
	return api.InviteOwner202JSONResponse{Body: invitation(made)}, nil
}

// RemoveOwner takes a project from an owner.
func (h *handlers) RemoveOwner(ctx context.Context, request api.RemoveOwnerRequestObject) (api.RemoveOwnerResponseObject, error) {
	if err := h.Owners.Remove(ctx, caller(ctx), request.Name, request.User); err != nil {
		return nil, err
	}
	return api.RemoveOwner204Response{}, nil
}

// ListInvitations lists who is asked to own a project.
func (h *handlers) ListInvitations(ctx context.Context, request api.ListInvitationsRequestObject) (api.ListInvitationsResponseObject, error) {
	q := query{"listInvitations", extension.FoldName(request.Name)}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.Owners.Invitations(ctx, caller(ctx), request.Name, page)
	return api.ListInvitations200JSONResponse{InvitationsJSONResponse: invitations(q, page, found)}, err
}

// WithdrawInvitation takes an invitation back.
func (h *handlers) WithdrawInvitation(ctx context.Context, request api.WithdrawInvitationRequestObject) (api.WithdrawInvitationResponseObject, error) {
	if err := h.Owners.Withdraw(ctx, caller(ctx), request.Name, request.User); err != nil {
		return nil, err
	}
	return api.WithdrawInvitation204Response{}, nil
}

// ListMyInvitations lists the projects that whoever asks is asked to own.
func (h *handlers) ListMyInvitations(ctx context.Context, request api.ListMyInvitationsRequestObject) (api.ListMyInvitationsResponseObject, error) {
	who := caller(ctx)
	q := query{"listMyInvitations", who.ID}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.Owners.Asked(ctx, who, page)
	return api.ListMyInvitations200JSONResponse{InvitationsJSONResponse: invitations(q, page, found)}, err
}

// AcceptInvitation makes whoever asks an owner.
func (h *handlers) AcceptInvitation(ctx context.Context, request api.AcceptInvitationRequestObject) (api.AcceptInvitationResponseObject, error) {
	owners, err := h.Owners.Accept(ctx, caller(ctx), request.Name)
	return api.AcceptInvitation200JSONResponse{ProjectOwnersJSONResponse: projectOwners(owners)}, err
}

// DeclineInvitation ends an invitation of whoever asks.
func (h *handlers) DeclineInvitation(ctx context.Context, request api.DeclineInvitationRequestObject) (api.DeclineInvitationResponseObject, error) {
	if err := h.Owners.Decline(ctx, caller(ctx), request.Name); err != nil {
		return nil, err
	}
	return api.DeclineInvitation204Response{}, nil
}
