// Package registry builds the registry out of its parts and runs it. Both commands, the one for production and the one
// for development, start it from here, so that they run the same thing.
package registry

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/adapters/oidc"
	"pgtrunk.io/registry/adapters/postgres"
	"pgtrunk.io/registry/adapters/repositories"
	"pgtrunk.io/registry/adapters/s3"
	"pgtrunk.io/registry/adapters/smtp"
	"pgtrunk.io/registry/adapters/tracing"
	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/limit"
)

// Config is everything that can be set. Load reads it from the environment; the README has the same table.
type Config struct {
	// Listen is the address to serve at, such as ":8080".
	Listen string
	// PublicURL is the registry's address as clients see it; nil means http://localhost with the port of Listen.
	PublicURL *url.URL
	// MetricsListen is the address at which /metrics is served, "" for nowhere.
	MetricsListen string
	// Traces says where traces go.
	Traces   tracing.Config
	Database postgres.Config
	Objects  s3.Config
	// UploadLimit bounds an archive, in bytes.
	UploadLimit int64
	// SpoolDir is where uploads wait on local disk.
	SpoolDir string
	// MaxUploads and MaxRequests bound what is in flight.
	MaxUploads, MaxRequests int
	TrustedProxies          []netip.Prefix
	// Providers are the OpenID Connect providers whose sign-ins are taken.
	Providers []account.Provider
	// SignIn is this registry as the issuer knows it where people sign in on the web's pages; the zero value is for none.
	SignIn oidc.Client
	// TokenLifetime is how long a token lasts that does not say, SessionLifetime how long somebody stays signed in on the
	// web's pages.
	TokenLifetime, SessionLifetime time.Duration
	// MailEnabled says that letters are sent; Mail how, DigestHour when those go that come once a day, in UTC.
	MailEnabled bool
	Mail        smtp.Config
	DigestHour  int
	// WebhookLoopback lets webhooks be called on this machine, over http too.
	WebhookLoopback bool
	// FirstPause and JobTimeout are for tests, which do not wait for minutes; 0 is what production has.
	FirstPause, JobTimeout time.Duration
	// Limits bound how often somebody does something.
	Limits limit.Policies
	// Repositories says as whom READMEs are read.
	Repositories repositories.Options
	// ExternalHosts are those on which archives may lie that the registry does not have.
	ExternalHosts []string
	// UpkeepInterval is how often the process cleans up, 0 for never; UpkeepGrace how old an object has to be that
	// nothing names before it is removed.
	UpkeepInterval, UpkeepGrace time.Duration
	// CountInterval is how often a process writes the downloads that it has counted.
	CountInterval time.Duration
	// StaleLinks is for how long downloads go on without the database, by what was known of them.
	StaleLinks time.Duration
	// DrainDelay is how long the process says that it is not ready before it stops listening, for load balancers.
	DrainDelay time.Duration
	// DrainTimeout bounds the time that requests in flight may take after that.
	DrainTimeout time.Duration
	LogLevel     slog.Level
	LogJSON      bool
}

// Setting is one variable of the environment.
type Setting struct {
	Name string
	// Default is what counts where the variable is empty; Required says that there is none.
	Default  string
	Required bool
	// Form says what a value looks like.
	Form string
	read func(value string) error
}

// DatabaseSettings and Settings are what the parts of the command line need: migrations and tokens need no store.
func (c *Config) databaseSettings() []Setting {
	return []Setting{
		{Name: "DATABASE_URL", Required: true, Form: "a connection string such as postgres://user:password@host:5432/trunk", read: func(v string) error {
			c.Database.URL = v
			return c.Database.Validate()
		}},
		{Name: "DATABASE_MAX_CONNS", Default: "16", Form: "a number from 1 to 1000", read: func(v string) error {
			n, err := number(v, 1, 1000)
			c.Database.MaxConns = int32(n)
			return err
		}},
		{Name: "LOG_LEVEL", Default: "info", Form: "debug, info, warn or error", read: func(v string) error {
			return c.LogLevel.UnmarshalText([]byte(v))
		}},
		{Name: "LOG_FORMAT", Default: "json", Form: "json or text", read: func(v string) error {
			c.LogJSON = v == "json"
			return oneOf(v, "json", "text")
		}},
	}
}

