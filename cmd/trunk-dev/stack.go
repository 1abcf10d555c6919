package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/joho/godotenv"
	"golang.org/x/sync/errgroup"

	"pgtrunk.io/registry/adapters/embeddedpg"
	"pgtrunk.io/registry/adapters/embeddeds3"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/cmd/internal/registry"
	"pgtrunk.io/registry/core/access"
	"pgtrunk.io/registry/core/account"
)

const (
	databaseName = "trunk"
	bucketName   = "trunk"
	urlKey       = "TRUNK_REGISTRY_URL"
	metricsKey   = "TRUNK_METRICS_URL"
	mailKey      = "TRUNK_MAIL_URL"
	tokenKey     = "TRUNK_API_TOKEN" //nolint:gosec // the name of a variable
)

// stack is the parts that the registry needs around it.
type stack struct {
	database *embeddedpg.Server
	objects  *embeddeds3.Server
	issuer   *issuer
	mailbox  *mailbox
}

// start brings everything up, serves until ctx ends, and takes everything down.
func start(ctx context.Context, opts options, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	if err := os.MkdirAll(opts.DataDir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	say := func(text string) { _, _ = fmt.Fprintln(stderr, text) }
	// The servers outlast ctx: requests in flight still need them.
	var s stack
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.open(context.WithoutCancel(ctx), opts.DataDir, say); err != nil {
		return err
	}
	cfg, err := s.config(ctx, opts, getenv)
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, cfg); err != nil {
		return err
	}
	token, err := s.ensureToken(ctx, opts, cfg)
	if err != nil {
		return err
	}
	var failed error
	var filling sync.WaitGroup
	err = registry.Serve(ctx, cfg, registry.Logger(cfg, stderr), func(at registry.Addresses) {
		failed = announce(opts, at, token, cfg.Database.URL, s.mailbox.url, stdout)
		if opts.Demo {
			filling.Go(func() { fillDemo(ctx, opts, cfg, at.Public, stdout) })
		}
	})
	filling.Wait()
	return errors.Join(err, failed)
}

// open starts the database and the object store side by side.
func (s *stack) open(ctx context.Context, dataDir string, say func(string)) error {
	var group errgroup.Group
	group.Go(func() (err error) {
		s.database, err = embeddedpg.Start(ctx, embeddedpg.Options{DataDir: filepath.Join(dataDir, "postgres"), Log: say, Durable: true})
		return err
	})
	group.Go(func() (err error) {
		s.objects, err = embeddeds3.Start(ctx, embeddeds3.Options{Dir: filepath.Join(dataDir, "s3"), Log: say})
		return err
	})
	group.Go(func() (err error) {
		s.issuer, err = startIssuer(ctx, dataDir)
		return err
	})
	group.Go(func() (err error) {
		s.mailbox, err = startMailbox(ctx)
		return err
	})
	return group.Wait()
}

func (s *stack) close() error {
	var errs []error
	if s.mailbox != nil {
		errs = append(errs, s.mailbox.close())
	}
	if s.issuer != nil {
		errs = append(errs, s.issuer.close())
	}
	if s.objects != nil {
		errs = append(errs, s.objects.Close())
	}
	if s.database != nil {
		errs = append(errs, s.database.Close())
	}
	return errors.Join(errs...)
}

// config is that of production, with the addresses of the parts that were started.
func (s *stack) config(ctx context.Context, opts options, getenv func(string) string) (registry.Config, error) {
	if err := s.database.CreateDatabase(ctx, databaseName); err != nil {
		return registry.Config{}, fmt.Errorf("create the database: %w", err)
	}
	level := "warn"
	if opts.Verbose {
		level = "info"
	}
	fixed := map[string]string{
		"LISTEN": opts.Listen, "DATABASE_URL": s.database.URL(databaseName), "LOG_LEVEL": level, "LOG_FORMAT": "text",
		"S3_BUCKET": bucketName, "S3_REGION": s.objects.Region, "S3_ENDPOINT": s.objects.Endpoint, "S3_PATH_STYLE": "true",
		"S3_PUBLIC_URL": "", "DRAIN_DELAY": "0s", "DRAIN_TIMEOUT": "5s",
		"OIDC_PROVIDERS": s.issuer.address + " " + clientID,
		"SIGN_IN_ISSUER": s.issuer.address, "SIGN_IN_CLIENT_ID": clientID, "SIGN_IN_CLIENT_SECRET": "",
	}
	if getenv("METRICS_LISTEN") == "" {
		fixed["METRICS_LISTEN"] = "127.0.0.1:0"
	}
	if getenv("SMTP_URL") == "" {
		fixed["SMTP_URL"], fixed["MAIL_FROM"] = s.mailbox.smtpURL, "Trunk <releases@trunk-dev.example>"
	}
	if getenv("MAIL_SETTLE") == "" {
		// A person who tries it looks for the letter at once.
		fixed["MAIL_SETTLE"] = "2s"
	}
	if getenv("WEBHOOK_LOOPBACK") == "" {
		fixed["WEBHOOK_LOOPBACK"] = "true"
	}
	if !opts.Limits {
		for _, setting := range registry.Settings() {
			if strings.HasPrefix(setting.Name, "LIMIT_") {
				fixed[setting.Name] = "none"
			}
		}
	}
	cfg, err := registry.LoadServe(func(name string) string {
		if value, ok := fixed[name]; ok {
			return value
		}
		return getenv(name)
	})
	cfg.Objects.AccessKey, cfg.Objects.SecretKey = s.objects.AccessKey, s.objects.SecretKey
	return cfg, err
}

