// Package interop has other programs open what Terrarium writes: TensorFlow.js its
// layers-models, ONNX Runtime its ONNX. They come from npm and run in Node:
//
//	make interop
//
// The same networks come back through Terrarium's own readers in core/train's tests,
// which need none of that.
package interop
