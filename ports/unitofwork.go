package ports

import (
	"context"
	"encoding/json"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/limit"
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
	Withdrawals
	OwnerChanges
	AccountChanges
	Administration
	Telling
}

// Telling is what is told of what happens: in the journal, and by letters and webhooks to those who want that.
type Telling interface {
	Journal
	Post
	FollowChanges
	WebhookChanges
}

// Publications are the changes that a publish makes.
type Publications interface {
	// ClaimProject creates the project or finds the one whose name is equal after folding; until the unit of work ends,
	// other claims of it wait. The first to claim a project owns it.
	ClaimProject(ctx context.Context, claim ProjectClaim) (ProjectStanding, error)
	// AddRelease creates the version or finds it; only a version that is new takes over the facts of the draft. New
	// extensions of the draft are added to a version that was there. It gives the release's id.
	//
	// Errors: version_deleted.
	AddRelease(ctx context.Context, draft ReleaseDraft) (string, error)
	// AddArtefact creates the build or finds the one that is there, whose id then differs from the draft's.
	//
	// Errors: store_unavailable where its object was swept away meanwhile; the same publish again stores it again.
	AddArtefact(ctx context.Context, draft ArtefactDraft) (extension.Artefact, error)
	// Categorise puts a project on the shelves of these slugs and takes it from all others.
	//
	// Errors: category_unknown.
	Categorise(ctx context.Context, projectID string, slugs []string) error
	// LatestVersion gives the version that "latest" names, "" where there is none.
	LatestVersion(ctx context.Context, projectID string) (string, error)
	// Take is that of Limits; it counts only if the unit of work does.
	Take(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error)
}

// Withdrawals are the changes that take something back.
type Withdrawals interface {
	// LockProject finds a project by its folded name; until the unit of work ends, other changes of it wait.
	//
	// Errors: project_unknown.
	LockProject(ctx context.Context, project, accountID string) (ProjectStanding, error)
	// Yank withdraws a version of a locked project and gives how it stands then; a second yank keeps the first time.
	//
	// Errors: version_unknown, replacement_unknown.
	Yank(ctx context.Context, projectID, version string, yank extension.Yank) (extension.Yank, error)
	// Unyank takes that back, and tells whether there was anything to take back.
	//
	// Errors: version_unknown.
	Unyank(ctx context.Context, projectID, version string) (bool, error)
	// Deprecate says that a project should not be used any more, or, with "", that it should. It gives since when, and
	// whether that is news.
	Deprecate(ctx context.Context, projectID, message string, at time.Time) (since time.Time, changed bool, err error)
	// Deletable gives the versions of a locked project, or the one, and the names of projects that depend on what would
	// be gone with them.
	Deletable(ctx context.Context, projectID, version string) ([]PublishedVersion, []string, error)
	// Delete deletes all versions of a locked project, or the one, and gives them in ascending order. Their numbers stay taken.
	Delete(ctx context.Context, projectID, version string, at time.Time) ([]string, error)
}

// PublishedVersion is a version and when it was first published.
type PublishedVersion struct {
	Version string
	At      time.Time
}

// OwnerChanges are the changes of who owns a locked project.
type OwnerChanges interface {
	// Invite asks somebody to own a project, in place of an earlier invitation.
	//
	// Errors: already_owner.
	Invite(ctx context.Context, invitation InvitationDraft) error
	// TakeInvitation ends an invitation and gives what it was.
	//
	// Errors: invitation_unknown.
	TakeInvitation(ctx context.Context, projectID, accountID string) (InvitationDraft, error)
	// AddOwner makes an account an owner; it may be one already.
	AddOwner(ctx context.Context, projectID, accountID string, at time.Time) error
	// RemoveOwner takes a project from an owner, with the invitations that they made.
	//
	// Errors: owner_unknown, last_owner.
	RemoveOwner(ctx context.Context, projectID, accountID string) error
	// RemoveOwners takes a project from everybody.
	RemoveOwners(ctx context.Context, projectID string) error
	// ListOwners gives the owners of a project, the one who has owned it longest first.
	ListOwners(ctx context.Context, projectID string) ([]Owner, error)
}

// InvitationDraft is an invitation by its ids, which are UUIDs.
type InvitationDraft struct {
	ID, ProjectID, AccountID, InvitedBy string
	// Inviter is the name of InvitedBy; only given back.
	Inviter  string
	Transfer bool
	At       time.Time
}

// AccountChanges are the changes of accounts and what they are recognised by.
type AccountChanges interface {
	CredentialChanges

	// EnsureAccount creates the account or finds the one of that name.
	EnsureAccount(ctx context.Context, id, name string, at time.Time) (account.Account, error)
	// SignedIn finds the account of a person, or creates one with a name that is free, and says whether it did. The account
	// keeps the address that the sign-in names, if any. A sign-in with an id of its own is good once.
	//
	// Errors: jwt_replayed.
	SignedIn(ctx context.Context, id string, signIn account.SignIn, at time.Time) (who account.Account, created bool, err error)
	// Link lets a person sign in to an account; the person leaves the one they signed in to before.
	Link(ctx context.Context, accountID, issuer, subject string, at time.Time) error
	// SetAdministrator gives or takes the role.
	//
	// Errors: account_unknown.
	SetAdministrator(ctx context.Context, name string, administrator bool) (account.Account, error)
}

// CredentialChanges are the changes of tokens, and of who is signed in on the web's pages.
type CredentialChanges interface {
	// AddToken stores a token's facts and its hash.
	AddToken(ctx context.Context, token account.Token, hash [32]byte) error
	// RevokeToken makes a token of an account void, or anybody's for ""; revoking twice keeps the first time.
	//
	// Errors: token_id_unknown.
	RevokeToken(ctx context.Context, id, accountID string, at time.Time) error
	// AddSession stores a session's facts and its token's hash.
	AddSession(ctx context.Context, session Session, hash [32]byte) error
	// EndSession ends a session and gives whose it was, "" where there was none.
	EndSession(ctx context.Context, hash [32]byte) (accountID string, err error)
}

// Administration are the changes that administrators make.
type Administration interface {
	// AddPreloadLibrary adds the name of a library that belongs into shared_preload_libraries; it may be there already.
	AddPreloadLibrary(ctx context.Context, name string) error
	// KeepReadme replaces the README of a project. Version is where its archive is from, "" for its repository.
	KeepReadme(ctx context.Context, projectID string, readme extension.Readme, version string, at time.Time) error
}

// Journal records what happened, in the transaction in which it happens.
type Journal interface {
	// Audit appends to the record of who did what.
	Audit(ctx context.Context, entry AuditEntry) error
	// Emit appends to what Events reads. It comes after the changes that it tells of.
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
	// Resembling are projects of others whose names have something in common with one that is new.
	Resembling []string
	// Asked is when the question was answered, by the clock of the store.
	Asked time.Time
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

	ReleaseID string
	// Report is what the inspection found, as JSON.
	Report json.RawMessage
	// StoredAfter is a time by the clock of the store, before its bytes were put into the object store.
	StoredAfter time.Time
}

// AuditEntry says who did what, from where and when.
type AuditEntry struct {
	At time.Time
	// AccountID is "" for the registry's own command line, and for whoever opened the link of a letter.
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
	// Payload becomes JSON, of which RecordedEvent is read: version, pg_version, platform, sha256, new_project, reason,
	// replacement, message, user. Anybody may read it.
	Payload any
}
