package message

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

// body is what a letter says: paragraphs, of which those that are links alone are links in HTML, then why somebody gets it.
type body struct {
	Paragraphs []string
	Wanted     *Wanted
}

var page = template.Must(template.New("letter").Funcs(template.FuncMap{
	"isLink": func(s string) bool {
		return !strings.ContainsAny(s, " \n") && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"))
	},
}).Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"></head><body style="font-family:sans-serif;max-width:40em">
{{range .Paragraphs}}{{if isLink .}}<p><a href="{{.}}">{{.}}</a></p>{{else}}<p style="white-space:pre-line">{{.}}</p>{{end}}
{{end}}{{with .Wanted}}<hr><p><small>You get this because {{.Because}}.
<a href="{{.Unsubscribe}}">Unsubscribe</a> · <a href="{{.Manage}}">All that you follow</a></small></p>
{{end}}</body></html>
`))

// mail writes a letter in both forms.
func (w *Writer) mail(subject string, wanted *Wanted, paragraphs ...string) ports.Mail {
	var said []string
	for _, paragraph := range paragraphs {
		if paragraph != "" {
			said = append(said, paragraph)
		}
	}
	text := strings.Join(said, "\n\n") + "\n"
	if wanted != nil {
		text += "\n-- \nYou get this because " + wanted.Because + ".\nUnsubscribe: " + wanted.Unsubscribe + "\nAll that you follow: " + wanted.Manage + "\n"
	}
	var html strings.Builder
	if err := page.Execute(&html, body{said, wanted}); err != nil {
		// A strings.Builder takes everything, and the template is fixed.
		panic(err)
	}
	return ports.Mail{Subject: line(subject), Text: text, HTML: html.String()}
}

// line makes one line of text that may have several.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// about threads a letter with the others about a project, which are one list.
func (w *Writer) about(letter ports.Mail, project string) ports.Mail {
	folded := extension.FoldName(project)
	letter.Thread = "project." + folded + "@" + w.Domain
	letter.List = "<" + strings.ReplaceAll(folded, "_", "-") + ".projects." + w.Domain + ">"
	return letter
}

func (w *Writer) project(name string) string {
	return w.Public.JoinPath("extensions", url.PathEscape(name)).String()
}

// release says what came out.
func (w *Writer) release(news ports.ReleaseNews) []string {
	first := news.Project + " " + news.Version + " is out."
	if news.Previous != "" {
		first += " The version before it is " + news.Previous + "."
	}
	var builds []string
	for _, build := range news.Builds {
		builds = append(builds, fmt.Sprintf("PostgreSQL %d, %s: sha256 %s", build.Postgres, build.Platform, build.SHA256))
	}
	changes := ""
	if news.Changes != "" {
		changes = "What is new:\n" + news.Changes
	}
	return []string{
		first, news.Description, changes, strings.Join(builds, "\n"),
		"trunk install " + news.Project + " --version " + news.Version, w.project(news.Project),
	}
}

// Release tells of a version that came out.
func (w *Writer) Release(news ports.ReleaseNews, wanted Wanted) ports.Mail {
	return w.about(w.mail(news.Project+" "+news.Version, &wanted, w.release(news)...), news.Project)
}

// happened says what an event was.
func happened(event ports.RecordedEvent) string {
	switch event.Kind {
	case ports.Published:
		return fmt.Sprintf("%s %s was published for PostgreSQL %d.", event.Project, event.Version, event.Build.Postgres)
	case ports.Yanked:
		return event.Project + " " + event.Version + " was yanked."
	case ports.Unyanked:
		return event.Project + " " + event.Version + " is yanked no more."
	case ports.Deleted:
		return event.Project + " " + event.Version + " was deleted."
	case ports.Deprecated:
		return event.Project + " was deprecated."
	case ports.Undeprecated:
		return event.Project + " is deprecated no more."
	case ports.OwnerAdded:
		return event.User + " owns " + event.Project + " now."
	case ports.OwnerRemoved:
		return event.User + " owns " + event.Project + " no more."
	default:
		return event.Project + ": " + string(event.Kind)
	}
}

func (w *Writer) event(event ports.RecordedEvent) []string {
	replacement := ""
	if event.Replacement != "" {
		replacement = "Use " + event.Replacement + " in its place."
	}
	return []string{happened(event), event.Reason, event.Message, replacement, w.project(event.Project)}
}

// Withdrawal tells of something that was taken back.
func (w *Writer) Withdrawal(news Withdrawal, wanted Wanted) ports.Mail {
	subject := strings.TrimSuffix(happened(news.Event), ".")
	return w.about(w.mail(subject, &wanted, w.event(news.Event)...), news.Event.Project)
}

// Confirmation asks whether somebody wants to follow.
func (w *Writer) Confirmation(asked Confirmation) ports.Mail {
	return w.mail("Do you want to follow "+asked.Subject+"?", nil,
		"Somebody, most likely you, asked for letters to this address about "+asked.Subject+": "+strings.Join(asked.Options, ", ")+".",
		"To confirm it, open this link and press the button there. It is good for "+strconv.Itoa(asked.Hours)+" hours.", asked.Link,
		"If it was not you, do nothing: no other letter comes.")
}

// Manage has the link to all that an address follows.
func (w *Writer) Manage(link string, hours int) ports.Mail {
	return w.mail("What you follow", nil,
		"Somebody, most likely you, asked for the link to all that this address follows. It is good for "+strconv.Itoa(hours)+" hours.", link,
		"If it was not you, do nothing.")
}

// Digest tells the news of a day.
func (w *Writer) Digest(day string, items []DigestItem, wanted Wanted) ports.Mail {
	var said []string
	for _, item := range items {
		if item.Release != nil {
			said = append(said, w.release(*item.Release)...)
		} else {
			said = append(said, w.event(item.Withdrawal.Event)...)
		}
	}
	return w.mail("News of "+day, &wanted, said...)
}

// Owner tells an owner of an event.
func (w *Writer) Owner(news OwnerNews, wanted Wanted) ports.Mail {
	said := w.event(news.Event)
	if news.Release != nil {
		said = w.release(*news.Release)
	}
	actor := ""
	if news.Actor != "" {
		actor = "It was done by " + news.Actor + ". If that should not be, revoke their tokens and tell those who run the registry."
	}
	return w.about(w.mail(strings.TrimSuffix(happened(news.Event), "."), &wanted, append(said, actor)...), news.Event.Project)
}

// Token tells of a token that was made or is about to end.
func (w *Writer) Token(news ports.TokenNews, ending bool, wanted Wanted) ports.Mail {
	ends := "It does not end."
	if news.Expires != nil {
		ends = "It ends on " + news.Expires.UTC().Format("2 January 2006, 15:04 UTC") + "."
	}
	facts := "It may: " + strings.Join(news.Scopes, ", ") + "."
	if ending {
		return w.mail("Your token "+news.Name+" is about to end", &wanted,
			"Your token "+news.Name+" is about to end. "+ends, facts, w.Public.JoinPath("account").String())
	}
	return w.mail("A token was made for you: "+news.Name, &wanted, "The token "+news.Name+" was made for your account. "+ends, facts,
		"If it was not you, revoke it.", w.Public.JoinPath("account").String())
}
