package http

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

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
