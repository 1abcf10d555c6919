-- name: AddLetters :many
-- Gives those that are to be sent at once: not those of recipients who had a letter of the topic, or want none.
INSERT INTO letters (id, recipient_id, kind, topic, detail, state, created_at)
SELECT d.id, r.id, d.kind, d.topic, d.detail::jsonb, d.state, d.at
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(recipients)::uuid[]) AS recipient, unnest(sqlc.arg(kinds)::text[]) AS kind,
             unnest(sqlc.arg(topics)::text[]) AS topic, unnest(sqlc.arg(details)::text[]) AS detail, unnest(sqlc.arg(states)::text[]) AS state,
             unnest(sqlc.arg(times)::timestamptz[]) AS at) d
JOIN recipients r ON r.id = d.recipient AND r.closed_at IS NULL
ORDER BY r.id
ON CONFLICT ON CONSTRAINT letters_topic_key DO NOTHING
RETURNING id, state;

-- name: LetterByID :one
SELECT l.id, l.recipient_id, l.kind, l.topic, l.detail, l.state, l.created_at, l.attempts, r.address, r.closed_reason
FROM letters l JOIN recipients r ON r.id = l.recipient_id
WHERE l.id = sqlc.arg(id);

-- name: SettleLetter :exec
UPDATE letters
SET state = sqlc.arg(state), attempts = attempts + sqlc.arg(tried)::integer, answer = coalesce(sqlc.narg(answer), answer), settled_at = sqlc.narg(settled)
WHERE id = sqlc.arg(id) AND state = 'queued';

-- name: CloseBounced :exec
UPDATE recipients SET closed_at = sqlc.arg(at), closed_reason = 'bounced' WHERE id = sqlc.arg(id) AND closed_at IS NULL;

-- name: RecordedEventByID :one
SELECT coalesce(sequence, 0)::bigint AS sequence, at, kind, project, payload FROM events WHERE id = sqlc.arg(id);

-- name: FollowersOfProject :many
-- One row a recipient: what comes at once before what comes once a day.
SELECT DISTINCT ON (s.recipient_id) s.recipient_id, s.id, s.digest
FROM (
    SELECT s.* FROM subscriptions s JOIN projects p ON p.id = s.project_id WHERE p.folded = sqlc.arg(folded)
    UNION ALL
    SELECT s.* FROM subscriptions s JOIN categories c ON c.slug = s.category
    JOIN project_categories pc ON pc.category_id = c.id JOIN projects p ON p.id = pc.project_id WHERE p.folded = sqlc.arg(folded)
    UNION ALL
    SELECT s.* FROM subscriptions s JOIN project_owners o ON o.account_id = s.owner_id JOIN projects p ON p.id = o.project_id WHERE p.folded = sqlc.arg(folded)
) s
JOIN recipients r ON r.id = s.recipient_id AND r.closed_at IS NULL
WHERE s.confirmed_at <= sqlc.arg(at)
  AND (sqlc.narg(after)::uuid IS NULL OR s.recipient_id > sqlc.narg(after))
  AND (sqlc.narg(recipient)::uuid IS NULL OR s.recipient_id = sqlc.narg(recipient))
  AND (NOT sqlc.arg(withdrawal)::boolean OR s.withdrawals)
  AND (NOT sqlc.arg(prerelease)::boolean OR s.prereleases)
  AND (sqlc.narg(major)::integer IS NULL OR s.pg_major IS NULL OR s.pg_major = sqlc.narg(major))
ORDER BY s.recipient_id, s.digest, s.id
LIMIT sqlc.arg(most);

-- name: OwnersToTell :many
-- With the one of a name, who may own it no more.
SELECT a.id, a.email
FROM accounts a
WHERE a.email_verified AND a.letters
  AND (lower(a.name) = lower(sqlc.arg(also)::text)
       OR EXISTS (SELECT FROM project_owners o JOIN projects p ON p.id = o.project_id WHERE o.account_id = a.id AND p.folded = sqlc.arg(folded)))
ORDER BY a.id;

-- name: AddressOfAccount :one
SELECT email FROM accounts WHERE id = sqlc.arg(id) AND email_verified AND letters;

-- name: NewsOfRelease :one
SELECT p.name AS project, r.id, r.version, r.description, r.prerelease, r.created_at, a.name AS publisher,
       previous_version(r.id) AS previous,
       coalesce(c.content, '')::text AS changes
FROM releases r JOIN projects p ON p.id = r.project_id JOIN accounts a ON a.id = r.publisher_id
LEFT JOIN release_changes c ON c.release_id = r.id
WHERE p.folded = sqlc.arg(folded) AND r.version = sqlc.arg(version) AND r.deleted_at IS NULL;

-- name: NewsOfBuilds :many
SELECT pg_major, platform, sha256, size FROM artefacts WHERE release_id = sqlc.arg(release) ORDER BY pg_major DESC, platform;

-- name: RecipientsWaiting :many
SELECT DISTINCT recipient_id FROM letters
WHERE state = 'waiting' AND created_at < sqlc.arg(before) AND (sqlc.narg(after)::uuid IS NULL OR recipient_id > sqlc.narg(after))
ORDER BY recipient_id
LIMIT sqlc.arg(most);

-- name: DigestLetters :execrows
UPDATE letters SET state = 'digested', settled_at = sqlc.arg(at), digest_id = sqlc.arg(digest)::uuid
WHERE recipient_id = sqlc.arg(recipient) AND state = 'waiting' AND created_at < sqlc.arg(at);

-- name: LettersOfDigest :many
SELECT kind, detail FROM letters WHERE digest_id = sqlc.arg(digest)::uuid ORDER BY created_at, id;

-- name: DeadLetters :many
SELECT l.id, l.kind, l.topic, r.address, l.attempts, coalesce(l.answer, '')::text AS answer, l.settled_at
FROM letters l JOIN recipients r ON r.id = l.recipient_id
WHERE l.state = 'dead'
ORDER BY l.settled_at, l.id
LIMIT sqlc.arg(most);

-- name: RetryLetters :many
-- They are as new: what bounds their tries counts from now.
UPDATE letters SET state = 'queued', created_at = sqlc.arg(at), settled_at = NULL
WHERE state = 'dead' AND (sqlc.narg(ids)::uuid[] IS NULL OR id = ANY (sqlc.narg(ids)::uuid[]))
RETURNING id;

-- name: TokensEnding :many
SELECT t.id, t.account_id FROM tokens t
WHERE t.expires_at > sqlc.arg(now) AND t.expires_at <= sqlc.arg(until) AND t.revoked_at IS NULL AND t.end_told_at IS NULL
ORDER BY t.id LIMIT 500;

-- name: TellTokenEnd :execrows
UPDATE tokens SET end_told_at = sqlc.arg(at) WHERE id = sqlc.arg(id) AND end_told_at IS NULL;

-- name: NewsOfToken :one
SELECT * FROM tokens WHERE id = sqlc.arg(id);

-- name: LettersQueued :many
SELECT kind, count(*)::integer AS letters FROM letters WHERE state = 'queued' GROUP BY kind;
