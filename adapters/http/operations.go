package http

import (
	"context"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// operations are those of the contract, by where the framework has their handlers.
type operations map[place]operation

// place is a method and a path as the framework writes it.
type place struct{ method, path string }

// operation is one of the contract, ready to check requests with.
type operation struct {
	route *routers.Route
	// quick is the same of a contract of OpenAPI 3.0, for an operation whose parameters mean the same in both; nil for others.
	// The validator of 3.1 compiles a JSON Schema for every parameter of every request, which takes longer than all else
	// that a lookup does in this process.
	quick *routers.Route
}

// inFrameworks is how the framework writes a path of the contract.
var inFrameworks = strings.NewReplacer("{", ":", "}", "")

func operationsOf(document *openapi3.T) operations {
	older := *document
	older.OpenAPI = "3.0.3"
	all := operations{}
	for path, item := range document.Paths.Map() {
		for method, described := range item.Operations() {
			o := operation{route: &routers.Route{Spec: document, Path: path, PathItem: item, Method: method, Operation: described}}
			if len(item.Parameters) == 0 && !slices.ContainsFunc(described.Parameters, hasOwnMeaning) {
				quick := *o.route
				quick.Spec = &older
				o.quick = &quick
			}
			all[place{method, inFrameworks.Replace(path)}] = o
		}
	}
	return all
}

func hasOwnMeaning(p *openapi3.ParameterRef) bool {
	return p.Value.Schema == nil || !plain(p.Value.Schema.Value)
}

// plain tells that both validators take the same values for a schema, or that the older takes fewer: it counts letters
// outside of the basic plane twice.
func plain(schema *openapi3.Schema) bool {
	types := schema.Type.Slice()
	if len(types) != 1 || !slices.Contains([]string{"string", "integer", "boolean", "array"}, types[0]) || schema.MinLength > 1 {
		return false
	}
	if schema.Items != nil && !plain(schema.Items.Value) {
		return false
	}
	rest := *schema
	rest.Type, rest.Items, rest.Enum, rest.Pattern, rest.Examples = nil, nil, nil, "", nil
	rest.MinLength, rest.MaxLength, rest.Min, rest.Max, rest.MinItems, rest.MaxItems = 0, nil, nil, nil, 0, nil
	return rest.IsEmpty()
}

// validate checks a request without its body. What the older validator takes is right; whatever else comes is for the one
// of the contract's own version to judge and to put into words.
func (o operation) validate(ctx context.Context, input *openapi3filter.RequestValidationInput) error {
	if o.quick != nil {
		quick := *input
		quick.Route = o.quick
		if openapi3filter.ValidateRequest(ctx, &quick) == nil {
			return nil
		}
	}
	return openapi3filter.ValidateRequest(ctx, input)
}
