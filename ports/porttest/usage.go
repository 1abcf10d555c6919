package porttest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// UsageFacts is everything that keeps and tells how much is used.
type UsageFacts interface {
	Facts
	ports.DownloadLog
	ports.Usage
	ports.UsageStatistics
}

// everybody is a sketch that keeps whom it is of, so that the suite can say exactly what is merged. Stored it is a text.
type everybody map[string]bool

// Add is not for the suite.
func (everybody) Add(uint64) {}

// Merge gives all of both.
func (e everybody) Merge(stored []byte) ([]byte, int64, error) {
	all := map[rune]bool{}
	for _, known := range string(stored) {
		all[known] = true
	}
	for name := range e {
		all[[]rune(name)[0]] = true
	}
	var merged []byte
	for letter := 'a'; letter <= 'z'; letter++ {
		if all[letter] {
			merged = append(merged, byte(letter))
		}
	}
	return merged, int64(len(all)), nil
}

// Date is a day.
func Date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Downloads is a count of a build for PostgreSQL 17 on linux/amd64.
func Downloads(project, version string, day time.Time, downloads, robots int64) ports.DownloadCount {
	return ports.DownloadCount{
		DownloadedBuild: ports.DownloadedBuild{Project: project, Version: version, Postgres: 17, Platform: extension.LinuxAMD64},
		Day:             day, Downloads: downloads, Robots: robots,
	}
}

// Usage is what every adapter of the ports of counting does.
func Usage(t *testing.T, open func(t *testing.T) UsageFacts) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, UsageFacts){
		"once": countedOnce, "installers": installersMerged, "keys": usageKeys, "windows": usageWindows, "periods": usagePeriods,
		"parts": usageParts, "at once": countedAtOnce, "trending": trendingProjects, "registry": registryUsage,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// replica writes batches as a process does.
type replica struct {
	t     *testing.T
	facts UsageFacts
	batch ports.DownloadBatch
}

func newReplica(t *testing.T, facts UsageFacts) *replica {
	t.Helper()
	return &replica{t: t, facts: facts, batch: ports.DownloadBatch{Replica: NewID()}}
}

func (r *replica) write(counts []ports.DownloadCount, clients ...ports.ClientCount) {
	r.t.Helper()
	r.batch.Sequence++
	r.batch.Counts, r.batch.Clients = counts, clients
	r.again()
}

func (r *replica) again() {
	r.t.Helper()
	if err := r.facts.RecordDownloads(r.t.Context(), r.batch); err != nil {
		r.t.Fatal(err)
	}
}

func refreshed(t *testing.T, facts UsageFacts, today time.Time, want bool) {
	t.Helper()
	if got := must[bool](t)(facts.RefreshUsage(t.Context(), today)); got != want {
		t.Errorf("there was something to refresh: %t, want %t", got, want)
	}
}

// A batch that comes again counts once; what nobody has published counts nothing, and does not stand in the way.
func countedOnce(t *testing.T, facts UsageFacts) {
	t.Helper()
	today := Date(2026, time.March, 4)
	Publish(t, facts, Publication{Project: "Mine", Version: "1.0"})
	one, other := newReplica(t, facts), newReplica(t, facts)
	one.write([]ports.DownloadCount{Downloads("mine", "1.0", today, 3, 1), Downloads("nobodys", "1.0", today, 5, 5), Downloads("mine", "9.9", today, 7, 7)})
	one.again()
	other.write([]ports.DownloadCount{Downloads("mine", "1.0", today, 10, 0)})
	one.write([]ports.DownloadCount{Downloads("mine", "1.0", today, 100, 0)})
	one.again()
	other.again()
	// That of before is known as well.
	one.batch.Sequence--
	one.again()
	refreshed(t, facts, today, true)
	refreshed(t, facts, today, false)
	parts := must[[]ports.PartOfUsage](t)(facts.UsageParts(t.Context(), "mine", ports.PartVersion, ports.UsageSpan{From: today, To: today, Period: ports.ByDay}))
	want(t, parts, []ports.PartOfUsage{{Value: "1.0", Begins: today, Downloads: 113}})
	if _, err := facts.ProjectUsage(t.Context(), "nobodys"); fault.CodeOf(err) != fault.ProjectUnknown {
		t.Errorf("a project that is not there: %v", err)
	}
}

func want[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// The clients of a day are merged, whoever saw them.
func installersMerged(t *testing.T, facts UsageFacts) {
	t.Helper()
	today := Date(2026, time.March, 4)
	Publish(t, facts, Publication{Project: "mine", Version: "1.0"})
	one, other := newReplica(t, facts), newReplica(t, facts)
	see := func(r *replica, day time.Time, names ...string) {
		clients := everybody{}
		for _, name := range names {
			clients[name] = true
		}
		r.write([]ports.DownloadCount{Downloads("mine", "1.0", day, int64(len(names)), 0)}, ports.ClientCount{Project: "mine", Day: day, Clients: clients})
	}
	see(one, today, "a", "b")
	see(other, today, "b", "c")
	see(one, today, "a")
	other.again()
	see(one, today.AddDate(0, 0, -1), "a", "z")
	refreshed(t, facts, today, true)
	usage := must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), "mine"))
	want(t, usage.Installers, ports.Windows{Total: 5, Last7: 5, Last30: 5, Last90: 5})
	want(t, usage.Downloads, ports.Windows{Total: 7, Last7: 7, Last30: 7, Last90: 7})
}

