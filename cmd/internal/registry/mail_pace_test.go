package registry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgtrunk.io/registry/core/extension/archivetest"
)

// A publish to a project that many follow takes less than twice as long as one to a project that nobody follows, while its
// letters go out and when they wait.
func TestPublishingDoesNotWaitForFollowers(t *testing.T) {
	n := followersToTell(t)
	for _, settle := range []string{"2m", "0s"} {
		post := newPost(t)
		settings := posting(post)
		settings["MAIL_SETTLE"], settings["LOG_LEVEL"] = settle, "error"
		in := serve(t, settings)
		for _, project := range []string{"alone", "loved"} {
			in.publish("alice", archivetest.Build{Project: project, Version: "1.0.0"}, nil)
		}
		in.followers("loved", "f", 1, n, false)
		took := map[string][]time.Duration{}
		for i := range 11 {
			for _, project := range []string{"alone", "loved"} {
				start := time.Now()
				in.publish("alice", archivetest.Build{Project: project, Version: fmt.Sprintf("1.%d.0", i+1)}, nil)
				took[project] = append(took[project], time.Since(start))
			}
		}
		median := func(project string) time.Duration {
			slices.Sort(took[project])
			return took[project][len(took[project])/2]
		}
		alone, loved := median("alone"), median("loved")
		t.Logf("told after %s: %s without followers, %s with %d", settle, alone, loved, n)
		if loved > 2*alone {
			t.Errorf("a publish took %s with %d followers and %s without", loved, n, alone)
		}
		if settle == "0s" {
			start, before := time.Now(), len(post.wait(t, "begun", func(taken []letter) bool { return len(taken) > 0 }))
			taken := post.wait(t, "many", func(taken []letter) bool { return len(taken) >= min(11*n, before+n) })
			t.Logf("%.0f letters a second", float64(len(taken)-before)/time.Since(start).Seconds())
		}
	}
}
