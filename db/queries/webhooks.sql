-- name: LockAccount :exec
-- So that what an account has is counted by one transaction after the other.
SELECT FROM accounts WHERE id = sqlc.arg(id) FOR NO KEY UPDATE;

-- name: AddWebhook :execrows
INSERT INTO webhooks (id, account_id, url, project_id, category, owner_id, kinds, secret, created_at)
SELECT sqlc.arg(id), sqlc.arg(account), sqlc.arg(url), sqlc.narg(project), sqlc.narg(category), sqlc.narg(owner), sqlc.arg(kinds)::text[],
       sqlc.arg(secret), sqlc.arg(at)
WHERE (SELECT count(*) FROM webhooks WHERE account_id = sqlc.arg(account)) < sqlc.arg(most)::integer;

-- name: WebhooksOfAccount :many
-- One of an id, or a page of them.
SELECT w.id, w.url, p.name AS project, w.category, c.name AS category_name, a.name AS owner, w.kinds, w.created_at, w.failing_since,
       w.disabled_at, w.disabled_reason
FROM webhooks w
LEFT JOIN projects p ON p.id = w.project_id
LEFT JOIN categories c ON c.slug = w.category
LEFT JOIN accounts a ON a.id = w.owner_id
WHERE w.account_id = sqlc.arg(account)
  AND (sqlc.narg(id)::uuid IS NULL OR w.id = sqlc.narg(id))
  AND (sqlc.narg(after)::uuid IS NULL OR w.id < sqlc.narg(after))
ORDER BY w.id DESC
LIMIT sqlc.arg(most);

-- name: RemoveWebhook :execrows
DELETE FROM webhooks WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account);

-- name: RotateWebhookSecret :execrows
UPDATE webhooks SET previous_secret = secret, previous_until = sqlc.arg(until), secret = sqlc.arg(secret)
WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account);

-- name: EnableWebhook :execrows
UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account);

-- name: WebhooksOfEvent :many
-- Who came or went hears of it by what they own, also when they own it no more.
SELECT w.id
FROM (
    SELECT w.* FROM webhooks w JOIN projects p ON p.id = w.project_id WHERE p.folded = sqlc.arg(folded)
    UNION
    SELECT w.* FROM webhooks w JOIN categories c ON c.slug = w.category
    JOIN project_categories pc ON pc.category_id = c.id JOIN projects p ON p.id = pc.project_id WHERE p.folded = sqlc.arg(folded)
    UNION
    SELECT w.* FROM webhooks w JOIN project_owners o ON o.account_id = w.owner_id JOIN projects p ON p.id = o.project_id WHERE p.folded = sqlc.arg(folded)
    UNION
    SELECT w.* FROM webhooks w JOIN accounts a ON a.id = w.owner_id WHERE lower(a.name) = lower(sqlc.arg(also)::text)
) w
WHERE w.disabled_at IS NULL AND w.created_at <= sqlc.arg(at)
  AND (w.kinds = '{}' OR sqlc.arg(kind)::text = ANY (w.kinds))
  AND (sqlc.narg(after)::uuid IS NULL OR w.id > sqlc.narg(after))
ORDER BY w.id
LIMIT sqlc.arg(most);

-- name: AddDeliveries :many
-- Gives those that are new.
INSERT INTO webhook_deliveries (id, webhook_id, event_id, state, created_at, queued_at, next_at)
SELECT d.id, w.id, sqlc.narg(event), 'queued', sqlc.arg(at), sqlc.arg(at), sqlc.arg(at)
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(webhooks)::uuid[]) AS webhook) d
JOIN webhooks w ON w.id = d.webhook
ORDER BY w.id
ON CONFLICT ON CONSTRAINT webhook_deliveries_event_key DO NOTHING
RETURNING id;

-- name: DeliveryByID :one
SELECT d.id, d.webhook_id, d.event_id, d.state, d.created_at, d.round, d.queued_at, d.tries, w.url, w.secret, w.previous_secret, w.previous_until,
       (w.disabled_at IS NOT NULL)::boolean AS disabled
FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
WHERE d.id = sqlc.arg(id);

-- name: DeliveriesOfWebhook :many
-- One of an id, or a page of them.
SELECT d.id, e.sequence, coalesce(e.kind, 'ping')::text AS kind, e.project, coalesce(e.payload ->> 'version', '')::text AS version, d.state, d.created_at, d.next_at,
       d.attempts, d.answer
FROM webhook_deliveries d
JOIN webhooks w ON w.id = d.webhook_id
LEFT JOIN events e ON e.id = d.event_id
WHERE d.webhook_id = sqlc.arg(webhook) AND w.account_id = sqlc.arg(account)
  AND (sqlc.narg(id)::uuid IS NULL OR d.id = sqlc.narg(id))
  AND (sqlc.narg(after)::uuid IS NULL OR d.id < sqlc.narg(after))
ORDER BY d.id DESC
LIMIT sqlc.arg(most);

-- name: SettleDelivery :one
-- What was sent again meanwhile keeps its state; that it was tried is in the log all the same.
UPDATE webhook_deliveries d
SET state = CASE WHEN turn.current THEN sqlc.arg(state)::text ELSE d.state END,
    next_at = CASE WHEN turn.current THEN sqlc.narg(next_at)::timestamptz ELSE d.next_at END,
    settled_at = CASE WHEN turn.current THEN sqlc.narg(settled_at)::timestamptz ELSE d.settled_at END,
    tries = d.tries + CASE WHEN turn.current THEN sqlc.arg(tried)::integer ELSE 0 END,
    attempts = jsonb_path_query_array(d.attempts || sqlc.arg(attempts)::jsonb, '$[last - 49 to last]'),
    answer = coalesce(sqlc.narg(answer), d.answer)
FROM (SELECT t.id, t.state = 'queued' AND t.round = sqlc.arg(round) AS current FROM webhook_deliveries t WHERE t.id = sqlc.arg(id) FOR UPDATE) turn
WHERE d.id = turn.id
RETURNING d.webhook_id;

-- name: WebhookDelivered :exec
UPDATE webhooks SET failing_since = NULL WHERE id = sqlc.arg(id) AND failing_since IS NOT NULL;

-- name: WebhookFailed :one
UPDATE webhooks SET failing_since = coalesce(failing_since, sqlc.arg(at)) WHERE id = sqlc.arg(id)
RETURNING failing_since;

-- name: DisableWebhook :execrows
UPDATE webhooks SET disabled_at = sqlc.arg(at), disabled_reason = sqlc.arg(reason) WHERE id = sqlc.arg(id) AND disabled_at IS NULL;

-- name: RedeliverWebhook :one
UPDATE webhook_deliveries d
SET state = 'queued', round = d.round + 1, queued_at = sqlc.arg(at), next_at = sqlc.arg(at), settled_at = NULL, tries = 0
FROM webhooks w
WHERE d.id = sqlc.arg(id) AND d.webhook_id = sqlc.arg(webhook) AND w.id = d.webhook_id AND w.account_id = sqlc.arg(account)
RETURNING d.round;

-- name: DeliveriesQueued :one
SELECT count(*)::integer FROM webhook_deliveries WHERE state = 'queued';

-- name: ForgetDeliveries :exec
DELETE FROM webhook_deliveries WHERE created_at < sqlc.arg(before) AND state <> 'queued';
