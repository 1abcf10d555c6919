package http

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
	handler := ct.find(func(echo.Context) error { return nil })
	const projects = "/api/v1/trunk-projects"
	for address, want := range map[string]string{
		projects + "/" + strings.Repeat("a", 200):            "",
		projects + "/" + strings.Repeat("a", 201):            "/path/name maxLength: got 201, want 200",
		projects + "/" + strings.Repeat("%F0%9D%90%93", 200): "",
		projects + "/" + strings.Repeat("%F0%9D%90%93", 201): "/path/name maxLength: got 201, want 200",
		projects + "/a%2Fb":                                  "",
		projects + "/100%25":                                 "",
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
		r := httptest.NewRequest(http.MethodGet, address, http.NoBody)
		err := handler(echo.New().NewContext(r, httptest.NewRecorder()))
		var got string
		if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Fields) == 1 {
			got = f.Fields[0].Pointer + " " + f.Fields[0].Detail
		}
		if got != want || (err == nil) != (want == "") {
			t.Errorf("%s: got %q (%v), want %q", address, got, err, want)
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
