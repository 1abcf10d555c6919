// Package ports holds the interfaces that the core needs and adapters offer. Each is small; each comment says which
// faults it returns. Any other error is internal. The suites in porttest say in tests what the comments say in words.
package ports
