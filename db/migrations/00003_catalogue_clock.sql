-- +goose Up

-- One row that says which state of the catalogue this is, so that every process can tell at the price of one read whether
-- what it has kept is still so. It ticks at the end of each transaction that changes what readers see, and not before:
-- whoever sees a state sees everything up to it, and writers wait for each other no longer than a commit takes.
CREATE TABLE catalogue_clock (
    only_row   boolean     NOT NULL DEFAULT true,
    version    bigint      NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT catalogue_clock_pkey PRIMARY KEY (only_row),
    CONSTRAINT catalogue_clock_only_row_check CHECK (only_row)
);
INSERT INTO catalogue_clock (version, changed_at) VALUES (1, clock_timestamp());

-- +goose StatementBegin
CREATE FUNCTION tick_catalogue_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once a transaction, however many rows it changed.
    IF current_setting('trunk.catalogue_ticked', true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM set_config('trunk.catalogue_ticked', txid_current()::text, true);
        UPDATE catalogue_clock SET version = version + 1, changed_at = clock_timestamp();
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    changed text;
BEGIN
    FOREACH changed IN ARRAY ARRAY['projects', 'project_owners', 'project_categories', 'categories', 'releases', 'release_extensions', 'artefacts', 'preload_libraries']
    LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED '
                       'FOR EACH ROW EXECUTE FUNCTION tick_catalogue_clock()', changed || '_tick', changed);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER projects_tick ON projects;
DROP TRIGGER project_owners_tick ON project_owners;
DROP TRIGGER project_categories_tick ON project_categories;
DROP TRIGGER categories_tick ON categories;
DROP TRIGGER releases_tick ON releases;
DROP TRIGGER release_extensions_tick ON release_extensions;
DROP TRIGGER artefacts_tick ON artefacts;
DROP TRIGGER preload_libraries_tick ON preload_libraries;
DROP FUNCTION tick_catalogue_clock();
DROP TABLE catalogue_clock;
