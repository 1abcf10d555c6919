package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/mail"
)

type mailCommand struct {
	Failed mailFailed `cmd:"" help:"List the letters that were given up, the one longest given up first."`
	Retry  mailRetry  `cmd:"" help:"Send letters again that were given up."`
}

type mailFailed struct {
	JSON  bool `name:"json" help:"As JSON, one letter a line."`
	Limit int  `default:"1000" help:"How many at most."`
}

type mailRetry struct {
	IDs []string `arg:"" optional:"" name:"id" help:"Their ids, as failed shows them."`
	All bool     `help:"All of them."`
}

// Run lists letters.
func (c mailFailed) Run(env *environment) error {
	return withMail(env, func(service *mail.Service) error {
		dead, err := service.Failed(env.ctx, c.Limit)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
		if !c.JSON {
			_, _ = fmt.Fprintln(table, "ID\tWHEN\tKIND\tABOUT\tADDRESS\tATTEMPTS\tLAST ANSWER")
		}
		lines := json.NewEncoder(env.stdout)
		for _, letter := range dead {
			if !c.JSON {
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", letter.ID, letter.At.Format(time.RFC3339), letter.Kind,
					letter.Topic, letter.Address, letter.Attempts, letter.Answer)
				continue
			}
			err := lines.Encode(map[string]any{
				"id": letter.ID, "failed_at": letter.At, "kind": letter.Kind, "about": letter.Topic, "address": letter.Address,
				"attempts": letter.Attempts, "answer": letter.Answer,
			})
			if err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

// Run sends letters again.
func (c mailRetry) Run(env *environment) error {
	if c.All == (len(c.IDs) > 0) {
		return errors.New("name letters by their ids, or all of them with --all")
	}
	for _, id := range c.IDs {
		if uuid.Validate(id) != nil {
			return fmt.Errorf("%q is no id of a letter: trunk-registry mail failed lists them", id)
		}
	}
	return withMail(env, func(service *mail.Service) error {
		retried, err := service.Retry(env.ctx, c.IDs)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stdout, "%d to be sent again\n", len(retried))
		if len(retried) < len(c.IDs) {
			return fmt.Errorf("%d of them are not among those that failed", len(c.IDs)-len(retried))
		}
		return nil
	})
}

func withMail(env *environment, work func(*mail.Service) error) error {
	cfg, err := registry.LoadDatabase(env.getenv)
	if err != nil {
		return fmt.Errorf("these settings are wrong:\n%w", err)
	}
	queue, err := jobs.NewQueue(true)
	if err != nil {
		return err
	}
	cfg.Database.Queue = queue
	store, err := postgres.Open(env.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer store.Close()
	return work(registry.Mail(store))
}
