-- +goose Up

CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Words as people type them: without accents, by their stems.
CREATE TEXT SEARCH CONFIGURATION trunk (COPY = english);
ALTER TEXT SEARCH CONFIGURATION trunk
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword, numhword, hword_numpart
    WITH unaccent, english_stem;

ALTER TABLE release_extensions ADD COLUMN trusted boolean NOT NULL DEFAULT false;
UPDATE release_extensions SET trusted = true
WHERE control_file ~* '(^|\n)\s*trusted\s*=\s*''?(true|on|yes|1)';

-- What a search is made in: one row for each project that has a latest version. Everything here is derived, by
-- search_reindex, at the end of the transaction that changes what it is derived from.
CREATE TABLE search_documents (
    project_id  uuid     NOT NULL,
    -- 0 for the most downloaded, 1 for many more of them, 2 for the rest: words that are everywhere are looked for among
    -- the first ones only.
    tier        smallint NOT NULL,
    names       text     NOT NULL,
    extensions  text     NOT NULL,
    description text     NOT NULL,
    readme      text     NOT NULL,
    categories  text     NOT NULL,
    -- What candidates are told apart by, so that a thousand of them are one look-up each.
    name        text     NOT NULL,
    folded      text     COLLATE "C" NOT NULL,
    provides    text[]   NOT NULL,
    released_at timestamptz NOT NULL,
    -- As of the last refresh. In no index, and with room in the page: to change it leaves the entries in the indexes alone.
    downloads   bigint   NOT NULL DEFAULT 0,
    -- The values of the filters, such as "category=search" and "build=17 linux/amd64".
    facets      text[]   NOT NULL,
    -- The words of all but the README as people write them.
    words       text[]   NOT NULL,
    -- What decides about the order.
    headline    tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('trunk', names), 'A') || setweight(to_tsvector('trunk', extensions), 'B')
        || setweight(to_tsvector('trunk', description), 'C') || setweight(to_tsvector('trunk', categories), 'D')) STORED,
    -- What decides whether it is found.
    document    tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('trunk', names), 'A') || setweight(to_tsvector('trunk', extensions), 'B')
        || setweight(to_tsvector('trunk', description), 'C') || setweight(to_tsvector('trunk', categories), 'D')
        || setweight(to_tsvector('trunk', readme), 'D') || array_to_tsvector(facets)) STORED,
    CONSTRAINT search_documents_pkey PRIMARY KEY (project_id),
    CONSTRAINT search_documents_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT search_documents_tier_check CHECK (tier IN (0, 1, 2))
) WITH (fillfactor = 85);
CREATE INDEX search_documents_document_idx ON search_documents USING gin (document) WITH (fastupdate = off);
CREATE INDEX search_documents_many_idx ON search_documents USING gin (document) WITH (fastupdate = off) WHERE tier <= 1;
CREATE INDEX search_documents_most_idx ON search_documents USING gin (document) WITH (fastupdate = off) WHERE tier = 0;

-- What an answer shows of a project, and what answers are sorted by.
CREATE TABLE search_cards (
    project_id  uuid        NOT NULL,
    name        text        NOT NULL,
    folded      text        COLLATE "C" NOT NULL,
    version     text        NOT NULL,
    description text        NOT NULL,
    license     text        NOT NULL,
    deprecation text,
    extensions  text[]      NOT NULL,
    facets      text[]      NOT NULL,
    released_at timestamptz NOT NULL,
    -- Those of the last 30 days.
    downloads   bigint      NOT NULL DEFAULT 0,
    CONSTRAINT search_cards_pkey PRIMARY KEY (project_id),
    CONSTRAINT search_cards_folded_key UNIQUE (folded),
    CONSTRAINT search_cards_project_id_fkey FOREIGN KEY (project_id) REFERENCES search_documents (project_id) ON DELETE CASCADE
);
CREATE INDEX search_cards_downloads_idx ON search_cards (downloads DESC, folded);
CREATE INDEX search_cards_released_at_idx ON search_cards (released_at DESC, folded);

