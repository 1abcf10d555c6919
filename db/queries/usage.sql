-- name: MarkFlush :execrows
-- One row unless the batch was written before. Who sends it again while it is being committed waits here for that.
INSERT INTO usage_flushes AS f (replica, sequence, at) VALUES (sqlc.arg(replica), sqlc.arg(sequence), clock_timestamp())
ON CONFLICT ON CONSTRAINT usage_flushes_pkey DO UPDATE SET sequence = EXCLUDED.sequence, at = EXCLUDED.at
WHERE f.sequence < EXCLUDED.sequence;

-- name: AddDownloads :exec
-- All processes lock rows in the same order: by key, here and below.
INSERT INTO usage_days AS u (project_id, release_id, pg_major, platform, day, downloads, robots)
SELECT p.id, r.id, c.pg_major, c.platform, c.day, c.downloads, c.robots
FROM (
    SELECT unnest(sqlc.arg(projects)::text[]) AS project, unnest(sqlc.arg(versions)::text[]) AS version,
           unnest(sqlc.arg(majors)::integer[]) AS pg_major, unnest(sqlc.arg(platforms)::text[]) AS platform,
           unnest(sqlc.arg(days)::date[]) AS day, unnest(sqlc.arg(downloads)::bigint[]) AS downloads,
           unnest(sqlc.arg(robots)::bigint[]) AS robots
) c
JOIN projects p ON p.folded = c.project
JOIN releases r ON r.project_id = p.id AND r.version = c.version
ORDER BY r.id, c.pg_major, c.platform, c.day
ON CONFLICT ON CONSTRAINT usage_days_pkey DO UPDATE
SET downloads = u.downloads + EXCLUDED.downloads, robots = u.robots + EXCLUDED.robots;

-- name: AddProjectDownloads :exec
INSERT INTO usage_project_days AS u (project_id, day, downloads, robots)
SELECT p.id, c.day, sum(c.downloads), sum(c.robots)
FROM (
    SELECT unnest(sqlc.arg(projects)::text[]) AS project, unnest(sqlc.arg(days)::date[]) AS day,
           unnest(sqlc.arg(downloads)::bigint[]) AS downloads, unnest(sqlc.arg(robots)::bigint[]) AS robots
) c
JOIN projects p ON p.folded = c.project
GROUP BY p.id, c.day
ORDER BY p.id, c.day
ON CONFLICT ON CONSTRAINT usage_project_days_pkey DO UPDATE
SET downloads = u.downloads + EXCLUDED.downloads, robots = u.robots + EXCLUDED.robots;

-- name: AddTotals :exec
INSERT INTO usage_project_totals AS u (project_id, downloads, robots)
SELECT p.id, sum(c.downloads), sum(c.robots)
FROM (
    SELECT unnest(sqlc.arg(projects)::text[]) AS project,
           unnest(sqlc.arg(downloads)::bigint[]) AS downloads, unnest(sqlc.arg(robots)::bigint[]) AS robots
) c
JOIN projects p ON p.folded = c.project
GROUP BY p.id
ORDER BY p.id
ON CONFLICT ON CONSTRAINT usage_project_totals_pkey DO UPDATE
SET downloads = u.downloads + EXCLUDED.downloads, robots = u.robots + EXCLUDED.robots;

-- name: Sketches :many
-- The projects' days are locked by now.
SELECT p.id AS project_id, p.folded, s.day, s.sketch
FROM (
    SELECT unnest(sqlc.arg(projects)::text[]) AS project, unnest(sqlc.arg(days)::date[]) AS day
) c
JOIN projects p ON p.folded = c.project
JOIN usage_sketches s ON s.project_id = p.id AND s.day = c.day;

-- name: KeepSketches :exec
INSERT INTO usage_sketches (project_id, day, sketch)
SELECT p.id, c.day, c.sketch
FROM (
    SELECT unnest(sqlc.arg(projects)::text[]) AS project, unnest(sqlc.arg(days)::date[]) AS day,
           unnest(sqlc.arg(sketches)::bytea[]) AS sketch
) c
JOIN projects p ON p.folded = c.project
ORDER BY p.id, c.day
ON CONFLICT ON CONSTRAINT usage_sketches_pkey DO UPDATE SET sketch = EXCLUDED.sketch;

