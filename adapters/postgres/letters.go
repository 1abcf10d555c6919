package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

// PostLetter has a letter sent once the unit of work is done.
func (t *tx) PostLetter(ctx context.Context, draft ports.LetterDraft) (posted bool, err error) {
	detail, err := json.Marshal(draft.Detail)
	if err != nil {
		return false, fmt.Errorf("encode the detail of a letter: %w", err)
	}
	_, err = t.queries.AddLetter(ctx, sqlcgen.AddLetterParams{
		ID: draft.ID, Kind: string(draft.Kind), Topic: draft.Topic, Detail: detail, At: draft.At, Recipient: draft.RecipientID,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, interpret(err)
}
