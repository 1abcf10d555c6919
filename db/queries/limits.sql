-- name: TakeAllowance :one
-- One more action, if the limit allows it now; no row where it does not.
INSERT INTO rate_limits AS l (subject, action, on_time)
VALUES (sqlc.arg(subject), sqlc.arg(action), sqlc.arg(at)::timestamptz + sqlc.arg(every)::interval)
ON CONFLICT ON CONSTRAINT rate_limits_pkey
DO UPDATE SET on_time = greatest(l.on_time, sqlc.arg(at)::timestamptz) + sqlc.arg(every)::interval
WHERE greatest(l.on_time, sqlc.arg(at)::timestamptz) + sqlc.arg(every)::interval <= sqlc.arg(at)::timestamptz + sqlc.arg(span)::interval
RETURNING l.on_time;

-- name: Allowance :one
SELECT on_time FROM rate_limits WHERE subject = sqlc.arg(subject) AND action = sqlc.arg(action);
