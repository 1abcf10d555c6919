package http

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/catalog"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

const projectsPath = "/account/projects"

// accountProjectPath is the address of a project for its owners.
func accountProjectPath(name string) string { return projectsPath + "/" + url.PathEscape(name) }

// buildsOf are the majors and platforms that a project of today is looked for on: those that there is any build for.
// Platforms that few build for are not asked of everybody.
func buildsOf(totals ports.CatalogueTotals, release extension.Release) (majors []int, platforms []extension.Platform) {
	majors = slices.Sorted(slices.Values(totals.Majors))
	for _, p := range extension.Platforms() {
		common := p == extension.LinuxAMD64 || p == extension.LinuxARM64
		own := slices.ContainsFunc(release.Artefacts, func(a extension.Artefact) bool { return a.Platform == p })
		if own || common && slices.Contains(totals.Platforms, p) {
			platforms = append(platforms, p)
		}
	}
	return majors, platforms
}

func hasBuild(release extension.Release, major int, platform extension.Platform) bool {
	return slices.ContainsFunc(release.Artefacts, func(a extension.Artefact) bool { return a.Postgres == major && a.Platform == platform })
}

// showProjects lists what whoever asks owns.
func (h *handlers) showProjects(c echo.Context, who ports.Caller) (site.View, error) {
	head, err := h.accountView(c, who, "Your projects", projectsPath)
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	entries, err := h.Catalog.Held(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	totals, err := h.Catalog.Totals(ctx)
	if err != nil {
		return nil, err
	}
	view := &site.AccountProjects{Account: head}
	for _, entry := range entries {
		view.Projects = append(view.Projects, ownedProject(entry, totals))
	}
	return view, nil
}

func ownedProject(entry catalog.Entry, totals ports.CatalogueTotals) site.OwnedProject {
	row := site.OwnedProject{Name: entry.Project.Name, Deprecated: entry.Project.Deprecation != ""}
	if entry.Release.ID == "" {
		return row
	}
	row.Version, row.Released, row.Builds = entry.Release.Version.String(), entry.Release.Published, len(entry.Release.Artefacts)
	majors, platforms := buildsOf(totals, entry.Release)
	for _, platform := range platforms {
		var missing []string
		for _, major := range majors {
			if !hasBuild(entry.Release, major, platform) {
				missing = append(missing, strconv.Itoa(major))
			}
		}
		if missing != nil {
			row.Missing = append(row.Missing, strings.Join(missing, ", ")+" on "+platform.String())
			row.Lacking += len(missing)
		}
	}
	return row
}

// inviteForm is what somebody wrote into the form of an invitation.
type inviteForm struct {
	user     string
	transfer bool
}

// showOwnProject shows a project to its owners.
func (h *handlers) showOwnProject(c echo.Context, who ports.Caller) (site.View, error) {
	return h.ownProjectView(c, who, inviteForm{}, nil)
}

func (h *handlers) ownProjectView(c echo.Context, who ports.Caller, written inviteForm, wrong *site.Wrong) (*site.AccountProject, error) {
	ctx := c.Request().Context()
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	// It also says whether they own it.
	invited, err := h.Owners.Invitations(ctx, who, name, ports.Page{Limit: maxInvitations})
	if err != nil {
		return nil, err
	}
	project, err := h.Catalog.Named(ctx, name)
	if err != nil {
		return nil, err
	}
	releases, err := h.Catalog.Project(ctx, name, catalog.View{All: true})
	if err != nil {
		return nil, err
	}
	owners, err := h.Owners.Owners(ctx, name)
	if err != nil {
		return nil, err
	}
	totals, err := h.Catalog.Totals(ctx)
	if err != nil {
		return nil, err
	}
	head, err := h.accountView(c, who, project.Name, projectsPath)
	if err != nil {
		return nil, err
	}
	head.Wrong = wrong
	view := &site.AccountProject{
		Account: head, Name: project.Name, Deprecation: project.Deprecation, Transfer: written.transfer,
		Invite: site.Field{ID: "user", Label: "User", Hint: "The name that they have here.", Value: written.user, Wrong: wrong.Of("user"), Required: true, Max: 200},
	}
	if latest, ok := extension.Latest(releases); ok {
		majors, platforms := buildsOf(totals, latest)
		view.Version = latest.Version.String()
		for _, platform := range platforms {
			view.Platforms = append(view.Platforms, platform.String())
		}
		for _, major := range slices.Backward(majors) {
			row := site.MajorBuilds{Major: major}
			for _, platform := range platforms {
				row.Present = append(row.Present, hasBuild(latest, major, platform))
			}
			view.Majors = append(view.Majors, row)
		}
	}
	for _, release := range slices.Backward(releases) {
		view.Versions = append(view.Versions, ownedVersion(release))
	}
	for _, owner := range owners {
		view.Owners = append(view.Owners, site.ProjectOwner{Name: owner.Name, Since: owner.Since, You: owner.ID == who.ID})
	}
	for _, i := range invited {
		view.Invited = append(view.Invited, projectInvitation(i))
	}
	return view, nil
}

func ownedVersion(release extension.Release) site.OwnedVersion {
	row := site.OwnedVersion{Version: release.Version.String(), Released: release.Published, Builds: len(release.Artefacts)}
	if yank := release.Yank; yank != nil {
		row.Yanked, row.By, row.Reason, row.Replacement = yank.At, yank.By, yank.Reason, yank.Replacement
	}
	return row
}

func projectInvitation(i ports.Invitation) site.ProjectInvitation {
	return site.ProjectInvitation{Project: i.Project, User: i.Account, By: i.InvitedBy, At: i.At, Transfer: i.Transfer}
}

// ownedRelease finds a version of a project for one of its owners.
func (h *handlers) ownedRelease(c echo.Context, who ports.Caller) (extension.Release, error) {
	name, version, err := nameAndVersion(c)
	if err != nil {
		return extension.Release{}, err
	}
	ctx := c.Request().Context()
	if err := h.Owners.MustOwn(ctx, who, name); err != nil {
		return extension.Release{}, err
	}
	releases, err := h.Catalog.Version(ctx, name, version, catalog.View{})
	if err == nil && len(releases) == 0 {
		err = fault.New(fault.VersionUnknown, "There is no version %q of %s.", version, name)
	}
	if err != nil {
		return extension.Release{}, err
	}
	return releases[0], nil
}

func nameAndVersion(c echo.Context) (name, version string, err error) {
	if name, err = pathValue(c, "name"); err != nil {
		return "", "", err
	}
	version, err = pathValue(c, "version")
	return name, version, err
}

func (h *handlers) askToYank(c echo.Context, who ports.Caller) (site.View, error) {
	return h.yankView(c, who, "", "", nil)
}

func (h *handlers) yankView(c echo.Context, who ports.Caller, reason, replacement string, wrong *site.Wrong) (*site.AccountConfirm, error) {
	release, err := h.ownedRelease(c, who)
	if err != nil {
		return nil, err
	}
	heading := "Yank " + release.Project + " " + release.Version.String() + "?"
	head, err := h.accountView(c, who, strings.TrimSuffix(heading, "?"), projectsPath)
	head.Wrong = wrong
	return &site.AccountConfirm{
		Account: head, Heading: heading,
		Sentences: []string{
			"It leaves the catalogue, search and “latest”. Whoever names it exactly can still install it, and reads why it was yanked.",
			"You can offer it again at any time.",
		},
		Fields: []site.Field{
			{
				ID: "reason", Label: "Reason", Hint: "A sentence for those who have it installed.",
				Value: reason, Wrong: wrong.Of("reason"), Required: true, Long: true, Max: 1000,
			},
			{ID: "replacement", Label: "Version to use instead", Hint: "May stay empty.", Value: replacement, Wrong: wrong.Of("replacement"), Max: 64},
		},
		Button: "Yank it", Back: accountProjectPath(release.Project),
	}, err
}

func (h *handlers) yank(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	name, version, err := nameAndVersion(c)
	if err != nil {
		return nil, err
	}
	reason, replacement := sentenceOf(values.Get("reason")), strings.TrimSpace(values.Get("replacement"))
	_, err = h.Withdraw.Yank(c.Request().Context(), who, name, version, reason, replacement)
	blame := map[string]string{"/reason": "reason", "/replacement": "replacement", string(fault.ReplacementUnknown): "replacement"}
	if wrong, status, ok := wrongWith(err, blame); ok {
		view, err := h.yankView(c, who, reason, replacement, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "yanked")
}

func (h *handlers) unyank(c echo.Context, who ports.Caller) (site.View, error) {
	name, version, err := nameAndVersion(c)
	if err != nil {
		return nil, err
	}
	if _, err := h.Withdraw.Unyank(c.Request().Context(), who, name, version); err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "unyanked")
}

func (h *handlers) askToDeprecate(c echo.Context, who ports.Caller) (site.View, error) {
	return h.deprecateView(c, who, "", nil)
}

func (h *handlers) deprecateView(c echo.Context, who ports.Caller, message string, wrong *site.Wrong) (*site.AccountConfirm, error) {
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	if err := h.Owners.MustOwn(ctx, who, name); err != nil {
		return nil, err
	}
	project, err := h.Catalog.Named(ctx, name)
	if err != nil {
		return nil, err
	}
	head, err := h.accountView(c, who, "Deprecate "+project.Name, projectsPath)
	head.Wrong = wrong
	return &site.AccountConfirm{
		Account: head, Heading: "Deprecate " + project.Name + "?",
		Sentences: []string{"It stays installable, and says everywhere that it should not be used any more. You can take that back at any time."},
		Fields: []site.Field{{
			ID: "message", Label: "Why, and what to use instead", Hint: "A sentence for those who look for it or have it.",
			Value: message, Wrong: wrong.Of("message"), Required: true, Long: true, Max: 1000,
		}},
		Button: "Deprecate it", Back: accountProjectPath(project.Name),
	}, err
}

func (h *handlers) deprecate(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	message := sentenceOf(values.Get("message"))
	_, err = h.Withdraw.Deprecate(c.Request().Context(), who, name, message)
	if wrong, status, ok := wrongWith(err, map[string]string{"/message": "message"}); ok {
		view, err := h.deprecateView(c, who, message, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "deprecated")
}

func (h *handlers) undeprecate(c echo.Context, who ports.Caller) (site.View, error) {
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	if _, err := h.Withdraw.Undeprecate(c.Request().Context(), who, name); err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "undeprecated")
}
