// Package fault holds the one error model of the registry: a fault is something a person can be told, with a stable code
// and a sentence that says what is wrong and what to do. Only the HTTP adapter knows which status a code becomes.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code names a kind of fault. Codes are part of the contract: they never change their meaning and are never reused.
type Code string

// Fault is an error that may be shown to the person who caused or met it. Every other error is an internal one.
type Fault struct {
	// Code is the stable name of the fault.
	Code Code
	// Detail is one or two sentences: what is wrong and what to do. It holds no secret, no SQL and no stack.
	Detail string
	// Fields lists every offending part of a body that has several faults; nil for a fault of the whole.
	Fields []Field
	// RetryAfter is how long to wait before the same request may succeed; 0 when waiting does not help.
	RetryAfter time.Duration
	// cause is what an operator sees in the log beside the fault.
	cause error
}

// Field is one fault of a body with several.
type Field struct {
	// Pointer is an RFC 6901 JSON pointer to the offending value, such as "/vers".
	Pointer string
	// Detail is a sentence about that value alone.
	Detail string
}

// New makes a fault with a sentence in the form of fmt.Sprintf.
func New(code Code, format string, args ...any) *Fault {
	return &Fault{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Because returns a copy of f that remembers the error behind it; the sentence shown to people stays the same.
func (f *Fault) Because(err error) *Fault {
	g := *f
	g.cause = err
	return &g
}

// After returns a copy of f that tells the client to come back after d.
func (f *Fault) After(d time.Duration) *Fault {
	g := *f
	g.RetryAfter = d
	return &g
}

// With returns a copy of f that lists the offending fields.
func (f *Fault) With(fields ...Field) *Fault {
	g := *f
	g.Fields = append(append([]Field(nil), f.Fields...), fields...)
	return &g
}

// Error gives the sentence, the code in brackets and, for operators, the cause.
func (f *Fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s [%s]: %v", f.Detail, f.Code, f.cause)
	}
	return fmt.Sprintf("%s [%s]", f.Detail, f.Code)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Is makes errors.Is compare faults by code alone.
func (f *Fault) Is(target error) bool {
	g, ok := errors.AsType[*Fault](target)
	return ok && g.Code == f.Code
}

// CodeOf gives the code of the first fault in err's chain, or Internal when there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Code
	}
	return Internal
}
