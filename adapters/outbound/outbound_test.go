package outbound

import (
	"net/netip"
	"strings"
	"testing"
)

func TestPublic(t *testing.T) {
	for want, addresses := range map[bool]string{
		true: `140.82.121.4 172.65.251.78 217.197.84.140 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0
			126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255
			192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
			2606:50c0:8000::153 2a0a:4580:103f:c0de::1 2001:200::1 2001:4860:4860::8888 2400:cb00::1 3ffe::1 3fff:1000::1
			::ffff:140.82.121.4 64:ff9b::140.82.121.4`,
		false: `0.0.0.0 0.1.2.3 0.255.255.255
			10.0.0.0 10.1.2.3 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.1.1 192.168.255.255
			100.64.0.0 100.100.100.200 100.127.255.255
			127.0.0.0 127.0.0.1 127.255.255.255
			169.254.0.0 169.254.169.254 169.254.255.255
			192.0.0.0 192.0.0.170 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1
			224.0.0.0 224.0.0.1 239.255.255.255 240.0.0.0 250.1.2.3 255.255.255.255
			:: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1
			::ffff:0.0.0.0 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:100.64.0.1 ::ffff:169.254.169.254 ::ffff:192.168.0.1 ::ffff:255.255.255.255
			64:ff9b::0.0.0.0 64:ff9b::127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::100.64.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.0.1 64:ff9b::224.0.0.1
			64:ff9b::1:8.8.8.8 64:ff9b:1::1 64:ff9b:1::8.8.8.8
			2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2002:c0a8:1::1 2002:808:808::
			2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1
			100::1 100:0:0:1::1 5f00::1 1fff:ffff::1 4000::1 f000::1
			fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff00::1 ff02::1 ff0e::1 2606:50c0:8000::153%eth0`,
	} {
		for address := range strings.FieldsSeq(addresses) {
			if got := Public(netip.MustParseAddr(address)); got != want {
				t.Errorf("%s: got %t", address, got)
			}
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address at all is no public one")
	}
}

func TestPublicOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"140.82.121.4:443": true, "[2606:50c0:8000::153]:443": true, "127.0.0.1:443": false, "[::1]:443": false,
		"[fe80::1%1]:443": false, "[::ffff:10.0.0.1]:443": false, "localhost:443": false, "": false,
	} {
		if err := publicOnly("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What development and tests need is this machine alone.
func TestPublicOrLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"140.82.121.4:443": true, "127.0.0.1:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true, "10.0.0.1:80": false,
		"169.254.169.254:80": false, "0.0.0.0:80": false, "[fe80::1%1]:80": false, "localhost:80": false, "": false,
	} {
		if err := publicOrLoopback("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}
