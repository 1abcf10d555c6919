package account

import (
	"net/mail"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pgtrunk.io/registry/core/fault"
)

func TestParseAddress(t *testing.T) {
	for _, address := range []string{
		"alice@example.org", "Alice.Liddell+pg@mail.example.org", "a@b.co", "x_y-z@xn--bcher-kva.example", "1@2.example", "o'neill@example.org",
		strings.Repeat("a", 64) + "@example.org",
	} {
		if got, err := ParseAddress(address); err != nil || got != address {
			t.Errorf("%q: %q, %v", address, got, err)
		}
	}
	for _, address := range []string{
		"", "alice", "@example.org", "alice@", "alice@localhost", "alice@[127.0.0.1]", "alice@127.0.0.1", "Alice <alice@example.org>",
		"<alice@example.org>", "alice@example.org, bob@example.org", "alice@@example.org", "a@b@example.org", `"a b"@example.org`, "a..b@example.org",
		".a@example.org", "a.@example.org", "alice@example.org.", "alice@-example.org", "alice@exa_mple.org", "alice@example..org",
		"alice @example.org", " alice@example.org", "alice@example.org\n", "alice@example.org\r\nBcc: bob@example.org", "alice\r\n@example.org",
		"alice@example.org\x00", "alice(comment)@example.org", "bücher@example.org", "alice@bücher.example", "=?utf-8?q?ada=0d=0a?=@example.org", "alice@example.org%0d%0aBcc:bob@example.org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org", "a@" + strings.Repeat("b", 64) + ".org",
	} {
		if got, err := ParseAddress(address); fault.CodeOf(err) != fault.AddressInvalid {
			t.Errorf("%q is taken as %q: %v", address, got, err)
		}
	}
}

// Whatever is taken, another reader of addresses takes for exactly the same one, and it can break no header.
func TestAddressesAreReadAlikeByOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.StringMatching(`[a-zA-Z0-9!#$%&'*+/=?^_{|}~.-]{1,20}@[a-z0-9.-]{1,20}\.[a-z]{2,5}`),
			rapid.StringOf(rapid.SampledFrom([]rune("ab@.<>\"(), \r\n\x00é-"))), rapid.String(),
		).Draw(t, "text")
		got, err := ParseAddress(text)
		if err != nil {
			return
		}
		other, err := mail.ParseAddress(got)
		if err != nil || other.Name != "" || other.Address != text || got != text || strings.ContainsAny(got, "\r\n\x00 <>,") {
			t.Fatalf("%q is taken as %q, and by others as %+v: %v", text, got, other, err)
		}
	})
}
