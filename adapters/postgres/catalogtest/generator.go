package catalogtest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// table is rows to append to one.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

func (t *table) add(values ...any) { t.rows = append(t.rows, values) }

// batch is what a number of projects put into each table.
type batch struct {
	accounts, projects, owners, categories, extensionNames table
	releases, releaseExtensions, artefacts, readmes        table
}

func newBatch() *batch {
	of := func(name, columns string) table { return table{name: name, columns: strings.Fields(columns)} }
	return &batch{
		accounts:       of("accounts", "id name created_at"),
		projects:       of("projects", "id name name_keys created_at updated_at deprecated_at deprecation"),
		owners:         of("project_owners", "project_id account_id since"),
		categories:     of("project_categories", "project_id category_id"),
		extensionNames: of("extension_names", "folded project_id"),
		releases: of("releases", "id project_id version sort_key prerelease description documentation homepage repository license "+
			"system_dependencies configurations libraries publisher_id created_at updated_at yanked_at yank_reason"),
		releaseExtensions: of("release_extensions", "release_id name default_version dependencies control_file trusted"),
		artefacts:         of("artefacts", "id release_id pg_major platform sha256 size report publisher_id created_at"),
		readmes:           of("project_readmes", "project_id name content version updated_at"),
	}
}

func (b *batch) tables() []table {
	return []table{
		b.accounts, b.projects, b.owners, b.categories, b.extensionNames, b.releases, b.releaseExtensions, b.artefacts, b.readmes,
	}
}

// generator makes projects, one after the other.
type generator struct {
	random *rand.Rand
	prose  *prose
	// shelves are the categories, popular how they are chosen: some have far more projects than others.
	shelves []int64
	popular *rand.Zipf
	// people own projects; few own many.
	people []person
	busy   *rand.Zipf
	// taken are the folded names of projects and of extensions.
	taken, provided map[string]bool
	ids             uint64
	made            int
}

type person struct {
	id   [16]byte
	name string
}

// begin is when the first project was published, and another one is every quarter of an hour.
var begin = time.Date(2022, 1, 3, 8, 0, 0, 0, time.UTC)

const pace = 15 * time.Minute

func newGenerator(shelves []int64, projects int) *generator {
	random := rand.New(rand.NewPCG(0x7472756e6b, 1)) //nolint:gosec // the same catalogue each time is what it is for
	g := &generator{
		random: random, prose: newProse(random, words()), shelves: shelves, popular: rand.NewZipf(random, 1.2, 4, uint64(len(shelves)-1)),
		taken: map[string]bool{}, provided: map[string]bool{},
	}
	for range max(1, projects/4) {
		g.people = append(g.people, person{g.id(begin), "user_" + madeUp(len(g.people)+1)})
	}
	g.busy = rand.NewZipf(random, 1.3, 8, uint64(len(g.people)-1))
	return g
}

// id is a version 7 UUID (RFC 9562) that tells a time, and is higher than those before it.
func (g *generator) id(at time.Time) [16]byte {
	g.ids++
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	binary.BigEndian.PutUint64(id[8:], g.ids)
	id[6], id[8] = 0x70, id[8]&0x3f|0x80
	return id
}

// chance is true in so many of a hundred cases.
func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func pick[T any](g *generator, from []T) T { return from[g.random.IntN(len(from))] }

// take makes the next so many projects.
func (g *generator) take(projects int) []table {
	b := newBatch()
	if g.made == 0 {
		for _, p := range g.people {
			b.accounts.add(p.id, p.name, begin)
		}
	}
	for range projects {
		g.project(b)
		g.made++
	}
	return b.tables()
}

func (g *generator) project(b *batch) {
	first := begin.Add(time.Duration(g.made) * pace)
	name, owner := g.name(), g.people[g.busy.Uint64()]
	p := published{
		id: g.id(first), name: name, owner: owner, extensions: g.extensions(name), license: pick(g, licences),
		repository: "https://code.example/" + owner.name + "/" + name,
	}
	var text strings.Builder
	g.prose.write(&text, 6+g.random.IntN(25))
	p.description = text.String()
	versions := g.versions()
	last := first.Add(time.Duration(len(versions)-1) * 40 * 24 * time.Hour)
	var deprecatedAt *time.Time
	var deprecation *string
	if g.chance(1) {
		sentence := "Nobody looks after it any more."
		deprecatedAt, deprecation = &last, &sentence
	}
	b.projects.add(p.id, p.name, extension.NameKeys(p.name), first, last, deprecatedAt, deprecation)
	b.owners.add(p.id, owner.id, first)
	if second := g.people[g.busy.Uint64()]; g.chance(15) && second != owner {
		b.owners.add(p.id, second.id, last)
	}
	shelf := g.popular.Uint64()
	b.categories.add(p.id, g.shelves[shelf])
	if other := g.popular.Uint64(); g.chance(40) && other != shelf {
		b.categories.add(p.id, g.shelves[other])
	}
	for _, e := range p.extensions {
		if folded := extension.FoldName(e); !g.provided[folded] {
			g.provided[folded] = true
			b.extensionNames.add(folded, p.id)
		}
	}
	for i, version := range versions {
		g.release(b, p, version, first.Add(time.Duration(i)*40*24*time.Hour), i == len(versions)-1)
	}
	if g.chance(30) {
		b.readmes.add(p.id, "README.md", g.readme(p), versions[len(versions)-1], last)
	}
}

// published is what all versions of a project share.
type published struct {
	id                                     [16]byte
	name, description, license, repository string
	owner                                  person
	extensions                             []string
}

