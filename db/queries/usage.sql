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
