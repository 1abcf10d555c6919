-- +goose Up

-- Downloads of each build and day, kept for ever. Days are UTC's and come with what is counted: no clock of the database
-- and no time zone has a say. A build is known by its version, whose row outlives the build.
CREATE TABLE usage_days (
    project_id uuid    NOT NULL,
    release_id uuid    NOT NULL,
    pg_major   integer NOT NULL,
    platform   text    NOT NULL,
    day        date    NOT NULL,
    downloads  bigint  NOT NULL,
    -- What robots and mirrors fetched, on top of that.
    robots     bigint  NOT NULL,
    CONSTRAINT usage_days_pkey PRIMARY KEY (release_id, pg_major, platform, day),
    CONSTRAINT usage_days_release_id_fkey FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT usage_days_counts_check CHECK (downloads >= 0 AND robots >= 0)
) WITH (fillfactor = 85);
CREATE INDEX usage_days_project_id_idx ON usage_days (project_id, day);
CREATE INDEX usage_days_day_idx ON usage_days (day);

-- The same of each project, written with it: a window costs so many rows as it has days, however much was downloaded.
CREATE TABLE usage_project_days (
    project_id uuid   NOT NULL,
    day        date   NOT NULL,
    downloads  bigint NOT NULL,
    robots     bigint NOT NULL,
    -- How many clients that were, by the day's sketch.
    installers bigint NOT NULL DEFAULT 0,
    CONSTRAINT usage_project_days_pkey PRIMARY KEY (project_id, day),
    CONSTRAINT usage_project_days_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) WITH (fillfactor = 85);
CREATE INDEX usage_project_days_day_idx ON usage_project_days (day);

