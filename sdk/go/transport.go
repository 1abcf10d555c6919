package trunk

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// transport sends requests: with the token, in time, and again where that is safe.
type transport struct {
	client           http.Client
	origin           string
	token, userAgent string
	attempts         int
	// first and longest are waits between attempts, patience is the longest Retry-After that is waited for.
	first, longest, patience time.Duration
	timeout                  time.Duration
}

// repeatable marks the context of a request that changes something, and changes nothing more when it comes twice.
type repeatable struct{}

func repeat(ctx context.Context) context.Context { return context.WithValue(ctx, repeatable{}, true) }

// origin is an address without its path (RFC 6454).
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// keepToken sees that no redirect takes the token to another origin. The standard client asks for the host's name only.
func (t *transport) keepToken() {
	before := t.client.CheckRedirect
	t.client.CheckRedirect = func(request *http.Request, via []*http.Request) error {
		if origin(request.URL) != t.origin {
			request.Header.Del("Authorization")
		}
		if before != nil {
			return before(request, via)
		}
		if len(via) >= 10 {
			return errors.New("stopped after 10 redirects")
		}
		return nil
	}
}

// Do sends a request. Answers of 400 and above are errors of type *Error.
func (t *transport) Do(request *http.Request) (*http.Response, error) {
	request.Header.Set("User-Agent", t.userAgent)
	if request.Header.Get("Accept") == "" {
		// JSON first: the routes of terminals would tell of faults as text.
		request.Header.Set("Accept", "application/json, text/plain;q=0.9, */*;q=0.8")
	}
	if t.token != "" && request.Header.Get("Authorization") == "" && origin(request.URL) == t.origin {
		request.Header.Set("Authorization", "Bearer "+t.token)
	}
	for attempt := 1; ; attempt++ {
		response, err := t.once(request)
		if err == nil && response.StatusCode >= http.StatusBadRequest {
			response, err = nil, newError(request, response)
		}
		if err == nil {
			return response, nil
		}
		wait, again := t.again(request, err, attempt)
		if !again {
			return nil, err
		}
		if err := pause(request.Context(), wait); err != nil {
			return nil, err
		}
		if request.GetBody != nil {
			if request.Body, err = request.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// again tells whether to try once more after a fault, and when.
func (t *transport) again(request *http.Request, err error, attempt int) (time.Duration, bool) {
	if attempt >= t.attempts || request.Context().Err() != nil || !safe(request) {
		return 0, false
	}
	var timeout *TimeoutError
	var fault *Error
	switch {
	case errors.As(err, &timeout):
		return 0, false
	case errors.As(err, &fault):
		switch fault.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		default:
			return 0, false
		}
		if fault.RetryAfter > t.patience {
			return 0, false
		}
		return max(fault.RetryAfter, t.backOff(attempt)), true
	default:
		return t.backOff(attempt), true
	}
}

// safe tells whether a request may be sent twice: as RFC 9110 says of methods (section 9.2.2), or as the client knows.
func safe(request *http.Request) bool {
	if request.Body != nil && request.Body != http.NoBody && request.GetBody == nil {
		return false
	}
	switch request.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	default:
		return request.Context().Value(repeatable{}) != nil
	}
}

// backOff is a random part of a wait that doubles with each attempt.
func (t *transport) backOff(attempt int) time.Duration {
	longest := min(t.first<<min(attempt-1, 20), t.longest)
	if longest <= 0 {
		return 0
	}
	return rand.N(longest) //nolint:gosec // spreads load, keeps no secret
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// once sends a request one time. It is given up when nothing moves for the timeout.
func (t *transport) once(request *http.Request) (*http.Response, error) {
	silence := &TimeoutError{Method: request.Method, URL: request.URL.Redacted(), After: t.timeout}
	ctx, cancel := context.WithCancelCause(request.Context())
	dog := &watchdog{timeout: t.timeout, cancel: func() { cancel(silence) }}
	attempt := request.WithContext(ctx)
	if request.Body != nil && request.Body != http.NoBody {
		attempt.Body = &watched{ReadCloser: request.Body, before: dog.wait}
	}
	dog.wait()
	response, err := t.client.Do(attempt)
	dog.rest()
	if err != nil {
		if errors.Is(context.Cause(ctx), silence) {
			err = silence
		}
		cancel(nil)
		return nil, err
	}
	response.Body = &watched{
		ReadCloser: response.Body, before: dog.wait, after: func(err error) error {
			dog.rest()
			if err != nil && errors.Is(context.Cause(ctx), silence) {
				return silence
			}
			return err
		}, closed: func() { cancel(nil) },
	}
	return response, nil
}

// watchdog cancels what has made no progress for a time.
type watchdog struct {
	timeout time.Duration
	cancel  func()
	timer   *time.Timer
}

// wait begins to wait anew.
func (d *watchdog) wait() {
	switch {
	case d.timeout <= 0:
	case d.timer == nil:
		d.timer = time.AfterFunc(d.timeout, d.cancel)
	default:
		d.timer.Reset(d.timeout)
	}
}

// rest waits for nothing.
func (d *watchdog) rest() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

// watched is a body of which each piece is waited for.
type watched struct {
	io.ReadCloser

	before func()
	after  func(error) error
	closed func()
}

// Read waits for one piece.
func (w *watched) Read(p []byte) (int, error) {
	w.before()
	n, err := w.ReadCloser.Read(p)
	if w.after != nil {
		err = w.after(err)
	}
	return n, err //nolint:wrapcheck // a body's errors are the reader's
}

// Close ends the waiting as well.
func (w *watched) Close() error {
	if w.closed != nil {
		defer w.closed()
	}
	return w.ReadCloser.Close() //nolint:wrapcheck // as Read
}
