package smtp

import (
	"errors"
	"net/textproto"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"pgtrunk.io/registry/core/fault"
)

// enhanced is an enhanced status code (RFC 3463) where it stands in an answer.
var enhanced = regexp.MustCompile(`\b[245]\.(\d{1,3})\.(\d{1,3})\b`)

// unknownMailbox are the codes of RFC 3463 that say that there is no such mailbox: bad mailbox, bad system, bad syntax, moved.
var unknownMailbox = map[string]bool{"1.1": true, "1.2": true, "1.3": true, "1.6": true, "1.10": true}

// interpret gives what went wrong as a fault.
func interpret(err error) error {
	failure, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		// Where the connection was made: a server that does not want the password says so for good, but the letter is not
		// to blame, and those who run the registry can mend it meanwhile.
		return unavailable(err)
	}
	code := failure.ErrorCode()
	if reply, ok := errors.AsType[*textproto.Error](err); ok && code == 0 {
		code = reply.Code
	}
	answer := clean(err)
	switch {
	case code < 500:
		return fault.New(fault.MailUnavailable, "The mail server wants the letter later: %s. It is sent again.", answer).Because(err)
	case failure.Reason == gomail.ErrSMTPRcptTo && unknown(code, answer):
		return fault.New(fault.MailboxUnknown, "The mail server knows no such mailbox: %s. Use an address that exists.", answer).Because(err)
	default:
		return fault.New(fault.MailRefused, "The mail server refuses the letter for good: %s. Mend that, then send it again.", answer).Because(err)
	}
}

// unknown tells whether an answer to RCPT says that there is no such mailbox. A 550 without an enhanced code says so
// (RFC 5321, 4.2.3); with one, that counts: 5.7.1 is a policy, and 5.2.2 a mailbox that is full.
func unknown(code int, answer string) bool {
	if found := enhanced.FindStringSubmatch(answer); found != nil {
		return unknownMailbox[found[1]+"."+found[2]]
	}
	return code == 550 || code == 551 || code == 553
}

func unavailable(err error) error {
	return fault.New(fault.MailUnavailable, "The mail server cannot be reached: %s. The letter is sent again.", clean(err)).Because(err)
}

// mostAnswer bounds what is kept of an answer, in bytes.
const mostAnswer = 500

// clean gives an answer as one line.
func clean(err error) string {
	text := strings.ToValidUTF8(strings.Join(strings.Fields(err.Error()), " "), "?")
	if len(text) > mostAnswer {
		text = strings.ToValidUTF8(text[:mostAnswer], "")
	}
	return strings.TrimRight(text, ".")
}