var licences = []string{
	"PostgreSQL", "PostgreSQL", "PostgreSQL", "MIT", "MIT", "Apache-2.0", "Apache-2.0", "BSD-3-Clause", "GPL-2.0", "AGPL-3.0", "MPL-2.0", "",
}

// name makes a name as people choose them, that nobody has yet.
func (g *generator) name() string {
	prefix := pick(g, []string{"pg_", "pg_", "pg", "pl", "postgres_", "", "", ""})
	suffix := pick(g, []string{"", "", "", "", "_fdw", "_ext", "_tools", "_stats", "db", "_utils"})
	stem := g.stem()
	for {
		name := prefix + stem + suffix
		folded := extension.FoldName(name)
		if _, err := extension.ParseProjectName(name); err == nil && !g.taken[folded] && !g.provided[folded] {
			g.taken[folded] = true
			return name
		}
		if len(stem) > 40 {
			stem = g.stem()
		}
		stem += "_" + g.stem()
	}
}

func (g *generator) stem() string {
	for {
		if word := g.prose.word(); len(word) >= 3 {
			return word
		}
	}
}

// extensions are those that a project provides: of its own name, of the name without what says that it is for PostgreSQL,
// or of several.
func (g *generator) extensions(project string) []string {
	short := strings.TrimPrefix(project, "pg_")
	switch {
	case g.chance(15) && short != project && !g.provided[extension.FoldName(short)]:
		return []string{short}
	case g.chance(12):
		return []string{project, project + "_core", project + "_extra"}
	default:
		return []string{project}
	}
}

// versions are one to four in ascending order.
func (g *generator) versions() []string {
	major, minor := g.random.IntN(4), g.random.IntN(9)
	var all []string
	for range 1 + g.random.IntN(4) {
		all = append(all, fmt.Sprintf("%d.%d.%d", major, minor, g.random.IntN(5)))
		minor++
	}
	if g.chance(4) {
		all[len(all)-1] += "-beta." + strconv.Itoa(1+g.random.IntN(3))
	}
	return all
}

func (g *generator) release(b *batch, p published, text string, at time.Time, latest bool) {
	version, err := extension.ParseVersion(text)
	if err != nil {
		panic("catalogtest: " + err.Error()) // our own text
	}
	id := g.id(at)
	var yankedAt *time.Time
	var reason *string
	if !latest && g.chance(2) {
		sentence := "It loses data."
		yankedAt, reason = &at, &sentence
	}
	libraries := `[]`
	if g.chance(15) {
		libraries = `[{"library_name": "` + p.name + `", "requires_restart": true, "priority": 2147483647}]`
	}
	dependencies := `{"apt": ["libc6"]}`
	if g.chance(20) {
		dependencies = `{"apt": ["libc6", "libssl3"], "dnf": ["glibc", "openssl-libs"]}`
	}
	b.releases.add(id, p.id, version.String(), version.SortKey(), version.Prerelease(), p.description,
		p.repository+"/docs", p.repository, p.repository, p.license,
		json.RawMessage(dependencies), json.RawMessage(`[]`), json.RawMessage(libraries), p.owner.id, at, at, yankedAt, reason)
	for _, e := range p.extensions {
		control := "comment = '" + p.description + "'\ndefault_version = '" + text + "'\nrelocatable = true\nmodule_pathname = '$libdir/" + e + "'\n"
		requires := []string{}
		if g.chance(5) {
			requires = append(requires, "plpgsql")
		}
		trusted := g.chance(10)
		if trusted {
			control += "trusted = true\n"
		}
		b.releaseExtensions.add(id, e, text, requires, control, trusted)
	}
	g.builds(b, p, id, at, latest)
}

// builds are for one to five majors on amd64, and for arm64 where the maintainers had the time. Old versions have few.
func (g *generator) builds(b *batch, p published, release [16]byte, at time.Time, latest bool) {
	newest := 17 + g.random.IntN(2)
	oldest := max(14, newest-g.random.IntN(5))
	if !latest {
		newest -= 2
		oldest = max(14, newest-g.random.IntN(2))
	}
	arm := g.chance(50)
	for major := oldest; major <= newest; major++ {
		g.build(b, p, release, at, major, extension.LinuxAMD64)
		if arm && major > newest-2 {
			g.build(b, p, release, at, major, extension.LinuxARM64)
		}
	}
}

func (g *generator) build(b *batch, p published, release [16]byte, at time.Time, major int, platform extension.Platform) {
	id := g.id(at)
	sum := sha256.Sum256(id[:])
	report := extension.Report{
		Postgres: major, Platform: platform, UnpackedSize: 1 << 20,
		Files: []extension.ReportFile{{Path: p.extensions[0] + ".so", Size: 4_096, SHA256: hex.EncodeToString(sum[:])}},
	}
	encoded, err := json.Marshal(report)
	if err != nil {
		panic("catalogtest: " + err.Error()) // text and numbers
	}
	b.artefacts.add(id, release, int32(major), platform.String(), sum[:], 10_000+g.random.Int64N(2_000_000),
		json.RawMessage(encoded), p.owner.id, at)
}

// readme is a README of 200 to 2,000 words in paragraphs, most of them short.
func (g *generator) readme(p published) string {
	var text strings.Builder
	text.WriteString("# " + p.name + "\n\n" + p.description + "\n\n## Installation\n\n```\ntrunk install " + p.name + "\n```\n\n## Usage\n\n")
	length := g.random.Float64()
	for left := 200 + int(1_800*length*length); left > 0; left -= 80 {
		g.prose.write(&text, min(left, 80))
		text.WriteString("\n\n")
	}
	return text.String()
}
