package http

import (
	"context"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/core/search"
)

// healthPath is the page that explains the words.
const healthPath = "/project-health"

// GetProjectHealth tells how a project is kept.
func (h *handlers) GetProjectHealth(ctx context.Context, request api.GetProjectHealthRequestObject) (api.GetProjectHealthResponseObject, error) {
	report, err := h.Health.Project(ctx, request.Name)
	if err != nil {
		return nil, err
	}
	view := api.ProjectHealth{
		Name: report.Project, Word: api.HealthWord(report.Word), Why: report.Why, AsOf: openapi_types.Date{Time: report.Day},
		Facts: make([]api.HealthFact, len(report.Facts)), Rule: h.address(healthPath),
	}
	for i, fact := range report.Facts {
		view.Facts[i] = api.HealthFact{Fact: api.HealthFactFact(fact.Name), Value: fact.Value, Sentence: fact.Sentence, At: moment(fact.At)}
	}
	return api.GetProjectHealth200JSONResponse{Body: view}, nil
}

// moment is null for the zero time.
func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// healthOf gives the word of what was found. It is the one that the project's own report has, since both come of the same facts.
func (h *handlers) healthOf(found search.Item) health.Word {
	standing := health.Standing{Deprecation: found.Deprecation, Released: found.Released}
	for _, build := range found.Builds {
		standing.Majors = append(standing.Majors, build.Postgres)
	}
	return health.Judge(standing, h.Now()).Word
}
