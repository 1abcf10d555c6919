// Package observed wraps ports so that observers are told of every call. What they make of it is theirs: numbers, traces.
package observed

import (
	"context"

	"pgtrunk.io/registry/ports"
)

// Store is an object store as the registry uses it.
type Store interface {
	ports.ObjectStore
	ports.Inventory
}

// The operations of an object store, as observers are told of them. Link is none: it asks nothing of the store.
const (
	Put    = "put"
	Check  = "check"
	List   = "list"
	Remove = "remove"
)

// Operations are all of them.
func Operations() []string { return []string{Put, Check, List, Remove} }

// Objects is an object store of which observers are told.
type Objects struct {
	store     Store
	observers []ports.CallObserver
}

var _ Store = (*Objects)(nil)

// NewObjects wraps a store.
func NewObjects(store Store, observers ...ports.CallObserver) *Objects {
	return &Objects{store: store, observers: observers}
}

// Put writes an object.
func (o *Objects) Put(ctx context.Context, object ports.Object) error {
	return o.call(ctx, Put, func(ctx context.Context) error { return o.store.Put(ctx, object) })
}

// Link gives an address to read an object from.
func (o *Objects) Link(ctx context.Context, key string, options ports.LinkOptions) (string, error) {
	return o.store.Link(ctx, key, options)
}

// Check asks whether the store answers.
func (o *Objects) Check(ctx context.Context) error { return o.call(ctx, Check, o.store.Check) }

// List gives some objects.
func (o *Objects) List(ctx context.Context, after string) (objects []ports.StoredObject, err error) {
	err = o.call(ctx, List, func(ctx context.Context) (err error) {
		objects, err = o.store.List(ctx, after)
		return err
	})
	return objects, err
}

// Remove removes an object.
func (o *Objects) Remove(ctx context.Context, key string) error {
	return o.call(ctx, Remove, func(ctx context.Context) error { return o.store.Remove(ctx, key) })
}

func (o *Objects) call(ctx context.Context, operation string, call func(context.Context) error) error {
	ended := make([]func(error), len(o.observers))
	for i, observer := range o.observers {
		ctx, ended[i] = observer.CallBegan(ctx, operation) //nolint:fatcontext // each observer may add to what the call is made with
	}
	err := call(ctx)
	for _, tell := range ended {
		tell(err)
	}
	return err
}
