-- name: SearchWords :many
-- What the index knows of words. Corrections are looked for where nothing knows a word, and READMEs then too.
SELECT a.word::text AS word, a.stems::text[] AS stems,
       coalesce(k.projects, 0)::bigint AS projects,
       coalesce(p.projects, 0)::bigint AS prefixed,
       coalesce(r.projects, 0)::bigint AS in_readmes,
       coalesce(c.words, '{}')::text[] AS corrections, coalesce(c.stems, '{}')::text[] AS corrected_stems,
       t.projects::integer AS total
FROM (
    SELECT w AS word, lower(unaccent(w)) AS plain, tsvector_to_array(to_tsvector('trunk', w)) AS stems
    FROM unnest(sqlc.arg(words)::text[]) AS w
) a
CROSS JOIN (SELECT coalesce((SELECT n.projects FROM search_counts n WHERE n.facet = ''), 0) AS projects) t
LEFT JOIN LATERAL (
    SELECT sum(w.projects) AS projects FROM search_words w WHERE w.stem = a.stems[1]
) k ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS projects FROM (
        SELECT FROM search_documents d
        WHERE k.projects IS NULL AND d.document @@ plainto_tsquery('trunk', a.word)
        LIMIT 1001
    ) found
) r ON true
LEFT JOIN LATERAL (
    -- What begins a thousand words is taken to be everywhere.
    SELECT CASE WHEN count(*) < 1000 THEN sum(begun.projects) ELSE greatest(sum(begun.projects), t.projects) END AS projects
    FROM (
        SELECT w.projects FROM search_words w
        WHERE (a.word = ANY (sqlc.arg(prefixes)::text[]) OR k.projects IS NULL AND r.projects = 0 AND length(a.plain) > 3)
          AND w.word >= a.plain AND w.word < a.plain || U&'\FFFD'
        ORDER BY w.word -- or all are gathered before the first thousand are taken
        LIMIT 1000
    ) begun
) p ON true
LEFT JOIN LATERAL (
    SELECT array_agg(s.word) AS words, array_agg(s.stem) AS stems FROM (
        SELECT w.word, w.stem FROM search_words w
        WHERE k.projects IS NULL AND r.projects = 0 AND w.slips && search_slips(a.plain) AND w.stem IS NOT NULL
        ORDER BY abs(length(w.word) - length(a.plain)) > 1, similarity(w.word, a.plain) DESC, w.projects DESC, w.word
        LIMIT 5
    ) s
) c ON true;

-- name: SearchMatches :many
SELECT m.project_id::uuid AS project_id, m.revision::bigint AS revision
FROM search_matches(sqlc.arg(names)::text[], sqlc.arg(filter)::text::tsquery, sqlc.arg(query)::text::tsquery,
                    sqlc.arg(tier)::integer, sqlc.arg(most)::integer) AS m (project_id, revision);

-- name: SearchDocuments :many
SELECT project_id, revision, headline::text AS headline, name, folded, provides, facets, downloads, released_at
FROM search_documents
WHERE project_id = ANY (sqlc.arg(projects)::uuid[]);

-- name: SearchCards :many
SELECT c.project_id, c.name, c.folded, c.version, c.description, c.license, c.deprecation, c.extensions, c.facets, c.released_at, c.downloads,
       coalesce(left(r.content, 20000), '')::text AS readme
FROM search_cards c
LEFT JOIN project_readmes r ON r.project_id = c.project_id AND c.project_id = ANY (sqlc.arg(with_readme)::uuid[])
WHERE c.project_id = ANY (sqlc.arg(projects)::uuid[]);

-- name: CardOfProject :one
-- A project without a latest version has no card and is known all the same.
SELECT p.id AS project_id, p.name, p.folded, coalesce(c.version, '')::text AS version, coalesce(c.description, '')::text AS description,
       coalesce(c.license, '')::text AS license, p.deprecation, coalesce(c.extensions, '{}')::text[] AS extensions,
       coalesce(c.facets, '{}')::text[] AS facets, c.released_at, coalesce(c.downloads, 0)::bigint AS downloads
