package porttest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Facts is everything that keeps the registry's facts.
type Facts interface {
	ports.UnitOfWork
	catalogue
	people
}

// catalogue is what is published.
type catalogue interface {
	ports.Releases
	ports.Artefacts
	ports.Projects
	ports.Standings
	around
}

// around is what is told beside it.
type around interface {
	ports.Readmes
	ports.Surroundings
	ports.Changes
	ports.Events
}

// people is who they are and what they may do and did.
type people interface {
	credentials
	ports.Accounts
	ports.Ownership
	ports.Limits
	records
}

// records is what they did and what they follow.
type records interface {
	ports.Record
	ports.Ledger
	ports.Following
	correspondence
}

// correspondence is the letters to them.
type correspondence interface {
	ports.Letters
	ports.Audience
	ports.News
}

// credentials is what people are recognised by.
type credentials interface {
	ports.Tokens
	ports.Sessions
}

// at is when everything in the suite happens; stores keep microseconds.
var at = time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)

// NewID gives a random UUID (RFC 9562).
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Publication is a build with all that is recorded of it. The zero value's gaps are filled in by Publish.
type Publication struct {
	Project, Version string
	// Extensions are names; the project's where there is none.
	Extensions []string
	// Dependencies are those of each extension.
	Dependencies []string
	// Trusted says that each can be created by others than superusers.
	Trusted  bool
	Postgres int
	Platform extension.Platform
	Bytes    string
	Owner    string
	// OwnerName is the name of whoever Owner is; alice where that is "".
	OwnerName string
	Metadata  extension.Metadata
	At        time.Time
	// Stored is called when the object would have been stored.
	Stored func()
}

// Account makes an account, or finds it, and gives its id.
func Account(t testing.TB, facts Facts, name string) string {
	t.Helper()
	var who account.Account
	err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) (err error) {
		who, err = tx.EnsureAccount(ctx, NewID(), name, at)
		return err
	})
	if err != nil {
		t.Fatalf("account %s: %v", name, err)
	}
	return who.ID
}

// Publish records a build as the use case of publishing does, and gives it with how the publisher stood to the project.
func Publish(t testing.TB, facts Facts, p Publication) (extension.Artefact, ports.ProjectStanding) {
	t.Helper()
	artefact, standing, err := publish(t, facts, p)
	if err != nil {
		t.Fatalf("publish %s %s: %v", p.Project, p.Version, err)
	}
	return artefact, standing
}

func publish(t testing.TB, facts Facts, p Publication) (artefact extension.Artefact, standing ports.ProjectStanding, err error) {
	t.Helper()
	p.complete(t, facts)
	digest := sha256.Sum256([]byte(p.Bytes))
	release := ports.ReleaseDraft{ID: NewID(), PublisherID: p.Owner, Metadata: p.Metadata, At: p.At}
	for _, name := range p.Extensions {
		control := "default_version = '1.0'\n"
		release.Extensions = append(release.Extensions, extension.ReleasedExtension{
			Name: name, DefaultVersion: "1.0", Dependencies: append([]string{}, p.Dependencies...), ControlFile: &control, Trusted: p.Trusted,
		})
	}
	draft := ports.ArtefactDraft{
		Artefact: extension.Artefact{
			ID: NewID(), Postgres: p.Postgres, Platform: p.Platform, SHA256: hex.EncodeToString(digest[:]), Size: int64(len(p.Bytes)), Published: p.At,
			Publisher: extension.Person{ID: p.Owner, Name: p.OwnerName},
		},
		Report: json.RawMessage(`{"pg_version": ` + strconv.Itoa(p.Postgres) + `, "files": []}`),
	}
	asked, err := facts.Standing(t.Context(), p.Metadata.Name.Folded(), p.Owner, nil)
	if err != nil {
		return artefact, standing, err
	}
	if draft.StoredAfter = asked.Asked; p.Stored != nil {
		p.Stored()
	}
	err = facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) (err error) {
		standing, err = tx.ClaimProject(ctx, ports.ProjectClaim{ID: NewID(), Name: p.Metadata.Name, Owner: p.Owner, At: p.At})
		if err != nil {
			return err
		}
		release.ProjectID = standing.ID
		if draft.ReleaseID, err = tx.AddRelease(ctx, release); err != nil {
			return err
		}
		artefact, err = tx.AddArtefact(ctx, draft)
		return err
	})
	return artefact, standing, err
}

