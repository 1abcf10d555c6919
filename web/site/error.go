package site

import (
	"net/http"
	"time"
)

// Error says what went wrong and what to do now. It needs nothing but the request.
type Error struct {
	Page

	// Code is the fault's, Heading a few words, Detail the fault's sentence.
	Code, Heading, Detail string
	// Ask are words to search for instead; "" for none.
	Ask string
	// Candidates are pages that were perhaps meant.
	Candidates []Link
	// Wait is how long to wait before trying again; 0 where that does not help.
	Wait time.Duration
	// RequestID is what to tell those who run the registry.
	RequestID string
}

func (*Error) template() string { return "error" }

// Ours says that it is the registry's fault and not the visitor's.
func (e *Error) Ours() bool { return e.Status >= http.StatusInternalServerError }

// Retry says in words when to try again; "" for now.
func (e *Error) Retry() string { return retry(e.Wait) }

func retry(wait time.Duration) string {
	if wait <= 0 {
		return ""
	}
	seconds := int((wait + time.Second - 1) / time.Second)
	if seconds <= 90 {
		return "Try again in " + Plural(seconds, "second") + "."
	}
	return "Try again in " + Plural((seconds+59)/60, "minute") + "."
}
