package main_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// trunkVersion is what the published command line calls itself; other programs are called trunk too.
var trunkVersion = regexp.MustCompile(`^pg-trunk \d+\.\d+\.\d+\s*$`)

// trunkCommand is the published command line.
type trunkCommand struct {
	binary string
	// scratch is where each run finds its files; every run has a folder of its own below it.
	scratch string
}

// findTrunk looks for the published command line: $TRUNK_COMPAT_TRUNK, the PATH, cargo's folder. It is "" without one.
func findTrunk(ctx context.Context) string {
	candidates := []string{os.Getenv("TRUNK_COMPAT_TRUNK")}
	if found, err := exec.LookPath("trunk"); err == nil {
		candidates = append(candidates, found)
	}
	if home, err := os.UserHomeDir(); err == nil {
		candidates = append(candidates, filepath.Join(home, ".cargo", "bin", "trunk"))
	}
	for _, candidate := range candidates {
		if candidate == "" {
			continue
		}
		if said, err := exec.CommandContext(ctx, candidate, "--version").Output(); err == nil && trunkVersion.Match(said) {
			return candidate
		}
	}
	return ""
}

func newTrunkCommand(t *testing.T, binary string) *trunkCommand {
	t.Helper()
	return &trunkCommand{binary: binary, scratch: t.TempDir()}
}

func (*trunkCommand) Name() string { return "trunk" }

// Publish runs `trunk publish` in a folder of its own: a Trunk.toml or a .trunk of somebody else would change its meaning.
func (c *trunkCommand) Publish(ctx context.Context, p compatPublication) (string, error) {
	dir, err := os.MkdirTemp(c.scratch, "publish-")
	if err != nil {
		return "", err
	}
	args := []string{"publish", p.project, "--version", p.version, "--registry", p.registry}
	if len(p.archives) == 1 {
		file := p.project + "-" + p.version + p.archives[0].suffix + ".tar.gz"
		if err := os.WriteFile(filepath.Join(dir, file), p.archives[0].bytes, 0o600); err != nil {
			return "", err
		}
		args = append(args, "--file", file)
	} else if err := fillTrunkFolder(dir, p); err != nil {
		return "", err
	}
	if p.inTrunkFile() {
		if err := os.WriteFile(filepath.Join(dir, "Trunk.toml"), []byte(trunkFile(p)), 0o600); err != nil {
			return "", err
		}
		// All but the file is said in Trunk.toml then.
		args = slices.Delete(args, 1, 6)
	} else {
		args = append(args, publishOptions(p)...)
	}
	return c.run(ctx, dir, p.token, args)
}

// fillTrunkFolder puts several archives where `trunk build` leaves them and `trunk publish` looks for them.
func fillTrunkFolder(dir string, p compatPublication) error {
	folder := filepath.Join(dir, ".trunk")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	for _, archive := range p.archives {
		file := p.project + "-" + p.version + archive.suffix + ".tar.gz"
		if err := os.WriteFile(filepath.Join(folder, file), archive.bytes, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// publishOptions says with options what has one.
func publishOptions(p compatPublication) []string {
	var args []string
	for _, option := range [][2]string{
		{"--extension_name", p.extension},
		{"--description", p.description},
		{"--documentation", p.documentation},
		{"--homepage", p.homepage},
		{"--license", p.license},
		{"--repository", p.repository},
	} {
		if option[1] != "" {
			args = append(args, option[0], option[1])
		}
	}
	for _, category := range p.categories {
		args = append(args, "--category", category)
	}
	return args
}

// trunkFile says in a Trunk.toml what has no option, and the rest too. Go's quoting of plain text is TOML's.
func trunkFile(p compatPublication) string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	line("[extension]\nname = %q\nversion = %q\nlicense = %q\nregistry = %q", p.project, p.version, p.license, p.registry)
	for _, key := range [][2]string{
		{"extension_name", p.extension},
		{"description", p.description},
		{"documentation", p.documentation},
		{"homepage", p.homepage},
		{"repository", p.repository},
	} {
		if key[1] != "" {
			line("%s = %q", key[0], key[1])
		}
	}
	line("categories = %s", tomlList(p.categories))
	for _, library := range p.libraries {
		line("[[extension.loadable_libraries]]\nlibrary_name = %q\nrequires_restart = %t\npriority = %d", library.Name, library.RequiresRestart, library.Priority)
	}
	for _, configuration := range p.configurations {
		line("[[extension.configurations]]\nname = %q\nrequired = %t", configuration.Name, configuration.Required)
		if configuration.Default != nil {
			line("default = %q", *configuration.Default)
		}
	}
	line("[build]\nplatform = \"linux/amd64\"\n[dependencies]")
	for manager, packages := range p.systemDependencies {
		line("%s = %s", manager, tomlList(packages))
	}
	return text.String()
}

func tomlList(items []string) string {
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = strconv.Quote(item)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// Install runs `trunk install`.
func (c *trunkCommand) Install(ctx context.Context, i compatInstallation) (string, error) {
	args := []string{"install", i.project, "--registry", i.registry, "--pg-config", i.into.pgConfig}
	if i.version != "" {
		args = append(args, "--version", i.version)
	}
	if i.major != 0 {
		args = append(args, "--pg-version", strconv.Itoa(i.major))
	}
	if i.places {
		args = append(args, "--sharedir", i.into.sharedir, "--pkglibdir", i.into.pkglibdir)
	}
	return c.run(ctx, c.scratch, "", args)
}

// run gives everything the command wrote; a status other than 0 is an error.
func (c *trunkCommand) run(ctx context.Context, dir, token string, args []string) (string, error) {
	command := exec.CommandContext(ctx, c.binary, args...)
	command.Dir = dir
	// Nothing else of the environment: a proxy or a setting of whoever runs the test is not part of it.
	command.Env = []string{"HOME=" + c.scratch, "PATH=" + os.Getenv("PATH"), "TRUNK_API_TOKEN=" + token}
	output, err := command.CombinedOutput()
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return string(output), err
}
