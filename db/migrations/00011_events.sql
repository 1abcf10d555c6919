-- +goose Up

-- What happened before is told too: whatever stands and has no event of its own gets one. A deletion of several versions
-- was one event, and is one for each version from now on.
DELETE FROM events WHERE kind = 'deleted' AND NOT payload ? 'version';

INSERT INTO events (at, kind, project, payload)
SELECT o.since, 'owner_added', p.name, jsonb_build_object('user', a.name)
FROM project_owners o JOIN projects p ON p.id = o.project_id JOIN accounts a ON a.id = o.account_id
WHERE NOT EXISTS (SELECT FROM events e WHERE e.kind = 'owner_added' AND e.project = p.name AND e.payload ->> 'user' = a.name);

INSERT INTO events (at, kind, project, payload)
SELECT b.created_at, 'published', p.name, jsonb_build_object(
    'version', r.version, 'pg_version', b.pg_major, 'platform', b.platform, 'sha256', encode(b.sha256, 'hex'),
    'new_project', NOT EXISTS (
        SELECT FROM artefacts first JOIN releases f ON f.id = first.release_id
        WHERE f.project_id = p.id AND (first.created_at, first.id) < (b.created_at, b.id)))
FROM artefacts b JOIN releases r ON r.id = b.release_id JOIN projects p ON p.id = r.project_id
WHERE NOT EXISTS (
    SELECT FROM events e WHERE e.kind = 'published' AND e.project = p.name
    AND e.payload @> jsonb_build_object('version', r.version, 'pg_version', b.pg_major, 'platform', b.platform));

INSERT INTO events (at, kind, project, payload)
SELECT r.yanked_at, 'yanked', p.name, jsonb_build_object('version', r.version, 'reason', coalesce(r.yank_reason, ''),
                                                         'replacement', coalesce(r.yank_replacement, ''))
FROM releases r JOIN projects p ON p.id = r.project_id
WHERE r.yanked_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM events e WHERE e.kind = 'yanked' AND e.project = p.name AND e.payload ->> 'version' = r.version);

INSERT INTO events (at, kind, project, payload)
SELECT r.deleted_at, 'deleted', p.name, jsonb_build_object('version', r.version)
FROM releases r JOIN projects p ON p.id = r.project_id
WHERE r.deleted_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM events e WHERE e.kind = 'deleted' AND e.project = p.name AND e.payload ->> 'version' = r.version);

INSERT INTO events (at, kind, project, payload)
SELECT p.deprecated_at, 'deprecated', p.name, jsonb_build_object('message', p.deprecation)
FROM projects p
WHERE p.deprecated_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM events e WHERE e.kind = 'deprecated' AND e.project = p.name);

-- An event is numbered when its transaction commits: id says when it was written, which is not the order in which others
-- see it.
ALTER TABLE events
    ADD COLUMN sequence bigint,
    -- As the names of projects are compared.
    ADD COLUMN folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (replace(lower(project), '-', '_')) STORED;
UPDATE events e SET sequence = o.place
FROM (SELECT id, row_number() OVER (ORDER BY at, kind = 'published', id) AS place FROM events) o
WHERE o.id = e.id;
ALTER TABLE events ADD CONSTRAINT events_sequence_key UNIQUE (sequence);
CREATE INDEX events_folded_idx ON events (folded, sequence);
CREATE INDEX events_kind_idx ON events (kind, sequence);

ALTER TABLE catalogue_clock ADD COLUMN last_event bigint NOT NULL DEFAULT 0;
UPDATE catalogue_clock SET last_event = (SELECT count(*) FROM events);

-- The catalogue's clock is locked from here until the transaction has committed and others see it, so whoever sees a number
-- sees all that are lower. What is rolled back takes no number.
-- +goose StatementBegin
CREATE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
BEGIN
    UPDATE catalogue_clock SET last_event = last_event + 1 RETURNING last_event INTO given;
    UPDATE events SET sequence = given WHERE id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER events_number AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION number_event();

CREATE TRIGGER events_append_only BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_numbered_once BEFORE UPDATE ON events FOR EACH ROW
    WHEN (OLD.sequence IS NOT NULL OR (OLD.id, OLD.at, OLD.kind, OLD.project, OLD.payload) IS DISTINCT FROM (NEW.id, NEW.at, NEW.kind, NEW.project, NEW.payload))
    EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TRIGGER events_numbered_once ON events;
DROP TRIGGER events_append_only ON events;
DROP TRIGGER events_number ON events;
DROP FUNCTION number_event();
ALTER TABLE catalogue_clock DROP COLUMN last_event;
DROP INDEX events_kind_idx, events_folded_idx;
ALTER TABLE events DROP CONSTRAINT events_sequence_key, DROP COLUMN folded, DROP COLUMN sequence;