func (p *Publication) complete(t testing.TB, facts Facts) {
	t.Helper()
	var err error
	if p.Metadata.Version, err = extension.ParseVersion(p.Version); err != nil {
		t.Fatal(err)
	}
	p.Metadata.Name = extension.ProjectName(p.Project)
	if p.Extensions == nil {
		p.Extensions = []string{p.Project}
	}
	if p.Postgres == 0 {
		p.Postgres = 17
	}
	if p.Platform == "" {
		p.Platform = extension.LinuxAMD64
	}
	if p.Bytes == "" {
		p.Bytes = p.Project + p.Version
	}
	if p.OwnerName == "" {
		p.OwnerName = "alice"
	}
	if p.Owner == "" {
		p.Owner = Account(t, facts, p.OwnerName)
	}
	if p.At.IsZero() {
		p.At = at
	}
}

// Store checks everything that keeps facts. Open gives a store that knows no project.
func Store(t *testing.T, open func(t *testing.T) Facts) {
	t.Helper()
	for _, c := range []struct {
		name  string
		check func(t *testing.T, facts Facts)
	}{
		{"a store without projects", emptyStore},
		{"what was published is read", publishedIsRead},
		{"versions come in order", versionsInOrder},
		{"the latest of each project", latestReleases},
		{"a project is one whatever its case", projectNames},
		{"the first to claim a project owns it", ownership},
		{"racing claims have one owner", racingClaims},
		{"a build never changes", immutableBuilds},
		{"racing builds leave one", racingBuilds},
		{"an extension belongs to its first project", extensionNames},
		{"the first build of a version tells its facts", factsOfVersions},
		{"categories", categories},
		{"libraries to be loaded at the start", preloadLibraries},
		{"a unit of work is whole or not at all", wholeOrNothing},
		{"what was published last", recentReleases},
		{"the state of the catalogue", catalogueState},
		{"events", eventsAreTold},
		{"events while others write", eventsWhileWriting},
		{"accounts", accounts},
		{"administrators", administrators},
		{"signing in", signIns},
		{"signing in for the first time many times at once", signInsAtOnce},
		{"tokens", tokens},
		{"tokens, page by page", tokenPages},
		{"sessions", sessions},
		{"following", following},
		{"recipients", recipients},
		{"following while addresses are forgotten", followingWhileForgetting},
		{"whom something concerns", audience},
		{"letters", letters},
		{"letters of a digest", digests},
		{"what letters tell", news},
		{"owners", owners},
		{"owners who leave at once", ownersLeaveAtOnce},
		{"what somebody owns, and what there is", holdings},
		{"yanked versions", yanks},
		{"deprecated projects", deprecations},
		{"deleted versions", deletions},
		{"what is around a project", surroundings},
		{"limits", limits},
		{"limits when many ask at once", limitsAtOnce},
		{"the record of who did what", record},
		{"READMEs", readmes},
		{"objects that are nobody's", doomedObjects},
		{"a publish and a sweep of one object at once", doomedAtOnce},
		{"how a publisher stands", standings},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, open(t)) })
	}
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func versions(releases []extension.Release) []string {
	list := make([]string, len(releases))
	for i, r := range releases {
		list[i] = r.Version.String()
	}
	return list
}

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func wantList(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func emptyStore(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	for what, read := range map[string]func() ([]extension.Release, error){
		"latest":    func() ([]extension.Release, error) { return facts.LatestReleases(ctx) },
		"project":   func() ([]extension.Release, error) { return facts.ReleasesOfProject(ctx, "nobody") },
		"extension": func() ([]extension.Release, error) { return facts.ReleasesOfExtension(ctx, "nobody") },
	} {
		if releases, err := read(); err != nil || len(releases) != 0 {
			t.Errorf("%s: %v, %v", what, releases, err)
		}
	}
	_, err := facts.Release(ctx, "nobody", "1.0")
	wantCode(t, err, fault.VersionUnknown)
	_, err = facts.Project(ctx, "nobody")
	wantCode(t, err, fault.ProjectUnknown)
	_, err = facts.Artefact(ctx, "nobody", "1.0", 17, extension.LinuxAMD64)
	wantCode(t, err, fault.ArtefactUnknown)
	_, err = facts.Report(ctx, NewID())
	wantCode(t, err, fault.ArtefactUnknown)
	_, err = facts.TokenByHash(ctx, sha256.Sum256(nil))
	wantCode(t, err, fault.TokenUnknown)
}

func publishedIsRead(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	text := "on"
	meta := extension.Metadata{
		Description: "Queues", Documentation: "https://docs.example.org", Homepage: "https://example.org", License: "Apache-2.0",
		Repository: "https://git.example.org", SystemDependencies: map[string][]string{"apt": {"libc6"}},
		Configurations: []extension.Configuration{{Name: "pgmq.x", Required: true, Default: &text}},
		Libraries:      []extension.LoadableLibrary{{Name: "pgmq", Priority: 7}},
	}
	owner := Account(t, facts, "alice")
	on17, _ := Publish(t, facts, Publication{Project: "PGmq", Version: "0.5.0", Extensions: []string{"pgmq", "pgmq-extra"}, Metadata: meta, Owner: owner})
	onARM, _ := Publish(t, facts, Publication{Project: "PGmq", Version: "0.5.0", Platform: extension.LinuxARM64, Bytes: "arm", At: at.Add(time.Hour)})
	on15, _ := Publish(t, facts, Publication{Project: "PGmq", Version: "0.5.0", Postgres: 15, Bytes: "15", At: at.Add(2 * time.Hour)})

	r := must[extension.Release](t)(facts.Release(ctx, "pgmq", "0.5.0"))
	if r.Project != "PGmq" || r.Description != meta.Description || r.Documentation != meta.Documentation || r.Homepage != meta.Homepage ||
		r.License != meta.License || r.Repository != meta.Repository || !reflect.DeepEqual(r.SystemDependencies, meta.SystemDependencies) ||
		!reflect.DeepEqual(r.Configurations, meta.Configurations) || !reflect.DeepEqual(r.Libraries, meta.Libraries) {
		t.Errorf("the release is %+v", r)
	}
	if !r.Published.Equal(at) || !r.Updated.Equal(at.Add(2*time.Hour)) || r.Published.Location() != time.UTC || r.Yanked() {
		t.Errorf("published %s, updated %s, yanked %t", r.Published, r.Updated, r.Yanked())
	}
	if r.Publisher != (extension.Person{ID: owner, Name: "alice"}) {
		t.Errorf("the publisher is %+v", r.Publisher)
	}
	if want := []extension.Artefact{on15, on17, onARM}; !reflect.DeepEqual(r.Artefacts, want) {
		t.Errorf("the builds are %+v, want %+v", r.Artefacts, want)
	}
	var names []string
	for _, e := range r.Extensions {
		names = append(names, e.Name)
	}
	wantList(t, names, "PGmq", "pgmq", "pgmq-extra")
	if e := r.Extensions[1]; e.DefaultVersion != "1.0" || e.ControlFile == nil || *e.ControlFile != "default_version = '1.0'\n" {
		t.Errorf("the extension is %+v", e)
	}
	got := must[extension.Artefact](t)(facts.Artefact(ctx, "pgmq", "0.5.0", 17, extension.LinuxARM64))
	if got != onARM {
		t.Errorf("the build is %+v, want %+v", got, onARM)
	}
	if report := must[extension.Report](t)(facts.Report(ctx, on15.ID)); report.Postgres != 15 {
		t.Errorf("the report is %+v", report)
	}
	for _, missing := range []struct {
		project, version string
		postgres         int
	}{{"pgmq", "0.5.0", 14}, {"pgmq", "0.5.1", 17}, {"other", "0.5.0", 17}} {
		_, err := facts.Artefact(ctx, missing.project, missing.version, missing.postgres, extension.LinuxAMD64)
		wantCode(t, err, fault.ArtefactUnknown)
	}
	project := must[extension.Project](t)(facts.Project(ctx, "pgmq"))
	if project.Name != "PGmq" || !project.Created.Equal(at) || !project.Updated.Equal(at.Add(2*time.Hour)) ||
		!reflect.DeepEqual(project.Owners, []extension.Person{{ID: owner, Name: "alice"}}) {
		t.Errorf("the project is %+v", project)
	}
}

func versionsInOrder(t *testing.T, facts Facts) {
	t.Helper()
	ordered := []string{"0.9", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.0.0+build", "1.2", "1.10", "16.1", "123456789012.0.0"}
	for i := range ordered {
		Publish(t, facts, Publication{Project: "odd", Version: ordered[(i*4)%len(ordered)]})
	}
	Publish(t, facts, Publication{Project: "other", Version: "1.5"})
	wantList(t, versions(must[[]extension.Release](t)(facts.ReleasesOfProject(t.Context(), "odd"))), ordered...)
	wantList(t, versions(must[[]extension.Release](t)(facts.ReleasesOfExtension(t.Context(), "odd"))), ordered...)
}

func latestReleases(t *testing.T, facts Facts) {
	t.Helper()
	for project, list := range map[string][]string{
		"b_release": {"1.0", "1.1-rc.1"}, "a_prerelease": {"1.0-a", "1.0-b"}, "C_number": {"1.9", "1.10", "123456789012"},
	} {
		for _, version := range list {
			Publish(t, facts, Publication{Project: project, Version: version})
		}
	}
	var got []string
	for _, r := range must[[]extension.Release](t)(facts.LatestReleases(t.Context())) {
		got = append(got, r.Project+" "+r.Version.String())
		if len(r.Artefacts) != 1 || len(r.Extensions) != 1 {
			t.Errorf("%s: %d builds, %d extensions", r.Project, len(r.Artefacts), len(r.Extensions))
		}
	}
	wantList(t, got, "a_prerelease 1.0-b", "b_release 1.0", "C_number 123456789012")
	var names []string
	for _, p := range must[[]extension.Project](t)(facts.Projects(t.Context())) {
		names = append(names, p.Name)
	}
	wantList(t, names, "a_prerelease", "b_release", "C_number")
}

func projectNames(t *testing.T, facts Facts) {
	t.Helper()
	_, first := Publish(t, facts, Publication{Project: "Pg_Thing", Version: "1.0"})
	_, again := Publish(t, facts, Publication{Project: "pg_thing", Version: "2.0"})
	if first.ID != again.ID || again.Name != "Pg_Thing" || !first.Created || again.Created {
		t.Errorf("first %+v, then %+v", first, again)
	}
	err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.ClaimProject(ctx, ports.ProjectClaim{ID: NewID(), Name: "1 thing", Owner: Account(t, facts, "alice"), At: at})
		return err
	})
	wantCode(t, err, fault.NameInvalid)
}

