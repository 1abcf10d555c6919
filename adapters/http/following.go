package http

import (
	"context"
	"encoding/json"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/core/link"
	"pgtrunk.io/registry/ports"
)

// lookIntoYourMail is what everybody is told who asks for letters, whatever is known of the address.
const lookIntoYourMail = "Look into your mail: if the address is to follow this and does not yet, a letter asks you to confirm it."

// FollowProject follows a project.
func (h *handlers) FollowProject(ctx context.Context, request api.FollowProjectRequestObject) (api.FollowProjectResponseObject, error) {
	made, followed, err := h.follow(ctx, ports.Followed{Project: request.Name}, request.Body)
	if err != nil {
		return nil, err
	}
	if followed {
		return api.FollowProject201JSONResponse{SubscribedJSONResponse: api.SubscribedJSONResponse{Body: subscriptionView(made)}}, nil
	}
	return api.FollowProject202JSONResponse{SubscriptionAskedJSONResponse: asked()}, nil
}

// FollowCategory follows a category.
func (h *handlers) FollowCategory(ctx context.Context, request api.FollowCategoryRequestObject) (api.FollowCategoryResponseObject, error) {
	made, followed, err := h.follow(ctx, ports.Followed{Category: request.Slug}, request.Body)
	if err != nil {
		return nil, err
	}
	if followed {
		return api.FollowCategory201JSONResponse{SubscribedJSONResponse: api.SubscribedJSONResponse{Body: subscriptionView(made)}}, nil
	}
	return api.FollowCategory202JSONResponse{SubscriptionAskedJSONResponse: asked()}, nil
}

// FollowUser follows what somebody owns.
func (h *handlers) FollowUser(ctx context.Context, request api.FollowUserRequestObject) (api.FollowUserResponseObject, error) {
	made, followed, err := h.follow(ctx, ports.Followed{Owner: request.User}, request.Body)
	if err != nil {
		return nil, err
	}
	if followed {
		return api.FollowUser201JSONResponse{SubscribedJSONResponse: api.SubscribedJSONResponse{Body: subscriptionView(made)}}, nil
	}
	return api.FollowUser202JSONResponse{SubscriptionAskedJSONResponse: asked()}, nil
}

func asked() api.SubscriptionAskedJSONResponse {
	return api.SubscriptionAskedJSONResponse{Body: api.SubscriptionAsked{
		Detail: lookIntoYourMail, ExpiresIn: int64(link.ConfirmLife.Seconds()),
	}}
}

func (h *handlers) follow(ctx context.Context, of ports.Followed, body *api.SubscriptionRequest) (ports.Subscription, bool, error) {
	request := follow.Request{Address: orEmpty(body.Email), Of: of, Options: ports.FollowOptions{Withdrawals: true}}
	change := api.SubscriptionChange{Cadence: body.Cadence, Prereleases: body.Prereleases, Withdrawals: body.Withdrawals}
	request.Options = changed(request.Options, change)
	if body.PGVersion != nil {
		request.Options.Postgres = *body.PGVersion
	}
	return h.Follow.Follow(ctx, caller(ctx), request)
}

// changed are the options with what was sent of them.
func changed(options ports.FollowOptions, sent api.SubscriptionChange) ports.FollowOptions {
	if sent.Prereleases != nil {
		options.Prereleases = *sent.Prereleases
	}
	if sent.Withdrawals != nil {
		options.Withdrawals = *sent.Withdrawals
	}
	if sent.Cadence != nil {
		options.Digest = *sent.Cadence == api.CadenceDaily
	}
	return options
}

func subscriptionView(s ports.Subscription) api.Subscription {
	view := api.Subscription{
		ID: s.ID, Email: s.Recipient.Address, Project: nullable(s.Of.Project), Category: nullable(s.Of.Category), User: nullable(s.Of.Owner),
		Prereleases: s.Options.Prereleases, Withdrawals: s.Options.Withdrawals, Cadence: api.CadenceImmediate, CreatedAt: s.Created,
	}
	if s.Options.Digest {
		view.Cadence = api.CadenceDaily
	}
	if s.Options.Postgres != 0 {
		view.PGVersion = &s.Options.Postgres
	}
	return view
}

// ListMySubscriptions lists what whoever asks follows.
func (h *handlers) ListMySubscriptions(ctx context.Context, request api.ListMySubscriptionsRequestObject) (api.ListMySubscriptionsResponseObject, error) {
	who := caller(ctx)
	q := query{"listMySubscriptions", who.ID}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	_, found, err := h.Follow.List(ctx, follow.Holder{Who: who}, page)
	if err != nil {
		return nil, err
	}
	found, next := cut(q, page, found, func(s ports.Subscription) string { return s.ID })
	items := make([]api.Subscription, len(found))
	for i, s := range found {
		items[i] = subscriptionView(s)
	}
	return api.ListMySubscriptions200JSONResponse{Body: api.Subscriptions{Items: items, NextCursor: next}}, nil
}

// ChangeMySubscription changes what whoever asks hears.
func (h *handlers) ChangeMySubscription(ctx context.Context, request api.ChangeMySubscriptionRequestObject) (api.ChangeMySubscriptionResponseObject, error) {
	// In JSON 17.0 is an integer too.
	var postgres *float64
	if sent := request.Body.PGVersion; sent != nil {
		if err := json.Unmarshal(sent, &postgres); err != nil {
			return nil, fault.New(fault.RequestInvalid, "The PostgreSQL major is not a number. Name one such as 17, or null.").Because(err)
		}
	}
	made, err := h.Follow.Change(ctx, follow.Holder{Who: caller(ctx)}, request.ID, func(options ports.FollowOptions) ports.FollowOptions {
		options = changed(options, *request.Body)
		if request.Body.PGVersion != nil {
			options.Postgres = 0
			if postgres != nil {
				options.Postgres = int(*postgres)
			}
		}
		return options
	})
	if err != nil {
		return nil, err
	}
	return api.ChangeMySubscription200JSONResponse{Body: subscriptionView(made)}, nil
}

// DeleteMySubscription ends a subscription of whoever asks.
func (h *handlers) DeleteMySubscription(ctx context.Context, request api.DeleteMySubscriptionRequestObject) (api.DeleteMySubscriptionResponseObject, error) {
	if err := h.Follow.Remove(ctx, follow.Holder{Who: caller(ctx)}, request.ID); err != nil {
		return nil, err
	}
	return api.DeleteMySubscription204Response{}, nil
}
