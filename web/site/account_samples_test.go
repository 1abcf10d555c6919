package site_test

import (
	"time"

	"pgtrunk.io/registry/web/site"
)

// accountSamples are the pages of somebody, ordinary and full of evil.
func accountSamples() []sample {
	var list []sample
	for _, kind := range []struct{ suffix, word, link string }{{"", "pgmq", "/account/x"}, {" evil", evil, evilLink}} {
		for name, view := range accountViews(kind.word, kind.link) {
			list = append(list, sample{name + kind.suffix, view})
		}
	}
	return list
}

func accountViews(word, link string) map[string]site.View {
	head := func(tab string, wrong *site.Wrong) site.Account {
		of := site.Account{Page: page(word), User: word, Invitations: 1, Tab: tab, Done: word, Wrong: wrong}
		of.NoIndex, of.Private = true, true
		return of
	}
	wrong := &site.Wrong{Detail: word, Fields: []site.FieldFault{{ID: "name", Detail: word}, {ID: "scopes", Detail: word}}}
	field := func(id string) site.Field {
		return site.Field{ID: id, Label: word, Hint: word, Value: word, Wrong: wrong.Of(id), Required: true, Max: 100}
	}
	long, choice := field("reason"), field("expires")
	long.Long, choice.Options = true, []site.Option{{Value: word, Text: word}, {Value: "90", Text: "in 90 days"}}
	then := now.Add(-48 * time.Hour)
	invitation := site.ProjectInvitation{Project: word, User: word, By: word, At: then, Transfer: true}
	return map[string]site.View{
		"account_sign_in": &site.AccountSignIn{Page: page(word), Address: link, Detail: word, Wait: time.Minute},
		"account_tokens": &site.AccountTokens{
			Account: head("/account/tokens", wrong), Older: link, Name: field("name"), Projects: field("projects"), Expiry: choice,
			Scopes: []site.ScopeChoice{{Value: word, Label: word, Chosen: true}, {Value: "yank", Label: "yank versions"}}, ScopesWrong: wrong.Of("scopes"),
			Tokens: []site.TokenRow{
				{ID: word, Name: word, Purpose: word, Created: then, Expires: now.Add(48 * time.Hour), Soon: true},
				{ID: "2", Name: word, Purpose: word, Created: then, LastUsed: then, Expires: then, Ended: then},
				{ID: "3", Name: word, Purpose: word, Created: then, Ended: then, Revoked: true},
			},
		},
		"account_token": &site.AccountToken{Account: head("/account/tokens", nil), Name: word, Purpose: word, Secret: word},
		"account_confirm": &site.AccountConfirm{
			Account: head("/account/projects", &site.Wrong{Detail: word, Fields: []site.FieldFault{{ID: "reason", Detail: word}}}), Heading: word + "?",
			Sentences: []string{word}, Fields: []site.Field{long, field("replacement")}, Hidden: []site.Option{{Value: "user", Text: word}}, Button: word, Back: link,
		},
		"account_projects": &site.AccountProjects{Account: head("/account/projects", nil), Projects: []site.OwnedProject{
			{Name: word, Version: word, Released: then, Builds: 3, Missing: []string{word}, Lacking: 1, Deprecated: true},
			{Name: "yanked"},
			{Name: "whole", Version: "1.0", Released: then, Builds: 2},
		}},
		"account_project": &site.AccountProject{
			Account: head("/account/projects", nil), Name: word, Version: word, Deprecation: word, Platforms: []string{word, "linux/arm64"},
			Majors: []site.MajorBuilds{{Major: 17, Present: []bool{true, false}}},
			Versions: []site.OwnedVersion{
				{Version: word, Released: then, Builds: 1, Yanked: then, By: word, Reason: word, Replacement: word}, {Version: "1.0", Released: then, Builds: 2},
			},
			Owners: []site.ProjectOwner{{Name: word, Since: then, You: true}, {Name: "bob", Since: then}}, Invited: []site.ProjectInvitation{invitation},
			Invite: field("user"), Transfer: true,
		},
		"account_invitations": &site.AccountInvitations{Account: head("/account/invitations", nil), Asked: []site.ProjectInvitation{invitation}},
	}
}
