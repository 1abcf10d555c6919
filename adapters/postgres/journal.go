package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Journal = (*tx)(nil)
	_ ports.Record  = (*Store)(nil)
)

// Audit appends to the record of who did what.
func (t *tx) Audit(ctx context.Context, entry ports.AuditEntry) error {
	detail, err := json.Marshal(entry.Detail)
	if err != nil {
		return fmt.Errorf("encode the detail of an audit entry: %w", err)
	}
	return interpret(t.queries.AddAuditEntry(ctx, sqlcgen.AddAuditEntryParams{
		At: entry.At, AccountID: optional(entry.AccountID), Action: entry.Action, Project: optional(entry.Project),
		Origin: entry.Origin.Address, RequestID: entry.Origin.RequestID, Detail: detail,
	}))
}

// AuditEntries gives a page of the record.
func (s *Store) AuditEntries(ctx context.Context, filter ports.AuditFilter, page ports.Page) ([]ports.RecordedEntry, error) {
	after, err := afterNumber(page)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries.AuditEntries(ctx, sqlcgen.AuditEntriesParams{
		Project: optional(filter.Project), Account: optional(filter.AccountID), Action: optional(filter.Action),
		After: after, Most: int32(page.Limit),
	})
	return each(rows, func(row sqlcgen.AuditEntriesRow) ports.RecordedEntry {
		return ports.RecordedEntry{
			AuditEntry: ports.AuditEntry{
				At: row.At.UTC(), AccountID: text(row.AccountID), Action: row.Action, Project: text(row.Project),
				Origin: ports.Origin{Address: row.Origin, RequestID: row.RequestID}, Detail: json.RawMessage(row.Detail),
			},
			ID: strconv.FormatInt(row.ID, 10), Account: text(row.Account),
		}
	}), interpret(err)
}
