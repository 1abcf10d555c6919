package repositories

import (
	"cmp"
	"errors"
	"time"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
)

const (
	// usualWait is how long a client is told to wait for a host that does not say so itself.
	usualWait = time.Minute
	// longestWait is how long a host may say so.
	longestWait = time.Hour
)

var (
	errAbsent  = errors.New("no such repository, or no README in it")
	errTooLong = errors.New("the README is too long")
)

// statusError is an answer that is neither a README nor the lack of one.
type statusError struct {
	status string
	// wait is what the host asked for, 0 for nothing.
	wait time.Duration
}

func (e *statusError) Error() string { return "it answered " + e.status }

// interpret turns an error into what the port says.
func interpret(host string, err error) error {
	switch {
	case errors.Is(err, errAbsent):
		return fault.New(fault.ReadmeUnknown, "There is no such repository on %s that anybody may read, or it has no README.", host)
	case errors.Is(err, errTooLong):
		return fault.New(fault.ReadmeUnknown, "The repository's README is too long: at most %d bytes are read.", extension.ReadmeLimit)
	}
	var wait time.Duration
	if answer, ok := errors.AsType[*statusError](err); ok {
		wait = answer.wait
	}
	return fault.New(fault.RepositoryUnavailable, "The README cannot be read from %s at the moment. Try again later.", host).
		After(cmp.Or(wait, usualWait)).Because(err)
}
