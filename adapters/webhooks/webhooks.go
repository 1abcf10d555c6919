// Package webhooks calls the addresses that people have registered, in the form of Standard Webhooks:
// https://www.standardwebhooks.com
package webhooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"pgtrunk.io/registry/adapters/outbound"
	"pgtrunk.io/registry/ports"
)

const (
	// deadline bounds a call, its answer included.
	deadline = 10 * time.Second
	// readLimit is how much of an answer is read, so that its connection can be used again; beginning how much is kept.
	readLimit = 64 << 10
	beginning = 1 << 10
	// longestError is what is kept of the reason why a call failed, in bytes.
	longestError = 300
)

// Options say what may be called.
type Options struct {
	// Loopback lets this machine be called too, for development and tests.
	Loopback bool
	// Resolver finds the addresses of names; nil for the system's.
	Resolver *net.Resolver
	// Deadline bounds a call; 0 means 10 s.
	Deadline time.Duration
}

// Sender calls webhooks.
type Sender struct {
	client   http.Client
	deadline time.Duration
}

var _ ports.WebhookSender = (*Sender)(nil)

// New makes a sender.
func New(options Options) *Sender {
	bound := options.Deadline
	if bound == 0 {
		bound = deadline
	}
	transport := outbound.NewTransport(outbound.Options{Deadline: bound, Loopback: options.Loopback, Resolver: options.Resolver})
	transport.DisableCompression = true
	return &Sender{deadline: bound, client: http.Client{
		Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}}
}

// Send posts a message.
func (s *Sender) Send(ctx context.Context, message ports.WebhookMessage) (ports.WebhookAnswer, error) {
	bounded, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	answer, err := s.post(bounded, message)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return ports.WebhookAnswer{}, ctx.Err()
	case bounded.Err() != nil:
		answer.Error = fmt.Sprintf("There was no answer within %s.", s.deadline)
	default:
		answer.Error = reason(err)
	}
	return answer, nil
}

func (s *Sender) post(ctx context.Context, message ports.WebhookMessage) (ports.WebhookAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.URL, bytes.NewReader(message.Body))
	if err != nil {
		return ports.WebhookAnswer{}, err
	}
	header := request.Header
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "pgtrunk-registry (+https://pgtrunk.io)")
	header.Set("Webhook-Id", message.ID)
	header.Set("Webhook-Timestamp", strconv.FormatInt(message.Timestamp, 10))
	header.Set("Webhook-Signature", message.Signature)
	response, err := s.client.Do(request)
	if err != nil {
		return ports.WebhookAnswer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	answer := ports.WebhookAnswer{Status: response.StatusCode, Error: refusal(response.StatusCode)}
	// The status decides; whoever says that they have it and then stalls has it.
	kept, err := io.ReadAll(io.LimitReader(response.Body, beginning))
	answer.Beginning = legible(kept)
	if err == nil {
		_, _ = io.CopyN(io.Discard, response.Body, readLimit-beginning)
	}
	return answer, nil
}

// refusal says why a status counts as a failure, "" for one that does not.
func refusal(status int) string {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return "It answered with a redirect, which is not followed. Register the address that it leads to."
	default:
		return "It answered with a status that is none of success."
	}
}

// legible is text that can be kept and shown: valid UTF-8 without control characters but for lines and tabs.
func legible(raw []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, strings.ToValidUTF8(string(raw), ""))
}

// reason says why there was no answer, without the address, which its owner knows and which may hold a token.
func reason(err error) string {
	if of, ok := errors.AsType[*url.Error](err); ok {
		err = of.Err
	}
	text := legible([]byte(err.Error()))
	if len(text) > longestError {
		text = strings.ToValidUTF8(text[:longestError], "")
	}
	return text
}
