package http

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"pgtrunk.io/registry/core/account"
	"pgtrunk.io/registry/core/extension"
	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// requestInfo is what middleware finds out about a request and handlers need.
type requestInfo struct {
	origin ports.Origin
	// platform is the one of the base path, "" without one.
	platform extension.Platform
	// method is the client's, also where a HEAD is served as a GET.
	method string
	// request is the one that is routed.
	request *http.Request
	// authorization is the request's own header, "" without one.
	authorization string
	// operation is the contract's, "" for what is none of them; found is how it was found, needs what it asks of who.
	operation string
	found     *openapi3filter.RequestValidationInput
	needs     needs
	// project is the folded name of the one that the operation is about, "" for none.
	project string
	// who is whose token was sent; nobody where the operation asks for none.
	who account.Identity
	// header is the answer's.
	header http.Header
	// page says that the route is one of the pages for people; candidates are names of projects that were perhaps meant
	// where one was not found.
	page       bool
	candidates []string
	// refusal is the code of the problem that was told, "" for none.
	refusal fault.Code
	// upload says that the request carries one; extend moves its read deadline.
	upload bool
	extend func()
}

type infoKey struct{}

// infoOf gives what is known of a request; never nil.
func infoOf(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(infoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

// RequestID gives the id of the request that a context belongs to, for logs; "" outside of one.
func RequestID(ctx context.Context) string { return infoOf(ctx).origin.RequestID }

// withInfo gives the framework a request of its own, which middleware may change before it is routed.
func withInfo(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), infoKey{}, &requestInfo{})))
	})
}

// identify gives each request an id and logs its end.
func identify(options Options) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start, r := options.Now(), c.Request()
			ctx := r.Context()
			info := infoOf(ctx)
			*info = requestInfo{
				origin: ports.Origin{Address: c.RealIP(), RequestID: options.NewID()},
				method: r.Method, request: r, authorization: r.Header.Get("Authorization"), header: c.Response().Header(), extend: func() {},
			}
			method, path := r.Method, r.URL.Path
			info.header.Set("X-Request-Id", info.origin.RequestID)
			if err := next(c); err != nil {
				c.Error(err)
			}
			took := options.Now().Sub(start)
			options.Log.LogAttrs(ctx, slog.LevelInfo, "request",
				slog.String("method", method), slog.String("route", c.Path()), slog.String("path", path),
				slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", took), slog.String("from", info.origin.Address))
			for _, observer := range options.Observers {
				observer.RequestEnded(ctx, ports.AnsweredRequest{
					ID: info.origin.RequestID, Method: knownMethod(method), Route: c.Path(), Operation: info.operation,
					Status: c.Response().Status, Code: info.refusal, Took: took,
				})
			}
			return nil
		}
	}
}

// knownMethod is a method that something is served by, and one name for all others: anybody can make up a method.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return ports.OtherMethod
	}
}

// guard turns a panic into an answer and a log line with the stack.
func guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler { //nolint:errorlint // the server panics with this very value
					panic(r)
				}
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// Places bounds how much is in flight at once.
type Places struct{ taken chan struct{} }

// NewPlaces makes places for so many.
func NewPlaces(limit int) *Places { return &Places{make(chan struct{}, limit)} }

// Taken is how many are taken now.
func (p *Places) Taken() int { return len(p.taken) }

// Limit is how many there are.
func (p *Places) Limit() int { return cap(p.taken) }

// shed refuses what comes when all places are taken.
func shed(places *Places) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().URL.Path == "/livez" {
				return next(c)
			}
			select {
			case places.taken <- struct{}{}:
				defer func() { <-places.taken }()
				return next(c)
			default:
				return fault.New(fault.Overloaded, "The registry has too much to do at the moment. Try again in a few seconds.").After(2 * time.Second)
			}
		}
	}
}

// basePath resolves the contract's second server address once, before routing.
func basePath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/platform/")
		if !ok {
			return next(c)
		}
		slug, path, _ := strings.Cut(rest, "/")
		platform, err := extension.ParsePlatform(slug)
		if err != nil || platform.Slug() != slug {
			return fault.New(fault.PlatformUnknown, "There is no platform %q. Write it like linux-amd64 or linux-arm64.", slug)
		}
		infoOf(r.Context()).platform = platform
		address := *r.URL
		if address.Path, err = unescape("/" + path); err != nil {
			return fault.New(fault.RequestMalformed, "The address is not readable: %q.", r.URL.Path)
		}
		address.RawPath = "/" + path
		r.URL = &address
		return next(c)
	}
}

// headAsGet serves a HEAD as a GET; the server leaves the body out because the connection's request is still a HEAD.
func headAsGet(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); r.Method == http.MethodHead {
			r.Method = http.MethodGet
		}
		return next(c)
	}
}

// uploadPause is how long an upload may stand still; the server's own read timeout is for small requests.
const uploadPause = 30 * time.Second

// receiveUpload bounds an upload in size and in silence.
func receiveUpload(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r, w := c.Request(), c.Response()
			info := infoOf(r.Context())
			info.upload = true
			control := http.NewResponseController(w)
			info.extend = func() {
				// A connection that cannot move its deadline keeps the server's.
				_ = control.SetReadDeadline(time.Now().Add(uploadPause))
				_ = control.SetWriteDeadline(time.Now().Add(2 * uploadPause))
			}
			info.extend()
			r.Body = http.MaxBytesReader(w, r.Body, limit+formOverhead)
			return next(c)
		}
	}
}
