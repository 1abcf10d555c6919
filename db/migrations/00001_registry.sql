-- +goose Up

-- Every rule that a table can keep is a named constraint; adapters/postgres/errors.go says what its violation means.

CREATE TABLE accounts (
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_name_key UNIQUE (name),
    CONSTRAINT accounts_name_check CHECK (name <> '' AND length(name) <= 200)
);

CREATE TABLE tokens (
    id         uuid        NOT NULL,
    account_id uuid        NOT NULL,
    name       text        NOT NULL,
    -- The plain text is nowhere.
    sha256     bytea       NOT NULL,
    scopes     text[]      NOT NULL,
    -- Patterns of project names with * at the end; none means every project.
    projects   text[]      NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT tokens_pkey PRIMARY KEY (id),
    CONSTRAINT tokens_sha256_key UNIQUE (sha256),
    CONSTRAINT tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT tokens_sha256_check CHECK (length(sha256) = 32)
);
CREATE INDEX tokens_account_id_idx ON tokens (account_id);

CREATE TABLE categories (
    id          bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    slug        text   NOT NULL,
    name        text   NOT NULL,
    description text   NOT NULL,
    CONSTRAINT categories_pkey PRIMARY KEY (id),
    CONSTRAINT categories_slug_key UNIQUE (slug)
);

CREATE TABLE projects (
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    -- Names that differ only in case or in - and _ are one name.
    folded     text COLLATE "C" NOT NULL GENERATED ALWAYS AS (replace(lower(name), '-', '_')) STORED,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT projects_pkey PRIMARY KEY (id),
    CONSTRAINT projects_folded_key UNIQUE (folded),
    CONSTRAINT projects_name_check CHECK (name ~ '^[A-Za-z][A-Za-z0-9_]{0,63}$')
);

