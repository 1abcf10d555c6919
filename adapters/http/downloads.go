package http

import (
	"context"
	"net/http"
	"strings"

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
	info := infoOf(ctx)
	address := artefact.ExternalURL
	if address == "" {
		address, err = h.Objects.Link(ctx, ports.ObjectKey(artefact.SHA256), ports.LinkOptions{Method: info.method, Filename: request.File})
		if err != nil {
			return nil, err
		}
	}
	if isDownload(info.method, info.request.Header) {
		h.Counter.Count(ports.DownloadedBuild{
			Project: extension.FoldName(request.Name), Version: request.Version, Postgres: artefact.Postgres, Platform: artefact.Platform,
		}, usage.Client{Address: info.origin.Address, UserAgent: info.request.UserAgent()})
	}
	return api.DownloadArtefact302Response{Headers: api.DownloadArtefact302ResponseHeaders{Location: address}}, nil
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
