package trunk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	trunk "pgtrunk.io/registry/sdk/go"
	"pgtrunk.io/registry/sdk/go/api"
)

// scenario is what each client library has to do with a registry, step by step; the same in all languages. The settings come
// from the environment (tools/sdk/run).
type scenario struct {
	client                                   *trunk.Client
	url, narrow, mail, trouble               string
	project, archive, otherArchive, atFolder string
	build                                    trunk.Build
}

func TestScenario(t *testing.T) {
	s := &scenario{
		url: os.Getenv("TRUNK_REGISTRY_URL"), narrow: os.Getenv("TRUNK_NARROW_TOKEN"), mail: os.Getenv("TRUNK_MAIL_URL"),
		trouble: os.Getenv("TRUNK_TROUBLE_URL"), project: os.Getenv("TRUNK_SCENARIO_PROJECT"),
		archive: os.Getenv("TRUNK_SCENARIO_ARCHIVE"), otherArchive: os.Getenv("TRUNK_SCENARIO_OTHER_ARCHIVE"), atFolder: t.TempDir(),
	}
	if s.trouble == "" {
		t.Skip("there is no registry to try: tools/sdk/run go")
	}
	client, err := trunk.New(s.url)
	if err != nil {
		t.Fatal(err)
	}
	s.client = client
	begin := time.Now()
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"publish", s.publish},
		{"publish again", s.publishAgain},
		{"other bytes", s.otherBytes},
		{"search", s.search},
		{"resolve", s.resolve},
		{"download", s.download},
		{"tampered", s.tampered},
		{"statistics", s.statistics},
		{"follow", s.follow},
		{"yank", s.yank},
		{"scope", s.scope},
		{"unavailable", s.unavailable},
		{"hangs", s.hangs},
	} {
		start := time.Now()
		if err := step.run(t.Context()); err != nil {
			t.Fatalf("scenario go: %s: %v", step.name, err)
		}
		t.Logf("scenario go: %s %d ms", step.name, time.Since(start).Milliseconds())
	}
	t.Logf("scenario go: passed in %.1f s", time.Since(begin).Seconds())
}

func (s *scenario) metadata() api.Metadata {
	return api.Metadata{Name: s.project, Vers: "1.0.0", Description: new("Tried by the Go client"), License: new("PostgreSQL")}
}

func (s *scenario) publish(ctx context.Context) error {
	said, err := s.client.PublishFile(ctx, s.metadata(), s.archive)
	if err == nil && !strings.Contains(said, s.project) {
		err = fmt.Errorf("the registry said %q", said)
	}
	return err
}

