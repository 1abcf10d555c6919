package trunk

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pgtrunk.io/registry/sdk/go/api"
)

// Error is a fault that the registry answered with (RFC 9457). errors.Is finds it by its code:
//
//	errors.Is(err, api.ProblemCodeNotOwner)
type Error struct {
	// Method and URL are those of the request.
	Method, URL string
	// Status is the HTTP status.
	Status int
	// Code names the fault, and stays what it is; "" where something between here and the registry answered. A registry that
	// is newer than the client may send codes that the client does not know.
	Code api.ProblemCode
	// Title is a few words for the code. Detail is one or two sentences about what is wrong and what to do; the beginning of
	// what was answered where there is no code.
	Title, Detail string
	// RequestID is what the registry's operators find the request by.
	RequestID string
	// Fields are the faults of a body with several.
	Fields []api.ProblemField
	// RetryAfter is how long to wait before the next attempt; 0 where nothing was said.
	RetryAfter time.Duration
}

// Error is the sentence for a person, with the code in brackets.
func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("%s %s: %d %s: %s", e.Method, e.URL, e.Status, http.StatusText(e.Status), e.Detail)
	}
	text := fmt.Sprintf("%s [%s]", e.Detail, e.Code)
	if len(e.Fields) == 0 {
		return text
	}
	lines := []string{text}
	for _, field := range e.Fields {
		lines = append(lines, "  "+field.Pointer+": "+field.Detail)
	}
	return strings.Join(lines, "\n")
}

// Is tells whether the target is the code of the fault.
func (e *Error) Is(target error) bool {
	code, ok := target.(api.ProblemCode)
	return ok && code != "" && code == e.Code
}

// TimeoutError is a registry that was silent for too long ([WithTimeout]).
type TimeoutError struct {
	Method, URL string
	// After is how long it was silent.
	After time.Duration
}

// Error tells how long was waited.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s %s: nothing came for %s", e.Method, e.URL, e.After)
}

// Timeout tells that it is one, as net.Error has it.
func (*TimeoutError) Timeout() bool { return true }

// DigestError is an archive that has other bytes than the registry says. Nothing of it is kept.
type DigestError struct {
	Link string
	// Want and Got are SHA-256 digests in lower-case hex.
	Want, Got string
}

// Error tells both digests.
func (e *DigestError) Error() string {
	return fmt.Sprintf("%s has the SHA-256 %s instead of %s. It was not kept: something between here and the registry changes archives", e.Link, e.Got, e.Want)
}

// shown is how much of an answer that is no problem is kept.
const shown = 500

// newError reads the fault that an answer tells of, and closes its body.
func newError(request *http.Request, response *http.Response) *Error {
	defer func() { _ = response.Body.Close() }()
	fault := &Error{
		Method: request.Method, URL: request.URL.Redacted(), Status: response.StatusCode, Title: http.StatusText(response.StatusCode),
		RequestID: response.Header.Get("X-Request-Id"), RetryAfter: retryAfter(response.Header, time.Now()),
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, 256<<10)) // what came is told
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind == "application/problem+json" {
		var problem api.Problem
		if json.Unmarshal(body, &problem) == nil && problem.Code != "" {
			fault.Code, fault.Title, fault.Detail, fault.Fields = problem.Code, problem.Title, problem.Detail, problem.Errors
			return fault
		}
	}
	fault.Detail = strings.ToValidUTF8(string(body[:min(len(body), shown)]), "")
	return fault
}

// retryAfter reads the header field (RFC 9110, section 10.2.3); 0 where it is not there or wrong.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
