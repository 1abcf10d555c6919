package limit

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/fault"
)

func TestParsePolicy(t *testing.T) {
	for text, want := range map[string]Policy{
		"none": {}, "5/10m": {5, 10 * time.Minute}, "1/1ms": {1, time.Millisecond}, "30/1m": {30, time.Minute},
	} {
		if got, err := ParsePolicy(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "5", "/", "0/1m", "-1/1m", "5/0s", "5/-1m", "5/x", "x/1m", "5/48h", "1000001/1m", "None"} {
		if got, err := ParsePolicy(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// take is what an adapter does with one row: it moves the moment by one pace unless that would go beyond the burst.
func take(p Policy, onTime, now time.Time) (time.Time, bool) {
	if now.After(onTime) {
		onTime = now
	}
	next := onTime.Add(p.Every)
	return next, !next.After(now.Add(p.Span()))
}

// However the calls are spread, there are never more than the burst at once and one each pace after it, what an allowance
// promises is granted, and after the time it names there is one more.
func TestAllowance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Burst: rapid.IntRange(1, 10).Draw(t, "burst"), Every: time.Duration(rapid.IntRange(1, 1000).Draw(t, "every")) * time.Second}
		start := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
		now, onTime, granted := start, time.Time{}, 0
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*p.Every)).Draw(t, "pause")))
			before := p.Allowance(PublishNew, onTime, now)
			next, ok := take(p, onTime, now)
			if ok != (before.Remaining > 0) || ok != (before.Refuse() == nil) {
				t.Fatalf("%+v promised, %v granted", before, ok)
			}
			if !ok {
				if before.Next <= 0 || fault.CodeOf(before.Refuse()) != fault.RateLimited {
					t.Fatalf("refused with %+v", before)
				}
				if _, later := take(p, onTime, now.Add(before.Next)); !later {
					t.Fatalf("nothing after %s", before.Next)
				}
				if _, tooEarly := take(p, onTime, now.Add(before.Next-1)); tooEarly {
					t.Fatalf("something before %s", before.Next)
				}
				continue
			}
			onTime, granted = next, granted+1
			if after := p.Allowance(PublishNew, onTime, now); after.Remaining != before.Remaining-1 && after.Remaining != before.Remaining {
				t.Fatalf("%+v and then %+v", before, after)
			}
		}
		if most := p.Burst + int(now.Sub(start)/p.Every); granted > most {
			t.Fatalf("%d granted, at most %d", granted, most)
		}
	})
}

func TestHeaders(t *testing.T) {
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	p := Policy{5, 10 * time.Minute}
	for _, c := range []struct {
		onTime        time.Time
		policy, state string
	}{
		{time.Time{}, `"publish-new";q=5;w=3000`, `"publish-new";r=5;t=0`},
		{now.Add(10 * time.Minute), `"publish-new";q=5;w=3000`, `"publish-new";r=4;t=600`},
		{now.Add(49*time.Minute + time.Second/2), `"publish-new";q=5;w=3000`, `"publish-new";r=0;t=541`},
		{now.Add(50 * time.Minute), `"publish-new";q=5;w=3000`, `"publish-new";r=0;t=600`},
	} {
		if policy, state := p.Allowance(PublishNew, c.onTime, now).Headers(); policy != c.policy || state != c.state {
			t.Errorf("got %s and %s, want %s and %s", policy, state, c.policy, c.state)
		}
	}
	if policy, state := (Policy{}).Allowance(PublishNew, time.Time{}, now).Headers(); policy != "" || state != "" {
		t.Errorf("without a limit: %s and %s", policy, state)
	}
}