// All have the key of the first who asks, until the day is over.
func usageKeys(t *testing.T, facts UsageFacts) {
	t.Helper()
	day := Date(2026, time.February, 28)
	keys := make([][32]byte, 8)
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() {
			var err error
			if keys[i], err = facts.UsageKey(t.Context(), day, [32]byte{byte(i + 1)}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, key := range keys {
		if key != keys[0] || key == [32]byte{} {
			t.Fatalf("there are several keys of a day: %v", keys)
		}
	}
	next := must[[32]byte](t)(facts.UsageKey(t.Context(), day.AddDate(0, 0, 1), [32]byte{100}))
	if err := facts.ForgetUsageKeys(t.Context(), day.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if again := must[[32]byte](t)(facts.UsageKey(t.Context(), day, [32]byte{200})); again != [32]byte{200} {
		t.Errorf("the key of a day that is over is still there: %v", again)
	}
	if kept := must[[32]byte](t)(facts.UsageKey(t.Context(), day.AddDate(0, 0, 1), [32]byte{201})); kept != next || kept != [32]byte{100} {
		t.Errorf("the key of a day that is not over is %v", kept)
	}
}

// Windows end today and move on with the day, over a leap day too; whole days are compared with whole days.
func usageWindows(t *testing.T, facts UsageFacts) {
	t.Helper()
	today := Date(2028, time.March, 1)
	Publish(t, facts, Publication{Project: "mine", Version: "1.0"})
	Publish(t, facts, Publication{Project: "less", Version: "1.0"})
	Publish(t, facts, Publication{Project: "same", Version: "1.0"})
	Publish(t, facts, Publication{Project: "none", Version: "1.0"})
	var counts []ports.DownloadCount
	for ago, n := range map[int]int64{0: 1, 1: 10, 6: 100, 7: 1000, 8: 1e4, 29: 1e5, 30: 1e6, 31: 1e7, 89: 1e8, 90: 1e9, 91: 1e10, 180: 1e11, 181: 1e12} {
		counts = append(counts, Downloads("mine", "1.0", today.AddDate(0, 0, -ago), n, 2*n))
	}
	counts = append(counts, Downloads("less", "1.0", today, 5, 0), Downloads("same", "1.0", today, 5, 0))
	newReplica(t, facts).write(counts)
	refreshed(t, facts, today, true)
	usage := must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), "mine"))
	want(t, usage, ports.ProjectUsage{
		Project: "mine", Rank: 1,
		Downloads: ports.Windows{Total: 1111111111111, Last7: 111, Last30: 111111, Last90: 111111111},
		Robots:    ports.Windows{Total: 2222222222222, Last7: 222, Last30: 222222, Last90: 222222222},
		Of7:       ports.Comparison{Now: 1110, Before: 10000},
		Of30:      ports.Comparison{Now: 1111110, Before: 10000000},
		Of90:      ports.Comparison{Now: 1111111110, Before: 110000000000},
	})
	for project, rank := range map[string]int64{"less": 2, "same": 2, "none": 0} {
		if got := must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), project)).Rank; got != rank {
			t.Errorf("%s has the place %d, want %d", project, got, rank)
		}
	}
	refreshed(t, facts, today.AddDate(0, 0, 1), true)
	refreshed(t, facts, today.AddDate(0, 0, 1), false)
	// A clock that is behind changes nothing.
	refreshed(t, facts, today, false)
	usage = must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), "mine"))
	want(t, usage.Downloads, ports.Windows{Total: 1111111111111, Last7: 11, Last30: 11111, Last90: 11111111})
	refreshed(t, facts, today.AddDate(1, 0, 0), true)
	usage = must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), "mine"))
	want(t, usage, ports.ProjectUsage{Project: "mine", Downloads: ports.Windows{Total: 1111111111111}, Robots: ports.Windows{Total: 2222222222222}})
}

