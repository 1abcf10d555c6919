package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v3"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
)

// contract is openapi.yaml as the server uses it.
type contract struct {
	document   *openapi3.T
	json, yaml []byte
	operations operations
	needs      map[string]needs
}

func loadContract() (*contract, error) {
	raw, err := api.GetSpecJSON()
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	document, err := api.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	asYAML, err := toYAML(raw)
	if err != nil {
		return nil, err
	}
	needs, err := needsOf(document)
	if err != nil {
		return nil, fmt.Errorf("read who may do what: %w", err)
	}
	return &contract{document: document, json: raw, yaml: asYAML, operations: operationsOf(document), needs: needs}, nil
}

func toYAML(raw []byte) ([]byte, error) {
	var document any
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	asYAML, err := yaml.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("write the contract as YAML: %w", err)
	}
	return asYAML, nil
}

// find finds the operation that a request means, and refuses parameters that the contract does not allow. The framework has
// chosen the handler by now, and the operation is that handler's: no address can reach one without being checked as it.
func (ct *contract) find(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		operation, ok := ct.operations[place{r.Method, c.Path()}]
		if !ok {
			// Not the contract's: the framework answers, be it with an asset or with 404 or 405.
			return next(c)
		}
		params, err := decode(operation.route.Operation.Parameters, c, r.URL.Query())
		if err != nil {
			return err
		}
		info := infoOf(r.Context())
		info.operation, info.project = operation.route.Operation.OperationID, projectOf(operation.route.Operation, params)
		info.found = &openapi3filter.RequestValidationInput{
			Request: r, PathParams: params, Route: operation.route,
			Options: &openapi3filter.Options{
				ExcludeRequestBody: true,
				MultiError:         true,
				AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
			},
		}
		// The validator would read an upload into memory even so.
		body := r.Body
		r.Body = http.NoBody
		err = operation.validate(r.Context(), info.found)
		r.Body = body
		if err != nil {
			return invalid(err)
		}
		return next(c)
	}
}

// documentLimit bounds a JSON document that is sent, in bytes.
const documentLimit = 256 << 10

// validateBody refuses a JSON document that the contract does not allow. Uploads are left to their handler.
func (ct *contract) validateBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		found := infoOf(r.Context()).found
		if found == nil || found.Route.Operation.RequestBody == nil {
			return next(c)
		}
		body := found.Route.Operation.RequestBody.Value
		if body.Content.Get(echo.MIMEApplicationJSON) == nil {
			return next(c)
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, documentLimit)
		found.Request = r
		if err := openapi3filter.ValidateRequestBody(r.Context(), found, body); err != nil {
			return invalidBody(err)
		}
		return next(c)
	}
}

// invalidBody tells everything that is wrong with a document.
func invalidBody(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.PayloadTooLarge, "The document is over %d KiB. Make it shorter.", documentLimit>>10).Because(err)
	}
	requestError, ok := errors.AsType[*openapi3filter.RequestError](err)
	switch {
	case ok && errors.Is(requestError.Err, openapi3filter.ErrInvalidRequired):
		return fault.New(fault.RequestMalformed, "A JSON document is missing. /redoc shows its form.").Because(err)
	case ok && strings.Contains(requestError.Reason, "Content-Type"):
		return fault.New(fault.MediaTypeUnsupported, "This address takes application/json.").Because(err)
	}
	if _, ok := errors.AsType[*openapi3filter.ParseError](err); ok {
		return fault.New(fault.RequestMalformed, "That is not a JSON document. /redoc shows its form.").Because(err)
	}
	f := fault.New(fault.RequestInvalid, "The document is not what the contract says. /redoc shows its form.").Because(err)
	for _, schemaError := range schemaErrors(err) {
		f = f.With(fault.Field{Pointer: "/" + strings.Join(schemaError.JSONPointer(), "/"), Detail: inShort(schemaError.Reason)})
	}
	return f
}

// schemaErrors finds what a validator has against a document, however it is wrapped.
func schemaErrors(err error) []*openapi3.SchemaError {
	if all, ok := errors.AsType[openapi3.MultiError](err); ok {
		var found []*openapi3.SchemaError
		for _, one := range all {
			found = append(found, schemaErrors(one)...)
		}
		return found
	}
	if one, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return []*openapi3.SchemaError{one}
	}
	return nil
}

// inShort is a validator's reason without its own headline.
func inShort(reason string) string {
	if _, rest, ok := strings.Cut(reason, "\n- at '': "); ok {
		return rest
	}
	return strings.TrimPrefix(reason, "at '': ")
}

// decode gives the path's parameters as what they mean, not as they are escaped in the address: that is what the contract's
// lengths and patterns are about. Bytes that are no text have no form in the contract and no place in the database, so they
// are refused here.
func decode(parameters openapi3.Parameters, c echo.Context, query url.Values) (map[string]string, error) {
	var path map[string]string
	var wrong []fault.Field
	for _, ref := range parameters {
		in, name := ref.Value.In, ref.Value.Name
		var values []string
		switch in {
		case openapi3.ParameterInPath:
			value := c.Param(name)
			// The framework takes parameters from the address as it was sent, where that is kept.
			if c.Request().URL.RawPath != "" {
				var err error
				if value, err = unescape(value); err != nil {
					return nil, fault.New(fault.RequestMalformed, "The address is not readable.").Because(err)
				}
			}
			if path == nil {
				path = make(map[string]string, len(parameters))
			}
			path[name] = value
			values = []string{value}
		case openapi3.ParameterInQuery:
			values = query[name]
		}
		if slices.ContainsFunc(values, func(value string) bool { return !utf8.ValidString(value) }) {
			wrong = append(wrong, fault.Field{Pointer: "/" + in + "/" + name, Detail: "This is not UTF-8."})
		}
	}
	if wrong != nil {
		return nil, invalidRequest().With(wrong...)
	}
	return path, nil
}

func invalidRequest() *fault.Fault {
	return fault.New(fault.RequestInvalid, "The request is not what the contract says. /redoc shows the form of each address.")
}

// invalid tells every parameter that is wrong.
func invalid(err error) error {
	f := invalidRequest().Because(err)
	var all openapi3.MultiError
	if !errors.As(err, &all) {
		all = openapi3.MultiError{err}
	}
	for _, one := range all {
		requestError, ok := errors.AsType[*openapi3filter.RequestError](one)
		if !ok || requestError.Parameter == nil {
			continue
		}
		reason := requestError.Reason
		if schemaError, ok := errors.AsType[*openapi3.SchemaError](requestError.Err); ok {
			reason = inShort(schemaError.Reason)
		} else if parseError, ok := errors.AsType[*openapi3filter.ParseError](requestError.Err); ok {
			reason = parseError.Reason
		}
		f = f.With(fault.Field{Pointer: "/" + requestError.Parameter.In + "/" + requestError.Parameter.Name, Detail: reason})
	}
	return f
}

func unescape(path string) (string, error) { return url.PathUnescape(path) }
