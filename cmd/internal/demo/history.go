package demo

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

const (
	// historyDays is how long the projects have been downloaded, so to say; today is left to whoever tries them.
	historyDays = 120
	// batchDays is how many days are written at once.
	batchDays = 10
	// historyReplica has counted them: the same at every attempt, so that what was written before counts once.
	historyReplica = "5d3b0c62-6a55-4c3e-9b1e-0f5a6f0e7a11"
)

// wellKnown are the projects that are downloaded most.
var wellKnown = []string{
	"pgvector", "postgis", "pg_cron", "pgmq", "pg_partman", "pg_stat_statements", "timescaledb", "pg_repack", "pgaudit", "hypopg",
	"citus", "pg_trgm", "pgcrypto", "hll", "pg_hint_plan", "uuid_ossp", "pgrouting", "wal2json", "pg_graphql", "plv8",
}

// History records downloads of the past months for every project: the same ones each time, up to the day before today.
//
// Errors: database_unavailable.
func History(ctx context.Context, log ports.DownloadLog, sketches ports.Sketches, today time.Time) error {
	batches, err := history(sketches, today)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		if err := log.RecordDownloads(ctx, batch); err != nil {
			return fmt.Errorf("record the downloads of the past: %w", err)
		}
	}
	return nil
}

// history makes up what was downloaded.
func history(sketches ports.Sketches, today time.Time) ([]ports.DownloadBatch, error) {
	all, err := projects()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b project) int { return cmp.Compare(a.place(), b.place()) })
	pasts := make([]*past, 0, len(all))
	byName := map[string]*past{}
	for _, p := range all {
		// A project that is in the catalogue twice has one past.
		if byName[p.Name] == nil {
			byName[p.Name] = newPast(p, len(pasts))
			pasts = append(pasts, byName[p.Name])
		}
	}
	var batches []ports.DownloadBatch
	for ago := historyDays; ago > 0; ago -= batchDays {
		batch := ports.DownloadBatch{Replica: historyReplica, Sequence: int64(len(batches) + 1)}
		for day := ago; day > ago-batchDays; day-- {
			for _, p := range pasts {
				p.record(&batch, sketches, today.AddDate(0, 0, -day), day)
			}
		}
		batches = append(batches, batch)
	}
	return batches, nil
}

// place orders projects by how well they are known.
func (p project) place() int {
	if i := slices.Index(wellKnown, p.Name); i >= 0 {
		return i
	}
	return len(wellKnown) + int(p.chance()%1000)
}

// past is what happened to a project.
type past struct {
	builds []ports.DownloadedBuild
	// perDay is how often it is downloaded on a day of the week, growth by which share more at the end.
	perDay, growth float64
	random         *rand.Rand
}

func newPast(p project, place int) *past {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(p.Name))
	random := rand.New(rand.NewPCG(seed.Sum64(), 1)) //nolint:gosec // the same numbers each time
	history := &past{perDay: 900 / float64(place+2), growth: random.Float64()*1.2 - 0.3, random: random}
	for _, b := range p.builds() {
		platform := extension.LinuxAMD64
		if b.architecture == arm64 {
			platform = extension.LinuxARM64
		}
		history.builds = append(history.builds, ports.DownloadedBuild{
			Project: extension.FoldName(b.Name), Version: b.Version, Postgres: b.postgres, Platform: platform,
		})
	}
	return history
}

// record adds a day: more than the day before or less, and little at weekends.
func (p *past) record(batch *ports.DownloadBatch, sketches ports.Sketches, day time.Time, ago int) {
	expected := p.perDay * (1 + p.growth*float64(historyDays-ago)/historyDays)
	if weekday := day.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		expected *= 0.55
	}
	total := int64(math.Round(expected * (0.8 + 0.4*p.random.Float64())))
	if total <= 0 {
		return
	}
	// Most take the newest build there is for their server.
	left := total
	for i := len(p.builds) - 1; left > 0; i-- {
		share := (left + 1) / 2
		if i == 0 || share < 3 {
			share = left
		}
		count := ports.DownloadCount{DownloadedBuild: p.builds[i], Day: day, Downloads: share}
		if i == len(p.builds)-1 {
			count.Robots = total / 25
		}
		batch.Counts = append(batch.Counts, count)
		left -= share
	}
	clients := sketches.NewSketch()
	for range (total*3 + 4) / 5 {
		clients.Add(p.random.Uint64())
	}
	batch.Clients = append(batch.Clients, ports.ClientCount{Project: p.builds[0].Project, Day: day, Clients: clients})
}