-- name: KeepInstallers :exec
-- A day's clients never become fewer: not by an estimate, and not where its sketch is gone.
WITH counted AS (
    SELECT p.id, c.day, c.installers
    FROM (
        SELECT unnest(sqlc.arg(projects)::text[]) AS project, unnest(sqlc.arg(days)::date[]) AS day,
               unnest(sqlc.arg(installers)::bigint[]) AS installers
    ) c
    JOIN projects p ON p.folded = c.project
), more AS (
    SELECT c.id, c.day, c.installers, c.installers - d.installers AS added
    FROM counted c JOIN usage_project_days d ON d.project_id = c.id AND d.day = c.day
    WHERE c.installers > d.installers
), days AS (
    UPDATE usage_project_days d SET installers = m.installers FROM more m WHERE d.project_id = m.id AND d.day = m.day
)
UPDATE usage_project_totals t SET installers = t.installers + a.added
FROM (SELECT m.id, sum(m.added)::bigint AS added FROM more m GROUP BY m.id) a
WHERE t.project_id = a.id;

-- name: TouchDays :exec
INSERT INTO usage_touched AS t (day, version)
SELECT DISTINCT c.day, 1 FROM unnest(sqlc.arg(days)::date[]) AS c (day) ORDER BY c.day
ON CONFLICT ON CONSTRAINT usage_touched_pkey DO UPDATE SET version = t.version + 1;

-- name: UsageKey :one
-- The first to ask for a day decides. Written again, so that whoever waited for the first sees its key.
INSERT INTO usage_keys AS k (day, key) VALUES (sqlc.arg(day), sqlc.arg(candidate))
ON CONFLICT ON CONSTRAINT usage_keys_pkey DO UPDATE SET key = k.key
RETURNING key;

-- name: ForgetUsageKeys :exec
DELETE FROM usage_keys WHERE day < sqlc.arg(before);

-- name: ForgetSketches :exec
DELETE FROM usage_sketches WHERE day < sqlc.arg(before);

-- name: ForgetFlushes :exec
DELETE FROM usage_flushes WHERE at < clock_timestamp() - sqlc.arg(age)::interval;

-- name: RefreshUsage :one
SELECT usage_refresh(sqlc.arg(today)::date);

-- name: SearchFollowDownloads :one
SELECT search_follow_downloads();

-- name: ProjectUsage :one
-- Zeros for a project of which nothing was downloaded yet.
SELECT p.name,
       coalesce(u.downloads, 0)::bigint AS downloads, coalesce(u.downloads_7, 0)::bigint AS downloads_7,
       coalesce(u.downloads_30, 0)::bigint AS downloads_30, coalesce(u.downloads_90, 0)::bigint AS downloads_90,
       coalesce(u.robots, 0)::bigint AS robots, coalesce(u.robots_7, 0)::bigint AS robots_7,
       coalesce(u.robots_30, 0)::bigint AS robots_30, coalesce(u.robots_90, 0)::bigint AS robots_90,
       coalesce(u.installers, 0)::bigint AS installers, coalesce(u.installers_7, 0)::bigint AS installers_7,
       coalesce(u.installers_30, 0)::bigint AS installers_30, coalesce(u.installers_90, 0)::bigint AS installers_90,
       coalesce(u.downloads_7_full, 0)::bigint AS downloads_7_full, coalesce(u.downloads_7_before, 0)::bigint AS downloads_7_before,
       coalesce(u.downloads_30_full, 0)::bigint AS downloads_30_full, coalesce(u.downloads_30_before, 0)::bigint AS downloads_30_before,
       coalesce(u.downloads_90_full, 0)::bigint AS downloads_90_full, coalesce(u.downloads_90_before, 0)::bigint AS downloads_90_before,
       u.rank
FROM projects p LEFT JOIN project_usage u ON u.project_id = p.id
WHERE p.folded = sqlc.arg(folded);

-- name: UsagePeriods :many
-- Weeks are those of ISO 8601. Through a time without a zone, or that of the session would have a say.
SELECT date_trunc(sqlc.arg(period)::text, d.day::timestamp)::date AS begins,
       sum(d.downloads)::bigint AS downloads, sum(d.installers)::bigint AS installers, sum(d.robots)::bigint AS robots
FROM projects p JOIN usage_project_days d ON d.project_id = p.id
WHERE p.folded = sqlc.arg(project) AND d.day BETWEEN sqlc.arg(first_day)::date AND sqlc.arg(last_day)::date
GROUP BY begins
ORDER BY begins;

-- name: UsageParts :many
SELECT (CASE sqlc.arg(part)::text WHEN 'version' THEN r.version WHEN 'pg_version' THEN d.pg_major::text ELSE d.platform END)::text AS value,
       date_trunc(sqlc.arg(period)::text, d.day::timestamp)::date AS begins, sum(d.downloads)::bigint AS downloads
