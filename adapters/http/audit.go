package http

import (
	"context"
	"encoding/json"
	"fmt"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/journal"
	"pgtrunk.io/registry/ports"
)

// ListAuditEntries lists who did what.
func (h *handlers) ListAuditEntries(ctx context.Context, request api.ListAuditEntriesRequestObject) (api.ListAuditEntriesResponseObject, error) {
	who, params := caller(ctx), request.Params
	question := journal.Question{Project: orEmpty(params.Project), User: orEmpty(params.User), Action: orEmpty(params.Action)}
	q := query{"listAuditEntries", who.ID, question.Project, question.User, question.Action}
	page, err := q.page(params.Limit, params.Cursor)
	if err != nil {
		return nil, err
	}
	entries, err := h.Journal.Entries(ctx, who, question, page)
	if err != nil {
		return nil, err
	}
	entries, next := cut(q, page, entries, func(e ports.RecordedEntry) string { return e.ID })
	items := make([]api.AuditEntry, len(entries))
	for i, e := range entries {
		if items[i], err = auditEntry(e); err != nil {
			return nil, err
		}
	}
	return api.ListAuditEntries200JSONResponse{Body: api.AuditEntries{Items: items, NextCursor: next}}, nil
}

func auditEntry(e ports.RecordedEntry) (api.AuditEntry, error) {
	view := api.AuditEntry{
		ID: e.ID, At: e.At, User: nullable(e.Account), Action: e.Action, Project: nullable(e.Project),
		From: nullable(e.Origin.Address), RequestID: e.Origin.RequestID, Detail: map[string]any{},
	}
	if raw, ok := e.Detail.(json.RawMessage); ok {
		if err := json.Unmarshal(raw, &view.Detail); err != nil {
			return view, fmt.Errorf("read the detail of audit entry %s: %w", e.ID, err)
		}
	}
	return view, nil
}
