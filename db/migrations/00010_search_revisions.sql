-- +goose Up

-- What is kept of a document outside of the database holds for its revision.
CREATE SEQUENCE search_revisions;
ALTER TABLE search_documents ADD COLUMN revision bigint NOT NULL DEFAULT nextval('search_revisions');

-- +goose StatementBegin
CREATE FUNCTION search_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('search_revisions');
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER search_documents_revise BEFORE UPDATE ON search_documents FOR EACH ROW EXECUTE FUNCTION search_revise();

-- In no order those that are called so, and those that match in the tiers up to one: each has an index of its own, which is
-- used only where the condition stands as it is written there. A scan of the table would unpack every document that it
-- meets, which the planner does not count, so it would take one wherever it believes to find enough soon.
-- +goose StatementBegin
CREATE FUNCTION search_matches(called text[], sieve tsquery, wanted tsquery, up_to integer, most integer)
RETURNS TABLE (project_id uuid, revision bigint) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(called) > 0 THEN
        RETURN QUERY SELECT m.project_id, m.revision FROM search_documents m
            WHERE m.project_id IN (SELECT n.project_id FROM search_names n WHERE n.key = ANY (called) ORDER BY n.tier LIMIT 50)
              AND m.document @@ sieve;
    END IF;
    IF up_to = 0 THEN
        RETURN QUERY SELECT m.project_id, m.revision FROM search_documents m WHERE m.tier = 0 AND m.document @@ wanted LIMIT most;
    ELSIF up_to = 1 THEN
        RETURN QUERY SELECT m.project_id, m.revision FROM search_documents m WHERE m.tier <= 1 AND m.document @@ wanted LIMIT most;
    ELSE
        RETURN QUERY SELECT m.project_id, m.revision FROM search_documents m WHERE m.document @@ wanted LIMIT most;
    END IF;
END
$$;
-- +goose StatementEnd

-- How often all was counted anew: what is kept of the counts holds until then.
ALTER TABLE search_state ADD COLUMN counted bigint NOT NULL DEFAULT 0;

-- +goose StatementBegin
CREATE FUNCTION search_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.counted := OLD.counted + 1;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER search_state_counted BEFORE UPDATE ON search_state FOR EACH ROW EXECUTE FUNCTION search_counted();

-- +goose Down
DROP TRIGGER search_state_counted ON search_state;
DROP FUNCTION search_counted();
ALTER TABLE search_state DROP COLUMN counted;
DROP FUNCTION search_matches(text[], tsquery, tsquery, integer, integer);
DROP TRIGGER search_documents_revise ON search_documents;
DROP FUNCTION search_revise();
ALTER TABLE search_documents DROP COLUMN revision;
DROP SEQUENCE search_revisions;