func ownership(t *testing.T, facts Facts) {
	t.Helper()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	if _, standing := Publish(t, facts, Publication{Project: "mine", Version: "1.0", Owner: alice}); !standing.Owned || !standing.Created {
		t.Errorf("the first stands like %+v", standing)
	}
	if _, standing := Publish(t, facts, Publication{Project: "mine", Version: "1.1", Owner: bob}); standing.Owned {
		t.Errorf("another stands like %+v", standing)
	}
	if _, standing := Publish(t, facts, Publication{Project: "mine", Version: "1.2", Owner: alice}); !standing.Owned || standing.Created {
		t.Errorf("the owner stands like %+v", standing)
	}
}

func racingClaims(t *testing.T, facts Facts) {
	t.Helper()
	owners := map[string]string{}
	for i := range 8 {
		name := fmt.Sprintf("racer%d", i)
		owners[Account(t, facts, name)] = name
	}
	var (
		group   sync.WaitGroup
		mutex   sync.Mutex
		created []string
	)
	for owner, name := range owners {
		group.Go(func() {
			_, standing, err := publish(t, facts, Publication{Project: "prize", Version: "1.0." + name[len("racer"):], Owner: owner})
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil {
				t.Errorf("publish: %v", err)
			}
			if standing.Created {
				created = append(created, name)
			}
		})
	}
	group.Wait()
	project := must[extension.Project](t)(facts.Project(t.Context(), "prize"))
	if len(created) != 1 || len(project.Owners) != 1 || project.Owners[0].Name != created[0] {
		t.Errorf("created by %v, owned by %v", created, project.Owners)
	}
}