-- The names that lead to a project: its own, its extensions', and both without the "pg" that so many begin with.
CREATE TABLE search_names (
    key        text     COLLATE "C" NOT NULL,
    project_id uuid     NOT NULL,
    tier       smallint NOT NULL,
    CONSTRAINT search_names_pkey PRIMARY KEY (key, project_id),
    CONSTRAINT search_names_project_id_fkey FOREIGN KEY (project_id) REFERENCES search_documents (project_id) ON DELETE CASCADE
);
CREATE INDEX search_names_project_id_idx ON search_names (project_id);
CREATE INDEX search_names_many_idx ON search_names (key) WHERE tier <= 1;
CREATE INDEX search_names_most_idx ON search_names (key) WHERE tier = 0;

-- A word and what is left of it when one letter is gone: two words that share one of these differ by a slip of a finger.
-- +goose StatementBegin
CREATE FUNCTION search_slips(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(word) < 4 THEN ARRAY[word]
           ELSE ARRAY(SELECT word UNION SELECT overlay(word PLACING '' FROM i FOR 1) FROM generate_series(1, length(word)) AS i) END
$$;
-- +goose StatementEnd

-- Every word of the documents, without their READMEs, and in how many projects it is. New ones are written with their
-- project, the counts by search_refresh.
CREATE TABLE search_words (
    word     text    COLLATE "C" NOT NULL,
    projects integer NOT NULL,
    -- NULL for a word that is not looked for, such as "the".
    stem     text    GENERATED ALWAYS AS ((tsvector_to_array(to_tsvector('trunk', word)))[1]) STORED,
    slips    text[]  NOT NULL GENERATED ALWAYS AS (search_slips(word)) STORED,
    CONSTRAINT search_words_pkey PRIMARY KEY (word)
);
CREATE INDEX search_words_stem_idx ON search_words (stem);
CREATE INDEX search_words_slips_idx ON search_words USING gin (slips) WITH (fastupdate = off);

-- How many projects each value of a filter has; "" counts all.
CREATE TABLE search_counts (
    facet    text    COLLATE "C" NOT NULL,
    filter   text    COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(facet, '=', 1)) STORED,
    projects integer NOT NULL,
    CONSTRAINT search_counts_pkey PRIMARY KEY (facet)
);
CREATE INDEX search_counts_filter_idx ON search_counts (filter, projects DESC, facet);

-- Which state of the catalogue the counts are of.
CREATE TABLE search_state (
    only_row          boolean NOT NULL DEFAULT true,
    catalogue_version bigint  NOT NULL,
    CONSTRAINT search_state_pkey PRIMARY KEY (only_row),
    CONSTRAINT search_state_only_row_check CHECK (only_row)
);
INSERT INTO search_state (catalogue_version) VALUES (0);

-- The parser takes "PL/pgSQL" and "key/value" for names of files, and "pg_cron" for one word.
-- +goose StatementBegin
CREATE FUNCTION search_text(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(coalesce(content, ''), '/._-:@', '      ')
$$;
-- +goose StatementEnd

-- A name without its case and separators.
-- +goose StatementBegin
CREATE FUNCTION search_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(name), '[^a-z0-9]', '', 'g')
$$;
-- +goose StatementEnd

