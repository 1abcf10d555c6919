package registry_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"pgtrunk.io/registry/core/link"
)

// serveMail starts a registry that sends letters.
func serveMail(t testing.TB, settings map[string]string) *instance {
	t.Helper()
	// Nobody listens there: these tests are about which letters there are to be.
	all := map[string]string{"SMTP_URL": "smtp://127.0.0.1:1?starttls=off", "MAIL_FROM": "Trunk <releases@example.org>"}
	maps.Copy(all, settings)
	cfg := configure(t, all)
	cfg.MailEnabled = true
	return serveConfig(t, cfg)
}

// list asks the database for a column of texts.
func (in *instance) list(statement string) []string {
	in.t.Helper()
	var list []string
	in.query("SELECT coalesce(array_agg(v::text), '{}') FROM ("+statement+") AS q(v)", &list)
	return list
}

// letters are the kinds of the letters to an address, in the order in which they were asked for, but for those about tokens.
func (in *instance) letters(address string) []string {
	in.t.Helper()
	return in.list("SELECT l.kind FROM letters l JOIN recipients r ON r.id = l.recipient_id WHERE r.folded = lower('" +
		strings.ReplaceAll(address, "'", "''") + "') AND l.kind <> 'token' ORDER BY l.created_at, l.id")
}

// link signs a link as a letter has it, to what a query finds the id of.
func (in *instance) link(purpose link.Purpose, query string, expires time.Time) string {
	in.t.Helper()
	var key []byte
	var id string
	in.query("SELECT key FROM link_keys", &key)
	in.query(query, &id)
	return "/follow/" + string(purpose) + "?t=" + link.Key(key).Sign(link.Claim{Purpose: purpose, Subject: id, Expires: expires})
}

// soon is when a link of a test ends that has not ended.
func soon() time.Time { return time.Now().Add(time.Hour) }

// subscriptionOf finds the subscription of an address to a project.
func subscriptionOf(address, project string) string {
	return "SELECT s.id FROM subscriptions s JOIN recipients r ON r.id = s.recipient_id JOIN projects p ON p.id = s.project_id WHERE r.folded = lower('" +
		address + "') AND p.name = '" + project + "'"
}

func recipientOf(address string) string {
	return "SELECT id FROM recipients WHERE folded = lower('" + address + "')"
}

// mailTables are all rows of the tables that following changes, and the record of changes.
func (in *instance) mailTables() string {
	in.t.Helper()
	var all strings.Builder
	// What comes of a letter has its own time.
	for _, table := range []string{
		"recipients", "subscriptions", "(SELECT id, recipient_id, kind, topic, detail, created_at FROM letters)", "rate_limits", "audit_entries",
	} {
		all.WriteString(table + "\n" + strings.Join(in.list("SELECT row_to_json(t) FROM "+table+" t ORDER BY row_to_json(t)::text"), "\n") + "\n")
	}
	return all.String()
}

// serveMailWithSignIn starts one where people sign in too.
func serveMailWithSignIn(t *testing.T, settings map[string]string) (*instance, *signInServer) {
	t.Helper()
	issuer := startSignInServer(t)
	all := map[string]string{"SIGN_IN_ISSUER": issuer.http.URL, "SIGN_IN_CLIENT_ID": "trunk-web"}
	maps.Copy(all, settings)
	return serveMail(t, all), issuer
}

func isFollowLink(n *html.Node) bool { return strings.HasPrefix(attribute(n, "href"), "/follow") }
