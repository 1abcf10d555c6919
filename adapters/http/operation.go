package http

import (
	"cmp"
	"context"
	"time"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
)

// GetRoot says that the registry is here.
func (h *handlers) GetRoot(context.Context, api.GetRootRequestObject) (api.GetRootResponseObject, error) {
	return api.GetRoot200JSONResponse{Body: "ok"}, nil
}

// GetLiveness asks nothing of others.
func (h *handlers) GetLiveness(context.Context, api.GetLivenessRequestObject) (api.GetLivenessResponseObject, error) {
	return api.GetLiveness200JSONResponse{Body: api.Health{
		Status: api.HealthStatusOk, Database: api.HealthDatabaseUnknown, ObjectStore: api.HealthObjectStoreUnknown,
	}}, nil
}

// GetVersion says which contract is served, and by which build.
func (h *handlers) GetVersion(context.Context, api.GetVersionRequestObject) (api.GetVersionResponseObject, error) {
	return api.GetVersion200JSONResponse{Body: api.Program{
		Contract: h.contract.document.Info.Version, Build: cmp.Or(h.Program.Version, unknownBuild),
		Revision: nullable(h.Program.Revision), Go: cmp.Or(h.Program.Go, unknownBuild),
	}}, nil
}

// unknownBuild is the version of a program that was built from no module.
const unknownBuild = "unknown"

// checkTimeout bounds each question that readiness asks.
const checkTimeout = 2 * time.Second

// GetReadiness asks the database, and the object store without depending on it.
func (h *handlers) GetReadiness(ctx context.Context, _ api.GetReadinessRequestObject) (api.GetReadinessResponseObject, error) {
	if h.Draining() {
		return nil, fault.New(fault.Draining, "This process is about to stop. Ask another one.").After(time.Second)
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := h.CheckDatabase(ctx); err != nil {
		return nil, err
	}
	store := api.HealthObjectStoreOk
	if err := h.CheckObjects(ctx); err != nil {
		h.Log.WarnContext(ctx, "the object store does not answer", "error", err)
		store = api.HealthObjectStoreUnavailable
	}
	return api.GetReadiness200JSONResponse{Body: api.Health{
		Status: api.HealthStatusOk, Database: api.HealthDatabaseOk, ObjectStore: store,
	}}, nil
}
