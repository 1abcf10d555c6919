-- +goose Up

-- What the change log in the first archive that had one says of a version and of those between it and the one before it.
CREATE TABLE release_changes (
    release_id uuid        NOT NULL,
    -- The file's name tells whether it is Markdown.
    name       text        NOT NULL,
    content    text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT release_changes_pkey PRIMARY KEY (release_id),
    CONSTRAINT release_changes_release_id_fkey FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT release_changes_name_check CHECK (name <> '' AND length(name) <= 100),
    CONSTRAINT release_changes_content_check CHECK (content <> '' AND octet_length(content) <= 65536)
);

-- The version of its project that comes before a version in order, '' where there is none. A release comes after a release,
-- whatever pre-releases there were.
CREATE FUNCTION previous_version(release uuid) RETURNS text LANGUAGE sql STABLE
RETURN coalesce((
    SELECT o.version FROM releases r
    JOIN releases o ON o.project_id = r.project_id AND o.sort_key < r.sort_key AND o.deleted_at IS NULL AND (r.prerelease OR NOT o.prerelease)
    WHERE r.id = release
    ORDER BY o.sort_key DESC LIMIT 1), '');

-- +goose Down
DROP FUNCTION previous_version;
DROP TABLE release_changes;
