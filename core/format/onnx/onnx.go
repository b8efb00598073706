// Package onnx writes networks as ONNX models, which ONNX Runtime and many others run,
// and reads those of the usual kinds of small network.
//
// Writing walks over a graph's operations, so that whatever a layer computes is written
// the same way. ONNX puts channels first; a value that some operation wants so is
// transposed once. What is written is IR version 8, operator set 17.
//
// Reading gives a network of layers and its weights: convolutions turn channels last,
// recurrent gates come into Keras's order. What cannot be read is listed all at once.
//
// The messages are Protocol Buffers, of which ONNX uses little: proto.go writes and
// reads that, in place of a library of some hundred kilobytes. Field numbers are those
// of onnx/onnx.proto (ONNX 1.12).
package onnx

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

const (
	irVersion = 8
	opset     = 17
)

// Element types of tensors that are written or read.
const (
	typeFloat   = 1
	typeUint8   = 2
	typeInt8    = 3
	typeInt32   = 6
	typeInt64   = 7
	typeBool    = 9
	typeFloat16 = 10
	typeDouble  = 11
)

func formatErrorf(format string, args ...any) *tensor.Error {
	return tensor.Errorf(tensor.CodeFormat, "onnx: "+format, args...)
}

// typeName is a value's type as Go writes it: "graph.MatMul".
func typeName(v any) string { return fmt.Sprintf("%T", v) }
