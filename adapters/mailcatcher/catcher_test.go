package mailcatcher_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"pgtrunk.io/registry/adapters/mailcatcher"
)

const letter = "From: Trunk <releases@example.org>\r\nTo: ada@example.org\r\nSubject: =?utf-8?q?pg=5Fcron_1.6.4_is_out_=E2=80=93_now?=\r\n" +
	"List-Id: <pg-cron.projects.example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nIt is =E2=80=93 out.\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>It is out.</p>\r\n--b--\r\n"

func start(t *testing.T) (smtpAddress, pages string) {
	t.Helper()
	catcher := mailcatcher.New(time.Now)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := catcher.SMTP()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	shown := httptest.NewServer(catcher.Handler())
	t.Cleanup(func() {
		shown.Close()
		_ = server.Close()
		if err := <-ended; err != nil && !errors.Is(err, gosmtp.ErrServerClosed) {
			t.Errorf("the server ended: %v", err)
		}
	})
	return listener.Addr().String(), shown.URL
}

func ask(t *testing.T, method, url string, into any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode
}

// What is sent is shown decoded, until it is forgotten.
func TestCatches(t *testing.T) {
	address, pages := start(t)
	var got []mailcatcher.Message
	if ask(t, "GET", pages+"/messages", &got); got == nil || len(got) != 0 {
		t.Fatalf("at first there is %v", got)
	}
	if err := smtp.SendMail(address, nil, "bounces@example.org", []string{"ada@example.org", "bob@example.org"}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
	ask(t, "GET", pages+"/messages", &got)
	if len(got) != 1 {
		t.Fatalf("there are %d messages", len(got))
	}
	m := got[0]
	if m.From != "bounces@example.org" || !slices.Equal(m.To, []string{"ada@example.org", "bob@example.org"}) ||
		m.Subject != "pg_cron 1.6.4 is out – now" || strings.TrimSpace(m.Text) != "It is – out." || strings.TrimSpace(m.HTML) != "<p>It is out.</p>" ||
		!slices.Equal(m.Headers["List-Id"], []string{"<pg-cron.projects.example.org>"}) || m.ReceivedAt.IsZero() {
		t.Errorf("got %+v", m)
	}
	var one mailcatcher.Message
	if status := ask(t, "GET", pages+"/messages/"+m.ID, &one); status != http.StatusOK || one.Subject != m.Subject {
		t.Errorf("one message: %d, %+v", status, one)
	}
	if status := ask(t, "DELETE", pages+"/messages", nil); status != http.StatusNoContent {
		t.Errorf("forgetting: %d", status)
	}
	if status := ask(t, "GET", pages+"/messages/"+m.ID, nil); status != http.StatusNotFound {
		t.Errorf("a message that was forgotten: %d", status)
	}
}

// The thousand letters that came last are kept.
func TestKeepsTheLast(t *testing.T) {
	address, pages := start(t)
	client, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	for i := range 1002 {
		if err := client.Mail("a@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := client.Rcpt("b@example.org"); err != nil {
			t.Fatal(err)
		}
		w, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("Subject: " + strconv.Itoa(i) + "\r\n\r\nText\r\n")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var got []mailcatcher.Message
	ask(t, "GET", pages+"/messages", &got)
	if len(got) != 1000 || got[0].Subject != "2" || got[999].Subject != "1001" {
		t.Errorf("there are %d", len(got))
	}
}
