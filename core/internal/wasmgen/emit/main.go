// Emit writes the engine's kernel module to the file named by its argument:
//
//	go run ./core/internal/wasmgen/emit site/kernels.wasm
//
// The build runs it, so that the engine neither carries the generator nor spends the
// time (50 ms in a browser that has just compiled it).
package main

import (
	"fmt"
	"os"

	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: emit file.wasm")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], wasmgen.Kernels(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "emit:", err)
		os.Exit(1)
	}
}