func (c *Config) serveSettings() []Setting {
	return []Setting{
		{Name: "LISTEN", Default: ":8080", Form: "an address such as :8080 or 127.0.0.1:8080", read: func(v string) error {
			c.Listen = v
			_, _, err := net.SplitHostPort(v)
			return err
		}},
		{Name: "PUBLIC_URL", Form: "the address that clients use, such as https://registry.example.org", read: func(v string) error {
			return optionalURL(v, &c.PublicURL)
		}},
		{Name: "METRICS_LISTEN", Form: "an address such as 127.0.0.1:9090 that clients do not reach, or empty for no metrics", read: func(v string) error {
			c.MetricsListen = v
			if v == "" {
				return nil
			}
			_, _, err := net.SplitHostPort(v)
			return err
		}},
		{Name: "OTEL_EXPORTER_OTLP_ENDPOINT", Form: "the address of an OpenTelemetry collector, such as http://localhost:4318", read: func(v string) error {
			return optionalURL(v, &c.Traces.Endpoint)
		}},
		{Name: "OTEL_EXPORTER_OTLP_PROTOCOL", Default: "http/protobuf", Form: "http/protobuf, the only one that is spoken here", read: func(v string) error {
			return oneOf(v, "http/protobuf")
		}},
		{Name: "OTEL_EXPORTER_OTLP_HEADERS", Form: "what to send along, such as api-key=secret,team=hub", read: func(v string) error {
			return headers(v, &c.Traces.Headers)
		}},
		{Name: "OTEL_SERVICE_NAME", Default: "trunk-registry", Form: "the name that traces come under", read: text(&c.Traces.Service)},
		{Name: "S3_BUCKET", Required: true, Form: "the name of a bucket", read: func(v string) error {
			c.Objects.Bucket = v
			return nil
		}},
		{Name: "S3_REGION", Default: "us-east-1", Form: "a region such as eu-central-1", read: func(v string) error {
			c.Objects.Region = v
			return nil
		}},
		{Name: "S3_ENDPOINT", Form: "the address of an S3 service other than AWS, such as https://minio.example.org", read: func(v string) error {
			var endpoint *url.URL
			err := optionalURL(v, &endpoint)
			c.Objects.Endpoint = v
			return err
		}},
		{Name: "S3_PATH_STYLE", Default: "auto", Form: "true, false or auto (true with S3_ENDPOINT)", read: func(v string) error {
			c.Objects.PathStyle = v == "true" || v == "auto" && c.Objects.Endpoint != ""
			return oneOf(v, "true", "false", "auto")
		}},
		{Name: "S3_PUBLIC_URL", Form: "the address below which anybody can read the bucket's objects; empty for presigned links", read: func(v string) error {
			var public *url.URL
			err := optionalURL(v, &public)
			c.Objects.PublicBaseURL = strings.TrimSuffix(v, "/")
			return err
		}},
		{Name: "S3_LINK_EXPIRY", Default: "15m", Form: "how long a presigned link lasts, from 1m to 168h", read: func(v string) error {
			return duration(v, time.Minute, 7*24*time.Hour, &c.Objects.LinkExpiry)
		}},
		{Name: "UPLOAD_LIMIT", Default: "256MiB", Form: "a size such as 256MiB, 1GiB or a number of bytes", read: func(v string) error {
			return size(v, &c.UploadLimit)
		}},
		{Name: "SPOOL_DIR", Default: os.TempDir(), Form: "a folder on local disk, with room for MAX_UPLOADS × UPLOAD_LIMIT", read: func(v string) error {
			c.SpoolDir = v
			info, err := os.Stat(v)
			if err == nil && !info.IsDir() {
				err = errors.New("not a folder")
			}
			return err
		}},
		{Name: "MAX_UPLOADS", Default: "16", Form: "a number from 1 to 10000", read: func(v string) (err error) {
			c.MaxUploads, err = number(v, 1, 10_000)
			return err
		}},
		{Name: "MAX_REQUESTS", Default: "512", Form: "a number from 1 to 100000", read: func(v string) (err error) {
			c.MaxRequests, err = number(v, 1, 100_000)
			return err
		}},
		{Name: "TRUSTED_PROXIES", Form: "networks whose X-Forwarded-For is believed, such as 10.0.0.0/8, 192.0.2.1/32", read: func(v string) error {
			return prefixes(v, &c.TrustedProxies)
		}},
		{Name: "OIDC_PROVIDERS", Form: "issuers, each with its audiences behind it, such as https://login.example.org trunk trunk-web", read: func(v string) error {
			return providers(v, &c.Providers)
		}},
		{Name: "SIGN_IN_ISSUER", Form: "the OpenID Connect issuer where people sign in on the pages, such as https://login.example.org", read: func(v string) error {
			c.SignIn.Issuer = v
			if v == "" {
				return nil
			}
			return issuer(v)
		}},
		{Name: "SIGN_IN_CLIENT_ID", Form: "the id of this registry there; set it with SIGN_IN_ISSUER or not at all", read: func(v string) error {
			c.SignIn.ID = v
			if (v == "") != (c.SignIn.Issuer == "") {
				return errors.New("one without the other")
			}
			return nil
		}},
		{Name: "SIGN_IN_CLIENT_SECRET", Form: "its secret there, where it has one", read: text(&c.SignIn.Secret)},
		{Name: "SESSION_LIFETIME", Default: "12h", Form: "how long somebody stays signed in on the pages, from 5m to 720h", read: func(v string) error {
			return duration(v, 5*time.Minute, 30*24*time.Hour, &c.SessionLifetime)
		}},
		{Name: "TOKEN_LIFETIME", Default: "2160h", Form: "how long a token lasts that does not say, from 1h to 87600h", read: func(v string) error {
			return duration(v, time.Hour, 10*365*24*time.Hour, &c.TokenLifetime)
		}},
		c.limitSetting("LIMIT_PUBLISH_NEW", "5/10m", limit.PublishNew),
		c.limitSetting("LIMIT_PUBLISH_UPDATE", "30/1m", limit.PublishUpdate),
		c.limitSetting("LIMIT_FAILED_SIGN_IN", "20/1m", limit.FailedSignIn),
		c.limitSetting("LIMIT_REFRESH_README", "10/1m", limit.RefreshReadme),
		c.limitSetting("LIMIT_SEARCH", "200/100ms", limit.Search),
		c.limitSetting("LIMIT_CONFIRM_ADDRESS", "5/4h", limit.ConfirmAddress),
		c.limitSetting("LIMIT_CONFIRM_CLIENT", "20/1h", limit.ConfirmClient),
		c.limitSetting("LIMIT_CREATE_WEBHOOK", "10/10m", limit.CreateWebhook),
		c.limitSetting("LIMIT_CALL_WEBHOOK", "20/1m", limit.CallWebhook),
		{Name: "SMTP_URL", Form: "a mail server, such as smtp://mail.example.org:587 or smtps://mail.example.org, or empty", read: func(v string) (err error) {
			if c.MailEnabled = v != ""; c.MailEnabled {
				c.Mail.URL, err = smtp.ParseURL(v)
			}
			return err
		}},
		{Name: "MAIL_FROM", Form: "whom letters come from, such as Trunk <releases@example.org>; set it with SMTP_URL", read: func(v string) (err error) {
			if v == "" {
				if c.MailEnabled {
					return errors.New("letters come from nobody")
				}
				return nil
			}
			c.Mail.From, err = mail.ParseAddress(v)
			return err
		}},
		{Name: "MAIL_RETURN_PATH", Form: "the address that what cannot be delivered goes back to, or empty for that of MAIL_FROM", read: func(v string) error {
			c.Mail.ReturnPath = v
			if v == "" {
				return nil
			}
			_, err := mail.ParseAddress(v)
			return err
		}},
		{Name: "MAIL_RATE", Default: "20/100ms", Form: "how many letters at once and how long until one more, such as 20/100ms", read: func(v string) (err error) {
			c.Mail.Rate, err = limit.ParsePolicy(v)
			return err
		}},
		{Name: "MAIL_DIGEST_HOUR", Default: "7", Form: "an hour of the day in UTC, from 0 to 23", read: func(v string) (err error) {
			c.DigestHour, err = number(v, 0, 23)
			return err
		}},
		{Name: "MAIL_SETTLE", Default: "2m", Form: "how long a publish waits for other builds before it is told of, from 0s to 1h", read: func(v string) error {
			return duration(v, 0, time.Hour, &c.Database.Settle)
		}},
		{Name: "WEBHOOK_LOOPBACK", Default: "false", Form: "true to let webhooks be called on this machine, over http too, or false", read: func(v string) error {
			c.WebhookLoopback = v == "true"
			return oneOf(v, "true", "false")
		}},
		{Name: "GITHUB_TOKEN", Form: "a token without rights for reading READMEs from github.com", read: text(&c.Repositories.GitHubToken)},
		{Name: "GITLAB_TOKEN", Form: "the same for gitlab.com", read: text(&c.Repositories.GitLabToken)},
		{Name: "CODEBERG_TOKEN", Form: "the same for codeberg.org", read: text(&c.Repositories.CodebergToken)},
		{Name: "EXTERNAL_HOSTS", Form: "hosts on which archives may lie that administrators record, such as artefacts.example.org", read: func(v string) error {
			return hosts(v, &c.ExternalHosts)
		}},
		{Name: "UPKEEP_INTERVAL", Default: "1h", Form: "how often to clean up, from 1m to 168h, or never", read: func(v string) error {
			if v == "never" {
				c.UpkeepInterval = 0
				return nil
			}
			return duration(v, time.Minute, 7*24*time.Hour, &c.UpkeepInterval)
		}},
		{Name: "UPKEEP_GRACE", Default: "24h", Form: "how old an object has to be before it can be cleaned up, from 1h to 8760h", read: func(v string) error {
			return duration(v, time.Hour, 365*24*time.Hour, &c.UpkeepGrace)
		}},
		{Name: "COUNT_INTERVAL", Default: "1s", Form: "how often to write the downloads that were counted, from 100ms to 1h", read: func(v string) error {
			return duration(v, 100*time.Millisecond, time.Hour, &c.CountInterval)
		}},
		{Name: "STALE_LINKS", Default: "1h", Form: "how long downloads go on without the database, from 0s to 168h", read: func(v string) error {
			return duration(v, 0, 7*24*time.Hour, &c.StaleLinks)
		}},
		{Name: "DRAIN_DELAY", Default: "0s", Form: "how long to say \"not ready\" before the listener closes, from 0s to 5m", read: func(v string) error {
			return duration(v, 0, 5*time.Minute, &c.DrainDelay)
		}},
		{Name: "DRAIN_TIMEOUT", Default: "25s", Form: "how long requests in flight may take before they are cut, from 0s to 10m", read: func(v string) error {
			return duration(v, 0, 10*time.Minute, &c.DrainTimeout)
		}},
	}
}

