// Package catalog is the use case of finding what is published and where its bytes are.
package catalog

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service reads the catalogue.
type Service struct {
	Releases  ports.Releases
	Artefacts ports.Artefacts
	Projects  ports.Projects
	Accounts  ports.Accounts
	// Surroundings, Readmes and ChangeLogs are for overviews.
	Surroundings ports.Surroundings
	Readmes      ports.Readmes
	ChangeLogs   ports.ChangeLogs
}

// View narrows what a reader sees.
type View struct {
	// Platform, unless "", leaves only the builds for it.
	Platform extension.Platform
	// All lists every version, also those that clients would wrongly take for the latest.
	All bool
}

// Latest gives the latest version of every project, by name.
//
// Errors: database_unavailable, here and in all methods below.
func (s *Service) Latest(ctx context.Context, view View) ([]extension.Release, error) {
	releases, err := s.Releases.LatestReleases(ctx)
	return view.narrow(releases), err
}

// Project gives every version of a project in ascending order; none for an unknown one.
func (s *Service) Project(ctx context.Context, name string, view View) ([]extension.Release, error) {
	releases, err := s.Releases.ReleasesOfProject(ctx, extension.FoldName(name))
	return view.list(releases), err
}

// Extension gives every version of the project that provides an extension, in ascending order.
func (s *Service) Extension(ctx context.Context, name string, view View) ([]extension.Release, error) {
	releases, err := s.Releases.ReleasesOfExtension(ctx, extension.FoldName(name))
	return view.list(releases), err
}

