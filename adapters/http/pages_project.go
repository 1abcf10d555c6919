package http

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// registerProjectPages serves the pages of projects and of their versions, at the addresses that they have always had.
func (h *handlers) registerProjectPages(e *echo.Echo) {
	// Where people publish there is no project: without this the address would be the page of one.
	e.GET("/extensions/new", func(c echo.Context) error {
		c.Response().Header().Set("Allow", http.MethodPost)
		return echo.ErrMethodNotAllowed
	})
	for path, handle := range map[string]pageHandler{"/extensions/:name": h.projectPage, "/extensions/:name/:version": h.versionPage} {
		e.GET(path, h.page(handle))
		e.GET(path+"/", h.page(withoutSlash))
	}
}

// withoutSlash sends those who wrote one at the end to the page itself.
func withoutSlash(c echo.Context) (site.View, error) {
	return nil, movedTo(c, http.StatusMovedPermanently, strings.TrimRight(c.Request().URL.EscapedPath(), "/"))
}

func projectPath(name string) string { return "/extensions/" + url.PathEscape(name) }

func versionPath(name string, version extension.Version) string {
	return projectPath(name) + "/" + url.PathEscape(version.String())
}

func userLink(name string) site.Link {
	return site.Link{Text: name, Address: "/users/" + url.PathEscape(name)}
}

// movedTo sends to another page, with the query that was asked.
func movedTo(c echo.Context, status int, address string) error {
	if query := c.Request().URL.RawQuery; query != "" {
		address += "?" + query
	}
	return &moved{status, address}
}

// versionsAll asks for every version of a project in its list.
const versionsAll = "all"

// projectPage answers whether a project can be installed, how, and whether it should be.
func (h *handlers) projectPage(c echo.Context) (site.View, error) {
	page, name := h.asked(c), pathParam(c, "name")
	o, err := h.overview(c, page, name, "")
	if err != nil {
		return nil, err
	}
	if o.Project.Name != name {
		return nil, movedTo(c, http.StatusMovedPermanently, projectPath(o.Project.Name))
	}
	view := h.projectView(page, o, c.QueryParam("versions") == versionsAll)
	view.Usage, err = h.usageOf(c.Request().Context(), o.Project.Name)
	return view, err
}

// versionPage answers whether exactly one version is still good.
func (h *handlers) versionPage(c echo.Context) (site.View, error) {
	page, name, version := h.asked(c), pathParam(c, "name"), pathParam(c, "version")
	if version == extension.LatestVersion {
		return nil, movedTo(c, http.StatusFound, projectPath(name))
	}
	o, err := h.overview(c, page, name, version)
	if err != nil {
		return nil, err
	}
	if o.Project.Name != name {
		return nil, movedTo(c, http.StatusMovedPermanently, versionPath(o.Project.Name, o.Shown.Version))
	}
	return h.versionView(page, o), nil
}

// overview reads what a page shows. A name that is an extension's and no project's leads to its project.
func (h *handlers) overview(c echo.Context, page site.Page, name, version string) (catalog.Overview, error) {
	ctx := c.Request().Context()
	if !utf8.ValidString(name+version) || strings.ContainsRune(name+version, 0) {
		return catalog.Overview{}, fault.New(fault.ProjectUnknown, "That is not the name of a project.")
	}
	o, err := h.Catalog.Overview(ctx, catalog.Build{
		Name: name, Version: version, Postgres: page.Pair.Postgres, Platform: extension.Platform(page.Pair.Platform),
	})
	if fault.CodeOf(err) != fault.ProjectUnknown {
		return o, err
	}
	provider, lookErr := h.Catalog.Provider(ctx, name)
	if lookErr != nil {
		return o, lookErr
	}
	if provider != "" {
		address := projectPath(provider)
		if version != "" {
			address += "/" + url.PathEscape(version)
		}
		return o, movedTo(c, http.StatusFound, address)
	}
	return o, fault.New(fault.ProjectUnknown, "There is no project and no extension called %q.", name)
}

