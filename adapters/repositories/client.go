package repositories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"pgtrunk.io/registry/core/extension"
)

const (
	redirects = 3
	// jsonLimit leaves room for a README in base64 with a line feed, escaped, after every 60 characters.
	jsonLimit = 2 * extension.ReadmeLimit
)

// client asks the interface of one host.
type client struct {
	base, token string
	http        http.Client
}

// newClient makes a client for the interface at base. Redirects may lead to its host, and to others of the same provider.
func newClient(transport http.RoundTripper, base, token string, others ...string) *client {
	start, err := url.Parse(base)
	if err != nil {
		panic(err) // written down in this package
	}
	hosts := append([]string{start.Host}, others...)
	return &client{base: base, token: token, http: http.Client{
		Transport: transport,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			switch {
			case len(via) > redirects:
				return errors.New("too many redirects")
			case next.URL.Scheme != "https" || next.URL.User != nil || !slices.Contains(hosts, next.URL.Host):
				return fmt.Errorf("a redirect to %s://%s is not followed", next.URL.Scheme, next.URL.Host)
			case next.URL.Host != start.Host:
				next.Header.Del("Authorization")
			}
			return nil
		},
	}}
}

// json reads an answer in JSON.
//
// Errors: as of get, and *json.UnmarshalTypeError for JSON of another form.
func (c *client) json(ctx context.Context, path string, into any) error {
	body, err := c.get(ctx, jsonLimit, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// get reads an answer of at most limit bytes.
//
// Errors: errAbsent, errTooLong, *statusError, or one of the network.
func (c *client) get(ctx context.Context, limit int64, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	// GitHub answers nobody who does not say who they are.
	request.Header.Set("User-Agent", "pgtrunk-registry (+https://pgtrunk.io)")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone, http.StatusUnavailableForLegalReasons:
		return nil, errAbsent
	default:
		return nil, &statusError{status: response.Status, wait: retryAfter(response.Header)}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = errTooLong
	}
	return body, err
}

// retryAfter reads how long a host wants to be left alone, in seconds; 0 where it says nothing sane.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > int(longestWait/time.Second) {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
