package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.Audience = (*Store)(nil)
	_ ports.News     = (*Store)(nil)
)

// Event gives an event by its row.
func (s *Store) Event(ctx context.Context, id int64) (ports.RecordedEvent, error) {
	row, err := s.queries.RecordedEventByID(ctx, id)
	if err != nil {
		return ports.RecordedEvent{}, interpret(err)
	}
	return recordedEvent(row)
}

// Followers gives recipients whom an occasion concerns.
func (s *Store) Followers(ctx context.Context, occasion ports.Occasion, after string, limit int) ([]ports.Follower, error) {
	params := followersOf(occasion)
	params.After, params.Most = optional(after), int32(limit)
	return s.followers(ctx, params)
}

// Follows gives the subscription by which an occasion concerns a recipient.
func (s *Store) Follows(ctx context.Context, occasion ports.Occasion, recipientID string) (ports.Follower, bool, error) {
	params := followersOf(occasion)
	params.Recipient, params.Most = &recipientID, 1
	found, err := s.followers(ctx, params)
	if err != nil || len(found) == 0 {
		return ports.Follower{}, false, err
	}
	return found[0], true, nil
}

func followersOf(occasion ports.Occasion) sqlcgen.FollowersOfProjectParams {
	params := sqlcgen.FollowersOfProjectParams{
		Folded: extension.FoldName(occasion.Project), At: &occasion.At, Withdrawal: occasion.Withdrawal, Prerelease: occasion.Prerelease,
	}
	if occasion.Postgres > 0 {
		major := int32(occasion.Postgres)
		params.Major = &major
	}
	return params
}

func (s *Store) followers(ctx context.Context, params sqlcgen.FollowersOfProjectParams) ([]ports.Follower, error) {
	rows, err := s.queries.FollowersOfProject(ctx, params)
	return each(rows, func(row sqlcgen.FollowersOfProjectRow) ports.Follower {
		return ports.Follower{RecipientID: row.RecipientID, SubscriptionID: row.ID, Digest: row.Digest}
	}), interpret(err)
}

// OwnersToTell gives the addresses of a project's owners.
func (s *Store) OwnersToTell(ctx context.Context, project, user string) ([]string, error) {
	rows, err := s.queries.OwnersToTell(ctx, user, extension.FoldName(project))
	return each(rows, func(row sqlcgen.OwnersToTellRow) string { return text(row.Email) }), interpret(err)
}

// AddressOfAccount gives where letters to an account go.
func (t *tx) AddressOfAccount(ctx context.Context, accountID string) (string, error) {
	address, err := t.queries.AddressOfAccount(ctx, accountID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return text(address), interpret(err)
}

// TokensEnding gives the tokens that are about to end.
func (s *Store) TokensEnding(ctx context.Context, now, until time.Time) ([]ports.EndingToken, error) {
	rows, err := s.queries.TokensEnding(ctx, &now, &until)
	return each(rows, func(row sqlcgen.TokensEndingRow) ports.EndingToken {
		return ports.EndingToken{ID: row.ID, AccountID: row.AccountID}
	}), interpret(err)
}

// ReleaseNews gives what there is to tell of a version.
func (s *Store) ReleaseNews(ctx context.Context, project, version string) (news ports.ReleaseNews, found bool, err error) {
	row, err := s.queries.NewsOfRelease(ctx, extension.FoldName(project), version)
	if errors.Is(err, pgx.ErrNoRows) {
		return ports.ReleaseNews{}, false, nil
	}
	if err != nil {
		return ports.ReleaseNews{}, false, interpret(err)
	}
	builds, err := s.queries.NewsOfBuilds(ctx, row.ID)
	return ports.ReleaseNews{
		Project: row.Project, Version: row.Version, Description: row.Description, Previous: row.Previous, Publisher: row.Publisher,
		Prerelease: row.Prerelease, Published: row.CreatedAt.UTC(),
		Builds: each(builds, func(build sqlcgen.NewsOfBuildsRow) ports.NewsBuild {
			return ports.NewsBuild{
				Postgres: int(build.PgMajor), Platform: extension.Platform(build.Platform), SHA256: hex.EncodeToString(build.Sha256), Size: build.Size,
			}
		}),
	}, true, interpret(err)
}

// TokenNews gives what there is to tell of a token.
func (s *Store) TokenNews(ctx context.Context, id string) (news ports.TokenNews, found bool, err error) {
	row, err := s.queries.NewsOfToken(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return ports.TokenNews{}, false, nil
	}
	return ports.TokenNews{
		ID: row.ID, Name: row.Name, Scopes: row.Scopes, Projects: row.Projects, Created: row.CreatedAt.UTC(), Expires: row.ExpiresAt,
	}, err == nil, interpret(err)
}
