package extension

import (
	"slices"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// Platform is an operating system and an architecture as Go and OCI name them, such as "linux/amd64".
type Platform string

// The platforms there can be builds for.
const (
	LinuxAMD64   Platform = "linux/amd64"
	LinuxARM64   Platform = "linux/arm64"
	LinuxPPC64LE Platform = "linux/ppc64le"
	LinuxS390X   Platform = "linux/s390x"
	LinuxRISCV64 Platform = "linux/riscv64"
)

// Platforms lists them, the most common first: published command lines take the first build whatever it was made for.
func Platforms() []Platform {
	return []Platform{LinuxAMD64, LinuxARM64, LinuxPPC64LE, LinuxS390X, LinuxRISCV64}
}

// ParsePlatform reads "linux/amd64" and the form it has in addresses, "linux-amd64".
//
// Errors: a fault with code platform_unknown.
func ParsePlatform(s string) (Platform, error) {
	if p := Platform(strings.Replace(s, "-", "/", 1)); slices.Contains(Platforms(), p) {
		return p, nil
	}
	return "", fault.New(fault.PlatformUnknown, "There is no platform %q. Write it like linux/amd64 or linux/arm64.", s)
}

// String gives the form with a slash.
func (p Platform) String() string { return string(p) }

// Slug gives the form for addresses and file names, with a hyphen.
func (p Platform) Slug() string { return strings.ReplaceAll(string(p), "/", "-") }

// Architecture is what a manifest calls the platform's architecture, such as "x86_64".
func (p Platform) Architecture() string {
	for architecture, platform := range architectures() {
		if platform == p {
			return architecture
		}
	}
	return ""
}

func architectures() map[string]Platform {
	return map[string]Platform{
		"x86_64": LinuxAMD64, "aarch64": LinuxARM64, "ppc64le": LinuxPPC64LE, "s390x": LinuxS390X, "riscv64": LinuxRISCV64,
	}
}

// PlatformOf finds the platform that a manifest means. The first form of the manifest had no architecture, or "x86",
// and always meant x86_64.
//
// Errors: a fault with code platform_unsupported.
func PlatformOf(sys, architecture string, manifestVersion int) (Platform, error) {
	if manifestVersion < 2 && (architecture == "" || architecture == "x86") {
		architecture = "x86_64"
	}
	if p, ok := architectures()[architecture]; ok && sys == "linux" {
		return p, nil
	}
	return "", fault.New(fault.PlatformUnsupported,
		"There is no platform for the manifest's sys %q and architecture %q. Use linux with x86_64, aarch64, ppc64le, s390x or riscv64.",
		shorten(sys), shorten(architecture))
}
