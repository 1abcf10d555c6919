package http

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
)

// codes reads the codes from their source.
func codes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../core/fault/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, code)
		}
		return true
	})
	return list
}

// Every code of the core is in the contract and has a status; the contract names no other.
func TestCodesAreInTheContract(t *testing.T) {
	contract, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, code := range contract.document.Components.Schemas["ProblemCode"].Value.Enum {
		listed = append(listed, code.(string))
	}
	known := codes(t)
	slices.Sort(listed)
	slices.Sort(known)
	if !slices.Equal(listed, known) {
		t.Errorf("the contract lists %v, the core %v", listed, known)
	}
	if len(slices.Compact(slices.Clone(known))) != len(known) {
		t.Errorf("a code is there twice: %v", known)
	}
	for _, code := range known {
		kind := kindOf(fault.Code(code))
		refusesArchive := strings.HasPrefix(code, "archive_") || strings.HasPrefix(code, "manifest_") || strings.HasPrefix(code, "shared_object_") ||
			slices.Contains([]string{"platform_unsupported", "postgres_version_unsupported", "control_file_invalid"}, code)
		if kind.status < http.StatusBadRequest || kind.title == "" || (kind.title == "Archive refused") != refusesArchive {
			t.Errorf("%s becomes %d %q", code, kind.status, kind.title)
		}
	}
}

// TestClientHasGone: what breaks off because nobody waits for it is no fault of the registry, and what breaks off otherwise is.
func TestClientHasGone(t *testing.T) {
	for _, c := range []struct {
		gone   bool
		status int
		log    string
	}{{true, clientGone, ""}, {false, http.StatusInternalServerError, "level=ERROR msg=refused code=internal"}} {
		ctx, cancel := context.WithCancel(t.Context())
		if c.gone {
			cancel()
		}
		var log bytes.Buffer
		answer := httptest.NewRecorder()
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/suggest?q=ve", http.NoBody)
		handle := problemHandler(slog.New(slog.NewTextHandler(&log, nil)), nil)
		handle(fmt.Errorf("search: %w", context.Canceled), echo.New().NewContext(request, answer))
		if answer.Code != c.status || !strings.Contains(log.String(), c.log) || (log.String() == "") != c.gone {
			t.Errorf("gone is %t: %d, and the log says %s", c.gone, answer.Code, log.String())
		}
		cancel()
	}
}
