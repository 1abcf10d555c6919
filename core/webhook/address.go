package webhook

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"pgtrunk.io/registry/core/fault"
)

// longestURL is what an address may have at most, in bytes.
const longestURL = 2048

func refusedURL(why string) error {
	return fault.New(fault.WebhookURLInvalid, "Nothing can be delivered to that address: %s", why).
		With(fault.Field{Pointer: "/url", Detail: why})
}

// checkURL refuses an address that nothing can be delivered to, whatever its name resolves to; that is looked at each time
// that it is called. Loopback lets it be one of this machine, over http too.
//
// Errors: webhook_url_invalid.
func checkURL(address string, loopback bool) error {
	if len(address) > longestURL {
		return refusedURL("it is longer than 2048 bytes.")
	}
	if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r > unicode.MaxASCII }) {
		return refusedURL("it has spaces or letters that have to be escaped. Write a host in its ASCII form.")
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return refusedURL("it cannot be read. Name one such as https://example.org/hook.")
	}
	if u.User != nil {
		return refusedURL("it names a user. Verify the signature in place of a password, or put a token into the path or the query.")
	}
	if strings.Contains(address, "#") {
		return refusedURL("it has a fragment, which is never sent. Leave out what begins with #.")
	}
	local := isLocal(u.Hostname())
	switch {
	case local && loopback && (u.Scheme == "http" || u.Scheme == "https"):
		return nil
	case u.Scheme != "https":
		return refusedURL("it is not one of https. Name one such as https://example.org/hook.")
	case local:
		return refusedURL("it is one of the registry's own machine. Name a host that anybody on the Internet can reach.")
	}
	return nil
}

// isLocal says whether a host is this machine by its name already.
func isLocal(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
