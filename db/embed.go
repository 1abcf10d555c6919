// Package db holds the schema: goose migrations, embedded so that the binary can bring a database up to date itself.
// The queries beside them are compiled by sqlc into adapters/postgres/sqlcgen.
package db

import "embed"

// Migrations are goose migrations in their order, in the folder "migrations".
//
//go:embed migrations/*.sql
var Migrations embed.FS
