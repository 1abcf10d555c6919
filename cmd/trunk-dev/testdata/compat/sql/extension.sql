\echo Use "CREATE EXTENSION {{.Name}}" to load this file. \quit

CREATE FUNCTION {{.Name}}_version() RETURNS text
AS $$ SELECT '{{.Version}}' $$
LANGUAGE sql IMMUTABLE PARALLEL SAFE;
