package catalog

import (
	"context"
	"slices"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

// Overview is a project with one of its versions, for somebody who wants to know whether and how it can be installed.
type Overview struct {
	Project extension.Project
	// Releases are all versions, the newest first: what Latest names, then releases and pre-releases in their order.
	Releases []extension.Release
	// Latest is what "latest" names; nil where every version was yanked.
	Latest *extension.Release
	// Shown is the version that was asked for; without one the latest, or the newest where all were yanked.
	Shown extension.Release
	// Postgres and Platform are the pair in force: what was asked for, else the newest major and linux/amd64, or what the
	// version has instead. Chosen says that both were asked for.
	Postgres int
	Platform extension.Platform
	Chosen   bool
	// Build is the one of the version for the pair; nil where there is none.
	Build *extension.Artefact
	// Nearest is what there is instead of it; nil where there is nothing.
	Nearest *Nearest
	// Report is what the inspection of the build found; nil without one, and where the archive lies elsewhere.
	Report *extension.Report
	// Majors and Platforms are those that some version has a build for; Builds has the newest version for each pair.
	Majors    []int
	Platforms []extension.Platform
	Builds    map[Pair]extension.Release
	// Needs are the extensions that the version needs, by name.
	Needs []Need
	// Dependents are the names of the first projects whose latest version needs this project, of so many. They and the
	// README, nil where there is none, are not told of a version that was named.
	Dependents      []string
	DependentsTotal int
	Readme          *extension.Readme
	// Changes is what is new in a version that was named; the zero value where nobody said.
	Changes extension.Changes
}

// Pair is what something was compiled for.
type Pair struct {
	Postgres int
	Platform extension.Platform
}

// Nearest is a build that is nearest to one that is not there.
type Nearest struct {
	Release  extension.Release
	Artefact extension.Artefact
	// SamePair says that it is for the pair, of another version; else it is of the version, for another pair.
	SamePair bool
}

// Need is an extension that has to be there first.
type Need struct {
	Extension string
	// Project is the one that provides it; "" where none does, as for PostgreSQL's own.
	Project string
}

// firstDependents is how many of those who need a project are named.
const firstDependents = 10

// Overview gives a project, whose name may be written in any way, with a version; Version "" asks for the latest.
//
// Errors: project_unknown; removed where the version, or every version, was deleted; version_unknown.
func (s *Service) Overview(ctx context.Context, want Build) (Overview, error) {
	folded := extension.FoldName(want.Name)
	project, err := s.Projects.Project(ctx, folded)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Project: project}
	if o.Releases, err = s.Releases.ReleasesOfProject(ctx, folded); err != nil {
		return Overview{}, err
	}
	if err := s.choose(ctx, &o, want.Version); err != nil {
		return Overview{}, err
	}
	o.pair(want)
	o.table()
	if o.Build != nil && o.Build.ExternalURL == "" {
		report, err := s.Artefacts.Report(ctx, o.Build.ID)
		if err != nil {
			return Overview{}, err
		}
		o.Report = &report
	}
	if err := s.needs(ctx, &o); err != nil {
		return Overview{}, err
	}
	if want.Version != "" {
		// What is of the project as a whole is not told of one version.
		o.Changes, err = s.Changes(ctx, o.Shown)
		return o, err
	}
	return o, s.surround(ctx, &o)
}

// choose finds the version that is shown.
func (s *Service) choose(ctx context.Context, o *Overview, version string) error {
	if len(o.Releases) == 0 {
		return fault.New(fault.Removed, "%s was there, and every version of it was deleted.", o.Project.Name)
	}
	slices.SortStableFunc(o.Releases, func(a, b extension.Release) int { return newestFirst(a.Version, b.Version) })
	if latest, ok := extension.Latest(o.Releases); ok {
		o.Latest = &latest
	}
	switch {
	case version == "" && o.Latest != nil:
		o.Shown = *o.Latest
		return nil
	case version == "":
		o.Shown = o.Releases[0]
		return nil
	}
	i := slices.IndexFunc(o.Releases, func(r extension.Release) bool { return r.Version.String() == version })
	if i >= 0 {
		o.Shown = o.Releases[i]
		return nil
	}
	deleted, err := s.Surroundings.Deleted(ctx, extension.FoldName(o.Project.Name), version)
	if err != nil {
		return err
	}
	if deleted {
		return fault.New(fault.Removed, "%s %s was there and was deleted. Its number is never used again.", o.Project.Name, version)
	}
	ascending := slices.Clone(o.Releases)
	slices.Reverse(ascending)
	return fault.New(fault.VersionUnknown, "%s has no version %q. There is %s.", o.Project.Name, version, newest(ascending))
}

func newestFirst(a, b extension.Version) int { return b.Compare(a) }

