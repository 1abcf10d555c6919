// Package lru remembers the builds that were asked for last, so that the database is not asked for the same one at every
// download, and downloads go on while it does not answer.
package lru

import (
	"context"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

const (
	// builds is how many are remembered; each takes some hundred bytes.
	builds = 20_000
	// patience is how long the database is waited for where what was known will do.
	patience = time.Second
)

// Options say when what is remembered counts.
type Options struct {
	// Catalogue gives the state of the catalogue that was known last, when it was asked for, and whether that is so recent
	// that it counts. What was found in a state is the same as long as the state is.
	Catalogue func() (state ports.CatalogueState, asked time.Time, current bool)
	// Stale is for how long what is remembered counts when the database does not answer.
	Stale time.Duration
	Now   ports.Clock
}

var _ ports.Artefacts = (*Artefacts)(nil)

// Artefacts remembers what another one has found.
type Artefacts struct {
	ports.Artefacts
	Options

	known *lru.Cache[build, found]
}

type build struct {
	project, version string
	postgres         int
	platform         extension.Platform
}

type found struct {
	artefact extension.Artefact
	// state is the catalogue's version that it was found in, -1 where that was not known; at is when it was found.
	state int64
	at    time.Time
}

// New makes one that remembers nothing yet.
//
// Errors: none but a fault of the build.
func New(of ports.Artefacts, options Options) (*Artefacts, error) {
	known, err := lru.New[build, found](builds)
	if err != nil {
		return nil, fmt.Errorf("make a cache: %w", err)
	}
	return &Artefacts{Artefacts: of, Options: options, known: known}, nil
}

// Artefact gives a build, without asking where nothing has changed since.
func (a *Artefacts) Artefact(
	ctx context.Context, project, version string, postgres int, platform extension.Platform,
) (extension.Artefact, error) {
	wanted := build{project, version, postgres, platform}
	state, asked, current := a.Catalogue()
	have, remembered := a.known.Get(wanted)
	if remembered && current && have.state == state.Version {
		return have.artefact, nil
	}
	artefact, err := a.ask(ctx, wanted, remembered)
	switch {
	case err == nil:
		now := found{artefact: artefact, state: -1, at: a.Now()}
		if current {
			now.state = state.Version
		}
		a.known.Add(wanted, now)
		return artefact, nil
	case fault.CodeOf(err) == fault.ArtefactUnknown:
		a.known.Remove(wanted)
	case remembered && fault.CodeOf(err) == fault.DatabaseUnavailable && ctx.Err() == nil:
		// It was still so when the state that it was found in was last seen.
		if have.state == state.Version && asked.After(have.at) {
			have.at = asked
		}
		if a.Now().Sub(have.at) <= a.Stale {
			return have.artefact, nil
		}
	}
	return extension.Artefact{}, err
}

func (a *Artefacts) ask(ctx context.Context, wanted build, remembered bool) (extension.Artefact, error) {
	if remembered {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	return a.Artefacts.Artefact(ctx, wanted.project, wanted.version, wanted.postgres, wanted.platform)
}
