package ports

import (
	"context"
	"encoding/json"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
)

// UnitOfWork makes changes that happen together or not at all.
type UnitOfWork interface {
	// Do runs work in one transaction and commits when it returns nil. Work may run several times, so it reaches for
	// nothing but tx.
	//
	// Errors: what work returns, and database_unavailable.
	Do(ctx context.Context, work func(ctx context.Context, tx Tx) error) error
}

// Tx is what can be changed in a unit of work.
type Tx interface {
	Publications
	AccountChanges
	Journal
}

// Publications are the changes that a publish makes.
type Publications interface {
	// ClaimProject creates the project or finds the one whose name is equal after folding; until the unit of work ends,
	// other claims of it wait. The first to claim a project owns it.
	ClaimProject(ctx context.Context, claim ProjectClaim) (ProjectStanding, error)
	// AddRelease creates the version or finds it; only a version that is new takes over the facts of the draft. New
	// extensions of the draft are added to a version that was there. It gives the release's id.
	AddRelease(ctx context.Context, draft ReleaseDraft) (string, error)
	// AddArtefact creates the build or finds the one that is there, whose id then differs from the draft's.
	AddArtefact(ctx context.Context, draft ArtefactDraft) (extension.Artefact, error)
	// Categorise puts a project on the shelves of these slugs and takes it from all others.
	//
	// Errors: category_unknown.
	Categorise(ctx context.Context, projectID string, slugs []string) error
	// LatestVersion gives the version that "latest" names, "" where there is none.
	LatestVersion(ctx context.Context, projectID string) (string, error)
}

// AccountChanges are the changes of accounts and tokens.
type AccountChanges interface {
	// EnsureAccount creates the account or finds the one of that name, and gives its id.
	EnsureAccount(ctx context.Context, id, name string, at time.Time) (string, error)
	// AddToken stores a token's facts and its hash.
	AddToken(ctx context.Context, token account.Token, hash [32]byte) error
	// RevokeToken makes a token void; revoking twice keeps the first time.
	//
	// Errors: token_unknown.
	RevokeToken(ctx context.Context, id string, at time.Time) error
}

// Journal records what happened, in the transaction in which it happens.
type Journal interface {
	// Audit appends to the record of who did what.
	Audit(ctx context.Context, entry AuditEntry) error
	// Emit appends to the outbox, for whoever has to tell others.
	Emit(ctx context.Context, event Event) error
}

// ProjectClaim asks for a project.
type ProjectClaim struct {
	// ID is the UUID it gets if it is new.
	ID    string
	Name  extension.ProjectName
	Owner string
	At    time.Time
}

// ProjectStanding is how a publisher stands to a project.
type ProjectStanding struct {
	// ID and Name are "" where there is no such project; Name is the canonical spelling.
	ID, Name string
	// Created says that a claim made it.
	Created bool
	// Owned says that the publisher owns it.
	Owned bool
	// UnknownCategories are the slugs, of those asked about, that name no category.
	UnknownCategories []string
}

// ReleaseDraft is a version to be. Its IDs are UUIDs that count only if the version is new.
type ReleaseDraft struct {
	ID, ProjectID, PublisherID string
	Metadata                   extension.Metadata
	Extensions                 []extension.ReleasedExtension
	At                         time.Time
}

// ArtefactDraft is a build to be.
type ArtefactDraft struct {
	extension.Artefact

	ReleaseID, PublisherID string
	// Report is what the inspection found, as JSON.
	Report json.RawMessage
}

// AuditEntry says who did what, from where and when.
type AuditEntry struct {
	At time.Time
	// AccountID is "" for the registry's own command line.
	AccountID string
	// Action is a verb on a thing, such as "artefact.publish".
	Action string
	// Project is the project's name, "" where the action concerns none.
	Project string
	Origin  Origin
	// Detail becomes JSON; it is small, and free of secrets.
	Detail any
}

// Origin is where a request came from.
type Origin struct {
	// Address is the client's IP address, "" for the registry's own command line.
	Address string
	// RequestID names the request in the logs.
	RequestID string
}

// Event is something that others want to hear of.
type Event struct {
	At      time.Time
	Kind    EventKind
	Project string
	Payload any
}

// EventKind names what happened.
type EventKind string

// Published is the kind of event when a build arrived.
const Published EventKind = "published"
