// Command trunk-dev runs a whole registry on this machine: a PostgreSQL and an S3 store of its own, and the registry
// over them through the adapters that production uses. It needs nothing but Go, and it leaves no process behind.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"pgtrunk.io/registry/adapters/childproc"
	"pgtrunk.io/registry/adapters/embeddeds3"
)

func main() {
	// The S3 store runs in a child process that is this very program.
	embeddeds3.ServeIfChild()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// `go run` ends without telling its child, so the child looks.
	ctx, unwatch := childproc.WatchParent(ctx)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	unwatch()
	stop()
	os.Exit(code)
}

// commands is the command line.
type commands struct {
	Serve options      `cmd:"" default:"withargs" help:"Run the registry (what happens without a command)."`
	Token tokenCommand `cmd:"" help:"Print a sign-in of a user, for POST /token/new."`
}

// options say how to run the registry.
type options struct {
	Listen  string `default:"127.0.0.1:8080" help:"The address to serve at."`
	DataDir string `default:".trunk-dev" type:"path" help:"Where everything is kept."`
	User    string `default:"dev" help:"The user that the token is made for."`
	Demo    bool   `help:"Fill the registry, once, with the projects of the last public one, with small archives made for them."`
	Limits  bool   `help:"Limit how often somebody publishes and fails to sign in, as in production."`
	Verbose bool   `short:"v" help:"Show each request."`
}

// environment is what a command runs in.
type environment struct {
	ctx            context.Context //nolint:containedctx // it lives exactly as long as the command
	getenv         func(string) string
	stdout, stderr io.Writer
}

// Run runs the registry.
func (o options) Run(env *environment) error {
	return start(env.ctx, o, env.getenv, env.stdout, env.stderr)
}

type exit int

// run is the whole program: it gives the status to exit with.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			early, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(early)
		}
	}()
	var cli commands
	parser, err := kong.New(&cli, kong.Name("trunk-dev"), kong.Writers(stdout, stderr),
		kong.Description("Runs a whole registry for compiled PostgreSQL extensions on this machine."),
		kong.Exit(func(code int) { panic(exit(code)) }))
	if err != nil {
		return fail(stderr, err, 2)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(stderr, err, 2)
	}
	if err := command.Run(&environment{ctx: ctx, getenv: getenv, stdout: stdout, stderr: stderr}); err != nil {
		return fail(stderr, err, 1)
	}
	return 0
}

func fail(stderr io.Writer, err error, code int) int {
	_, _ = fmt.Fprintf(stderr, "trunk-dev: %v\n", err)
	return code
}
