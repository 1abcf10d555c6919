// Command trunk-registry runs a registry for compiled PostgreSQL extensions in production and looks after it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands is the command line.
type commands struct {
	EnvFile string         `help:"A file with settings, one NAME=value a line; what the environment says counts more." default:".env" type:"path"`
	Serve   serveCommand   `cmd:"" help:"Serve the registry until a signal."`
	Migrate migrateCommand `cmd:"" help:"Look after the schema of the database."`
	Token   tokenCommand   `cmd:"" help:"Make, list and revoke API tokens."`
	Admin   adminCommand   `cmd:"" help:"Give and take the role of an administrator."`
	Account accountCommand `cmd:"" help:"Look after accounts."`
	Mail    mailCommand    `cmd:"" help:"Look after letters that could not be delivered."`
	Sweep   sweepCommand   `cmd:"" help:"Remove objects that nothing names any more, as serving does from time to time."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// environment is what a command runs in.
type environment struct {
	ctx            context.Context //nolint:containedctx // it lives exactly as long as the command
	getenv         func(string) string
	stdout, stderr io.Writer
}

// exit is how kong asks for an early end, after --help for example.
type exit int

// run is the whole program: it gives the status to exit with, 0 for success, 1 for a failure, 2 for wrong usage.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if early, ok := recover().(exit); ok {
			code = int(early)
		}
	}()
	var cli commands
	parser, err := kong.New(&cli, kong.Name("trunk-registry"), kong.Writers(stdout, stderr),
		kong.Description("A registry for compiled PostgreSQL extensions. Its settings come from the environment."),
		kong.Exit(func(code int) { panic(exit(code)) }), kong.UsageOnError())
	if err != nil {
		return fail(stderr, err, 2)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(stderr, err, 2)
	}
	getenv, err = withEnvFile(cli.EnvFile, getenv)
	if err != nil {
		return fail(stderr, err, 2)
	}
	if err := command.Run(&environment{ctx: ctx, getenv: getenv, stdout: stdout, stderr: stderr}); err != nil {
		return fail(stderr, err, 1)
	}
	return 0
}

func fail(stderr io.Writer, err error, code int) int {
	_, _ = fmt.Fprintf(stderr, "trunk-registry: %v\n", err)
	return code
}

// withEnvFile lets a file answer for what the environment does not set. No file is fine.
func withEnvFile(path string, getenv func(string) string) (func(string) string, error) {
	file, err := godotenv.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return getenv, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return func(name string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return file[name]
	}, nil
}
