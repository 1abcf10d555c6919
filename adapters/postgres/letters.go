package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Post    = (*tx)(nil)
	_ ports.Letters = (*Store)(nil)
)

// PostLetter has a letter sent once the unit of work is done.
func (t *tx) PostLetter(ctx context.Context, draft ports.LetterDraft) (posted bool, err error) {
	count, err := t.PostLetters(ctx, []ports.LetterDraft{draft})
	return count == 1, err
}

// waiting and queued are the states that a letter begins with.
const (
	waiting = "waiting"
	queued  = string(ports.LetterQueued)
)

// PostLetters has letters sent once the unit of work is done.
func (t *tx) PostLetters(ctx context.Context, drafts []ports.LetterDraft) (posted int, err error) {
	var rows sqlcgen.AddLettersParams
	for _, draft := range drafts {
		detail, err := json.Marshal(draft.Detail)
		if err != nil {
			return 0, fmt.Errorf("encode the detail of a letter: %w", err)
		}
		state := queued
		if draft.Waits {
			state = waiting
		}
		rows.Ids, rows.Recipients = append(rows.Ids, draft.ID), append(rows.Recipients, draft.RecipientID)
		rows.Kinds, rows.Topics = append(rows.Kinds, string(draft.Kind)), append(rows.Topics, draft.Topic)
		rows.Details, rows.States = append(rows.Details, string(detail)), append(rows.States, state)
		rows.Times = append(rows.Times, draft.At)
	}
	added, err := t.queries.AddLetters(ctx, rows)
	if err != nil {
		return 0, interpret(err)
	}
	var atOnce []string
	for _, row := range added {
		if row.State == queued {
			atOnce = append(atOnce, row.ID)
		}
	}
	return len(added), t.deliver(ctx, atOnce)
}

func (t *tx) deliver(ctx context.Context, ids []string) error {
	if t.queue == nil || len(ids) == 0 {
		return nil
	}
	return interpret(t.queue.Deliver(ctx, t.pgx, ids...))
}

// DigestLetters lets a digest tell of what waits.
func (t *tx) DigestLetters(ctx context.Context, recipientID, digestID string, before time.Time) (int, error) {
	count, err := t.queries.DigestLetters(ctx, &before, digestID, recipientID)
	return int(count), interpret(err)
}

// RetryLetters has letters sent again that were given up.
func (t *tx) RetryLetters(ctx context.Context, ids []string, at time.Time) ([]string, error) {
	retried, err := t.queries.RetryLetters(ctx, at, ids)
	if err != nil {
		return nil, interpret(err)
	}
	return retried, t.deliver(ctx, retried)
}

// TellTokenEnd records that the end of a token was told of.
func (t *tx) TellTokenEnd(ctx context.Context, tokenID string, at time.Time) (bool, error) {
	count, err := t.queries.TellTokenEnd(ctx, &at, tokenID)
	return count == 1, interpret(err)
}

// Letter gives a letter.
func (s *Store) Letter(ctx context.Context, id string) (letter ports.Letter, found bool, err error) {
	row, err := s.queries.LetterByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return ports.Letter{}, false, nil
	}
	if err != nil {
		return ports.Letter{}, false, interpret(err)
	}
	letter = ports.Letter{
		LetterDraft: ports.LetterDraft{ID: row.ID, RecipientID: row.RecipientID, Kind: ports.LetterKind(row.Kind), Topic: row.Topic, At: row.CreatedAt.UTC()},
		Address:     row.Address, Closed: ports.ClosedReason(text(row.ClosedReason)), State: ports.LetterState(row.State), Attempts: int(row.Attempts),
	}
	if err := json.Unmarshal(row.Detail, &letter.Detail); err != nil {
		return ports.Letter{}, false, fmt.Errorf("read the detail of letter %s: %w", row.ID, err)
	}
	return letter, true, nil
}

// SettleLetter records what came of a letter's turn.
func (s *Store) SettleLetter(ctx context.Context, outcome ports.LetterOutcome) error {
	row := sqlcgen.SettleLetterParams{ID: outcome.LetterID, State: string(outcome.State), Answer: optional(outcome.Answer)}
	if outcome.Tried {
		row.Tried = 1
	}
	if outcome.State != ports.LetterQueued {
		row.Settled = &outcome.At
	}
	return interpret(s.queries.SettleLetter(ctx, row))
}

// CloseBounced ends letters to a recipient whose mailbox does not exist.
func (s *Store) CloseBounced(ctx context.Context, recipientID string, at time.Time) error {
	return interpret(s.queries.CloseBounced(ctx, &at, recipientID))
}

// LettersOfDigest gives what a digest tells of.
func (s *Store) LettersOfDigest(ctx context.Context, digestID string) ([]ports.LetterDraft, error) {
	rows, err := s.queries.LettersOfDigest(ctx, digestID)
	if err != nil {
		return nil, interpret(err)
	}
	drafts := make([]ports.LetterDraft, len(rows))
	for i, row := range rows {
		drafts[i].Kind = ports.LetterKind(row.Kind)
		if err := json.Unmarshal(row.Detail, &drafts[i].Detail); err != nil {
			return nil, fmt.Errorf("read the detail of a letter of digest %s: %w", digestID, err)
		}
	}
	return drafts, nil
}

// RecipientsWaiting gives those who have letters that wait for a digest.
func (s *Store) RecipientsWaiting(ctx context.Context, before time.Time, after string, limit int) ([]string, error) {
	ids, err := s.queries.RecipientsWaiting(ctx, before, optional(after), int32(limit))
	return ids, interpret(err)
}

// DeadLetters gives letters that were given up.
func (s *Store) DeadLetters(ctx context.Context, limit int) ([]ports.DeadLetter, error) {
	rows, err := s.queries.DeadLetters(ctx, int32(limit))
	return each(rows, func(row sqlcgen.DeadLettersRow) ports.DeadLetter {
		dead := ports.DeadLetter{
			ID: row.ID, Kind: ports.LetterKind(row.Kind), Topic: row.Topic, Address: row.Address, Attempts: int(row.Attempts), Answer: row.Answer,
		}
		if row.SettledAt != nil {
			dead.At = row.SettledAt.UTC()
		}
		return dead
	}), interpret(err)
}

// LettersQueued counts the letters that are to be sent, by kind.
func (s *Store) LettersQueued(ctx context.Context) (map[ports.LetterKind]int, error) {
	rows, err := s.queries.LettersQueued(ctx)
	if err != nil {
		return nil, interpret(err)
	}
	queued := map[ports.LetterKind]int{}
	for _, row := range rows {
		queued[ports.LetterKind(row.Kind)] = int(row.Letters)
	}
	return queued, nil
}
