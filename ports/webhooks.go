package ports

import (
	"context"
	"time"
)

// Webhook is an address that is told of events as they happen.
type Webhook struct {
	// ID is a UUID.
	ID, URL string
	// Of is what it is told of.
	Of Followed
	// Kinds are those of events that it is told of; all where there are none.
	Kinds   []EventKind
	Created time.Time
	// FailingSince is since when every delivery of an event has failed; nil where the last one did not.
	FailingSince *time.Time
	// Disabled is when it was switched off, for DisabledReason; nil where it is told of events.
	Disabled       *time.Time
	DisabledReason DisabledReason
}

// DisabledReason says why a webhook was switched off.
type DisabledReason string

// Why a webhook was switched off.
const (
	DisabledGone    DisabledReason = "gone"    // it answered that it is gone for good
	DisabledFailing DisabledReason = "failing" // every delivery failed for days
)

// WebhookDraft is a webhook to be. The names in Of may be spelt in any case.
type WebhookDraft struct {
	// ID is a UUID.
	ID, AccountID, URL string
	Of                 Followed
	Kinds              []EventKind
	// Secret is what deliveries are signed with: 32 bytes.
	Secret []byte
	At     time.Time
}

// DeliveryState is what became of a delivery.
type DeliveryState string

// The states of deliveries.
const (
	DeliveryQueued    DeliveryState = "queued"    // to be sent
	DeliveryDelivered DeliveryState = "delivered" // the receiver took it
	DeliveryFailed    DeliveryState = "failed"    // given up
	DeliveryDropped   DeliveryState = "dropped"   // the webhook was switched off when it was its turn
)

// Delivery is one thing that a webhook is told, as its log has it.
type Delivery struct {
	// ID is a UUID.
	ID string
	// Sequence is that of the event, 0 for a ping; Kind is PingKind for that.
	Sequence         int64
	Kind             EventKind
	Project, Version string
	State            DeliveryState
	Created          time.Time
	// Next is when it is tried next; nil for never.
	Next *time.Time
	// Attempts are the last ones, in order.
	Attempts []DeliveryAttempt
	// Answer is the beginning of what was answered last.
	Answer string
}

// PingKind is the kind of what is delivered when somebody asks for it, which is no event.
const PingKind EventKind = "ping"

// DeliveryAttempt is one try to deliver. It becomes JSON.
type DeliveryAttempt struct {
	At time.Time `json:"at"`
	// Status is that of the answer, 0 where none came.
	Status int           `json:"status"`
	Took   time.Duration `json:"took"`
	// Error says why it counts as failed, "" where it does not.
	Error string `json:"error"`
}

// DueDelivery is a delivery with all that is needed to make it.
type DueDelivery struct {
	ID, WebhookID, URL string
	// EventID is the row of the event, 0 for a ping.
	EventID int64
	State   DeliveryState
	Created time.Time
	// Round tells the times apart that its owner had it sent again. Queued is since when it is tried in this one, Tries how
	// often it was.
	Round  int
	Queued time.Time
	Tries  int
	// Secret is what it is signed with; Previous is the one before, which counts until PreviousUntil; nil for none.
	Secret, Previous []byte
	PreviousUntil    time.Time
	// Disabled says that the webhook is switched off.
	Disabled bool
}

// DeliveryOutcome is what came of a delivery's turn.
type DeliveryOutcome struct {
	DeliveryID string
	// Round is the one that the turn was of: in a later one the state stays as it is.
	Round int
	// State is DeliveryQueued for one that is tried again, at Next.
	State DeliveryState
	Next  time.Time
	At    time.Time
	// Attempt is nil for one that was not tried; Answer is the beginning of what was answered.
	Attempt *DeliveryAttempt
	Answer  string
}

