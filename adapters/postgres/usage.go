package postgres

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/ports"
)

var (
	_ ports.DownloadLog     = (*Store)(nil)
	_ ports.UsageStatistics = (*Store)(nil)
)

// RecordDownloads adds a batch to what is kept, once.
func (s *Store) RecordDownloads(ctx context.Context, batch ports.DownloadBatch) error {
	return interpret(pgx.BeginFunc(ctx, s.pool, func(pgxTx pgx.Tx) error {
		queries := s.queries.WithTx(pgxTx)
		marked, err := queries.MarkFlush(ctx, batch.Replica, batch.Sequence)
		if err != nil || marked == 0 {
			return err
		}
		rows := countRows(batch.Counts)
		if err := queries.AddDownloads(ctx, rows); err != nil {
			return err
		}
		if err := queries.AddProjectDownloads(ctx, rows.Projects, rows.Days, rows.Downloads, rows.Robots); err != nil {
			return err
		}
		if err := queries.AddTotals(ctx, rows.Projects, rows.Downloads, rows.Robots); err != nil {
			return err
		}
		if err := addClients(ctx, queries, batch.Clients); err != nil {
			return err
		}
		// The one row that all processes write comes last, so that they wait for each other no longer than a commit takes.
		return queries.TouchDays(ctx, rows.Days)
	}))
}

func countRows(counts []ports.DownloadCount) sqlcgen.AddDownloadsParams {
	var rows sqlcgen.AddDownloadsParams
	for _, count := range counts {
		rows.Projects = append(rows.Projects, count.Project)
		rows.Versions = append(rows.Versions, count.Version)
		rows.Majors = append(rows.Majors, int32(count.Postgres))
		rows.Platforms = append(rows.Platforms, count.Platform.String())
		rows.Days = append(rows.Days, count.Day)
		rows.Downloads = append(rows.Downloads, count.Downloads)
		rows.Robots = append(rows.Robots, count.Robots)
	}
	return rows
}

// addClients merges sketches into those that are kept. The rows of the projects' days are this transaction's by now, so
// nobody else does the same to the same sketches meanwhile.
func addClients(ctx context.Context, queries *sqlcgen.Queries, clients []ports.ClientCount) error {
	if len(clients) == 0 {
		return nil
	}
	type projectDay struct {
		project string
		day     time.Time
	}
	var projects []string
	var days []time.Time
	for _, client := range clients {
		projects, days = append(projects, client.Project), append(days, client.Day)
	}
	rows, err := queries.Sketches(ctx, projects, days)
	if err != nil {
		return err
	}
	kept := make(map[projectDay][]byte, len(rows))
	for _, row := range rows {
		kept[projectDay{row.Folded, row.Day.UTC()}] = row.Sketch
	}
	var changedProjects []string
	var changedDays []time.Time
	var sketches [][]byte
	var installers []int64
	for _, client := range clients {
		before := kept[projectDay{client.Project, client.Day}]
		merged, distinct, err := client.Clients.Merge(before)
		if err != nil {
			return err
		}
		// Mostly the same clients come again.
		if bytes.Equal(merged, before) {
			continue
		}
		changedProjects, changedDays = append(changedProjects, client.Project), append(changedDays, client.Day)
		sketches, installers = append(sketches, merged), append(installers, distinct)
	}
	if len(sketches) == 0 {
		return nil
	}
	if err := queries.KeepSketches(ctx, changedProjects, changedDays, sketches); err != nil {
		return err
	}
	return queries.KeepInstallers(ctx, changedProjects, changedDays, installers)
}

// UsageKey gives the key of a day's hashes.
func (s *Store) UsageKey(ctx context.Context, day time.Time, candidate [32]byte) ([32]byte, error) {
	key, err := s.queries.UsageKey(ctx, day, candidate[:])
	if err != nil {
		return [32]byte{}, interpret(err)
	}
	if len(key) != len(candidate) {
		return [32]byte{}, errors.New("a day's key has not the length of one")
	}
	return [32]byte(key), nil
}

// ForgetUsageKeys deletes the keys of all days before one.
func (s *Store) ForgetUsageKeys(ctx context.Context, before time.Time) error {
	return interpret(s.queries.ForgetUsageKeys(ctx, before))
}

const (
	// sketchAge is how long a day's sketches are kept: a process may have been without the database for so long before it
	// writes what it has counted.
	sketchAge = 7 * 24 * time.Hour
	// flushAge is how long the last batch of a process is remembered.
	flushAge = 7 * 24 * time.Hour
)

// forgetUsage drops what no flush will ask for any more.
func (s *Store) forgetUsage(ctx context.Context, now time.Time) error {
	return errors.Join(
		s.queries.ForgetSketches(ctx, ports.Day(now.Add(-sketchAge))),
		s.queries.ForgetFlushes(ctx, interval(flushAge)),
		// A process that counts does so itself; there may be none any more.
		s.queries.ForgetUsageKeys(ctx, ports.Day(now.AddDate(0, 0, -1))),
	)
}

// RefreshUsage derives anew what has changed.
func (s *Store) RefreshUsage(ctx context.Context, today time.Time) (bool, error) {
	return s.longer(ctx, func(queries *sqlcgen.Queries) (bool, error) { return queries.RefreshUsage(ctx, today) })
}

// FollowDownloads lets searches know how popular projects are.
func (s *Store) FollowDownloads(ctx context.Context) (bool, error) {
	return s.longer(ctx, func(queries *sqlcgen.Queries) (bool, error) { return queries.SearchFollowDownloads(ctx) })
}

// longer runs a statement that counts much in a transaction of its own.
func (s *Store) longer(ctx context.Context, count func(*sqlcgen.Queries) (bool, error)) (bool, error) {
	var counted bool
	err := pgx.BeginFunc(ctx, s.pool, func(pgxTx pgx.Tx) error {
		queries := s.queries.WithTx(pgxTx)
		err := queries.AllowTime(ctx, milliseconds(refreshTimeout))
		if err == nil {
			counted, err = count(queries)
		}
		return err
	})
	return counted, interpret(err)
}
