// Package usage is the use case of knowing how much is used: counting downloads, and telling how many there were.
package usage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

const (
	// shards is how many requests can be counted at the same moment, also where all of them are for one build.
	shards = 32
	// keyGrace is for how long after a day its key is kept, for what is flushed late and for clocks that differ.
	keyGrace = time.Hour
	// waiting bounds the clients that wait for the key of their day, over all projects. That is a matter of the database
	// being away when the process has just begun; those on top of it are downloads and no installers.
	waiting = 1 << 20
)

// Counter counts downloads in memory and writes what has come together now and then. Downloads are exact: each is written
// once, however often that is tried. Clients are known by a hash of their address with the day's key, and only in a sketch.
type Counter struct {
	log      ports.DownloadLog
	sketches ports.Sketches
	now      ports.Clock
	entropy  func([]byte) error
	replica  string

	// next spreads what is counted over the shards.
	next   atomic.Uint32
	shards [shards]shard
	// downloads and robots are those since the start, written is how many of both are in the log.
	downloads, robots, written atomic.Int64

	// mu is held by whoever flushes; below it is theirs.
	mu   sync.Mutex
	held held
	// sequence is that of the last batch, sent the batch that may have been written or not; nil for none.
	sequence int64
	sent     *ports.DownloadBatch
	keys     map[time.Time][32]byte
	// forgotten is the day before which there are no keys.
	forgotten time.Time
}

// shard is a part of what was counted since the last flush.
type shard struct {
	mu     sync.Mutex
	counts map[slot]*tally
	// agent is the User-Agent that was seen last, robot what it is.
	agent string
	robot bool
	_     [24]byte // not in the cache line of the next one
}

// slot is what is counted.
type slot struct {
	build ports.DownloadedBuild
	day   time.Time
}

// tally is the count of one slot. Clients are addresses, until the flush.
type tally struct {
	downloads, robots int64
	clients           map[string]struct{}
}

// held is what was taken from the shards and is in no batch yet: no more than there are builds and days.
type held struct {
	counts  map[slot]ports.DownloadCount
	clients map[projectDay]*people
	// waiting is how many clients have no hash yet.
	waiting int
}

type projectDay struct {
	project string
	day     time.Time
}

// people are the clients of a project on a day.
type people struct {
	sketch ports.Sketch
	// networks are those that came before the day's key.
	networks map[string]struct{}
}

// Options is what a counter needs.
type Options struct {
	Log      ports.DownloadLog
	Sketches ports.Sketches
	Now      ports.Clock
	// Entropy fills with what nobody can guess.
	Entropy func([]byte) error
	// Replica is a UUID that no other counter has.
	Replica string
}

// NewCounter makes a counter. It does nothing on its own: somebody has to flush it.
func NewCounter(options Options) *Counter {
	c := &Counter{
		log: options.Log, sketches: options.Sketches, now: options.Now, entropy: options.Entropy, replica: options.Replica,
		held: newHeld(), keys: map[time.Time][32]byte{},
	}
	for i := range c.shards {
		c.shards[i].counts = map[slot]*tally{}
	}
	return c
}

func newHeld() held {
	return held{counts: map[slot]ports.DownloadCount{}, clients: map[projectDay]*people{}}
}

// Client is who downloads.
type Client struct {
	// Address is an IP address, UserAgent what the client calls itself.
	Address, UserAgent string
}

// Count counts a download that is happening now. It waits for nobody.
func (c *Counter) Count(build ports.DownloadedBuild, client Client) {
	at := slot{build, ports.Day(c.now())}
	s := &c.shards[c.next.Add(1)%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.agent != client.UserAgent {
		// Most clients are of few kinds, and to tell which takes as long as all the rest.
		s.agent, s.robot = client.UserAgent, IsRobot(client.UserAgent)
	}
	counted := s.counts[at]
	if counted == nil {
		counted = &tally{clients: map[string]struct{}{}}
		s.counts[at] = counted
	}
	if s.robot {
		counted.robots++
		c.robots.Add(1)
		return
	}
	counted.downloads++
	counted.clients[client.Address] = struct{}{}
	c.downloads.Add(1)
}

// Written tells how many downloads were counted since the start and are in the log, those of robots among them.
func (c *Counter) Written() int64 { return c.written.Load() }

// Pending tells how many were counted and are only in memory.
func (c *Counter) Pending() int64 {
	written := c.Written()
	return c.downloads.Load() + c.robots.Load() - written
}

// Flush writes what was counted, all of it where it succeeds. What could not be written is kept, and comes with the next.
//
// Errors: database_unavailable.
func (c *Counter) Flush(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.collect()
	unheard := c.sent != nil
	if err := c.prepareKeys(ctx); err != nil {
		return err
	}
	if err := c.write(ctx); err != nil {
		return err
	}
	if unheard {
		// That was the one of last time.
		return c.write(ctx)
	}
	return nil
}

// collect takes what the shards have.
func (c *Counter) collect() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		counts := s.counts
		if len(counts) == 0 {
			// It stays the one that requests write to.
			s.mu.Unlock()
			continue
		}
		s.counts = make(map[slot]*tally, len(counts))
		s.mu.Unlock()
		for at, counted := range counts {
			c.hold(at, counted)
		}
	}
	c.hash()
}

