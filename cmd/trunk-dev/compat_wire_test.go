package main_test

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wireClient speaks the wire as the published command line does, where that one is not installed: the same requests, the
// same choice among the answers, the same rules of unpacking. It differs in one thing: it asks once where that one retries.
type wireClient struct{ http *http.Client }

func newWireClient() *wireClient {
	return &wireClient{http: &http.Client{Timeout: time.Minute}}
}

func (*wireClient) Name() string { return "wire" }

// Publish sends one request an archive.
func (c *wireClient) Publish(ctx context.Context, p compatPublication) (string, error) {
	if err := c.checkCategories(ctx, p); err != nil {
		return err.Error(), err
	}
	var output strings.Builder
	for _, archive := range p.archives {
		if p.extension == "" {
			manifest, err := wireManifest(archive.bytes)
			if err != nil {
				return output.String(), err
			}
			p.extension = cmp.Or(manifest.ExtensionName, p.project)
		}
		answer, err := c.publishOne(ctx, p, archive)
		if err != nil {
			return output.String(), err
		}
		output.WriteString(answer + "\n")
	}
	return output.String(), nil
}

// checkCategories refuses a category that the registry does not have, before anything is sent.
func (c *wireClient) checkCategories(ctx context.Context, p compatPublication) error {
	if len(p.categories) == 0 {
		return nil
	}
	var known []struct {
		Slug string `json:"slug"`
	}
	if err := c.getJSON(ctx, p.registry+"/categories/all", &known); err != nil {
		return err
	}
	for _, slug := range p.categories {
		if !slices.ContainsFunc(known, func(category struct {
			Slug string `json:"slug"`
		},
		) bool {
			return category.Slug == slug
		}) {
			return fmt.Errorf("Invalid category slug: %s", slug)
		}
	}
	return nil
}

// publishOne gives the answer's text, whatever its status: that is all the published command line shows.
func (c *wireClient) publishOne(ctx context.Context, p compatPublication, archive compatArchive) (string, error) {
	body, kind, err := publishForm(p, archive)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.registry+"/extensions/new", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "*/*")
	request.Header.Set("User-Agent", "") // none is sent
	response, err := c.http.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return string(answer), err
}

