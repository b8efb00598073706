//go:build !engine || formats

package bindings

// What writes and reads the formats of others is 1.8 of the engine's 7.3 MB of code, and
// asked for once in a model's life: terrarium.js fetches a program with it (formats.wasm)
// when it is.
func init() {
	handlers[MethodModelWasm] = handle(modelWasm)
	handlers[MethodModelExport] = handle(modelExport)
}
