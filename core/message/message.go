// Package message writes the letters of the registry: what they say, as text and as HTML, and the headers by which mail
// programs sort, thread and end them.
package message

import (
	"net/url"

	"pgtrunk.io/registry/ports"
)

// Writer writes the letters of one registry.
type Writer struct {
	// Public is the address of the registry as people see it.
	Public *url.URL
	// Domain is the one of the address that letters come from: Message-IDs and List-Ids end in it.
	Domain string
}

// Wanted says why somebody gets a letter, and the links by which they say that they want no more.
type Wanted struct {
	// Because ends the sentence "You get this because …".
	Because string
	// Unsubscribe ends this one subscription by one POST, Manage leads to all of them; absolute.
	Unsubscribe, Manage string
}

// Confirmation is what the letter tells that asks whether somebody wants to follow.
type Confirmation struct {
	// Subject is what is to be followed, as it stands in a sentence: "the project pg_cron", "the category Search".
	Subject string
	// Options says in words what they want to hear of.
	Options []string
	// Link is where they confirm; it ends after Hours.
	Link  string
	Hours int
}

// Withdrawal is what a letter tells of something that was taken back.
type Withdrawal struct {
	Event ports.RecordedEvent
}

// OwnerNews is what a letter tells an owner: an event, and for a publish what came out.
type OwnerNews struct {
	Event   ports.RecordedEvent
	Release *ports.ReleaseNews
	// Actor is the name of who did it, "" where that is not known.
	Actor string
}

// DigestItem is one letter's news within a digest; one of the two is set.
type DigestItem struct {
	Release    *ports.ReleaseNews
	Withdrawal *Withdrawal
}
