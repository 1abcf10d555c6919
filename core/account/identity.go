package account

import (
	"slices"
	"strings"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Administrator is the role that operations of openapi.yaml list beside scopes.
const Administrator = "administrator"

// Identity is who asks and what they may do. The zero value is nobody.
type Identity struct {
	Account

	// Token is the one that was sent; of somebody who is signed in on the web's pages, what stands in for it.
	Token Token
	// OnWeb says that no token was sent, but that they are signed in on the web's pages.
	OnWeb bool
}

// OnWeb is the identity of somebody who is signed in on the web's pages. They may do what a token of every scope for
// every project may, except administer: what a browser does by itself, or is led to do, must not reach further than to
// what is its user's own.
func OnWeb(who Account) Identity {
	return Identity{Account: who, Token: Token{Account: who, Name: "web", Scopes: Scopes()}, OnWeb: true}
}

// Authenticate tells who the holder of a token is at a time.
//
// Errors: faults with the codes token_revoked and token_expired.
func (t Token) Authenticate(now time.Time) (Identity, error) {
	switch {
	case t.Revoked != nil:
		return Identity{}, fault.New(fault.TokenRevoked, "That token was revoked on %s. Make a new one.", t.Revoked.UTC().Format(time.DateOnly))
	case t.Expires != nil && !now.Before(*t.Expires):
		return Identity{}, fault.New(fault.TokenExpired, "That token expired on %s. Make a new one.", t.Expires.UTC().Format(time.DateOnly))
	}
	return Identity{Account: t.Account, Token: t}, nil
}

// narrowed tells a token that may not do everything its account may.
func (t Token) narrowed() bool {
	return len(t.Projects) > 0 || slices.ContainsFunc(Scopes(), func(s Scope) bool { return !slices.Contains(t.Scopes, s) })
}

// Permits checks what an operation of the contract needs: all of one of the alternatives, each a scope or the role of an
// administrator. Project is "" where the operation is about none, or about one that is not known yet.
//
// Errors: faults with the codes scope_missing, project_not_covered, not_administrator, token_narrowed.
func (i Identity) Permits(alternatives [][]string, project string) error {
	var err error
	for _, needs := range alternatives {
		if err = i.meets(needs, project); err == nil {
			return nil
		}
	}
	return err
}

func (i Identity) meets(needs []string, project string) error {
	for _, need := range needs {
		err := i.MayAdminister()
		if need != Administrator {
			err = i.May(Scope(need), project)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// MayAdminister checks the role, and that the token was not made for less.
//
// Errors: faults with the codes not_administrator and token_narrowed.
func (i Identity) MayAdminister() error {
	if !i.Administrator {
		return fault.New(fault.NotAdministrator, "%s is not an administrator. Ask those who run this registry.", i.Name)
	}
	if i.OnWeb {
		return fault.New(fault.TokenNarrowed, "Nothing is administered on these pages. Use a token with every scope, for every project.")
	}
	if i.Token.narrowed() {
		return fault.New(fault.TokenNarrowed, "That token is for less than its user may do. Administration takes one with every scope, for every project.")
	}
	return nil
}

// MayChange checks that the identity owns a project, or may administer it.
//
// Errors: a fault with the code not_owner.
func (i Identity) MayChange(project string, owned bool) error {
	if owned || i.MayAdminister() == nil {
		return nil
	}
	return fault.New(fault.NotOwner, "%s does not own the project %s. Ask one of its owners.", i.Name, project)
}

// May checks that the identity's token has a scope for a project; "" is about none.
//
// Errors: faults with the codes scope_missing and project_not_covered.
func (i Identity) May(scope Scope, project string) error {
	if !slices.Contains(i.Token.Scopes, scope) {
		return fault.New(fault.ScopeMissing, "That token lacks the scope %s. Make one that has it.", scope)
	}
	patterns := i.Token.Projects
	if project != "" && len(patterns) > 0 && !slices.ContainsFunc(patterns, func(pattern string) bool { return covers(pattern, project) }) {
		return fault.New(fault.ProjectNotCovered,
			"That token is not for the project %s but for %s. Make one that covers it.", project, strings.Join(patterns, ", "))
	}
	return nil
}

// covers tells whether a pattern is about a name, or about every name that another pattern is about.
func covers(pattern, name string) bool {
	pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	if beginning, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, beginning)
	}
	return pattern == name
}

// Administers tells whether a token of the account may administer: an administrator's that was not narrowed.
func (t Token) Administers() bool { return t.Account.Administrator && !t.narrowed() }

// Delegate fills in what a new token of the identity leaves open and checks that it may do no more than the one that
// asks for it, and lasts no longer. Lifetime is how long a token lasts that does not say. On the web's pages people say
// what it may do: nothing is given to it that nobody has ticked.
//
// Errors: faults with the codes grant_too_wide and request_invalid.
func (i Identity) Delegate(draft Token, now time.Time, lifetime time.Duration) (Token, error) {
	if i.OnWeb {
		if err := draft.check(); err != nil {
			return Token{}, err
		}
	}
	if len(draft.Scopes) == 0 {
		draft.Scopes = i.Token.Scopes
	}
	if len(draft.Projects) == 0 {
		draft.Projects = i.Token.Projects
	}
	if draft.Expires == nil {
		expires := now.Add(lifetime)
		if own := i.Token.Expires; own != nil && own.Before(expires) {
			expires = *own
		}
		draft.Expires = &expires
	}
	if !now.Before(*draft.Expires) {
		return Token{}, fault.New(fault.RequestInvalid, "The token would have expired already. Choose a time to come.").
			With(fault.Field{Pointer: "/expires_at", Detail: "This is not in the future."})
	}
	if own := i.Token.Expires; own != nil && own.Before(*draft.Expires) {
		return Token{}, fault.New(fault.GrantTooWide, "That token lasts until %s and cannot make one that lasts longer. Sign in for a new one.",
			own.UTC().Format(time.RFC3339))
	}
	for _, scope := range draft.Scopes {
		if !slices.Contains(i.Token.Scopes, scope) {
			return Token{}, fault.New(fault.GrantTooWide, "That token lacks the scope %s and cannot give it to another one. Sign in for a new one.", scope)
		}
	}
	for _, pattern := range draft.Projects {
		mine := func(own string) bool { return covers(own, pattern) }
		if len(i.Token.Projects) > 0 && !slices.ContainsFunc(i.Token.Projects, mine) {
			return Token{}, fault.New(fault.GrantTooWide, "That token is not for %s and cannot make one that is. Sign in for a new one.", pattern)
		}
	}
	draft.Account, draft.Created = i.Account, now
	return draft, nil
}
