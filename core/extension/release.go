package extension

import (
	"strconv"
	"time"
)

// Metadata is what a publisher says of a release, beside what the archive says of itself.
type Metadata struct {
	// Name is the project's.
	Name ProjectName
	// ExtensionName is the control file's name where the publisher gave it; "" otherwise.
	ExtensionName string
	// Version is the project's version.
	Version Version
	// Description, Documentation, Homepage, License and Repository are "" where the publisher left them out.
	Description, Documentation, Homepage, License, Repository string
	// ExtensionDependencies are names of extensions that have to be there first.
	ExtensionDependencies []string
	// SystemDependencies lists packages by package manager ("apt": ["libgeos-c1v5"]).
	SystemDependencies map[string][]string
	// Categories are slugs.
	Categories []string
	// Configurations and Libraries tell what has to be set in postgresql.conf.
	Configurations []Configuration
	Libraries      []LoadableLibrary
}

// Configuration is a setting of postgresql.conf that an extension reads.
type Configuration struct {
	Name string `json:"configuration_name"`
	// Required says that the extension does not work without it.
	Required bool `json:"is_required"`
	// Default is the recommended value, nil where there is none.
	Default *string `json:"recommended_default_value"`
}

// LoadableLibrary is a library that has to be loaded by the server.
type LoadableLibrary struct {
	Name string `json:"library_name"`
	// RequiresRestart says that it belongs into shared_preload_libraries.
	RequiresRestart bool `json:"requires_restart"`
	// Priority orders libraries in that setting, lowest first.
	Priority int32 `json:"priority"`
}

// DefaultPriority is the priority of a library whose publisher gave none.
const DefaultPriority int32 = 1<<31 - 1

// Person is a user as others see them.
type Person struct {
	ID   string
	Name string
}

// Category is a shelf of the catalogue.
type Category struct {
	ID          int64
	Slug        string
	Name        string
	Description string
	// Projects is how many projects stand on the shelf.
	Projects int64
}

// Release is one version of a project as the catalogue knows it.
type Release struct {
	// ID is the release's UUID.
	ID string
	// Project is the canonical spelling of the project's name.
	Project string
	Version Version
	// Description, Documentation, Homepage, License and Repository are "" where unknown.
	Description, Documentation, Homepage, License, Repository string
	SystemDependencies                                        map[string][]string
	Configurations                                            []Configuration
	Libraries                                                 []LoadableLibrary
	// Published is when the first build arrived, Updated when the newest did; UTC.
	Published, Updated time.Time
	Publisher          Person
	// Yank is nil unless the version was withdrawn.
	Yank *Yank
	// Deprecation says why the project should not be used any more; "" where it may.
	Deprecation string
	// Extensions are in alphabetical order.
	Extensions []ReleasedExtension
	// Artefacts are ordered by PostgreSQL major, then platform with linux/amd64 first.
	Artefacts []Artefact
}

// Yank is the withdrawal of a version.
type Yank struct {
	// At is when, ByID and By are who.
	At       time.Time
	ByID, By string
	// Reason is a sentence for those who have the version; Replacement the version to install instead, "" for none.
	Reason, Replacement string
}

// Yanked says that the version was withdrawn.
func (r Release) Yanked() bool { return r.Yank != nil }

// ReleasedExtension is an extension as one release of a project ships it.
type ReleasedExtension struct {
	Name string
	// DefaultVersion is the control file's default_version and often differs from the project's version; "" where absent.
	DefaultVersion string
	// Dependencies are the extensions that have to be created first, without those of the same release.
	Dependencies []string
	// ControlFile is the text of the control file; nil for a module that is only loaded.
	ControlFile *string
	// Trusted says that users who may create objects in a database can create it, without being superusers.
	Trusted bool
}

// Artefact is one compiled archive of a release.
type Artefact struct {
	// ID is the artefact's UUID.
	ID       string
	Postgres int
	Platform Platform
	// SHA256 is the digest of the archive in lower-case hex.
	SHA256 string
	// Size is the archive's size in bytes.
	Size      int64
	Published time.Time
	// Publisher is whose token published it.
	Publisher Person
	// ExternalURL is where the bytes are when they lie elsewhere; "" when the registry has them.
	ExternalURL string
}

// Project is what belongs to a project as a whole.
type Project struct {
	ID string
	// Name is its canonical spelling.
	Name string
	// Created is when it was first published, Updated when something was last published; UTC.
	Created, Updated time.Time
	Owners           []Person
	// Deprecation says why it should not be used any more; "" where it may. Deprecated is since when, zero where it may.
	Deprecation string
	Deprecated  time.Time
	// Categories are the names of its categories, in order; CategorySlugs are their slugs, in the same order.
	Categories, CategorySlugs []string
}

// FileName is the name an artefact is downloaded as: the project's, the version, the PostgreSQL major, the platform.
func (a Artefact) FileName(project string, version Version) string {
	return project + "-" + version.String() + "-pg" + strconv.Itoa(a.Postgres) + "-" + a.Platform.Slug() + ".tar.gz"
}