// Webhooks reads webhooks and what was delivered to them. Every method may return database_unavailable.
type Webhooks interface {
	// Webhook gives one of an account.
	//
	// Errors: webhook_unknown.
	Webhook(ctx context.Context, accountID, id string) (Webhook, error)
	// Webhooks gives a page of those of an account, the newest first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	Webhooks(ctx context.Context, accountID string, page Page) ([]Webhook, error)
	// Deliveries gives a page of what a webhook of an account was told, the newest first; their ids are the keys.
	//
	// Errors: cursor_invalid.
	Deliveries(ctx context.Context, accountID, webhookID string, page Page) ([]Delivery, error)
	// Delivery gives one of them.
	//
	// Errors: delivery_unknown.
	Delivery(ctx context.Context, accountID, webhookID, id string) (Delivery, error)
	// WebhooksOf gives the first webhooks after one, "" for the first of all, that are to be told of an event.
	WebhooksOf(ctx context.Context, event RecordedEvent, after string, limit int) ([]string, error)
	// DueDelivery gives a delivery to be made, and whether there is one of that id.
	DueDelivery(ctx context.Context, id string) (delivery DueDelivery, found bool, err error)
}

// WebhookChanges are the changes of webhooks, and of what is delivered to them.
type WebhookChanges interface {
	OwnWebhookChanges
	DeliveryChanges
}

// OwnWebhookChanges are what the owner of a webhook changes.
type OwnWebhookChanges interface {
	// AddWebhook adds a webhook, unless its account has most already.
	//
	// Errors: project_unknown, shelf_unknown, account_unknown, webhooks_full.
	AddWebhook(ctx context.Context, draft WebhookDraft, most int) error
	// RemoveWebhook removes a webhook of an account, with its log.
	//
	// Errors: webhook_unknown.
	RemoveWebhook(ctx context.Context, accountID, id string) error
	// RotateSecret gives a webhook of an account another secret; the one before counts until a time too.
	//
	// Errors: webhook_unknown.
	RotateSecret(ctx context.Context, accountID, id string, secret []byte, previousUntil time.Time) error
	// EnableWebhook switches a webhook of an account on again, as if it had never failed.
	//
	// Errors: webhook_unknown.
	EnableWebhook(ctx context.Context, accountID, id string) error
	// Redeliver has a delivery of a webhook of an account made again, whatever became of it.
	//
	// Errors: delivery_unknown.
	Redeliver(ctx context.Context, accountID, webhookID, id string, at time.Time) error
}

// DeliveryChanges are what deliveries change.
type DeliveryChanges interface {
	// PostDeliveries has webhooks told of an event by its row, of a ping for 0, once the unit of work is done; ids are those
	// that the deliveries get. It gives those that are new: an event is delivered to a webhook once.
	PostDeliveries(ctx context.Context, eventID int64, ids, webhookIDs []string, at time.Time) ([]string, error)
	// SettleDelivery records what came of a delivery's turn and gives its webhook, "" where the delivery is gone.
	SettleDelivery(ctx context.Context, outcome DeliveryOutcome) (webhookID string, err error)
	// WebhookDelivered records that a webhook takes what it is told.
	WebhookDelivered(ctx context.Context, id string) error
	// WebhookFailed records that one does not, and gives since when that is so.
	WebhookFailed(ctx context.Context, id string, at time.Time) (since time.Time, err error)
	// DisableWebhook switches one off.
	DisableWebhook(ctx context.Context, id string, reason DisabledReason, at time.Time) error
}

// WebhookSender calls the addresses of webhooks.
type WebhookSender interface {
	// Send posts a message. Whatever comes of it is in the answer; an error is that of ctx, whose end is nobody's failure.
	Send(ctx context.Context, message WebhookMessage) (WebhookAnswer, error)
}

// WebhookMessage is what goes to a webhook, as Standard Webhooks has it: https://www.standardwebhooks.com
type WebhookMessage struct {
	URL string
	// ID is the same each time that the message is sent. Timestamp is when it is, in seconds since 1970.
	ID        string
	Timestamp int64
	// Signature is one or several, apart by spaces.
	Signature string
	// Body is JSON.
	Body []byte
}

// WebhookAnswer is what a webhook answered.
type WebhookAnswer struct {
	// Status is 0 where no answer came, for the reason that Error says.
	Status int
	Error  string
	// Beginning is that of the answer's body, as text without control characters.
	Beginning string
}
