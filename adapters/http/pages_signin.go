package http

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/web/site"
)

// SignInReturn is the path that people come back to from the page where they sign in.
const SignInReturn = "/account/callback"

// accountHome offers to sign in, or leads to what there is.
func (h *handlers) accountHome(c echo.Context) (site.View, error) {
	if err := h.Access.OffersPages(); err != nil {
		return nil, err
	}
	who, err := h.visitor(c)
	if err != nil {
		return nil, err
	}
	back := localPath(c.QueryParam("return"))
	if who.ID != "" {
		return nil, seeOther(back, "", "")
	}
	return h.offerSignIn(back), nil
}

// offerSignIn is the page that leads to where people sign in, at the registry's own address: only there the cookies are
// found again.
func (h *handlers) offerSignIn(back string) *site.AccountSignIn {
	return &site.AccountSignIn{
		Page:    site.Page{Title: "Your account", Section: "/account", NoIndex: true, Private: true},
		Address: h.site.Absolute("/account/sign-in?" + url.Values{"return": {back}}.Encode()),
	}
}

// refuseSignIn is that page, with why nobody is signed in.
func (h *handlers) refuseSignIn(f *fault.Fault, back string) *site.AccountSignIn {
	view := h.offerSignIn(localPath(back))
	view.Status, view.Detail, view.Wait = kindOf(f.Code).status, f.Detail, f.RetryAfter
	return view
}

// beginSignIn sends somebody to where they sign in. It changes nothing here; their browser keeps what it needs to come back.
func (h *handlers) beginSignIn(c echo.Context) (site.View, error) {
	ctx, back := c.Request().Context(), localPath(c.QueryParam("return"))
	address, attempt, err := h.Access.BeginSignIn(ctx)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == fault.IssuerUnavailable {
		logFault(h.Log, c, f, err)
		headerOf(c, f)
		return h.refuseSignIn(f, back), nil
	}
	if err != nil {
		return nil, err
	}
	if err := h.sessions.keep(c, attempt, back); err != nil {
		return nil, err
	}
	return nil, &moved{http.StatusSeeOther, address}
}

// errorWord is the form of what a provider says instead of a code (RFC 6749, section 4.1.2.1). Whatever else stands there
// is anybody's, and is not repeated.
var errorWord = regexp.MustCompile(`^[a-z_]{1,40}$`)

// finishSignIn takes somebody back who has signed in.
func (h *handlers) finishSignIn(c echo.Context) (site.View, error) {
	if err := h.Access.OffersPages(); err != nil {
		return nil, err
	}
	attempt, back := h.sessions.take(c)
	came := account.Return{
		State: c.QueryParam("state"), Code: c.QueryParam("code"), Error: c.QueryParam("error"), Issuer: c.QueryParam("iss"),
	}
	if came.Error != "" && !errorWord.MatchString(came.Error) {
		came.Error = "error"
	}
	ctx := c.Request().Context()
	who, err := h.Access.SignInOnWeb(ctx, attempt, came, infoOf(ctx).origin)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code != fault.DatabaseUnavailable {
		logFault(h.Log, c, f, err)
		headerOf(c, f)
		return h.refuseSignIn(f, back), nil
	}
	if err != nil {
		return nil, err
	}
	// Who was signed in before, is not any more.
	if _, err := h.sessions.load(c); err != nil {
		return nil, err
	}
	if err := h.sessions.open(c, who); err != nil {
		return nil, err
	}
	return nil, seeOther(localPath(back), "", "")
}

// signOut ends the session, if there is one.
func (h *handlers) signOut(c echo.Context) (site.View, error) {
	if _, err := h.sessions.load(c); err != nil {
		return nil, err
	}
	if err := h.sessions.end(c); err != nil {
		return nil, err
	}
	return nil, seeOther("/account", "", "")
}

// longestReturn bounds an address to come back to, in bytes.
const longestReturn = 1000

// localPath is where to go after signing in: an address of this site, or the account's first page for anything that a
// browser could read as another site's. https://url.spec.whatwg.org/#url-parsing drops tabs and line breaks and takes
// backslashes for slashes, so that they are refused anywhere.
func localPath(address string) string {
	const otherwise = "/account/tokens"
	strange := func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
	u, err := url.Parse(address)
	switch {
	case err != nil, len(address) > longestReturn, strings.ContainsFunc(address, strange),
		!strings.HasPrefix(address, "/"), strings.HasPrefix(address, "//"), u.Scheme != "", u.Host != "", u.User != nil,
		u.Path == "/account", strings.HasPrefix(u.Path, "/account/sign-"), u.Path == SignInReturn:
		return otherwise
	default:
		return address
	}
}
