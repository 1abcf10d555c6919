package site_test

import "pgtrunk.io/registry/web/site"

// followSamples are the pages of those who follow by mail, ordinary and full of evil.
func followSamples() []sample {
	var list []sample
	for _, kind := range []struct{ suffix, word, link string }{{"", "pgmq", "/account/x"}, {" evil", evil, evilLink}} {
		for name, view := range followViews(kind.word, kind.link) {
			list = append(list, sample{name + kind.suffix, view})
		}
	}
	return list
}

func followViews(word, link string) map[string]site.View {
	wrong := &site.Wrong{Detail: word, Fields: []site.FieldFault{{ID: "email", Detail: word}}}
	hears := func(suffix string) site.Hears {
		options := []site.Option{{Value: "", Text: "any"}, {Value: word, Text: word}}
		return site.Hears{
			Postgres:    site.Field{ID: "pg_version" + suffix, Name: "pg_version", Label: "PostgreSQL", Value: word, Options: options},
			Cadence:     site.Field{ID: "cadence" + suffix, Name: "cadence", Label: "How often", Options: options},
			Prereleases: true, Withdrawals: suffix == "",
		}
	}
	email := site.Field{ID: "email", Label: "Your mail address", Value: word, Wrong: wrong.Of("email"), Required: true, Email: true, Max: 254}
	form := site.FollowForm{Hears: hears(""), Action: link, SignedIn: link, Email: email, Open: true}
	back := site.Link{Text: word, Address: link}
	followed := site.FollowedList{
		Address: word, Older: link, Stop: link, Rows: []site.FollowedRow{
			{Hears: hears("-1"), Subject: back, ID: "1", Change: link, Remove: link}, {Hears: hears("-2"), Subject: back, ID: "2", Change: link, Remove: link},
		},
	}
	account := site.Account{Page: page(word), User: word, Tab: "/account/following", Done: word, Wrong: &site.Wrong{Detail: word}}
	account.NoIndex, account.Private = true, true
	return map[string]site.View{
		"follow":                   &site.Follow{Page: page(word), Subject: word, Back: back, Form: form, Wrong: wrong},
		"follow_link":              &site.FollowLink{Page: page(word), Email: email, Wrong: wrong},
		"follow_step":              &site.FollowStep{Page: page(word), Heading: word, Sentences: []string{word, word}, Button: word, Action: link, Links: []site.Link{back, back}},
		"follow_step done":         &site.FollowStep{Page: page(word), Heading: word, Sentences: []string{word}},
		"follow_manage":            &site.FollowManage{Page: page(word), FollowedList: followed, Done: word, Wrong: &site.Wrong{Detail: word}},
		"follow_manage silent":     &site.FollowManage{Page: page(word), FollowedList: site.FollowedList{Address: word, Silent: true}},
		"account_following":        &site.AccountFollowing{Account: account, FollowedList: followed},
		"account_following nobody": &site.AccountFollowing{Account: account},
		"account_follow":           &site.AccountFollow{Account: account, Subject: word, Address: word, Hears: hears(""), Form: back, Back: back},
		"account_follow nobody":    &site.AccountFollow{Account: account, Subject: word, Form: back, Back: back},
	}
}
