package http

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
	"pgtrunk.io/registry/web/site"
)

const invitationsPath = "/account/invitations"

// pathValue is a part of the path as it is meant, and not as it is escaped in the address.
//
// Errors: route_unknown for what is no text.
func pathValue(c echo.Context, name string) (string, error) {
	value := c.Param(name)
	var err error
	if c.Request().URL.RawPath != "" {
		value, err = url.PathUnescape(value)
	}
	if err != nil || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return "", fault.New(fault.RouteUnknown, "Nothing is served at this address.")
	}
	return value, nil
}

func (h *handlers) invite(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	written := inviteForm{user: strings.TrimSpace(values.Get("user")), transfer: values.Get("transfer") != ""}
	_, err = h.Owners.Invite(c.Request().Context(), who, name, written.user, written.transfer)
	if wrong, status, ok := wrongWith(err, map[string]string{string(fault.AccountUnknown): "user", string(fault.AlreadyOwner): "user"}); ok {
		view, err := h.ownProjectView(c, who, written, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "invited")
}

func (h *handlers) withdrawInvitation(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	if err := h.Owners.Withdraw(c.Request().Context(), who, name, values.Get("user")); err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "withdrawn")
}

func (h *handlers) askToRemoveOwner(c echo.Context, who ports.Caller) (site.View, error) {
	user := c.QueryParam("user")
	if !utf8.ValidString(user) || strings.ContainsRune(user, 0) {
		return nil, fault.New(fault.RequestMalformed, "The address is not readable.")
	}
	return h.removeOwnerView(c, who, user, nil)
}

func (h *handlers) removeOwnerView(c echo.Context, who ports.Caller, user string, wrong *site.Wrong) (*site.AccountConfirm, error) {
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	if err := h.Owners.MustOwn(ctx, who, name); err != nil {
		return nil, err
	}
	owners, err := h.Owners.Owners(ctx, name)
	if err != nil {
		return nil, err
	}
	project, err := h.Catalog.Named(ctx, name)
	if err != nil {
		return nil, err
	}
	owner, err := ownerNamed(owners, user)
	if err != nil {
		return nil, err
	}
	view := &site.AccountConfirm{
		Heading:   "Take " + project.Name + " from " + owner.Name + "?",
		Sentences: []string{owner.Name + " cannot publish to it or withdraw any more, until an owner invites them again."},
		Button:    "Remove " + owner.Name,
	}
	if owner.ID == who.ID {
		view.Heading, view.Button = "Leave "+project.Name+"?", "Leave it"
		view.Sentences = []string{"You cannot publish to it or withdraw any more, until an owner invites you again. What you published stays."}
	}
	view.Hidden, view.Back = []site.Option{{Value: "user", Text: owner.Name}}, accountProjectPath(project.Name)
	view.Account, err = h.accountView(c, who, strings.TrimSuffix(view.Heading, "?"), projectsPath)
	view.Wrong = wrong
	return view, err
}

func ownerNamed(owners []ports.Owner, user string) (ports.Owner, error) {
	for _, owner := range owners {
		if strings.EqualFold(owner.Name, user) {
			return owner, nil
		}
	}
	return ports.Owner{}, fault.New(fault.OwnerUnknown, "%q does not own that project. There is nothing to take.", user)
}

func (h *handlers) removeOwner(c echo.Context, who ports.Caller) (site.View, error) {
	values, err := sentForm(c)
	if err != nil {
		return nil, err
	}
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	user := values.Get("user")
	err = h.Owners.Remove(c.Request().Context(), who, name, user)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == fault.LastOwner {
		wrong, status, _ := wrongWith(err, nil)
		view, err := h.removeOwnerView(c, who, user, wrong)
		if err != nil {
			return nil, err
		}
		view.Status = status
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(user, who.Name) {
		return nil, seeOther(projectsPath, "done", "left")
	}
	return nil, seeOther(accountProjectPath(name), "done", "removed")
}

// showInvitations lists what whoever asks is asked to own.
func (h *handlers) showInvitations(c echo.Context, who ports.Caller) (site.View, error) {
	head, err := h.accountView(c, who, "Invitations", invitationsPath)
	if err != nil {
		return nil, err
	}
	asked, err := h.Owners.Asked(c.Request().Context(), who, ports.Page{Limit: maxInvitations})
	view := &site.AccountInvitations{Account: head}
	for _, i := range asked {
		view.Asked = append(view.Asked, projectInvitation(i))
	}
	return view, err
}

func (h *handlers) accept(c echo.Context, who ports.Caller) (site.View, error) {
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	if _, err := h.Owners.Accept(c.Request().Context(), who, name); err != nil {
		return nil, err
	}
	return nil, seeOther(accountProjectPath(name), "done", "accepted")
}

func (h *handlers) decline(c echo.Context, who ports.Caller) (site.View, error) {
	name, err := pathValue(c, "name")
	if err != nil {
		return nil, err
	}
	if err := h.Owners.Decline(c.Request().Context(), who, name); err != nil {
		return nil, err
	}
	return nil, seeOther(invitationsPath, "done", "declined")
}
