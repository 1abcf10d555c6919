package site

import "strings"

// Publish is the guide from a repository to a page here.
type Publish struct {
	Page

	Commands PublishCommands
	// Limit is the largest archive, in words.
	Limit string
	// Refusals are the faults that a publish can meet.
	Refusals []Topic
}

func (*Publish) template() string { return "publish" }

// PublishCommands are what one types to publish.
type PublishCommands struct{ Token, File, Build, CLI, Curl, Workflow, Short Command }

// NewPublishCommands gives the commands for this registry.
func (s *Site) NewPublishCommands() PublishCommands {
	here := func(id, name, text string) Command {
		return Command{ID: id, Name: name, Text: strings.ReplaceAll(text, "REGISTRY", s.publicURL)}
	}
	return PublishCommands{
		Token: here("token", "the token's place", "export TRUNK_API_TOKEN=trunk_…"),
		File: here("file", "Trunk.toml", `[extension]
name = "my_extension"
version = "1.0.0"
license = "PostgreSQL"
description = "One sentence that says what it does"
repository = "https://github.com/you/my_extension"
homepage = "https://github.com/you/my_extension"
documentation = "https://github.com/you/my_extension"
categories = ["search"]
registry = "REGISTRY"

[build]
postgres_version = "17"
platform = "linux/amd64"`),
		Build: here("build", "the build command", "cargo install pg-trunk --locked\ntrunk build"),
		CLI:   here("publish", "the publish command", "trunk publish"),
		Short: here("short", "the publish commands", "export TRUNK_API_TOKEN=…\ntrunk build\ntrunk publish"),
		Curl: here("curl", "the curl command", `curl --fail-with-body -H "Authorization: Bearer $TRUNK_API_TOKEN" \
  -F metadata='{"name": "my_extension", "vers": "1.0.0", "license": "PostgreSQL", "categories": ["search"],
    "description": "One sentence that says what it does"}' \
  -F file=@my_extension-1.0.0-pg17.tar.gz \
  REGISTRY/extensions/new`),
		Workflow: here("workflow", "the workflow", `on:
  push:
    tags: ["v*"]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - run: cargo install pg-trunk --locked
      - run: trunk build
      - run: trunk publish
        env:
          TRUNK_API_TOKEN: ${{ secrets.TRUNK_API_TOKEN }}`),
	}
}

// Topic is a group of faults.
type Topic struct {
	Name     string
	Problems []Problem
}

// Problem explains a fault.
type Problem struct {
	// Code is the fault's, Title a few words, Status the answer's.
	Code, Title string
	Status      int
	// Meaning says what is wrong, Remedy what to do.
	Meaning, Remedy string
}

// ProblemPage explains one fault.
type ProblemPage struct {
	Page

	Problem Problem
}

func (*ProblemPage) template() string { return "problem" }

// Problems lists all faults.
type Problems struct {
	Page

	Topics []Topic
}

func (*Problems) template() string { return "problems" }
