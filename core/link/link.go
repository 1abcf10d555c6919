// Package link signs what the links in letters say, so that whoever opens one shows that they got the letter.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Purpose is what a link is good for. A link of one purpose opens nothing else.
type Purpose string

// The purposes of links.
const (
	Confirm     Purpose = "confirm"     // a subscription that was asked for; the subject is its id
	Manage      Purpose = "manage"      // all that an address follows; the subject is the recipient's id
	Unsubscribe Purpose = "unsubscribe" // ends one subscription; the subject is its id
	Silence     Purpose = "silence"     // ends all letters to an address; the subject is the recipient's id
)

// How long links are good that end; the others are good for ever.
const (
	ConfirmLife = 48 * time.Hour
	ManageLife  = 24 * time.Hour
)

// Claim is what a link says.
type Claim struct {
	Purpose Purpose
	// Subject is what it is about, an id.
	Subject string
	// Expires is when it ends, in seconds of UTC; the zero time for never.
	Expires time.Time
}

// Key signs and checks links.
type Key []byte

const (
	separator  = "\x00"
	timeLength = 8
)

// Sign gives the token of a link: base64url (RFC 4648, 5) of when it ends, what it is for and about, and of the HMAC-SHA256
// of that (RFC 2104).
func (k Key) Sign(c Claim) string {
	payload := binary.BigEndian.AppendUint64(nil, uint64(max(c.Expires.Unix(), 0)))
	payload = append(payload, string(c.Purpose)+separator+c.Subject...)
	return base64.RawURLEncoding.EncodeToString(append(payload, k.mac(payload)...))
}

// Open checks a token and gives what its link is about.
//
// Errors: link_invalid for what was not signed here or for another purpose, link_expired.
func (k Key) Open(purpose Purpose, token string, now time.Time) (subject string, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < timeLength+sha256.Size {
		return "", invalid()
	}
	payload, mac := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	if !hmac.Equal(mac, k.mac(payload)) {
		return "", invalid()
	}
	said, subject, _ := strings.Cut(string(payload[timeLength:]), separator)
	if Purpose(said) != purpose {
		return "", invalid()
	}
	if ends := int64(binary.BigEndian.Uint64(payload)); ends > 0 && now.Unix() >= ends {
		return "", fault.New(fault.LinkExpired, "That link ended on %s. Ask for a new one.", time.Unix(ends, 0).UTC().Format("2 January 2006, 15:04 UTC"))
	}
	return subject, nil
}

func (k Key) mac(payload []byte) []byte {
	h := hmac.New(sha256.New, k)
	h.Write(payload)
	return h.Sum(nil)
}

func invalid() error {
	return fault.New(fault.LinkInvalid,
		"That link is not one of this registry's, or a part of it is missing. Open it from the letter again, or ask for a new one.")
}