func (h *handlers) projectView(page site.Page, o catalog.Overview, allVersions bool) *site.Project {
	name, shown, path := o.Project.Name, o.Shown, projectPath(o.Project.Name)
	view := &site.Project{
		Page: page, Name: name, Sentence: shown.Description, Released: shown.Published, License: shown.License,
		Banners: projectBanners(page, o), Builds: matrix(o), Dependents: projectLinks(page, o.Dependents), DependentsTotal: o.DependentsTotal,
		Needs: needLinks(page, o.Needs), Links: publisherLinks(shown), VersionsTotal: len(o.Releases), File: h.file(o),
		Health: healthBox(page, o), Badges: h.badgesOf(name),
	}
	if h.Follow.Offered() == nil {
		form := h.followForm(ports.Followed{Project: name}, "", usualOptions(page), nil)
		view.Follow = &form
	}
	view.Path, view.Feed, view.API = path, "/feeds/projects/"+url.PathEscape(name), "/api/v1/trunk-projects/"+url.PathEscape(name)
	view.Title, view.Description = pageTitle(o), summaryOf(o)
	if o.Latest != nil {
		view.Installing = h.installing(o, path)
	} else {
		view.Title, view.File = name, nil
	}
	for _, owner := range o.Project.Owners {
		view.Owners = append(view.Owners, userLink(owner.Name))
	}
	for i, category := range o.Project.Categories {
		view.Categories = append(view.Categories, site.Link{Text: category, Address: "/categories/" + url.PathEscape(o.Project.CategorySlugs[i])})
	}
	view.Breadcrumbs = shelf(view.Categories)
	for _, e := range shown.Extensions {
		if e.ControlFile != nil && (e.Name != name || len(shown.Extensions) > 1) {
			view.Provides = append(view.Provides, e.Name)
		}
	}
	view.Versions = versionRows(o, allVersions)
	if len(view.Versions) < len(o.Releases) && !allVersions {
		view.AllVersions = page.Pair.On(path) + map[bool]string{true: "?", false: "&"}[page.Pair.Any()] + "versions=" + versionsAll + "#versions"
	}
	if o.Readme != nil {
		text := h.readmes.render(*o.Readme, shown.Repository)
		if view.Readme = text.HTML; text.Cut {
			view.WholeReadme = "/extensions/details/" + url.PathEscape(name) + "/readme"
		}
	}
	view.Linked = h.linked(o, view.Breadcrumbs)
	return view
}

func (h *handlers) versionView(page site.Page, o catalog.Overview) *site.Version {
	shown, path := o.Shown, versionPath(o.Project.Name, o.Shown.Version)
	view := &site.Version{
		Page: page, Installing: h.installing(o, path), Name: o.Project.Name, Sentence: shown.Description, Released: shown.Published,
		Publisher: userLink(shown.Publisher.Name), License: shown.License, Yanked: shown.Yanked(), Needs: needLinks(page, o.Needs), File: h.file(o),
		Banners: deprecationBanner(o),
	}
	if shown.Repository != "" {
		view.Repository = site.Link{Text: shown.Repository, Address: shown.Repository}
	}
	// There is no canonical address: an old version is no copy of the newest one, and neither belongs into an index.
	view.NoIndex, view.Title = true, o.Project.Name+" "+shown.Version.String()
	view.Description = summaryOf(o)
	view.Breadcrumbs = []site.Link{{Text: o.Project.Name, Address: page.Pair.On(projectPath(o.Project.Name))}}
	view.Feed = "/feeds/projects/" + url.PathEscape(o.Project.Name)
	view.API = "/api/v1/trunk-projects/" + url.PathEscape(o.Project.Name) + "/version/" + url.PathEscape(shown.Version.String())
	if shown.Yanked() {
		view.Banners = append(view.Banners, yankBanner(page, o, shown, "Yanked"))
	}
	if o.Latest != nil && o.Latest.ID != shown.ID {
		view.Newest = &site.Link{Text: o.Latest.Version.String(), Address: page.Pair.On(projectPath(o.Project.Name))}
	}
	if o.Changes.Text != "" {
		view.Changes = h.readmes.render(extension.Readme(o.Changes), shown.Repository).HTML
	}
	for _, a := range shown.Artefacts {
		view.Files = append(view.Files, h.archive(shown, a))
	}
	return view
}

// shelf is the category that a project stands in. Featured says less than any other.
func shelf(categories []site.Link) []site.Link {
	for _, category := range categories {
		if category.Address != "/categories/featured" {
			return []site.Link{category}
		}
	}
	return categories[:min(1, len(categories))]
}

