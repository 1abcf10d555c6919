// Package porttest says in tests what the comments of package ports say in words: one suite a port, which every adapter
// of it passes against the real thing.
package porttest
