package http

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever comes of it leads to this site, by the rules of browsers and not only by ours.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{
		"/", "/extensions/pgmq?x=1#y", "//evil.example.org", `/\evil.example.org`, "/\t/evil.example.org", "https://evil.example.org", "/a/../..//evil",
		"/%2f%2fevil.example.org", "/account/sign-in", "/é", "/a b", "/%zz", "/:80//x", "/@evil.example.org", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		path := localPath(address)
		base := &url.URL{Scheme: "https", Host: "registry.example.org"}
		target, err := base.Parse(path)
		if err != nil || target.Host != base.Host || target.Scheme != base.Scheme || target.User != nil {
			t.Errorf("%q becomes %q, which leads to %v, %v", address, path, target, err)
		}
		if strings.ContainsAny(path, "\\\t\r\n") || len(path) > 1 && path[1] == '/' {
			t.Errorf("%q becomes %q, which browsers read otherwise", address, path)
		}
		if path != address && path != "/account/tokens" {
			t.Errorf("%q becomes %q", address, path)
		}
	})
}
