-- name: EnsureAccount :one
INSERT INTO accounts (id, name, created_at) VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(at))
ON CONFLICT (lower(name)) DO UPDATE SET name = accounts.name
RETURNING id, name, administrator;

-- name: AccountByName :one
SELECT id, name, administrator FROM accounts WHERE lower(name) = lower(sqlc.arg(name));

-- name: SetAdministrator :one
UPDATE accounts SET administrator = sqlc.arg(administrator) WHERE lower(name) = lower(sqlc.arg(name))
RETURNING id, name, administrator;

-- name: Administrators :many
SELECT id, name, administrator FROM accounts WHERE administrator ORDER BY lower(name);

-- name: LockIdentity :exec
-- First sign-ins of one person follow each other.
SELECT pg_advisory_xact_lock(hashtextextended(sqlc.arg(issuer)::text || E'\n' || sqlc.arg(subject)::text, 0));

-- name: AccountByIdentity :one
SELECT a.id, a.name, a.administrator
FROM account_identities i JOIN accounts a ON a.id = i.account_id
WHERE i.issuer = sqlc.arg(issuer) AND i.subject = sqlc.arg(subject);

-- name: AddAccount :execrows
INSERT INTO accounts (id, name, created_at) VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(at))
ON CONFLICT (lower(name)) DO NOTHING;

-- name: LinkIdentity :exec
INSERT INTO account_identities (issuer, subject, account_id, created_at)
VALUES (sqlc.arg(issuer), sqlc.arg(subject), sqlc.arg(account), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT account_identities_pkey DO UPDATE SET account_id = EXCLUDED.account_id;

-- name: UseSignIn :exec
INSERT INTO used_sign_ins (issuer, id, expires_at) VALUES (sqlc.arg(issuer), sqlc.arg(id), sqlc.arg(expires_at));

-- name: AddToken :exec
INSERT INTO tokens (id, account_id, name, sha256, scopes, projects, created_at, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(account_id), sqlc.arg(name), sqlc.arg(sha256), sqlc.arg(scopes), sqlc.arg(projects),
        sqlc.arg(at), sqlc.narg(expires_at));

-- name: TokenBySHA256 :one
SELECT t.id, t.account_id, a.name AS account, a.administrator, t.name, t.scopes, t.projects, t.created_at, t.last_used_at,
       t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.sha256 = sqlc.arg(sha256);

-- name: TokenByID :one
SELECT t.id, t.account_id, a.name AS account, a.administrator, t.name, t.scopes, t.projects, t.created_at, t.last_used_at,
       t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.id = sqlc.arg(id) AND t.account_id = sqlc.arg(account);

-- name: ListTokens :many
SELECT t.id, t.account_id, a.name AS account, a.administrator, t.name, t.scopes, t.projects, t.created_at, t.last_used_at,
       t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE sqlc.narg(account)::text IS NULL OR lower(a.name) = lower(sqlc.narg(account))
ORDER BY a.name, t.created_at, t.id;

-- name: TokensOfAccount :many
SELECT t.id, t.account_id, a.name AS account, a.administrator, t.name, t.scopes, t.projects, t.created_at, t.last_used_at,
       t.expires_at, t.revoked_at
FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.account_id = sqlc.arg(account) AND (sqlc.narg(after)::uuid IS NULL OR t.id < sqlc.narg(after))
ORDER BY t.id DESC
LIMIT sqlc.arg(most);

-- name: TouchToken :exec
UPDATE tokens SET last_used_at = sqlc.arg(at) WHERE id = sqlc.arg(id) AND (last_used_at IS NULL OR last_used_at < sqlc.arg(at));

-- name: RevokeToken :execrows
UPDATE tokens SET revoked_at = coalesce(revoked_at, sqlc.arg(at))
WHERE id = sqlc.arg(id) AND (sqlc.narg(account)::uuid IS NULL OR account_id = sqlc.narg(account));

-- name: KeepEmail :exec
UPDATE accounts SET email = sqlc.arg(email)::text, email_verified = sqlc.arg(verified)
WHERE id = sqlc.arg(id) AND (email IS DISTINCT FROM sqlc.arg(email)::text OR email_verified <> sqlc.arg(verified));
