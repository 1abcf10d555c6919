package http

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

// The pages that the links of letters lead to, each with its token as t in the query.
const (
	confirmPath     = "/follow/confirm"
	unsubscribePath = "/follow/unsubscribe"
	silencePath     = "/follow/silence"
	managePath      = "/follow/manage"
)

// letterPaths are those that take a POST.
var letterPaths = []string{
	confirmPath, unsubscribePath, silencePath, managePath + "/change", managePath + "/remove", managePath + "/stop",
}

// registerLetterLinks serves them. Whoever has a link may do what it says: no cookie is asked for, and none is set. To
// unsubscribe, mail programs send the link a POST by themselves (RFC 8058).
func (h *handlers) registerLetterLinks(e *echo.Echo) {
	e.GET(confirmPath, h.letterPage(h.askToConfirm))
	e.POST(confirmPath, h.letterPage(h.confirm))
	e.GET(unsubscribePath, h.letterPage(h.askToUnsubscribe))
	e.POST(unsubscribePath, h.letterPage(h.unsubscribe))
	e.GET(silencePath, h.letterPage(h.askToSilence))
	e.POST(silencePath, h.letterPage(h.silence))
	e.GET(managePath, h.letterPage(h.showFollowed))
	e.POST(managePath+"/change", h.letterPage(h.changeFollowed))
	e.POST(managePath+"/remove", h.letterPage(h.removeFollowed))
	e.POST(managePath+"/stop", h.letterPage(h.stopFollowed))
}

// letterPage makes a route of such a page: nobody keeps it, and no page that it leads to learns its address.
func (h *handlers) letterPage(handle pageHandler) echo.HandlerFunc {
	served := h.written(func(c echo.Context) (site.View, error) {
		view, err := handle(c)
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			if step := h.endedLink(c, f); step != nil {
				return step, nil
			}
		}
		return view, err
	})
	return func(c echo.Context) error {
		c.Response().Header().Set("Referrer-Policy", "no-referrer")
		c.Response().Header().Set("X-Robots-Tag", "noindex")
		return served(c)
	}
}

// endedLink is the page of a link that is no good, with what to do; nil for what has nothing to do with the link.
func (h *handlers) endedLink(c echo.Context, f *fault.Fault) *site.FollowStep {
	headings := map[fault.Code]string{
		fault.LinkInvalid: "That link is not good", fault.LinkExpired: "That link has ended", fault.LinkUsed: "There is nothing to do",
		fault.AddressClosed: "Nothing is sent there",
	}
	heading, ok := headings[f.Code]
	if !ok {
		return nil
	}
	logFault(h.Log, c, f, f)
	infoOf(c.Request().Context()).refusal = f.Code
	step := h.step(c, heading, f.Detail)
	step.Status = kindOf(f.Code).status
	step.Links = []site.Link{{Text: "Send me a new link to what I follow", Address: followPath}, {Text: "To the home page", Address: "/"}}
	return step
}

// step makes a page of one thing that is asked or done.
func (h *handlers) step(c echo.Context, heading string, sentences ...string) *site.FollowStep {
	step := &site.FollowStep{Page: h.letterHead(c, heading), Heading: heading, Sentences: sentences}
	return step
}

func (h *handlers) letterHead(c echo.Context, title string) site.Page {
	page := h.asked(c)
	page.Title, page.NoIndex, page.Private = title, true, true
	return page
}

// letterToken is that of the link.
func letterToken(c echo.Context) string { return c.QueryParam("t") }

func (h *handlers) askToConfirm(c echo.Context) (site.View, error) {
	subscription, err := h.Follow.Pending(c.Request().Context(), letterToken(c))
	if err != nil {
		return nil, err
	}
	subject, _ := followed(subscription.Of)
	step := h.step(c, "Follow "+subject+"?", "Letters go to "+masked(subscription.Recipient.Address)+": "+optionWords(subscription.Options)+".",
		"It was not you who asked for this? Close this page, and nothing is sent.")
	step.Button = "Follow " + subject
	return step, nil
}

