package registry

import (
	"context"
	"sync"
	"time"

	"pgtrunk.io/registry/ports"
)

const (
	// askEvery is how often a process asks for the state of the catalogue.
	askEvery = 250 * time.Millisecond
	// trustFor is how long the answer counts: what a process answers with is never staler than this.
	trustFor = time.Second
)

// catalogueClock knows the state of the catalogue as it was a moment ago, at the price of one small question every quarter
// of a second, however much is read.
type catalogueClock struct {
	changes ports.Changes
	// asking is told how each question ended.
	asking func(context.Context, error)

	mu    sync.Mutex
	state ports.CatalogueState
	// asked is from before the last question, changed from after the last change that this process has made.
	asked, changed time.Time
}

// run asks until ctx ends.
func (c *catalogueClock) run(ctx context.Context) {
	ticks := time.NewTicker(askEvery)
	defer ticks.Stop()
	for {
		c.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

func (c *catalogueClock) ask(ctx context.Context) {
	// From before the question: a change that it does not see was made after this.
	asked := now()
	state, err := c.changes.CatalogueState(ctx)
	c.asking(ctx, err)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state, c.asked = state, asked
}

// current gives the state. It is false while nobody has answered for too long, and while nobody has asked since this
// process changed something itself: who publishes sees it at once.
func (c *catalogueClock) current() (ports.CatalogueState, bool) {
	state, _, current := c.last()
	return state, current
}

// change notes that this process may have changed something.
func (c *catalogueClock) change() {
	at := now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed = at
}

// last gives the state that was known last, when that was, and whether it is trusted.
func (c *catalogueClock) last() (state ports.CatalogueState, asked time.Time, current bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state, c.asked, c.asked.After(c.changed) && now().Sub(c.asked) < trustFor
}
