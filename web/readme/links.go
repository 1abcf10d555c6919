package readme

import (
	"net/url"
	"slices"
	"strings"
)

// place is where a README lies: what its links are relative to. Neither is known of a host that is not.
type place struct {
	// folder is where the README is, root the top of the repository; both end in a slash.
	folder, root *url.URL
}

// placeOf finds the addresses below which a repository shows its files. Where the address of the repository names a
// branch or a tag, that one is meant; else what it has now, since no metadata says how a release was tagged.
func placeOf(repository string) place {
	u, err := url.Parse(repository)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return place{}
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 || slices.Contains(parts, "..") || slices.Contains(parts, "") {
		return place{}
	}
	var owner, view []string
	// before is what stands between the repository and the branch on a page that shows a file.
	var before []string
	switch strings.ToLower(u.Host) {
	case "github.com":
		owner, view, before = parts[:2], parts[2:], []string{"blob"}
	case "gitlab.com":
		owner, before = parts, []string{"-", "blob"}
		if i := slices.Index(parts, "-"); i >= 0 {
			owner, view = parts[:i], parts[i+1:]
		}
	case "codeberg.org":
		owner, before = parts[:2], []string{"src", "branch"}
		if view = parts[2:]; len(view) >= 3 && view[0] == "src" {
			before, view = []string{"src", view[1]}, slices.Concat([]string{"tree"}, view[2:])
		}
	default:
		return place{}
	}
	branch, folder := "HEAD", []string(nil)
	if len(view) >= 2 && (view[0] == "tree" || view[0] == "blob") {
		branch, folder = view[1], view[2:]
		if view[0] == "blob" && len(folder) > 0 {
			folder = folder[:len(folder)-1]
		}
	}
	owner = slices.Clone(owner)
	owner[len(owner)-1] = strings.TrimSuffix(owner[len(owner)-1], ".git")
	root := &url.URL{Scheme: "https", Host: strings.ToLower(u.Host)}
	root.Path = "/" + strings.Join(slices.Concat(owner, before, []string{branch}), "/") + "/"
	below := *root
	for _, part := range folder {
		below.Path += part + "/"
	}
	return place{root: root, folder: &below}
}

// link makes an address of a README one of a page: absolute, or an id of the README itself. It is false for one that
// leads nowhere that is known, or elsewhere than a page or a mailbox.
func (p place) link(address string) (string, bool) {
	address = strings.TrimSpace(address)
	if fragment, ok := strings.CutPrefix(address, "#"); ok {
		return "#" + Prefix + fragment, fragment != ""
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		// A name before the host makes one host look like another.
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.String(), u.Host != ""
	case "mailto":
		return u.String(), u.Opaque != ""
	case "":
	default:
		return "", false
	}
	switch {
	case u.Host != "":
		u.Scheme = "https"
		return u.String(), true
	case p.root == nil:
		return "", false
	case strings.HasPrefix(u.Path, "/"):
		// As the hosts do it: from the top of the repository.
		u.Path, u.RawPath = strings.TrimLeft(u.Path, "/"), ""
		return p.within(p.root.ResolveReference(u))
	default:
		return p.within(p.folder.ResolveReference(u))
	}
}

// within refuses what leads out of the repository by way of "..".
func (p place) within(u *url.URL) (string, bool) {
	return u.String(), strings.HasPrefix(u.Path, p.root.Path)
}

// badgeHosts serve pictures with a number or a word in them, and nothing else.
func badgeHosts() []string {
	return []string{
		"img.shields.io", "shields.io", "badge.fury.io", "badgen.net", "flat.badgen.net", "badges.gitter.im", "codecov.io", "coveralls.io",
		"travis-ci.org", "travis-ci.com", "api.travis-ci.org", "api.travis-ci.com", "circleci.com", "ci.appveyor.com", "api.cirrus-ci.com",
		"goreportcard.com", "isitmaintained.com", "snyk.io", "repology.org", "scan.coverity.com", "sonarcloud.io", "app.codacy.com",
		"api.codacy.com", "api.codeclimate.com", "codeclimate.com", "bestpractices.coreinfrastructure.org", "www.bestpractices.dev",
		"deps.rs", "docs.rs", "pkg.go.dev", "zenodo.org", "api.securityscorecards.dev", "api.scorecard.dev", "img.badgesize.io",
	}
}

// isBadge tells a picture that says how the project is doing today. It says nothing of a release.
func isBadge(src string) bool {
	u, err := url.Parse(strings.TrimSpace(src))
	if err != nil {
		return false
	}
	return slices.Contains(badgeHosts(), strings.ToLower(u.Hostname())) || strings.Contains(strings.ToLower(u.Path), "badge") ||
		strings.HasSuffix(u.Path, ".svg") && strings.Contains(u.Path, "/workflows/")
}
