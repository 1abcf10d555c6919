package http

import (
	"fmt"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/limit"
)

// pacedAddresses is how many addresses are remembered: who comes after so many others begins anew.
const pacedAddresses = 50_000

// pace limits how often one address does what costs much and changes nothing. It is kept in memory, for each process: what
// is protected is the process, and a statement more would cost as much as it saves.
type pace struct {
	action limit.Action
	policy limit.Policy
	now    func() time.Time

	mu sync.Mutex
	// onTime is when each would be on time at the limit's own pace.
	onTime *lru.Cache[string, time.Time]
}

func newPace(action limit.Action, policy limit.Policy, now func() time.Time) (*pace, error) {
	onTime, err := lru.New[string, time.Time](pacedAddresses)
	if err != nil {
		return nil, fmt.Errorf("remember addresses: %w", err)
	}
	return &pace{action: action, policy: policy, now: now, onTime: onTime}, nil
}

// step counts once more for an address, unless that is too often.
//
// Errors: rate_limited.
func (p *pace) step(address string) (limit.Allowance, error) {
	if p.policy.None() {
		return limit.Allowance{}, nil
	}
	address = limit.Network(address)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	onTime, _ := p.onTime.Get(address)
	before := p.policy.Allowance(p.action, onTime, now)
	if err := before.Refuse(); err != nil {
		return before, err
	}
	if onTime.Before(now) {
		onTime = now
	}
	onTime = onTime.Add(p.policy.Every)
	p.onTime.Add(address, onTime)
	return p.policy.Allowance(p.action, onTime, now), nil
}

// of holds those who call some operations to the pace.
func (p *pace) of(operations ...string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		paced := p.paced(next)
		return func(c echo.Context) error {
			if slices.Contains(operations, infoOf(c.Request().Context()).operation) {
				return paced(c)
			}
			return next(c)
		}
	}
}

// paced holds those who call a handler to the pace.
func (p *pace) paced(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		allowance, err := p.step(c.RealIP())
		infoOf(c.Request().Context()).tell(allowance)
		if err != nil {
			return err
		}
		return next(c)
	}
}