func immutableBuilds(t *testing.T, facts Facts) {
	t.Helper()
	first, _ := Publish(t, facts, Publication{Project: "a", Version: "1.0", Bytes: "first"})
	second, _ := Publish(t, facts, Publication{Project: "a", Version: "1.0", Bytes: "second", At: at.Add(time.Hour)})
	if second != first {
		t.Errorf("a second publish gives %+v, want what is there, %+v", second, first)
	}
	r := must[extension.Release](t)(facts.Release(t.Context(), "a", "1.0"))
	if len(r.Artefacts) != 1 || r.Artefacts[0] != first {
		t.Errorf("the builds are %+v", r.Artefacts)
	}
}

func racingBuilds(t *testing.T, facts Facts) {
	t.Helper()
	owner := Account(t, facts, "alice")
	var (
		group   sync.WaitGroup
		mutex   sync.Mutex
		digests = map[string]int{}
	)
	const racers = 12
	for i := range racers {
		group.Go(func() {
			artefact, _, err := publish(t, facts, Publication{Project: "raced", Version: "1.0", Bytes: fmt.Sprint("bytes ", i), Owner: owner})
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil {
				t.Errorf("publish: %v", err)
			}
			digests[artefact.SHA256]++
		})
	}
	group.Wait()
	if len(digests) != 1 {
		t.Errorf("they saw %d different builds: %v", len(digests), digests)
	}
}

