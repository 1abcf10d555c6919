-- name: LatestReleases :many
SELECT f.*
FROM projects p
CROSS JOIN LATERAL (
    SELECT r.id FROM releases r
    WHERE r.project_id = p.id AND r.yanked_at IS NULL AND r.deleted_at IS NULL
    ORDER BY r.prerelease, r.sort_key DESC
    LIMIT 1
) latest
JOIN release_facts f ON f.id = latest.id
ORDER BY p.folded;

-- name: LatestReleasesOf :many
SELECT f.*
FROM projects p
CROSS JOIN LATERAL (
    SELECT r.id FROM releases r
    WHERE r.project_id = p.id AND r.yanked_at IS NULL AND r.deleted_at IS NULL
    ORDER BY r.prerelease, r.sort_key DESC
    LIMIT 1
) latest
JOIN release_facts f ON f.id = latest.id
WHERE p.id = ANY (sqlc.arg(projects)::uuid[])
ORDER BY p.folded;

-- name: ReleasesOf :many
-- Of a project, or of the one that an extension's name belongs to. All versions, or one. It is asked for at nearly every
-- request, so it answers in one go, what belongs to a version as lists of records; and it joins no more than it has to,
-- since getting ready takes longer than finding the rows.
SELECT r.id, p.name AS project, r.version, r.description, r.documentation, r.homepage, r.repository, r.license,
       r.system_dependencies, r.configurations, r.libraries, r.created_at, r.updated_at,
       r.publisher_id, (SELECT a.name FROM accounts a WHERE a.id = r.publisher_id)::text AS publisher,
       r.yanked_at, r.yank_reason, r.yank_replacement, coalesce((SELECT a.name FROM accounts a WHERE a.id = r.yanked_by), '')::text AS yanked_by,
       p.deprecation,
       ARRAY(SELECT ROW (e.name, e.default_version, e.dependencies, e.control_file, e.trusted)
             FROM release_extensions e WHERE e.release_id = r.id ORDER BY e.name) AS extensions,
       ARRAY(SELECT ROW (a.id::text, a.pg_major, a.platform, a.sha256, a.size, a.created_at, a.external_url, a.publisher_id::text,
                         -- Nearly always whoever published the version, whose name is at hand.
                         CASE WHEN a.publisher_id <> r.publisher_id THEN (SELECT w.name FROM accounts w WHERE w.id = a.publisher_id) END)
             FROM artefacts a WHERE a.release_id = r.id ORDER BY a.pg_major, a.platform) AS artefacts
FROM projects p
JOIN releases r ON r.project_id = p.id
WHERE p.id = coalesce((SELECT q.id FROM projects q WHERE q.folded = sqlc.narg(project)::text),
                      (SELECT n.project_id FROM extension_names n WHERE n.folded = sqlc.narg(extension)::text))
  AND r.deleted_at IS NULL
  AND (sqlc.narg(version)::text IS NULL OR r.version = sqlc.narg(version))
ORDER BY r.sort_key;

-- name: ExtensionsOfReleases :many
SELECT * FROM release_extensions WHERE release_id = ANY (sqlc.arg(releases)::uuid[]) ORDER BY release_id, name;

-- name: ArtefactsOfReleases :many
SELECT a.id, a.release_id, a.pg_major, a.platform, a.sha256, a.size, a.created_at, a.external_url, a.publisher_id, who.name AS publisher
FROM artefacts a JOIN accounts who ON who.id = a.publisher_id
WHERE a.release_id = ANY (sqlc.arg(releases)::uuid[]) ORDER BY a.release_id, a.pg_major, a.platform;

-- name: ArtefactByBuild :one
SELECT a.id, a.release_id, a.pg_major, a.platform, a.sha256, a.size, a.created_at, a.external_url, a.publisher_id, who.name AS publisher
FROM artefacts a
JOIN accounts who ON who.id = a.publisher_id
JOIN releases r ON r.id = a.release_id
JOIN projects p ON p.id = r.project_id
WHERE p.folded = sqlc.arg(folded) AND r.version = sqlc.arg(version)
  AND a.pg_major = sqlc.arg(pg_major) AND a.platform = sqlc.arg(platform);

-- name: ReportOfArtefact :one
SELECT report FROM artefacts WHERE id = sqlc.arg(id);

-- name: Projects :many
SELECT id, name, created_at, updated_at, deprecated_at, deprecation FROM projects ORDER BY folded;

-- name: ProjectByName :one
SELECT id, name, created_at, updated_at, deprecated_at, deprecation FROM projects WHERE folded = sqlc.arg(folded);