CREATE TABLE usage_project_totals (
    project_id uuid   NOT NULL,
    downloads  bigint NOT NULL,
    robots     bigint NOT NULL,
    installers bigint NOT NULL DEFAULT 0,
    CONSTRAINT usage_project_totals_pkey PRIMARY KEY (project_id),
    CONSTRAINT usage_project_totals_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- Which clients there were, as far as it takes to count them: sketches of keyed hashes, while others may still come.
CREATE TABLE usage_sketches (
    project_id uuid  NOT NULL,
    day        date  NOT NULL,
    sketch     bytea NOT NULL,
    CONSTRAINT usage_sketches_pkey PRIMARY KEY (project_id, day),
    CONSTRAINT usage_sketches_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX usage_sketches_day_idx ON usage_sketches (day);

-- The key of each day's hashes, the same for all processes. It is deleted when the day is over, and with it whatever could
-- tell which address a hash is of.
CREATE TABLE usage_keys (
    day date  NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT usage_keys_pkey PRIMARY KEY (day),
    CONSTRAINT usage_keys_key_check CHECK (length(key) = 32)
);

-- The last batch of each process, by which one is recognised that was sent again because its commit was not heard of.
CREATE TABLE usage_flushes (
    replica  uuid        NOT NULL,
    sequence bigint      NOT NULL,
    at       timestamptz NOT NULL,
    CONSTRAINT usage_flushes_pkey PRIMARY KEY (replica)
) WITH (fillfactor = 70);
CREATE INDEX usage_flushes_at_idx ON usage_flushes (at);

-- Days with something new since the last usage_refresh.
CREATE TABLE usage_touched (
    day     date   NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT usage_touched_pkey PRIMARY KEY (day)
) WITH (fillfactor = 50);

-- From here on everything is derived, by usage_refresh.

-- Of the whole registry, by day and build.
CREATE TABLE usage_registry_days (
    day       date    NOT NULL,
    pg_major  integer NOT NULL,
    platform  text    NOT NULL,
    downloads bigint  NOT NULL,
    CONSTRAINT usage_registry_days_pkey PRIMARY KEY (day, pg_major, platform)
);

-- Of the whole registry, by day.
CREATE TABLE usage_registry_totals (
    day        date   NOT NULL,
    downloads  bigint NOT NULL,
    robots     bigint NOT NULL,
    installers bigint NOT NULL,
    CONSTRAINT usage_registry_totals_pkey PRIMARY KEY (day)
);

-- Each project's windows. Those without a suffix end today; full ones end yesterday, and those before end where these
-- begin: whole days are compared with whole days.
CREATE TABLE project_usage (
    project_id        uuid   NOT NULL,
    downloads         bigint NOT NULL,
    downloads_7       bigint NOT NULL,
    downloads_30      bigint NOT NULL,
    downloads_90      bigint NOT NULL,
    robots            bigint NOT NULL,
    robots_7          bigint NOT NULL,
    robots_30         bigint NOT NULL,
    robots_90         bigint NOT NULL,
    installers        bigint NOT NULL,
    installers_7      bigint NOT NULL,
    installers_30     bigint NOT NULL,
    installers_90     bigint NOT NULL,
    downloads_7_full  bigint NOT NULL,
    downloads_7_before bigint NOT NULL,
    downloads_30_full bigint NOT NULL,
    downloads_30_before bigint NOT NULL,
    downloads_90_full bigint NOT NULL,
    downloads_90_before bigint NOT NULL,
    installers_7_full bigint NOT NULL,
    installers_7_before bigint NOT NULL,
    installers_30_full bigint NOT NULL,
    installers_30_before bigint NOT NULL,
    -- By downloads_30, from 1; NULL without any.
    rank              bigint,
    -- By how much the growth of installers is more than chance; NULL where it is not to be told.
    growth_7          double precision,
    growth_30         double precision,
    CONSTRAINT project_usage_pkey PRIMARY KEY (project_id),
    CONSTRAINT project_usage_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX project_usage_growth_7_idx ON project_usage (growth_7 DESC) WHERE growth_7 IS NOT NULL;
CREATE INDEX project_usage_growth_30_idx ON project_usage (growth_30 DESC) WHERE growth_30 IS NOT NULL;

CREATE TABLE usage_state (
    only_row     boolean NOT NULL DEFAULT true,
    refreshed_on date    NOT NULL,
    CONSTRAINT usage_state_pkey PRIMARY KEY (only_row),
    CONSTRAINT usage_state_only_row_check CHECK (only_row)
);
INSERT INTO usage_state (refreshed_on) VALUES ('-infinity');

-- How far the growth from one number of clients to another is from what chance does: the difference of two Poisson
-- distributions, in its standard deviations. Small numbers tell nothing, and a growth within two deviations neither.
-- +goose StatementBegin
CREATE FUNCTION usage_growth(now_full bigint, before bigint) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN now_full >= 10 AND now_full - before >= 2 * sqrt((now_full + before)::double precision)
                THEN (now_full - before) / sqrt((now_full + before)::double precision) END
$$;
-- +goose StatementEnd

-- Derives anew what has changed; when a day has begun, the windows of all. False where there was nothing to do, or where
-- another process is at it.
-- +goose StatementBegin
CREATE FUNCTION usage_refresh(asked date) RETURNS boolean LANGUAGE plpgsql SET work_mem = '64MB' AS $$
DECLARE
    today    date;
    whole    boolean;
    touched  date[];
    versions bigint[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('trunk.usage_refresh', 0)) THEN
        RETURN false;
    END IF;
    -- A clock that is behind another process's does not turn the day back.
    SELECT greatest(asked, refreshed_on), asked > refreshed_on INTO today, whole FROM usage_state;
    SELECT coalesce(array_agg(day), '{}'), coalesce(array_agg(version), '{}') INTO touched, versions FROM usage_touched;
    IF NOT whole AND cardinality(touched) = 0 THEN
        RETURN false;
    END IF;

    INSERT INTO usage_registry_days AS u (day, pg_major, platform, downloads)
    SELECT day, pg_major, platform, sum(downloads) FROM usage_days WHERE day = ANY (touched) GROUP BY day, pg_major, platform
    ON CONFLICT ON CONSTRAINT usage_registry_days_pkey DO UPDATE SET downloads = EXCLUDED.downloads
    WHERE u.downloads <> EXCLUDED.downloads;

    INSERT INTO usage_registry_totals AS u (day, downloads, robots, installers)
    SELECT day, sum(downloads), sum(robots), sum(installers) FROM usage_project_days WHERE day = ANY (touched) GROUP BY day
    ON CONFLICT ON CONSTRAINT usage_registry_totals_pkey DO UPDATE
    SET downloads = EXCLUDED.downloads, robots = EXCLUDED.robots, installers = EXCLUDED.installers;

    INSERT INTO project_usage (project_id, downloads, downloads_7, downloads_30, downloads_90, robots, robots_7, robots_30, robots_90,
        installers, installers_7, installers_30, installers_90, downloads_7_full, downloads_7_before, downloads_30_full, downloads_30_before,
        downloads_90_full, downloads_90_before, installers_7_full, installers_7_before, installers_30_full, installers_30_before,
        growth_7, growth_30)
    SELECT t.project_id, t.downloads, s.d7, s.d30, s.d90, t.robots, s.r7, s.r30, s.r90, t.installers, s.i7, s.i30, s.i90,
           s.d7f, s.d7b, s.d30f, s.d30b, s.d90f, s.d90b, s.i7f, s.i7b, s.i30f, s.i30b, usage_growth(s.i7f, s.i7b), usage_growth(s.i30f, s.i30b)
    FROM usage_project_totals t
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(d.downloads) FILTER (WHERE d.day > today - 7), 0) AS d7,
               coalesce(sum(d.downloads) FILTER (WHERE d.day > today - 30), 0) AS d30,
               coalesce(sum(d.downloads) FILTER (WHERE d.day > today - 90), 0) AS d90,
               coalesce(sum(d.robots) FILTER (WHERE d.day > today - 7), 0) AS r7,
               coalesce(sum(d.robots) FILTER (WHERE d.day > today - 30), 0) AS r30,
               coalesce(sum(d.robots) FILTER (WHERE d.day > today - 90), 0) AS r90,
               coalesce(sum(d.installers) FILTER (WHERE d.day > today - 7), 0)::bigint AS i7,
               coalesce(sum(d.installers) FILTER (WHERE d.day > today - 30), 0)::bigint AS i30,
               coalesce(sum(d.installers) FILTER (WHERE d.day > today - 90), 0)::bigint AS i90,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 7 AND today - 1), 0) AS d7f,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 14 AND today - 8), 0) AS d7b,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 30 AND today - 1), 0) AS d30f,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 60 AND today - 31), 0) AS d30b,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 90 AND today - 1), 0) AS d90f,
               coalesce(sum(d.downloads) FILTER (WHERE d.day BETWEEN today - 180 AND today - 91), 0) AS d90b,
               coalesce(sum(d.installers) FILTER (WHERE d.day BETWEEN today - 7 AND today - 1), 0)::bigint AS i7f,
               coalesce(sum(d.installers) FILTER (WHERE d.day BETWEEN today - 14 AND today - 8), 0)::bigint AS i7b,
               coalesce(sum(d.installers) FILTER (WHERE d.day BETWEEN today - 30 AND today - 1), 0)::bigint AS i30f,
               coalesce(sum(d.installers) FILTER (WHERE d.day BETWEEN today - 60 AND today - 31), 0)::bigint AS i30b
        FROM usage_project_days d
        WHERE d.project_id = t.project_id AND d.day BETWEEN today - 180 AND today
    ) s
    WHERE whole OR t.project_id IN (SELECT c.project_id FROM usage_project_days c WHERE c.day = ANY (touched))
    ON CONFLICT ON CONSTRAINT project_usage_pkey DO UPDATE SET
        downloads = EXCLUDED.downloads, downloads_7 = EXCLUDED.downloads_7, downloads_30 = EXCLUDED.downloads_30, downloads_90 = EXCLUDED.downloads_90,
        robots = EXCLUDED.robots, robots_7 = EXCLUDED.robots_7, robots_30 = EXCLUDED.robots_30, robots_90 = EXCLUDED.robots_90,
        installers = EXCLUDED.installers, installers_7 = EXCLUDED.installers_7, installers_30 = EXCLUDED.installers_30,
        installers_90 = EXCLUDED.installers_90, downloads_7_full = EXCLUDED.downloads_7_full, downloads_7_before = EXCLUDED.downloads_7_before,
        downloads_30_full = EXCLUDED.downloads_30_full, downloads_30_before = EXCLUDED.downloads_30_before,
        downloads_90_full = EXCLUDED.downloads_90_full, downloads_90_before = EXCLUDED.downloads_90_before,
        installers_7_full = EXCLUDED.installers_7_full, installers_7_before = EXCLUDED.installers_7_before,
        installers_30_full = EXCLUDED.installers_30_full, installers_30_before = EXCLUDED.installers_30_before,
        growth_7 = EXCLUDED.growth_7, growth_30 = EXCLUDED.growth_30;

    UPDATE project_usage u SET rank = r.place
    FROM (SELECT project_id, CASE WHEN downloads_30 > 0 THEN rank() OVER (ORDER BY downloads_30 DESC) END AS place FROM project_usage) r
    WHERE r.project_id = u.project_id AND r.place IS DISTINCT FROM u.rank;

    UPDATE usage_state SET refreshed_on = today WHERE refreshed_on <> today;
    -- A day that was written to meanwhile has another version by now, and comes again.
    DELETE FROM usage_touched t USING unnest(touched, versions) AS seen (day, version) WHERE t.day = seen.day AND t.version = seen.version;
    RETURN true;
