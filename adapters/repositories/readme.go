package repositories

import (
	"strings"

	"pgtrunk.io/registry/core/extension"
)

// pick gives the best README among the names of files.
//
// Errors: errAbsent.
func pick(names []string) (string, error) {
	best, lowest := "", 0
	for _, name := range names {
		if rank, ok := extension.ReadmeRank(name); ok && sane(name) && (best == "" || rank < lowest || rank == lowest && name < best) {
			best, lowest = name, rank
		}
	}
	if best == "" {
		return "", errAbsent
	}
	return best, nil
}

// parent gives the folder that a path lies in, "" for the top.
func parent(p string) string {
	i := strings.LastIndexByte(p, '/')
	return p[:max(i, 0)]
}
