package lru

import (
	"context"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"pgtrunk.io/registry/ports"
)

// links is how many addresses are remembered; each takes about half a KiB.
const links = 20_000

var _ ports.ObjectStore = (*Links)(nil)

// Links is an object store of which the addresses are remembered for a while: to sign one takes longer than all else that a
// download does here.
type Links struct {
	ports.ObjectStore

	keep  time.Duration
	now   ports.Clock
	known *lru.Cache[link, address]
}

type link struct {
	key     string
	options ports.LinkOptions
}

type address struct {
	text string
	at   time.Time
}

// NewLinks makes one that remembers addresses for so long, which has to be well below how long they last.
//
// Errors: none but a fault of the build.
func NewLinks(of ports.ObjectStore, keep time.Duration, now ports.Clock) (*Links, error) {
	known, err := lru.New[link, address](links)
	if err != nil {
		return nil, fmt.Errorf("make a cache: %w", err)
	}
	return &Links{ObjectStore: of, keep: keep, now: now, known: known}, nil
}

// Link gives an address to read an object from.
func (l *Links) Link(ctx context.Context, key string, options ports.LinkOptions) (string, error) {
	wanted, at := link{key, options}, l.now()
	if have, ok := l.known.Get(wanted); ok && at.Sub(have.at) < l.keep {
		return have.text, nil
	}
	text, err := l.ObjectStore.Link(ctx, key, options)
	if err == nil {
		l.known.Add(wanted, address{text, at})
	}
	return text, err
}
