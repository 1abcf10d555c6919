// Package limit says how often somebody may do something: a burst at once, and one more each so often after it. What is
// kept of the past is one moment, so that a limit can hold over many processes with one row of a table.
package limit

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Action names what is limited.
type Action string

// The actions that are limited.
const (
	PublishNew    Action = "publish-new"    // creating a project
	PublishUpdate Action = "publish-update" // publishing to one that is there
	FailedSignIn  Action = "failed-sign-in" // sending a token or a sign-in that is not good, from one address
	RefreshReadme Action = "refresh-readme" // having a README read again
	Search        Action = "search"         // searching, from one address

	ConfirmAddress Action = "confirm-address" // asking for letters to one mail address
	ConfirmClient  Action = "confirm-client"  // the same, from one address of the network

	CreateWebhook Action = "create-webhook" // registering a webhook
	CallWebhook   Action = "call-webhook"   // having a webhook called, or its secret changed
)

// Policy is how often an action may be done. The zero value sets no limit.
type Policy struct {
	// Burst is how often at once, Every how long until once more.
	Burst int
	Every time.Duration
}

// Policies are the limits that are set.
type Policies map[Action]Policy

// None tells that there is no limit.
func (p Policy) None() bool { return p.Burst == 0 }

// Span is how long it takes until a burst may be done again after one.
func (p Policy) Span() time.Duration { return time.Duration(p.Burst) * p.Every }

// ParsePolicy reads "5/10m" (five at once, one more every ten minutes) or "none".
//
// Errors: text that is neither.
func ParsePolicy(text string) (Policy, error) {
	if text == "none" {
		return Policy{}, nil
	}
	burst, every, ok := strings.Cut(text, "/")
	if !ok {
		return Policy{}, errors.New("not a limit")
	}
	n, err := strconv.Atoi(burst)
	if err != nil || n < 1 || n > 1_000_000 {
		return Policy{}, errors.New("not a burst")
	}
	d, err := time.ParseDuration(every)
	if err != nil || d < time.Millisecond || d > 24*time.Hour {
		return Policy{}, errors.New("not a time")
	}
	return Policy{Burst: n, Every: d}, nil
}

// Allowance is how a limit stands for somebody.
type Allowance struct {
	Action Action
	Policy Policy
	// Remaining is how often it may still be done now; Next is how long until once more.
	Remaining int
	Next      time.Duration
}

// Allowance tells how the limit stands at a time. OnTime is when the next action would be on time if all so far had come
// at the limit's own pace; the zero time where there was none.
func (p Policy) Allowance(action Action, onTime, now time.Time) Allowance {
	a := Allowance{Action: action, Policy: p}
	if p.None() {
		return a
	}
	owed := max(onTime.Sub(now), 0)
	a.Remaining = max(int((p.Span()-owed)/p.Every), 0)
	switch {
	case a.Remaining == 0:
		a.Next = owed + p.Every - p.Span()
	case owed > 0:
		a.Next = (owed-1)%p.Every + 1
	}
	return a
}

// Refuse gives the fault of an action that came too early, nil for one that may be done.
func (a Allowance) Refuse() error {
	if a.Policy.None() || a.Remaining > 0 {
		return nil
	}
	return fault.New(fault.RateLimited, "That is too often: %s may be done %d times at once and then once every %s. Wait %s and try again.",
		a.Action, a.Policy.Burst, a.Policy.Every, max(a.Next.Round(time.Second), time.Second)).After(a.Next)
}

// Headers gives the values of the fields RateLimit-Policy and RateLimit, "" where no limit is set.
// https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
func (a Allowance) Headers() (policy, state string) {
	if a.Policy.None() {
		return "", ""
	}
	name := strconv.Quote(string(a.Action))
	return name + ";q=" + strconv.Itoa(a.Policy.Burst) + ";w=" + seconds(a.Policy.Span()),
		name + ";r=" + strconv.Itoa(a.Remaining) + ";t=" + seconds(a.Next)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
