package withdraw

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

// The longest words, in characters, as the contract has them.
const (
	maxReason  = 1000
	maxVersion = 64
)

func checkYank(reason, replacement string) error {
	var wrong []fault.Field
	if detail := checkSentence(reason); detail != "" {
		wrong = append(wrong, fault.Field{Pointer: "/reason", Detail: detail})
	}
	if utf8.RuneCountInString(replacement) > maxVersion || unreadable(replacement) {
		wrong = append(wrong, fault.Field{Pointer: "/replacement", Detail: "That is no version. Write one of the project's, such as 1.0.1, or none."})
	}
	return refuse(wrong)
}

func checkDeprecation(message string) error {
	var wrong []fault.Field
	if detail := checkSentence(message); detail != "" {
		wrong = append(wrong, fault.Field{Pointer: "/message", Detail: detail})
	}
	return refuse(wrong)
}

// checkSentence says what is wrong with a sentence for those who use what is withdrawn; "" for nothing.
func checkSentence(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "This is what those read who use it. Write a sentence."
	case utf8.RuneCountInString(text) > maxReason:
		return "That is over 1000 characters. Shorten it."
	case unreadable(text):
		return "That has characters that cannot be shown. Leave them out."
	default:
		return ""
	}
}

func unreadable(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}

func refuse(wrong []fault.Field) error {
	if wrong == nil {
		return nil
	}
	return fault.New(fault.RequestInvalid, "Nothing was changed.").With(wrong...)
}