func extensionNames(t *testing.T, facts Facts) {
	t.Helper()
	ctx := t.Context()
	Publish(t, facts, Publication{Project: "first", Version: "1.0", Extensions: []string{"uuid-ossp"}})
	Publish(t, facts, Publication{Project: "first", Version: "2.0", Extensions: []string{"another"}})
	Publish(t, facts, Publication{Project: "squatter", Version: "9.0", Extensions: []string{"UUID_ossp"}})
	releases := must[[]extension.Release](t)(facts.ReleasesOfExtension(ctx, "uuid_ossp"))
	if len(releases) != 1 || releases[0].Project != "first" || releases[0].Version.String() != "1.0" {
		t.Errorf("the extension is provided by %+v", releases)
	}
	wantList(t, versions(must[[]extension.Release](t)(facts.ReleasesOfExtension(ctx, "another"))), "2.0")
}

func factsOfVersions(t *testing.T, facts Facts) {
	t.Helper()
	Publish(t, facts, Publication{Project: "a", Version: "1.0", Metadata: extension.Metadata{Description: "first"}})
	Publish(t, facts, Publication{Project: "a", Version: "1.0", Postgres: 16, Extensions: []string{"a", "b"}, Metadata: extension.Metadata{Description: "second"}})
	r := must[extension.Release](t)(facts.Release(t.Context(), "a", "1.0"))
	if r.Description != "first" || len(r.Extensions) != 2 || len(r.Artefacts) != 2 {
		t.Errorf("the release is %+v", r)
	}
}

