package http

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/install"
	"pgtrunk.io/registry/web/readme"
	"pgtrunk.io/registry/web/site"
)

// installing tells how to install a version, at the page of an address.
func (h *handlers) installing(o catalog.Overview, path string) site.Installing {
	r := o.Shown
	in := site.Installing{
		Version: r.Version.String(), For: site.Pair{Postgres: o.Postgres, Platform: o.Platform.String()}, Assumed: !o.Chosen,
		SQL: site.Command{ID: "sql-command", Name: "SQL", Text: install.Create(r)}, Packages: packagesOf(r),
	}
	settings := install.Configure(r)
	in.Settings = site.Command{ID: "settings", Name: "settings", Text: settings.Text}
	in.Effect, in.Append = string(settings.Effect), settings.Preload
	choose := func(text string, pair site.Pair) site.PairOption {
		return site.PairOption{Link: site.Link{Text: text, Address: pair.On(path) + "#install"}, Current: pair == in.For}
	}
	for _, major := range choices(o) {
		in.Majors = append(in.Majors, choose(strconv.Itoa(major), site.Pair{Postgres: major, Platform: in.For.Platform}))
	}
	for _, platform := range platforms(o) {
		in.Platforms = append(in.Platforms, choose(platform.String(), site.Pair{Postgres: in.For.Postgres, Platform: platform.String()}))
	}
	if o.Build == nil {
		in.Missing = missing(o)
		return in
	}
	for _, need := range o.Needs {
		if first := (site.Link{Text: need.Project, Address: in.For.On(projectPath(need.Project))}); need.Project != "" && !slices.Contains(in.First, first) {
			in.First = append(in.First, first)
		}
	}
	build := install.Build{
		Release: r, Artefact: *o.Build, Report: o.Report, Registry: h.PublicURL.String(), Download: h.downloadAddress(r, *o.Build),
	}
	in.Commands = []site.Command{
		{ID: "trunk-command", Name: "trunk command", Text: build.Trunk()},
		{ID: "curl-command", Name: "curl command", Text: build.Curl()},
	}
	if lines := build.Dockerfile(); lines != "" {
		in.Commands = append(in.Commands, site.Command{ID: "docker-command", Name: "Dockerfile lines", Text: lines})
	}
	return in
}

// choices are the majors that can be chosen: those that there are builds for, and the one that was asked for.
func choices(o catalog.Overview) []int {
	majors := append(slices.Clone(o.Majors), majorsOf(o.Shown)...)
	if o.Postgres != 0 {
		majors = append(majors, o.Postgres)
	}
	slices.Sort(majors)
	return slices.Compact(majors)
}

// packagesOf are the packages of the system that a version needs, by their manager.
func packagesOf(r extension.Release) []string {
	var lines []string
	for _, manager := range slices.Sorted(maps.Keys(r.SystemDependencies)) {
		if names := r.SystemDependencies[manager]; len(names) > 0 {
			lines = append(lines, strings.Join(names, ", ")+" ("+manager+")")
		}
	}
	return lines
}

// archive tells of one build what is known without looking inside.
func (h *handlers) archive(r extension.Release, a extension.Artefact) site.File {
	return site.File{
		Name: a.FileName(r.Project, r.Version), Download: h.downloadAddress(r, a), For: site.Pair{Postgres: a.Postgres, Platform: a.Platform.String()},
		Elsewhere: a.ExternalURL != "", Size: a.Size, Digest: site.Command{ID: "digest", Name: "SHA-256", Text: a.SHA256}, At: a.Published,
		Publisher: userLink(a.Publisher.Name),
	}
}

// file tells of the build for the pair what is in it.
func (h *handlers) file(o catalog.Overview) *site.File {
	if o.Build == nil {
		return nil
	}
	file := h.archive(o.Shown, *o.Build)
	if o.Report == nil {
		return &file
	}
	file.Contents = h.address("/api/v1/trunk-projects/%s/version/%s/contents", o.Shown.Project, o.Shown.Version) + file.For.On("")
	file.Unpacked, file.PathsTotal, file.Glibc = o.Report.UnpackedSize, len(o.Report.Files), newestGlibc(o.Report.SharedObjects)
	const mostPaths, mostExtensions = 100, 20
	for _, f := range o.Report.Files[:min(mostPaths, len(o.Report.Files))] {
		file.Paths = append(file.Paths, site.Path{Name: f.Path, Size: f.Size, Kind: string(f.Type)})
	}
	for _, e := range o.Report.Extensions[:min(mostExtensions, len(o.Report.Extensions))] {
		file.Extensions = append(file.Extensions, extensionFacts(e))
	}
	return &file
}

func extensionFacts(e extension.ReportExtension) site.Extension {
	const longestControl, mostUpdates = 2 << 10, 60
	facts := site.Extension{
		Name: e.Name, Version: e.Control.DefaultVersion, Control: e.ControlFile, Installs: e.InstallVersions, Who: "a superuser",
		Where: "chosen when it is created",
	}
	if len(facts.Control) > longestControl {
		facts.Control = strings.ToValidUTF8(facts.Control[:longestControl], "") + "\n…"
	}
	if e.Control.Trusted {
		facts.Who = "whoever may create in the database: it is trusted"
	} else if !e.Control.Superuser {
		facts.Who = "whoever may create in the database"
	}
	switch {
	case e.Control.Schema != "":
		facts.Where = "always " + e.Control.Schema
	case e.Control.Relocatable:
		facts.Where = "any; it can be moved"
	}
	for _, step := range e.UpdatePaths[:min(mostUpdates, len(e.UpdatePaths))] {
		facts.Updates = append(facts.Updates, step.From+" → "+step.To)
	}
	return facts
}

// newestGlibc is the newest version of it that a library needs.
func newestGlibc(objects []extension.SharedObject) string {
	var newest string
	for _, o := range objects {
		if o.Glibc != nil && (newest == "" || compareNumbers(*o.Glibc, newest) > 0) {
			newest = *o.Glibc
		}
	}
	return newest
}

// compareNumbers compares numbers with dots.
func compareNumbers(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	})
}

// readmes keeps what READMEs become: rendering a long one takes longer than all else of a page.
type readmes struct {
	kept *lru.Cache[[sha256.Size]byte, readme.Text]
}

// mostReadmes bounds how many are kept; each is at most a mebibyte.
const mostReadmes = 128

func newReadmes() (*readmes, error) {
	kept, err := lru.New[[sha256.Size]byte, readme.Text](mostReadmes)
	if err != nil {
		return nil, fmt.Errorf("keep READMEs: %w", err)
	}
	return &readmes{kept}, nil
}

func (r *readmes) render(text extension.Readme, repository string) readme.Text {
	key := sha256.Sum256([]byte(text.Name + "\x00" + repository + "\x00" + text.Text))
	if known, ok := r.kept.Get(key); ok {
		return known
	}
	made := readme.Render(text.Name, text.Text, repository)
	r.kept.Add(key, made)
	return made
}
