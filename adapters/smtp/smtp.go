// Package smtp hands letters to a mail server (RFC 5321), over connections that are used again.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	wire "github.com/wneessen/go-mail/smtp"
	"golang.org/x/time/rate"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/ports"
)

var _ ports.Mailer = (*Mailer)(nil)

// Config says which server to use and as whom.
type Config struct {
	// URL is smtp://user:password@host:587, or smtps:// where the connection begins with TLS. Of smtp, ?starttls= says whether
	// TLS is required (the default), opportunistic or off.
	URL *url.URL
	// From is whom letters come from, ReturnPath where what cannot be delivered goes; "" is for the address of From.
	From       *mail.Address
	ReturnPath string
	// Rate is how many letters a process hands over; the zero value sets no limit.
	Rate limit.Policy
	// Timeout bounds each step of handing over, a connection too; 0 means 30 s.
	Timeout time.Duration
	// Connections bounds how many there are at a time; 0 means 4.
	Connections int
	// TLS is for tests, whose servers have certificates of their own; nil for what the system trusts.
	TLS *tls.Config
}

// ParseURL reads the address of a mail server.
//
// Errors: what cannot be one.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	secure := u.Query().Get("starttls")
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps", u.Hostname() == "", strings.Trim(u.Path, "/") != "", u.Fragment != "":
		return nil, errors.New("not the address of a mail server")
	case u.RawQuery != "" && (u.Scheme != "smtp" || secure == ""), secure != "" && secure != "required" && secure != "opportunistic" && secure != "off":
		return nil, errors.New("starttls is required, opportunistic or off")
	}
	return u, nil
}

// Mailer hands letters to one server.
type Mailer struct {
	cfg    Config
	client *gomail.Client
	pace   *rate.Limiter
	// places has one for each connection that may be used; idle are those that wait.
	places chan struct{}
	idle   chan *connection
}

type connection struct {
	client *wire.Client
	sent   int
	used   time.Time
}

const (
	// A connection is used for so many letters, and not when it has waited for so long: servers close it before five minutes
	// (RFC 5321, 4.5.3.2.7).
	mostLetters = 100
	mostIdle    = 30 * time.Second
)

// New makes a mailer. It does not connect yet.
//
// Errors: a host that cannot be one.
func New(cfg Config) (*Mailer, error) {
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Connections == 0 {
		cfg.Connections = 4
	}
	if cfg.ReturnPath == "" {
		cfg.ReturnPath = cfg.From.Address
	}
	options := []gomail.Option{gomail.WithTimeout(cfg.Timeout)}
	if cfg.TLS != nil {
		options = append(options, gomail.WithTLSConfig(cfg.TLS))
	}
	port := 587
	switch {
	case cfg.URL.Scheme == "smtps":
		port, options = 465, append(options, gomail.WithSSL())
	case cfg.URL.Query().Get("starttls") == "off":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case cfg.URL.Query().Get("starttls") == "opportunistic":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if given := cfg.URL.Port(); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil {
			return nil, err
		}
		port = n
	}
	options = append(options, gomail.WithPort(port))
	if user := cfg.URL.User; user != nil {
		password, _ := user.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(cfg.URL.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("make the client of the mail server: %w", err)
	}
	pace := rate.NewLimiter(rate.Inf, 0)
	if !cfg.Rate.None() {
		pace = rate.NewLimiter(rate.Every(cfg.Rate.Every), cfg.Rate.Burst)
	}
	return &Mailer{
		cfg: cfg, client: client, pace: pace,
		places: make(chan struct{}, cfg.Connections), idle: make(chan *connection, cfg.Connections),
	}, nil
}

// Close ends the connections that wait. Nothing is sent after it.
func (m *Mailer) Close() {
	for {
		select {
		case c := <-m.idle:
			m.end(c)
		default:
			return
		}
	}
}

// Send hands a letter over.
func (m *Mailer) Send(ctx context.Context, letter ports.Mail) error {
	message, err := m.message(letter)
	if err != nil {
		return err
	}
	select {
	case m.places <- struct{}{}:
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	defer func() { <-m.places }()
	if err := m.pace.Wait(ctx); err != nil {
		return unavailable(err)
	}
	c, err := m.connect(ctx)
	if err != nil {
		return interpret(err)
	}
	err = m.client.SendWithSMTPClient(c.client, message)
	if message.IsDelivered() {
		// The server has it. What went wrong after that is the connection's.
		m.keep(c, err == nil)
		return nil
	}
	failure, ok := errors.AsType[*gomail.SendError](err)
	m.keep(c, ok && failure.ErrorCode() != 0 && failure.ErrorCode() != serviceClosing)
	return interpret(err)
}

// serviceClosing is the answer of a server that ends the connection.
const serviceClosing = 421

// connect gives a connection that works: one that waits, or a new one.
func (m *Mailer) connect(ctx context.Context) (*connection, error) {
	for {
		select {
		case c := <-m.idle:
			if time.Since(c.used) < mostIdle && c.client.UpdateDeadline(m.cfg.Timeout) == nil && c.client.Noop() == nil {
				return c, nil
			}
			m.end(c)
			continue
		default:
		}
		client, err := m.client.DialToSMTPClientWithContext(ctx)
		if err != nil {
			return nil, err
		}
		return &connection{client: client}, nil
	}
}

// keep lets a connection wait for the next letter, if it is good for one.
func (m *Mailer) keep(c *connection, good bool) {
	c.sent, c.used = c.sent+1, time.Now()
	if !good || c.sent >= mostLetters {
		m.end(c)
		return
	}
	select {
	case m.idle <- c:
	default:
		m.end(c)
	}
}

// end ends a connection politely where its server listens. What it says to that changes nothing.
func (m *Mailer) end(c *connection) {
	_ = c.client.UpdateDeadline(time.Second)
	_ = m.client.CloseWithSMTPClient(c.client)
	_ = c.client.Close()
}

// message writes a letter as RFC 5322 has it.
func (m *Mailer) message(letter ports.Mail) (*gomail.Msg, error) {
	for _, field := range []string{letter.To, letter.ID, letter.Thread, letter.Subject, letter.List, letter.Unsubscribe} {
		if strings.ContainsFunc(field, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' }) {
			return nil, fault.New(fault.MailRefused,
				"A field of the letter holds a line break or another control character, so it is not sent. Remove it from what the letter is about.")
		}
	}
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(m.cfg.From)
	if err := message.EnvelopeFrom(m.cfg.ReturnPath); err != nil {
		return nil, fmt.Errorf("the return path: %w", err)
	}
	if err := message.To(letter.To); err != nil {
		return nil, fault.New(fault.MailboxUnknown, "No letter can be sent to that address. Use one such as you@example.org.").Because(err)
	}
	message.SetMessageIDWithValue(letter.ID)
	message.SetDateWithValue(letter.Date)
	message.Subject(letter.Subject)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	if letter.Thread != "" {
		message.SetGenHeaderPreformatted(gomail.HeaderInReplyTo, "<"+letter.Thread+">")
		message.SetGenHeaderPreformatted(gomail.HeaderReferences, "<"+letter.Thread+">")
	}
	if letter.List != "" {
		message.SetGenHeader("List-Id", letter.List)
	}
	if letter.Unsubscribe != "" {
		// Folded nowhere: programs that read it take the line as it is.
		message.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+letter.Unsubscribe+">")
		message.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	message.SetBodyString(gomail.TypeTextPlain, letter.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	return message, nil
}