// Version gives one version; none where it is unknown.
func (s *Service) Version(ctx context.Context, name, version string, view View) ([]extension.Release, error) {
	release, err := s.Releases.Release(ctx, extension.FoldName(name), version)
	if fault.CodeOf(err) == fault.VersionUnknown {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return view.narrow([]extension.Release{release}), nil
}

// narrow leaves of each release only the builds for the platform.
func (v View) narrow(releases []extension.Release) []extension.Release {
	if v.Platform == "" {
		return releases
	}
	for i := range releases {
		releases[i].Artefacts = slices.DeleteFunc(slices.Clone(releases[i].Artefacts), func(a extension.Artefact) bool {
			return a.Platform != v.Platform
		})
	}
	return releases
}

// list is what a client that takes the highest of its list is given.
func (v View) list(releases []extension.Release) []extension.Release {
	releases = v.narrow(releases)
	if v.Platform != "" {
		releases = installable(releases)
	}
	if v.All {
		return releases
	}
	return extension.ClientList(releases)
}

// installable leaves out the versions without a build, unless none has one: then the client can tell what is missing.
func installable(releases []extension.Release) []extension.Release {
	built := slices.DeleteFunc(slices.Clone(releases), func(r extension.Release) bool { return len(r.Artefacts) == 0 })
	if len(built) == 0 {
		return releases
	}
	return built
}

// Build says which build of a project somebody wants.
type Build struct {
	// Name is a project's or, if there is no such project, an extension's.
	Name string
	// Version is an exact one or "latest".
	Version string
	// Postgres is a PostgreSQL major; 0 means 15, or the newest there is.
	Postgres int
	// Platform "" means linux/amd64.
	Platform extension.Platform
}

// legacyPostgres is what clients that do not name a major mean: the only one that the first registry knew.
const legacyPostgres = 15

// Locate finds a build.
//
// Errors: project_unknown, version_unknown, artefact_unknown.
func (s *Service) Locate(ctx context.Context, want Build) (extension.Release, extension.Artefact, error) {
	release, err := s.locateRelease(ctx, want)
	if err != nil {
		return extension.Release{}, extension.Artefact{}, err
	}
	artefact, err := chooseBuild(release, want)
	return release, artefact, err
}

func (s *Service) locateRelease(ctx context.Context, want Build) (extension.Release, error) {
	folded := extension.FoldName(want.Name)
	releases, err := s.Releases.ReleasesOfProject(ctx, folded)
	if err == nil && len(releases) == 0 {
		releases, err = s.Releases.ReleasesOfExtension(ctx, folded)
	}
	if err != nil {
		return extension.Release{}, err
	}
	if len(releases) == 0 {
		return extension.Release{}, fault.New(fault.ProjectUnknown, "There is no project and no extension called %q. Look the name up in the catalogue.", want.Name)
	}
	if want.Version == extension.LatestVersion {
		if latest, ok := extension.Latest(releases); ok {
			return latest, nil
		}
		return extension.Release{}, fault.New(fault.VersionUnknown, "Every version of %s was withdrawn. Name the exact version you want.", releases[0].Project)
	}
	i := slices.IndexFunc(releases, func(r extension.Release) bool { return r.Version.String() == want.Version })
	if i < 0 {
		return extension.Release{}, fault.New(fault.VersionUnknown, "%s has no version %q. There is %s.", releases[0].Project, want.Version, newest(releases))
	}
	return releases[i], nil
}

// newest names a few versions, the highest first.
func newest(releases []extension.Release) string {
	const few = 5
	var names []string
	for _, r := range slices.Backward(releases) {
		if len(names) == few {
			return strings.Join(names, ", ") + " and older"
		}
		names = append(names, r.Version.String())
	}
	return strings.Join(names, ", ")
}

func chooseBuild(release extension.Release, want Build) (extension.Artefact, error) {
	platform := want.Platform
	if platform == "" {
		platform = extension.LinuxAMD64
	}
	var best *extension.Artefact
	for i, a := range release.Artefacts {
		switch {
		case a.Platform != platform:
		case a.Postgres == want.Postgres, want.Postgres == 0 && a.Postgres == legacyPostgres:
			return a, nil
		case want.Postgres == 0 && (best == nil || a.Postgres > best.Postgres):
			best = &release.Artefacts[i]
		}
	}
	if best != nil {
		return *best, nil
	}
	major := "any PostgreSQL"
	if want.Postgres != 0 {
		major = "PostgreSQL " + strconv.Itoa(want.Postgres)
	}
	return extension.Artefact{}, fault.New(fault.ArtefactUnknown, "%s %s has no build for %s on %s. There is %s.",
		release.Project, release.Version, major, platform, builds(release))
}

func builds(release extension.Release) string {
	if len(release.Artefacts) == 0 {
		return "none"
	}
	names := make([]string, len(release.Artefacts))
	for i, a := range release.Artefacts {
		names[i] = strconv.Itoa(a.Postgres) + " on " + string(a.Platform)
	}
	return strings.Join(names, ", ")
}

// Contents gives a build with the report of its inspection.
//
// Errors: as Locate.
func (s *Service) Contents(ctx context.Context, want Build) (extension.Release, extension.Artefact, extension.Report, error) {
	release, artefact, err := s.Locate(ctx, want)
	if err != nil {
		return release, artefact, extension.Report{}, err
	}
	if artefact.ExternalURL != "" {
		return release, artefact, extension.Report{}, fault.New(fault.ArtefactUnknown,
			"The archive of %s %s for PostgreSQL %d on %s lies elsewhere and was not inspected here.",
			release.Project, release.Version, artefact.Postgres, artefact.Platform)
	}
	report, err := s.Artefacts.Report(ctx, artefact.ID)
	return release, artefact, report, err
}

// Changes gives what is new in a version; the zero value where nobody said.
func (s *Service) Changes(ctx context.Context, release extension.Release) (extension.Changes, error) {
	return s.ChangeLogs.ReleaseChanges(ctx, release.ID)
}

// buildSuffix is the end of a file name that extension.Artefact.FileName makes.
var buildSuffix = regexp.MustCompile(`-pg([0-9]{1,3})-([a-z0-9]+-[a-z0-9]+)\.tar\.gz$`)

// File finds the build that a download's file name means.
//
// Errors: artefact_unknown.
func (s *Service) File(ctx context.Context, name, version, file string) (extension.Artefact, error) {
	unknown := fault.New(fault.ArtefactUnknown, "%s %s has no file %q. Take the link of one of its downloads.", name, version, file)
	parts := buildSuffix.FindStringSubmatch(file)
	if parts == nil {
		return extension.Artefact{}, unknown
	}
	postgres, err := strconv.Atoi(parts[1])
	if err != nil {
		return extension.Artefact{}, unknown
	}
	platform, err := extension.ParsePlatform(parts[2])
	if err != nil {
		return extension.Artefact{}, unknown
	}
	if extension.FoldName(strings.TrimSuffix(file, parts[0])) != extension.FoldName(name+"-"+version) {
		return extension.Artefact{}, unknown
	}
	return s.Artefacts.Artefact(ctx, extension.FoldName(name), version, postgres, platform)
}
