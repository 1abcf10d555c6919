package usage_test

import (
	"testing"

	"pgtrunk.io/registry/core/usage"
)

func TestRobots(t *testing.T) {
	for agent, want := range map[string]bool{
		"": false, "curl/8.5.0": false, "Wget/1.21.4": false, "trunk/0.15": false, "docker/27.0 go/go1.22": false, "Go-http-client/1.1": false,
		"python-requests/2.32": false, "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Safari/605.1.15": false, "GitHub-Actions": false,
		"Mozilla/5.0 (compatible; bingbot/2.0)": true, "Mozilla/5.0 (compatible; YandexBot/3.0; x)": true, "AhrefsSiteAudit/6": true,
		"Artifactory/7.77": true, "Nexus/3.70": true, "Pulp/3": true, "UptimeRobot/2.0": true, "Mozilla/5.0 HeadlessChrome/130": true,
	} {
		if got := usage.IsRobot(agent); got != want {
			t.Errorf("%q is a robot: %t", agent, got)
		}
	}
}
