package http

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/core/health"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

const followPath = "/follow"

// registerFollow serves the pages of those who follow by mail. What changes something is a POST: programs that look at
// letters before people do open every link in them.
func (h *handlers) registerFollow(e *echo.Echo) {
	e.GET(followPath, h.page(h.askForLink))
	e.POST(followPath, h.written(h.sendLink))
	e.GET(followPath+"/sent", h.page(h.lookIntoMail))
	for _, kind := range followKinds {
		e.GET(followPath+kind.path, h.page(h.askToFollow(kind)))
		e.POST(followPath+kind.path, h.written(h.followByMail(kind)))
		e.GET("/account/follow"+kind.path, h.signedIn(h.askToFollowOwn(kind)))
		e.POST("/account/follow"+kind.path, h.signedIn(h.followOwn(kind)))
	}
	h.registerLetterLinks(e)
	e.GET(followingPath, h.signedIn(h.showFollowing))
	e.POST(followingPath+"/stop", h.signedIn(h.stopFollowing))
	e.POST(followingPath+"/:id", h.signedIn(h.changeFollowing))
	e.POST(followingPath+"/:id/remove", h.signedIn(h.removeFollowing))
}

// followKind is a kind of what can be followed: its path below /follow, which is that of its page too but for projects, and
// what the name in there means.
type followKind struct {
	path string
	of   func(name string) ports.Followed
}

var followKinds = []followKind{
	{"/projects/:name", func(name string) ports.Followed { return ports.Followed{Project: name} }},
	{"/categories/:name", func(name string) ports.Followed { return ports.Followed{Category: name} }},
	{"/users/:name", func(name string) ports.Followed { return ports.Followed{Owner: name} }},
}

// followAddress is the path below /follow of something.
func followAddress(of ports.Followed) string {
	switch {
	case of.Project != "":
		return "/projects/" + url.PathEscape(of.Project)
	case of.Category != "":
		return "/categories/" + url.PathEscape(of.Category)
	default:
		return "/users/" + url.PathEscape(of.Owner)
	}
}

// followed is what is followed as it stands in a sentence, and the link to its page.
func followed(of ports.Followed) (words string, page site.Link) {
	switch {
	case of.Project != "":
		return of.Project, site.Link{Text: of.Project, Address: projectPath(of.Project)}
	case of.Category != "":
		return "the category " + of.CategoryName, site.Link{Text: of.CategoryName, Address: categoryPath(of.Category)}
	default:
		return "what " + of.Owner + " owns", userLink(of.Owner)
	}
}

// subjectOf finds what a path names, by its canonical name.
//
// Errors: project_unknown, shelf_unknown, account_unknown; moved where it is written otherwise.
func (h *handlers) subjectOf(ctx context.Context, of ports.Followed) (ports.Followed, error) {
	switch {
	case of.Project != "":
		project, err := h.Catalog.Named(ctx, of.Project)
		return ports.Followed{Project: project.Name}, err
	case of.Category != "":
		category, err := h.Catalog.Category(ctx, of.Category)
		return ports.Followed{Category: category.Slug, CategoryName: category.Name}, err
	default:
		owner, err := h.Catalog.User(ctx, of.Owner)
		return ports.Followed{Owner: owner.Name}, err
	}
}

// written makes a route of what a form sends that anybody may send: it is kept by nobody.
func (h *handlers) written(handle pageHandler) echo.HandlerFunc {
	served := h.page(handle)
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Cache-Control", noStore)
		header.Del("Access-Control-Allow-Origin")
		r := c.Request()
		r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
		return served(c)
	}
}

