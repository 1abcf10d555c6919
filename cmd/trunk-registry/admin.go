package main

import (
	"fmt"

	"pgtrunk.io/registry/core/access"
)

type adminCommand struct {
	Grant  adminGrant  `cmd:"" help:"Make a user an administrator."`
	Revoke adminRevoke `cmd:"" help:"Take that from a user."`
	List   adminList   `cmd:"" help:"List the administrators."`
}

type adminGrant struct {
	User string `arg:"" help:"The name of somebody who has signed in, or has a token."`
}

type adminRevoke struct {
	User string `arg:"" help:"The administrator's name."`
}

type adminList struct{}

// Run makes a user an administrator.
func (c adminGrant) Run(env *environment) error {
	return appoint(env, c.User, true, "is an administrator")
}

// Run takes that from a user.
func (c adminRevoke) Run(env *environment) error {
	return appoint(env, c.User, false, "is not an administrator any more")
}

func appoint(env *environment, user string, administrator bool, outcome string) error {
	return withAccess(env, func(service *access.Service) error {
		who, err := service.Appoint(env.ctx, user, administrator)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stdout, "%s %s\n", who.Name, outcome)
		return nil
	})
}

// Run lists the administrators.
func (adminList) Run(env *environment) error {
	return withAccess(env, func(service *access.Service) error {
		administrators, err := service.Administrators(env.ctx)
		for _, who := range administrators {
			_, _ = fmt.Fprintf(env.stdout, "%s  %s\n", who.ID, who.Name)
		}
		return err
	})
}

type accountCommand struct {
	Link accountLink `cmd:"" help:"Let a person sign in to an account."`
}

type accountLink struct {
	User    string `arg:"" help:"The account's name."`
	Issuer  string `required:"" help:"The OpenID Connect issuer."`
	Subject string `required:"" help:"Who the person is to it: the claim sub."`
}

// Run lets a person sign in to an account.
func (c accountLink) Run(env *environment) error {
	return withAccess(env, func(service *access.Service) error {
		who, err := service.Link(env.ctx, c.User, c.Issuer, c.Subject)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stdout, "%s of %s signs in as %s\n", c.Subject, c.Issuer, who.Name)
		return nil
	})
}
