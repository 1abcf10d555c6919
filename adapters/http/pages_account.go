package http

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// accountHandler answers somebody who is signed in.
type accountHandler func(c echo.Context, who ports.Caller) (site.View, error)

// registerAccount serves the pages of those who sign in. What changes something is a POST, and comes from these pages.
func (h *handlers) registerAccount(e *echo.Echo) {
	h.sessions = newSessions(h.Options)
	e.GET("/account", h.private(h.accountHome))
	e.GET("/account/sign-in", h.private(h.beginSignIn))
	e.GET(SignInReturn, h.private(h.finishSignIn))
	e.POST("/account/sign-out", h.private(h.signOut))

	e.GET("/account/tokens", h.signedIn(h.showTokens))
	e.POST("/account/tokens", h.signedIn(h.makeToken))
	e.GET("/account/tokens/:id/revoke", h.signedIn(h.askToRevoke))
	e.POST("/account/tokens/:id/revoke", h.signedIn(h.revoke))

	e.GET("/account/projects", h.signedIn(h.showProjects))
	e.GET("/account/projects/:name", h.signedIn(h.showOwnProject))
	e.GET("/account/projects/:name/versions/:version/yank", h.signedIn(h.askToYank))
	e.POST("/account/projects/:name/versions/:version/yank", h.signedIn(h.yank))
	e.POST("/account/projects/:name/versions/:version/unyank", h.signedIn(h.unyank))
	e.GET("/account/projects/:name/deprecate", h.signedIn(h.askToDeprecate))
	e.POST("/account/projects/:name/deprecate", h.signedIn(h.deprecate))
	e.POST("/account/projects/:name/undeprecate", h.signedIn(h.undeprecate))
	e.POST("/account/projects/:name/invitations", h.signedIn(h.invite))
	e.POST("/account/projects/:name/invitations/withdraw", h.signedIn(h.withdrawInvitation))
	e.GET("/account/projects/:name/owners/remove", h.signedIn(h.askToRemoveOwner))
	e.POST("/account/projects/:name/owners/remove", h.signedIn(h.removeOwner))

	e.GET("/account/invitations", h.signedIn(h.showInvitations))
	e.POST("/account/invitations/:name/accept", h.signedIn(h.accept))
	e.POST("/account/invitations/:name/decline", h.signedIn(h.decline))
}

// private makes a route of a page that is one person's, or leads there: nobody keeps it, no page of another site reads it,
// and where its links lead learns nothing of it.
func (h *handlers) private(handle pageHandler) echo.HandlerFunc {
	served := h.page(handle)
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Cache-Control", "no-store")
		header.Add("Vary", "Cookie")
		header.Set("Referrer-Policy", "same-origin")
		header.Del("Access-Control-Allow-Origin")
		r := c.Request()
		r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
		return served(c)
	}
}

// signedIn makes a route of a page for those who are signed in. Others are asked to sign in: whoever wanted to look comes
// back then, and whoever wanted to change something is told that nothing was changed.
func (h *handlers) signedIn(handle accountHandler) echo.HandlerFunc {
	return h.private(func(c echo.Context) (site.View, error) {
		who, err := h.visitor(c)
		switch {
		case err != nil:
			return nil, err
		case who.ID != "":
			return handle(c, who)
		case c.Request().Method == http.MethodGet:
			return nil, seeOther("/account", "return", c.Request().URL.RequestURI())
		default:
			return h.refuseSignIn(fault.New(fault.SessionMissing, "You are not signed in, or not any more, so nothing was changed. Sign in and do it again."), ""), nil
		}
	})
}

// visitor is who is signed in, with what they may do; nobody has no id.
func (h *handlers) visitor(c echo.Context) (ports.Caller, error) {
	who, err := h.sessions.load(c)
	if err != nil {
		return ports.Caller{}, err
	}
	return ports.Caller{Identity: account.OnWeb(who), Origin: infoOf(c.Request().Context()).origin}, nil
}

