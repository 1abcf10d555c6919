// Package events is the use case of following what happens to projects: one stream for feeds, mails, webhooks and other
// systems, in order and without gaps.
package events

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service reads the stream.
type Service struct {
	Events ports.Events
}

// Question narrows the stream; "" is for any.
type Question struct {
	// Project is a name, whatever its case. A project that is not there has no events.
	Project string
	Kind    ports.EventKind
}

// Since gives the first events after a sequence that fit a question, and the sequence to go on from: whoever does so sees
// each of them exactly once.
//
// Errors: cursor_invalid for a sequence that was not given yet, which is another registry's, or of one whose past was
// taken back; database_unavailable.
func (s *Service) Since(ctx context.Context, question Question, since int64, limit int) (events []ports.RecordedEvent, next int64, err error) {
	// Asked first: all up to the last one is among what is read then.
	last, err := s.Events.LastEvent(ctx)
	if err != nil {
		return nil, 0, err
	}
	if since > last {
		return nil, 0, fault.New(fault.CursorInvalid,
			"There is no event %d: the last one is %d. Begin again without since, or with the number that this registry gave you last.", since, last)
	}
	filter := ports.EventFilter{Kind: question.Kind}
	if question.Project != "" {
		filter.Project = extension.FoldName(question.Project)
	}
	events, err = s.Events.EventsSince(ctx, filter, since, limit)
	if err != nil {
		return nil, 0, err
	}
	next = since
	if len(events) < limit {
		// There is nothing more that fits, so nobody has to look through the rest again.
		next = last
	}
	if len(events) > 0 {
		next = max(events[len(events)-1].Sequence, next)
	}
	return events, next, nil
}
