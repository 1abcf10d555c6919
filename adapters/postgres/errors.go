package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pgtrunk.io/registry/core/fault"
)

// violations says what the violation of a named constraint means to the person who caused it. A constraint that is not
// here cannot be violated by input: its violation is an internal error.
func violations() map[string]*fault.Fault {
	return map[string]*fault.Fault{
		"projects_folded_key": fault.New(fault.NameTaken, "That name is taken. Choose another one."),
		"projects_name_check": fault.New(fault.NameInvalid, "That is not the name of a project. Use a letter first, then letters, digits and _, at most 64."),
		"artefacts_build_key": fault.New(fault.ArtefactExists, "That build is already published. Publish a new version."),
		"used_sign_ins_pkey":  fault.New(fault.JWTReplayed, "That sign-in was used before, and it is good once. Sign in again."),
		"accounts_name_check": fault.New(fault.RequestInvalid, "That is not the name of a user. Use 1 to 200 characters."),
	}
}

// retryDelay is how long a client is told to wait for the database.
const retryDelay = 5 * time.Second

// interpret turns an error of the driver into a fault where it is one. pgx.ErrNoRows is left to the caller, who knows
// what was not found.
func interpret(err error) error {
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		if f, ok := violations()[pgErr.ConstraintName]; ok {
			return f.Because(err)
		}
		if unavailable(pgErr.Code) {
			return away(err)
		}
		return err
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return away(err)
	}
	if _, ok := errors.AsType[net.Error](err); ok || pgconn.SafeToRetry(err) || connectionLost(err) {
		return away(err)
	}
	return err
}

func connectionLost(err error) bool {
	return errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

func away(err error) error {
	return fault.New(fault.DatabaseUnavailable, "The registry's database does not answer. Try again in a moment.").
		After(retryDelay).Because(err)
}

// unavailable tells the SQLSTATEs of a server that is going, coming or full:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func unavailable(sqlstate string) bool {
	switch sqlstate {
	case "57P01", "57P02", "57P03", "57014", "53300", "53400":
		return true
	default:
		return strings.HasPrefix(sqlstate, "08")
	}
}

// notFound gives f when err says that there was no row, and interprets every other error.
func notFound(err error, f *fault.Fault) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return f
	}
	return interpret(err)
}
