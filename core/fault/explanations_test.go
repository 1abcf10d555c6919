package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/fault"
)

// Every code is explained once, in the order in which the codes stand, with sentences.
func TestExplanations(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes, explained []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	for _, e := range fault.Explanations() {
		explained = append(explained, string(e.Code))
		for _, sentence := range []string{e.Meaning, e.Remedy} {
			if !strings.HasSuffix(sentence, ".") || len(sentence) < 4 {
				t.Errorf("%s: %q is no sentence", e.Code, sentence)
			}
		}
		if found, ok := fault.Explain(e.Code); !ok || found != e || e.Group == "" {
			t.Errorf("%s: %+v", e.Code, found)
		}
	}
	if !slices.Equal(codes, explained) {
		t.Errorf("explained are\n%v, the codes are\n%v", explained, codes)
	}
	if _, ok := fault.Explain("nothing"); ok {
		t.Error("what is no code is explained")
	}
}
