package account

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgtrunk.io/registry/core/fault"
)

// Whoever is signed in on the pages does what is theirs, and administers nothing.
func TestOnWeb(t *testing.T) {
	who := OnWeb(Account{ID: "1", Name: "root", Administrator: true})
	for _, scope := range Scopes() {
		if err := who.May(scope, "any"); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
	}
	if err := who.MayChange("own", true); err != nil {
		t.Error(err)
	}
	if code := fault.CodeOf(who.MayChange("other", false)); code != fault.NotOwner {
		t.Errorf("another's: %s", code)
	}
	if code := fault.CodeOf(who.MayAdminister()); code != fault.TokenNarrowed {
		t.Errorf("to administer: %s", code)
	}
	if code := fault.CodeOf(OnWeb(Account{Name: "alice"}).MayAdminister()); code != fault.NotAdministrator {
		t.Errorf("alice to administer: %s", code)
	}
}

// Everything that is wrong with a token is said at once, and nothing is filled in that nobody chose.
func TestTokensMadeOnWeb(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	who := OnWeb(Account{ID: "1", Name: "alice"})
	good := Token{Name: "CI", Scopes: []Scope{Yank}, Projects: []string{"pgmq", "pg_*", "*"}}
	made, err := who.Delegate(good, now, time.Hour)
	if err != nil || made.Account.ID != "1" || made.Expires == nil || !made.Expires.Equal(now.Add(time.Hour)) || len(made.Scopes) != 1 {
		t.Errorf("got %+v, %v", made, err)
	}
	for what, c := range map[string]struct {
		token Token
		want  string
	}{
		"nothing":           {Token{}, "/name /scopes"},
		"a long name":       {Token{Name: strings.Repeat("é", 101), Scopes: good.Scopes}, "/name"},
		"a name of control": {Token{Name: "a\nb", Scopes: good.Scopes}, "/name"},
		"no text":           {Token{Name: "\xff", Scopes: good.Scopes}, "/name"},
		"another scope":     {Token{Name: "x", Scopes: []Scope{"administrator", "x"}}, "/scopes"},
		"other projects":    {Token{Name: "x", Scopes: good.Scopes, Projects: []string{"pg-*", "a b"}}, "/projects"},
		"a long project":    {Token{Name: "x", Scopes: good.Scopes, Projects: []string{strings.Repeat("a", 66)}}, "/projects"},
		"many projects":     {Token{Name: "x", Scopes: good.Scopes, Projects: make([]string, 101)}, "/projects /projects"},
	} {
		_, err := who.Delegate(c.token, now, time.Hour)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Code != fault.RequestInvalid {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var pointers []string
		for _, field := range f.Fields {
			pointers = append(pointers, field.Pointer)
		}
		if got := strings.Join(pointers, " "); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

func TestPurpose(t *testing.T) {
	ends := time.Date(2027, 2, 22, 1, 2, 3, 0, time.UTC)
	alice, root := Account{Name: "alice"}, Account{Name: "root", Administrator: true}
	for want, token := range map[string]Token{
		"Can publish versions, for pgmq alone, until 2027-02-22.":         {Account: alice, Scopes: []Scope{PublishUpdate}, Projects: []string{"pgmq"}, Expires: &ends},
		"Can create projects and publish versions, for a, b and c alone.": {Account: alice, Scopes: []Scope{PublishUpdate, PublishNew}, Projects: []string{"a", "b", "c"}},
		"Can create projects, publish versions, yank versions and change owners, for every project of root; and administer this registry.": {
			Account: root, Scopes: Scopes(),
		},
		"Can change owners, for every project of root.": {Account: root, Scopes: []Scope{Owners}},
		"Can do nothing, for every project of alice.":   {Account: alice},
	} {
		if got := token.Purpose(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
