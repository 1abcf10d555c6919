-- +goose Up

-- Addresses that are told of events as they happen.
CREATE TABLE webhooks (
    id         uuid        NOT NULL,
    account_id uuid        NOT NULL,
    url        text        NOT NULL,
    -- What it is told of: one project, all of a category, all of an owner.
    project_id uuid,
    category   text,
    owner_id   uuid,
    -- Only these kinds of events; all where there are none.
    kinds      text[]      NOT NULL,
    -- With what deliveries are signed. It has to be readable for that; whoever reads it can write deliveries in this
    -- registry's name to this one address, and nothing else.
    secret     bytea       NOT NULL,
    -- The one before, with which deliveries are signed too until a time.
    previous_secret bytea,
    previous_until  timestamptz,
    created_at timestamptz NOT NULL,
    -- Since when every delivery of an event has failed.
    failing_since   timestamptz,
    disabled_at     timestamptz,
    disabled_reason text,
    CONSTRAINT webhooks_pkey PRIMARY KEY (id),
    CONSTRAINT webhooks_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_category_fkey FOREIGN KEY (category) REFERENCES categories (slug) ON DELETE CASCADE,
    CONSTRAINT webhooks_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_url_check CHECK (length(url) BETWEEN 1 AND 2048),
    CONSTRAINT webhooks_subject_check CHECK (num_nonnulls(project_id, category, owner_id) = 1),
    CONSTRAINT webhooks_kinds_check CHECK (kinds <@ ARRAY['published', 'yanked', 'unyanked', 'deleted', 'deprecated', 'undeprecated', 'owner_added', 'owner_removed']),
    CONSTRAINT webhooks_secret_check CHECK (length(secret) = 32 AND length(previous_secret) = 32),
    CONSTRAINT webhooks_previous_check CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CONSTRAINT webhooks_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
    CONSTRAINT webhooks_disabled_reason_check CHECK (disabled_reason IN ('gone', 'failing'))
);
CREATE INDEX webhooks_account_id_idx ON webhooks (account_id, id);
CREATE INDEX webhooks_project_id_idx ON webhooks (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX webhooks_category_idx ON webhooks (category, id) WHERE category IS NOT NULL;
CREATE INDEX webhooks_owner_id_idx ON webhooks (owner_id, id) WHERE owner_id IS NOT NULL;

-- What was or is to be delivered to a webhook: the log that its owner reads.
CREATE TABLE webhook_deliveries (
    id         uuid        NOT NULL,
    webhook_id uuid        NOT NULL,
    -- None for a ping, which somebody asked for.
    event_id   bigint,
    state      text        NOT NULL,
    created_at timestamptz NOT NULL,
    -- It goes up by one each time that its owner has it sent again: what was to be done before is not done any more.
    round      integer     NOT NULL DEFAULT 1,
    -- Since when it is tried in this round, and how often it was.
    queued_at  timestamptz NOT NULL,
    tries      integer     NOT NULL DEFAULT 0,
    -- When it is tried next.
    next_at    timestamptz,
    -- When it was delivered, given up or dropped.
    settled_at timestamptz,
    -- Each try of the last fifty: when, what status was answered, how long it took, what went wrong.
    attempts   jsonb       NOT NULL DEFAULT '[]',
    -- The beginning of what was answered last.
    answer     text,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_event_id_fkey FOREIGN KEY (event_id) REFERENCES events (id),
    -- An event is delivered to a webhook once, however often a job begins anew.
    CONSTRAINT webhook_deliveries_event_key UNIQUE (webhook_id, event_id),
    -- failed: given up; dropped: its webhook was switched off when it was its turn.
    CONSTRAINT webhook_deliveries_state_check CHECK (state IN ('queued', 'delivered', 'failed', 'dropped')),
    CONSTRAINT webhook_deliveries_settled_check CHECK ((state = 'queued') = (settled_at IS NULL)),
    CONSTRAINT webhook_deliveries_next_check CHECK (state = 'queued' OR next_at IS NULL),
    CONSTRAINT webhook_deliveries_attempts_check CHECK (jsonb_typeof(attempts) = 'array')
);
CREATE INDEX webhook_deliveries_webhook_id_idx ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_created_at_idx ON webhook_deliveries (created_at);
CREATE INDEX webhook_deliveries_queued_idx ON webhook_deliveries (id) WHERE state = 'queued';

-- +goose Down
DROP TABLE webhook_deliveries, webhooks;
