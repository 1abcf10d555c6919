// Package mailcatcher is a mail server for development: it takes every letter, delivers none, and shows what it took.
package mailcatcher

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

const (
	maxMessages     = 1000
	maxKept         = 64 << 20 // bytes of all messages together
	maxMessageBytes = 4 << 20
	maxRecipients   = 100
	smtpTimeout     = 30 * time.Second
)

// Message is a letter that was caught.
type Message struct {
	ID   string   `json:"id"`
	From string   `json:"from"` // of the envelope
	To   []string `json:"to"`   // of the envelope
	// Subject is decoded; Headers are every header field, decoded, by its canonical name.
	Subject    string              `json:"subject"`
	Headers    map[string][]string `json:"headers"`
	Text       string              `json:"text"`
	HTML       string              `json:"html"`
	ReceivedAt time.Time           `json:"received_at"`

	size int
}

// Catcher keeps the letters that came last.
type Catcher struct {
	now func() time.Time

	mu       sync.Mutex
	last     int
	kept     int
	messages []Message
}

// New makes a catcher that has caught nothing.
func New(now func() time.Time) *Catcher { return &Catcher{now: now} }

// Messages gives what is kept, the newest last.
func (c *Catcher) Messages() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

// Forget drops all that is kept. Ids are not given again.
func (c *Catcher) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.messages, c.kept = nil, 0
}

// SMTP makes the server that catches. Whoever starts it gives it a listener and closes it.
func (c *Catcher) SMTP() *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }))
	server.Domain = "localhost"
	server.MaxMessageBytes, server.MaxRecipients = maxMessageBytes, maxRecipients
	server.ReadTimeout, server.WriteTimeout = smtpTimeout, smtpTimeout
	server.EnableSMTPUTF8 = true
	return server
}

func (c *Catcher) keep(m Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	m.ID, m.ReceivedAt = strconv.Itoa(c.last), c.now().UTC()
	c.messages = append(c.messages, m)
	c.kept += m.size
	for len(c.messages) > maxMessages || c.kept > maxKept {
		c.kept -= c.messages[0].size
		c.messages = slices.Delete(c.messages, 0, 1)
	}
}

// session is one connection's letter.
type session struct {
	catcher *Catcher
	from    string
	to      []string
}

// Mail takes whom the envelope says that it comes from.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt takes one of whom it goes to.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data keeps the message; what cannot be read as one is refused.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := parse(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "That is no message: " + err.Error()}
	}
	m.From, m.To, m.size = s.from, slices.Clone(s.to), len(raw)
	s.catcher.keep(m)
	return nil
}

// Reset forgets the envelope.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout has nothing to end.
func (s *session) Logout() error { return nil }

// parse reads a message (RFC 5322) and its first parts of text and of HTML.
func parse(raw []byte) (Message, error) {
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return Message{}, err
	}
	defer func() { _ = reader.Close() }()
	m := Message{Headers: map[string][]string{}}
	for fields := reader.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		m.Headers[fields.Key()] = append(m.Headers[fields.Key()], value)
	}
	if m.Subject, err = reader.Header.Subject(); err != nil {
		return Message{}, err
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return Message{}, err
		}
		header, inline := part.Header.(*mail.InlineHeader)
		if !inline {
			continue
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return Message{}, err
		}
		kind, _, err := header.ContentType()
		switch {
		case err != nil:
			return Message{}, err
		case kind == "text/html" && m.HTML == "":
			m.HTML = string(body)
		case kind == "text/plain" && m.Text == "":
			m.Text = string(body)
		}
	}
}
