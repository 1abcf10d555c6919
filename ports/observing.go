package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Program is what runs. What is not known is "".
type Program struct {
	// Version is the module's, Revision the commit that it was built from, Go the version of Go that built it.
	Version, Revision, Go string
}

// RequestObserver is told of requests, for those who operate the registry. It never fails and never waits.
type RequestObserver interface {
	// RequestEnded is told of a request that was answered, with its context.
	RequestEnded(ctx context.Context, request AnsweredRequest)
}

// OtherMethod stands for every method that nothing is served by.
const OtherMethod = "other"

// AnsweredRequest is what is told of a request. Nothing in it is a client's text, and each field has few values but ID and Took.
type AnsweredRequest struct {
	ID string
	// Method is the client's, or OtherMethod.
	Method string
	// Route is the template that the address was found by, "" where nothing is served at it; Operation is the contract's, ""
	// for none of them.
	Route, Operation string
	Status           int
	// Code is why it was refused, "" for a success and where nobody was there any more to be told.
	Code fault.Code
	Took time.Duration
}

// CallObserver is told of calls to what the registry depends on, for those who operate it. It never fails and never waits.
type CallObserver interface {
	// CallBegan is told of a call by the name of its operation. It gives the context to make the call with, and what is to
	// be told how the call ended.
	CallBegan(ctx context.Context, operation string) (context.Context, func(error))
}
