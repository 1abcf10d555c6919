package http

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/follow"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

const followingPath = "/account/following"

// showFollowing lists what whoever is signed in follows.
func (h *handlers) showFollowing(c echo.Context, who ports.Caller) (site.View, error) {
	return h.followingView(c, who, nil)
}

func (h *handlers) followingView(c echo.Context, who ports.Caller, wrong *site.Wrong) (*site.AccountFollowing, error) {
	head, err := h.accountView(c, who, "Following", followingPath)
	if err != nil {
		return nil, err
	}
	head.Wrong = wrong
	list, err := h.followedList(c, follow.Holder{Who: who}, query{"following", who.ID}, func(do, id string) string {
		switch do {
		case "change":
			return followingPath + "/" + url.PathEscape(id)
		case "remove":
			return followingPath + "/" + url.PathEscape(id) + "/remove"
		default:
			return followingPath + "/" + do
		}
	})
	return &site.AccountFollowing{Account: head, FollowedList: list}, err
}

func (h *handlers) changeFollowing(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	id, err := pathValue(c, "id")
	if err != nil {
		return nil, err
	}
	wrong, status, err := h.changeOptions(c, follow.Holder{Who: who}, id, values)
	if err != nil {
		return nil, err
	}
	if wrong != nil {
		view, err := h.followingView(c, who, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	return nil, seeOther(followingPath, "done", "saved")
}

func (h *handlers) removeFollowing(c echo.Context, who ports.Caller) (site.View, error) {
	id, err := pathValue(c, "id")
	if err != nil {
		return nil, err
	}
	if err := h.Follow.Remove(c.Request().Context(), follow.Holder{Who: who}, id); err != nil {
		return nil, err
	}
	return nil, seeOther(followingPath, "done", "unfollowed")
}

func (h *handlers) stopFollowing(c echo.Context, who ports.Caller) (site.View, error) {
	if _, err := h.Follow.StopAll(c.Request().Context(), follow.Holder{Who: who}); err != nil {
		return nil, err
	}
	return nil, seeOther(followingPath, "done", "silenced")
}

// askToFollowOwn offers to follow something with the address that somebody has signed in with.
func (h *handlers) askToFollowOwn(kind followKind) accountHandler {
	return func(c echo.Context, who ports.Caller) (site.View, error) {
		of, err := h.offered(c, kind)
		if err != nil {
			return nil, err
		}
		return h.followOwnView(c, who, of, usualOptions(h.asked(c)), nil)
	}
}

func (h *handlers) followOwnView(
	c echo.Context, who ports.Caller, of ports.Followed, options ports.FollowOptions, wrong *site.Wrong,
) (*site.AccountFollow, error) {
	subject, back := followed(of)
	head, err := h.accountView(c, who, "Follow "+subject, followingPath)
	if err != nil {
		return nil, err
	}
	head.Wrong = wrong
	own, err := h.Follow.Address(c.Request().Context(), follow.Holder{Who: who})
	back.Text = "Back to " + back.Text
	return &site.AccountFollow{
		Account: head, Subject: subject, Address: own.Address, Back: back, Hears: h.hears(options, "", wrong),
		Form: site.Link{Text: "Follow with an address that you confirm", Address: followPath + followAddress(of)},
	}, err
}

// followOwn follows it.
func (h *handlers) followOwn(kind followKind) accountHandler {
	return func(c echo.Context, who ports.Caller) (site.View, error) {
		of, err := h.offered(c, kind)
		if err != nil {
			return nil, err
		}
		values, err := sentForm(c)
		if err != nil {
			return nil, err
		}
		options, err := sentOptions(values)
		if err == nil {
			_, _, err = h.Follow.Follow(c.Request().Context(), who, follow.Request{Of: of, Options: options})
		}
		if wrong, status, ok := wrongWith(err, followBlame()); ok {
			view, err := h.followOwnView(c, who, of, options, wrong)
			if err != nil {
				return nil, err
			}
			view.Status = status
			return view, nil
		}
		if err != nil {
			return nil, err
		}
		return nil, seeOther(followingPath, "done", "following")
	}
}
