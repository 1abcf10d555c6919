package trunk_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestReadme runs every example of the README as its reader would: in an empty folder, as a module of its own.
func TestReadme(t *testing.T) {
	registry, project := os.Getenv("TRUNK_REGISTRY_URL"), os.Getenv("TRUNK_SCENARIO_PROJECT")
	if registry == "" {
		t.Skip("there is no registry to try: tools/sdk/run go")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 2 {
		t.Fatalf("found %d examples", len(blocks))
	}
	here := strings.NewReplacer("http://localhost:8080", registry, "my_extension-1.0.0", project+"-1.0.0", "my_extension", project)
	for i := range blocks {
		blocks[i][1] = here.Replace(blocks[i][1])
	}
	quickStart := outside(t)
	save(t, filepath.Join(quickStart, "main.go"), blocks[0][1])
	if out := run(t, quickStart); !strings.Contains(out, "pgvector ") {
		t.Errorf("the quick start said %q", out)
	}
	if _, err := os.Stat(filepath.Join(quickStart, "pgvector.tar.gz")); err != nil {
		t.Error(err)
	}

	others := outside(t)
	archive, err := os.ReadFile(os.Getenv("TRUNK_SCENARIO_ARCHIVE"))
	if err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(others, project+"-1.0.0-pg17.tar.gz"), string(archive))
	var source strings.Builder
	source.WriteString("package main\n\nimport (\n\"context\"\n\"errors\"\n\"fmt\"\n\"log\"\n\"time\"\n\ntrunk \"pgtrunk.io/registry/sdk/go\"\n\"pgtrunk.io/registry/sdk/go/api\"\n)\n")
	fmt.Fprintf(&source, "func main() {\nclient, err := trunk.New(%q)\nif err != nil {\nlog.Fatal(err)\n}\n", registry)
	for i := range blocks[1:] {
		fmt.Fprintf(&source, "if err := example%d(context.Background(), client); err != nil {\nlog.Fatal(\"example %[1]d: \", err)\n}\n", i)
	}
	source.WriteString("}\n")
	for i, block := range blocks[1:] {
		fmt.Fprintf(&source, "func example%d(ctx context.Context, client *trunk.Client) error {\n%sreturn nil\n}\n", i, block[1])
	}
	save(t, filepath.Join(others, "main.go"), source.String())
	out := run(t, others)
	for _, said := range []string{"pgvector 0.8", "Successfully published extension " + project, "installers in 30 days", "go on at", "404 artefact_unknown", "there is no build"} {
		if !strings.Contains(out, said) {
			t.Errorf("the examples do not say %q: %s", said, out)
		}
	}
}

// outside makes a module that asks for this one as any other does.
func outside(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(dir, "go.mod"), "module example.org/outside\n\ngo 1.26.0\n\nrequire pgtrunk.io/registry v0.0.0\n\nreplace pgtrunk.io/registry => "+root+"\n")
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(dir, "go.sum"), string(sums))
	return dir
}

// run vets and runs a module.
func run(t *testing.T, dir string) string {
	t.Helper()
	start := time.Now()
	for _, verb := range []string{"vet", "run"} {
		command := exec.CommandContext(t.Context(), "go", verb, "-mod=mod", ".")
		command.Dir = dir
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", verb, err, out)
		}
		if verb == "run" {
			t.Logf("README of go: %s in %.1f s", filepath.Base(dir), time.Since(start).Seconds())
			return string(out)
		}
	}
	return ""
}

func save(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
