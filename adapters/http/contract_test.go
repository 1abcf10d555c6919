package http

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
)

// The contract is about what a parameter means, not about how it is escaped; and what is no text is refused before it
// reaches the database, which would call it a fault of ours.
func TestParametersAreValidatedAsTheyMean(t *testing.T) {
	ct, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	var refused error
	e := echo.New()
	e.Use(ct.find)
	e.HTTPErrorHandler = func(err error, _ echo.Context) { refused = err }
	for at := range ct.operations {
		e.Add(at.method, at.path, func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	}
	const projects = "/api/v1/trunk-projects"
	for address, want := range map[string]string{
		projects + "/" + strings.Repeat("a", 200):            "",
		projects + "/" + strings.Repeat("a", 201):            "/path/name maxLength: got 201, want 200",
		projects + "/" + strings.Repeat("%F0%9D%90%93", 200): "",
		projects + "/" + strings.Repeat("%F0%9D%90%93", 201): "/path/name maxLength: got 201, want 200",
		projects + "/a%2Fb":                                  "",
		projects + "/100%25":                                 "",
		projects + "//version/1":                             "/path/name value is required but missing",
		projects + "/%00":                                    `/path/name '\x00' does not match pattern '^[^\\x00]+$'`,
		projects + "/%FF":                                    "/path/name This is not UTF-8.",
		projects + "/a/version/%C3%28":                       "/path/version This is not UTF-8.",
		projects + "?extension-name=%FF":                     "/query/extension-name This is not UTF-8.",
		projects + "?extension-name=%00":                     `/query/extension-name '\x00' does not match pattern '^[^\\x00]+$'`,
		projects + "?unknown=%FF":                            "",
		projects + "/a/version/1/artefacts/%FF":              "/path/file This is not UTF-8.",
		"/extensions/a/latest/download?pg_version=9":         "/query/pg_version minimum: got 9, want 10",
		"/extensions/a/latest/download?platform=linux%FF":    "/query/platform This is not UTF-8.",
	} {
		refused = nil
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, http.NoBody))
		var got string
		if f, ok := errors.AsType[*fault.Fault](refused); ok && len(f.Fields) == 1 {
			got = f.Fields[0].Pointer + " " + f.Fields[0].Detail
		}
		if got != want || (refused == nil) != (want == "") {
			t.Errorf("%s: got %q (%v), want %q", address, got, refused, want)
		}
	}
}

// The two validators take and refuse the same for every parameter of the contract, and each operation has the quick one.
func TestQuickValidationIsTheContracts(t *testing.T) {
	ct, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	values := []string{
		"", "a", "A-b_c.1", "0", "1", "9", "10", "17", "20", "99", "100", "101", "-1", "1.5", "1e1", "true", "false", "TRUE", "null", "\x00", "a\x1f",
		"\u00e4", "\U0001d413", "linux/amd64", "linux/sparc", "\n", "a\n", strings.Repeat("a", 200), strings.Repeat("a", 201), strings.Repeat("a", 1001),
		strings.Repeat("\U0001d413", 100), strings.Repeat("\U0001d413", 101), strings.Repeat("\U0001d413", 200), strings.Repeat("\U0001d413", 301),
		"99999999999999999999", "[1]", "1,2", "{}", "a b",
	}
	compared := 0
	for at, o := range ct.operations {
		if o.quick == nil {
			t.Errorf("%v: its parameters are not plain, so that they are checked slowly at each request", at)
		}
		for _, parameter := range o.route.Operation.Parameters {
			for _, value := range values {
				compared++
				ours := o.validate(t.Context(), asking(o, parameter.Value, value))
				theirs := openapi3filter.ValidateRequest(t.Context(), asking(o, parameter.Value, value))
				if fmt.Sprint(ours) != fmt.Sprint(theirs) {
					t.Errorf("%v %s=%q: %v, but the contract says %v", at, parameter.Value.Name, value, ours, theirs)
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d values were compared", compared)
	}
}

// asking is a request of an operation with a value for one parameter, and good ones for the others of its path.
func asking(o operation, parameter *openapi3.Parameter, value string) *openapi3filter.RequestValidationInput {
	input := &openapi3filter.RequestValidationInput{
		Request: httptest.NewRequest(o.route.Method, "/", http.NoBody), Route: o.route, PathParams: map[string]string{},
		Options: &openapi3filter.Options{ExcludeRequestBody: true, MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	for _, other := range o.route.Operation.Parameters {
		if other.Value.In == openapi3.ParameterInPath {
			input.PathParams[other.Value.Name] = "a"
		}
	}
	if parameter.In == openapi3.ParameterInPath {
		input.PathParams[parameter.Name] = value
	} else {
		input.Request.URL.RawQuery = url.Values{parameter.Name: {value}}.Encode()
	}
	return input
}

func TestPlainSchemas(t *testing.T) {
	for document, want := range map[string]bool{
		`{"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a$", "enum": ["a"], "examples": ["a"], "description": "d"}`: true,
		`{"type": "integer", "minimum": 1, "maximum": 2, "default": 1}`:                                                              true,
		`{"type": "array", "items": {"type": "string"}, "maxItems": 3}`:                                                              true,
		`{"type": "string", "minLength": 2}`:                                                                                         false,
		`{"type": ["string", "null"]}`:                                                                                               false,
		`{"type": "string", "const": "a"}`:                                                                                           false,
		`{"type": "string", "format": "uuid"}`:                                                                                       false,
		`{"type": "integer", "exclusiveMinimum": 1}`:                                                                                 false,
		`{"type": "array", "items": {"type": "string", "const": "a"}}`:                                                               false,
		`{"type": "array", "items": {"type": "string"}, "uniqueItems": true}`:                                                        false,
		`{"oneOf": [{"type": "string"}]}`:                                                                                            false,
		`{}`:                                                                                                                         false,
	} {
		var schema openapi3.Schema
		if err := schema.UnmarshalJSON([]byte(document)); err != nil {
			t.Fatal(err)
		}
		if got := plain(&schema); got != want {
			t.Errorf("%s: %t", document, got)
		}
	}
}

func TestPackagesAreNeverNull(t *testing.T) {
	from := map[string][]string{"apt": nil, "dnf": {"glibc"}}
	to := packages(from)
	if to["apt"] == nil || to["dnf"][0] != "glibc" || from["apt"] != nil {
		t.Errorf("got %v of %v", to, from)
	}
	if packages(nil) != nil {
		t.Error("no packages at all are null")
	}
}
