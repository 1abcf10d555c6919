package account

import (
	"regexp"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// MaxAddressLength and maxLocalPart bound an address and what stands in it before the @, in bytes (RFC 5321, section
// 4.5.3.1; 256 with the brackets around a path).
const (
	MaxAddressLength = 254
	maxLocalPart     = 64
)

// encodedWord begins a word of RFC 2047: some programs decode it where it does not belong, and line breaks come out.
const encodedWord = "=?"

var (
	// localPart is a dot-atom (RFC 5322, section 3.2.3). The quoted form, in which nearly everything may stand, is refused:
	// hardly anybody has one, and it carries what headers must not.
	localPart = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	// mailDomain is two labels at least (RFC 1123, section 2.1), the last of which is no number: neither an IP address nor
	// the name of this machine.
	mailDomain = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)
)

// ParseAddress checks that a letter can be sent to an address: one address alone, without a name, in ASCII.
//
// Errors: address_invalid.
func ParseAddress(text string) (string, error) {
	local, domain, _ := strings.Cut(text, "@")
	switch {
	case text == "":
		return "", addressInvalid("There is no address. Write one, such as you@example.org.")
	case len(text) > MaxAddressLength || len(local) > maxLocalPart:
		return "", addressInvalid("That address is longer than mail can have it. Write another one.")
	case strings.ContainsFunc(text, func(r rune) bool { return r > '~' }):
		return "", addressInvalid("That address has letters beyond ASCII. Write its domain in the form that begins with xn--, or another address.")
	case strings.Contains(local, encodedWord) || !localPart.MatchString(local) || !mailDomain.MatchString(domain):
		return "", addressInvalid("That is not an address that a letter can be sent to. Write one alone, such as you@example.org.")
	}
	return text, nil
}

func addressInvalid(detail string) error {
	return fault.New(fault.AddressInvalid, "%s", detail).With(fault.Field{Pointer: "/email", Detail: detail})
}

// FoldAddress gives what two spellings of one address have in common: nobody has two that differ in case.
func FoldAddress(address string) string { return strings.ToLower(address) }
