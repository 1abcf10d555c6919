package message

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/ports"
)

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

func (w *Writer) version(name, version string) string {
	return w.Public.JoinPath("extensions", url.PathEscape(name), url.PathEscape(version)).String() + "#changes"
}

// mostChanges bounds how much of a change log a letter has, in lines.
const mostChanges = 60

// release says what came out.
func (w *Writer) release(news ports.ReleaseNews) []block {
	first := news.Project + " " + news.Version + " is out."
	if news.Previous != "" {
		first += " The version before it is " + news.Previous + "."
	}
	said := []block{prose(first), prose(news.Description)}
	if changes, more := lines(news.Changes); len(changes) > 0 {
		said = append(said, prose("What is new:"), verbatim(changes...))
		if more {
			said = append(said, prose("There is more of it on the page of the version:"), leadingTo(w.version(news.Project, news.Version)))
		}
	}
	var builds []string
	for _, build := range news.Builds {
		builds = append(builds, fmt.Sprintf("PostgreSQL %d on %s", build.Postgres, build.Platform), "  sha256 "+build.SHA256)
	}
	if len(builds) > 0 {
		said = append(said, prose("There are builds for:"), verbatim(builds...))
	}
	return append(said, prose("To install it:"), verbatim(line("trunk install "+news.Project+" --version "+news.Version)), leadingTo(w.project(news.Project)))
}

// lines are those of a change log that a letter has room for, and whether there are more.
func lines(changes string) (kept []string, more bool) {
	for text := range strings.SplitSeq(strings.TrimSpace(changes), "\n") {
		if len(kept) == mostChanges {
			return kept, true
		}
		kept = append(kept, bounded(strings.TrimRight(visible(text), " "), mostProse))
	}
	if len(kept) == 1 && kept[0] == "" {
		return nil, false
	}
	return kept, false
}

// Release tells of a version that came out.
func (w *Writer) Release(news ports.ReleaseNews, wanted Wanted) ports.Mail {
	return w.about(w.mail(news.Project+" "+news.Version+" is out", &wanted, w.release(news)...), news.Project)
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

func (w *Writer) event(event ports.RecordedEvent) []block {
	replacement := ""
	if event.Replacement != "" {
		replacement = "Use " + event.Replacement + " in its place."
	}
	return []block{prose(happened(event)), prose(event.Reason), prose(event.Message), prose(replacement), leadingTo(w.project(event.Project))}
}

// Withdrawal tells of something that was taken back.
func (w *Writer) Withdrawal(news Withdrawal, wanted Wanted) ports.Mail {
	subject := strings.TrimSuffix(happened(news.Event), ".")
	return w.about(w.mail(subject, &wanted, w.event(news.Event)...), news.Event.Project)
}

// Confirmation asks whether somebody wants to follow.
func (w *Writer) Confirmation(asked Confirmation) ports.Mail {
	return w.mail("Do you want to follow "+asked.Subject+"?", nil,
		prose("Somebody, most likely you, asked for letters to this address about "+asked.Subject+": "+strings.Join(asked.Options, ", ")+"."),
		prose("To confirm it, open this link and press the button there. It is good for "+strconv.Itoa(asked.Hours)+" hours."), leadingTo(asked.Link),
		prose("If it was not you, do nothing: no other letter comes."))
}

// Manage has the link to all that an address follows.
func (w *Writer) Manage(link string, hours int) ports.Mail {
	return w.mail("What you follow", nil,
		prose("Somebody, most likely you, asked for the link to all that this address follows. It is good for "+strconv.Itoa(hours)+" hours."),
		leadingTo(link), prose("If it was not you, do nothing."))
}

// Digest tells the news of a day.
func (w *Writer) Digest(day string, items []DigestItem, wanted Wanted) ports.Mail {
	var said []block
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
	if news.Actor != "" {
		said = append(said, prose("It was done by "+news.Actor+". If that should not be, revoke their tokens and tell those who run the registry."))
	}
	return w.about(w.mail(strings.TrimSuffix(happened(news.Event), "."), &wanted, said...), news.Event.Project)
}

// Token tells of a token that was made or is about to end.
func (w *Writer) Token(news ports.TokenNews, ending bool, wanted Wanted) ports.Mail {
	ends := "It does not end."
	if news.Expires != nil {
		ends = "It ends on " + news.Expires.UTC().Format("2 January 2006, 15:04 UTC") + "."
	}
	may, account := prose("It may: "+strings.Join(news.Scopes, ", ")+"."), leadingTo(w.Public.JoinPath("account").String())
	if ending {
		return w.mail("Your token "+news.Name+" is about to end", &wanted, prose("Your token "+news.Name+" is about to end. "+ends), may, account)
	}
	return w.mail("A token was made for you: "+news.Name, &wanted,
		prose("The token "+news.Name+" was made for your account. "+ends), may, prose("If it was not you, revoke it."), account)
}