// limitSetting is how often somebody may do something.
func (c *Config) limitSetting(name, byDefault string, action limit.Action) Setting {
	return Setting{Name: name, Default: byDefault, Form: "how often at once and how long until once more, such as 5/10m, or none", read: func(v string) error {
		policy, err := limit.ParsePolicy(v)
		if c.Limits == nil {
			c.Limits = limit.Policies{}
		}
		c.Limits[action] = policy
		return err
	}}
}

// Settings lists every variable, in the order of the README's table.
func Settings() []Setting {
	var c Config
	return append(c.serveSettings(), c.databaseSettings()...)
}

// LoadServe reads what serving needs.
//
// Errors: all wrong settings at once, each with its name and what it should look like.
func LoadServe(getenv func(string) string) (Config, error) {
	var c Config
	err := load(append(c.serveSettings(), c.databaseSettings()...), getenv)
	return c, err
}

// LoadDatabase reads what the commands that only need the database take.
func LoadDatabase(getenv func(string) string) (Config, error) {
	var c Config
	err := load(c.databaseSettings(), getenv)
	return c, err
}

func load(settings []Setting, getenv func(string) string) error {
	var wrong []error
	for _, s := range settings {
		value := strings.TrimSpace(getenv(s.Name))
		switch {
		case value == "" && s.Required:
			wrong = append(wrong, fmt.Errorf("%s is not set: it has to be %s", s.Name, s.Form))
			continue
		case value == "":
			value = s.Default
		}
		if err := s.read(value); err != nil {
			// The value itself may be a secret, so it is not repeated.
			wrong = append(wrong, fmt.Errorf("%s is wrong: it has to be %s", s.Name, s.Form))
		}
	}
	return errors.Join(wrong...)
}

