package site_test

import (
	"net/url"
	"testing"
	"time"

	"pgtrunk.io/registry/web/site"
)

// evil is what somebody may write wherever they can write something.
const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'` + "`{{.}}</title></textarea><!--\u202e"

// evilLink is what somebody may write where an address belongs.
const evilLink = `javascript:alert(1)//"onmouseover="alert(1)`

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// sample is a page of one kind as the tests look at it.
type sample struct {
	name string
	view site.View
}

// samples are views of every kind; each template needs one. Add yours with an ordinary one and one full of evil.
func samples() []sample {
	var list []sample
	list = append(list, errorSamples()...)
	list = append(list, accountSamples()...)
	return list
}

func page(title string) site.Page {
	return site.Page{Title: title, Description: title + ".", Path: "/x", Now: now}
}

func errorSamples() []sample {
	missing := &site.Error{
		Page: site.Page{Title: "Not found", Status: 404, NoIndex: true, OwnSearch: true, Now: now}, Code: "project_unknown", Heading: "Not found",
		Detail: `There is no project called "pgvectr".`, Ask: "pgvectr", Candidates: []site.Link{{Text: "pgvector", Address: "/extensions/pgvector"}}, RequestID: "r",
	}
	bad := &site.Error{
		Page: site.Page{Title: evil, Description: evil, Query: evil, Path: "/" + evil, Now: now}, Heading: evil, Detail: evil, Ask: evil,
		Candidates: []site.Link{{Text: evil, Address: evilLink}}, RequestID: evil,
	}
	ours := &site.Error{Page: site.Page{Title: "Our fault", Status: 500, NoIndex: true, Now: now}, Heading: "Our fault", Detail: "d", Wait: time.Minute, RequestID: "r"}
	return []sample{{"error", missing}, {"error evil", bad}, {"error 500", ours}}
}

func newSite(t *testing.T) *site.Site {
	t.Helper()
	s, err := site.New(&url.URL{Scheme: "https", Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func render(t *testing.T, view site.View) string {
	t.Helper()
	body, err := newSite(t).Render(view)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
