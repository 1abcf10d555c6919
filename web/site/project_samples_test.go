package site_test

import (
	"html/template"
	"time"

	"pgtrunk.io/registry/web/site"
)

func projectSamples() []sample {
	at := time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)
	pair := site.Pair{Postgres: 17, Platform: "linux/amd64"}
	link := func(text string) site.Link { return site.Link{Text: text, Address: "/extensions/" + text} }
	command := func(id, text string) site.Command { return site.Command{ID: id, Name: id, Text: text} }
	file := &site.File{
		Name: "pg_cron-1.6.5-pg17-linux-amd64.tar.gz", Download: "/x", For: pair, Size: 81920, Digest: command("digest", "9f2c"), At: at, Publisher: link("alice"),
		Contents: "/contents", Unpacked: 1 << 20, PathsTotal: 2, Glibc: "2.34", Paths: []site.Path{{Name: "extension/pg_cron.control", Size: 3, Kind: "control-file"}},
		Extensions: []site.Extension{{Name: "pg_cron", Version: "1.6", Who: "a superuser", Where: "always pg_catalog", Control: "x", Installs: []string{"1.6"}, Updates: []string{"1.5 → 1.6"}}},
	}
	installing := site.Installing{
		Version: "1.6.5", For: pair, Assumed: true, Majors: []site.PairOption{{Link: link("17"), Current: true}}, Platforms: []site.PairOption{{Link: link("linux/amd64"), Current: true}},
		Commands: []site.Command{command("trunk", "trunk install pg_cron"), command("curl", "curl")}, SQL: command("sql", "CREATE EXTENSION pg_cron;"),
		Packages: []string{"libc6 (apt)"}, First: []site.Link{link("cube")}, Settings: command("settings", "shared_preload_libraries = 'pg_cron'"), Effect: "restart", Append: true,
	}
	yank := &site.Banner{Kind: "bad", Symbol: "!", Word: "yanked", At: at, Reason: "workers leak", Use: &site.Link{Text: "1.6.5", Address: "/y"}}
	project := &site.Project{
		Page: page("pg_cron 1.6.5"), Installing: installing, Name: "pg_cron", Sentence: "Job scheduler.", Released: at, License: "PostgreSQL", Owners: []site.Link{link("alice"), link("bob")},
		Categories: []site.Link{link("Orchestration")}, Provides: []string{"pg_cron"}, Banners: []site.Banner{*yank},
		Builds: site.Matrix{Majors: []int{16, 17}, Rows: []site.MatrixRow{{Platform: "linux/amd64", Cells: []site.Cell{{}, {Link: link("1.6.5"), Current: true, Older: true}}}}},
		Needs:  []site.Link{link("cube"), {Text: "plperl"}}, Dependents: []site.Link{link("a")}, DependentsTotal: 12, Links: []site.Link{{Text: "Source", Address: "https://example.org"}},
		Versions:      []site.VersionRow{{Link: link("1.6.5"), At: at, Majors: "16, 17", Status: "latest", Kind: "ok"}, {Link: link("1.6.6"), At: at, Yank: yank}},
		VersionsTotal: 25, AllVersions: "/x?versions=all", Readme: "<h3 id=\"readme-a\">A</h3><p>x</p>", WholeReadme: "/readme", File: file,
		Health: site.HealthBox{Word: "active", Why: "It is.", Facts: []string{"6 versions."}, More: []string{"It has a README."}, Rule: "/project-health#active", API: "/health"},
		Usage:  site.Usage{Total: 1000, Recent: 40, Installers: 12, Chart: charted("1.6.5", "1.6.4", "1.6.3", "1.6.2", "other"), API: "/stats"},
		Badges: site.Badges{Pictures: []site.Link{{Text: "Platforms", Address: "/badges/pg_cron/platforms.svg"}}, Markdown: command("badges", "[![x](y)](z)")},
	}
	project.Breadcrumbs = project.Categories
	project.Linked = []any{site.LinkedApplication(site.Application{Name: evil, Author: []site.Who{{Name: evil}}}), site.LinkedBreadcrumb(link(evil))}
	withdrawn := &site.Project{Page: page("pg_cron"), Name: "pg_cron", Banners: []site.Banner{*yank}, Versions: []site.VersionRow{{Link: link("1.0"), At: at, Yank: yank}}, VersionsTotal: 1}
	missing := installing
	missing.Commands, missing.Settings, missing.SQL, missing.Missing = nil, site.Command{}, site.Command{}, &site.Missing{Text: "None.", Show: &site.Link{Text: "Show it", Address: "/z"}}
	version := &site.Version{
		Page: page("pg_cron 1.6.5"), Installing: installing, Name: "pg_cron", Released: at, Publisher: link("alice"), Newest: &site.Link{Text: "1.6.6", Address: "/n"},
		Yanked: true, Banners: []site.Banner{*yank}, Files: []site.File{*file}, Needs: []site.Link{link("cube")}, File: file, Repository: site.Link{Text: "https://example.org", Address: "https://example.org"},
		Changes: "<h3 id=\"readme-a\">1.6.5</h3><ul><li>x</li></ul>",
	}
	bare := &site.Version{Page: page("x"), Installing: missing, Name: "x", Released: at, Publisher: link("alice")}
	return []sample{{"project", project}, {"project withdrawn", withdrawn}, {"project evil", evilProject()}, {"version", version}, {"version bare", bare}, {"version evil", evilVersion()}}
}

