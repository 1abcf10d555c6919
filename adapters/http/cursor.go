package http

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// cursorVersion changes when the form of cursors does.
const cursorVersion = 1

// cursor is what a next_cursor says, in JSON and base64url.
type cursor struct {
	Version int `json:"v"`
	// Query is a digest of what was asked, so that a cursor is good for the same query only.
	Query string `json:"q"`
	// After is the key of the last item that was given.
	After string `json:"a"`
}

// query is a list that is asked for page by page: its operation and everything that decides what is in it.
type query []string

func (q query) digest() string {
	sum := sha256.Sum256([]byte(strings.Join(q, "\x00")))
	return hex.EncodeToString(sum[:8])
}

const (
	defaultLimit = 20
	maxLimit     = 100
)

// page reads limit and cursor. It asks for one item more, which tells whether there is another page.
//
// Errors: cursor_invalid, cursor_mismatch.
func (q query) page(limit *int, encoded *string) (ports.Page, error) {
	page := ports.Page{Limit: defaultLimit + 1}
	if limit != nil {
		page.Limit = min(*limit, maxLimit) + 1
	}
	if encoded == nil {
		return page, nil
	}
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(*encoded)
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Version != cursorVersion || c.After == "" {
		return page, fault.New(fault.CursorInvalid, "That cursor is not one of this registry. Begin again without it.")
	}
	if c.Query != q.digest() {
		return page, fault.New(fault.CursorMismatch, "That cursor is of another query. Send it with the same parameters, or begin again without it.")
	}
	page.After = c.After
	return page, nil
}

// cut takes the item too many off a page, and gives the cursor of the next one; nil on the last.
func cut[T any](q query, page ports.Page, items []T, key func(T) string) ([]T, *string) {
	if len(items) < page.Limit {
		return items, nil
	}
	items = items[:page.Limit-1]
	return items, q.cursor(key(items[len(items)-1]))
}

// cursor is the cursor of the page after a key; nil for "".
func (q query) cursor(after string) *string {
	raw, err := json.Marshal(cursor{cursorVersion, q.digest(), after})
	if err != nil || after == "" {
		return nil // two strings and a number
	}
	encoded := base64.RawURLEncoding.EncodeToString(raw)
	return &encoded
}

// orEmpty is "" for what was not sent.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// caller is who asks, as the check of the operation's needs found out.
func caller(ctx context.Context) ports.Caller {
	info := infoOf(ctx)
	return ports.Caller{Identity: info.who, Origin: info.origin}
}
