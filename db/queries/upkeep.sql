-- name: LockObject :exec
-- A publish that names an object and a sweep that takes it follow each other.
SELECT pg_advisory_xact_lock(hashtextextended(encode(sqlc.arg(sha256)::bytea, 'hex'), 1));

-- name: DoomObject :execrows
-- Only what no artefact names. Times are the database's own, so that those of several processes can be compared.
INSERT INTO swept_objects (sha256, doomed_at)
SELECT sqlc.arg(sha256), clock_timestamp()
WHERE NOT EXISTS (SELECT FROM artefacts a WHERE a.sha256 = sqlc.arg(sha256) AND a.external_url IS NULL)
ON CONFLICT ON CONSTRAINT swept_objects_pkey DO UPDATE SET doomed_at = EXCLUDED.doomed_at, swept_at = NULL;

-- name: ObjectSwept :exec
UPDATE swept_objects SET swept_at = clock_timestamp() WHERE sha256 = sqlc.arg(sha256);

-- name: ForgetSweptObjects :exec
DELETE FROM swept_objects WHERE swept_at < clock_timestamp() - sqlc.arg(age)::interval;

-- name: ForgetSignIns :exec
DELETE FROM used_sign_ins WHERE expires_at < sqlc.arg(before);

-- name: ForgetAllowances :exec
DELETE FROM rate_limits WHERE on_time < sqlc.arg(before);
