-- name: AddLetter :one
-- Gives no row where the recipient had a letter of the topic, or wants none.
INSERT INTO letters (id, recipient_id, kind, topic, detail, state, created_at)
SELECT sqlc.arg(id), r.id, sqlc.arg(kind), sqlc.arg(topic), sqlc.arg(detail), 'queued', sqlc.arg(at)
FROM recipients r
WHERE r.id = sqlc.arg(recipient) AND r.closed_at IS NULL
ON CONFLICT ON CONSTRAINT letters_topic_key DO NOTHING
RETURNING id;
