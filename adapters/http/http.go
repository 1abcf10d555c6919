// Package http serves the contract (openapi.yaml) over HTTP: the routes, models and strict handlers in its folder api
// are generated from it, and the handlers here turn each request into one call of the core and its outcome into an
// answer. It is the only package that knows the web framework and the only one that knows HTTP statuses.
package http

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/administer"
	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/events"
	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/core/journal"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/core/owners"
	"pgtrunk.io/registry/core/publish"
	"pgtrunk.io/registry/core/readme"
	"pgtrunk.io/registry/core/search"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/core/webhook"
	"pgtrunk.io/registry/core/withdraw"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// Options is what the handler is made of.
type Options struct {
	Catalog    *catalog.Service
	Search     *search.Service
	Health     *health.Service
	Publish    *publish.Service
	Access     *access.Service
	Owners     *owners.Service
	Withdraw   *withdraw.Service
	Readme     *readme.Service
	Administer *administer.Service
	Journal    *journal.Service
	Events     *events.Service
	Follow     *follow.Service
	Webhooks   *webhook.Service
	// Objects tells where the bytes of an artefact are.
	Objects ports.ObjectStore
	// Counter counts downloads, Usage tells how many there were.
	Counter *usage.Counter
	Usage   *usage.Service
	// CheckDatabase and CheckObjects answer for readiness.
	CheckDatabase, CheckObjects func(context.Context) error
	// Draining says that the process is about to stop.
	Draining func() bool
	// CatalogueState tells the state that the catalogue was in a moment ago; false while that is not known.
	CatalogueState func() (ports.CatalogueState, bool)
	// ReadCatalogueState asks for the state that it is in now.
	ReadCatalogueState func(context.Context) (ports.CatalogueState, error)
	// CatalogueChanged is told after a request that may have changed the catalogue.
	CatalogueChanged func()
	// PublicURL is the registry's own address as clients see it, without a slash at the end.
	PublicURL *url.URL
	// SessionLifetime is how long somebody stays signed in on the pages.
	SessionLifetime time.Duration
	// SearchPolicy is how often one address may search.
	SearchPolicy limit.Policy
	// UploadLimit bounds an archive, in bytes.
	UploadLimit int64
	// Program is what runs.
	Program ports.Program
	// Uploads and Requests bound what is in flight; what comes on top is shed with 503.
	Uploads, Requests *Places
	// Observers are told of every request.
	Observers []ports.RequestObserver
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
	Now            ports.Clock
	NewID          ports.IDs
}

// New makes the handler of the whole registry.
//
// Errors: a contract that cannot be read, which is a fault of the build.
func New(options Options) (http.Handler, error) {
	contract, err := loadContract()
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.IPExtractor = clientAddress(options.TrustedProxies)
	pages, err := site.New(options.PublicURL)
	if err != nil {
		return nil, err
	}
	e.HTTPErrorHandler = problemHandler(options.Log, pages)
	sameOrigin, err := sameOrigin(options.PublicURL)
	if err != nil {
		return nil, err
	}
	whole := &snapshots{state: options.CatalogueState, known: map[string]snapshot{}}
	parts, err := newRecent(options.ReadCatalogueState)
	if err != nil {
		return nil, err
	}
	searches, err := newPace(limit.Search, options.SearchPolicy, options.Now)
	if err != nil {
		return nil, err
	}
	// A pace is kept also with what is answered from memory: nobody can know which answers are.
	e.Use(contract.find, authorise(contract.needs, options.Access), contract.validateBody, searches.of("search", "suggest"),
		caching(taggedOperations(contract.document), whole, parts, options))
	readmes, err := newReadmes()
	if err != nil {
		return nil, err
	}
	downloads, err := newDownloads()
	if err != nil {
		return nil, err
	}
	handlers := &handlers{
		Options: options, contract: contract, site: pages, snapshots: whole, readmes: readmes, searches: searches, downloads: downloads,
	}
	e.Pre(identify(options), guard, secure(options.PublicURL), anyOriginMayRead(), sameOrigin, shed(options.Requests), basePath, headAsGet,
		handlers.knownDownloads)
	if err := handlers.documentation(); err != nil {
		return nil, err
	}
	api.RegisterHandlersWithOptions(e, api.NewStrictHandler(handlers, nil), api.RegisterHandlersOptions{
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{
			"getRoot":          {handlers.homeForPeople},
			"publishExtension": {shed(options.Uploads), receiveUpload(options.UploadLimit)},
		},
	})
	handlers.registerAssets(e)
	handlers.registerPages(e)
	handlers.registerAccount(e)
	handlers.registerFollow(e)
	return compressed(withInfo(e))
}

// handlers implements the generated strict server; its methods are in the files named after the contract's tags.
type handlers struct {
	Options

	contract *contract
	// swaggerUI and readingPage show the contract to people.
	swaggerUI, readingPage http.Handler
	// snapshots keeps answers about all there is.
	snapshots *snapshots
	// searches holds those who search to a pace.
	searches *pace
	// site renders the pages, sessions know who is signed in on those below /account.
	site     *site.Site
	sessions *sessions
	// readmes are those that were shown last.
	readmes *readmes
	// downloads is what the addresses of downloads mean that were asked for last.
	downloads *lru.Cache[string, download]
}

var _ api.StrictServerInterface = (*handlers)(nil)

// clientAddress believes X-Forwarded-For only from the proxies it is told of.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		network := &net.IPNet{
			IP:   prefix.Masked().Addr().AsSlice(),
			Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// address makes an absolute address of the registry from a path that is already escaped.
func (h *handlers) address(format string, parts ...any) string {
	for i, part := range parts {
		parts[i] = url.PathEscape(fmt.Sprint(part))
	}
	return h.PublicURL.String() + fmt.Sprintf(format, parts...)
}
