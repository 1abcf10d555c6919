package http

import (
	"bytes"
	"context"
	"strings"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/search"
	"pgtrunk.io/registry/web/badge"
	"pgtrunk.io/registry/web/site"
)

// badgeCaching is what caches may do with a badge. Those of image proxies ask often, and nobody minds a badge of yesterday.
const badgeCaching = "public, max-age=300, stale-while-revalidate=86400"

// GetBadge draws a badge. One of a project that nobody knows is a picture too, with status 200: proxies of images show
// nothing for any other.
func (h *handlers) GetBadge(ctx context.Context, request api.GetBadgeRequestObject) (api.GetBadgeResponseObject, error) {
	found, err := h.Options.Search.Project(ctx, request.Name)
	known := fault.CodeOf(err) != fault.ProjectUnknown
	if err != nil && known {
		return nil, err
	}
	picture, err := badgeOf(request.Badge, found, known).SVG()
	if err != nil {
		return nil, err
	}
	return api.GetBadge200ImageSvgXMLResponse{
		Body: bytes.NewReader(picture), ContentLength: int64(len(picture)), Headers: api.GetBadge200ResponseHeaders{CacheControl: badgeCaching},
	}, nil
}

// badgeOf says what stands on a badge.
func badgeOf(kind api.GetBadgeParamsBadge, found search.Item, known bool) badge.Badge {
	b := badge.Badge{Label: badgeLabels[kind], Colour: badge.Blue}
	switch {
	case !known:
		b.Message, b.Colour = "unknown", badge.Grey
	case kind == api.GetBadgeParamsBadgeDownloadsSvg:
		b.Message = badge.Count(found.Downloads) + " in 30 days"
	case found.Version == "":
		b.Message, b.Colour = "withdrawn", badge.Amber
	case kind == api.GetBadgeParamsBadgeVersionSvg && found.Deprecation != "":
		b.Message, b.Colour = found.Version+", deprecated", badge.Amber
	case kind == api.GetBadgeParamsBadgeVersionSvg:
		b.Message = found.Version
	case len(found.Builds) == 0:
		b.Message, b.Colour = "no build", badge.Grey
	case kind == api.GetBadgeParamsBadgePostgresSvg:
		b.Message = site.Ranges(itemRow(found).Majors)
	default:
		b.Message = "linux " + strings.Join(itemRow(found).Architectures(), ", ")
	}
	return b
}

var badgeLabels = map[api.GetBadgeParamsBadge]string{
	api.GetBadgeParamsBadgeVersionSvg: "trunk", api.GetBadgeParamsBadgeDownloadsSvg: "downloads",
	api.GetBadgeParamsBadgePostgresSvg: "PostgreSQL", api.GetBadgeParamsBadgePlatformsSvg: "platforms",
}

// badgesOf are the badges of a project with the Markdown that shows them.
func (h *handlers) badgesOf(name string) site.Badges {
	var badges site.Badges
	var lines []string
	for _, kind := range []struct {
		badge api.GetBadgeParamsBadge
		alt   string
	}{
		{api.GetBadgeParamsBadgeVersionSvg, "The latest version on Trunk"},
		{api.GetBadgeParamsBadgePostgresSvg, "PostgreSQL majors"},
		{api.GetBadgeParamsBadgePlatformsSvg, "Platforms"},
		{api.GetBadgeParamsBadgeDownloadsSvg, "Downloads of 30 days"},
	} {
		address := h.address("/badges/%s/%s", name, kind.badge)
		badges.Pictures = append(badges.Pictures, site.Link{Text: kind.alt, Address: strings.TrimPrefix(address, h.PublicURL.String())})
		lines = append(lines, "[!["+kind.alt+"]("+address+")]("+h.site.Absolute(projectPath(name))+")")
	}
	badges.Markdown = site.Command{ID: "badges", Name: "the Markdown of the badges", Text: strings.Join(lines, "\n")}
	return badges
}
