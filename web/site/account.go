package site

import (
	"slices"
	"strings"
	"time"
)

// Account is what every page of somebody who is signed in has. Views embed it.
type Account struct {
	Page

	// User is who is signed in.
	User string
	// Invitations is how many projects they are asked to own.
	Invitations int
	// Tab is the address of the page's entry in the navigation of the account.
	Tab string
	// Done says what was done just now; "" for nothing.
	Done string
	// Wrong says why a form did nothing; nil where none was sent.
	Wrong *Wrong
}

// Tab is an entry of the account's navigation. Count is 0 where there is nothing to count.
type Tab struct {
	Link

	Count int
}

// Tabs is the navigation of the account.
func (a *Account) Tabs() []Tab {
	return []Tab{
		{Link{"Tokens", "/account/tokens"}, 0},
		{Link{"Projects", "/account/projects"}, 0},
		{Link{"Following", "/account/following"}, 0},
		{Link{"Invitations", "/account/invitations"}, a.Invitations},
	}
}

// Wrong is why a form did nothing: a sentence, and one for each field that has to be mended.
type Wrong struct {
	Detail string
	Fields []FieldFault
}

// FieldFault is what is wrong with the field of an element's ID.
type FieldFault struct{ ID, Detail string }

// Of is what is wrong with a field; "" for nothing.
func (w *Wrong) Of(id string) string {
	if w == nil {
		return ""
	}
	var details []string
	for _, field := range w.Fields {
		if field.ID == id {
			details = append(details, field.Detail)
		}
	}
	return strings.Join(details, " ")
}

// Field is one of a form: {{template "field" .}}.
type Field struct {
	// ID is the element's and the field's name unless Name is that; Label and Hint are for people, Value is what stands in it.
	ID, Name, Label, Hint, Value string
	// Wrong is what is wrong with it; "" for nothing.
	Wrong string
	// Required says that it cannot stay empty, Long that it takes several lines, Email that it takes a mail address; Max is
	// how many characters it takes.
	Required, Long, Email bool
	Max                   int
	// Options make it a choice of these.
	Options []Option
}

// Option is a value that can be chosen.
type Option struct{ Value, Text string }

// DescribedBy names the elements that say more of a field.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Wrong != "" {
		ids = append(ids, f.ID+"-wrong")
	}
	return strings.Join(ids, " ")
}

// AccountSignIn offers to sign in. It is the same for everybody but for where they wanted to go.
type AccountSignIn struct {
	Page

	// Address is where that begins.
	Address string
	// Detail is why nobody is signed in; "" where nobody has tried.
	Detail string
	// Wait is how long to wait before trying again; 0 for not at all.
	Wait time.Duration
}

func (*AccountSignIn) template() string { return "account_sign_in" }

// Retry says in words when to try again; "" for now.
func (s *AccountSignIn) Retry() string { return retry(s.Wait) }

// AccountTokens lists tokens and makes them.
type AccountTokens struct {
	Account

	Tokens []TokenRow
	// Older is the address of the next page; "" for the last.
	Older string
	// The fields of a new one.
	Name, Projects, Expiry Field
	Scopes                 []ScopeChoice
	// ScopesWrong is what is wrong with the scopes; "" for nothing.
	ScopesWrong string
}

func (*AccountTokens) template() string { return "account_tokens" }

// ScopeChoice is a scope that can be ticked.
type ScopeChoice struct {
	Value, Label string
	Chosen       bool
}

// TokenRow is a token in the list.
type TokenRow struct {
	ID, Name, Purpose string
	Created           time.Time
	// LastUsed and Expires are zero where it was not and does not.
	LastUsed, Expires time.Time
	// Ended is when it was revoked or has expired; zero while it is good. Revoked says which.
	Ended   time.Time
	Revoked bool
	// Soon says that it ends within two weeks.
	Soon bool
}

// AccountToken shows the text of a token, this once.
type AccountToken struct {
	Account

	Name, Purpose, Secret string
}

func (*AccountToken) template() string { return "account_token" }

// AccountConfirm names a thing and asks before something is done to it.
type AccountConfirm struct {
	Account

	// Heading is the question, Sentences what will be so then.
	Heading   string
	Sentences []string
	Fields    []Field
	// Hidden are fields that go with it.
	Hidden []Option
	// Button is what the button says, Back where to go instead.
	Button, Back string
}

func (*AccountConfirm) template() string { return "account_confirm" }

// AccountProjects lists what somebody owns.
type AccountProjects struct {
	Account

	Projects []OwnedProject
}

func (*AccountProjects) template() string { return "account_projects" }

// OwnedProject is a project in that list.
type OwnedProject struct {
	Name string
	// Version is the latest; "" where all are yanked. Released is when it was.
	Version  string
	Released time.Time
	// Builds is how many builds the latest version has, Missing names those that it lacks.
	Builds  int
	Missing []string
	// Lacking is how many those are.
	Lacking int
	// Deprecated says that it should not be used any more.
	Deprecated bool
}

// AccountProject is a project for its owners.
type AccountProject struct {
	Account

	Name string
	// Version is the latest; "" where all are yanked.
	Version string
	// Deprecation is why it should not be used any more; "" where it may.
	Deprecation string
	Platforms   []string
	Majors      []MajorBuilds
	Versions    []OwnedVersion
	Owners      []ProjectOwner
	Invited     []ProjectInvitation
	Invite      Field
	Transfer    bool
}

func (*AccountProject) template() string { return "account_project" }

// MajorBuilds says for which platforms there is a build for a PostgreSQL major, in the order of the page's platforms.
type MajorBuilds struct {
	Major   int
	Present []bool
}

// OwnedVersion is a version of such a project.
type OwnedVersion struct {
	Version  string
	Released time.Time
	Builds   int
	// Yanked is when it was yanked; zero where it was not. By is who did, Reason why, Replacement what to use; "" for none.
	Yanked                  time.Time
	By, Reason, Replacement string
}

// ProjectOwner is somebody who owns it.
type ProjectOwner struct {
	Name  string
	Since time.Time
	// You says that it is who looks.
	You bool
}

// ProjectInvitation asks somebody to own it.
type ProjectInvitation struct {
	Project, User, By string
	At                time.Time
	// Transfer says that whoever invites stops owning it when the other accepts.
	Transfer bool
}

// AccountInvitations lists what somebody is asked to own.
type AccountInvitations struct {
	Account

	Asked []ProjectInvitation
}

func (*AccountInvitations) template() string { return "account_invitations" }

// Missing tells whether a build is missing.
func (p *AccountProject) Missing() bool {
	return slices.ContainsFunc(p.Majors, func(b MajorBuilds) bool { return slices.Contains(b.Present, false) })
}