// hears makes the fields of what somebody hears, which differ by a suffix where a page has several.
func (h *handlers) hears(options ports.FollowOptions, suffix string, wrong *site.Wrong) site.Hears {
	cadence := "immediate"
	if options.Digest {
		cadence = "daily"
	}
	majors := []site.Option{{Value: "", Text: "any"}}
	known := options.Postgres == 0
	for _, major := range health.Majors() {
		if major.SupportedAt(h.Now()) {
			majors = append(majors, site.Option{Value: strconv.Itoa(major.Number), Text: "only " + strconv.Itoa(major.Number)})
			known = known || major.Number == options.Postgres
		}
	}
	if !known {
		majors = append(majors, site.Option{Value: strconv.Itoa(options.Postgres), Text: "only " + strconv.Itoa(options.Postgres)})
	}
	chosen := ""
	if options.Postgres != 0 {
		chosen = strconv.Itoa(options.Postgres)
	}
	return site.Hears{
		Postgres: site.Field{
			ID: "pg_version" + suffix, Name: "pg_version", Label: "PostgreSQL", Value: chosen, Options: majors, Wrong: wrong.Of("pg_version" + suffix),
		},
		Cadence: site.Field{ID: "cadence" + suffix, Name: "cadence", Label: "How often", Value: cadence, Options: []site.Option{
			{Value: "immediate", Text: "at once"}, {Value: "daily", Text: "one letter a day"},
		}},
		Prereleases: options.Prereleases, Withdrawals: options.Withdrawals,
	}
}

// sentOptions reads these fields.
//
// Errors: request_invalid.
func sentOptions(values url.Values) (ports.FollowOptions, error) {
	options := ports.FollowOptions{
		Prereleases: values.Get("prereleases") != "", Withdrawals: values.Get("withdrawals") != "", Digest: values.Get("cadence") == "daily",
	}
	if text := values.Get("pg_version"); text != "" {
		major, err := strconv.Atoi(text)
		if err != nil {
			return options, fault.New(fault.RequestInvalid, "That is no PostgreSQL major. Choose one of the list.").
				With(fault.Field{Pointer: "/pg_version", Detail: "Choose one of the list."})
		}
		options.Postgres = major
	}
	if cadence := values.Get("cadence"); cadence != "" && cadence != "immediate" && cadence != "daily" {
		return options, fault.New(fault.RequestInvalid, "Letters come at once or once a day. Choose one of the list.").
			With(fault.Field{Pointer: "/cadence", Detail: "Choose one of the list."})
	}
	return options, nil
}

// followForm makes the form that follows something by mail.
func (h *handlers) followForm(of ports.Followed, address string, options ports.FollowOptions, wrong *site.Wrong) site.FollowForm {
	form := site.FollowForm{
		Hears: h.hears(options, "", wrong), Action: followPath + followAddress(of),
		Email: site.Field{
			ID: "email", Label: "Your mail address", Value: address, Wrong: wrong.Of("email"), Required: true, Email: true, Max: account.MaxAddressLength,
		},
	}
	if h.Access.OffersPages() == nil {
		form.SignedIn = "/account/follow" + followAddress(of)
	}
	return form
}

// followLink leads to that form; "" where no letters are sent.
func (h *handlers) followLink(of ports.Followed) string {
	if h.Follow.Offered() != nil {
		return ""
	}
	return followPath + followAddress(of)
}

// usualOptions are what somebody hears who chooses nothing.
func usualOptions(page site.Page) ports.FollowOptions {
	return ports.FollowOptions{Withdrawals: true, Postgres: page.Pair.Postgres}
}

// followView is the page of that form.
func (h *handlers) followView(c echo.Context, of ports.Followed, address string, options ports.FollowOptions, wrong *site.Wrong) *site.Follow {
	subject, back := followed(of)
	view := &site.Follow{Page: h.asked(c), Subject: subject, Back: back, Form: h.followForm(of, address, options, wrong), Wrong: wrong}
	view.Title, view.NoIndex, view.Form.Open = "Follow "+subject, true, true
	view.Back.Text = "Back to " + back.Text
	return view
}

// askToFollow shows the form.
func (h *handlers) askToFollow(kind followKind) pageHandler {
	return func(c echo.Context) (site.View, error) {
		of, err := h.offered(c, kind)
		if err != nil {
			return nil, err
		}
		return h.followView(c, of, "", usualOptions(h.asked(c)), nil), nil
	}
}

// offered finds what a path names, if it can be followed.
func (h *handlers) offered(c echo.Context, kind followKind) (ports.Followed, error) {
	if err := h.Follow.Offered(); err != nil {
		return ports.Followed{}, err
	}
	name, err := pathValue(c, "name")
	if err != nil {
		return ports.Followed{}, err
	}
	return h.subjectOf(c.Request().Context(), kind.of(name))
}