-- A key without the "pg" that so many names begin with.
-- +goose StatementBegin
CREATE FUNCTION search_stripped(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(key, '^(postgresql|pg|pl)', '')
$$;
-- +goose StatementEnd

-- A name as the words that people know it by.
-- +goose StatementBegin
CREATE FUNCTION search_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_text(name) || ' ' || search_key(name) || ' ' || search_stripped(search_key(name))
$$;
-- +goose StatementEnd

-- What is known of each project that has a latest version.
CREATE VIEW search_facts AS
SELECT p.id AS project_id, p.name, p.folded, r.version, r.description, r.license, p.deprecation,
       e.names AS extensions,
       ARRAY(SELECT 'category=' || c.slug FROM project_categories pc JOIN categories c ON c.id = pc.category_id
             WHERE pc.project_id = p.id ORDER BY c.slug)
       || ARRAY(SELECT 'build=' || a.pg_major || ' ' || a.platform FROM artefacts a WHERE a.release_id = r.id
                ORDER BY a.pg_major, a.platform <> 'linux/amd64', a.platform)
       || ARRAY(SELECT DISTINCT 'pg=' || a.pg_major FROM artefacts a WHERE a.release_id = r.id)
       || ARRAY(SELECT DISTINCT 'platform=' || a.platform FROM artefacts a WHERE a.release_id = r.id)
       || ARRAY(SELECT 'owner=' || a.name FROM project_owners o JOIN accounts a ON a.id = o.account_id
                WHERE o.project_id = p.id ORDER BY o.since, a.name)
       || ARRAY(SELECT 'license=' || r.license WHERE r.license <> '')
       || ARRAY['trusted=' || e.trusted] AS facets,
       r.created_at AS released_at,
       -- Addresses say nothing to a reader; what comes late says little.
       left(regexp_replace(coalesce(d.content, ''), '\w+://[^\s)>\]"]+', ' ', 'g'), 20000) AS readme,
       coalesce((SELECT string_agg(c.name, ' ') FROM project_categories pc JOIN categories c ON c.id = pc.category_id
                 WHERE pc.project_id = p.id), '') AS categories
FROM projects p
CROSS JOIN LATERAL (
    SELECT * FROM releases
    WHERE project_id = p.id AND yanked_at IS NULL AND deleted_at IS NULL
    ORDER BY prerelease, sort_key DESC
    LIMIT 1
) r
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(x.name ORDER BY x.name), '{}') AS names, coalesce(bool_and(x.trusted), false) AS trusted
    FROM release_extensions x WHERE x.release_id = r.id
) e
LEFT JOIN project_readmes d ON d.project_id = p.id;

