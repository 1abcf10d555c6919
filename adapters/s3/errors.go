package s3

import (
	"errors"
	"net/http"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// retryDelay is how long a client is told to wait for the object store.
const retryDelay = 10 * time.Second

// interpret turns an error of the SDK into what the port says. An object that is there already is success: its key says
// what its bytes are.
func interpret(err error) error {
	switch {
	case err == nil, status(err) == http.StatusPreconditionFailed:
		return nil
	case isMismatch(err):
		return ports.ErrDigestMismatch
	default:
		// A bucket that is missing or a key that is refused is no less a store that cannot be used right now.
		return fault.New(fault.StoreUnavailable, "The registry's object store does not answer, so nothing can be published right now. Try again in a moment.").
			After(retryDelay).Because(err)
	}
}

func status(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}

// isConflict says that two wrote one key at a time (ConditionalRequestConflict).
func isConflict(err error) bool { return status(err) == http.StatusConflict }

// isMismatch says that the bytes are not what the checksum says. Services name it differently.
func isMismatch(err error) bool {
	apiError, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	switch apiError.ErrorCode() {
	case "BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch", "InvalidDigest":
		return true
	default:
		return false
	}
}
