package ports

import (
	"context"
	"time"
)

// LetterState is what became of a letter.
type LetterState string

// The states of letters.
const (
	LetterQueued  LetterState = "queued"  // to be sent
	LetterSent    LetterState = "sent"    // the mail server took it
	LetterDropped LetterState = "dropped" // not wanted any more when it was its turn
	LetterDead    LetterState = "dead"    // given up
)

// Letter is a letter as it stands.
type Letter struct {
	LetterDraft

	Address string
	// Closed says why nothing is sent to the address any more; "" where letters are sent.
	Closed ClosedReason
	State  LetterState
	// Attempts is how often it was handed to the mail server.
	Attempts int
}

// LetterOutcome is what came of a letter's turn.
type LetterOutcome struct {
	LetterID string
	// State is LetterQueued for one that is tried again.
	State LetterState
	// Tried says that it was handed to the mail server, Answer what that said.
	Tried  bool
	Answer string
	At     time.Time
}

// Letters keeps what became of letters. Every method may return database_unavailable.
type Letters interface {
	// Letter gives a letter, and whether there is one of that id.
	Letter(ctx context.Context, id string) (letter Letter, found bool, err error)
	// SettleLetter records what came of a letter's turn; one that is not queued stays as it is.
	SettleLetter(ctx context.Context, outcome LetterOutcome) error
	// CloseBounced ends letters to a recipient whose mailbox does not exist.
	CloseBounced(ctx context.Context, recipientID string, at time.Time) error
	// LettersOfDigest gives what a digest tells of, in order.
	LettersOfDigest(ctx context.Context, digestID string) ([]LetterDraft, error)
	// RecipientsWaiting gives the first recipients after one, "" for the first of all, who have letters from before a time
	// that wait for a digest.
	RecipientsWaiting(ctx context.Context, before time.Time, after string, limit int) ([]string, error)
	// DeadLetters gives the first that were given up, the one longest dead first.
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)
}

// DeadLetter is a letter that was given up.
type DeadLetter struct {
	ID             string
	Kind           LetterKind
	Topic, Address string
	Attempts       int
	// Answer is what the mail server said last.
	Answer string
	At     time.Time
}

// Audience tells whom something concerns. Every method may return database_unavailable.
type Audience interface {
	// Event gives an event by its row.
	Event(ctx context.Context, id int64) (RecordedEvent, error)
	// Followers gives the first recipients after one, "" for the first of all, who have confirmed to follow something that
	// an occasion concerns, each with one subscription; those who want to hear at once come with one that says so.
	Followers(ctx context.Context, occasion Occasion, after string, limit int) ([]Follower, error)
	// Follows gives the subscription by which an occasion concerns a recipient, and whether there is one: as Followers does.
	Follows(ctx context.Context, occasion Occasion, recipientID string) (follower Follower, found bool, err error)
	// OwnersToTell gives the addresses of those who own a project, and of the user of a name, as far as they are verified and
	// letters are wanted there.
	OwnersToTell(ctx context.Context, project, user string) ([]string, error)
	// TokensEnding gives the tokens that end until a time and whose end was not told of.
	TokensEnding(ctx context.Context, now, until time.Time) ([]EndingToken, error)
}

// Occasion is what a letter may be about.
type Occasion struct {
	// Project is a name, At when it happened: who follows since later does not hear of it.
	Project string
	At      time.Time
	// Withdrawal says that something is taken back; otherwise a build came out, for Postgres.
	Withdrawal, Prerelease bool
	// Postgres is 0 for what concerns all majors.
	Postgres int
}

// Follower is a recipient whom an occasion concerns.
type Follower struct {
	RecipientID, SubscriptionID string
	// Digest says that they want to hear once a day only.
	Digest bool
}

// EndingToken is a token that is about to end.
type EndingToken struct{ ID, AccountID string }

// News reads what letters tell. Every method may return database_unavailable.
type News interface {
	// ReleaseNews gives what there is to tell of a version, and whether it is there.
	ReleaseNews(ctx context.Context, project, version string) (news ReleaseNews, found bool, err error)
	// TokenNews gives what there is to tell of a token, and whether it is there.
	TokenNews(ctx context.Context, id string) (news TokenNews, found bool, err error)
}
