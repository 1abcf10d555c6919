package ports

import (
	"context"
	"time"

	"pgtrunk.io/registry/core/extension"
)

// Mailer hands letters to a mail server.
type Mailer interface {
	// Send hands one letter over and returns when the server has taken it.
	//
	// Errors: mail_unavailable for what may go well later (RFC 5321, 4yz; no connection), mailbox_unknown where the server
	// says that there is no such mailbox (RFC 3463, X.1.1 and its like), mail_refused for every other refusal for good (5yz).
	Send(ctx context.Context, mail Mail) error
}

// Mail is a letter, written. Nothing in it holds CR or LF but the two bodies.
type Mail struct {
	// To is an address without a name.
	To string
	// ID is the Message-ID without its brackets: the same letter has the same one, however often it is sent.
	ID string
	// Thread is the Message-ID of what the letter follows (RFC 5322, 3.6.4), "" for none.
	Thread  string
	Date    time.Time
	Subject string
	// Text and HTML say the same.
	Text, HTML string
	// List is what List-Id says (RFC 2919), with its brackets; "" for a letter that is to one person only.
	List string
	// Unsubscribe is an https link that ends such letters by one POST (RFC 8058); "" where there is nothing to end.
	Unsubscribe string
}

// LetterKind names what a letter is.
type LetterKind string

// The kinds of letters. The detail of each is the struct of this file that has its name.
const (
	ConfirmationLetter LetterKind = "confirmation" // asks whether somebody wants to follow
	ManageLetter       LetterKind = "manage"       // has the link to all that an address follows
	ReleaseLetter      LetterKind = "release"      // a version has come out
	WithdrawalLetter   LetterKind = "withdrawal"   // a version was yanked or deleted, a project deprecated; or that taken back
	DigestLetter       LetterKind = "digest"       // the day's letters in one
	OwnerLetter        LetterKind = "owner"        // something happened to a project of the recipient's
	TokenLetter        LetterKind = "token"        // a token of the recipient's was made or is about to end
)

// LetterDetail is what a letter is written from, beside what stands in the tables when it is sent. It becomes JSON; a kind
// fills in what it needs.
type LetterDetail struct {
	// SubscriptionID is what a confirmation asks for; of a release or a withdrawal, the one that it is sent for.
	SubscriptionID string `json:"subscription_id,omitempty"`
	// EventID is the row of the event that caused it.
	EventID int64 `json:"event_id,omitempty"`
	// TokenID is the token that it is about, Ending that it is about to end.
	TokenID string `json:"token_id,omitempty"`
	Ending  bool   `json:"ending,omitempty"`
	// Day is the day of a digest, as time.DateOnly writes it.
	Day string `json:"day,omitempty"`
}

// LetterDraft is a letter to be sent.
type LetterDraft struct {
	// ID is a UUID.
	ID          string
	RecipientID string
	Kind        LetterKind
	// Topic is what it is about: a recipient gets one letter of a topic.
	Topic  string
	Detail LetterDetail
	At     time.Time
	// Waits says that a digest will tell of it, and it is not sent itself.
	Waits bool
}

// Post is the part of a unit of work that sends letters.
type Post interface {
	// PostLetter has a letter sent once the unit of work is done. It tells whether it will be: there may have been one of
	// that topic, or the recipient may want none.
	PostLetter(ctx context.Context, draft LetterDraft) (posted bool, err error)
	// PostLetters does that with many, and tells how many will be sent or wait.
	PostLetters(ctx context.Context, drafts []LetterDraft) (posted int, err error)
	// AddressOfAccount gives where letters to an account go: "" where none are wanted, or no address is verified.
	AddressOfAccount(ctx context.Context, accountID string) (string, error)
	// DigestLetters lets a digest tell of all letters of a recipient that wait from before a time, and gives how many there are.
	DigestLetters(ctx context.Context, recipientID, digestID string, before time.Time) (int, error)
	// RetryLetters has letters sent again that were given up, all of them for nil, and gives their ids.
	RetryLetters(ctx context.Context, ids []string, at time.Time) ([]string, error)
	// TellTokenEnd records that the end of a token was told of, and whether that is news.
	TellTokenEnd(ctx context.Context, tokenID string, at time.Time) (bool, error)
}

// ReleaseNews is what a letter tells of a version that came out.
type ReleaseNews struct {
	Project, Version, Description string
	// Previous is the version before it in order, "" for the first.
	Previous string
	// Publisher is the name of who published it.
	Publisher  string
	Prerelease bool
	Published  time.Time
	// Builds are those that there are when the letter is written, by PostgreSQL major, the newest first, and platform.
	Builds []NewsBuild
	// Changes is what its CHANGELOG says of it and of what came between, as Markdown or plain text; "" where it says nothing.
	Changes string
}

// NewsBuild is a build that a letter tells of.
type NewsBuild struct {
	Postgres int
	Platform extension.Platform
	// SHA256 is the digest of its bytes in lower-case hex, Size their number.
	SHA256 string
	Size   int64
}

// TokenNews is what a letter tells of a token.
type TokenNews struct {
	ID, Name string
	Scopes   []string
	Projects []string
	Created  time.Time
	// Expires is nil for a token that does not.
	Expires *time.Time
}
