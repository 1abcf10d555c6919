-- +goose Up
CREATE INDEX releases_recent_idx ON releases (updated_at DESC, id DESC) WHERE yanked_at IS NULL AND deleted_at IS NULL;

-- +goose Down
DROP INDEX releases_recent_idx;
