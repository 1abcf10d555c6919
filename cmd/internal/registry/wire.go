package registry

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"pgtrunk.io/registry/adapters/filesystem"
	httpadapter "pgtrunk.io/registry/adapters/http"
	"pgtrunk.io/registry/adapters/hyperloglog"
	"pgtrunk.io/registry/adapters/jobs"
	"pgtrunk.io/registry/adapters/lru"
	"pgtrunk.io/registry/adapters/metrics"
	"pgtrunk.io/registry/adapters/observed"
	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/repositories"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/adapters/tracing"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/administer"
	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/events"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/core/journal"
	"pgtrunk.io/registry/core/limit"
	"pgtrunk.io/registry/core/owners"
	"pgtrunk.io/registry/core/publish"
	"pgtrunk.io/registry/core/readme"
	"pgtrunk.io/registry/core/search"
	"pgtrunk.io/registry/core/upkeep"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/core/withdraw"
	"pgtrunk.io/registry/ports"
)

// now and newID are the clock and the ids of the whole process. Times have the microseconds that PostgreSQL keeps, so that
// an answer says what is stored. Version 7 UUIDs (RFC 9562) sort by time, which keeps
// the indexes on them small.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Logger writes structured logs, each line with the ids of the request and the trace it belongs to.
func Logger(cfg Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if cfg.LogJSON {
		handler = slog.NewJSONHandler(w, options)
	}
	return slog.New(withIDs{handler})
}

// withIDs adds the ids of the request and of its trace to what is logged with its context.
type withIDs struct{ slog.Handler }

// Handle adds the ids and passes the record on.
func (h withIDs) Handle(ctx context.Context, record slog.Record) error {
	if id := httpadapter.RequestID(ctx); id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}
	if id := tracing.TraceID(ctx); id != "" {
		record.AddAttrs(slog.String("trace_id", id))
	}
	return h.Handler.Handle(ctx, record) //nolint:wrapcheck // a decorator
}

