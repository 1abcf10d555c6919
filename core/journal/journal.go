// Package journal is the use case of reading who did what.
package journal

import (
	"context"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Service reads the record.
type Service struct {
	Record    ports.Record
	Ownership ports.Ownership
	Accounts  ports.Accounts
}

// Question narrows the record; "" is for any.
type Question struct {
	// Project and User are names, Action is an action's.
	Project, User, Action string
}

// Entries gives a page of the record, the newest first. Administrators see all of it, owners what was done to a project
// of theirs, and everybody what they did themselves. Where an entry came from is for administrators and for those who
// did it.
//
// Errors: project_unknown, not_owner, not_administrator, account_unknown, cursor_invalid, database_unavailable.
func (s *Service) Entries(ctx context.Context, who ports.Caller, question Question, page ports.Page) ([]ports.RecordedEntry, error) {
	filter := ports.AuditFilter{Action: question.Action}
	administers := who.MayAdminister() == nil
	if question.Project != "" {
		name, owns, err := s.Ownership.Owns(ctx, extension.FoldName(question.Project), who.ID)
		if err != nil {
			return nil, err
		}
		if err := who.MayChange(name, owns); err != nil {
			return nil, err
		}
		filter.Project = name
	}
	switch {
	case question.User != "":
		user, err := s.Accounts.Account(ctx, question.User)
		if err != nil {
			return nil, err
		}
		filter.AccountID = user.ID
	case question.Project == "" && !administers:
		filter.AccountID = who.ID
	}
	if filter.Project == "" && filter.AccountID != who.ID && !administers {
		return nil, fault.New(fault.NotAdministrator, "What others did everywhere is for administrators. Name a project of yours.")
	}
	entries, err := s.Record.AuditEntries(ctx, filter, page)
	if !administers {
		for i := range entries {
			if entries[i].AccountID != who.ID {
				entries[i].Origin.Address = ""
			}
		}
	}
	return entries, err
}
