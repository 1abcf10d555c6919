package http

import (
	"context"
	"net/url"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/events"
	"pgtrunk.io/registry/ports"
)

// defaultEvents and mostEvents are how many events an answer has at most: more than items of other lists, since they are
// small and those who ask want all of them.
const (
	defaultEvents = 100
	mostEvents    = 1000
)

// ListEvents gives what happened after an event.
func (h *handlers) ListEvents(ctx context.Context, request api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	params, limit, since := request.Params, defaultEvents, int64(0)
	if params.Limit != nil {
		limit = min(*params.Limit, mostEvents)
	}
	if params.Since != nil {
		since = int64(*params.Since)
	}
	question := events.Question{Project: orEmpty(params.Project)}
	if params.Kind != nil {
		question.Kind = ports.EventKind(*params.Kind)
	}
	found, next, err := h.Events.Since(ctx, question, since, limit)
	if err != nil {
		return nil, err
	}
	items := make([]api.Event, len(found))
	for i, e := range found {
		items[i] = eventView(h.site.Absolute, e)
	}
	return api.ListEvents200JSONResponse{Body: api.Events{Items: items, Next: next}}, nil
}

// eventView is an event as everybody is told of it, whether they ask or a webhook is called. Absolute makes an absolute address
// of one that begins with a slash.
func eventView(absolute func(string) string, e ports.RecordedEvent) api.Event {
	path := projectPath(e.Project)
	if e.Version != "" {
		path += "/" + url.PathEscape(e.Version)
	}
	view := api.Event{
		Sequence: e.Sequence, Kind: api.EventKind(e.Kind), At: e.At, Project: e.Project, Version: nullable(e.Version),
		Platform: nullable(string(e.Build.Platform)), SHA256: nullable(e.Build.SHA256), Reason: nullable(e.Reason),
		Replacement: nullable(e.Replacement), Message: nullable(e.Message), User: nullable(e.User), Address: absolute(path),
	}
	if e.Kind == ports.Published {
		view.PGVersion, view.NewProject = &e.Build.Postgres, &e.NewProject
	}
	return view
}