// accountView is what every page of somebody has.
func (h *handlers) accountView(c echo.Context, who ports.Caller, title, tab string) (site.Account, error) {
	page := h.asked(c)
	page.Title, page.Section, page.NoIndex, page.Private = title, "/account", true, true
	asked, err := h.Owners.Asked(c.Request().Context(), who, ports.Page{Limit: maxInvitations})
	return site.Account{Page: page, User: who.Name, Tab: tab, Invitations: len(asked), Done: doneWords(c.QueryParam("done"))}, err
}

// maxInvitations is how many invitations a page shows.
const maxInvitations = 100

// doneWords says what was done before a page was asked for. The address carries one of these words and no sentence, so
// that a link can claim nothing else.
func doneWords(done string) string {
	switch done {
	case "revoked":
		return "The token is revoked. Nobody can use it any more."
	case "yanked":
		return "The version is yanked. It stays installable by its number."
	case "unyanked":
		return "The version is offered again."
	case "deprecated":
		return "The project is deprecated."
	case "undeprecated":
		return "The project is not deprecated any more."
	case "invited":
		return "The invitation is made. They see it below Account, Invitations."
	case "withdrawn":
		return "The invitation is withdrawn."
	case "removed":
		return "The owner is removed."
	case "left":
		return "You do not own the project any more."
	case "accepted":
		return "You own the project now."
	case "following":
		return "You follow it. Letters come from the next version on."
	case "saved":
		return "Saved."
	case "unfollowed":
		return "You do not follow it any more."
	case "silenced":
		return "No letters are sent to your address any more."
	case "declined":
		return "The invitation is declined."
	default:
		return ""
	}
}

// seeOther leads to a page, with a parameter; "" for none.
func seeOther(path, name, value string) error {
	if name != "" {
		path += "?" + url.Values{name: {value}}.Encode()
	}
	return &moved{http.StatusSeeOther, path}
}

// maxForm bounds what a form may send, in bytes.
const maxForm = 64 << 10

// sentForm reads what a form sent.
//
// Errors: payload_too_large, media_type_unsupported, request_malformed.
func sentForm(c echo.Context) (url.Values, error) {
	r := c.Request()
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != echo.MIMEApplicationForm && r.ContentLength != 0 {
		return nil, fault.New(fault.MediaTypeUnsupported, "This address takes what its form sends.")
	}
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, fault.New(fault.PayloadTooLarge, "The form is over %d KiB. Make it shorter.", maxForm>>10)
		}
		return nil, fault.New(fault.RequestMalformed, "The form is not readable. Go back and send it again.").Because(err)
	}
	for _, values := range r.PostForm {
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }) {
			return nil, fault.New(fault.RequestMalformed, "The form holds characters that are no text. Go back and write it anew.")
		}
	}
	return r.PostForm, nil
}

// sentenceOf is a text of several lines as one.
func sentenceOf(text string) string { return strings.Join(strings.Fields(text), " ") }

// wrongWith makes of a fault what a form says; false for one that is not about what somebody wrote or chose. Pointers and
// codes name the elements that are to blame.
func wrongWith(err error, blame map[string]string) (*site.Wrong, int, bool) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return nil, 0, false
	}
	status := kindOf(f.Code).status
	switch f.Code {
	case fault.ProjectUnknown, fault.VersionUnknown, fault.NotOwner, fault.RateLimited, fault.SessionMissing:
		return nil, 0, false
	default:
		if status >= http.StatusInternalServerError {
			return nil, 0, false
		}
	}
	wrong := &site.Wrong{Detail: f.Detail}
	for _, field := range f.Fields {
		wrong.Fields = append(wrong.Fields, site.FieldFault{ID: blame[field.Pointer], Detail: field.Detail})
	}
	if id := blame[string(f.Code)]; id != "" {
		wrong.Detail = "Nothing was changed."
		wrong.Fields = append(wrong.Fields, site.FieldFault{ID: id, Detail: f.Detail})
	}
	return wrong, status, true
}

// headerOf sets the fields of an answer that depend on a fault.
func headerOf(c echo.Context, f *fault.Fault) {
	if f.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())+1))
	}
}