func number(v string, from, to int) (int, error) {
	n, err := strconv.Atoi(v)
	if err == nil && (n < from || n > to) {
		err = strconv.ErrRange
	}
	return n, err
}

func oneOf(v string, allowed ...string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return errors.New("not one of them")
}

func duration(v string, from, to time.Duration, into *time.Duration) error {
	d, err := time.ParseDuration(v)
	if err == nil && (d < from || d > to) {
		err = strconv.ErrRange
	}
	*into = d
	return err
}

func optionalURL(v string, into **url.URL) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(v, "/"))
	if err == nil && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "") {
		err = errors.New("not an http address")
	}
	*into = u
	return err
}

func size(v string, into *int64) error {
	factor := int64(1)
	for unit, f := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if digits, ok := strings.CutSuffix(v, unit); ok {
			v, factor = strings.TrimSpace(digits), f
			break
		}
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err == nil && (n < 1 || n > (1<<50)/factor) {
		err = strconv.ErrRange
	}
	*into = n * factor
	return err
}

func text(into *string) func(string) error {
	return func(v string) error {
		*into = v
		return nil
	}
}

// issuer checks an issuer's address. Plain http is for one on this machine.
func issuer(v string) error {
	u, err := url.Parse(v)
	local := err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
	if err != nil || u.Host == "" || u.Scheme != "https" && !local {
		return errors.New("not an issuer")
	}
	return nil
}

// providers reads issuers with their audiences.
func providers(v string, into *[]account.Provider) error {
	for part := range strings.SplitSeq(v, ",") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		if err := issuer(words[0]); err != nil {
			return err
		}
		if len(words) == 1 {
			return errors.New("no audience")
		}
		*into = append(*into, account.Provider{Issuer: words[0], Audiences: words[1:]})
	}
	return nil
}

func hosts(v string, into *[]string) error {
	for part := range strings.SplitSeq(v, ",") {
		host := strings.ToLower(strings.TrimSpace(part))
		if host == "" {
			continue
		}
		if u, err := url.Parse("https://" + host); err != nil || u.Host != host {
			return errors.New("not a host")
		}
		*into = append(*into, host)
	}
	return nil
}

// headers reads names and values as https://opentelemetry.io/docs/specs/otel/protocol/exporter/ writes them.
func headers(v string, into *map[string]string) error {
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); err != nil || name == "" || value == "" {
			return errors.New("not a header")
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[name] = value
	}
	return nil
}

func prefixes(v string, into *[]netip.Prefix) error {
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return err
		}
		*into = append(*into, prefix)
	}
	return nil
}