FROM projects p
JOIN usage_days d ON d.project_id = p.id
JOIN releases r ON r.id = d.release_id
WHERE p.folded = sqlc.arg(project) AND d.day BETWEEN sqlc.arg(first_day)::date AND sqlc.arg(last_day)::date
GROUP BY value, begins
ORDER BY value, begins;

-- name: UsageOfProjects :many
SELECT p.folded, date_trunc(sqlc.arg(period)::text, d.day::timestamp)::date AS begins, sum(d.downloads)::bigint AS downloads
FROM projects p JOIN usage_project_days d ON d.project_id = p.id
WHERE p.folded = ANY (sqlc.arg(projects)::text[]) AND d.day BETWEEN sqlc.arg(first_day)::date AND sqlc.arg(last_day)::date
GROUP BY p.folded, begins
ORDER BY p.folded, begins;

-- name: RegistryUsage :one
SELECT coalesce(sum(downloads), 0)::bigint AS downloads,
       coalesce(sum(downloads) FILTER (WHERE day > sqlc.arg(today)::date - 7), 0)::bigint AS downloads_7,
       coalesce(sum(downloads) FILTER (WHERE day > sqlc.arg(today)::date - 30), 0)::bigint AS downloads_30,
       coalesce(sum(downloads) FILTER (WHERE day > sqlc.arg(today)::date - 90), 0)::bigint AS downloads_90,
       coalesce(sum(robots), 0)::bigint AS robots,
       coalesce(sum(robots) FILTER (WHERE day > sqlc.arg(today)::date - 7), 0)::bigint AS robots_7,
       coalesce(sum(robots) FILTER (WHERE day > sqlc.arg(today)::date - 30), 0)::bigint AS robots_30,
       coalesce(sum(robots) FILTER (WHERE day > sqlc.arg(today)::date - 90), 0)::bigint AS robots_90,
       coalesce(sum(installers), 0)::bigint AS installers,
       coalesce(sum(installers) FILTER (WHERE day > sqlc.arg(today)::date - 7), 0)::bigint AS installers_7,
       coalesce(sum(installers) FILTER (WHERE day > sqlc.arg(today)::date - 30), 0)::bigint AS installers_30,
       coalesce(sum(installers) FILTER (WHERE day > sqlc.arg(today)::date - 90), 0)::bigint AS installers_90
FROM usage_registry_totals
WHERE day <= sqlc.arg(today)::date;

-- name: RegistryPeriods :many
SELECT date_trunc(sqlc.arg(period)::text, d.day::timestamp)::date AS begins,
       sum(d.downloads)::bigint AS downloads, sum(d.installers)::bigint AS installers, sum(d.robots)::bigint AS robots
FROM usage_registry_totals d
WHERE d.day BETWEEN sqlc.arg(first_day)::date AND sqlc.arg(last_day)::date
GROUP BY begins
ORDER BY begins;

-- name: RegistryParts :many
-- What there are builds for, and what was downloaded: projects by their latest version, as of the last search_refresh.
SELECT s.filter::text AS part, split_part(s.facet, '=', 2)::text AS value, s.projects,
       coalesce((SELECT sum(d.downloads) FROM usage_registry_days d
                 WHERE d.day BETWEEN sqlc.arg(first_day)::date AND sqlc.arg(last_day)::date
                   AND CASE s.filter WHEN 'pg' THEN d.pg_major::text = split_part(s.facet, '=', 2)
                                     ELSE d.platform = split_part(s.facet, '=', 2) END), 0)::bigint AS downloads
FROM search_counts s
WHERE s.filter IN ('pg', 'platform', '');

-- name: PublishersTotal :one
SELECT count(DISTINCT a.publisher_id)
FROM artefacts a JOIN releases r ON r.id = a.release_id
WHERE r.yanked_at IS NULL AND r.deleted_at IS NULL;

-- name: TrendingOfWeek :many
SELECT c.name, c.version, c.description, u.downloads_7_full AS downloads, u.installers_7_full AS installers, u.installers_7_before AS installers_before,
       u.growth_7::double precision AS growth
FROM project_usage u JOIN search_cards c ON c.project_id = u.project_id
WHERE u.growth_7 IS NOT NULL
ORDER BY u.growth_7 DESC, c.folded
LIMIT sqlc.arg(most);

-- name: TrendingOfMonth :many
SELECT c.name, c.version, c.description, u.downloads_30_full AS downloads, u.installers_30_full AS installers, u.installers_30_before AS installers_before,
       u.growth_30::double precision AS growth
FROM project_usage u JOIN search_cards c ON c.project_id = u.project_id
WHERE u.growth_30 IS NOT NULL
ORDER BY u.growth_30 DESC, c.folded
LIMIT sqlc.arg(most);
