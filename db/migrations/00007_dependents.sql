-- +goose Up
-- Who needs an extension is asked for each page of a project.
CREATE INDEX release_extensions_dependencies_idx ON release_extensions USING gin (dependencies);

-- +goose Down
DROP INDEX release_extensions_dependencies_idx;