// prepare makes the schema and the bucket.
func (s *stack) prepare(ctx context.Context, cfg registry.Config) error {
	var group errgroup.Group
	group.Go(func() error { return postgres.Migrate(ctx, cfg.Database.URL) })
	group.Go(func() error { return s3.EnsureBucket(ctx, cfg.Objects) })
	return group.Wait()
}

// ensureToken gives the token of an earlier start while it is good, and makes one otherwise.
func (s *stack) ensureToken(ctx context.Context, opts options, cfg registry.Config) (string, error) {
	store, err := postgres.Open(ctx, cfg.Database)
	if err != nil {
		return "", err
	}
	defer store.Close()
	service := registry.Access(store, cfg)
	if kept, err := godotenv.Read(envFile(opts)); err == nil {
		if _, err := service.Recognise(ctx, "", kept[tokenKey]); err == nil {
			return kept[tokenKey], nil
		}
	}
	// The same user signs in at the issuer.
	if _, err := service.Link(ctx, opts.User, s.issuer.address, opts.User); err != nil {
		return "", err
	}
	_, secret, err := service.Create(ctx, access.Grant{User: opts.User, Name: "trunk-dev", Scopes: account.Scopes()})
	return secret.Reveal(), err
}

func envFile(opts options) string { return filepath.Join(opts.DataDir, "env") }

// announce writes DATA-DIR/env whole or not at all, and tells what to try. The database's URL is for trunk-registry, the
// command that looks after a registry.
func announce(opts options, at registry.Addresses, token, databaseURL, mailURL string, stdout io.Writer) error {
	lines := fmt.Sprintf("%s=%s\n%s=%s\n%s=%s\n%s=%s\nDATABASE_URL=%s\n",
		urlKey, at.Public, tokenKey, token, metricsKey, at.Metrics, mailKey, mailURL, databaseURL)
	temporary := envFile(opts) + ".new"
	if err := os.WriteFile(temporary, []byte(lines), 0o600); err != nil {
		return fmt.Errorf("write the env file: %w", err)
	}
	if err := os.Rename(temporary, envFile(opts)); err != nil {
		return fmt.Errorf("write the env file: %w", err)
	}
	text := strings.NewReplacer(
		"{url}", at.Public, "{metrics}", at.Metrics, "{mail}", mailURL, "{token}", token, "{env}", relative(envFile(opts)), "{dir}", relative(opts.DataDir),
	).Replace(`
Trunk Registry is at {url}
  token {token} (also in {env})

Try:
  curl {url}/extensions/all
  . {env} && export TRUNK_API_TOKEN && trunk publish --registry {url}
  trunk install --registry {url} NAME

Sign in as somebody else, or become an administrator:
  curl -X POST -H "Authorization: Bearer $(go run ./cmd/trunk-dev token --data-dir {dir} --user alice)" {url}/token/new
  go run ./cmd/trunk-registry --env-file {env} admin grant dev

Look: {url}/account to sign in as anybody, {url}/swagger-ui/ and {url}/redoc
Metrics: {metrics}
Letters, caught and not delivered: {mail}/messages
Ctrl-C ends it; the next start finds everything again.
`)
	_, err := io.WriteString(stdout, text)
	return err
}

// relative is a path as it is shortest to type from here.
func relative(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(short, "..") {
		return short
	}
	return path
}
