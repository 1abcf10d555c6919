package http

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/fault"
)

// registerMachinePages serves what search engines and browsers ask for.
func (h *handlers) registerMachinePages(e *echo.Echo) {
	e.GET("/robots.txt", h.document("text/plain; charset=UTF-8", h.robots))
	e.GET("/opensearch.xml", h.document("application/opensearchdescription+xml", h.openSearch))
	e.GET("/sitemap.xml", h.document(xmlType, h.sitemapIndex))
	e.GET("/sitemaps/:file", h.document(xmlType, h.sitemap))
}

const xmlType = "application/xml; charset=UTF-8"

// document makes a route of a text that is the same until the catalogue changes.
func (h *handlers) document(contentType string, write func(c echo.Context) ([]byte, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		answer, err := h.snapshots.answer("document "+c.Request().URL.Path, "", h.Now(), func() (kept, error) {
			body, err := write(c)
			return keep(http.StatusOK, http.Header{"Content-Type": {contentType}, "Cache-Control": {pageCaching}}, body), err
		})
		if err != nil {
			return err
		}
		return serveKept(c, answer)
	}
}

// robots keeps crawlers from what is endless, private or heavy.
func (h *handlers) robots(echo.Context) ([]byte, error) {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range []string{"/search", "/account", "/follow", "/unsubscribe", "/api/", "/extensions/*/download", "/*?"} {
		b.WriteString("Disallow: " + path + "\n")
	}
	b.WriteString("\nSitemap: " + h.address("/sitemap.xml") + "\n")
	return []byte(b.String()), nil
}

// openSearch lets browsers search here (OpenSearch 1.1).
func (h *handlers) openSearch(echo.Context) ([]byte, error) {
	type address struct {
		Type     string `xml:"type,attr"`
		Rel      string `xml:"rel,attr,omitempty"`
		Template string `xml:"template,attr"`
	}
	return asXML(struct {
		XMLName       xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName     string    `xml:"ShortName"`
		Description   string    `xml:"Description"`
		InputEncoding string    `xml:"InputEncoding"`
		URLs          []address `xml:"Url"`
	}{
		ShortName: "Trunk", Description: "Search PostgreSQL extensions that are ready to install.", InputEncoding: "UTF-8",
		URLs: []address{{Type: "text/html", Template: h.address("/search") + "?q={searchTerms}"}},
	})
}

// perSitemap is how many addresses one file may have (https://www.sitemaps.org/protocol.html).
const perSitemap = 50_000

// listing is an address in a sitemap.
type listing struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// listings are all addresses that search engines should know, in an order that stays.
func (h *handlers) listings(c echo.Context) ([]listing, error) {
	ctx := c.Request().Context()
	entries, err := h.Catalog.Entries(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := h.Catalog.Categories(ctx)
	if err != nil {
		return nil, err
	}
	var list []listing
	for _, path := range []string{"/", "/categories", "/publish", healthPath, "/problems"} {
		list = append(list, listing{Address: h.PublicURL.String() + path})
	}
	for _, category := range categories {
		list = append(list, listing{Address: h.address("/categories/%s", category.Slug)})
	}
	owners := map[string]bool{}
	for _, entry := range entries {
		list = append(list, listing{h.address("/extensions/%s", entry.Project.Name), entry.Release.Updated.Format(time.RFC3339)})
		list = append(list, h.listOwners(entry, owners)...)
	}
	return list, nil
}

// listOwners gives the pages of the owners that are not known yet.
func (h *handlers) listOwners(entry catalog.Entry, known map[string]bool) []listing {
	var list []listing
	for _, owner := range entry.Project.Owners {
		if !known[owner.Name] {
			known[owner.Name] = true
			list = append(list, listing{Address: h.address("/users/%s", owner.Name)})
		}
	}
	return list
}

// sitemapIndex lists the files of the sitemap.
func (h *handlers) sitemapIndex(c echo.Context) ([]byte, error) {
	listings, err := h.listings(c)
	if err != nil {
		return nil, err
	}
	index := struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Files   []listing `xml:"sitemap"`
	}{}
	for n := 0; n*perSitemap < len(listings); n++ {
		index.Files = append(index.Files, listing{Address: h.address("/sitemaps/%s", fmt.Sprintf("%d.xml", n+1))})
	}
	return asXML(index)
}

// sitemap is one of the files.
func (h *handlers) sitemap(c echo.Context) ([]byte, error) {
	unknown := fault.New(fault.RouteUnknown, "There is no such sitemap. /sitemap.xml lists those there are.")
	n, err := strconv.Atoi(strings.TrimSuffix(c.Param("file"), ".xml"))
	if err != nil || n < 1 || c.Param("file") != strconv.Itoa(n)+".xml" {
		return nil, unknown
	}
	listings, err := h.listings(c)
	if err != nil {
		return nil, err
	}
	if (n-1)*perSitemap >= len(listings) {
		return nil, unknown
	}
	return asXML(struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []listing `xml:"url"`
	}{URLs: listings[(n-1)*perSitemap : min(len(listings), n*perSitemap)]})
}

// asXML writes a document.
func asXML(value any) ([]byte, error) {
	body, err := xml.MarshalIndent(value, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write XML: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}
