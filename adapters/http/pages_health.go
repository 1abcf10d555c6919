package http

import (
	"fmt"
	"slices"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/web/site"
)

// healthPage explains the words and says how to change them.
func (h *handlers) healthPage(c echo.Context) (site.View, error) {
	view := &site.HealthGuide{Page: h.asked(c)}
	view.Title, view.Path = "How a project is kept", healthPath
	view.Description = "What active, maintained, quiet, outdated, deprecated and withdrawn mean here, and what owners do to change it."
	for _, e := range health.Explanations() {
		view.Words = append(view.Words, site.HealthWord{Word: string(e.Word), Meaning: e.Meaning, Remedy: e.Remedy})
	}
	today := h.Now()
	due := health.DueMajor(today)
	for _, major := range slices.Backward(health.Majors()) {
		state := "supported"
		switch {
		case today.Before(major.Released):
			state = "to come"
		case !major.SupportedAt(today):
			state = "out of support"
		case major.Number == due:
			state = "supported, the one that “maintained” asks for"
		}
		view.Majors = append(view.Majors, site.HealthMajor{Number: major.Number, Released: major.Released, Ends: major.Ends, State: state})
	}
	return view, nil
}

// healthBox shows a report beside a project: what is on the page already, and what there is nothing to tell of, comes last.
func healthBox(page site.Page, o catalog.Overview) site.HealthBox {
	report := health.Of(health.Basis{Project: o.Project, Releases: o.Releases, Readme: o.Readme != nil}, page.Now)
	box := site.HealthBox{
		Word: string(report.Word), Why: report.Why, Rule: fmt.Sprintf("%s#%s", healthPath, report.Word), API: "/api/v1/trunk-projects/" + o.Project.Name + "/health",
	}
	known := []health.Name{health.LastRelease, health.Platforms, health.Deprecation, health.HasReadme, health.License, health.Owners}
	for _, fact := range report.Facts {
		if slices.Contains(known, fact.Name) || fact.Value == nil || fact.Value == 0.0 {
			box.More = append(box.More, fact.Sentence)
		} else {
			box.Facts = append(box.Facts, fact.Sentence)
		}
	}
	return box
}
