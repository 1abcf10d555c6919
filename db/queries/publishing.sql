-- name: Standing :one
-- What a publisher meets: one row whether the project exists or not. Asked is the database's time.
SELECT p.id AS project_id, p.name, clock_timestamp()::timestamptz AS asked,
       EXISTS (SELECT FROM project_owners o WHERE o.project_id = p.id AND o.account_id = sqlc.arg(account)) AS owned,
       ARRAY(SELECT asked.slug FROM unnest(sqlc.arg(slugs)::text[]) AS asked (slug)
             WHERE NOT EXISTS (SELECT FROM categories c WHERE c.slug = asked.slug))::text[] AS unknown_categories,
       -- Only a name that is new can be taken for another one, and nobody is misled by the user's own projects.
       ARRAY(SELECT q.name FROM projects q
             WHERE p.id IS NULL AND q.name_keys && sqlc.arg(name_keys)::text[]
               AND EXISTS (SELECT FROM releases r WHERE r.project_id = q.id AND r.deleted_at IS NULL)
               AND NOT EXISTS (SELECT FROM project_owners o WHERE o.project_id = q.id AND o.account_id = sqlc.arg(account))
             ORDER BY q.folded)::text[] AS resembling
FROM (SELECT) one
LEFT JOIN projects p ON p.folded = sqlc.arg(folded);

-- name: ClaimProject :one
-- Also locks the project, so that publishes of one project follow each other.
INSERT INTO projects (id, name, name_keys, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(name_keys), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT (folded) DO UPDATE SET updated_at = greatest(projects.updated_at, EXCLUDED.updated_at)
RETURNING id, name, (id = sqlc.arg(id)) AS created;

-- name: ClaimExtensions :exec
INSERT INTO extension_names (folded, project_id)
SELECT name, sqlc.arg(project) FROM unnest(sqlc.arg(folded)::text[]) AS name
ORDER BY name
ON CONFLICT (folded) DO NOTHING;

-- name: AddRelease :one
-- The first build of a version writes its facts; the next ones only touch the time.
INSERT INTO releases (id, project_id, version, sort_key, prerelease, description, documentation, homepage, repository,
                      license, system_dependencies, configurations, libraries, publisher_id, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(project_id), sqlc.arg(version), sqlc.arg(sort_key), sqlc.arg(prerelease),
        sqlc.arg(description), sqlc.arg(documentation), sqlc.arg(homepage), sqlc.arg(repository), sqlc.arg(license),
        sqlc.arg(system_dependencies), sqlc.arg(configurations), sqlc.arg(libraries), sqlc.arg(publisher_id),
        sqlc.arg(at), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT releases_version_key DO UPDATE SET updated_at = greatest(releases.updated_at, EXCLUDED.updated_at)
RETURNING id, (id = sqlc.arg(id)) AS created, (deleted_at IS NOT NULL)::boolean AS deleted;

-- name: AddReleaseExtension :exec
INSERT INTO release_extensions (release_id, name, default_version, dependencies, control_file, trusted)
VALUES (sqlc.arg(release_id), sqlc.arg(name), sqlc.arg(default_version), sqlc.arg(dependencies), sqlc.narg(control_file), sqlc.arg(trusted))
ON CONFLICT ON CONSTRAINT release_extensions_pkey DO NOTHING;

-- name: AddArtefact :execrows
-- Not one whose object was swept away after the publish looked for it.
INSERT INTO artefacts (id, release_id, pg_major, platform, sha256, size, report, publisher_id, created_at, external_url)
SELECT sqlc.arg(id), sqlc.arg(release_id), sqlc.arg(pg_major), sqlc.arg(platform), sqlc.arg(sha256), sqlc.arg(size),
       sqlc.arg(report), sqlc.arg(publisher_id), sqlc.arg(at)::timestamptz, sqlc.narg(external_url)::text
WHERE sqlc.narg(external_url)::text IS NOT NULL OR NOT EXISTS (
    SELECT FROM swept_objects s
    WHERE s.sha256 = sqlc.arg(sha256) AND (s.swept_at IS NULL OR s.swept_at >= sqlc.arg(stored_after)::timestamptz))
ON CONFLICT ON CONSTRAINT artefacts_build_key DO NOTHING;

-- name: ArtefactOfRelease :one
SELECT a.id, a.release_id, a.pg_major, a.platform, a.sha256, a.size, a.created_at, a.external_url, a.publisher_id, who.name AS publisher
FROM artefacts a JOIN accounts who ON who.id = a.publisher_id
WHERE a.release_id = sqlc.arg(release) AND a.pg_major = sqlc.arg(pg_major) AND a.platform = sqlc.arg(platform);

-- name: LatestVersion :one
SELECT version FROM releases WHERE project_id = sqlc.arg(project) AND yanked_at IS NULL AND deleted_at IS NULL
ORDER BY prerelease, sort_key DESC LIMIT 1;

-- name: ClearCategories :exec
DELETE FROM project_categories WHERE project_id = sqlc.arg(project);

-- name: AddCategories :execrows
INSERT INTO project_categories (project_id, category_id)
SELECT sqlc.arg(project), id FROM categories WHERE slug = ANY (sqlc.arg(slugs)::text[]);

-- name: AddPreloadLibraries :exec
INSERT INTO preload_libraries (name) SELECT name FROM unnest(sqlc.arg(names)::text[]) AS name ORDER BY name
ON CONFLICT DO NOTHING;

-- name: PreviousVersion :one
SELECT previous_version(sqlc.arg(release)) AS previous;

-- name: KeepChanges :exec
INSERT INTO release_changes (release_id, name, content, created_at)
VALUES (sqlc.arg(release), sqlc.arg(name), sqlc.arg(content), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT release_changes_pkey DO NOTHING;
