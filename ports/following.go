package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/link"
)

// LinkKeys keeps with what the links in letters are signed.
type LinkKeys interface {
	// LinkKey gives the key; it is the same for every process and never changes.
	LinkKey(ctx context.Context) (link.Key, error)
}

// Followed is what somebody hears of: one project, all of a category, or all that somebody owns. One of Project, Category
// and Owner is set.
type Followed struct {
	// Project is the canonical name, Owner that of a user.
	Project, Owner string
	// Category is the slug, CategoryName what people call it; only given back.
	Category, CategoryName string
}

// FollowOptions say what of it somebody wants to hear.
type FollowOptions struct {
	// Postgres is the PostgreSQL major that there have to be builds for, 0 for any.
	Postgres int
	// Prereleases asks for pre-releases too, Withdrawals for yanks, deprecations and deletions.
	Prereleases, Withdrawals bool
	// Digest asks for one letter a day.
	Digest bool
}

// Recipient is an address that letters go to.
type Recipient struct {
	// ID is a UUID; "" for an address that no letter was ever asked for.
	ID, Address string
	// Closed says why nothing is sent there any more; "" where letters are sent.
	Closed ClosedReason
}

// ClosedReason says why nothing is sent to an address.
type ClosedReason string

// Why nothing is sent to an address.
const (
	Bounced ClosedReason = "bounced" // its server says that there is no such mailbox
	Asked   ClosedReason = "asked"   // its owner wants nothing
)

// Subscription is that something is followed.
type Subscription struct {
	// ID is a UUID.
	ID        string
	Recipient Recipient
	Of        Followed
	Options   FollowOptions
	Created   time.Time
	// Confirmed is when the owner of the address said so; nil as long as they have not, and nothing is sent.
	Confirmed *time.Time
	// AskedAt is when they were last asked; nil where they never were.
	AskedAt *time.Time
}

// Following reads who follows what.
type Following interface {
	LinkKeys
	// Subscription gives one by its id.
	//
	// Errors: subscription_unknown.
	Subscription(ctx context.Context, id string) (Subscription, error)
	// Subscriptions gives a page of what a recipient has confirmed to follow, the newest first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	Subscriptions(ctx context.Context, recipientID string, page Page) ([]Subscription, error)
	// Recipient gives one by its id.
	//
	// Errors: subscription_unknown.
	Recipient(ctx context.Context, id string) (Recipient, error)
	// RecipientOf gives the address that the provider of an account's sign-ins has verified, with no id where no letter was
	// ever asked for; the zero value where there is no such address.
	RecipientOf(ctx context.Context, accountID string) (Recipient, error)
}

// FollowChanges are the changes of who follows what.
type FollowChanges interface {
	RecipientChanges
	SubscriptionChanges
}

// RecipientChanges are the changes of addresses.
type RecipientChanges interface {
	// EnsureRecipient creates the recipient or finds the one whose address differs in case alone; until the unit of work
	// ends, others that ask for it wait.
	EnsureRecipient(ctx context.Context, id, address string, at time.Time) (Recipient, error)
	// FindRecipient finds the recipient of an address, whatever its case, with the number of what it follows; the zero
	// value where there is none.
	FindRecipient(ctx context.Context, address string) (who Recipient, follows int, err error)
	// CloseRecipient ends all letters to an address and removes all that it follows; it tells whether it was open.
	CloseRecipient(ctx context.Context, id string, at time.Time) (bool, error)
	// OpenRecipient takes that back, unless letters have come back from there.
	OpenRecipient(ctx context.Context, id string) error
}

// SubscriptionChanges are the changes of what is followed.
type SubscriptionChanges interface {
	// Ask keeps that somebody wants to follow something who is to confirm it, and gives how that stands. One that waits to
	// be confirmed takes over the options, and counts as asked now where it was last asked at Ended or before; one that is
	// confirmed stays as it is.
	//
	// Errors: project_unknown, shelf_unknown, account_unknown.
	Ask(ctx context.Context, draft SubscriptionDraft) (SubscriptionStanding, error)
	// Follow keeps that somebody follows something; one that is there takes over the options and is confirmed.
	//
	// Errors: those of Ask.
	Follow(ctx context.Context, draft SubscriptionDraft) (SubscriptionStanding, error)
	// Confirm makes a subscription count, and tells whether it does that now: it may be confirmed already, or gone, or its
	// recipient may want no letters.
	Confirm(ctx context.Context, id string, at time.Time) (bool, error)
	// ChangeOptions changes what a recipient hears by one of their confirmed subscriptions.
	//
	// Errors: subscription_unknown.
	ChangeOptions(ctx context.Context, id, recipientID string, options FollowOptions) error
	// Unfollow removes a subscription, and tells whether it was there. RecipientID is whose it has to be, "" for anybody's.
	Unfollow(ctx context.Context, id, recipientID string) (bool, error)
}

// SubscriptionDraft asks to follow something. The names in Of may be spelt in any case.
type SubscriptionDraft struct {
	// ID is the UUID it gets if it is new.
	ID, RecipientID string
	Of              Followed
	Options         FollowOptions
	At              time.Time
	// Ended is when those were asked at the latest whose links have ended by now.
	Ended time.Time
}

// SubscriptionStanding is how a subscription stands.
type SubscriptionStanding struct {
	// ID differs from the draft's where it was there.
	ID        string
	Confirmed bool
	// AskedAt is when its recipient was asked to confirm it; zero where they never were.
	AskedAt time.Time
}
