-- +goose Up

-- The role of an administrator is given, never signed in for.
ALTER TABLE accounts ADD COLUMN administrator boolean NOT NULL DEFAULT false;

-- Names that differ only in case are one name: nobody can pose as somebody else by it.
CREATE UNIQUE INDEX accounts_folded_key ON accounts (lower(name));

-- Who an account is by the word of an OpenID Connect provider. A name is no identity: it can be changed there.
CREATE TABLE account_identities (
    issuer     text        NOT NULL,
    subject    text        NOT NULL,
    account_id uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT account_identities_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT account_identities_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX account_identities_account_id_idx ON account_identities (account_id);

-- Sign-ins with an id of their own are good once; kept until they have ended anyway.
CREATE TABLE used_sign_ins (
    issuer     text        NOT NULL,
    id         text        NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT used_sign_ins_pkey PRIMARY KEY (issuer, id)
);
CREATE INDEX used_sign_ins_expires_at_idx ON used_sign_ins (expires_at);

ALTER TABLE tokens ADD COLUMN last_used_at timestamptz;

CREATE TABLE owner_invitations (
    id         uuid        NOT NULL,
    project_id uuid        NOT NULL,
    account_id uuid        NOT NULL,
    invited_by uuid        NOT NULL,
    -- Whoever invites stops owning the project when the other accepts.
    transfer   boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT owner_invitations_pkey PRIMARY KEY (id),
    CONSTRAINT owner_invitations_project_key UNIQUE (project_id, account_id),
    CONSTRAINT owner_invitations_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT owner_invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT owner_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX owner_invitations_account_id_idx ON owner_invitations (account_id);
CREATE INDEX owner_invitations_invited_by_idx ON owner_invitations (invited_by);

ALTER TABLE projects
    ADD COLUMN deprecated_at timestamptz,
    ADD COLUMN deprecation   text,
    -- What look-alike names share: see extension.NameKeys.
    ADD COLUMN name_keys     text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT projects_deprecation_check CHECK ((deprecated_at IS NULL) = (deprecation IS NULL));
UPDATE projects SET name_keys = (
    SELECT array_agg(DISTINCT k) FROM (
        SELECT skeleton AS k FROM (SELECT translate(folded, '01_', 'ol') AS skeleton) s
        UNION ALL
        SELECT overlay(skeleton PLACING '' FROM i FOR 1)
        FROM (SELECT translate(folded, '01_', 'ol') AS skeleton) s, generate_series(1, length(skeleton)) AS i
        WHERE length(skeleton) >= 5
    ) keys
);
CREATE INDEX projects_name_keys_idx ON projects USING gin (name_keys);

ALTER TABLE releases
    ADD COLUMN yank_reason      text,
    ADD COLUMN yank_replacement text,
    ADD COLUMN yanked_by        uuid,
    -- A deleted version keeps its row, so that its number is never free again.
    ADD COLUMN deleted_at       timestamptz,
    ADD CONSTRAINT releases_yanked_by_fkey FOREIGN KEY (yanked_by) REFERENCES accounts (id),
    ADD CONSTRAINT releases_yank_check CHECK (yanked_at IS NOT NULL OR (yank_reason IS NULL AND yank_replacement IS NULL AND yanked_by IS NULL));
-- Deleted versions are no more the latest than yanked ones.
DROP INDEX releases_latest_idx;
CREATE INDEX releases_latest_idx ON releases (project_id, prerelease, sort_key DESC) WHERE yanked_at IS NULL AND deleted_at IS NULL;

-- An artefact that lies elsewhere has an address instead of an object.
ALTER TABLE artefacts
    ADD COLUMN external_url text,
    DROP CONSTRAINT artefacts_size_check,
    ADD CONSTRAINT artefacts_size_check CHECK (size > 0 OR (size = 0 AND external_url IS NOT NULL));

DROP VIEW release_facts;
CREATE VIEW release_facts AS
SELECT r.id, r.project_id, p.name AS project, p.folded AS project_folded, r.version, r.sort_key, r.prerelease,
       r.description, r.documentation, r.homepage, r.repository, r.license,
       r.system_dependencies, r.configurations, r.libraries,
       r.publisher_id, a.name AS publisher, r.created_at, r.updated_at,
       r.yanked_at, r.yank_reason, r.yank_replacement, y.name AS yanked_by, p.deprecated_at, p.deprecation
FROM releases r
JOIN projects p ON p.id = r.project_id
JOIN accounts a ON a.id = r.publisher_id
LEFT JOIN accounts y ON y.id = r.yanked_by
WHERE r.deleted_at IS NULL;

CREATE TABLE project_readmes (
    project_id uuid        NOT NULL,
    -- The file's name; its ending tells the form of the text.
    name       text        NOT NULL,
    content    text        NOT NULL,
    -- The version whose archive it is from; NULL where it was read from the repository.
    version    text,
    updated_at timestamptz NOT NULL,
    CONSTRAINT project_readmes_pkey PRIMARY KEY (project_id),
    CONSTRAINT project_readmes_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT project_readmes_content_check CHECK (octet_length(content) <= 1048576)
);

-- How often who did what, for limits that hold over all processes: when the next action would be on time if every
-- action so far had come at the limit's own pace (the generic cell rate algorithm, ITU-T I.371).
CREATE TABLE rate_limits (
    subject text        NOT NULL,
    action  text        NOT NULL,
    on_time timestamptz NOT NULL,
    CONSTRAINT rate_limits_pkey PRIMARY KEY (subject, action)
);
CREATE INDEX rate_limits_on_time_idx ON rate_limits (on_time);

-- Objects that no artefact named when they were looked at, and that are being, or were, removed from the store.
CREATE TABLE swept_objects (
    sha256    bytea       NOT NULL,
    doomed_at timestamptz NOT NULL,
    swept_at  timestamptz,
    CONSTRAINT swept_objects_pkey PRIMARY KEY (sha256),
    CONSTRAINT swept_objects_sha256_check CHECK (length(sha256) = 32)
);
CREATE INDEX swept_objects_swept_at_idx ON swept_objects (swept_at);

CREATE INDEX audit_entries_account_id_idx ON audit_entries (account_id, id);
CREATE INDEX audit_entries_action_idx ON audit_entries (action, id);

ALTER TABLE events
    DROP CONSTRAINT events_kind_check,
    ADD CONSTRAINT events_kind_check
        CHECK (kind IN ('published', 'yanked', 'unyanked', 'deleted', 'deprecated', 'undeprecated', 'owner_added', 'owner_removed'));

-- +goose Down
DELETE FROM events WHERE kind <> 'published';
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN ('published'));
DROP INDEX audit_entries_action_idx, audit_entries_account_id_idx;
DROP TABLE swept_objects, rate_limits, project_readmes;
DROP VIEW release_facts;
DELETE FROM artefacts WHERE external_url IS NOT NULL;
ALTER TABLE artefacts DROP COLUMN external_url, ADD CONSTRAINT artefacts_size_check CHECK (size > 0);
DROP INDEX releases_latest_idx;
DELETE FROM releases WHERE deleted_at IS NOT NULL;
ALTER TABLE releases
    DROP CONSTRAINT releases_yank_check,
    DROP COLUMN deleted_at, DROP COLUMN yanked_by, DROP COLUMN yank_replacement, DROP COLUMN yank_reason;
CREATE INDEX releases_latest_idx ON releases (project_id, prerelease, sort_key DESC) WHERE yanked_at IS NULL;
ALTER TABLE projects
    DROP CONSTRAINT projects_deprecation_check,
    DROP COLUMN name_keys, DROP COLUMN deprecation, DROP COLUMN deprecated_at;
DROP TABLE owner_invitations;
ALTER TABLE tokens DROP COLUMN last_used_at;
DROP TABLE used_sign_ins, account_identities;
DROP INDEX accounts_folded_key;
ALTER TABLE accounts DROP COLUMN administrator;
CREATE VIEW release_facts AS
SELECT r.id, r.project_id, p.name AS project, p.folded AS project_folded, r.version, r.sort_key, r.prerelease,
       r.description, r.documentation, r.homepage, r.repository, r.license,
       r.system_dependencies, r.configurations, r.libraries,
       r.publisher_id, a.name AS publisher, r.created_at, r.updated_at, r.yanked_at
FROM releases r
JOIN projects p ON p.id = r.project_id
JOIN accounts a ON a.id = r.publisher_id;