func (c *Counter) hold(at slot, counted *tally) {
	count := c.held.counts[at]
	count.DownloadedBuild, count.Day = at.build, at.day
	count.Downloads += counted.downloads
	count.Robots += counted.robots
	c.held.counts[at] = count
	if len(counted.clients) == 0 {
		return
	}
	whose := projectDay{at.build.Project, at.day}
	who := c.held.clients[whose]
	if who == nil {
		who = &people{sketch: c.sketches.NewSketch(), networks: map[string]struct{}{}}
		c.held.clients[whose] = who
	}
	for address := range counted.clients {
		network := limit.Network(address)
		if _, known := who.networks[network]; !known && c.held.waiting < waiting {
			who.networks[network] = struct{}{}
			c.held.waiting++
		}
	}
}

// hash puts the clients of days with a key into their sketches; from then on nobody can tell who they are.
func (c *Counter) hash() {
	for whose, who := range c.held.clients {
		key, known := c.keys[whose.day]
		if !known || len(who.networks) == 0 {
			continue
		}
		mac := hmac.New(sha256.New, key[:])
		for network := range who.networks {
			mac.Reset()
			mac.Write([]byte(network))
			who.sketch.Add(binary.BigEndian.Uint64(mac.Sum(nil)))
		}
		c.held.waiting -= len(who.networks)
		clear(who.networks)
	}
}

// prepareKeys makes sure of the keys for today, for tomorrow, so that the database may be away at midnight, and for whoever
// waits; and sees to it that those of days that are over are gone, here and in the log.
func (c *Counter) prepareKeys(ctx context.Context) error {
	today := ports.Day(c.now())
	days := []time.Time{today, today.AddDate(0, 0, 1)}
	for whose, who := range c.held.clients {
		if len(who.networks) > 0 && !slices.Contains(days, whose.day) {
			days = append(days, whose.day)
		}
	}
	for _, day := range days {
		if _, known := c.keys[day]; known {
			continue
		}
		var candidate [32]byte
		if err := c.entropy(candidate[:]); err != nil {
			return err
		}
		key, err := c.log.UsageKey(ctx, day, candidate)
		if err != nil {
			return err
		}
		c.keys[day] = key
		if day.Before(c.forgotten) {
			c.forgotten = time.Time{}
		}
	}
	c.hash()
	over := ports.Day(c.now().Add(-keyGrace))
	maps.DeleteFunc(c.keys, func(day time.Time, _ [32]byte) bool { return day.Before(over) })
	if !c.forgotten.Before(over) {
		return nil
	}
	if err := c.log.ForgetUsageKeys(ctx, over); err != nil {
		return err
	}
	c.forgotten = over
	return nil
}

// write writes the batch of which it is not known whether it was written, or a new one of all that is held.
func (c *Counter) write(ctx context.Context) error {
	if c.sent == nil {
		if len(c.held.counts) == 0 {
			return nil
		}
		c.sequence++
		c.sent = c.held.batch(c.replica, c.sequence)
		c.held = newHeld()
	}
	if err := c.log.RecordDownloads(ctx, *c.sent); err != nil {
		return err
	}
	var written int64
	for _, count := range c.sent.Counts {
		written += count.Downloads + count.Robots
	}
	c.written.Add(written)
	c.sent = nil
	return nil
}

// batch gives what is held.
func (h held) batch(replica string, sequence int64) *ports.DownloadBatch {
	batch := &ports.DownloadBatch{Replica: replica, Sequence: sequence, Counts: slices.Collect(maps.Values(h.counts))}
	for whose, who := range h.clients {
		batch.Clients = append(batch.Clients, ports.ClientCount{Project: whose.project, Day: whose.day, Clients: who.sketch})
	}
	return batch
}
