package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"pgtrunk.io/registry/adapters/postgres/sqlcgen"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

var _ ports.Limits = (*Store)(nil)

// Peek tells how a limit stands for a subject.
func (s *Store) Peek(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error) {
	return peek(ctx, s.queries, subject, action, policy, now)
}

// Take counts one more action.
func (s *Store) Take(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error) {
	return take(ctx, s.queries, subject, action, policy, now)
}

// Take counts one more action.
func (t *tx) Take(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error) {
	return take(ctx, t.queries, subject, action, policy, now)
}

func peek(ctx context.Context, q *sqlcgen.Queries, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error) {
	if policy.None() {
		return policy.Allowance(action, time.Time{}, now), nil
	}
	onTime, err := q.Allowance(ctx, subject, string(action))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return limit.Allowance{}, interpret(err)
	}
	allowance := policy.Allowance(action, onTime, now)
	return allowance, allowance.Refuse()
}

func take(ctx context.Context, q *sqlcgen.Queries, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error) {
	if policy.None() {
		return policy.Allowance(action, time.Time{}, now), nil
	}
	onTime, err := q.TakeAllowance(ctx, sqlcgen.TakeAllowanceParams{
		Subject: subject, Action: string(action), At: now, Every: interval(policy.Every), Span: interval(policy.Span()),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return peek(ctx, q, subject, action, policy, now)
	}
	return policy.Allowance(action, onTime, now), interpret(err)
}

func interval(d time.Duration) pgtype.Interval {
	return pgtype.Interval{Microseconds: d.Microseconds(), Valid: true}
}