func (s *scenario) publishAgain(ctx context.Context) error {
	file, err := os.Open(s.archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = s.client.Publish(ctx, s.metadata(), file)
	return err
}

func (s *scenario) otherBytes(ctx context.Context) error {
	_, err := s.client.PublishFile(ctx, s.metadata(), s.otherArchive)
	return want(err, http.StatusConflict, api.ProblemCodeArtefactExists)
}

// want is nil where an error is the fault that was expected.
func want(err error, status int, code api.ProblemCode) error {
	var fault *trunk.Error
	if !errors.As(err, &fault) || fault.Status != status || !errors.Is(err, code) || fault.Detail == "" || fault.RequestID == "" {
		return fmt.Errorf("got %w, want %w", err, code)
	}
	return nil
}

func (s *scenario) search(ctx context.Context) error {
	first, err := s.client.API().SearchWithResponse(ctx, &api.SearchParams{Limit: new(50)})
	if err != nil {
		return err
	}
	var names []string
	for item, err := range s.client.Search(ctx, api.SearchParams{Limit: new(50)}) {
		if err != nil {
			return err
		}
		if slices.Contains(names, item.Name) {
			return fmt.Errorf("%s came twice", item.Name)
		}
		names = append(names, item.Name)
	}
	if total := first.JSON200.Total.Value; len(names) != total || total <= 100 {
		return fmt.Errorf("%d projects of %d", len(names), total)
	}
	for item, err := range s.client.Search(ctx, api.SearchParams{Q: &s.project}) {
		if err != nil || item.Name != s.project {
			return fmt.Errorf("found %s first: %w", item.Name, err)
		}
		break
	}
	return nil
}

func (s *scenario) resolve(ctx context.Context) (err error) {
	s.build, err = s.client.Resolve(ctx, s.project, trunk.Target{PGVersion: 17})
	if err != nil {
		return err
	}
	if b := s.build; b.Project != s.project || b.Version != "1.0.0" || b.PGVersion != 17 || b.Platform != "linux/amd64" || len(b.SHA256) != 64 {
		return fmt.Errorf("got %+v", b)
	}
	_, err = s.client.Resolve(ctx, s.project, trunk.Target{PGVersion: 14})
	return want(err, http.StatusNotFound, api.ProblemCodeArtefactUnknown)
}

func (s *scenario) download(ctx context.Context) error {
	path := filepath.Join(s.atFolder, "archive.tar.gz")
	if err := s.client.Download(ctx, s.build, path); err != nil {
		return err
	}
	got, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	published, err := os.ReadFile(s.archive)
	if err == nil && !bytes.Equal(got, published) {
		err = errors.New("other bytes than were published")
	}
	return errors.Join(err, os.Remove(path))
}

func (s *scenario) tampered(ctx context.Context) error {
	client, err := trunk.New(s.trouble + "/tampers")
	if err != nil {
		return err
	}
	build, err := client.Resolve(ctx, s.project, trunk.Target{PGVersion: 17})
	if err != nil {
		return err
	}
	err = client.Download(ctx, build, filepath.Join(s.atFolder, "archive.tar.gz"))
	var digest *trunk.DigestError
	if !errors.As(err, &digest) || digest.Want != s.build.SHA256 {
		return fmt.Errorf("got %w", err)
	}
	if left, err := os.ReadDir(s.atFolder); err != nil || len(left) > 0 {
		return fmt.Errorf("%d files are left: %w", len(left), err)
	}
	return nil
}

// until asks until something is so, for 30 s.
func until(ctx context.Context, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := is(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (s *scenario) statistics(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		stats, err := s.client.Stats(ctx, s.project)
		return stats.Downloads.Total >= 1, err
	})
}

func (s *scenario) follow(ctx context.Context) error {
	const address = "sdk-go@example.org"
	outcome, err := s.client.Follow(ctx, s.project, api.SubscriptionRequest{Email: new(address), PGVersion: new(17)})
	if err != nil {
		return err
	}
	if outcome.Asked == nil {
		return fmt.Errorf("got %+v", outcome)
	}
	return until(ctx, func() (bool, error) {
		response, err := http.Get(s.mail + "/messages")
		if err != nil {
			return false, err
		}
		defer func() { _ = response.Body.Close() }()
		var letters []struct {
			To   []string `json:"to"`
			Text string   `json:"text"`
		}
		err = json.NewDecoder(response.Body).Decode(&letters)
		for _, letter := range letters {
			if slices.Contains(letter.To, address) && strings.Contains(letter.Text, s.project) {
				return true, err
			}
		}
		return false, err
	})
}

func (s *scenario) yank(ctx context.Context) error {
	const reason = "It was a trial."
	state, err := s.client.Yank(ctx, s.project, "1.0.0", api.YankRequest{Reason: reason})
	if err != nil {
		return err
	}
	if state.Yanked == nil || state.Yanked.Reason != reason {
		return fmt.Errorf("got %+v", state)
	}
	version, err := s.client.ProjectVersion(ctx, s.project, "1.0.0")
	if err != nil {
		return err
	}
	if version.YankedReason == nil || *version.YankedReason != reason {
		return fmt.Errorf("the version says %v", version.YankedReason)
	}
	state, err = s.client.Unyank(ctx, s.project, "1.0.0")
	if err == nil && state.Yanked != nil {
		err = fmt.Errorf("it is still yanked: %+v", state)
	}
	return err
}

func (s *scenario) scope(ctx context.Context) error {
	client, err := trunk.New(s.url, trunk.WithToken(s.narrow))
	if err != nil {
		return err
	}
	_, err = client.Yank(ctx, s.project, "1.0.0", api.YankRequest{Reason: "It may not."})
	return want(err, http.StatusForbidden, api.ProblemCodeScopeMissing)
}

func (s *scenario) unavailable(ctx context.Context) error {
	client, err := trunk.New(s.trouble + "/unavailable/go")
	if err != nil {
		return err
	}
	start := time.Now()
	versions, err := client.Project(ctx, s.project)
	if took := time.Since(start); err == nil && (len(versions) != 1 || took < 2*time.Second) {
		err = fmt.Errorf("%d versions after %s", len(versions), took)
	}
	return err
}

func (s *scenario) hangs(ctx context.Context) error {
	client, err := trunk.New(s.trouble+"/hangs", trunk.WithTimeout(time.Second))
	if err != nil {
		return err
	}
	start := time.Now()
	_, err = client.Project(ctx, s.project)
	var silence *trunk.TimeoutError
	if took := time.Since(start); !errors.As(err, &silence) || took > 3*time.Second {
		return fmt.Errorf("after %s: %w", took, err)
	}
	ended, cancel := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, cancel)
	start = time.Now()
	_, err = client.Project(ended, s.project)
	if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 900*time.Millisecond {
		return fmt.Errorf("cancelled, after %s: %w", took, err)
	}
	return nil
}
