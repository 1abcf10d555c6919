package api //nolint:revive // the package's comment is in the generated file

// Error makes a code the target of errors.Is: the errors of the client in the package above say by it what happened.
func (e ProblemCode) Error() string { return string(e) }
