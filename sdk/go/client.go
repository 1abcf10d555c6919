// Package trunk is the Go client of a Trunk registry, the hub for compiled PostgreSQL extensions.
//
// [New] gives a [Client], which is safe for use by several goroutines at once. Every method takes a context that ends it.
// Faults of the registry are of type [*Error], and errors.Is finds them by their code:
//
//	if errors.Is(err, api.ProblemCodeArtefactExists) { … }
//
// What is safe to repeat is repeated, with a back-off and as long as Retry-After says, when the registry is busy or cannot be
// reached. Lists are iterators, which ask for the next page when it is needed.
//
// [Client.API] has every operation of the contract, for what the methods here leave out; the types of what is sent and
// answered are in the package api, which is generated from the contract.
package trunk

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"pgtrunk.io/registry/sdk/go/api"
)

// Version is that of the contract the client was made from (SemVer 2). It is in the User-Agent of each request.
const Version = "0.1.0"

// Client talks to one registry.
type Client struct {
	base      *url.URL
	transport *transport
	api       *api.ClientWithResponses
}

// Option changes how a client works.
type Option func(*transport)

// WithToken sends an API token, instead of what TRUNK_API_TOKEN in the environment says; "" sends none. It goes to the
// registry only, never where the registry leads a download.
func WithToken(token string) Option { return func(t *transport) { t.token = token } }

// WithHTTPClient sends requests by this client, such as one with a proxy or certificates of its own.
func WithHTTPClient(client *http.Client) Option {
	return func(t *transport) { t.client = *client }
}

// WithAttempts says how often a request that is safe to repeat is tried in all; 4 by default, 1 for never again.
func WithAttempts(attempts int) Option { return func(t *transport) { t.attempts = max(attempts, 1) } }

// WithBackOff says how long to wait before the second attempt and at most before any; 250 ms and 8 s by default. The wait
// doubles, and is a random part of that. Retry-After of an answer makes it longer, up to the third value (60 s): an error
// that asks for more patience is given at once.
func WithBackOff(first, longest, patience time.Duration) Option {
	return func(t *transport) { t.first, t.longest, t.patience = first, longest, patience }
}

// WithTimeout says how long the registry may be silent: until its answer begins, and between any two pieces of what is sent
// or answered. It is 30 s by default; 0 waits for ever. A context's deadline is what bounds a call as a whole.
func WithTimeout(timeout time.Duration) Option { return func(t *transport) { t.timeout = timeout } }

// WithUserAgent puts the name and version of the program before those of the client in the User-Agent.
func WithUserAgent(product string) Option {
	return func(t *transport) { t.userAgent = product + " " + t.userAgent }
}

// New makes a client of the registry at an address such as "https://pgtrunk.io", or below a path of it. It fails where that
// is no address with http or https.
func New(baseURL string, options ...Option) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(baseURL, "/"))
	if err != nil {
		return nil, fmt.Errorf("the registry's address: %w", err)
	}
	if base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("the registry's address %q is not one with http:// or https://", baseURL)
	}
	t := &transport{
		origin: origin(base), token: os.Getenv("TRUNK_API_TOKEN"), userAgent: "pgtrunk-go/" + Version,
		attempts: 4, first: 250 * time.Millisecond, longest: 8 * time.Second, patience: time.Minute, timeout: 30 * time.Second,
	}
	for _, option := range options {
		option(t)
	}
	t.keepToken()
	operations, err := api.NewClientWithResponses(base.String(), api.WithHTTPClient(t))
	if err != nil {
		return nil, fmt.Errorf("the registry's address: %w", err)
	}
	return &Client{base: base, transport: t, api: operations}, nil
}

// API has every operation of the contract, by the same connection: with the token, attempts and timeouts of the client.
// Every answer of 400 and above is an error of type [*Error] there too.
func (c *Client) API() *api.ClientWithResponses { return c.api }