func (h *handlers) confirm(c echo.Context) (site.View, error) {
	ctx := c.Request().Context()
	subscription, err := h.Follow.Confirm(ctx, letterToken(c), infoOf(ctx).origin)
	if err != nil {
		return nil, err
	}
	subject, page := followed(subscription.Of)
	step := h.step(c, "You follow "+subject, "Letters go to "+masked(subscription.Recipient.Address)+": "+optionWords(subscription.Options)+".",
		"Each one has a link that ends it, and one to all that you follow.")
	step.Links = []site.Link{page, {Text: "What do I follow?", Address: followPath}}
	return step, nil
}

func (h *handlers) askToUnsubscribe(c echo.Context) (site.View, error) {
	subscription, err := h.Follow.Ending(c.Request().Context(), letterToken(c))
	if err != nil {
		return nil, err
	}
	if subscription.ID == "" {
		return h.unsubscribed(c, subscription), nil
	}
	subject, _ := followed(subscription.Of)
	step := h.step(c, "Stop following "+subject+"?",
		"No more letters about it go to "+masked(subscription.Recipient.Address)+" then, unless something else that is followed is about it too.")
	step.Button = "Stop following " + subject
	step.Links = []site.Link{{Text: "Send me the link to all that I follow", Address: followPath}}
	return step, nil
}

// unsubscribe ends a subscription. What is sent in the body does not matter: "List-Unsubscribe=One-Click" by mail programs,
// nothing by the button.
func (h *handlers) unsubscribe(c echo.Context) (site.View, error) {
	ctx := c.Request().Context()
	subscription, err := h.Follow.Unsubscribe(ctx, letterToken(c), infoOf(ctx).origin)
	if err != nil {
		return nil, err
	}
	return h.unsubscribed(c, subscription), nil
}

func (h *handlers) unsubscribed(c echo.Context, subscription ports.Subscription) *site.FollowStep {
	step := h.step(c, "That is ended", "No letter is sent because of it any more.")
	if subscription.ID != "" {
		subject, page := followed(subscription.Of)
		step.Heading, step.Links = "You do not follow "+subject+" any more", []site.Link{page}
		step.Title = step.Heading
	}
	step.Links = append(step.Links, site.Link{Text: "Send me the link to all that I follow", Address: followPath})
	return step
}

func (h *handlers) askToSilence(c echo.Context) (site.View, error) {
	recipient, err := h.Follow.Silencing(c.Request().Context(), letterToken(c))
	if err != nil {
		return nil, err
	}
	if recipient.Closed != "" {
		return h.silenced(c, recipient), nil
	}
	step := h.step(c, "No letters at all any more?",
		"Nothing is sent to "+masked(recipient.Address)+" then: not about what it follows, and not about projects and tokens of its owner's.")
	step.Button = "Stop all letters"
	return step, nil
}

func (h *handlers) silence(c echo.Context) (site.View, error) {
	ctx := c.Request().Context()
	recipient, err := h.Follow.Silence(ctx, letterToken(c), infoOf(ctx).origin)
	if err != nil {
		return nil, err
	}
	return h.silenced(c, recipient), nil
}

func (h *handlers) silenced(c echo.Context, recipient ports.Recipient) *site.FollowStep {
	step := h.step(c, "No letters any more", "Nothing is sent to "+masked(recipient.Address)+", and it follows nothing.",
		"To follow something again, sign in and follow it from your account.")
	step.Links = []site.Link{{Text: "To the home page", Address: "/"}}
	return step
}

// followedAtOnce is how many subscriptions a page shows.
const followedAtOnce = 50