// publishForm is the body of a publication: the token is raw and on each part, never on the request.
func publishForm(p compatPublication, archive compatArchive) (body []byte, kind string, err error) {
	metadata, err := json.Marshal(map[string]any{
		"name": p.project, "extension_name": orNull(p.extension), "extension_dependencies": nil, "vers": p.version,
		"description": orNull(p.description), "documentation": orNull(p.documentation), "homepage": orNull(p.homepage),
		"license": orNull(p.license), "repository": orNull(p.repository), "system_dependencies": p.systemDependencies,
		"categories": p.categories, "configurations": p.configurations, "libraries": p.libraries,
	})
	if err != nil {
		return nil, "", err
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file := p.project + "-" + p.version + archive.suffix + ".tar.gz"
	for _, part := range []struct {
		disposition string
		data        []byte
	}{
		{`form-data; name="metadata"`, metadata},
		{`form-data; name="file"; filename="` + file + `"`, archive.bytes},
	} {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", part.disposition)
		header.Set("Content-Type", "application/octet-stream")
		header.Set("Authorization", p.token)
		out, err := w.CreatePart(header)
		if err != nil {
			return nil, "", err
		}
		if _, err := out.Write(part.data); err != nil {
			return nil, "", err
		}
	}
	// The end is written by Close.
	err = w.Close()
	return form.Bytes(), w.FormDataContentType(), err
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// wireProject is what the command line reads of a project.
type wireProject struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Extensions []struct {
		Name string `json:"extension_name"`
	} `json:"extensions"`
	Downloads []struct {
		Link     string `json:"link"`
		Postgres int    `json:"pg_version"`
		SHA256   string `json:"sha256"`
	} `json:"downloads"`
}

// Install installs a project, and before it every extension it needs and the server lacks.
func (c *wireClient) Install(ctx context.Context, i compatInstallation) (string, error) {
	if i.major == 0 {
		i.major = i.into.major
	}
	address := i.registry + "/api/v1/trunk-projects/" + i.project
	if err := c.install(ctx, i, address, func(p wireProject) bool { return p.Name == i.project }); err != nil {
		return err.Error(), err
	}
	return "", nil
}

func (c *wireClient) install(ctx context.Context, i compatInstallation, address string, wanted func(wireProject) bool) error {
	archive, err := c.fetch(ctx, i, address, wanted)
	if err != nil {
		return err
	}
	files, err := untar(archive)
	if err != nil {
		return err
	}
	manifest, needed, err := readArchive(files)
	if err != nil {
		return err
	}
	for _, extension := range needed {
		if _, err := os.Stat(filepath.Join(i.into.sharedir, "extension", extension+".control")); err == nil {
			continue
		}
		dependency := i
		dependency.project, dependency.version = "", ""
		address := i.registry + "/api/v1/trunk-projects?extension-name=" + url.QueryEscape(extension)
		if err := c.install(ctx, dependency, address, provides(extension)); err != nil {
			return fmt.Errorf("%s needs %s: %w", manifest.Name, extension, err)
		}
	}
	if host := hostArchitecture(); manifest.ManifestVersion > 1 && manifest.Architecture != host {
		return fmt.Errorf("This package is not compatible with your architecture: %s, it is compatible with %s", host, manifest.Architecture)
	}
	return unpack(files, manifest, i.into)
}

func provides(extension string) func(wireProject) bool {
	return func(p wireProject) bool {
		for _, e := range p.Extensions {
			if e.Name == extension {
				return true
			}
		}
		return false
	}
}

// fetch picks a version and the first download that fits the server, and checks the bytes.
func (c *wireClient) fetch(ctx context.Context, i compatInstallation, address string, wanted func(wireProject) bool) ([]byte, error) {
	var projects []wireProject
	if err := c.getJSON(ctx, address, &projects); err != nil {
		return nil, err
	}
	var chosen *wireProject
	for n := range projects {
		switch p := &projects[n]; {
		case !wanted(*p):
		case i.version != "" && p.Version == i.version:
			chosen = p
		case i.version == "" && (chosen == nil || compareLikeTrunk(p.Version, chosen.Version) >= 0):
			chosen = p
		}
	}
	if chosen == nil && i.project != "" && i.version != "" && i.major == legacyMajor {
		return c.fetchLegacy(ctx, i)
	}
	if chosen == nil {
		return nil, fmt.Errorf("Found no Trunk project with name %s", i.project)
	}
	for _, download := range chosen.Downloads {
		if download.Postgres == i.major {
			return c.download(ctx, download.Link, download.SHA256)
		}
	}
	return nil, fmt.Errorf("Failed to find an archive for %s v%s built for PostgreSQL %d", chosen.Name, chosen.Version, i.major)
}

// legacyMajor is the PostgreSQL for which the command line asks the first registry's route when the other one fails.
const legacyMajor = 15

// fetchLegacy takes a version that is not in the list by the address that the older route gives as text.
func (c *wireClient) fetchLegacy(ctx context.Context, i compatInstallation) ([]byte, error) {
	address, err := c.get(ctx, i.registry+"/extensions/"+i.project+"/"+i.version+"/download")
	if err != nil {
		return nil, err
	}
	return c.get(ctx, string(address))
}

// compareLikeTrunk orders versions as the published command line does: parts that are no numbers count as 0, and the
// longer of two equal ones wins.
func compareLikeTrunk(a, b string) int {
	parts := func(version string) []int32 {
		var numbers []int32
		for part := range strings.SplitSeq(version, ".") {
			number, err := strconv.ParseInt(part, 10, 32)
			if err != nil {
				number = 0
			}
			numbers = append(numbers, int32(number))
		}
		return numbers
	}
	return slices.Compare(parts(a), parts(b))
}

func (c *wireClient) download(ctx context.Context, link, digest string) ([]byte, error) {
	if at, err := url.Parse(link); err != nil || path.Ext(at.Path) != ".gz" {
		return nil, fmt.Errorf("the link %q does not end in .gz", link)
	}
	archive, err := c.get(ctx, link)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(archive)
	if got := hex.EncodeToString(sum[:]); got != digest {
		return nil, fmt.Errorf("Expected SHA-256 %s, got %s!", digest, got)
	}
	return archive, nil
}

func (c *wireClient) getJSON(ctx context.Context, address string, into any) error {
	body, err := c.get(ctx, address)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

func (c *wireClient) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "*/*")
	request.Header.Set("User-Agent", "")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", address, response.Status, body)
	}
	return body, err
}