// pair settles what it is for, and finds the build.
func (o *Overview) pair(want Build) {
	o.Postgres, o.Platform = want.Postgres, want.Platform
	o.Chosen = o.Postgres != 0 && o.Platform != ""
	if o.Platform == "" {
		o.Platform = extension.LinuxAMD64
		fits := func(a extension.Artefact) bool { return o.Postgres == 0 || a.Postgres == o.Postgres }
		if there := slices.DeleteFunc(slices.Clone(o.Shown.Artefacts), func(a extension.Artefact) bool { return !fits(a) }); len(there) > 0 &&
			!slices.ContainsFunc(there, func(a extension.Artefact) bool { return a.Platform == extension.LinuxAMD64 }) {
			o.Platform = there[0].Platform
		}
	}
	if o.Postgres == 0 {
		for _, onIt := range []bool{true, false} {
			for _, a := range o.Shown.Artefacts {
				if o.Postgres < a.Postgres && (a.Platform == o.Platform || !onIt) {
					o.Postgres = a.Postgres
				}
			}
			if o.Postgres != 0 {
				break
			}
		}
	}
	for i, a := range o.Shown.Artefacts {
		if a.Postgres == o.Postgres && a.Platform == o.Platform {
			o.Build = &o.Shown.Artefacts[i]
			return
		}
	}
	o.Nearest = o.nearest()
}

// nearest looks for the newest other version with a build for the pair; then, in the version, for the nearest major on the
// platform, and for the nearest major on any.
func (o *Overview) nearest() *Nearest {
	if r, ok := newestFor(o.Releases, Pair{o.Postgres, o.Platform}); ok {
		for _, a := range r.Artefacts {
			if a.Postgres == o.Postgres && a.Platform == o.Platform {
				return &Nearest{Release: r, Artefact: a, SamePair: true}
			}
		}
	}
	var best *extension.Artefact
	for i, a := range o.Shown.Artefacts {
		if best == nil || o.nearer(a, *best) {
			best = &o.Shown.Artefacts[i]
		}
	}
	if best == nil {
		return nil
	}
	return &Nearest{Release: o.Shown, Artefact: *best}
}

// nearer compares two builds for other pairs: the platform counts first, since nobody changes that; then the distance of
// the majors, and of two as near the newer one.
func (o *Overview) nearer(a, b extension.Artefact) bool {
	if onIt := a.Platform == o.Platform; onIt != (b.Platform == o.Platform) {
		return onIt
	}
	x, y := distance(a.Postgres, o.Postgres), distance(b.Postgres, o.Postgres)
	return x < y || x == y && a.Postgres > b.Postgres
}

func distance(a, b int) int { return max(a-b, b-a) }

// newestFor gives the version with a build for a pair that "latest" would name if there were no others.
func newestFor(releases []extension.Release, pair Pair) (extension.Release, bool) {
	return extension.Latest(slices.DeleteFunc(slices.Clone(releases), func(r extension.Release) bool {
		return !slices.ContainsFunc(r.Artefacts, func(a extension.Artefact) bool { return Pair{a.Postgres, a.Platform} == pair })
	}))
}

// table finds the newest version for each pair. Yanked versions have no place in it.
func (o *Overview) table() {
	o.Builds = map[Pair]extension.Release{}
	for _, r := range o.Releases {
		if r.Yanked() {
			continue
		}
		for _, a := range r.Artefacts {
			pair := Pair{a.Postgres, a.Platform}
			if _, ok := o.Builds[pair]; !ok {
				o.Builds[pair], _ = newestFor(o.Releases, pair)
			}
			if !slices.Contains(o.Majors, a.Postgres) {
				o.Majors = append(o.Majors, a.Postgres)
			}
		}
	}
	slices.Sort(o.Majors)
	for _, platform := range extension.Platforms() {
		if slices.ContainsFunc(o.Majors, func(major int) bool { _, ok := o.Builds[Pair{major, platform}]; return ok }) {
			o.Platforms = append(o.Platforms, platform)
		}
	}
}

// needs finds out who provides what the version needs and does not have itself.
func (s *Service) needs(ctx context.Context, o *Overview) error {
	var names, folded []string
	for _, e := range o.Shown.Extensions {
		names = append(names, e.Dependencies...)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(o.Shown.Extensions, func(e extension.ReleasedExtension) bool { return e.Name == name })
	})
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		folded = append(folded, extension.FoldName(name))
	}
	providers, err := s.Surroundings.Providers(ctx, folded)
	if err != nil {
		return err
	}
	for i, name := range names {
		o.Needs = append(o.Needs, Need{Extension: name, Project: providers[folded[i]]})
	}
	return nil
}

// surround adds who needs the project, and its README.
func (s *Service) surround(ctx context.Context, o *Overview) (err error) {
	folded := extension.FoldName(o.Project.Name)
	if o.Dependents, o.DependentsTotal, err = s.Surroundings.Dependents(ctx, folded, firstDependents); err != nil {
		return err
	}
	text, err := s.Readmes.ProjectReadme(ctx, folded)
	switch {
	case fault.CodeOf(err) == fault.ReadmeUnknown:
		return nil
	case err != nil:
		return err
	}
	o.Readme = &text
	return nil
}

// Provider gives the name of the project that an extension's name belongs to; "" for nobody's.
func (s *Service) Provider(ctx context.Context, name string) (string, error) {
	folded := extension.FoldName(name)
	providers, err := s.Surroundings.Providers(ctx, []string{folded})
	return providers[folded], err
}
