package mailcatcher_test

import (
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"

	"pgtrunk.io/registry/adapters/mailcatcher"
)

// A letter is shown in pages in which nothing of it runs, and only those pages themselves can have it forgotten.
func TestPages(t *testing.T) {
	address, pages := start(t)
	const hostile = "Subject: <script>alert(1)</script>\r\nContent-Type: text/html\r\n\r\n<script>alert(2)</script><p>It is out.</p>\r\n"
	if err := smtp.SendMail(address, nil, "a@example.org", []string{"b@example.org"}, []byte(hostile)); err != nil {
		t.Fatal(err)
	}
	page := func(path string) (body, policy string) {
		t.Helper()
		response, err := http.Get(pages + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		read, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, response.StatusCode, err)
		}
		return string(read), response.Header.Get("Content-Security-Policy")
	}
	for path, want := range map[string]string{"/": `href="/letters/1"`, "/letters/1": `src="/letters/1/html"`} {
		body, policy := page(path)
		if !strings.Contains(body, want) || strings.Contains(body, "<script") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: with the policy %q\n%s", path, policy, body)
		}
	}
	if body, policy := page("/letters/1/html"); !strings.Contains(body, "<p>It is out.</p>") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox allow-popups") {
		t.Errorf("the letter, with the policy %q\n%s", policy, body)
	}
	forget := func(origin string) int {
		t.Helper()
		request, err := http.NewRequest(http.MethodPost, pages+"/forget", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		return response.StatusCode
	}
	var got []mailcatcher.Message
	if status := forget("https://elsewhere.example.org"); status != http.StatusForbidden {
		t.Errorf("forgetting from elsewhere: %d", status)
	}
	if ask(t, "GET", pages+"/messages", &got); len(got) != 1 {
		t.Errorf("there are %d messages", len(got))
	}
	if status := forget(pages); status != http.StatusOK {
		t.Errorf("forgetting: %d", status)
	}
	if body, _ := page("/"); !strings.Contains(body, "There is none yet") {
		t.Errorf("after it\n%s", body)
	}
}