// WithAttrs keeps adding the ids.
func (h withIDs) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withIDs{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps adding the ids.
func (h withIDs) WithGroup(name string) slog.Handler { return withIDs{h.Handler.WithGroup(name)} }

// Access makes the use case of tokens over a store.
func Access(store *postgres.Store, cfg Config) *access.Service {
	service := &access.Service{
		Tokens: store, Accounts: store, Sessions: store, SignIns: oidc.New(cfg.Providers, oidc.Options{Now: now}), Work: store,
		Counts: store, Failures: cfg.Limits[limit.FailedSignIn], Lifetime: cfg.TokenLifetime, Now: now, NewID: newID,
		Entropy: entropy,
	}
	if cfg.SignIn.Issuer != "" {
		service.Pages = oidc.NewPages(cfg.SignIn, oidc.Options{Now: now})
	}
	return service
}

// Upkeep makes the use case of cleaning up over a store and its objects.
func Upkeep(store *postgres.Store, objects ports.Inventory, cfg Config) *upkeep.Service {
	return &upkeep.Service{Objects: objects, Ledger: store, Now: now, Grace: cfg.UpkeepGrace}
}

// Counter makes the use case of counting downloads over a store.
func Counter(store *postgres.Store) *usage.Counter {
	return usage.NewCounter(usage.Options{Log: store, Sketches: hyperloglog.Sketches{}, Now: now, Entropy: entropy, Replica: uuid.NewString()})
}

// entropy fills with what nobody can guess.
func entropy(b []byte) error {
	_, err := rand.Read(b)
	return err
}

// linkShare is which part of its life a presigned link is given out for: what is left is at least two thirds.
const linkShare = 3

// parts is what a running registry is made of.
type parts struct {
	store   *postgres.Store
	handler http.Handler
	upkeep  *upkeep.Service
	clock   *catalogueClock
	counter *usage.Counter
	working *working
}

func build(ctx context.Context, cfg Config, publicURL *url.URL, log *slog.Logger, draining func() bool, seen *observation) (*parts, error) {
	cfg.Database.Tracers = append(slices.Clone(cfg.Database.Tracers), seen.statements...)
	queue, err := jobs.NewQueue(cfg.MailEnabled)
	if err != nil {
		return nil, err
	}
	cfg.Database.Queue = queue
	store, err := postgres.Open(ctx, cfg.Database)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	cfg.SignIn.Redirect = publicURL.String() + httpadapter.SignInReturn
	tokens := Access(store, cfg)
	working, err := newWorking(ctx, store, cfg, publicURL, log)
	if err != nil {
		store.Close()
		return nil, err
	}
	told := seen.metrics.Letters(lettersQueued(ctx, store, cfg.MailEnabled))
	if working.sending != nil {
		working.sending.service.Sent = told
		tokens.TokenMade = working.sending.service.TokenMade
	}
	working.hooks.Delivered = seen.metrics.Deliveries(deliveriesQueued(ctx, store))
	bucket, err := s3.New(ctx, cfg.Objects)
	if err != nil {
		store.Close()
		return nil, fmt.Errorf("open the object store: %w", err)
	}
	objects := observed.NewObjects(bucket, seen.calls...)
	uploads, requests := httpadapter.NewPlaces(cfg.MaxUploads), httpadapter.NewPlaces(cfg.MaxRequests)
	clock := &catalogueClock{changes: store, asking: seen.metrics.Task(taskClock)}
	counter := Counter(store)
	artefacts, err := lru.New(store, lru.Options{Catalogue: clock.last, Stale: cfg.StaleLinks, Now: now})
	if err != nil {
		store.Close()
		return nil, fmt.Errorf("remember builds: %w", err)
	}
	links, err := lru.NewLinks(objects, cfg.Objects.LinkExpiry/linkShare, now)
	if err != nil {
		store.Close()
		return nil, fmt.Errorf("remember links: %w", err)
	}
	handler, err := httpadapter.New(httpadapter.Options{
		Catalog: &catalog.Service{
			Releases: store, Artefacts: artefacts, Projects: store, Accounts: store, Surroundings: store, Readmes: store,
		},
		Search: &search.Service{Index: store, Directory: store, Now: now},
		Health: &health.Service{Projects: store, Releases: store, Readmes: store, Now: now},
		Publish: &publish.Service{
			Standings: store, Artefacts: store, Objects: objects, Spool: filesystem.NewSpool(cfg.SpoolDir), Work: store,
			Now: now, NewID: newID, Limits: extension.DefaultLimits(), Counts: store, Policies: cfg.Limits,
		},
		Access:   tokens,
		Owners:   &owners.Service{Ownership: store, Accounts: store, Work: store, Now: now, NewID: newID},
		Withdraw: &withdraw.Service{Work: store, Now: now},
		Readme: &readme.Service{
			Readmes: store, Releases: store, Artefacts: store, Ownership: store, Repositories: repositories.New(cfg.Repositories),
			Work: store, Counts: store, Policy: cfg.Limits[limit.RefreshReadme], Now: now,
		},
		Administer: &administer.Service{Projects: store, Work: store, Now: now, NewID: newID, Hosts: cfg.ExternalHosts},
		Journal:    &journal.Service{Record: store, Ownership: store, Accounts: store},
		Events:     &events.Service{Events: store},
		Follow:     &follow.Service{Following: store, Work: store, Sends: cfg.MailEnabled, Policies: cfg.Limits, Now: now, NewID: newID},
		Webhooks:   working.hooks,
		Objects:    links,
		Counter:    counter, Usage: &usage.Service{Usage: store, Now: now},
		CatalogueState: clock.current, ReadCatalogueState: store.CatalogueState, CatalogueChanged: clock.change,
		CheckDatabase: store.Check, CheckObjects: objects.Check, Draining: draining,
		SessionLifetime: cfg.SessionLifetime, PublicURL: publicURL, SearchPolicy: cfg.Limits[limit.Search],
		UploadLimit: cfg.UploadLimit, Uploads: uploads, Requests: requests, Observers: seen.requests,
		TrustedProxies: cfg.TrustedProxies, Program: Program(), Log: log, Now: now, NewID: newID,
	})
	if err != nil {
		store.Close()
		return nil, fmt.Errorf("make the handler: %w", err)
	}
	seen.metrics.Requests(requests.Taken, requests.Limit)
	seen.metrics.Uploads(uploads.Taken, uploads.Limit)
	seen.metrics.Pool(func() metrics.PoolStats { return poolStats(store) })
	seen.metrics.Downloads(counter.Written, counter.Pending)
	return &parts{store: store, handler: seen.wrap(handler), upkeep: Upkeep(store, objects, cfg), clock: clock, counter: counter, working: working}, nil
}
