package extension

import "slices"

// LatestVersion is the word that clients say for the version that Latest picks.
const LatestVersion = "latest"

// Latest picks, of all versions of a project, the one that "latest" names: the highest release that was not yanked, or
// the highest pre-release where there is no release. It is false where every version was yanked.
func Latest(releases []Release) (Release, bool) {
	var latest Release
	found := false
	for _, r := range releases {
		if !r.Yanked() && (!found || outranks(r.Version, latest.Version)) {
			latest, found = r, true
		}
	}
	return latest, found
}

func outranks(a, b Version) bool {
	if a.Prerelease() != b.Prerelease() {
		return b.Prerelease()
	}
	return a.Compare(b) > 0
}

// ClientList leaves out of a project's versions, given in ascending order, every one that published command lines would
// take for the latest although it is not: they sort by ClientCompare and take the last of the highest. A project whose
// versions were all yanked has an empty list.
func ClientList(releases []Release) []Release {
	latest, ok := Latest(releases)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(releases), func(r Release) bool {
		rank := ClientCompare(r.Version.String(), latest.Version.String())
		return rank > 0 || rank == 0 && r.Version.Compare(latest.Version) > 0
	})
}
