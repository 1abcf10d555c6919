package http

import (
	"context"
	"net/http"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/usage"
	"pgtrunk.io/registry/ports"
)

// DownloadArtefact leads to the bytes of an archive.
func (h *handlers) DownloadArtefact(ctx context.Context, request api.DownloadArtefactRequestObject) (api.DownloadArtefactResponseObject, error) {
	artefact, err := h.Catalog.File(ctx, request.Name, request.Version, request.File)
	if err != nil {
		return nil, err
	}
	asked := download{request.File, ports.DownloadedBuild{
		Project: extension.FoldName(request.Name), Version: request.Version, Postgres: artefact.Postgres, Platform: artefact.Platform,
	}}
	address, err := h.lead(ctx, asked, artefact)
	if err != nil {
		return nil, err
	}
	if at := infoOf(ctx).found.Request.URL; at.RawPath == "" {
		h.downloads.Add(at.Path, asked)
	}
	return api.DownloadArtefact302Response{Headers: api.DownloadArtefact302ResponseHeaders{Location: address}}, nil
}

// download is what the address of one means.
type download struct {
	file  string
	build ports.DownloadedBuild
}

// lead gives the address of the bytes, and counts the download.
func (h *handlers) lead(ctx context.Context, asked download, artefact extension.Artefact) (string, error) {
	info := infoOf(ctx)
	address := artefact.ExternalURL
	if address == "" {
		var err error
		address, err = h.Objects.Link(ctx, ports.ObjectKey(artefact.SHA256), ports.LinkOptions{Method: info.method, Filename: asked.file})
		if err != nil {
			return "", err
		}
	}
	if isDownload(info.method, info.request.Header) {
		h.Counter.Count(asked.build, usage.Client{Address: info.origin.Address, UserAgent: info.request.UserAgent()})
	}
	return address, nil
}

const (
	// rememberedDownloads is of how many addresses it is remembered what they mean.
	rememberedDownloads = 20_000
	// downloadRoute is how the framework writes the path of downloads, downloadOperation their name.
	downloadRoute     = "/api/v1/trunk-projects/:name/version/:version/artefacts/:file"
	downloadOperation = "downloadArtefact"
)

func newDownloads() (*lru.Cache[string, download], error) {
	return lru.New[string, download](rememberedDownloads)
}

// knownDownloads answers downloads from addresses that were found right before: what one means does not change, so it need not
// be checked against the contract each time, which takes as long as all the rest. Whether the build is there is asked every
// time; whatever is not as it was is for the handler.
func (h *handlers) knownDownloads(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodGet || r.URL.RawPath != "" || r.URL.RawQuery != "" {
			return next(c)
		}
		asked, ok := h.downloads.Get(r.URL.Path)
		if !ok {
			return next(c)
		}
		ctx, build := r.Context(), asked.build
		artefact, err := h.Catalog.Artefacts.Artefact(ctx, build.Project, build.Version, build.Postgres, build.Platform)
		if err != nil {
			return next(c)
		}
		address, err := h.lead(ctx, asked, artefact)
		if err != nil {
			return err
		}
		infoOf(ctx).operation = downloadOperation
		c.SetPath(downloadRoute)
		c.Response().Header().Set("Location", address)
		c.Response().WriteHeader(http.StatusFound)
		return nil
	}
}

// isDownload tells that a request is the one of a download that counts. A client that takes the bytes in parts begins with
// the first one, and one that has an entity tag or a date of them has them already: they never change.
func isDownload(method string, header http.Header) bool {
	if method != http.MethodGet || header.Get("If-None-Match") != "" || header.Get("If-Modified-Since") != "" {
		return false
	}
	unit, ranges, ok := strings.Cut(header.Get("Range"), "=")
	// Other units than bytes are nobody's, and whoever does not know one gives everything (RFC 9110, section 14.2).
	if !ok || !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return true
	}
	first, _, _ := strings.Cut(strings.TrimSpace(ranges), "-")
	return first != "" && strings.Trim(first, "0") == ""
}
