// Package codegen compiles a trained model to one stand-alone WebAssembly module: no
// imports, no Go runtime, its weights in its own memory, preprocessing and
// postprocessing included, in a few kilobytes beside the weights.
//
// # How to call a module (ABI 1)
//
// A module exports
//
//	memory                   its memory
//	abi                      an immutable global: the i32 1
//	input(rows) -> pointer   makes room for rows, from 1 to the description's maxRows;
//	                         0 if there are more, or memory cannot grow
//	run(rows) -> pointer     computes as many rows as input made room for, or fewer;
//	                         0 for none or more
//
// Pointers are byte offsets in memory. The caller writes rows of inputSize
// little-endian float32 from input's pointer on, and reads rows of outputSize from
// run's. Several inputs or outputs of a network lie side by side in a row. Pointers hold
// until the next call of input, which may grow the memory where more than a few hundred
// rows are wanted: JavaScript must then make its
// views of memory.buffer anew after it. The same rows may be changed and run again.
//
//	const { instance } = await WebAssembly.instantiateStreaming(fetch('model.wasm'));
//	const { memory, input, run } = instance.exports;
//	new Float32Array(memory.buffer, input(1), row.length).set(row);
//	const answer = new Float32Array(memory.buffer, run(1), outputSize);
//
// # Texts and pictures as they are
//
// A model that takes texts or pictures has a raw entry as well, which its description
// names: "utf8" takes a text's bytes, "rgba" the pixels of a picture of the model's size,
// 4 bytes each, as a canvas gives them. Then the module exports
//
//	utf8(bytes) -> pointer         makes room for a text of so many bytes, or rgba(bytes) for
//	                               a picture; 0 before input was called, for more than 16 MiB,
//	                               other bytes than 4·width·height, or if memory cannot grow
//	encode(row, bytes) -> pointer  makes input row number row of the bytes that were written
//	                               there, and returns where it lies; 0 if there is no such
//	                               row or no such room
//
// Rows are then run as always. A text becomes exactly the tokens that data/text makes of
// it, a picture the numbers that data/image makes of one of that size: laid on white, made
// grey where the model sees grey, scaled. Bringing a picture to its size is the host's.
//
//	const text = new TextEncoder().encode('…'), row = input(1), at = utf8(text.length);
//	new Uint8Array(memory.buffer, at, text.length).set(text);
//	encode(0, text.length);
//	const answer = new Float32Array(memory.buffer, run(1), outputSize);
//
// # The description
//
// The custom section "terrarium" is JSON, described by Description: what the values of
// a row are, from which a host can draw a form and name the answer. Any host will do: a
// page, Node, Deno, wazero, wasmtime (see the example).
//
// # What is equal
//
// The outputs are, bit for bit, those of the core on the same rows, whatever their
// number, with SIMD or without; NaN payloads excepted. Nothing is folded across layers. With float16 or int8 weights they are those of
// the core with the weights that Decoded returns.
//
// # How it works
//
// The graph's nodes are walked twice. lower.go decides how each operation is computed
// and refuses those that it does not know; memory.go gives every value a place, reusing
// the memory of what is no longer needed; emit.go then writes calls of functions from
// package wasmgen, one after the other, with shapes as constant arguments. A module
// holds only the functions that it calls. Rows are computed in blocks that fit the L2
// cache.
package codegen
