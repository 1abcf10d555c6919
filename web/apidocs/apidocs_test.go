package apidocs_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"pgtrunk.io/registry/web/apidocs"
)

func contract(t *testing.T) *openapi3.T {
	t.Helper()
	source, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := apidocs.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func ask(t *testing.T, handler http.Handler, method, address string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// inline finds what a policy without 'unsafe-inline' would refuse.
var inline = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<\s]|<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:`)

func TestSwaggerUI(t *testing.T) {
	t.Parallel()
	handler := apidocs.SwaggerUI(nil, "https://artefacts.example.org")

	index := ask(t, handler, http.MethodGet, "/swagger-ui/")
	if index.Code != http.StatusOK || index.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("the page: %d %s", index.Code, index.Header().Get("Content-Type"))
	}
	if found := inline.FindString(index.Body.String()); found != "" {
		t.Errorf("the page has something inline: %s", found)
	}
	policy := index.Header().Get("Content-Security-Policy")
	if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "connect-src 'self' https://artefacts.example.org;") {
		t.Errorf("policy: %s", policy)
	}
	// Everything the page asks for is there, with its type.
	for _, match := range regexp.MustCompile(`(?:src|href)="([^".]+\.(?:js|css|svg))"`).FindAllStringSubmatch(index.Body.String(), -1) {
		asset := ask(t, handler, http.MethodGet, "/swagger-ui/"+match[1])
		if asset.Code != http.StatusOK || asset.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d", match[1], asset.Code)
		}
		want := map[string]string{"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
		if got := asset.Header().Get("Content-Type"); got != want[match[1][strings.LastIndexByte(match[1], '.')+1:]] {
			t.Errorf("%s is served as %s", match[1], got)
		}
	}

	if again := ask(t, handler, http.MethodGet, "/swagger-ui/", "If-None-Match", index.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("the same page again: %d, want 304", again.Code)
	}
	if head := ask(t, handler, http.MethodHead, "/swagger-ui/"); head.Code != http.StatusOK || head.Body.Len() != 0 {
		t.Errorf("HEAD: %d with %d bytes", head.Code, head.Body.Len())
	}
	// The redirect names no path from the root, so it is right behind a base path too.
	if moved := ask(t, handler, http.MethodGet, "/swagger-ui"); moved.Code != http.StatusMovedPermanently || moved.Header().Get("Location") != "swagger-ui/" {
		t.Errorf("without the slash: %d %q", moved.Code, moved.Header().Get("Location"))
	}
	if refused := ask(t, handler, http.MethodPost, "/swagger-ui/"); refused.Code != http.StatusMethodNotAllowed || refused.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", refused.Code)
	}
	if missing := ask(t, handler, http.MethodGet, "/swagger-ui/swagger-ui.js.map"); missing.Code != http.StatusNotFound {
		t.Errorf("an unknown file: %d", missing.Code)
	}
}

func TestMissingFilesAreTheCallersToAnswer(t *testing.T) {
	t.Parallel()
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	page, err := apidocs.ReadingPage(contract(t), teapot)
	if err != nil {
		t.Fatal(err)
	}
	for address, handler := range map[string]http.Handler{"/swagger-ui/x.js": apidocs.SwaggerUI(teapot), "/redoc/x.css": page} {
		if got := ask(t, handler, http.MethodGet, address); got.Code != http.StatusTeapot {
			t.Errorf("%s: %d", address, got.Code)
		}
	}
}

// The vendored files are the published ones, byte for byte, and the README beside them says which.
func TestVendoredFiles(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("swagger-ui-dist/README.md")
	if err != nil {
		t.Fatal(err)
	}
	sums := regexp.MustCompile(`(?m)^ +([0-9a-f]{64})  (\S+)$`).FindAllStringSubmatch(string(readme), -1)
	const files = 5
	if len(sums) != files {
		t.Fatalf("the README lists %d files, want %d", len(sums), files)
	}
	for _, sum := range sums {
		body, err := os.ReadFile("swagger-ui-dist/" + sum[2])
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(body); hex.EncodeToString(got[:]) != sum[1] {
			t.Errorf("%s is not the published file", sum[2])
		}
	}
}