END
$$;
-- +goose StatementEnd

-- Lets searches know how often projects were downloaded in the last 30 days. It is not the catalogue that changes by that, so
-- the catalogue's clock does not tick. False where nothing has changed, or where another process is counting.
-- +goose StatementBegin
CREATE FUNCTION search_follow_downloads() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('trunk.search_refresh', 0)) THEN
        RETURN false;
    END IF;
    -- In the order in which publishes lock theirs.
    SELECT array_agg(l.project_id) INTO changed FROM (
        SELECT c.project_id FROM search_cards c JOIN project_usage u ON u.project_id = c.project_id
        WHERE c.downloads <> u.downloads_30 ORDER BY c.project_id FOR UPDATE OF c
    ) l;
    IF changed IS NULL THEN
        RETURN false;
    END IF;
    UPDATE search_cards c SET downloads = u.downloads_30 FROM project_usage u
    WHERE u.project_id = c.project_id AND c.project_id = ANY (changed);
    -- Tiers follow at the next search_refresh.
    UPDATE search_state SET catalogue_version = -1;
    RETURN true;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION search_follow_downloads(), usage_refresh(date), usage_growth(bigint, bigint);
DROP TABLE usage_state, project_usage, usage_registry_totals, usage_registry_days, usage_touched, usage_flushes, usage_keys,
    usage_sketches, usage_project_totals, usage_project_days, usage_days;