func categories(t *testing.T, facts Facts) {
	t.Helper()
	_, standing := Publish(t, facts, Publication{Project: "a", Version: "1.0"})
	shelve := func(slugs ...string) error {
		return facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error { return tx.Categorise(ctx, standing.ID, slugs) })
	}
	for _, slugs := range [][]string{{"search", "analytics"}, {"featured", "search"}} {
		if err := shelve(slugs...); err != nil {
			t.Fatal(err)
		}
	}
	shelved := must[extension.Project](t)(facts.Project(t.Context(), "a"))
	wantList(t, shelved.Categories, "Featured", "Search")
	wantList(t, shelved.CategorySlugs, "featured", "search")
	wantCode(t, shelve("search", "nonsense"), fault.CategoryUnknown)
	wantList(t, must[extension.Project](t)(facts.Project(t.Context(), "a")).Categories, "Featured", "Search")
	all := must[[]extension.Category](t)(facts.Categories(t.Context()))
	const howMany = 17
	if len(all) != howMany || all[0].Slug != "featured" || all[0].Projects != 1 || all[1].Name != "Analytics" || all[1].Projects != 0 {
		t.Errorf("the categories are %+v", all)
	}
	if !slices.IsSortedFunc(all[1:], func(a, b extension.Category) int { return slices.Compare([]string{a.Name}, []string{b.Name}) }) {
		t.Errorf("the categories are not by name: %+v", all)
	}
}

func preloadLibraries(t *testing.T, facts Facts) {
	t.Helper()
	for i, libraries := range [][]extension.LoadableLibrary{
		{{Name: "pg_cron", RequiresRestart: true}, {Name: "auto_explain", RequiresRestart: true}},
		{{Name: "pg_cron", RequiresRestart: true}, {Name: "not_at_the_start"}},
	} {
		Publish(t, facts, Publication{Project: fmt.Sprint("a", i), Version: "1.0", Metadata: extension.Metadata{Libraries: libraries}})
	}
	wantList(t, must[[]string](t)(facts.PreloadLibraries(t.Context())), "auto_explain", "pg_cron")
}

func recentReleases(t *testing.T, facts Facts) {
	t.Helper()
	alice := Account(t, facts, "alice")
	shelved := func(project string, slugs ...string) {
		done(t, facts, func(ctx context.Context, tx ports.Tx) error {
			standing, err := tx.LockProject(ctx, project, alice)
			if err != nil {
				return err
			}
			return tx.Categorise(ctx, standing.ID, slugs)
		})
	}
	publish := func(project, version string, postgres, minute int) {
		Publish(t, facts, Publication{Project: project, Version: version, Postgres: postgres, Owner: alice, Bytes: fmt.Sprint(project, version, postgres), At: at.Add(time.Duration(minute) * time.Minute)})
	}
	publish("first", "1.0", 17, 0)
	publish("second", "1.0", 17, 1)
	publish("first", "1.1", 17, 2)
	publish("second", "2.0", 17, 3)
	publish("first", "1.0", 16, 4) // another build of the oldest
	shelved("second", "search")
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		standing, err := tx.LockProject(ctx, "second", alice)
		if err != nil {
			return err
		}
		_, err = tx.Yank(ctx, standing.ID, "2.0", extension.Yank{At: at, ByID: alice, Reason: "r"})
		return err
	})
	for _, c := range []struct {
		project, category string
		limit             int
		want              []string
	}{
		{"", "", 10, []string{"first 1.0", "first 1.1", "second 1.0"}},
		{"", "", 2, []string{"first 1.0", "first 1.1"}},
		{"first", "", 10, []string{"first 1.0", "first 1.1"}},
		{"", "search", 10, []string{"second 1.0"}},
		{"first", "search", 10, nil},
		{"nothing", "", 10, nil},
	} {
		var got []string
		for _, r := range must[[]extension.Release](t)(facts.RecentReleases(t.Context(), c.project, c.category, c.limit)) {
			got = append(got, r.Project+" "+r.Version.String())
		}
		wantList(t, got, c.want...)
	}
}

