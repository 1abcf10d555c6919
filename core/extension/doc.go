// Package extension holds what the registry is about: projects, versions, platforms, manifests, control files and
// archives, with the rules each has to keep. It is pure: nothing here reads a clock, a disk or a network.
package extension
