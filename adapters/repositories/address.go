package repositories

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

const (
	gitHubHost   = "github.com"
	gitLabHost   = "gitlab.com"
	codebergHost = "codeberg.org"

	// addressLimit and segmentLimit are in bytes; the latter is that of a file's name.
	addressLimit = 2048
	segmentLimit = 255
)

// place is what an address names.
type place struct {
	host string
	// project is OWNER/REPOSITORY, on GitLab with any number of groups before.
	project string
	// folder is the path of a folder below the top of the repository, "" for the top.
	folder string
}

// identifier is the form of users, groups and repositories on all three hosts.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// parse takes an address apart. A branch is dropped, since the default one is read: that is what the project is today,
// and where a branch's name with slashes would end nobody can say.
//
// Errors: repository_unsupported.
func parse(address string) (place, error) {
	unsupported := fault.New(fault.RepositoryUnsupported,
		"READMEs are read from repositories on %s, %s and %s alone. Give an address such as https://%s/OWNER/REPOSITORY.",
		gitHubHost, gitLabHost, codebergHost, gitHubHost)
	if len(address) > addressLimit {
		return place{}, unsupported
	}
	u, err := url.Parse(address)
	if err != nil {
		return place{}, unsupported.Because(err)
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return place{}, unsupported
	}
	// What is after ? and # says how a page is shown: #readme, ?ref_type=heads.
	segments := strings.Split(strings.TrimPrefix(strings.TrimSuffix(u.Path, "/"), "/"), "/")
	project, view, ok := split(strings.ToLower(u.Host), segments)
	if !ok || len(project) < 2 || slices.ContainsFunc(segments, func(s string) bool { return !sane(s) }) {
		return place{}, unsupported
	}
	last := len(project) - 1
	project[last] = strings.TrimSuffix(project[last], ".git")
	if slices.ContainsFunc(project, func(s string) bool { return !sane(s) || !identifier.MatchString(s) }) {
		return place{}, unsupported
	}
	folder, ok := folderOf(view)
	if !ok {
		return place{}, unsupported
	}
	return place{host: strings.ToLower(u.Host), project: strings.Join(project, "/"), folder: folder}, nil
}

// split parts the segments of a path into those of the project and those that say what of it is shown. A host with a
// port is none of these hosts. The view is in the words of GitHub: tree or blob, a branch, a path.
func split(host string, segments []string) (project, view []string, ok bool) {
	switch host {
	case gitHubHost:
		n := min(2, len(segments))
		return segments[:n], segments[n:], true
	case gitLabHost:
		if i := slices.Index(segments, "-"); i >= 0 {
			return segments[:i], segments[i+1:], true
		}
		return segments, nil, true
	case codebergHost:
		n := min(2, len(segments))
		if view = segments[n:]; len(view) == 0 {
			return segments, nil, true
		}
		if len(view) < 2 || view[0] != "src" || !slices.Contains([]string{"branch", "tag", "commit"}, view[1]) {
			return nil, nil, false
		}
		return segments[:n], slices.Concat([]string{"tree"}, view[2:]), true
	default:
		return nil, nil, false
	}
}

// folderOf gives the folder of a view.
func folderOf(view []string) (folder string, ok bool) {
	if len(view) == 0 {
		return "", true
	}
	switch kind := view[0]; {
	case kind == "blob" && len(view) >= 3:
		// The last one is a file.
		return strings.Join(view[2:len(view)-1], "/"), true
	case kind == "tree" && len(view) >= 2:
		return strings.Join(view[2:], "/"), true
	default:
		return "", false
	}
}

// sane says whether a segment of a path is one that people use. What a host calls a file is held to it too.
func sane(segment string) bool {
	return segment != "" && segment != "." && segment != ".." && len(segment) <= segmentLimit && utf8.ValidString(segment) &&
		!strings.ContainsAny(segment, `/\`) && !strings.ContainsFunc(segment, func(r rune) bool { return !unicode.IsPrint(r) })
}
