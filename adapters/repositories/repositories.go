// Package repositories reads the README of a source repository by the interfaces of GitHub, GitLab and Codeberg.
//
// Addresses come from anybody who publishes, so nothing in one decides where a connection goes: an address is taken
// apart, what it names is put into requests to hosts that are written down here, and no connection is made to an address
// of the Internet Protocol that is not public.
package repositories

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"pgtrunk.io/registry/adapters/outbound"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Options says as whom to ask.
type Options struct {
	// GitHubToken, GitLabToken and CodebergToken are tokens without rights, so that the hosts limit the registry less; ""
	// asks as nobody. Each is sent to its host's interface alone, and on no redirect to another host.
	GitHubToken, GitLabToken, CodebergToken string
	// Log takes what an operator should know, such as a token that is refused; nil drops it.
	Log *slog.Logger
}

// deadline bounds a whole call, redirects and second attempts included.
const deadline = 5 * time.Second

var _ ports.Repositories = (*Reader)(nil)

// Reader offers the port of repositories.
type Reader struct {
	forges map[string]forge
	log    *slog.Logger
	// transport and deadline are fields so that the package's tests can put hosts of their own behind the names.
	transport *http.Transport
	deadline  time.Duration
}

// forge is what hosts repositories.
type forge interface {
	// readme gives the README of a folder in the default branch; "" is the top.
	//
	// Errors: errAbsent, errTooLong, *statusError; any other one is the network's, or of an answer that makes no sense.
	readme(ctx context.Context, project, folder string) (extension.Readme, error)
}

// New makes a reader. It connects to nothing yet.
func New(options Options) *Reader {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	transport := outbound.NewTransport(outbound.Options{Deadline: deadline})
	return &Reader{
		forges: map[string]forge{
			gitHubHost:   newGitHub(transport, options.GitHubToken),
			gitLabHost:   newGitLab(transport, options.GitLabToken),
			codebergHost: newCodeberg(transport, options.CodebergToken),
		},
		log:       options.Log,
		transport: transport,
		deadline:  deadline,
	}
}

// Readme gives the README of a repository's default branch: that of the folder the address points to, or else that at
// the top.
//
// Errors: repository_unsupported, readme_unknown, repository_unavailable.
func (r *Reader) Readme(ctx context.Context, address string) (extension.Readme, error) {
	place, err := parse(address)
	if err != nil {
		return extension.Readme{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.deadline)
	defer cancel()
	host := r.forges[place.host]
	readme, err := host.readme(ctx, place.project, place.folder)
	if errors.Is(err, errAbsent) && place.folder != "" {
		readme, err = host.readme(ctx, place.project, "")
	}
	if err == nil {
		readme, err = repaired(readme)
	}
	if err != nil {
		err = interpret(place.host, err)
		if fault.CodeOf(err) == fault.RepositoryUnavailable {
			r.log.LogAttrs(ctx, slog.LevelWarn, "a README could not be read", slog.String("host", place.host), slog.Any("error", err))
		}
		return extension.Readme{}, err
	}
	return readme, nil
}

// repaired makes of a file's bytes the text that the port promises.
//
// Errors: errAbsent for a README that says nothing, errTooLong.
func repaired(raw extension.Readme) (extension.Readme, error) {
	readme, ok := extension.NewReadme(raw.Name, []byte(raw.Text))
	switch {
	case ok:
		return readme, nil
	case strings.TrimSpace(raw.Text) != "":
		return readme, errTooLong
	default:
		return readme, errAbsent
	}
}
