-- name: AddEvent :one
INSERT INTO events (at, kind, project, payload) VALUES (sqlc.arg(at), sqlc.arg(kind), sqlc.arg(project), sqlc.arg(payload))
RETURNING id;

-- name: LastEvent :one
SELECT last_event FROM catalogue_clock;

-- name: EventsSince :many
SELECT sequence::bigint AS sequence, at, kind, project, payload
FROM events
WHERE sequence > sqlc.arg(since)::bigint
  AND (sqlc.narg(project)::text IS NULL OR folded = sqlc.narg(project))
  AND (sqlc.narg(kind)::text IS NULL OR kind = sqlc.narg(kind))
ORDER BY sequence
LIMIT sqlc.arg(most);
