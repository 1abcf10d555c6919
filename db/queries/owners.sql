-- name: LockProject :one
-- Until the transaction ends, other changes of the project wait.
SELECT p.id, p.name,
       EXISTS (SELECT FROM project_owners o WHERE o.project_id = p.id AND o.account_id = sqlc.arg(account)) AS owned
FROM projects p
WHERE p.folded = sqlc.arg(folded)
FOR UPDATE OF p;

-- name: ProjectOfOwner :one
SELECT p.name,
       EXISTS (SELECT FROM project_owners o WHERE o.project_id = p.id AND o.account_id = sqlc.arg(account)) AS owned
FROM projects p
WHERE p.folded = sqlc.arg(folded);

-- name: OwnersOfProject :many
SELECT a.id, a.name, a.administrator, o.since
FROM project_owners o JOIN accounts a ON a.id = o.account_id
WHERE o.project_id = sqlc.arg(project)
ORDER BY o.since, a.name;

-- name: AddOwner :exec
INSERT INTO project_owners (project_id, account_id, since) VALUES (sqlc.arg(project), sqlc.arg(account), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT project_owners_pkey DO NOTHING;

-- name: IsOwner :one
SELECT EXISTS (SELECT FROM project_owners o WHERE o.project_id = sqlc.arg(project) AND o.account_id = sqlc.arg(account));

-- name: RemoveOwner :one
-- The last one stays; the project is locked, so that two who leave at once do not both count the other.
WITH removed AS (
    DELETE FROM project_owners o
    WHERE o.project_id = sqlc.arg(project) AND o.account_id = sqlc.arg(account)
      AND EXISTS (SELECT FROM project_owners other WHERE other.project_id = o.project_id AND other.account_id <> o.account_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM removed) = 1 AS removed,
       EXISTS (SELECT FROM project_owners was WHERE was.project_id = sqlc.arg(project) AND was.account_id = sqlc.arg(account)) AS owned;

-- name: RemoveAllOwners :exec
DELETE FROM project_owners WHERE project_id = sqlc.arg(project);

-- name: Invite :execrows
-- Nobody who owns the project already; it is locked, so nobody becomes an owner meanwhile.
INSERT INTO owner_invitations (id, project_id, account_id, invited_by, transfer, created_at)
SELECT sqlc.arg(id), sqlc.arg(project), sqlc.arg(account), sqlc.arg(invited_by), sqlc.arg(transfer), sqlc.arg(at)::timestamptz
WHERE NOT EXISTS (SELECT FROM project_owners o WHERE o.project_id = sqlc.arg(project) AND o.account_id = sqlc.arg(account))
ON CONFLICT ON CONSTRAINT owner_invitations_project_key
DO UPDATE SET id = EXCLUDED.id, invited_by = EXCLUDED.invited_by, transfer = EXCLUDED.transfer, created_at = EXCLUDED.created_at;

-- name: TakeInvitation :one
DELETE FROM owner_invitations WHERE project_id = sqlc.arg(project) AND account_id = sqlc.arg(account)
RETURNING id, invited_by, (SELECT a.name FROM accounts a WHERE a.id = invited_by)::text AS inviter, transfer, created_at;

-- name: RemoveInvitationsBy :exec
DELETE FROM owner_invitations WHERE project_id = sqlc.arg(project) AND invited_by = sqlc.arg(account);

-- name: RemoveInvitations :exec
DELETE FROM owner_invitations WHERE project_id = sqlc.arg(project);

-- name: Invitations :many
SELECT i.id, p.name AS project, a.name AS account, b.name AS invited_by, i.transfer, i.created_at
FROM owner_invitations i
JOIN projects p ON p.id = i.project_id
JOIN accounts a ON a.id = i.account_id
JOIN accounts b ON b.id = i.invited_by
WHERE (sqlc.narg(project)::text IS NULL OR p.folded = sqlc.narg(project))
  AND (sqlc.narg(account)::uuid IS NULL OR i.account_id = sqlc.narg(account))
  AND (sqlc.narg(after)::uuid IS NULL OR i.id < sqlc.narg(after))
ORDER BY i.id DESC
LIMIT sqlc.arg(most);