// wireFile is an entry of an archive.
type wireFile struct {
	name string
	mode os.FileMode
	data []byte
}

func untar(archive []byte) ([]wireFile, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	var files []wireFile
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if header.Typeflag == tar.TypeReg {
			files = append(files, wireFile{header.Name, header.FileInfo().Mode().Perm(), data})
		}
	}
}

// wireManifest reads the manifest of an archive that is about to be published.
func wireManifest(archive []byte) (wireManifestText, error) {
	files, err := untar(archive)
	if err != nil {
		return wireManifestText{}, err
	}
	manifest, _, err := readArchive(files)
	return manifest, err
}

// wireManifestText is what the command line reads of a manifest.
type wireManifestText struct {
	Name                  string   `json:"name"`
	ExtensionName         string   `json:"extension_name"`
	ExtensionDependencies []string `json:"extension_dependencies"`
	ManifestVersion       int      `json:"manifest_version"`
	Architecture          string   `json:"architecture"`
	Files                 map[string]struct {
		Type string `json:"type"`
	} `json:"files"`
}

// readArchive gives the manifest and the extensions that have to be there first. An extension of the archive itself is
// not among them where its control file comes before that of the one that requires it.
func readArchive(files []wireFile) (manifest wireManifestText, needed []string, err error) {
	var inside []string
	found := false
	for _, file := range files {
		switch {
		case file.name == "manifest.json":
			found = true
			if err := json.Unmarshal(file.data, &manifest); err != nil {
				return manifest, nil, fmt.Errorf("manifest.json: %w", err)
			}
		case path.Ext(file.name) == ".control":
			inside = append(inside, strings.TrimSuffix(path.Base(file.name), ".control"))
			for _, extension := range requires(string(file.data)) {
				if !slices.Contains(inside, extension) && !slices.Contains(needed, extension) {
					needed = append(needed, extension)
				}
			}
		}
	}
	if !found {
		return manifest, nil, errors.New("Package manifest not found")
	}
	manifest.ManifestVersion = max(manifest.ManifestVersion, 1)
	for _, extension := range manifest.ExtensionDependencies {
		if !slices.Contains(needed, extension) {
			needed = append(needed, extension)
		}
	}
	return manifest, needed, nil
}

// requires reads the line of that name in a control file.
func requires(control string) []string {
	var names []string
	for line := range strings.Lines(control) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "requires")
		if !ok {
			continue
		}
		value := strings.Trim(strings.TrimLeft(strings.TrimSpace(rest), "= "), "'")
		names = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	}
	return names
}

// hostArchitecture is the host's as manifests write it.
func hostArchitecture() string { return architecture(runtime.GOARCH) }

func architecture(goarch string) string {
	if goarch == "arm64" {
		return "aarch64"
	}
	return "x86_64"
}

// unpack puts what the manifest lists to where its type says.
func unpack(files []wireFile, manifest wireManifestText, into compatPostgres) error {
	for _, file := range files {
		listed, ok := manifest.Files[file.name]
		if !ok {
			continue
		}
		place := into.sharedir
		switch listed.Type {
		case "license-file":
			continue
		case "shared-object", "bitcode":
			place = into.pkglibdir
		case "control-file", "sql-file":
			if manifest.ManifestVersion == 1 {
				place = filepath.Join(into.sharedir, "extension")
			}
		}
		full := filepath.Join(place, filepath.FromSlash(file.name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, file.data, file.mode); err != nil {
			return err
		}
	}
	return nil
}