// followByMail takes what the form sent. What it answers is the same whatever is known of the address.
func (h *handlers) followByMail(kind followKind) pageHandler {
	return func(c echo.Context) (site.View, error) {
		of, err := h.offered(c, kind)
		if err != nil {
			return nil, err
		}
		values, err := sentForm(c)
		if err != nil {
			return nil, err
		}
		address := sentAddress(values)
		options, err := sentOptions(values)
		if err == nil {
			_, _, err = h.Follow.Follow(c.Request().Context(), ports.Caller{Origin: infoOf(c.Request().Context()).origin},
				follow.Request{Address: address, Of: of, Options: options})
		}
		if wrong, status, ok := wrongWith(err, followBlame()); ok {
			view := h.followView(c, of, address, options, wrong)
			view.Status = status
			return view, nil
		}
		if err != nil {
			return nil, err
		}
		return nil, seeOther(followPath+"/sent", "", "")
	}
}

// followBlame names the elements that a refusal is about.
func followBlame() map[string]string {
	return map[string]string{"/email": "email", "/pg_version": "pg_version", "/cadence": "cadence"}
}

// askForLink shows the form that asks for the link to all that an address follows.
func (h *handlers) askForLink(c echo.Context) (site.View, error) {
	if err := h.Follow.Offered(); err != nil {
		return nil, err
	}
	return h.linkView(c, "", nil), nil
}

func (h *handlers) linkView(c echo.Context, address string, wrong *site.Wrong) *site.FollowLink {
	view := &site.FollowLink{Page: h.asked(c), Wrong: wrong, Email: site.Field{
		ID: "email", Label: "Your mail address", Value: address, Wrong: wrong.Of("email"), Required: true, Email: true, Max: account.MaxAddressLength,
	}}
	view.Title, view.NoIndex = "What you follow", true
	return view
}

// sendLink takes what that form sent.
func (h *handlers) sendLink(c echo.Context) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	address := sentAddress(values)
	err = h.Follow.SendLink(c.Request().Context(), ports.Caller{Origin: infoOf(c.Request().Context()).origin}, address)
	if wrong, status, ok := wrongWith(err, followBlame()); ok {
		view := h.linkView(c, address, wrong)
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, seeOther(followPath+"/sent", "", "")
}

// sentAddress is the address in a form, without what gets beside it when it is copied. A line break is no part of that.
func sentAddress(values url.Values) string { return strings.Trim(values.Get("email"), " \t") }

// lookIntoMail says what comes next.
func (h *handlers) lookIntoMail(c echo.Context) (site.View, error) {
	view := &site.FollowStep{Page: h.asked(c), Heading: "Look into your mail", Sentences: []string{
		"If there is something to confirm or to see, a letter is on its way. Its link is good for two days at most.",
		"Nothing comes? Look where your mail program puts what it takes for spam. A letter that came before is not sent a second time " +
			"as long as its link is good, and an address whose owner wants no letters gets none: sign in, and follow from your account.",
	}, Links: []site.Link{{Text: "To the home page", Address: "/"}, {Text: "What do I follow?", Address: followPath}}}
	view.Title, view.NoIndex = view.Heading, true
	return view, nil
}

// masked is an address as far as its owner needs it to know their own: whoever has a link need not be told it.
func masked(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local[:min(len(local), 2)] + "…@" + domain
}

// optionWords says what of it somebody hears.
func optionWords(options ports.FollowOptions) string {
	words := []string{"every version"}
	if !options.Prereleases {
		words = []string{"every version but pre-releases"}
	}
	if options.Postgres != 0 {
		words = append(words, "that has builds for PostgreSQL "+strconv.Itoa(options.Postgres))
	}
	if options.Withdrawals {
		words = append(words, "and what is yanked or deprecated")
	}
	if options.Digest {
		words = append(words, "in one letter a day")
	} else {
		words = append(words, "at once")
	}
	return strings.Join(words, ", ")
}
