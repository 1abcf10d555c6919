package site

import (
	"html/template"
	"strings"
	"time"
)

// Project answers whether a project can be installed here, how, and whether it should be.
type Project struct {
	Page
	Installing

	Name string
	// Sentence is what the publisher says that it is.
	Sentence   string
	Released   time.Time
	License    string
	Owners     []Link
	Categories []Link
	// Provides are the extensions, where they are called otherwise than the project.
	Provides []string
	Banners  []Banner
	// Builds is the newest version for each PostgreSQL major and platform.
	Builds Matrix
	// Needs are the extensions that have to be there first; an empty address is PostgreSQL's own or nobody's.
	Needs []Link
	// Dependents are the first of so many.
	Dependents      []Link
	DependentsTotal int
	// Links lead to what the publisher names.
	Links []Link
	// Versions are the first of VersionsTotal; AllVersions is the address that shows all of them, "" where these are all.
	Versions      []VersionRow
	VersionsTotal int
	AllVersions   string
	// Readme is HTML that was sanitised; "" for none. WholeReadme is where the rest of it is; "" where it is whole.
	Readme      template.HTML
	WholeReadme string
	// File is the archive for the pair; nil without one.
	File   *File
	Health HealthBox
	// Usage tells how much it is downloaded.
	Usage  Usage
	Badges Badges
	// Follow asks for letters; nil where none are sent.
	Follow *FollowForm
}

func (*Project) template() string { return "project" }

// Version answers whether exactly this version is still good.
type Version struct {
	Page
	Installing

	Name, Sentence string
	Released       time.Time
	Publisher      Link
	License        string
	// Newest is the version to take instead; nil where this is the newest.
	Newest  *Link
	Banners []Banner
	// Yanked says that the commands are folded, since pins go on.
	Yanked bool
	// Files are all builds of the version.
	Files []File
	Needs []Link
	// File is the one for the pair; nil without one.
	File *File
	// Repository is where it was made; the zero value where nobody says.
	Repository Link
	// Changes is what is new, as HTML that was sanitised; "" where nobody said.
	Changes template.HTML
}

func (*Version) template() string { return "version" }

// Banner is what has to be known first.
type Banner struct {
	// Kind is bad or warn, Symbol and Word say it without the colour.
	Kind, Symbol, Word string
	// At is since when; zero where that is not known.
	At time.Time
	// Text goes before Reason, which stands in quotes; Use is what to take instead.
	Text, Reason string
	Use          *Link
}

// Installing is what it takes to install a version for a pair.
type Installing struct {
	// Version is the one that the commands are for; "" where nothing is offered.
	Version string
	// Majors and Platforms are the choices.
	Majors, Platforms []PairOption
	// For is the pair in force. Assumed says that nobody chose it.
	For     Pair
	Assumed bool
	// Commands are there where there is a build; each way has a name.
	Commands []Command
	// SQL creates the extensions; its Text is "" where there is nothing to create.
	SQL Command
	// First are the projects that have to be installed before; the command line does that on its own.
	First []Link
	// Missing says what is there instead of a build; nil where there is one.
	Missing *Missing
	// Packages are those of the system that it needs, "apt: libc6".
	Packages []string
	// Settings are lines for postgresql.conf; the Text is "" where nothing has to be configured. Effect is reload or
	// restart, and Append says that a line belongs to what is there.
	Settings Command
	Effect   string
	Append   bool
}

// PairOption is one of several to choose from.
type PairOption struct {
	Link

	Current bool
}

// Missing says that there is no build for the pair.
type Missing struct {
	// Text is a sentence, Show where the nearest build is; nil where there is none.
	Text string
	Show *Link
}

// Matrix is a table of platforms and majors.
type Matrix struct {
	Majors []int
	Rows   []MatrixRow
}

// MatrixRow is a platform.
type MatrixRow struct {
	Platform string
	Cells    []Cell
}

// Cell is the newest version for a pair; the zero value for none.
type Cell struct {
	Link

	// Older says that there is a newer version, Current that it is the pair in force.
	Older, Current bool
}

// VersionRow is a version in the list of them.
type VersionRow struct {
	Link

	At     time.Time
	Majors string
	// Status is a word, and Kind its colour; "" for none.
	Status, Kind string
	// Yank tells when, why and what instead; nil unless it was withdrawn.
	Yank *Banner
}

// File is an archive with what is in it.
type File struct {
	// Name is the file's, Download its address.
	Name, Download string
	For            Pair
	// Elsewhere says that the registry does not have the bytes, and so not their size.
	Elsewhere bool
	Size      int64
	Digest    Command
	At        time.Time
	Publisher Link
	// Contents is the address of the report in the API; "" where nobody looked inside.
	Contents string
	// Unpacked is the size of what is in it, Extensions what it installs, Paths the first files of PathsTotal.
	Unpacked   int64
	Extensions []Extension
	Paths      []Path
	PathsTotal int
	// Glibc is the newest that a library needs; "" for none.
	Glibc string
}

// Extension is what an archive installs, by its control file.
type Extension struct {
	Name, Version string
	// Who may create it, and where it may be: words.
	Who, Where string
	// Control is the control file's text, Installs the versions that CREATE EXTENSION can install, Updates the steps of
	// ALTER EXTENSION UPDATE, "1.5 → 1.6".
	Control  string
	Installs []string
	Updates  []string
}

// Path is a file of an archive.
type Path struct {
	Name string
	Size int64
	// Kind is what the manifest calls it; "" for what is not installed.
	Kind string
}

// licence names a licence in a sentence: publishers write "MIT" as well as "PostgreSQL License".
func licence(name string) string {
	if lower := strings.ToLower(name); strings.Contains(lower, "licence") || strings.Contains(lower, "license") {
		return name
	}
	return name + " licence"
}
