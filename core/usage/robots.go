package usage

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

//go:embed robots.txt
var robotPatterns string

// robots matches the User-Agent of a robot or a mirror.
var robots = sync.OnceValue(func() *regexp.Regexp {
	var patterns []string
	for line := range strings.Lines(robotPatterns) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	return regexp.MustCompile("(?i)" + strings.Join(patterns, "|"))
})

// IsRobot tells by the User-Agent that nobody installs what is downloaded: a robot looks at it, or a mirror keeps it. Who
// says nothing is a person, as is the published command line.
func IsRobot(userAgent string) bool {
	return userAgent != "" && robots().MatchString(userAgent)
}
