-- name: AddSession :exec
INSERT INTO web_sessions (sha256, account_id, created_at, expires_at)
VALUES (sqlc.arg(sha256), sqlc.arg(account), sqlc.arg(at), sqlc.arg(expires_at));

-- name: SessionBySHA256 :one
SELECT a.id, a.name, a.administrator, s.created_at, s.expires_at
FROM web_sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.sha256 = sqlc.arg(sha256) AND s.expires_at > sqlc.arg(now);

-- name: EndSession :one
DELETE FROM web_sessions WHERE sha256 = sqlc.arg(sha256) RETURNING account_id;

-- name: ForgetSessions :exec
DELETE FROM web_sessions WHERE expires_at <= sqlc.arg(before);
