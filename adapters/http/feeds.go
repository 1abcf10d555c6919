package http

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/extension"
)

// feed writes releases as Atom (RFC 4287). A release keeps its entry, whose time moves on when another build of it comes.
func (h *handlers) feed(title, self string, releases []extension.Release) (api.FeedApplicationAtomXMLResponse, error) {
	f := feeds.AtomFeed{
		Xmlns: "http://www.w3.org/2005/Atom", Title: title, Id: self, Subtitle: "New versions of compiled PostgreSQL extensions.",
		Link: &feeds.AtomLink{Href: self, Rel: "self", Type: "application/atom+xml"}, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
	}
	for _, r := range releases {
		address := h.site.Absolute(versionPath(r.Project, r.Version))
		f.Entries = append(f.Entries, &feeds.AtomEntry{
			Title: r.Project + " " + r.Version.String(), Id: "urn:uuid:" + r.ID,
			Published: r.Published.Format(time.RFC3339), Updated: r.Updated.Format(time.RFC3339),
			Links:   []feeds.AtomLink{{Href: address, Rel: "alternate", Type: "text/html"}},
			Summary: &feeds.AtomSummary{Type: "text", Content: summary(r)},
			Author:  &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: r.Publisher.Name}},
		})
	}
	if len(releases) > 0 {
		f.Updated = releases[0].Updated.Format(time.RFC3339)
	}
	body, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return api.FeedApplicationAtomXMLResponse{}, fmt.Errorf("write a feed: %w", err)
	}
	body = append([]byte(xml.Header), append(body, '\n')...)
	return api.FeedApplicationAtomXMLResponse{Body: bytes.NewReader(body), ContentLength: int64(len(body))}, nil
}

// summary is what a release is and what it was compiled for.
func summary(r extension.Release) string {
	var majors, platforms []string
	for _, a := range r.Artefacts {
		if major := strconv.Itoa(a.Postgres); !slices.Contains(majors, major) {
			majors = append(majors, major)
		}
		if platform := a.Platform.String(); !slices.Contains(platforms, platform) {
			platforms = append(platforms, platform)
		}
	}
	return strings.TrimSpace(r.Description + "\n\nPostgreSQL " + strings.Join(majors, ", ") + " on " + strings.Join(platforms, ", "))
}

// GetReleasesFeed tells the newest versions of all projects.
func (h *handlers) GetReleasesFeed(ctx context.Context, _ api.GetReleasesFeedRequestObject) (api.GetReleasesFeedResponseObject, error) {
	releases, err := h.Catalog.Recent(ctx, "", "")
	if err != nil {
		return nil, err
	}
	feed, err := h.feed("Trunk: new versions", h.address("/feeds/releases"), releases)
	return api.GetReleasesFeed200ApplicationAtomXMLResponse{FeedApplicationAtomXMLResponse: feed}, err
}

// GetProjectFeed tells the newest versions of a project.
func (h *handlers) GetProjectFeed(ctx context.Context, request api.GetProjectFeedRequestObject) (api.GetProjectFeedResponseObject, error) {
	project, err := h.Catalog.Named(ctx, request.Name)
	if err != nil {
		return nil, err
	}
	releases, err := h.Catalog.Recent(ctx, project.Name, "")
	if err != nil {
		return nil, err
	}
	feed, err := h.feed("Trunk: "+project.Name, h.address("/feeds/projects/%s", project.Name), releases)
	return api.GetProjectFeed200ApplicationAtomXMLResponse{FeedApplicationAtomXMLResponse: feed}, err
}

// GetCategoryFeed tells the newest versions of the projects in a category.
func (h *handlers) GetCategoryFeed(ctx context.Context, request api.GetCategoryFeedRequestObject) (api.GetCategoryFeedResponseObject, error) {
	category, err := h.Catalog.Category(ctx, request.Slug)
	if err != nil {
		return nil, err
	}
	releases, err := h.Catalog.Recent(ctx, "", category.Slug)
	if err != nil {
		return nil, err
	}
	feed, err := h.feed("Trunk: "+category.Name, h.address("/feeds/categories/%s", category.Slug), releases)
	return api.GetCategoryFeed200ApplicationAtomXMLResponse{FeedApplicationAtomXMLResponse: feed}, err
}