// followedList makes the list of what a holder's address follows; address makes that of a form from what it does and to
// what.
func (h *handlers) followedList(c echo.Context, holder follow.Holder, q query, address func(do, id string) string) (site.FollowedList, error) {
	limit, cursor := followedAtOnce, c.QueryParam("cursor")
	page, err := q.page(&limit, nullable(cursor))
	if err != nil {
		return site.FollowedList{}, err
	}
	recipient, found, err := h.Follow.List(c.Request().Context(), holder, page)
	if err != nil {
		return site.FollowedList{}, err
	}
	found, next := cut(q, page, found, func(s ports.Subscription) string { return s.ID })
	list := site.FollowedList{Address: recipient.Address, Silent: recipient.Closed != ""}
	for _, s := range found {
		_, link := followed(s.Of)
		list.Rows = append(list.Rows, site.FollowedRow{
			Hears: h.hears(s.Options, "-"+s.ID, nil), Subject: link, ID: s.ID, Change: address("change", s.ID), Remove: address("remove", s.ID),
		})
	}
	if next != nil {
		older := c.Request().URL
		values := older.Query()
		values.Set("cursor", *next)
		values.Del("done")
		list.Older = older.EscapedPath() + "?" + values.Encode()
	}
	if recipient.ID != "" && !list.Silent {
		list.Stop = address("stop", "")
	}
	return list, nil
}

func manageAddress(t, do, id string) string {
	values := url.Values{"t": {t}}
	if id != "" {
		values.Set("id", id)
	}
	if do != "" {
		do = "/" + do
	}
	return managePath + do + "?" + values.Encode()
}

// showFollowed lists what an address follows.
func (h *handlers) showFollowed(c echo.Context) (site.View, error) { return h.followedView(c, nil) }

func (h *handlers) followedView(c echo.Context, wrong *site.Wrong) (*site.FollowManage, error) {
	t := letterToken(c)
	list, err := h.followedList(c, follow.Holder{Token: t}, query{"followed", t}, func(do, id string) string { return manageAddress(t, do, id) })
	if err != nil {
		return nil, err
	}
	return &site.FollowManage{Page: h.letterHead(c, "What you follow"), FollowedList: list, Done: doneWords(c.QueryParam("done")), Wrong: wrong}, nil
}

// holderOf is whoever has the link of a letter to all that they follow.
func holderOf(c echo.Context) follow.Holder {
	return follow.Holder{Token: letterToken(c), Who: ports.Caller{Origin: infoOf(c.Request().Context()).origin}}
}

// seeFollowed leads back to the list.
func seeFollowed(c echo.Context, done string) error {
	return &moved{http.StatusSeeOther, managePath + "?" + url.Values{"t": {letterToken(c)}, "done": {done}}.Encode()}
}

func (h *handlers) changeFollowed(c echo.Context) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	if wrong, status, err := h.changeOptions(c, holderOf(c), c.QueryParam("id"), values); wrong != nil || err != nil {
		if err != nil {
			return nil, err
		}
		view, err := h.followedView(c, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	return nil, seeFollowed(c, "saved")
}

// changeOptions changes what somebody hears to what a form sent, or says what is wrong with that.
func (h *handlers) changeOptions(c echo.Context, holder follow.Holder, id string, values url.Values) (*site.Wrong, int, error) {
	options, err := sentOptions(values)
	if err == nil {
		_, err = h.Follow.Change(c.Request().Context(), holder, id, func(ports.FollowOptions) ports.FollowOptions { return options })
	}
	if fault.CodeOf(err) != fault.RequestInvalid {
		return nil, 0, err
	}
	wrong, status, ok := wrongWith(err, map[string]string{"/pg_version": "pg_version-" + id, "/cadence": "cadence-" + id})
	if !ok {
		return nil, 0, err
	}
	return wrong, status, nil
}

func (h *handlers) removeFollowed(c echo.Context) (site.View, error) {
	if err := h.Follow.Remove(c.Request().Context(), holderOf(c), c.QueryParam("id")); err != nil {
		return nil, err
	}
	return nil, seeFollowed(c, "unfollowed")
}

func (h *handlers) stopFollowed(c echo.Context) (site.View, error) {
	recipient, err := h.Follow.StopAll(c.Request().Context(), holderOf(c))
	if err != nil {
		return nil, err
	}
	return h.silenced(c, recipient), nil
}
