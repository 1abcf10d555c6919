package postgres

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// each makes a list of domain values of a list of rows; nil of nil.
func each[From, To any](rows []From, convert func(From) To) []To {
	if rows == nil {
		return nil
	}
	list := make([]To, len(rows))
	for i, row := range rows {
		list[i] = convert(row)
	}
	return list
}

// optional is NULL for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// text is "" for NULL.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	moment := t.UTC()
	return &moment
}

// errCursor is for keys that no page has ever given.
func errCursor() error {
	return fault.New(fault.CursorInvalid, "That cursor is not one of this registry. Begin again without it.")
}

// afterUUID is the key of a page whose items have UUIDs.
func afterUUID(page ports.Page) (*string, error) {
	if page.After != "" && uuid.Validate(page.After) != nil {
		return nil, errCursor()
	}
	return optional(page.After), nil
}

// afterNumber is the key of a page whose items are numbered.
func afterNumber(page ports.Page) (*int64, error) {
	if page.After == "" {
		return nil, nil //nolint:nilnil // NULL
	}
	n, err := strconv.ParseInt(page.After, 10, 64)
	if err != nil {
		return nil, errCursor()
	}
	return &n, nil
}
