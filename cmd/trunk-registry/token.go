package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/ports"
)

type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make a token and print it; it is shown this once."`
	List   tokenList   `cmd:"" help:"List tokens, never their text."`
	Revoke tokenRevoke `cmd:"" help:"Make a token void."`
}

type tokenCreate struct {
	User     string   `required:"" help:"Whose token it is."`
	Name     string   `default:"command line" help:"What to call it."`
	Scopes   []string `default:"publish-new,publish-update,yank,owners" help:"What it may do: publish-new, publish-update, yank, owners. All by default."`
	Projects []string `help:"Names of projects, or beginnings followed by *, that it is for. All by default."`
	Expires  string   `default:"2160h" help:"How long it lasts, such as 720h; never for no end."`
}

type tokenList struct {
	User string `help:"Only this user's."`
}

type tokenRevoke struct {
	ID string `arg:"" help:"The token's id, as list shows it."`
}

// Run makes a token.
func (c tokenCreate) Run(env *environment) error {
	grant := access.Grant{User: c.User, Name: c.Name, Projects: c.Projects}
	for _, name := range c.Scopes {
		scope, err := account.ParseScope(name)
		if err != nil {
			return err
		}
		grant.Scopes = append(grant.Scopes, scope)
	}
	if c.Expires != "never" {
		lifetime, err := time.ParseDuration(c.Expires)
		if err != nil || lifetime <= 0 {
			return fmt.Errorf("--expires has to be a time such as 720h, or never, and not %q", c.Expires)
		}
		grant.Lifetime = lifetime
	}
	return withAccess(env, func(service *access.Service) error {
		token, secret, err := service.Create(env.ctx, grant)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stderr, "token %s of %s, for %s; it is shown this once:\n", token.ID, token.Account.Name, strings.Join(c.Scopes, ", "))
		_, _ = fmt.Fprintln(env.stdout, secret.Reveal())
		return nil
	})
}

// Run lists tokens.
func (c tokenList) Run(env *environment) error {
	return withAccess(env, func(service *access.Service) error {
		tokens, err := service.List(env.ctx, c.User)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tUSER\tNAME\tSCOPES\tPROJECTS\tCREATED\tUSED\tEXPIRES\tREVOKED")
		for _, t := range tokens {
			scopes := make([]string, len(t.Scopes))
			for i, scope := range t.Scopes {
				scopes[i] = string(scope)
			}
			projects := "all"
			if len(t.Projects) > 0 {
				projects = strings.Join(t.Projects, ",")
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Account.Name, t.Name,
				strings.Join(scopes, ","), projects, t.Created.Format(time.DateOnly), day(t.LastUsed), day(t.Expires), day(t.Revoked))
		}
		return table.Flush()
	})
}

func day(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}

// Run makes a token void.
func (c tokenRevoke) Run(env *environment) error {
	return withAccess(env, func(service *access.Service) error {
		if err := service.Revoke(env.ctx, c.ID, "", ports.Origin{}); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stdout, "revoked %s\n", c.ID)
		return nil
	})
}

func withAccess(env *environment, work func(*access.Service) error) error {
	cfg, err := registry.LoadDatabase(env.getenv)
	if err != nil {
		return fmt.Errorf("these settings are wrong:\n%w", err)
	}
	store, err := postgres.Open(env.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer store.Close()
	return work(registry.Access(store, cfg))
}
