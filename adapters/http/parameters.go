package http

import (
	"context"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// checked are the parameters of operations as the validator of OpenAPI 3.0 can check them. That of 3.1 compiles a JSON
// Schema for every parameter of every request, which takes longer than all else that a lookup does in this process.
type checked struct {
	// older is the contract as one of OpenAPI 3.0.
	older *openapi3.T
	// plain are the operations whose parameters mean the same in both.
	plain map[string]bool
}

func newChecked(document *openapi3.T) checked {
	older := *document
	older.OpenAPI = "3.0.3"
	ch := checked{older: &older, plain: map[string]bool{}}
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			ch.plain[operation.OperationID] = len(item.Parameters) == 0 &&
				!slices.ContainsFunc(operation.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Schema == nil || !plain(p.Value.Schema.Value) })
		}
	}
	return ch
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
func (ch checked) validate(ctx context.Context, input *openapi3filter.RequestValidationInput) error {
	if ch.plain[input.Route.Operation.OperationID] {
		route, quick := *input.Route, *input
		route.Spec = ch.older
		quick.Route = &route
		if openapi3filter.ValidateRequest(ctx, &quick) == nil {
			return nil
		}
	}
	return openapi3filter.ValidateRequest(ctx, input)
}
