package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/limit"
)

// Page asks for part of a list.
type Page struct {
	// After is the key of the last item of the page before, "" for the first page.
	After string
	// Limit is how many items to give at most.
	Limit int
}

// Tokens reads tokens.
type Tokens interface {
	// TokenByHash gives the token whose plain text has this SHA-256.
	//
	// Errors: token_unknown.
	TokenByHash(ctx context.Context, hash [32]byte) (account.Token, error)
	// ListTokens gives the tokens of an account by its name, or everybody's for "".
	ListTokens(ctx context.Context, accountName string) ([]account.Token, error)
	// TokensOf gives a page of an account's tokens, the newest first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	TokensOf(ctx context.Context, accountID string, page Page) ([]account.Token, error)
	// TokenByID gives a token of an account.
	//
	// Errors: token_id_unknown.
	TokenByID(ctx context.Context, id, accountID string) (account.Token, error)
	// Touch notes that a token was used.
	Touch(ctx context.Context, id string, at time.Time) error
}

// Accounts reads accounts.
type Accounts interface {
	// Account gives the account of a name, whatever its case.
	//
	// Errors: account_unknown.
	Account(ctx context.Context, name string) (account.Account, error)
	// Administrators gives all who have the role, by name.
	Administrators(ctx context.Context) ([]account.Account, error)
}

// Sessions reads who is signed in on the web's pages.
type Sessions interface {
	// SessionByHash gives the session whose token has this SHA-256 and that has not ended at a time.
	//
	// Errors: session_missing.
	SessionByHash(ctx context.Context, hash [32]byte, now time.Time) (Session, error)
}

// Session is that somebody is signed in on the web's pages.
type Session struct {
	Account account.Account
	// Created is when they signed in, Expires when that ends; UTC.
	Created, Expires time.Time
}

// Ownership reads who owns projects and who is asked to. Projects are named as extension.FoldName gives them.
type Ownership interface {
	// Owners gives the owners of a project, the one who has owned it longest first.
	//
	// Errors: project_unknown.
	Owners(ctx context.Context, project string) ([]Owner, error)
	// Owns tells whether an account owns a project, and gives the project's canonical name.
	//
	// Errors: project_unknown.
	Owns(ctx context.Context, project, accountID string) (name string, owns bool, err error)
	// Invitations gives a page of the invitations to a project, to an account, or both; "" is for any. The newest come
	// first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	Invitations(ctx context.Context, project, accountID string, page Page) ([]Invitation, error)
}

// Owner is somebody who owns a project.
type Owner struct {
	account.Account

	Since time.Time
}

// Invitation asks somebody to own a project.
type Invitation struct {
	// ID is a UUID.
	ID string
	// Project, Account and InvitedBy are names.
	Project, Account, InvitedBy string
	// Transfer says that whoever invites stops owning the project when the other accepts.
	Transfer bool
	At       time.Time
}

// Limits counts what is done, over all processes. A policy that sets no limit costs nothing.
type Limits interface {
	// Peek tells how a limit stands for a subject.
	//
	// Errors: rate_limited where it is used up.
	Peek(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error)
	// Take counts one more action.
	//
	// Errors: rate_limited, and then nothing is counted.
	Take(ctx context.Context, subject string, action limit.Action, policy limit.Policy, now time.Time) (limit.Allowance, error)
}

// Record reads who did what.
type Record interface {
	// AuditEntries gives a page of the entries that fit a filter, the newest first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	AuditEntries(ctx context.Context, filter AuditFilter, page Page) ([]RecordedEntry, error)
}

// AuditFilter narrows the record; "" is for any.
type AuditFilter struct {
	// Project is the canonical name, Action an action's.
	Project, AccountID, Action string
}

// RecordedEntry is an entry as it was recorded. Its Detail is JSON.
type RecordedEntry struct {
	AuditEntry

	// ID grows with each entry. Account is the name of who did it, "" for the registry's own command line.
	ID, Account string
}
