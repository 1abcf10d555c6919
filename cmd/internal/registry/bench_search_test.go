package registry_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// searchKind is one of the ways in which people search.
type searchKind struct {
	name string
	// path is before what is asked for.
	path string
	// asked are the questions, or query gives them: those that are worth asking depend on what is in the catalogue.
	asked []string
	query string
	// goal is what 99 of 100 answers should take at most, in the largest catalogue.
	goal time.Duration
}

const oneWord, severalWords, noWord = 10 * time.Millisecond, 15 * time.Millisecond, time.Millisecond

func searchKinds() []searchKind {
	const search = "/api/v1/search?q="
	return []searchKind{
		{name: "rare", path: search, goal: oneWord, query: `
			SELECT word FROM search_words WHERE projects <= greatest(1, (SELECT count(*) FROM projects) / 20000) AND length(word) > 5
			ORDER BY md5(word) LIMIT 100`},
		{name: "common", path: search, goal: oneWord, query: `
			SELECT word FROM search_words WHERE stem IS NOT NULL
			ORDER BY abs(projects - 0.3 * (SELECT count(*) FROM projects)) LIMIT 3`},
		{name: "prefix", path: search, goal: oneWord, query: `
			SELECT DISTINCT left(word, 3) || '*' FROM (SELECT word FROM search_words WHERE length(word) > 4 ORDER BY md5(word) LIMIT 100) w`},
		{name: "several", path: search, goal: severalWords, asked: []string{
			"gis shortest path", "run a job every night", "vector similarity search", "connect to a remote database",
			"full text search chinese", "mask personal data", "count unique visitors", "audit log who changed a table",
			"json document compression", "query plan hints", "time series partitioning", "data lake on s3", "graph database cypher",
			"encrypt a column", "fuzzy match names", "unit test framework", "write functions in javascript", "oracle migration",
		}},
		{name: "typo", path: search, goal: oneWord, query: `
			SELECT overlay(word PLACING substr(word, 4, 1) || substr(word, 3, 1) FROM 3 FOR 2) FROM search_words
			WHERE length(word) > 5 AND substr(word, 3, 1) <> substr(word, 4, 1) AND NOT EXISTS (
				SELECT FROM search_words other
				WHERE other.word = overlay(search_words.word PLACING substr(search_words.word, 4, 1) || substr(search_words.word, 3, 1) FROM 3 FOR 2))
			ORDER BY md5(word) LIMIT 100`},
		{name: "empty", path: search, goal: noWord, asked: []string{""}},
		{name: "category", path: search + "&category=", goal: noWord, query: `SELECT slug FROM categories`},
		{name: "suggest", path: "/api/v1/suggest?q=", goal: oneWord, query: `
			SELECT DISTINCT left(key, 1 + abs(hashtext(key)) % 5) FROM (SELECT key FROM search_names ORDER BY md5(key) LIMIT 200) n`},
	}
}

// BenchmarkSearch searches over HTTP, in the ways that people do. What it takes must stay within its goal at 100,000
// projects: x_goal is how near it comes.
func BenchmarkSearch(b *testing.B) {
	for _, projects := range benchSizes(b) {
		in := serveCatalogue(b, projects)
		for _, kind := range searchKinds() {
			b.Run(fmt.Sprintf("%s/projects=%d", kind.name, projects), func(b *testing.B) {
				var paths []string
				for _, asked := range in.questions(b, kind) {
					paths = append(paths, kind.path+url.QueryEscape(asked))
				}
				registry := newContender(b, "registry", in.url)
				race(b, paths, registry)
				b.ReportMetric(float64(registry.quantile(0.99))/float64(kind.goal), "x_goal")
			})
		}
	}
}

func (in *instance) questions(b *testing.B, kind searchKind) []string {
	b.Helper()
	if kind.query == "" {
		return kind.asked
	}
	conn, err := pgx.Connect(b.Context(), in.cfg.Database.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(b.Context())) }()
	rows, err := conn.Query(b.Context(), kind.query)
	if err != nil {
		b.Fatal(err)
	}
	questions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(questions) == 0 {
		b.Fatalf("%s: %d questions, %v", kind.name, len(questions), err)
	}
	return questions
}
