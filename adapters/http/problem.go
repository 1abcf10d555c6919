package http

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/adapters/http/api"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/web/site"
)

// kind is what a code becomes on the wire.
type kind struct {
	status int
	title  string
}

// kindOf is the one place where codes meet statuses.
func kindOf(code fault.Code) kind {
	switch code {
	case fault.RequestMalformed:
		return kind{http.StatusBadRequest, "Not readable"}
	case fault.RequestInvalid, fault.CursorInvalid, fault.CursorMismatch:
		return kind{http.StatusBadRequest, "Not what the contract says"}
	case fault.TokenConflict:
		return kind{http.StatusBadRequest, "Several tokens"}
	case fault.TokenMissing, fault.TokenMalformed, fault.TokenUnknown, fault.TokenExpired, fault.TokenRevoked,
		fault.JWTMalformed, fault.JWTAlgorithm, fault.JWTKeyUnknown, fault.JWTSignature, fault.JWTIssuer, fault.JWTAudience,
		fault.JWTExpired, fault.JWTNotYetValid, fault.JWTReplayed:
		return kind{http.StatusUnauthorized, "Who are you?"}
	case fault.SignInUnknown, fault.SignInRefused, fault.JWTNonce, fault.SessionMissing:
		return kind{http.StatusUnauthorized, "Not signed in"}
	case fault.ScopeMissing, fault.ProjectNotCovered, fault.NotOwner, fault.NotAdministrator, fault.TokenNarrowed,
		fault.GrantTooWide, fault.OriginForbidden:
		return kind{http.StatusForbidden, "Not allowed"}
	case fault.RouteUnknown, fault.PlatformUnknown, fault.ProjectUnknown, fault.VersionUnknown, fault.ArtefactUnknown,
		fault.AccountUnknown, fault.OwnerUnknown, fault.TokenIDUnknown, fault.InvitationUnknown, fault.ReadmeUnknown, fault.ShelfUnknown,
		fault.SubscriptionUnknown, fault.WebhookUnknown, fault.DeliveryUnknown:
		return kind{http.StatusNotFound, "Not found"}
	case fault.LinkInvalid, fault.AddressInvalid, fault.WebhookURLInvalid:
		return kind{http.StatusBadRequest, "Not what it should be"}
	case fault.LinkExpired, fault.LinkUsed:
		return kind{http.StatusGone, "That link has ended"}
	case fault.AddressClosed, fault.AddressUnverified, fault.MailRefused, fault.MailboxUnknown, fault.WebhooksFull, fault.WebhookDisabled:
		return kind{http.StatusConflict, "Not possible"}
	case fault.MailUnconfigured:
		return kind{http.StatusNotImplemented, "No letters here"}
	case fault.Removed:
		return kind{http.StatusGone, "Removed"}
	case fault.MethodNotAllowed:
		return kind{http.StatusMethodNotAllowed, "Method not allowed"}
	case fault.NameTaken, fault.NameLookalike, fault.ArtefactExists, fault.AlreadyOwner:
		return kind{http.StatusConflict, "Already there"}
	case fault.VersionDeleted, fault.DeletionTooLate, fault.DeletionInUse, fault.LastOwner:
		return kind{http.StatusConflict, "Not possible"}
	case fault.PayloadTooLarge:
		return kind{http.StatusRequestEntityTooLarge, "Too large"}
	case fault.MediaTypeUnsupported:
		return kind{http.StatusUnsupportedMediaType, "Wrong type of body"}
	case fault.RateLimited:
		return kind{http.StatusTooManyRequests, "Too many requests"}
	case fault.SignInUnconfigured:
		return kind{http.StatusNotImplemented, "Switched off"}
	case fault.Overloaded, fault.StoreUnavailable, fault.DatabaseUnavailable, fault.Draining, fault.IssuerUnavailable,
		fault.RepositoryUnavailable, fault.MailUnavailable:
		return kind{http.StatusServiceUnavailable, "Not now"}
	case fault.NameInvalid, fault.NameReserved, fault.VersionInvalid, fault.CategoryUnknown, fault.MetadataInvalid,
		fault.ReplacementUnknown, fault.HostNotAllowed, fault.RepositoryUnsupported:
		return kind{http.StatusUnprocessableEntity, "Metadata refused"}
	case fault.Internal:
		return kind{http.StatusInternalServerError, "Our fault"}
	default:
		return kind{http.StatusUnprocessableEntity, "Archive refused"}
	}
}

// clientGone is what the log says of a request whose client did not wait for the answer.
const clientGone = 499

const (
	problemType = "application/problem+json"
	textType    = "text/plain; charset=UTF-8"
)

