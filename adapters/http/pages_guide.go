package http

import (
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/web/site"
)

// publishPage is the guide for publishers.
func (h *handlers) publishPage(c echo.Context) (site.View, error) {
	view := &site.Publish{
		Page: h.asked(c), Commands: h.site.NewPublishCommands(), Limit: site.Size(h.UploadLimit),
		Refusals: topics(fault.OfTokens, fault.OfMetadata, fault.OfChanges, fault.OfArchives, fault.OfContents),
	}
	view.Title, view.Path, view.Section = "Publish an extension", "/publish", "/publish"
	view.Description = "From your repository to a page here in ten minutes: token, build, publish, CI, and what each refusal means."
	return view, nil
}

// problemsPage lists everything that can go wrong.
func (h *handlers) problemsPage(c echo.Context) (site.View, error) {
	view := &site.Problems{Page: h.asked(c), Topics: topics(
		fault.OfRequests, fault.OfTokens, fault.OfSignIns, fault.OfMetadata, fault.OfLookups, fault.OfChanges, fault.OfElsewhere, fault.OfArchives, fault.OfContents,
	)}
	view.Title, view.Path, view.Description = "What can go wrong", "/problems", "Every code of a refusal, what it means and what to do."
	return view, nil
}

// problemPage explains one code.
func (h *handlers) problemPage(c echo.Context) (site.View, error) {
	explanation, ok := fault.Explain(fault.Code(pathParam(c, "code")))
	if !ok {
		return nil, fault.New(fault.RouteUnknown, "There is no problem of that name. /problems lists those there are.")
	}
	view := &site.ProblemPage{Page: h.asked(c), Problem: problemOf(explanation)}
	view.Title, view.Path, view.Description = view.Problem.Title+": "+view.Problem.Code, "/problems/"+view.Problem.Code, view.Problem.Meaning
	view.Breadcrumbs = []site.Link{{Text: "What can go wrong", Address: "/problems"}}
	return view, nil
}

// topics are the explanations of groups of codes.
func topics(groups ...fault.Group) []site.Topic {
	list := make([]site.Topic, len(groups))
	for i, group := range groups {
		list[i].Name = string(group)
		for _, e := range fault.Explanations() {
			if e.Group == group {
				list[i].Problems = append(list[i].Problems, problemOf(e))
			}
		}
	}
	return list
}

func problemOf(e fault.Explanation) site.Problem {
	kind := kindOf(e.Code)
	return site.Problem{Code: string(e.Code), Title: kind.title, Status: kind.status, Meaning: e.Meaning, Remedy: e.Remedy}
}