func TestReadingPageHasTheWholeContract(t *testing.T) {
	t.Parallel()
	doc := contract(t)
	handler, err := apidocs.ReadingPage(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := ask(t, handler, http.MethodGet, "/redoc")
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "text/html; charset=utf-8" ||
		answer.Header().Get("Content-Security-Policy") != apidocs.ReadingPolicy {
		t.Fatalf("%d %v", answer.Code, answer.Header())
	}
	html := answer.Body.String()
	if found := inline.FindString(html); found != "" || strings.Contains(html, "<script") {
		t.Errorf("the page has a script or something inline: %s", found)
	}
	if !strings.HasPrefix(html, "<!doctype html>") {
		t.Errorf("it starts with %.40q", html)
	}

	var ids []string
	for _, match := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if slices.Contains(ids, match[1]) {
			t.Errorf("the id %q is there twice", match[1])
		}
		ids = append(ids, match[1])
	}
	for _, match := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if !slices.Contains(ids, match[1]) {
			t.Errorf("a link to #%s leads nowhere", match[1])
		}
	}
	last := -1
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if !slices.Contains(ids, operation.OperationID) {
				t.Errorf("%s %s is missing", method, path)
			}
			for _, parameter := range operation.Parameters {
				if !strings.Contains(html, "<code>"+parameter.Value.Name+"</code>") {
					t.Errorf("%s %s: the parameter %s is missing", method, path, parameter.Value.Name)
				}
			}
		}
	}
	for name := range doc.Components.Schemas {
		if !slices.Contains(ids, "schema-"+name) {
			t.Errorf("the schema %s is missing", name)
		}
	}
	for _, code := range doc.Components.Schemas["ProblemCode"].Value.Enum {
		if !strings.Contains(html, fmt.Sprintf("<li><code>%s</code>", code)) {
			t.Errorf("the code %s is missing", code)
		}
	}
	for _, tag := range doc.Tags {
		at := strings.Index(html, `<section id="tag-`+tag.Name+`"`)
		if at >= 0 && at < last {
			t.Errorf("%s stands before the tag that the contract puts before it", tag.Name)
		}
		last = max(last, at)
	}
}

func TestReadingPageAddresses(t *testing.T) {
	t.Parallel()
	handler, err := apidocs.ReadingPage(contract(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	html := ask(t, handler, http.MethodGet, "/redoc").Body.String()
	for _, match := range regexp.MustCompile(`(?:src|href)="redoc(/[^"]+)"`).FindAllStringSubmatch(html, -1) {
		if got := ask(t, handler, http.MethodGet, "/redoc"+match[1]); got.Code != http.StatusOK {
			t.Errorf("/redoc%s: %d", match[1], got.Code)
		}
	}
	if moved := ask(t, handler, http.MethodGet, "/redoc/"); moved.Code != http.StatusMovedPermanently || moved.Header().Get("Location") != "../redoc" {
		t.Errorf("with a slash: %d %q", moved.Code, moved.Header().Get("Location"))
	}
}

func TestReadingPageOfSmallDocuments(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	for name, source := range map[string]string{
		"nothing but a path": `{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {/x: {get: {responses: {"200": {description: ok}}}}}}`,
		"HTML in a text": `{openapi: 3.1.0, info: {title: "<b>T", version: "1", description: "<script>alert(1)</script>"},
			paths: {/x: {get: {summary: "<img src=x onerror=alert(1)>", responses: {"204": {description: "<i>"}}}}}}`,
		"a schema of itself": `{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {}, components: {schemas: {Tree: {type: object,
			properties: {left: {$ref: "#/components/schemas/Tree"}, all: {type: array, items: {$ref: "#/components/schemas/Tree"}}}}}}}`,
	} {
		doc, err := apidocs.Load([]byte(source))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		page.Reset()
		if err := apidocs.RenderReadingPage(&page, doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(page.String(), "<script") || strings.Contains(page.String(), "<img src=x") {
			t.Errorf("%s: markup of the document is markup of the page", name)
		}
	}
	if err := apidocs.RenderReadingPage(&page, nil); err == nil {
		t.Error("no document at all is rendered")
	}
}

// Text is readable on every ground that it stands on: 4.5 to 1 at least (WCAG AA), in both themes.
func TestContrast(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("reading/reading.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := [2]map[string]string{{}, {}}
	for _, match := range regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(string(css), -1) {
		themes[0][match[1]], themes[1][match[1]] = match[2], match[3]
		if !strings.Contains(string(css), "--"+match[1]+": "+match[2]+";") {
			t.Errorf("--%s has another value where light-dark() is unknown", match[1])
		}
	}
	pairs := [][2]string{{"ok", "ok-bg"}, {"warn", "warn-bg"}, {"bad", "bad-bg"}, {"on-accent", "accent"}}
	for _, ground := range []string{"bg", "surface", "sunken"} {
		for _, ink := range []string{"text", "muted", "link", "visited", "bad", "warn", "focus"} {
			pairs = append(pairs, [2]string{ink, ground})
		}
	}
	for i, theme := range themes {
		for _, pair := range pairs {
			const least = 4.5
			if got := contrast(t, theme[pair[0]], theme[pair[1]]); got < least {
				t.Errorf("theme %d: --%s on --%s has %.2f to 1", i, pair[0], pair[1], got)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	lighter, darker := luminance(t, a), luminance(t, b)
	if lighter < darker {
		lighter, darker = darker, lighter
	}
	return (lighter + 0.05) / (darker + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		t.Fatalf("%q is no colour", colour)
	}
	channel := func(c uint64) float64 {
		s := float64(c&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(value>>16) + 0.7152*channel(value>>8) + 0.0722*channel(value)
}
