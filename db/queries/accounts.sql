-- name: EnsureAccount :one
INSERT INTO accounts (id, name, created_at) VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT accounts_name_key DO UPDATE SET name = EXCLUDED.name
RETURNING id, name;

-- name: AddToken :exec
INSERT INTO tokens (id, account_id, name, sha256, scopes, projects, created_at, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(account_id), sqlc.arg(name), sqlc.arg(sha256), sqlc.arg(scopes), sqlc.arg(projects),
        sqlc.arg(at), sqlc.narg(expires_at));

-- name: TokenBySHA256 :one
SELECT t.id, t.account_id, a.name AS account, t.name, t.scopes, t.projects, t.created_at, t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.sha256 = sqlc.arg(sha256);

-- name: ListTokens :many
SELECT t.id, t.account_id, a.name AS account, t.name, t.scopes, t.projects, t.created_at, t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE sqlc.narg(account)::text IS NULL OR a.name = sqlc.narg(account)
ORDER BY a.name, t.created_at, t.id;

-- name: RevokeToken :execrows
UPDATE tokens SET revoked_at = coalesce(revoked_at, sqlc.arg(at)) WHERE id = sqlc.arg(id);
