-- name: LockRelease :one
SELECT id, yanked_at
FROM releases
WHERE project_id = sqlc.arg(project) AND version = sqlc.arg(version) AND deleted_at IS NULL
FOR UPDATE;

-- name: YankRelease :execrows
-- The replacement has to be another version of the project that can be installed.
UPDATE releases r
SET yanked_at = coalesce(r.yanked_at, sqlc.arg(at)::timestamptz), yank_reason = sqlc.arg(reason), yank_replacement = sqlc.narg(replacement),
    yanked_by = sqlc.arg(account)
WHERE r.id = sqlc.arg(id)
  AND (sqlc.narg(replacement)::text IS NULL OR EXISTS (
      SELECT FROM releases other
      WHERE other.project_id = r.project_id AND other.version = sqlc.narg(replacement) AND other.id <> r.id
        AND other.yanked_at IS NULL AND other.deleted_at IS NULL));

-- name: UnyankRelease :exec
UPDATE releases SET yanked_at = NULL, yank_reason = NULL, yank_replacement = NULL, yanked_by = NULL WHERE id = sqlc.arg(id);

-- name: DeprecateProject :one
-- The project is locked, so it is the row that was read that changes.
UPDATE projects p
SET deprecated_at = CASE WHEN sqlc.narg(message)::text IS NULL THEN NULL ELSE coalesce(p.deprecated_at, sqlc.arg(at)::timestamptz) END,
    deprecation = sqlc.narg(message)
FROM projects was
WHERE p.id = sqlc.arg(id) AND was.id = p.id
RETURNING p.deprecated_at, (was.deprecation IS DISTINCT FROM p.deprecation)::boolean AS changed;

-- name: VersionsToDelete :many
SELECT version, created_at FROM releases
WHERE project_id = sqlc.arg(project) AND deleted_at IS NULL AND (sqlc.narg(version)::text IS NULL OR version = sqlc.narg(version))
ORDER BY sort_key;

-- name: Dependents :many
-- Projects that need an extension which, of what stays of the project, nothing would provide any more.
SELECT DISTINCT p.name
FROM release_extensions mine
JOIN releases gone ON gone.id = mine.release_id AND gone.project_id = sqlc.arg(project) AND gone.deleted_at IS NULL
    AND (sqlc.narg(version)::text IS NULL OR gone.version = sqlc.narg(version))
JOIN extension_names n ON n.project_id = gone.project_id AND n.folded = replace(lower(mine.name), '-', '_')
JOIN release_extensions theirs ON mine.name = ANY (theirs.dependencies)
JOIN releases r ON r.id = theirs.release_id AND r.project_id <> gone.project_id AND r.deleted_at IS NULL AND r.yanked_at IS NULL
JOIN projects p ON p.id = r.project_id
WHERE NOT EXISTS (
    SELECT FROM release_extensions kept
    JOIN releases stays ON stays.id = kept.release_id
    WHERE kept.name = mine.name AND stays.project_id = gone.project_id AND stays.deleted_at IS NULL AND stays.yanked_at IS NULL
      AND sqlc.narg(version)::text IS NOT NULL AND stays.version <> sqlc.narg(version))
ORDER BY p.name
LIMIT 5;

-- name: DeleteReleases :many
WITH gone AS (
    UPDATE releases r SET deleted_at = sqlc.arg(at)
    WHERE r.project_id = sqlc.arg(project) AND r.deleted_at IS NULL AND (sqlc.narg(version)::text IS NULL OR r.version = sqlc.narg(version))
    RETURNING r.id, r.version, r.sort_key
), artefacts_gone AS (
    DELETE FROM artefacts a USING gone WHERE a.release_id = gone.id
), extensions_gone AS (
    DELETE FROM release_extensions e USING gone WHERE e.release_id = gone.id
), changes_gone AS (
    DELETE FROM release_changes c USING gone WHERE c.release_id = gone.id
)
SELECT version FROM gone ORDER BY sort_key;

-- name: FreeExtensionNames :exec
-- Names that no version of the project provides any more are for others to provide.
DELETE FROM extension_names n
WHERE n.project_id = sqlc.arg(project) AND NOT EXISTS (
    SELECT FROM release_extensions e JOIN releases r ON r.id = e.release_id
    WHERE r.project_id = n.project_id AND replace(lower(e.name), '-', '_') = n.folded);

-- name: ForgetReadme :exec
DELETE FROM project_readmes WHERE project_id = sqlc.arg(project);