// Periods are days, weeks from Monday on and months, whatever time zone the database is in.
func usagePeriods(t *testing.T, facts UsageFacts) {
	t.Helper()
	Publish(t, facts, Publication{Project: "mine", Version: "1.0"})
	Publish(t, facts, Publication{Project: "yours", Version: "1.0"})
	newReplica(t, facts).write([]ports.DownloadCount{
		Downloads("mine", "1.0", Date(2027, time.December, 31), 1, 0),   // a Friday
		Downloads("mine", "1.0", Date(2028, time.January, 2), 10, 1),    // the Sunday of that week
		Downloads("mine", "1.0", Date(2028, time.January, 3), 100, 0),   // a Monday
		Downloads("mine", "1.0", Date(2028, time.February, 29), 1e3, 0), // a Tuesday
		Downloads("mine", "1.0", Date(2028, time.March, 1), 1e4, 0),
		Downloads("yours", "1.0", Date(2028, time.March, 1), 7, 0),
	})
	span := ports.UsageSpan{From: Date(2027, time.December, 31), To: Date(2028, time.February, 29)}
	downloads := func(day time.Time, n, robots int64) ports.UsagePeriod {
		return ports.UsagePeriod{Begins: day, Downloads: n, Robots: robots}
	}
	for period, periods := range map[ports.Granularity][]ports.UsagePeriod{
		ports.ByDay: {
			downloads(Date(2027, time.December, 31), 1, 0), downloads(Date(2028, time.January, 2), 10, 1),
			downloads(Date(2028, time.January, 3), 100, 0), downloads(Date(2028, time.February, 29), 1000, 0),
		},
		ports.ByWeek: {
			downloads(Date(2027, time.December, 27), 11, 1), downloads(Date(2028, time.January, 3), 100, 0),
			downloads(Date(2028, time.February, 28), 1000, 0),
		},
		ports.ByMonth: {
			downloads(Date(2027, time.December, 1), 1, 0), downloads(Date(2028, time.January, 1), 110, 1),
			downloads(Date(2028, time.February, 1), 1000, 0),
		},
	} {
		span.Period = period
		want(t, must[[]ports.UsagePeriod](t)(facts.UsagePeriods(t.Context(), "mine", span)), periods)
	}
	span.Period, span.To = ports.ByMonth, Date(2028, time.March, 31)
	want(t, must[map[string][]ports.UsagePeriod](t)(facts.UsageOfProjects(t.Context(), []string{"mine", "yours", "nobodys"}, span)), map[string][]ports.UsagePeriod{
		"mine": {
			{Begins: Date(2027, time.December, 1), Downloads: 1},
			{Begins: Date(2028, time.January, 1), Downloads: 110},
			{Begins: Date(2028, time.February, 1), Downloads: 1000},
			{Begins: Date(2028, time.March, 1), Downloads: 10000},
		},
		"yours": {{Begins: Date(2028, time.March, 1), Downloads: 7}},
	})
}

