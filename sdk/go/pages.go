package trunk

import (
	"context"
	"iter"

	"pgtrunk.io/registry/sdk/go/api"
)

// Pages walks a list with cursors: fetch gets the cursor of a page, nil for the first, and gives the page's items and the
// cursor of the next, nil where there is none. A fault ends the walk and is the last that comes, with a zero item.
func Pages[T any](ctx context.Context, fetch func(ctx context.Context, cursor *string) ([]T, *string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var cursor *string
		for {
			items, next, err := fetch(ctx, cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			cursor = next
		}
	}
}

// Search gives the projects that fit, the best first. Params.Limit is how many are asked for at once, 20 where it is nil.
// The registry gives at most the first 1,000 where words were asked for.
func (c *Client) Search(ctx context.Context, params api.SearchParams) iter.Seq2[api.SearchItem, error] {
	return Pages(ctx, func(ctx context.Context, cursor *string) ([]api.SearchItem, *string, error) {
		if cursor != nil {
			params.Cursor = cursor
		}
		page, err := ok(c.api.SearchWithResponse(ctx, &params))
		return page.Items, page.NextCursor, err
	})
}

// Events gives what happened after the event with the number since, 0 for all, in order, and ends with the latest. Keep the
// Sequence of the last that was worked on, and begin there the next time.
func (c *Client) Events(ctx context.Context, since int, params api.ListEventsParams) iter.Seq2[api.Event, error] {
	return func(yield func(api.Event, error) bool) {
		for {
			params.Since = &since
			page, err := ok(c.api.ListEventsWithResponse(ctx, &params))
			if err != nil {
				yield(api.Event{}, err)
				return
			}
			for _, event := range page.Items {
				if !yield(event, nil) {
					return
				}
			}
			if len(page.Items) == 0 {
				return
			}
			since = int(page.Next)
		}
	}
}

// Tokens gives the API tokens of who asks, without their secrets.
func (c *Client) Tokens(ctx context.Context) iter.Seq2[api.Token, error] {
	return Pages(ctx, func(ctx context.Context, cursor *string) ([]api.Token, *string, error) {
		page, err := ok(c.api.ListTokensWithResponse(ctx, &api.ListTokensParams{Cursor: cursor}))
		return page.Items, page.NextCursor, err
	})
}

// Audit gives the record of changes, the newest first; params say which.
func (c *Client) Audit(ctx context.Context, params api.ListAuditEntriesParams) iter.Seq2[api.AuditEntry, error] {
	return Pages(ctx, func(ctx context.Context, cursor *string) ([]api.AuditEntry, *string, error) {
		if cursor != nil {
			params.Cursor = cursor
		}
		page, err := ok(c.api.ListAuditEntriesWithResponse(ctx, &params))
		return page.Items, page.NextCursor, err
	})
}

// Subscriptions gives what the verified address of who asks follows, the newest first.
func (c *Client) Subscriptions(ctx context.Context) iter.Seq2[api.Subscription, error] {
	return Pages(ctx, func(ctx context.Context, cursor *string) ([]api.Subscription, *string, error) {
		page, err := ok(c.api.ListMySubscriptionsWithResponse(ctx, &api.ListMySubscriptionsParams{Cursor: cursor}))
		return page.Items, page.NextCursor, err
	})
}