-- Planned once a session: that takes longer than to run it for a project.
-- +goose StatementBegin
CREATE FUNCTION search_reindex(asked uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- Whoever changes the same project at the same time comes after this, and sees it.
    PERFORM FROM projects WHERE id = ANY (asked) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM search_documents d
    WHERE d.project_id = ANY (asked) AND NOT EXISTS (SELECT FROM search_facts f WHERE f.project_id = d.project_id);

    INSERT INTO search_documents AS d (project_id, tier, names, extensions, description, readme, categories,
                                       name, folded, provides, released_at, facets, words)
    SELECT f.project_id, t.tier, t.names, t.extensions, t.description, search_text(f.readme), search_text(f.categories),
           f.name, f.folded, f.extensions, f.released_at, f.facets,
           ARRAY(SELECT DISTINCT word
                 FROM regexp_split_to_table(lower(unaccent(t.names || ' ' || t.extensions || ' ' || t.description || ' ' || f.categories)),
                                            '[^[:alnum:]]+') AS word
                 WHERE length(word) BETWEEN 2 AND 40)
    FROM search_facts f
    CROSS JOIN LATERAL (
        SELECT search_name(f.name) AS names,
               coalesce((SELECT string_agg(search_name(x), ' ') FROM unnest(f.extensions) AS x), '') AS extensions,
               search_text(f.description) AS description,
               -- Few projects need no tiers; what is new is not known to be popular.
               (CASE WHEN (SELECT c.projects FROM search_counts c WHERE c.facet = '') >= 1000 THEN 2 ELSE 0 END)::smallint AS tier
        OFFSET 0 -- once, however often it is used
    ) t
    WHERE f.project_id = ANY (asked)
    ORDER BY f.project_id
    ON CONFLICT (project_id) DO UPDATE
    SET names = EXCLUDED.names, extensions = EXCLUDED.extensions, description = EXCLUDED.description, readme = EXCLUDED.readme,
        categories = EXCLUDED.categories, provides = EXCLUDED.provides, released_at = EXCLUDED.released_at,
        facets = EXCLUDED.facets, words = EXCLUDED.words
    -- The same again is not worth new entries in the indexes.
    WHERE (d.names, d.extensions, d.description, d.readme, d.categories, d.released_at, d.facets)
          IS DISTINCT FROM (EXCLUDED.names, EXCLUDED.extensions, EXCLUDED.description, EXCLUDED.readme, EXCLUDED.categories,
                            EXCLUDED.released_at, EXCLUDED.facets);

    INSERT INTO search_cards (project_id, name, folded, version, description, license, deprecation, extensions, facets, released_at)
    SELECT project_id, name, folded, version, description, license, deprecation, extensions, facets, released_at
    FROM search_facts
    WHERE project_id = ANY (asked)
    ON CONFLICT (project_id) DO UPDATE
    SET version = EXCLUDED.version, description = EXCLUDED.description, license = EXCLUDED.license, deprecation = EXCLUDED.deprecation,
        extensions = EXCLUDED.extensions, facets = EXCLUDED.facets, released_at = EXCLUDED.released_at;

    WITH named AS MATERIALIZED (
        SELECT DISTINCT k.key, f.project_id, d.tier
        FROM search_facts f
        JOIN search_documents d ON d.project_id = f.project_id
        CROSS JOIN LATERAL unnest(f.extensions || f.name) AS x
        CROSS JOIN LATERAL (VALUES (search_key(x)), (search_stripped(search_key(x)))) AS k (key)
        WHERE f.project_id = ANY (asked) AND k.key <> ''
    ), gone AS (
        DELETE FROM search_names n
        WHERE n.project_id = ANY (asked) AND NOT EXISTS (SELECT FROM named WHERE named.project_id = n.project_id AND named.key = n.key)
    )
    INSERT INTO search_names (key, project_id, tier) SELECT key, project_id, tier FROM named
    ON CONFLICT DO NOTHING;

    INSERT INTO search_words (word, projects)
    SELECT DISTINCT word, 1
    FROM search_documents d CROSS JOIN LATERAL unnest(d.words) AS word
    WHERE d.project_id = ANY (asked)
    ORDER BY word
    ON CONFLICT DO NOTHING;
END
$$;
-- +goose StatementEnd

-- Once a transaction for each project, however many of its rows were changed.
-- +goose StatementBegin
CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
    project uuid;
    done    text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        changed := OLD;
    ELSE
        changed := NEW;
    END IF;
    CASE TG_ARGV[0]
        WHEN 'id' THEN project := changed.id;
        WHEN 'project_id' THEN project := changed.project_id;
        ELSE SELECT r.project_id INTO project FROM releases r WHERE r.id = changed.release_id;
    END CASE;
    done := coalesce(current_setting('trunk.reindexed', true), '');
    IF split_part(done, ' ', 1) <> txid_current()::text THEN
        done := txid_current()::text;
    END IF;
    IF project IS NOT NULL AND strpos(done, project::text) = 0 THEN
        PERFORM set_config('trunk.reindexed', done || ' ' || project::text, true);
        PERFORM search_reindex(ARRAY[project]);
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Their names sort before those of the catalogue's clock, which has to be the last lock that a transaction takes.
-- +goose StatementBegin
DO $$
DECLARE
    followed record;
BEGIN
    FOR followed IN VALUES ('projects', 'id'), ('project_owners', 'project_id'), ('project_categories', 'project_id'),
        ('project_readmes', 'project_id'), ('releases', 'project_id'), ('release_extensions', 'release_id'), ('artefacts', 'release_id')
    LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED '
                       'FOR EACH ROW EXECUTE FUNCTION search_follow(%L)', followed.column1 || '_search', followed.column1, followed.column2);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Counts anew what is derived from all projects, unless nothing has changed or another process is at it. It costs in
