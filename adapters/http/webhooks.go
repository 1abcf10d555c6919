package http

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/webhook"
	"pgtrunk.io/registry/ports"
)

// EventWriter writes what webhooks are told, in the form that the contract has for those who ask.
type EventWriter struct{ public string }

var _ webhook.Bodies = (*EventWriter)(nil)

// NewEventWriter makes one for a registry that people know by an address.
func NewEventWriter(public *url.URL) *EventWriter { return &EventWriter{public: public.String()} }

// Event writes an event.
func (w *EventWriter) Event(event ports.RecordedEvent) ([]byte, error) {
	return json.Marshal(eventView(func(address string) string { return w.public + address }, event))
}

// Ping writes what a webhook is told that somebody tests.
func (*EventWriter) Ping(webhookID string, at time.Time) ([]byte, error) {
	return json.Marshal(api.WebhookPing{Kind: api.WebhookPingKindPing, Webhook: webhookID, At: at})
}

// CreateWebhook registers a webhook.
func (h *handlers) CreateWebhook(ctx context.Context, request api.CreateWebhookRequestObject) (api.CreateWebhookResponseObject, error) {
	sent := request.Body
	asked := webhook.Request{
		URL: sent.URL, Of: ports.Followed{Project: orEmpty(sent.Project), Category: orEmpty(sent.Category), Owner: orEmpty(sent.User)},
	}
	for _, kind := range sent.Kinds {
		asked.Kinds = append(asked.Kinds, ports.EventKind(kind))
	}
	made, secret, err := h.Webhooks.Register(ctx, caller(ctx), asked)
	if err != nil {
		return nil, err
	}
	return api.CreateWebhook201JSONResponse{Body: newWebhookView(made, secret)}, nil
}

// ListWebhooks lists the webhooks of whoever asks.
func (h *handlers) ListWebhooks(ctx context.Context, request api.ListWebhooksRequestObject) (api.ListWebhooksResponseObject, error) {
	who := caller(ctx)
	q := query{"listWebhooks", who.ID}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.Webhooks.List(ctx, who, page)
	if err != nil {
		return nil, err
	}
	found, next := cut(q, page, found, func(w ports.Webhook) string { return w.ID })
	items := make([]api.Webhook, len(found))
	for i, w := range found {
		items[i] = webhookView(w)
	}
	return api.ListWebhooks200JSONResponse{Body: api.Webhooks{Items: items, NextCursor: next}}, nil
}

// GetWebhook gives a webhook.
func (h *handlers) GetWebhook(ctx context.Context, request api.GetWebhookRequestObject) (api.GetWebhookResponseObject, error) {
	found, err := h.Webhooks.Get(ctx, caller(ctx), request.ID)
	if err != nil {
		return nil, err
	}
	return api.GetWebhook200JSONResponse{Body: webhookView(found)}, nil
}

// DeleteWebhook removes a webhook.
func (h *handlers) DeleteWebhook(ctx context.Context, request api.DeleteWebhookRequestObject) (api.DeleteWebhookResponseObject, error) {
	if err := h.Webhooks.Remove(ctx, caller(ctx), request.ID); err != nil {
		return nil, err
	}
	return api.DeleteWebhook204Response{}, nil
}

// RotateWebhookSecret gives a webhook another secret.
func (h *handlers) RotateWebhookSecret(ctx context.Context, request api.RotateWebhookSecretRequestObject) (api.RotateWebhookSecretResponseObject, error) {
	changed, secret, err := h.Webhooks.Rotate(ctx, caller(ctx), request.ID)
	if err != nil {
		return nil, err
	}
	return api.RotateWebhookSecret200JSONResponse{Body: newWebhookView(changed, secret)}, nil
}

