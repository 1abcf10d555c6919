package http

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/web/apidocs"
)

// page lets a handler of the standard library answer an operation of the contract.
type page struct {
	handler http.Handler
	request *http.Request
}

func (p page) serve(w http.ResponseWriter) error {
	p.handler.ServeHTTP(w, p.request)
	return nil
}

// The generated server asks for a method for each operation that a type can answer.

// VisitGetSwaggerUIResponse answers with Swagger UI.
func (p page) VisitGetSwaggerUIResponse(w http.ResponseWriter) error { return p.serve(w) }

// VisitGetReadingPageResponse answers with the page to read.
func (p page) VisitGetReadingPageResponse(w http.ResponseWriter) error { return p.serve(w) }

// VisitGetContractJSONResponse answers with the contract as JSON.
func (p page) VisitGetContractJSONResponse(w http.ResponseWriter) error { return p.serve(w) }

// VisitGetContractYAMLResponse answers with the contract as YAML.
func (p page) VisitGetContractYAMLResponse(w http.ResponseWriter) error { return p.serve(w) }

// document serves bytes that never change while the process lives.
func document(contentType string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// GetSwaggerUI serves Swagger UI's page.
func (h *handlers) GetSwaggerUI(ctx context.Context, _ api.GetSwaggerUIRequestObject) (api.GetSwaggerUIResponseObject, error) {
	return page{h.swaggerUI, infoOf(ctx).request}, nil
}

// GetReadingPage serves the contract as a page to read.
func (h *handlers) GetReadingPage(ctx context.Context, _ api.GetReadingPageRequestObject) (api.GetReadingPageResponseObject, error) {
	return page{h.readingPage, infoOf(ctx).request}, nil
}

// GetContractJSON serves the contract as JSON.
func (h *handlers) GetContractJSON(ctx context.Context, _ api.GetContractJSONRequestObject) (api.GetContractJSONResponseObject, error) {
	return page{document("application/json", h.contract.json), infoOf(ctx).request}, nil
}

// GetContractYAML serves the contract as YAML.
func (h *handlers) GetContractYAML(ctx context.Context, _ api.GetContractYAMLRequestObject) (api.GetContractYAMLResponseObject, error) {
	return page{document("application/yaml", h.contract.yaml), infoOf(ctx).request}, nil
}

// registerAssets serves what the documentation's pages are made of; they are no operations of the contract.
func (h *handlers) registerAssets(e *echo.Echo) {
	e.GET("/swagger-ui", echo.WrapHandler(h.swaggerUI))
	e.GET("/swagger-ui/*", echo.WrapHandler(h.swaggerUI))
	e.GET("/redoc/*", echo.WrapHandler(h.readingPage))
}

// documentation makes the handlers of the pages.
func (h *handlers) documentation() error {
	doc, err := apidocs.Load(h.contract.yaml)
	if err != nil {
		return err
	}
	h.swaggerUI = apidocs.SwaggerUI(nil)
	h.readingPage, err = apidocs.ReadingPage(doc, nil)
	return err
}