FROM projects p
LEFT JOIN search_cards c ON c.project_id = p.id
WHERE p.folded = sqlc.arg(folded);

-- name: CardsByDownloads :many
SELECT project_id, name, folded, version, description, license, deprecation, extensions, facets, released_at, downloads
FROM search_cards
WHERE facets @> sqlc.arg(facets)::text[]
  AND downloads <= sqlc.arg(downloads) AND (downloads < sqlc.arg(downloads) OR folded > sqlc.arg(folded)::text)
ORDER BY downloads DESC, folded
LIMIT sqlc.arg(most);

-- name: CardsByRelease :many
SELECT project_id, name, folded, version, description, license, deprecation, extensions, facets, released_at, downloads
FROM search_cards
WHERE facets @> sqlc.arg(facets)::text[]
  AND released_at <= sqlc.arg(released_at) AND (released_at < sqlc.arg(released_at) OR folded > sqlc.arg(folded)::text)
ORDER BY released_at DESC, folded
LIMIT sqlc.arg(most);

-- name: CardsByName :many
SELECT project_id, name, folded, version, description, license, deprecation, extensions, facets, released_at, downloads
FROM search_cards
WHERE facets @> sqlc.arg(facets)::text[] AND folded > sqlc.arg(folded)::text
ORDER BY folded
LIMIT sqlc.arg(most);

-- name: SearchCounts :many
-- The highest of each filter, and those that are asked for.
SELECT c.facet, c.projects FROM search_counts c WHERE c.facet = ANY (sqlc.arg(facets)::text[])
UNION
SELECT t.facet, t.projects
FROM unnest(ARRAY['category', 'pg', 'platform', 'license', 'owner', 'trusted']) AS f
CROSS JOIN LATERAL (
    SELECT s.facet, s.projects FROM search_counts s WHERE s.filter = f ORDER BY s.projects DESC, s.facet LIMIT sqlc.arg(most)
) t;

-- name: SuggestNames :many
-- Of a prefix that is everywhere the most downloaded: the first tier that gives enough is looked through, no other.
WITH most AS MATERIALIZED (
    SELECT DISTINCT n.project_id FROM search_names n
    WHERE n.tier = 0 AND n.key >= sqlc.arg(prefix)::text AND n.key < sqlc.arg(prefix)::text || U&'\FFFD'
), many AS MATERIALIZED (
    SELECT DISTINCT n.project_id FROM (
        SELECT m.project_id FROM search_names m
        WHERE m.tier = 1 AND m.key >= sqlc.arg(prefix)::text AND m.key < sqlc.arg(prefix)::text || U&'\FFFD'
          AND (SELECT count(*) FROM most) < sqlc.arg(most)
        LIMIT 500
    ) n
), rest AS MATERIALIZED (
    SELECT DISTINCT n.project_id FROM (
        SELECT m.project_id FROM search_names m
        WHERE m.tier = 2 AND m.key >= sqlc.arg(prefix)::text AND m.key < sqlc.arg(prefix)::text || U&'\FFFD'
          AND (SELECT count(*) FROM most) + (SELECT count(*) FROM many) < sqlc.arg(most)
        LIMIT 500
    ) n
)
SELECT c.name, c.folded, c.description
FROM (SELECT project_id FROM most UNION SELECT project_id FROM many UNION SELECT project_id FROM rest) found
JOIN search_cards c ON c.project_id = found.project_id
ORDER BY c.folded <> sqlc.arg(prefix)::text, c.downloads DESC, length(c.folded), c.folded
LIMIT sqlc.arg(most);

-- name: AllowTime :exec
-- For the rest of the transaction.
SELECT set_config('statement_timeout', sqlc.arg(timeout)::text, true);

-- name: RefreshSearch :one
SELECT search_refresh();
