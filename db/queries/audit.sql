-- name: AddAuditEntry :exec
INSERT INTO audit_entries (at, account_id, action, project, origin, request_id, detail)
VALUES (sqlc.arg(at), sqlc.narg(account_id), sqlc.arg(action), sqlc.narg(project), sqlc.arg(origin), sqlc.arg(request_id), sqlc.arg(detail));

-- name: AuditEntries :many
SELECT e.id, e.at, e.account_id, a.name AS account, e.action, e.project, e.origin, e.request_id, e.detail
FROM audit_entries e LEFT JOIN accounts a ON a.id = e.account_id
WHERE (sqlc.narg(project)::text IS NULL OR e.project = sqlc.narg(project))
  AND (sqlc.narg(account)::uuid IS NULL OR e.account_id = sqlc.narg(account))
  AND (sqlc.narg(action)::text IS NULL OR e.action = sqlc.narg(action))
  AND (sqlc.narg(after)::bigint IS NULL OR e.id < sqlc.narg(after))
ORDER BY e.id DESC
LIMIT sqlc.arg(most);