// EnableWebhook switches a webhook on again.
func (h *handlers) EnableWebhook(ctx context.Context, request api.EnableWebhookRequestObject) (api.EnableWebhookResponseObject, error) {
	changed, err := h.Webhooks.Enable(ctx, caller(ctx), request.ID)
	if err != nil {
		return nil, err
	}
	return api.EnableWebhook200JSONResponse{Body: webhookView(changed)}, nil
}

// TestWebhook has a webhook called with a ping.
func (h *handlers) TestWebhook(ctx context.Context, request api.TestWebhookRequestObject) (api.TestWebhookResponseObject, error) {
	ping, err := h.Webhooks.Ping(ctx, caller(ctx), request.ID)
	if err != nil {
		return nil, err
	}
	return api.TestWebhook202JSONResponse{Body: deliveryView(ping)}, nil
}

// ListWebhookDeliveries gives the log of a webhook.
func (h *handlers) ListWebhookDeliveries(ctx context.Context, request api.ListWebhookDeliveriesRequestObject) (api.ListWebhookDeliveriesResponseObject, error) {
	q := query{"listWebhookDeliveries", request.ID}
	page, err := q.page(request.Params.Limit, request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.Webhooks.Log(ctx, caller(ctx), request.ID, page)
	if err != nil {
		return nil, err
	}
	found, next := cut(q, page, found, func(d ports.Delivery) string { return d.ID })
	items := make([]api.WebhookDelivery, len(found))
	for i, d := range found {
		items[i] = deliveryView(d)
	}
	return api.ListWebhookDeliveries200JSONResponse{Body: api.WebhookDeliveries{Items: items, NextCursor: next}}, nil
}

// RedeliverWebhook has a delivery made again.
func (h *handlers) RedeliverWebhook(ctx context.Context, request api.RedeliverWebhookRequestObject) (api.RedeliverWebhookResponseObject, error) {
	again, err := h.Webhooks.Redeliver(ctx, caller(ctx), request.ID, request.Delivery)
	if err != nil {
		return nil, err
	}
	return api.RedeliverWebhook202JSONResponse{Body: deliveryView(again)}, nil
}

func webhookView(w ports.Webhook) api.Webhook {
	kinds := make([]api.EventKind, len(w.Kinds))
	for i, kind := range w.Kinds {
		kinds[i] = api.EventKind(kind)
	}
	return api.Webhook{
		ID: w.ID, URL: w.URL, Project: nullable(w.Of.Project), Category: nullable(w.Of.Category), User: nullable(w.Of.Owner), Kinds: kinds,
		Active: w.Disabled == nil, DisabledAt: w.Disabled, DisabledReason: nullable(string(w.DisabledReason)), FailingSince: w.FailingSince,
		CreatedAt: w.Created,
	}
}

func newWebhookView(w ports.Webhook, secret string) api.NewWebhook {
	v := webhookView(w)
	return api.NewWebhook{
		ID: v.ID, URL: v.URL, Project: v.Project, Category: v.Category, User: v.User, Kinds: v.Kinds, Active: v.Active, DisabledAt: v.DisabledAt,
		DisabledReason: v.DisabledReason, FailingSince: v.FailingSince, CreatedAt: v.CreatedAt, Secret: secret,
	}
}

func deliveryView(d ports.Delivery) api.WebhookDelivery {
	view := api.WebhookDelivery{
		ID: d.ID, Kind: string(d.Kind), Project: nullable(d.Project), Version: nullable(d.Version), State: api.WebhookDeliveryState(d.State),
		CreatedAt: d.Created, NextAttemptAt: d.Next, Attempts: make([]api.WebhookAttempt, len(d.Attempts)), Answer: nullable(d.Answer),
	}
	if d.Sequence != 0 {
		view.Sequence = &d.Sequence
	}
	for i, a := range d.Attempts {
		view.Attempts[i] = api.WebhookAttempt{At: a.At, Took: a.Took.Seconds(), Error: nullable(a.Error)}
		if a.Status != 0 {
			view.Attempts[i].Status = &a.Status
		}
	}
	return view
}
