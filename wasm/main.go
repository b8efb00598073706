//go:build js && wasm

// Command wasm is Terrarium inside a browser: one program that plays two roles.
// Its first argument says which. "page" is the studio on the main thread, "worker"
// the engine in a Web Worker that the studio, or whoever imports terrarium.js,
// speaks to. With -tags engine the page is left out, and with it everything that
// knows a document: what an importer downloads is smaller by that much.
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// roles are the parts this build can play. Each blocks for as long as it plays.
var roles = map[string]func(){"worker": bindings.Serve}

func main() {
	role := "worker"
	if len(os.Args) > 1 {
		role = os.Args[1]
	}
	play, ok := roles[role]
	if !ok {
		known := strings.Join(slices.Sorted(maps.Keys(roles)), ", ")
		fmt.Fprintf(os.Stderr, "terrarium: no role %q in this build; it has %s\n", role, known)
		os.Exit(2)
	}
	play()
}
