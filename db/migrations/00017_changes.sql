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

-- +goose Down
DROP TABLE release_changes;