CREATE TABLE project_owners (
    project_id uuid        NOT NULL,
    account_id uuid        NOT NULL,
    since      timestamptz NOT NULL,
    CONSTRAINT project_owners_pkey PRIMARY KEY (project_id, account_id),
    CONSTRAINT project_owners_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT project_owners_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX project_owners_account_id_idx ON project_owners (account_id);

CREATE TABLE project_categories (
    project_id  uuid   NOT NULL,
    category_id bigint NOT NULL,
    CONSTRAINT project_categories_pkey PRIMARY KEY (project_id, category_id),
    CONSTRAINT project_categories_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT project_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories (id)
);
CREATE INDEX project_categories_category_id_idx ON project_categories (category_id);

-- An extension name belongs to the first project that provides it.
CREATE TABLE extension_names (
    folded     text NOT NULL,
    project_id uuid NOT NULL,
    CONSTRAINT extension_names_pkey PRIMARY KEY (folded),
    CONSTRAINT extension_names_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT extension_names_folded_check CHECK (folded = replace(lower(folded), '-', '_'))
);
CREATE INDEX extension_names_project_id_idx ON extension_names (project_id);

CREATE TABLE releases (
    id                  uuid        NOT NULL,
    project_id          uuid        NOT NULL,
    version             text        NOT NULL,
    -- The core's order of versions as bytes: SQL compares it and never looks into a version.
    sort_key            bytea       NOT NULL,
    prerelease          boolean     NOT NULL,
    description         text        NOT NULL,
    documentation       text        NOT NULL,
    homepage            text        NOT NULL,
    repository          text        NOT NULL,
    license             text        NOT NULL,
    system_dependencies jsonb       NOT NULL,
    configurations      jsonb       NOT NULL,
    libraries           jsonb       NOT NULL,
    publisher_id        uuid        NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    yanked_at           timestamptz,
    CONSTRAINT releases_pkey PRIMARY KEY (id),
    CONSTRAINT releases_version_key UNIQUE (project_id, version),
    CONSTRAINT releases_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT releases_publisher_id_fkey FOREIGN KEY (publisher_id) REFERENCES accounts (id)
);
-- The latest release of a project is the first row of this index.
CREATE INDEX releases_latest_idx ON releases (project_id, prerelease, sort_key DESC) WHERE yanked_at IS NULL;

CREATE TABLE release_extensions (
    release_id      uuid   NOT NULL,
    name            text   NOT NULL,
    default_version text   NOT NULL,
    dependencies    text[] NOT NULL,
    -- NULL for a module that is only loaded.
    control_file    text,
    CONSTRAINT release_extensions_pkey PRIMARY KEY (release_id, name),
    CONSTRAINT release_extensions_release_id_fkey FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE
);

CREATE TABLE artefacts (
    id           uuid        NOT NULL,
    release_id   uuid        NOT NULL,
    pg_major     integer     NOT NULL,
    platform     text        NOT NULL,
    sha256       bytea       NOT NULL,
    size         bigint      NOT NULL,
    -- What the inspection of the archive found.
    report       jsonb       NOT NULL,
    publisher_id uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT artefacts_pkey PRIMARY KEY (id),
    CONSTRAINT artefacts_build_key UNIQUE (release_id, pg_major, platform),
    CONSTRAINT artefacts_release_id_fkey FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT artefacts_publisher_id_fkey FOREIGN KEY (publisher_id) REFERENCES accounts (id),
    CONSTRAINT artefacts_sha256_check CHECK (length(sha256) = 32),
    CONSTRAINT artefacts_size_check CHECK (size > 0)
);
CREATE INDEX artefacts_sha256_idx ON artefacts (sha256);

-- A release with the names that readers want beside it.
CREATE VIEW release_facts AS
SELECT r.id, r.project_id, p.name AS project, p.folded AS project_folded, r.version, r.sort_key, r.prerelease,
       r.description, r.documentation, r.homepage, r.repository, r.license,
       r.system_dependencies, r.configurations, r.libraries,
       r.publisher_id, a.name AS publisher, r.created_at, r.updated_at, r.yanked_at
FROM releases r
JOIN projects p ON p.id = r.project_id
JOIN accounts a ON a.id = r.publisher_id;

CREATE TABLE preload_libraries (
    name text NOT NULL,
    CONSTRAINT preload_libraries_pkey PRIMARY KEY (name)
);

-- Who did what, written in the transaction of the change and never altered.
CREATE TABLE audit_entries (
    id         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    account_id uuid,
    action     text        NOT NULL,
    project    text,
    -- The address the request came from; empty for the command line of the registry itself.
    origin     text        NOT NULL,
    request_id text        NOT NULL,
    detail     jsonb       NOT NULL,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entries_project_idx ON audit_entries (project, id);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The outbox: what happened, for whoever has to tell others.
CREATE TABLE events (
    id      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    at      timestamptz NOT NULL,
    kind    text        NOT NULL,
    project text        NOT NULL,
    payload jsonb       NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_kind_check CHECK (kind IN ('published'))
);

INSERT INTO categories (slug, name, description) VALUES
    ('analytics', 'Analytics', 'Aggregates, statistics and columnar storage for analysing data.'),
    ('auditing_logging', 'Auditing / Logging', 'Keeping a record of who did what.'),
    ('change_data_capture', 'Change Data Capture', 'Following the changes of a database as they happen.'),
    ('connectors', 'Connectors', 'Reading and writing data that lies elsewhere.'),
    ('data_transformations', 'Data / Transformations', 'Types and functions that hold and reshape data.'),
    ('debugging', 'Debugging', 'Looking into functions and queries while they run.'),
    ('featured', 'Featured', 'Picked by those who run this registry.'),
    ('index_table_optimizations', 'Index / Table Optimizations', 'Index types, partitions and storage that make tables faster.'),
    ('machine_learning', 'Machine Learning', 'Models, vectors and embeddings inside the database.'),
    ('metrics', 'Metrics', 'Numbers about the database and what runs in it.'),
    ('monitoring', 'Monitoring', 'Watching over a server and its health.'),
    ('orchestration', 'Orchestration', 'Jobs, queues and workflows inside the database.'),
    ('procedural_languages', 'Procedural Languages', 'Writing functions in other languages.'),
    ('query_optimizations', 'Query Optimizations', 'Plans, hints and statistics that make queries faster.'),
    ('search', 'Search', 'Full text, fuzzy and similarity search.'),
    ('security', 'Security', 'Access, encryption and passwords.'),
    ('tooling_admin', 'Tooling / Admin', 'Tools for those who look after a database.');

-- +goose Down
DROP VIEW release_facts;
DROP TABLE events, audit_entries, preload_libraries, artefacts, release_extensions, releases, extension_names,
    project_categories, project_owners, projects, categories, tokens, accounts;
DROP FUNCTION refuse_change();