// Counts are told apart by version, PostgreSQL major and platform, also those of builds that were deleted since.
func usageParts(t *testing.T, facts UsageFacts) {
	t.Helper()
	day := Date(2026, time.March, 4)
	_, standing := Publish(t, facts, Publication{Project: "mine", Version: "1.0"})
	Publish(t, facts, Publication{Project: "mine", Version: "1.1"})
	Publish(t, facts, Publication{Project: "mine", Version: "1.1", Postgres: 18, Platform: extension.LinuxARM64})
	arm := Downloads("mine", "1.1", day, 100, 0)
	arm.Postgres, arm.Platform = 18, extension.LinuxARM64
	r := newReplica(t, facts)
	r.write([]ports.DownloadCount{Downloads("mine", "1.0", day, 1, 0), Downloads("mine", "1.1", day, 10, 0), arm})
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Delete(ctx, standing.ID, "1.0", at)
		return err
	})
	r.write([]ports.DownloadCount{Downloads("mine", "1.0", day, 1, 0)})
	for part, parts := range map[ports.UsagePart][]ports.PartOfUsage{
		ports.PartVersion:  {{Value: "1.0", Begins: day, Downloads: 2}, {Value: "1.1", Begins: day, Downloads: 110}},
		ports.PartPostgres: {{Value: "17", Begins: day, Downloads: 12}, {Value: "18", Begins: day, Downloads: 100}},
		ports.PartPlatform: {{Value: "linux/amd64", Begins: day, Downloads: 12}, {Value: "linux/arm64", Begins: day, Downloads: 100}},
	} {
		want(t, must[[]ports.PartOfUsage](t)(facts.UsageParts(t.Context(), "mine", part, ports.UsageSpan{From: day, To: day, Period: ports.ByDay})), parts)
	}
}