-- name: ProjectsOfOwner :many
SELECT p.id, p.name, p.created_at, p.updated_at, p.deprecated_at, p.deprecation
FROM projects p JOIN project_owners o ON o.project_id = p.id
WHERE o.account_id = sqlc.arg(account)
ORDER BY p.folded;

-- name: CatalogueTotals :one
SELECT count(DISTINCT r.project_id) AS projects, count(DISTINCT r.id) AS versions, count(*) AS builds,
       coalesce(array_agg(DISTINCT a.pg_major), '{}')::integer[] AS majors,
       coalesce(array_agg(DISTINCT a.platform), '{}')::text[] AS platforms
FROM artefacts a
JOIN releases r ON r.id = a.release_id
WHERE r.yanked_at IS NULL AND r.deleted_at IS NULL;

-- name: OwnersOfProjects :many
SELECT o.project_id, a.id, a.name
FROM project_owners o JOIN accounts a ON a.id = o.account_id
WHERE o.project_id = ANY (sqlc.arg(projects)::uuid[])
ORDER BY o.project_id, o.since, a.name;

-- name: CategoriesOfProjects :many
SELECT pc.project_id, c.name, c.slug
FROM project_categories pc JOIN categories c ON c.id = pc.category_id
WHERE pc.project_id = ANY (sqlc.arg(projects)::uuid[])
ORDER BY pc.project_id, c.name;

-- name: Categories :many
SELECT c.id, c.slug, c.name, c.description,
       (SELECT count(*) FROM project_categories pc WHERE pc.category_id = c.id) AS projects
FROM categories c
ORDER BY c.slug <> 'featured', c.name COLLATE "C";

-- name: PreloadLibraries :many
SELECT name FROM preload_libraries ORDER BY name COLLATE "C";

-- name: CatalogueClock :one
SELECT c.version, c.changed_at, s.counted FROM catalogue_clock c CROSS JOIN search_state s;

-- name: RecentReleases :many
-- The index of the order is walked; what was yanked or deleted is not in it.
SELECT f.*
FROM releases r
JOIN release_facts f ON f.id = r.id
WHERE r.yanked_at IS NULL AND r.deleted_at IS NULL
  AND (sqlc.narg(project)::text IS NULL OR f.project_folded = sqlc.narg(project))
  AND (sqlc.narg(category)::text IS NULL OR EXISTS (
      SELECT FROM project_categories pc JOIN categories c ON c.id = pc.category_id
      WHERE pc.project_id = r.project_id AND c.slug = sqlc.narg(category)))
ORDER BY r.updated_at DESC, r.id DESC
LIMIT sqlc.arg(most);

-- name: ProvidersOfExtensions :many
SELECT n.folded, p.name
FROM extension_names n JOIN projects p ON p.id = n.project_id
WHERE n.folded = ANY (sqlc.arg(names)::text[]);

-- name: DependentsOfProject :many
-- Projects whose latest version needs an extension whose name belongs to the project.
WITH mine AS (
    SELECT q.id FROM projects q WHERE q.folded = sqlc.arg(folded)
), provided AS (
    SELECT array_agg(DISTINCT e.name) AS names
    FROM mine
    JOIN extension_names n ON n.project_id = mine.id
    JOIN releases r ON r.project_id = mine.id AND r.deleted_at IS NULL
    JOIN release_extensions e ON e.release_id = r.id AND replace(lower(e.name), '-', '_') = n.folded
)
SELECT p.name, count(*) OVER () AS total
FROM projects p
WHERE p.id <> (SELECT id FROM mine) AND (
    SELECT r.id FROM releases r
    WHERE r.project_id = p.id AND r.yanked_at IS NULL AND r.deleted_at IS NULL
    ORDER BY r.prerelease, r.sort_key DESC
    LIMIT 1
) IN (SELECT e.release_id FROM release_extensions e WHERE e.dependencies && (SELECT names FROM provided))
  AND p.id IN (
    SELECT r.project_id FROM release_extensions e JOIN releases r ON r.id = e.release_id
    WHERE e.dependencies && (SELECT names FROM provided))
ORDER BY p.folded
LIMIT sqlc.arg(most);

-- name: VersionWasDeleted :one
SELECT EXISTS (
    SELECT FROM releases r JOIN projects p ON p.id = r.project_id
    WHERE p.folded = sqlc.arg(folded) AND r.version = sqlc.arg(version) AND r.deleted_at IS NOT NULL);

-- name: ChangesOfRelease :one
SELECT name, content FROM release_changes WHERE release_id = sqlc.arg(release);
