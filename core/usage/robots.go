package usage

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed robots.txt
var robotNames string

// robots are what the User-Agents of robots and mirrors contain.
var robots = sync.OnceValue(func() []string {
	var names []string
	for line := range strings.Lines(robotNames) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	return names
})

// IsRobot tells by the User-Agent that nobody installs what is downloaded: a robot looks at it, or a mirror keeps it. Who
// says nothing is a person, as is the published command line.
func IsRobot(userAgent string) bool {
	if userAgent == "" {
		return false
	}
	lower := strings.ToLower(userAgent)
	return slices.ContainsFunc(robots(), func(name string) bool { return strings.Contains(lower, name) })
}
