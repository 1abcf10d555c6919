package webhook

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgtrunk.io/registry/core/fault"
)

// The example of the standard (https://github.com/standard-webhooks/standard-webhooks, spec, "Signature scheme").
func TestSigning(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	body := []byte(`{"test": 2432232314}`)
	if got := sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, secret); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := make([]byte, secretLength)
	both := strings.Split(sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, other, secret), " ")
	if len(both) != 2 || both[0] == want || both[1] != want {
		t.Errorf("with two secrets it is %q", both)
	}
}

func TestAddresses(t *testing.T) {
	for address, takenWith := range map[string][2]bool{
		"https://example.org/hook":          {true, true},
		"https://example.org:8443/?token=1": {true, true},
		"https://[2001:db8::1]/":            {true, true},
		"http://example.org/hook":           {},
		"https://localhost/":                {false, true},
		"http://LOCALHOST:8080/":            {false, true},
		"http://127.0.0.1:8080/":            {false, true},
		"https://[::ffff:127.0.0.1]/":       {false, true},
		"https://user:secret@example.org/":  {},
		"https://example.org/#part":         {},
		"https://exämple.org/":              {},
		"https://example.org/a b":           {},
		"https://example.org/\r\nHost: x":   {},
		"ftp://example.org/":                {},
		"https:example.org":                 {},
		"//example.org/":                    {},
		"https://":                          {},
		"":                                  {},
		"https://example.org/" + strings.Repeat("a", longestURL): {},
	} {
		for i, loopback := range []bool{false, true} {
			if err := checkURL(address, loopback); (err == nil) != takenWith[i] || err != nil && fault.CodeOf(err) != fault.WebhookURLInvalid {
				t.Errorf("%q, loopback %t: %v", address, loopback, err)
			}
		}
	}
}
