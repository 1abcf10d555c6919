-- name: LinkKey :one
SELECT key FROM link_keys ORDER BY id DESC LIMIT 1;

-- name: SubscriptionByID :one
SELECT s.id, s.recipient_id, r.address, r.closed_reason, p.name AS project, s.category, c.name AS category_name, a.name AS owner,
       s.pg_major, s.prereleases, s.digest, s.withdrawals, s.created_at, s.confirmed_at, s.asked_at
FROM subscriptions s
JOIN recipients r ON r.id = s.recipient_id
LEFT JOIN projects p ON p.id = s.project_id
LEFT JOIN categories c ON c.slug = s.category
LEFT JOIN accounts a ON a.id = s.owner_id
WHERE s.id = sqlc.arg(id);

-- name: SubscriptionsOfRecipient :many
SELECT s.id, s.recipient_id, r.address, r.closed_reason, p.name AS project, s.category, c.name AS category_name, a.name AS owner,
       s.pg_major, s.prereleases, s.digest, s.withdrawals, s.created_at, s.confirmed_at, s.asked_at
FROM subscriptions s
JOIN recipients r ON r.id = s.recipient_id
LEFT JOIN projects p ON p.id = s.project_id
LEFT JOIN categories c ON c.slug = s.category
LEFT JOIN accounts a ON a.id = s.owner_id
WHERE s.recipient_id = sqlc.arg(recipient) AND s.confirmed_at IS NOT NULL AND (sqlc.narg(after)::uuid IS NULL OR s.id < sqlc.narg(after))
ORDER BY s.id DESC
LIMIT sqlc.arg(most);

-- name: RecipientByID :one
SELECT id, address, closed_reason FROM recipients WHERE id = sqlc.arg(id);

-- name: RecipientOfAccount :one
SELECT a.email, r.id, r.address, r.closed_reason
FROM accounts a LEFT JOIN recipients r ON r.folded = lower(a.email)
WHERE a.id = sqlc.arg(account) AND a.email_verified;

-- name: RecipientByAddress :one
SELECT r.id, r.address, r.closed_reason,
       (SELECT count(*) FROM subscriptions s WHERE s.recipient_id = r.id AND s.confirmed_at IS NOT NULL) AS follows
FROM recipients r
WHERE r.folded = lower(sqlc.arg(address)::text);

-- name: EnsureRecipient :one
INSERT INTO recipients (id, address, created_at, asked_at) VALUES (sqlc.arg(id), sqlc.arg(address), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT recipients_address_key DO UPDATE SET asked_at = EXCLUDED.asked_at
RETURNING id, address, closed_reason;

-- name: SubjectOfProject :one
SELECT id FROM projects WHERE folded = sqlc.arg(folded);

-- name: SubjectOfCategory :one
SELECT slug FROM categories WHERE slug = sqlc.arg(slug);

-- name: SubjectOfOwner :one
SELECT id FROM accounts WHERE lower(name) = lower(sqlc.arg(name));

-- name: AskSubscription :one
-- Whoever asks need not be the owner of the address, so what is confirmed stays as it is.
INSERT INTO subscriptions AS s (id, recipient_id, project_id, category, owner_id, pg_major, prereleases, digest, withdrawals, created_at, asked_at)
VALUES (sqlc.arg(id), sqlc.arg(recipient), sqlc.narg(project), sqlc.narg(category), sqlc.narg(owner), sqlc.narg(pg_major), sqlc.arg(prereleases),
        sqlc.arg(digest), sqlc.arg(withdrawals), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT subscriptions_subject_key DO UPDATE
SET pg_major = CASE WHEN s.confirmed_at IS NULL THEN EXCLUDED.pg_major ELSE s.pg_major END,
    prereleases = CASE WHEN s.confirmed_at IS NULL THEN EXCLUDED.prereleases ELSE s.prereleases END,
    digest = CASE WHEN s.confirmed_at IS NULL THEN EXCLUDED.digest ELSE s.digest END,
    withdrawals = CASE WHEN s.confirmed_at IS NULL THEN EXCLUDED.withdrawals ELSE s.withdrawals END,
    asked_at = CASE WHEN s.confirmed_at IS NULL AND s.asked_at <= sqlc.arg(ended) THEN EXCLUDED.asked_at ELSE s.asked_at END
RETURNING s.id, s.confirmed_at, s.asked_at;

-- name: FollowSubscription :one
INSERT INTO subscriptions AS s (id, recipient_id, project_id, category, owner_id, pg_major, prereleases, digest, withdrawals, created_at, confirmed_at)
VALUES (sqlc.arg(id), sqlc.arg(recipient), sqlc.narg(project), sqlc.narg(category), sqlc.narg(owner), sqlc.narg(pg_major), sqlc.arg(prereleases),
        sqlc.arg(digest), sqlc.arg(withdrawals), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT subscriptions_subject_key DO UPDATE
SET pg_major = EXCLUDED.pg_major, prereleases = EXCLUDED.prereleases, digest = EXCLUDED.digest, withdrawals = EXCLUDED.withdrawals,
    confirmed_at = coalesce(s.confirmed_at, EXCLUDED.confirmed_at)
RETURNING s.id, s.confirmed_at, s.asked_at;

-- name: ConfirmSubscription :execrows
UPDATE subscriptions AS s SET confirmed_at = sqlc.arg(at)
WHERE s.id = sqlc.arg(id) AND s.confirmed_at IS NULL
  AND EXISTS (SELECT FROM recipients r WHERE r.id = s.recipient_id AND r.closed_at IS NULL);

-- name: ChangeSubscription :execrows
UPDATE subscriptions
SET pg_major = sqlc.narg(pg_major), prereleases = sqlc.arg(prereleases), digest = sqlc.arg(digest), withdrawals = sqlc.arg(withdrawals)
WHERE id = sqlc.arg(id) AND recipient_id = sqlc.arg(recipient) AND confirmed_at IS NOT NULL;

-- name: RemoveSubscription :execrows
DELETE FROM subscriptions WHERE id = sqlc.arg(id) AND (sqlc.narg(recipient)::uuid IS NULL OR recipient_id = sqlc.narg(recipient));

-- name: CloseRecipient :execrows
UPDATE recipients SET closed_at = sqlc.arg(at), closed_reason = 'asked' WHERE id = sqlc.arg(id) AND closed_at IS NULL;

-- name: RemoveSubscriptions :exec
DELETE FROM subscriptions WHERE recipient_id = sqlc.arg(recipient);

-- name: OpenRecipient :exec
UPDATE recipients SET closed_at = NULL, closed_reason = NULL WHERE id = sqlc.arg(id) AND closed_reason = 'asked';

-- name: ForgetUnconfirmed :exec
-- Nobody has confirmed them, and their links have ended.
DELETE FROM subscriptions WHERE confirmed_at IS NULL AND asked_at < sqlc.arg(before);

-- name: ForgetRecipients :exec
-- Who follows nothing, owns nothing that letters are about and has not asked to be left alone: what was sent goes too.
DELETE FROM recipients r
WHERE r.asked_at < sqlc.arg(before) AND r.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM subscriptions s WHERE s.recipient_id = r.id)
  AND NOT EXISTS (SELECT FROM letters l WHERE l.recipient_id = r.id AND (l.created_at >= sqlc.arg(before) OR l.state IN ('queued', 'waiting', 'dead')))
  AND NOT EXISTS (SELECT FROM accounts a WHERE a.email_verified AND lower(a.email) = r.folded);