// catalogueState moves on with each change that readers see, and with nothing else.
func catalogueState(t *testing.T, facts Facts) {
	t.Helper()
	state := func() ports.CatalogueState {
		t.Helper()
		return must[ports.CatalogueState](t)(facts.CatalogueState(t.Context()))
	}
	alice := Account(t, facts, "alice")
	before := state()
	if age := time.Since(before.Changed); age > time.Hour || age < -time.Minute {
		t.Errorf("changed at %s", before.Changed)
	}
	_, standing := Publish(t, facts, Publication{Project: "ticks", Version: "1.0", Owner: alice})
	published := state()
	if published.Version != before.Version+1 || published.Changed.Before(before.Changed) {
		t.Errorf("a publish moves it from %v to %v", before, published)
	}
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, standing.ID, "old", at)
		return err
	})
	if got := state(); got.Version != published.Version+1 {
		t.Errorf("a deprecation moves it from %v to %v", published, got)
	}
	still := state()
	Account(t, facts, "bob")
	done(t, facts, func(ctx context.Context, tx ports.Tx) error {
		return tx.Audit(ctx, ports.AuditEntry{At: at, Action: "test", Detail: map[string]string{}})
	})
	_ = do(t, facts, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Deprecate(ctx, standing.ID, "", at)
		return errors.Join(err, errors.New("second thoughts"))
	})
	if got := state(); got != still {
		t.Errorf("nothing that readers see moves it from %v to %v", still, got)
	}
}

func wholeOrNothing(t *testing.T, facts Facts) {
	t.Helper()
	wrong := errors.New("second thoughts")
	err := facts.Do(t.Context(), func(ctx context.Context, tx ports.Tx) error {
		who, err := tx.EnsureAccount(ctx, NewID(), "alice", at)
		if err != nil {
			return err
		}
		if _, err := tx.ClaimProject(ctx, ports.ProjectClaim{ID: NewID(), Name: "halfway", Owner: who.ID, At: at}); err != nil {
			return err
		}
		if err := tx.Audit(ctx, ports.AuditEntry{At: at, AccountID: who.ID, Action: "test", Detail: map[string]int{"a": 1}}); err != nil {
			return err
		}
		if err := tx.Emit(ctx, ports.Event{At: at, Kind: ports.Published, Project: "halfway", Payload: map[string]int{"a": 1}}); err != nil {
			return err
		}
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Errorf("got %v, want the error of the work", err)
	}
	_, err = facts.Project(t.Context(), "halfway")
	wantCode(t, err, fault.ProjectUnknown)
	if last := must[int64](t)(facts.LastEvent(t.Context())); last != 0 {
		t.Errorf("event %d is told of what was not done", last)
	}
}

func standings(t *testing.T, facts Facts) {
	t.Helper()
	alice, bob := Account(t, facts, "alice"), Account(t, facts, "bob")
	_, claimed := Publish(t, facts, Publication{Project: "Mine", Version: "1.0", Owner: alice})
	for _, c := range []struct {
		project, who string
		slugs        []string
		want         ports.ProjectStanding
	}{
		{"mine", alice, nil, ports.ProjectStanding{ID: claimed.ID, Name: "Mine", Owned: true}},
		{"mine", bob, []string{"search"}, ports.ProjectStanding{ID: claimed.ID, Name: "Mine"}},
		{"new", bob, []string{"a", "search", "b"}, ports.ProjectStanding{UnknownCategories: []string{"a", "b"}}},
		{"m_ine", bob, nil, ports.ProjectStanding{Resembling: []string{"Mine"}}},
		{"m_ine", alice, nil, ports.ProjectStanding{}},
	} {
		got := must[ports.ProjectStanding](t)(facts.Standing(t.Context(), c.project, c.who, c.slugs))
		if len(got.UnknownCategories) == 0 {
			got.UnknownCategories = nil
		}
		if len(got.Resembling) == 0 {
			got.Resembling = nil
		}
		if age := time.Since(got.Asked); age > time.Minute || age < -time.Minute {
			t.Errorf("asked at %s", got.Asked)
		}
		got.Asked = time.Time{}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.project, got, c.want)
		}
	}
}