// Many processes that count the same at once wait for each other, in one order, and lose nothing; meanwhile what is derived is
// derived.
func countedAtOnce(t *testing.T, facts UsageFacts) {
	t.Helper()
	const processes, batches, projects = 6, 20, 8
	today := Date(2026, time.March, 4)
	for i := range projects {
		Publish(t, facts, Publication{Project: fmt.Sprint("p", i), Version: "1.0"})
	}
	var group sync.WaitGroup
	for process := range processes {
		group.Go(func() {
			batch := ports.DownloadBatch{Replica: NewID()}
			for range batches {
				batch.Sequence++
				batch.Counts, batch.Clients = nil, nil
				for i := range projects {
					// Each in another order.
					project := fmt.Sprint("p", (i*(2*process+1)+process)%projects)
					batch.Counts = append(batch.Counts, Downloads(project, "1.0", today, 1, 0))
					batch.Clients = append(batch.Clients, ports.ClientCount{Project: project, Day: today, Clients: everybody{string(rune('a' + process)): true}})
				}
				if err := facts.RecordDownloads(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 10 {
		if _, err := facts.RefreshUsage(t.Context(), today); err != nil {
			t.Error(err)
		}
	}
	group.Wait()
	refreshed(t, facts, today, true)
	for i := range projects {
		usage := must[ports.ProjectUsage](t)(facts.ProjectUsage(t.Context(), fmt.Sprint("p", i)))
		if usage.Downloads.Total != processes*batches || usage.Downloads.Last7 != processes*batches || usage.Installers.Total != processes {
			t.Errorf("%+v", usage)
		}
	}
}

// What grows by chance, or from next to nothing, is not trending.
func trendingProjects(t *testing.T, facts UsageFacts) {
	t.Helper()
	today := Date(2026, time.March, 4)
	var counts []ports.DownloadCount
	var clients []ports.ClientCount
	see := func(project string, ago, n int) {
		Publish(t, facts, Publication{Project: project, Version: "1.0"})
		names := everybody{}
		for i := range n {
			names[string(rune('a'+i))] = true
		}
		day := today.AddDate(0, 0, -ago)
		counts = append(counts, Downloads(project, "1.0", day, 1000, 0))
		clients = append(clients, ports.ClientCount{Project: project, Day: day, Clients: names})
	}
	see("tiny", 1, 9)
	see("fresh", 1, 10)
	see("steady", 1, 26)
	see("steady", 8, 20)
	see("farm", 1, 1)
	see("rising", 1, 26)
	see("rising", 2, 14)
	see("rising", 9, 10)
	see("today", 0, 26)
	newReplica(t, facts).write(counts, clients...)
	refreshed(t, facts, today, true)
	names := func(days, limit int) (names []string) {
		for _, one := range must[[]ports.TrendingProject](t)(facts.TrendingProjects(t.Context(), days, limit)) {
			names = append(names, one.Name)
		}
		return names
	}
	wantList(t, names(7, 10), "rising", "fresh")
	wantList(t, names(7, 1), "rising")
	// Over a month there was nothing before.
	wantList(t, names(30, 10), "rising", "steady", "fresh")
	first := must[[]ports.TrendingProject](t)(facts.TrendingProjects(t.Context(), 7, 1))[0]
	if first.Installers != 40 || first.InstallersBefore != 10 || first.Downloads != 2000 || first.Version != "1.0" || first.Score < 4.24 || first.Score > 4.25 {
		t.Errorf("%+v", first)
	}
}

// The registry as a whole is the sum of its projects.
func registryUsage(t *testing.T, facts UsageFacts) {
	t.Helper()
	today := Date(2026, time.March, 4)
	span := ports.UsageSpan{From: Date(2026, time.February, 23), To: today, Period: ports.ByWeek}
	want(t, must[ports.RegistryUsage](t)(facts.RegistryUsage(t.Context(), today, span)), ports.RegistryUsage{})
	Publish(t, facts, Publication{Project: "mine", Version: "1.0"})
	Publish(t, facts, Publication{Project: "yours", Version: "1.0", Owner: Account(t, facts, "bob"), OwnerName: "bob"})
	one := newReplica(t, facts)
	one.write([]ports.DownloadCount{
		Downloads("mine", "1.0", today, 1, 1), Downloads("yours", "1.0", today, 10, 0),
		Downloads("mine", "1.0", today.AddDate(0, 0, -7), 100, 0), Downloads("mine", "1.0", today.AddDate(0, 0, -30), 1000, 0),
	}, ports.ClientCount{Project: "mine", Day: today, Clients: everybody{"a": true}}, ports.ClientCount{Project: "yours", Day: today, Clients: everybody{"a": true}})
	refreshed(t, facts, today, true)
	one.write([]ports.DownloadCount{Downloads("mine", "1.0", today, 1, 0)})
	refreshed(t, facts, today, true)
	got := must[ports.RegistryUsage](t)(facts.RegistryUsage(t.Context(), today, span))
	want(t, got.Downloads, ports.Windows{Total: 1112, Last7: 12, Last30: 112, Last90: 1112})
	want(t, got.Installers, ports.Windows{Total: 2, Last7: 2, Last30: 2, Last90: 2})
	want(t, got.Robots, ports.Windows{Total: 1, Last7: 1, Last30: 1, Last90: 1})
	want(t, got.Periods, []ports.UsagePeriod{
		{Begins: Date(2026, time.February, 23), Downloads: 100}, {Begins: Date(2026, time.March, 2), Downloads: 12, Installers: 2, Robots: 1},
	})
	if got.Publishers != 2 {
		t.Errorf("%d publishers", got.Publishers)
	}
}
