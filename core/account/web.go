package account

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

// Attempt is a sign-in on the web's pages that was begun and not finished. It stays in the browser that began it, so that
// what comes back is of use to no other.
type Attempt struct {
	// State comes back with the person (RFC 6749, section 10.12).
	State string
	// Nonce comes back in the sign-in (OpenID Connect Core, section 15.5.2).
	Nonce string
	// Verifier is the secret whose hash goes with the request, and that itself goes with the code (RFC 7636).
	Verifier string
}

// Return is what a person comes back with from the page of a provider; "" where it was not said.
type Return struct {
	State, Code string
	// Error is the provider's word for why it signed nobody in.
	Error string
	// Issuer is who says that (RFC 9207).
	Issuer string
}

// MaxTokenName bounds the name of a token, in characters; MaxTokenProjects how many patterns it has.
const (
	MaxTokenName     = 100
	MaxTokenProjects = 100
	maxPattern       = 65
)

var patternForm = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]*)?\*?$`)

// check says everything that is wrong with a token that somebody wants to make.
func (t Token) check() error {
	var wrong []fault.Field
	blame := func(pointer, detail string) { wrong = append(wrong, fault.Field{Pointer: pointer, Detail: detail}) }
	switch {
	case strings.TrimSpace(t.Name) == "":
		blame("/name", "A token needs a name, so that you know it again. Say what it is for.")
	case utf8.RuneCountInString(t.Name) > MaxTokenName:
		blame("/name", "That name is over 100 characters. Shorten it.")
	case !utf8.ValidString(t.Name) || strings.ContainsFunc(t.Name, unicode.IsControl):
		blame("/name", "That name has characters that cannot be shown. Leave them out.")
	}
	if len(t.Scopes) == 0 {
		blame("/scopes", "A token that may do nothing is of no use. Choose at least one thing that it may do.")
	}
	for _, scope := range t.Scopes {
		if _, err := ParseScope(string(scope)); err != nil {
			blame("/scopes", "Nothing is called like that here. Choose from the list.")
			break
		}
	}
	if len(t.Projects) > MaxTokenProjects {
		blame("/projects", "Those are over 100 projects. Name fewer, or a beginning followed by *.")
	}
	for _, pattern := range t.Projects {
		if pattern == "" || len(pattern) > maxPattern || !patternForm.MatchString(pattern) {
			blame("/projects", "Projects are named by letters, digits and _, or by a beginning followed by *, such as pgmq or pg_*.")
			break
		}
	}
	if wrong == nil {
		return nil
	}
	return fault.New(fault.RequestInvalid, "The token was not made.").With(wrong...)
}

// Purpose is a sentence of what a token may do.
func (t Token) Purpose() string {
	words := map[Scope]string{
		PublishNew: "create projects", PublishUpdate: "publish versions", Yank: "yank versions", Owners: "change owners",
	}
	var may []string
	for _, scope := range Scopes() {
		if slices.Contains(t.Scopes, scope) {
			may = append(may, words[scope])
		}
	}
	sentence := "Can do nothing"
	if len(may) > 0 {
		sentence = "Can " + enumerate(may)
	}
	if len(t.Projects) > 0 {
		sentence += ", for " + enumerate(t.Projects) + " alone"
	} else {
		sentence += ", for every project of " + t.Account.Name
	}
	if t.Administers() {
		sentence += "; and administer this registry"
	}
	if t.Expires != nil {
		sentence += ", until " + t.Expires.UTC().Format(time.DateOnly)
	}
	return sentence + "."
}

func enumerate(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
