// Package demo fills a registry with the projects of the last public one, so that a newcomer sees a living registry. The
// projects and what is said of them are real (catalog.json, from the recipes of tembo-io/trunk, a few settings from the
// extensions' own documentation); their archives are small
// ones made here, which create an extension of that name and no more. They go through the registry's own publishing path.
package demo

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

//go:embed catalog.json
var catalogue []byte

// project is one of the catalogue.
type project struct {
	Name         string    `json:"name"`
	Version      string    `json:"vers"`
	Description  string    `json:"description"`
	License      string    `json:"license"`
	Homepage     string    `json:"homepage"`
	Repository   string    `json:"repository"`
	Categories   []string  `json:"categories"`
	Libraries    []library `json:"loadable_libraries"`
	Dependencies packages  `json:"system_dependencies"`
	Docs         string    `json:"documentation"`
	Preload      []string  `json:"preload_libraries"`
	Settings     []setting `json:"configurations"`
}

// setting is one of postgresql.conf.
type setting struct {
	Name     string  `json:"configuration_name"`
	Required bool    `json:"is_required"`
	Default  *string `json:"recommended_default_value"`
}

type library struct {
	Name            string `json:"library_name"`
	RequiresRestart bool   `json:"requires_restart"`
	Priority        *int32 `json:"priority,omitempty"`
}

// packages are system packages by their manager.
type packages map[string][]string

// build is one archive to publish.
type build struct {
	project

	postgres     int
	architecture string
}

// projects reads the catalogue. A project that is in it twice has two versions.
func projects() ([]project, error) {
	var all []project
	if err := json.Unmarshal(catalogue, &all); err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return all, nil
}

// extensions are the names that a project's control files have, where they are not the project's own.
func (p project) extensions() []string {
	switch p.Name {
	case "pgvector":
		return []string{"vector"}
	case "postgis":
		return []string{"postgis", "postgis_raster", "postgis_topology"}
	case "uuid_ossp":
		return []string{"uuid-ossp"}
	default:
		return []string{p.Name}
	}
}

// requires are the extensions that have to be there first.
func requires(extension string) string {
	switch extension {
	case "earthdistance":
		return "cube"
	case "pgrouting", "postgis_raster", "postgis_topology":
		return "postgis"
	default:
		return ""
	}
}

// owner is whose repository the project's is.
func (p project) owner() string {
	u, err := url.Parse(p.Repository)
	if err != nil {
		return "community"
	}
	first, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if first == "" {
		return "community"
	}
	return strings.ToLower(first)
}

// chance is a number that is always the same for a project, so that every run publishes the same bytes.
func (p project) chance() uint32 {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(p.Name))
	return sum.Sum32()
}

// The majors there are builds for, and the architectures as manifests call them.
const (
	oldestMajor = 14
	newestMajor = 18
	amd64       = "x86_64"
	arm64       = "aarch64"
)

// builds are those of a project: older versions for a few majors, the version of the catalogue for most, and for arm64
// where its maintainers had the time.
func (p project) builds() []build {
	var all []build
	for _, version := range earlier(p.Version) {
		old := p
		old.Version = version
		all = append(all, build{old, newestMajor - 3, amd64}, build{old, newestMajor - 2, amd64})
	}
	newest := newestMajor - 1
	if p.chance()%3 == 0 {
		newest = newestMajor
	}
	for major := oldestMajor; major <= newest; major++ {
		all = append(all, build{p, major, amd64})
		if p.chance()%2 == 0 && major > newest-2 {
			all = append(all, build{p, major, arm64})
		}
	}
	return all
}

// earlier are the two versions that may have come before one, the oldest first.
func earlier(version string) []string {
	var versions []string
	for range 2 {
		before, ok := previous(version)
		if !ok {
			break
		}
		versions = append(versions, before)
		version = before
	}
	slices.Reverse(versions)
	return versions
}

// previous counts the last part of a version down that is not zero: 1.6.5 comes after 1.6.4, 0.8.0 after 0.7.0.
func previous(version string) (string, bool) {
	parts := strings.Split(version, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return "", false
		}
		if n == 0 {
			continue
		}
		parts[i] = strconv.Itoa(n - 1)
		before := strings.Join(parts, ".")
		return before, strings.Trim(before, "0.") != ""
	}
	return "", false
}
