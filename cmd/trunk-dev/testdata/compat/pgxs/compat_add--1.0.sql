\echo Use "CREATE EXTENSION compat_add" to load this file. \quit

CREATE FUNCTION compat_add(integer, integer) RETURNS integer
AS 'MODULE_PATHNAME', 'compat_add'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
