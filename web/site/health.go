package site

import "time"

// HealthBox tells beside a project how it is kept.
type HealthBox struct {
	// Word says it in one, Why says why it is that one.
	Word, Why string
	// Facts are sentences; More are those that the page says elsewhere too.
	Facts, More []string
	// Rule explains the word, API has the same for programs.
	Rule, API string
}

// HealthGuide explains the words for how projects are kept.
type HealthGuide struct {
	Page

	// Words are in order, the best first.
	Words []HealthWord
	// Majors are those of PostgreSQL, the newest first.
	Majors []HealthMajor
}

func (*HealthGuide) template() string { return "project_health" }

// HealthWord is a word with what it means and what owners do to change it.
type HealthWord struct{ Word, Meaning, Remedy string }

// HealthMajor is a PostgreSQL major with its days.
type HealthMajor struct {
	Number         int
	Released, Ends time.Time
	// State says in words how it stands now.
	State string
}

// Badges are small pictures for a README.
type Badges struct {
	// Pictures are addresses with the words that stand for them.
	Pictures []Link
	// Markdown shows all of them.
	Markdown Command
}
