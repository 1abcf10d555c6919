package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

var _ ports.Events = (*Store)(nil)

// payload is what an event says beside its kind, time and project.
type payload struct {
	Version     string `json:"version"`
	Postgres    int    `json:"pg_version"`
	Platform    string `json:"platform"`
	SHA256      string `json:"sha256"`
	NewProject  bool   `json:"new_project"`
	Reason      string `json:"reason"`
	Replacement string `json:"replacement"`
	Message     string `json:"message"`
	User        string `json:"user"`
}

// Emit appends an event, which is numbered when the transaction commits.
func (t *tx) Emit(ctx context.Context, event ports.Event) error {
	payload, err := json.Marshal(event.Payload)
	if err != nil {
		return fmt.Errorf("encode the payload of an event: %w", err)
	}
	id, err := t.queries.AddEvent(ctx, event.At, string(event.Kind), event.Project, payload)
	if err != nil || t.queue == nil {
		return interpret(err)
	}
	var letters time.Time
	if event.Kind == ports.Published && t.settle > 0 {
		letters = event.At.Add(t.settle)
	}
	return interpret(t.queue.Announce(ctx, t.pgx, id, letters))
}

// LastEvent gives the sequence of the last event.
func (s *Store) LastEvent(ctx context.Context) (int64, error) {
	last, err := s.queries.LastEvent(ctx)
	return last, interpret(err)
}

// EventsSince gives the first events after a sequence.
func (s *Store) EventsSince(ctx context.Context, filter ports.EventFilter, since int64, limit int) ([]ports.RecordedEvent, error) {
	rows, err := s.queries.EventsSince(ctx, since, optional(filter.Project), optional(string(filter.Kind)), int32(limit))
	if err != nil {
		return nil, interpret(err)
	}
	events := make([]ports.RecordedEvent, len(rows))
	for i, row := range rows {
		events[i], err = recordedEvent(sqlcgen.RecordedEventByIDRow(row))
		if err != nil {
			return nil, err
		}
	}
	return events, nil
}

func recordedEvent(row sqlcgen.RecordedEventByIDRow) (ports.RecordedEvent, error) {
	var told payload
	if err := json.Unmarshal(row.Payload, &told); err != nil {
		return ports.RecordedEvent{}, fmt.Errorf("read the payload of event %d: %w", row.Sequence, err)
	}
	return ports.RecordedEvent{
		Sequence: row.Sequence, At: row.At.UTC(), Kind: ports.EventKind(row.Kind), Project: row.Project, Version: told.Version,
		Build:      ports.RecordedBuild{Postgres: told.Postgres, Platform: extension.Platform(told.Platform), SHA256: told.SHA256},
		NewProject: told.NewProject, Reason: told.Reason, Replacement: told.Replacement, Message: told.Message, User: told.User,
	}, nil
}