// pageTitle is the name, the version and what it is in a few words.
func pageTitle(o catalog.Overview) string {
	title := o.Project.Name + " " + o.Shown.Version.String()
	const longest = 60
	if words := firstWords(o.Shown.Description, longest); words != "" {
		title += " – " + words
	}
	return title
}

// firstWords is the first sentence of a text, or as many of its words as have room in so many characters.
func firstWords(text string, most int) string {
	text, _, _ = strings.Cut(strings.Join(strings.Fields(text), " "), ". ")
	text = strings.TrimSuffix(text, ".")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
		if end := strings.LastIndexByte(text, ' '); end > 0 {
			text = text[:end]
		}
		text += " …"
	}
	return text
}

// summaryOf is a sentence or two for previews.
func summaryOf(o catalog.Overview) string {
	const longest = 200
	var majors []int
	for _, a := range o.Shown.Artefacts {
		majors = append(majors, a.Postgres)
	}
	words := firstWords(o.Shown.Description, longest)
	if len(majors) == 0 {
		return words
	}
	return strings.TrimSpace(words + ". Compiled for PostgreSQL " + site.Ranges(majors) + ".")
}

func needLinks(page site.Page, needs []catalog.Need) []site.Link {
	var links []site.Link
	for _, need := range needs {
		link := site.Link{Text: need.Extension}
		if need.Project != "" {
			link.Address = page.Pair.On(projectPath(need.Project))
		}
		links = append(links, link)
	}
	return links
}

func projectLinks(page site.Page, names []string) []site.Link {
	var links []site.Link
	for _, name := range names {
		links = append(links, site.Link{Text: name, Address: page.Pair.On(projectPath(name))})
	}
	return links
}

// publisherLinks are those that the publisher gave.
func publisherLinks(r extension.Release) []site.Link {
	var links []site.Link
	for _, link := range []site.Link{
		{Text: "Documentation", Address: r.Documentation}, {Text: "Source", Address: r.Repository}, {Text: "Home page", Address: r.Homepage},
	} {
		if link.Address != "" {
			links = append(links, link)
		}
	}
	return links
}

// linked says the same to machines. Where nothing can be installed there is nothing to say.
func (h *handlers) linked(o catalog.Overview, above []site.Link) []any {
	if o.Latest == nil {
		return nil
	}
	app := site.Application{
		Name: o.Project.Name, Description: o.Shown.Description, URL: h.site.Absolute(projectPath(o.Project.Name)), Version: o.Shown.Version.String(),
		Published: o.Shown.Published.Format("2006-01-02"), License: o.Shown.License,
	}
	if len(o.Majors) > 0 {
		app.Requirements = "PostgreSQL " + site.Ranges(o.Majors)
	}
	if o.Build != nil {
		app.Download = h.downloadAddress(o.Shown, *o.Build)
	}
	for _, owner := range o.Project.Owners {
		app.Author = append(app.Author, site.Who{Name: owner.Name, URL: h.site.Absolute(userLink(owner.Name).Address)})
	}
	crumbs := []site.Link{{Text: "Trunk", Address: h.site.Absolute("/")}}
	for _, link := range above {
		crumbs = append(crumbs, site.Link{Text: link.Text, Address: h.site.Absolute(link.Address)})
	}
	crumbs = append(crumbs, site.Link{Text: o.Project.Name, Address: app.URL})
	return []any{site.LinkedApplication(app), site.LinkedBreadcrumb(crumbs...)}
}

// versionRows are the newest versions, or all of them as far as a page holds them.
func versionRows(o catalog.Overview, all bool) []site.VersionRow {
	const few, many = 20, 400
	most := few
	if all {
		most = many
	}
	var rows []site.VersionRow
	for _, r := range o.Releases[:min(most, len(o.Releases))] {
		row := site.VersionRow{
			Link: site.Link{Text: r.Version.String(), Address: versionPath(o.Project.Name, r.Version)}, At: r.Published, Majors: site.Ranges(majorsOf(r)),
		}
		switch {
		case r.Yanked():
			banner := yankBanner(site.Page{}, o, r, "yanked")
			row.Yank = &banner
		case r.ID == o.Latest.ID:
			row.Status, row.Kind = "latest", "ok"
		case r.Version.Prerelease():
			row.Status = "pre-release"
		}
		rows = append(rows, row)
	}
	return rows
}

