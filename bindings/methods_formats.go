//go:build !engine || formats

package bindings

// What writes and reads the formats of others is a tenth of the code, and asked for once
// in a model's life: terrarium.js fetches a program with it (formats.wasm) when it is.
func init() { handlers[MethodModelExport] = handle(modelExport) }
