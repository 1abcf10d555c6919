package link

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/fault"
)

// What was signed is opened for its purpose until it ends, and nothing that differs from it in any byte is.
func TestLinks(t *testing.T) {
	now := time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)
	key := Key("a key of this test")
	purposes := []Purpose{Confirm, Manage, Unsubscribe, Silence}
	rapid.Check(t, func(t *rapid.T) {
		claim := Claim{
			Purpose: rapid.SampledFrom(purposes).Draw(t, "purpose"), Subject: rapid.String().Draw(t, "subject"),
		}
		if rapid.Bool().Draw(t, "ends") {
			claim.Expires = now.Add(time.Duration(rapid.IntRange(1, 1_000_000).Draw(t, "seconds")) * time.Second)
		}
		token := key.Sign(claim)
		subject, err := key.Open(claim.Purpose, token, now)
		if err != nil || subject != claim.Subject {
			t.Fatalf("got %q, %v", subject, err)
		}
		for _, other := range purposes {
			if _, err := key.Open(other, token, now); other != claim.Purpose && fault.CodeOf(err) != fault.LinkInvalid {
				t.Fatalf("a link to %s opens %s: %v", claim.Purpose, other, err)
			}
		}
		if _, err := Key("another key").Open(claim.Purpose, token, now); fault.CodeOf(err) != fault.LinkInvalid {
			t.Fatalf("another registry's link opens: %v", err)
		}
		tampered := []byte(token)
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		tampered[at] = rapid.SampledFrom([]byte("AZaz09-_=+ \n")).Draw(t, "byte")
		if _, err := key.Open(claim.Purpose, string(tampered), now); string(tampered) != token && fault.CodeOf(err) != fault.LinkInvalid {
			t.Fatalf("a tampered link opens: %v", err)
		}
		if _, err := key.Open(claim.Purpose, token, claim.Expires); !claim.Expires.IsZero() && fault.CodeOf(err) != fault.LinkExpired {
			t.Fatalf("a link opens when it has ended: %v", err)
		}
	})
	for _, odd := range []string{"", "a", "AAAA", "é", key.Sign(Claim{Purpose: Confirm, Subject: "x"})[1:]} {
		if _, err := key.Open(Confirm, odd, now); fault.CodeOf(err) != fault.LinkInvalid {
			t.Errorf("%q opens: %v", odd, err)
		}
	}
}
