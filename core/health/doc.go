// Package health tells how a project is kept: facts that anybody can check, each with a sentence, and one word that
// follows from them by a rule. It gives no score: whoever judges a dependency wants to know what was counted.
package health
