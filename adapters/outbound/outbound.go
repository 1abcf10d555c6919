// Package outbound is the way out to hosts that others name: it leads to the Internet, and never to what is reachable from
// here alone.
package outbound

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Options say how to get out.
type Options struct {
	// Deadline bounds the making of a connection, and then its TLS handshake.
	Deadline time.Duration
	// Loopback lets this machine be reached too, for development and tests.
	Loopback bool
	// Resolver finds the addresses of names; nil for the system's.
	Resolver *net.Resolver
}

// NewTransport makes a way out. It takes no proxy from the environment: that would resolve names itself. It speaks HTTP/1.1,
// where a call that is given up ends its connection.
func NewTransport(options Options) *http.Transport {
	dialer := &net.Dialer{Timeout: options.Deadline, Resolver: options.Resolver, Control: publicOnly}
	if options.Loopback {
		dialer.Control = publicOrLoopback
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    options.Deadline,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// publicOnly refuses a connection by what its name was resolved to, just before it is made; so a name that resolves
// differently the second time gains nothing.
func publicOnly(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !Public(to.Addr()) {
		return fmt.Errorf("%s is not a public address", to.Addr())
	}
	return nil
}

func publicOrLoopback(network, address string, conn syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(address); err == nil && to.Addr().Unmap().IsLoopback() {
		return nil
	}
	return publicOnly(network, address, conn)
}

var (
	// global is the one part of IPv6 that is given out for the Internet.
	global = netip.MustParsePrefix("2000::/3")
	// nat64 holds addresses of IPv4, which a network without IPv4 reaches by them (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	// special is what of IPv4 and of global is not for everybody.
	// https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry
	special = []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this network
		netip.MustParsePrefix("10.0.0.0/8"),      // private
		netip.MustParsePrefix("100.64.0.0/10"),   // behind a carrier's NAT
		netip.MustParsePrefix("127.0.0.0/8"),     // loopback
		netip.MustParsePrefix("169.254.0.0/16"),  // link-local, and the metadata of clouds
		netip.MustParsePrefix("172.16.0.0/12"),   // private
		netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.88.99.0/24"),  // relays of 6to4
		netip.MustParsePrefix("192.168.0.0/16"),  // private
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("224.0.0.0/4"),     // multicast
		netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
		netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo among them
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("2002::/16"),       // 6to4: given up (RFC 7526), and any address of IPv4 fits into it
		netip.MustParsePrefix("3fff::/20"),       // documentation
	}
)

// Public says whether an address is one of a host on the Internet.
func Public(address netip.Addr) bool {
	address = address.Unmap()
	if nat64.Contains(address) {
		bytes := address.As16()
		address = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	// An address with a zone is in no prefix, so it is refused here.
	if !address.Is4() && !global.Contains(address) {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(address) })
}
