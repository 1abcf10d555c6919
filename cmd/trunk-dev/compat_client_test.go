package main_test

import "context"

// compatClient is a command line that publishes to a registry and installs from one.
type compatClient interface {
	// Name is what the client is called in the names of tests.
	Name() string
	// Publish sends the archives of one version, and gives what a person would have read in the terminal. A refusal of
	// the registry is such a text, not an error; an error is the client's own refusal.
	Publish(ctx context.Context, p compatPublication) (output string, err error)
	// Install puts a project into a PostgreSQL, with the extensions it needs. An error says that it was not installed;
	// the output then tells why.
	Install(ctx context.Context, i compatInstallation) (output string, err error)
}

// compatPublication is what a person gives to `trunk publish`. Empty means: not given.
type compatPublication struct {
	registry, token  string
	project, version string
	// extension is --extension_name; without it the client takes the first archive's manifest's.
	extension string
	// archives are published in order: one as --file, several from the folder .trunk. Their keys are the suffixes of
	// the file names there ("-pg14").
	archives []compatArchive
	// What the catalogue shows.
	description, documentation, homepage, license, repository string
	categories                                                []string
	// What only Trunk.toml can say.
	configurations     []compatConfiguration
	libraries          []compatLibrary
	systemDependencies map[string][]string
}

// compatArchive is an archive and the suffix of its file name, such as "-pg15".
type compatArchive struct {
	suffix string
	bytes  []byte
}

// compatConfiguration is a setting that an extension needs, as it goes over the wire.
type compatConfiguration struct {
	Name     string  `json:"configuration_name"`
	Required bool    `json:"is_required"`
	Default  *string `json:"recommended_default_value"`
}

// compatLibrary is a library to load, as it goes over the wire.
type compatLibrary struct {
	Name            string `json:"library_name"`
	RequiresRestart bool   `json:"requires_restart"`
	Priority        int32  `json:"priority"`
}

// inTrunkFile says that the publication cannot be said with options alone.
func (p compatPublication) inTrunkFile() bool {
	return len(p.configurations)+len(p.libraries)+len(p.systemDependencies) > 0
}

// compatInstallation is what a person gives to `trunk install`.
type compatInstallation struct {
	registry string
	project  string
	// version is --version; "" installs the latest.
	version string
	// into is the PostgreSQL to install into.
	into compatPostgres
	// major is --pg-version; 0 asks pg_config.
	major int
	// places gives --sharedir and --pkglibdir instead of letting the client ask pg_config.
	places bool
}
