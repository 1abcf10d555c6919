-- name: Standing :one
-- What a publisher meets: one row whether the project exists or not.
SELECT p.id AS project_id, p.name,
       EXISTS (SELECT FROM project_owners o WHERE o.project_id = p.id AND o.account_id = sqlc.arg(account)) AS owned,
       ARRAY(SELECT asked.slug FROM unnest(sqlc.arg(slugs)::text[]) AS asked (slug)
             WHERE NOT EXISTS (SELECT FROM categories c WHERE c.slug = asked.slug))::text[] AS unknown_categories
FROM (SELECT) one
LEFT JOIN projects p ON p.folded = sqlc.arg(folded);

-- name: ClaimProject :one
-- Also locks the project, so that publishes of one project follow each other.
INSERT INTO projects (id, name, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT (folded) DO UPDATE SET updated_at = greatest(projects.updated_at, EXCLUDED.updated_at)
RETURNING id, name, (id = sqlc.arg(id)) AS created;

-- name: AddOwner :exec
INSERT INTO project_owners (project_id, account_id, since) VALUES (sqlc.arg(project), sqlc.arg(account), sqlc.arg(at));

-- name: IsOwner :one
SELECT EXISTS (SELECT FROM project_owners WHERE project_id = sqlc.arg(project) AND account_id = sqlc.arg(account));

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
RETURNING id, (id = sqlc.arg(id)) AS created;

-- name: AddReleaseExtension :exec
INSERT INTO release_extensions (release_id, name, default_version, dependencies, control_file)
VALUES (sqlc.arg(release_id), sqlc.arg(name), sqlc.arg(default_version), sqlc.arg(dependencies), sqlc.narg(control_file))
ON CONFLICT ON CONSTRAINT release_extensions_pkey DO NOTHING;

-- name: AddArtefact :execrows
INSERT INTO artefacts (id, release_id, pg_major, platform, sha256, size, report, publisher_id, created_at)
VALUES (sqlc.arg(id), sqlc.arg(release_id), sqlc.arg(pg_major), sqlc.arg(platform), sqlc.arg(sha256), sqlc.arg(size),
        sqlc.arg(report), sqlc.arg(publisher_id), sqlc.arg(at))
ON CONFLICT ON CONSTRAINT artefacts_build_key DO NOTHING;

-- name: ArtefactOfRelease :one
SELECT id, release_id, pg_major, platform, sha256, size, created_at
FROM artefacts WHERE release_id = sqlc.arg(release) AND pg_major = sqlc.arg(pg_major) AND platform = sqlc.arg(platform);

-- name: LatestVersion :one
SELECT version FROM releases WHERE project_id = sqlc.arg(project) AND yanked_at IS NULL
ORDER BY prerelease, sort_key DESC LIMIT 1;

-- name: ClearCategories :exec
DELETE FROM project_categories WHERE project_id = sqlc.arg(project);

-- name: AddCategories :execrows
INSERT INTO project_categories (project_id, category_id)
SELECT sqlc.arg(project), id FROM categories WHERE slug = ANY (sqlc.arg(slugs)::text[]);

-- name: AddPreloadLibraries :exec
INSERT INTO preload_libraries (name) SELECT name FROM unnest(sqlc.arg(names)::text[]) AS name ORDER BY name
ON CONFLICT DO NOTHING;

-- name: AddAuditEntry :exec
INSERT INTO audit_entries (at, account_id, action, project, origin, request_id, detail)
VALUES (sqlc.arg(at), sqlc.narg(account_id), sqlc.arg(action), sqlc.narg(project), sqlc.arg(origin), sqlc.arg(request_id), sqlc.arg(detail));

-- name: AddEvent :exec
INSERT INTO events (at, kind, project, payload) VALUES (sqlc.arg(at), sqlc.arg(kind), sqlc.arg(project), sqlc.arg(payload));