// evilFile and the others are full of what nobody should write.
func evilFile() *site.File {
	bad := site.Link{Text: evil, Address: evilLink}
	return &site.File{
		Name: evil, Download: evilLink, For: site.Pair{Platform: evil}, Digest: site.Command{ID: "digest", Name: evil, Text: evil}, Publisher: bad, Contents: evilLink,
		Extensions: []site.Extension{{Name: evil, Version: evil, Who: evil, Where: evil, Control: evil, Installs: []string{evil}, Updates: []string{evil}}},
		Paths:      []site.Path{{Name: evil, Kind: evil}}, Glibc: evil,
	}
}

func evilInstalling() site.Installing {
	bad := site.Link{Text: evil, Address: evilLink}
	return site.Installing{
		Version: evil, For: site.Pair{Platform: evil}, Assumed: true, Majors: []site.PairOption{{Link: bad}}, Platforms: []site.PairOption{{Link: bad}},
		Commands: []site.Command{{ID: "trunk", Name: evil, Text: evil}}, SQL: site.Command{ID: "sql", Name: evil, Text: evil}, Missing: &site.Missing{Text: evil, Show: &bad},
		Packages: []string{evil}, First: []site.Link{bad}, Settings: site.Command{ID: "settings", Name: evil, Text: evil}, Effect: evil,
	}
}

func evilProjectPage() site.Page {
	p := page(evil)
	p.Breadcrumbs = []site.Link{{Text: evil, Address: evilLink}}
	p.Feed, p.API, p.Query = evilLink, evilLink, evil
	p.Linked = []any{site.LinkedApplication(site.Application{Name: evil, Description: evil, URL: evilLink})}
	return p
}

func evilProject() site.View {
	bad := site.Link{Text: evil, Address: evilLink}
	banner := site.Banner{Kind: "bad", Symbol: "!", Word: evil, Text: evil, Reason: evil, Use: &bad, At: now}
	return &site.Project{
		Page: evilProjectPage(), Installing: evilInstalling(), Name: evil, Sentence: evil, License: evil, Owners: []site.Link{bad}, Categories: []site.Link{bad}, Provides: []string{evil},
		Banners: []site.Banner{banner}, Builds: site.Matrix{Majors: []int{1}, Rows: []site.MatrixRow{{Platform: evil, Cells: []site.Cell{{Link: bad}}}}}, Needs: []site.Link{bad},
		Dependents: []site.Link{bad}, Links: []site.Link{bad}, Versions: []site.VersionRow{{Link: bad, Majors: evil, Status: evil, Yank: &banner}}, AllVersions: evilLink,
		Readme: template.HTML("<p>" + template.HTMLEscapeString(evil) + "</p>"), WholeReadme: evilLink, File: evilFile(),
		Health: site.HealthBox{Word: evil, Why: evil, Facts: []string{evil}, More: []string{evil}, Rule: evilLink, API: evilLink},
		Usage:  site.Usage{Total: 1, Chart: charted(evil, evil), API: evilLink},
		Badges: site.Badges{Pictures: []site.Link{{Text: evil, Address: "/badges/" + evil}}, Markdown: site.Command{ID: "badges", Name: evil, Text: evil}},
	}
}

func evilVersion() site.View {
	bad := site.Link{Text: evil, Address: evilLink}
	return &site.Version{
		Page: evilProjectPage(), Installing: evilInstalling(), Name: evil, Sentence: evil, Publisher: bad, License: evil, Newest: &bad,
		Banners: []site.Banner{{Word: evil, Reason: evil}}, Files: []site.File{*evilFile()}, Needs: []site.Link{bad}, File: evilFile(), Repository: bad,
		Changes: template.HTML("<p>" + template.HTMLEscapeString(evil) + "</p>"),
	}
}
