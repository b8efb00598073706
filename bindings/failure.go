package bindings

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// rpcError is a refusal for which JSON-RPC has a number of its own.
type rpcError struct {
	rpc     int
	code    string
	message string
}

func (e *rpcError) Error() string { return e.message }

func paramsErrorf(format string, args ...any) error {
	return &rpcError{RPCParams, tensor.CodeOption, fmt.Sprintf(format, args...)}
}

func unknownMethod(name string) error {
	known := make([]string, 0, len(handlers))
	for method := range handlers {
		known = append(known, method)
	}
	slices.Sort(known)
	return &rpcError{RPCMethod, tensor.CodeUnsupported, fmt.Sprintf("unknown method %q; known are %s", name, strings.Join(known, ", "))}
}

// brokenError is a recovered panic. The stack goes to the console, for the report.
func brokenError(method string, recovered any) error {
	println("terrarium: panic in " + method + ": " + fmt.Sprint(recovered) + "\n" + string(debug.Stack()))
	return &rpcError{RPCInternal, ErrorInternal, fmt.Sprintf("%s failed in a way that it never should (%v); please report this, with what you did", method, recovered)}
}

// A fitError is why a fit ended early, with what it did until then.
type fitError struct {
	error
	history *FitResult
}

func (e *fitError) Unwrap() error { return e.error }

// refusal makes an error ready for the wire.
func refusal(err error) *Error {
	out := &Error{Code: RPCTerrarium, Message: err.Error(), Data: ErrorData{Code: ErrorInternal}}
	var rpc *rpcError
	var core *tensor.Error
	switch {
	case errors.As(err, &core):
		out.Data = ErrorData{Code: core.Code, Layer: core.Layer, Column: core.Column, Row: core.Row}
	case errors.As(err, &rpc):
		out.Code, out.Data.Code = rpc.rpc, rpc.code
	case errors.Is(err, context.Canceled):
		out.Message, out.Data.Code = "stopped on request", tensor.CodeAborted
	}
	var fit *fitError
	if errors.As(err, &fit) {
		out.Data.History = fit.history
	}
	return out
}