func majorsOf(r extension.Release) []int {
	var majors []int
	for _, a := range r.Artefacts {
		majors = append(majors, a.Postgres)
	}
	return majors
}

// matrix is the table of the newest versions.
func matrix(o catalog.Overview) site.Matrix {
	table := site.Matrix{Majors: o.Majors}
	if len(o.Majors) == 0 {
		return table
	}
	for _, platform := range platforms(o) {
		row := site.MatrixRow{Platform: platform.String()}
		for _, major := range o.Majors {
			cell := site.Cell{Current: major == o.Postgres && platform == o.Platform}
			if r, ok := o.Builds[catalog.Pair{Postgres: major, Platform: platform}]; ok {
				pair := site.Pair{Postgres: major, Platform: platform.String()}
				cell.Link = site.Link{Text: r.Version.String(), Address: pair.On(projectPath(o.Project.Name)) + "#install"}
				cell.Older = o.Latest != nil && r.Version.Compare(o.Latest.Version) < 0
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// platforms are those that somebody may have: the two that most have, and those that there are builds for.
func platforms(o catalog.Overview) []extension.Platform {
	return slices.DeleteFunc(extension.Platforms(), func(p extension.Platform) bool {
		return p != extension.LinuxAMD64 && p != extension.LinuxARM64 && p != o.Platform && !slices.Contains(o.Platforms, p) &&
			!slices.ContainsFunc(o.Shown.Artefacts, func(a extension.Artefact) bool { return a.Platform == p })
	})
}

// projectBanners tell what has to be known before anything else: that the project is given up, that everything was
// withdrawn, or that what is newer than the latest was.
func projectBanners(page site.Page, o catalog.Overview) []site.Banner {
	const few = 3
	banners := deprecationBanner(o)
	if o.Latest == nil {
		return append(banners, yankBanner(page, o, o.Shown, "Every version was yanked"))
	}
	for _, r := range o.Releases {
		if r.Yanked() && r.Version.Compare(o.Latest.Version) > 0 && len(banners) < few {
			banners = append(banners, yankBanner(page, o, r, r.Version.String()+" yanked"))
		}
	}
	return banners
}

func deprecationBanner(o catalog.Overview) []site.Banner {
	if o.Project.Deprecation == "" {
		return nil
	}
	return []site.Banner{{Kind: "warn", Symbol: "!", Word: "Deprecated", Text: "by its owners", Reason: o.Project.Deprecation}}
}

func yankBanner(page site.Page, o catalog.Overview, r extension.Release, word string) site.Banner {
	banner := site.Banner{Kind: "bad", Symbol: "!", Word: word, At: r.Yank.At, Reason: r.Yank.Reason}
	if r.Yank.By != "" {
		banner.Text = "by " + r.Yank.By
	}
	if r.Yank.Replacement != "" {
		banner.Use = &site.Link{Text: r.Yank.Replacement, Address: page.Pair.On(projectPath(o.Project.Name) + "/" + url.PathEscape(r.Yank.Replacement))}
	}
	return banner
}

// missing tells what there is instead of a build.
func missing(o catalog.Overview) *site.Missing {
	wanted := site.Pair{Postgres: o.Postgres, Platform: o.Platform.String()}
	near := o.Nearest
	if near == nil {
		return &site.Missing{Text: "No archive of " + o.Shown.Version.String() + " was published."}
	}
	there := site.Pair{Postgres: near.Artefact.Postgres, Platform: near.Artefact.Platform.String()}
	address := versionPath(o.Project.Name, near.Release.Version)
	if o.Latest != nil && near.Release.ID == o.Latest.ID {
		address = projectPath(o.Project.Name)
	}
	show := &site.Link{Text: "Show it", Address: there.On(address) + "#install"}
	if near.SamePair {
		return &site.Missing{Show: show, Text: fmt.Sprintf("There is none of %s for %s; the newest there is %s.", o.Shown.Version, wanted, near.Release.Version)}
	}
	return &site.Missing{Show: show, Text: fmt.Sprintf("No version has one for %s; the nearest is %s for %s.", wanted, near.Release.Version, there)}
}
