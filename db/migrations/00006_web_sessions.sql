-- +goose Up

-- Who is signed in on the web's pages. What a browser has in its cookie is a secret, so only its SHA-256 is here.
CREATE TABLE web_sessions (
    sha256     bytea       NOT NULL,
    account_id uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT web_sessions_pkey PRIMARY KEY (sha256),
    CONSTRAINT web_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT web_sessions_sha256_check CHECK (length(sha256) = 32)
);
CREATE INDEX web_sessions_account_id_idx ON web_sessions (account_id);
CREATE INDEX web_sessions_expires_at_idx ON web_sessions (expires_at);

-- +goose Down
DROP TABLE web_sessions;