// problemHandler answers every error of a handler or middleware, for people as a page.
func problemHandler(log *slog.Logger, pages *site.Site) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		info := infoOf(c.Request().Context())
		if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil && !c.Response().Committed {
			// Nobody is there to be told, and nothing is wrong here: who types ahead asks for the next before this was answered.
			c.Response().WriteHeader(clientGone)
			return
		}
		f, ok := asFault(err)
		if !ok {
			f = fault.New(fault.Internal, "Something went wrong here, and it is not your fault. Try again; if it stays, tell us the request %s.", info.origin.RequestID)
		}
		info.refusal = f.Code
		logFault(log, c, f, err)
		if c.Response().Committed {
			return
		}
		if err := answerFault(c, pages, f, info); err != nil {
			log.WarnContext(c.Request().Context(), "the answer could not be sent", "error", err)
		}
	}
}

// asFault finds the fault in an error, or makes one of an error that the framework or the standard library gives for
// what a client did.
func asFault(err error) (*fault.Fault, bool) {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f, true
	}
	if errors.Is(err, http.ErrNotMultipart) || errors.Is(err, http.ErrMissingBoundary) {
		return fault.New(fault.MediaTypeUnsupported, "This address takes multipart/form-data with the parts metadata and file."), true
	}
	if errors.Is(err, http.ErrHandlerTimeout) {
		return fault.New(fault.Overloaded, "That took too long. Try again in a moment."), true
	}
	he, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return nil, false
	}
	switch he.Code {
	case http.StatusNotFound:
		return fault.New(fault.RouteUnknown, "Nothing is served at this address. Search for what you meant; /redoc lists the addresses of the API."), true
	case http.StatusMethodNotAllowed:
		return fault.New(fault.MethodNotAllowed, "This address does not take that method. The Allow header lists those it takes."), true
	case http.StatusBadRequest:
		return fault.New(fault.RequestInvalid, "The request is not what the contract says. /redoc shows the form of each address.").Because(err), true
	default:
		return nil, false
	}
}

func logFault(log *slog.Logger, c echo.Context, f *fault.Fault, err error) {
	level := slog.LevelInfo
	if kindOf(f.Code).status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	log.LogAttrs(c.Request().Context(), level, "refused", slog.String("code", string(f.Code)), slog.Any("error", err))
}

// answerFault tells a fault in the form that its route has for it.
func answerFault(c echo.Context, pages *site.Site, f *fault.Fault, info *requestInfo) error {
	status := kindOf(f.Code)
	header := c.Response().Header()
	header.Set("Cache-Control", "no-store")
	if f.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())+1))
	}
	if status.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Bearer realm="trunk"`)
	}
	if status.status == http.StatusMethodNotAllowed {
		header.Set("Allow", allowed(header.Get("Allow")))
	}
	if info.upload {
		// The rest of the upload is not worth reading, and without this the server would read some of it first.
		header.Set("Connection", "close")
	}
	if answersPage(c, info) {
		return writeErrorPage(c, pages, f, info)
	}
	return writeProblem(c, f, info)
}

func writeProblem(c echo.Context, f *fault.Fault, info *requestInfo) error {
	status, header := kindOf(f.Code), c.Response().Header()
	if answersText(c) && !strings.Contains(c.Request().Header.Get("Accept"), "json") {
		header.Set("Content-Type", textType)
		c.Response().WriteHeader(status.status)
		_, err := c.Response().Write([]byte(sentence(f)))
		return err
	}
	problem := api.Problem{
		Type: "/problems/" + string(f.Code), Title: status.title, Status: status.status, Code: api.ProblemCode(f.Code),
		Detail: f.Detail, Instance: info.origin.RequestID,
	}
	for _, field := range f.Fields {
		problem.Errors = append(problem.Errors, api.ProblemField{Pointer: field.Pointer, Detail: field.Detail})
	}
	header.Set("Content-Type", problemType)
	c.Response().WriteHeader(status.status)
	return json.NewEncoder(c.Response()).Encode(problem)
}

// sentence is a fault for a terminal: one line, with the code in brackets.
func sentence(f *fault.Fault) string {
	var b strings.Builder
	b.WriteString(f.Detail)
	for _, field := range f.Fields {
		b.WriteString(" " + field.Pointer + ": " + field.Detail)
	}
	return strings.ReplaceAll(b.String(), "\n", " ") + " [" + string(f.Code) + "]\n"
}

// answersText tells the wire's routes whose success is text: their clients print what they get.
func answersText(c echo.Context) bool {
	switch c.Path() {
	case "/extensions/new", "/extensions/:name/:version/download", "/token/new":
		return true
	default:
		return false
	}
}

// allowed adds to the framework's list the method that every GET serves besides, and drops the one that none does.
func allowed(methods string) string {
	var list []string
	for method := range strings.SplitSeq(methods, ",") {
		switch method = strings.TrimSpace(method); method {
		case "", http.MethodOptions:
		case http.MethodGet:
			list = append(list, http.MethodGet, http.MethodHead)
		default:
			list = append(list, method)
		}
	}
	return strings.Join(list, ", ")
}
