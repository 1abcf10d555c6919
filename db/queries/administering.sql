-- name: ReadmeOfProject :one
SELECT r.name, r.content
FROM projects p JOIN project_readmes r ON r.project_id = p.id
WHERE p.folded = sqlc.arg(folded);

-- name: KeepReadme :exec
INSERT INTO project_readmes (project_id, name, content, version, updated_at)
VALUES (sqlc.arg(project), sqlc.arg(name), sqlc.arg(content), sqlc.narg(version), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT project_readmes_pkey
DO UPDATE SET name = EXCLUDED.name, content = EXCLUDED.content, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at;