-- proportion to the catalogue, so those who call it leave pauses. It compares everything with everything kept, which without
-- fresh statistics of these tables must not be one by one.
-- +goose StatementBegin
CREATE FUNCTION search_refresh() RETURNS boolean LANGUAGE plpgsql SET enable_nestloop = off SET work_mem = '64MB' AS $$
DECLARE
    seen bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('trunk.search_refresh', 0)) THEN
        RETURN false;
    END IF;
    SELECT version INTO seen FROM catalogue_clock;
    IF EXISTS (SELECT FROM search_state WHERE catalogue_version = seen) THEN
        RETURN false;
    END IF;

    WITH counted AS MATERIALIZED (
        SELECT word, count(*)::integer AS projects FROM search_documents CROSS JOIN LATERAL unnest(words) AS word GROUP BY word
    ), gone AS (
        DELETE FROM search_words w WHERE NOT EXISTS (SELECT FROM counted c WHERE c.word = w.word)
    )
    INSERT INTO search_words (word, projects) SELECT c.word, c.projects FROM counted c
    WHERE NOT EXISTS (SELECT FROM search_words w WHERE w.word = c.word AND w.projects = c.projects)
    ORDER BY c.word
    ON CONFLICT (word) DO UPDATE SET projects = EXCLUDED.projects;

    WITH counted AS (
        SELECT facet, count(*)::integer AS projects FROM search_cards CROSS JOIN LATERAL unnest(facets) AS facet GROUP BY facet
        UNION ALL
        SELECT '', count(*)::integer FROM search_cards
    ), gone AS (
        DELETE FROM search_counts s WHERE NOT EXISTS (SELECT FROM counted c WHERE c.facet = s.facet)
    )
    INSERT INTO search_counts (facet, projects) SELECT facet, projects FROM counted
    ON CONFLICT (facet) DO UPDATE SET projects = EXCLUDED.projects WHERE search_counts.projects <> EXCLUDED.projects;

    WITH tiers AS MATERIALIZED (
        SELECT project_id, downloads, (CASE WHEN place <= 1000 THEN 0 WHEN place <= 20000 THEN 1 ELSE 2 END)::smallint AS tier
        FROM (SELECT project_id, downloads, row_number() OVER (ORDER BY downloads DESC, folded) AS place FROM search_cards) c
    ), documents AS (
        UPDATE search_documents d SET tier = t.tier, downloads = t.downloads
        FROM tiers t WHERE t.project_id = d.project_id AND (d.tier, d.downloads) <> (t.tier, t.downloads)
    )
    UPDATE search_names n SET tier = t.tier FROM tiers t WHERE t.project_id = n.project_id AND n.tier <> t.tier;

    UPDATE search_state SET catalogue_version = seen;
    RETURN true;
END
$$;
-- +goose StatementEnd

SELECT search_reindex(array_agg(id)) FROM projects HAVING count(*) > 0;

-- +goose Down
DROP TRIGGER projects_search ON projects;
DROP TRIGGER project_owners_search ON project_owners;
DROP TRIGGER project_categories_search ON project_categories;
DROP TRIGGER project_readmes_search ON project_readmes;
DROP TRIGGER releases_search ON releases;
DROP TRIGGER release_extensions_search ON release_extensions;
DROP TRIGGER artefacts_search ON artefacts;
DROP FUNCTION search_refresh(), search_follow(), search_reindex(uuid[]), search_name(text), search_stripped(text), search_key(text),
    search_text(text);
DROP VIEW search_facts;
DROP TABLE search_state, search_counts, search_words, search_names, search_cards, search_documents;
DROP FUNCTION search_slips(text);
ALTER TABLE release_extensions DROP COLUMN trusted;
DROP TEXT SEARCH CONFIGURATION trunk;
DROP EXTENSION pg_trgm, unaccent;
