package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/emersion/go-smtp"

	"pgtrunk.io/registry/adapters/mailcatcher"
)

// mailbox catches the letters of the registry, so that none leaves this machine, and shows them on a listener of its own.
type mailbox struct {
	// smtpURL is where the registry sends to, url where what came is shown.
	smtpURL, url string

	catching *smtp.Server
	showing  *http.Server
	ended    chan error
}

// startMailbox catches and shows on free ports.
func startMailbox(ctx context.Context) (*mailbox, error) {
	var listening net.ListenConfig
	in, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	out, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	catcher := mailcatcher.New(time.Now)
	m := &mailbox{
		smtpURL: "smtp://" + in.Addr().String() + "?starttls=off", url: "http://" + out.Addr().String(), catching: catcher.SMTP(), ended: make(chan error, 2),
		showing: &http.Server{Handler: catcher.Handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute},
	}
	go func() { m.ended <- m.catching.Serve(in) }()
	go func() { m.ended <- m.showing.Serve(out) }()
	return m, nil
}

func (m *mailbox) close() error {
	err := errors.Join(m.catching.Close(), m.showing.Close())
	for range cap(m.ended) {
		if ended := <-m.ended; !errors.Is(ended, http.ErrServerClosed) && !errors.Is(ended, smtp.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	return err
}
