-- +goose Up

-- What the provider of a sign-in says of a person's address; letters about what somebody owns go there.
ALTER TABLE accounts
    ADD COLUMN email          text,
    ADD COLUMN email_verified boolean NOT NULL DEFAULT false,
    -- Letters about what they own are wanted.
    ADD COLUMN letters        boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT accounts_email_check CHECK (email IS NOT NULL OR NOT email_verified);

-- Tokens whose end was told of.
ALTER TABLE tokens ADD COLUMN end_told_at timestamptz;

-- With what the links in letters are signed. Whoever can read it can unfollow in others' names, and nothing else.
CREATE TABLE link_keys (
    id         integer     NOT NULL GENERATED ALWAYS AS IDENTITY,
    key        bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT link_keys_pkey PRIMARY KEY (id),
    CONSTRAINT link_keys_key_check CHECK (length(key) = 32)
);
-- 244 random bits: https://www.postgresql.org/docs/current/functions-uuid.html
INSERT INTO link_keys (key) VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- Addresses that letters go to.
CREATE TABLE recipients (
    id         uuid        NOT NULL,
    -- As it was typed: a server may tell upper from lower case before the @ (RFC 5321, 2.4).
    address    text        NOT NULL,
    -- Nobody has two that differ in case.
    folded     text        COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(address)) STORED,
    created_at timestamptz NOT NULL,
    -- When letters were last asked for that go there.
    asked_at   timestamptz NOT NULL DEFAULT now(),
    -- Nothing is sent there any more: its server has said that there is no such mailbox, or its owner wants nothing.
    closed_at     timestamptz,
    closed_reason text,
    CONSTRAINT recipients_pkey PRIMARY KEY (id),
    CONSTRAINT recipients_address_key UNIQUE (folded),
    CONSTRAINT recipients_address_check CHECK (address ~ '^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$' AND length(address) <= 254),
    CONSTRAINT recipients_closed_check CHECK ((closed_at IS NULL) = (closed_reason IS NULL)),
    CONSTRAINT recipients_closed_reason_check CHECK (closed_reason IN ('bounced', 'asked'))
);

-- Who wants to hear of what. One that was not confirmed causes no letter but the one that asks for it.
CREATE TABLE subscriptions (
    id           uuid        NOT NULL,
    recipient_id uuid        NOT NULL,
    -- What is followed: one project, all of a category, all of an owner.
    project_id   uuid,
    category     text,
    owner_id     uuid,
    -- Only what has builds for this PostgreSQL major.
    pg_major     integer,
    prereleases  boolean     NOT NULL,
    -- Once a day, and not at once.
    digest       boolean     NOT NULL,
    -- Yanks, deprecations and deletions too.
    withdrawals  boolean     NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    -- When the letter went out that asks for it.
    asked_at     timestamptz,
    CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT subscriptions_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES recipients (id) ON DELETE CASCADE,
    CONSTRAINT subscriptions_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT subscriptions_category_fkey FOREIGN KEY (category) REFERENCES categories (slug) ON DELETE CASCADE,
    CONSTRAINT subscriptions_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT subscriptions_subject_check CHECK (num_nonnulls(project_id, category, owner_id) = 1),
    CONSTRAINT subscriptions_subject_key UNIQUE NULLS NOT DISTINCT (recipient_id, project_id, category, owner_id),
    CONSTRAINT subscriptions_pg_major_check CHECK (pg_major BETWEEN 8 AND 99)
);
CREATE INDEX subscriptions_project_id_idx ON subscriptions (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX subscriptions_category_idx ON subscriptions (category, id) WHERE category IS NOT NULL;
CREATE INDEX subscriptions_owner_id_idx ON subscriptions (owner_id, id) WHERE owner_id IS NOT NULL;

-- One letter to one recipient: what it is about, and what became of it. The text is made when it is sent.
CREATE TABLE letters (
    id           uuid        NOT NULL,
    recipient_id uuid        NOT NULL,
    kind         text        NOT NULL,
    -- Nobody gets two letters of one topic, however many of their subscriptions it fits.
    topic        text        NOT NULL,
    -- What the kind needs to be written.
    detail       jsonb       NOT NULL,
    state        text        NOT NULL,
    created_at   timestamptz NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    -- What the mail server said last.
    answer       text,
    -- When it was sent or given up, or went into a digest.
    settled_at   timestamptz,
    -- The letter that tells of this one and of others.
    digest_id    uuid,
    CONSTRAINT letters_pkey PRIMARY KEY (id),
    CONSTRAINT letters_topic_key UNIQUE (recipient_id, topic),
    CONSTRAINT letters_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES recipients (id) ON DELETE CASCADE,
    CONSTRAINT letters_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES letters (id) ON DELETE CASCADE,
    CONSTRAINT letters_kind_check CHECK (kind IN ('confirmation', 'manage', 'release', 'withdrawal', 'digest', 'owner', 'token')),
    -- waiting: for the digest; dropped: not wanted any more when it was its turn; dead: given up.
    CONSTRAINT letters_state_check CHECK (state IN ('queued', 'waiting', 'digested', 'sent', 'dropped', 'dead'))
);
CREATE INDEX letters_dead_idx ON letters (settled_at, id) WHERE state = 'dead';
CREATE INDEX letters_queued_idx ON letters (kind) WHERE state = 'queued';
CREATE INDEX letters_waiting_idx ON letters (recipient_id, id) WHERE state = 'waiting';
CREATE INDEX letters_digest_id_idx ON letters (digest_id) WHERE digest_id IS NOT NULL;

-- +goose Down
DROP TABLE letters, subscriptions, recipients, link_keys;
ALTER TABLE tokens DROP COLUMN end_told_at;
ALTER TABLE accounts DROP COLUMN letters, DROP COLUMN email_verified, DROP COLUMN email;
