package bindings

import (
	"context"
	"runtime"
	"runtime/debug"
	"syscall/js"
)

// portName is the global variable in which a host on the same thread puts the
// MessagePort to talk through; in a worker there is none, and the worker itself is
// the port.
const portName = "terrariumPort"

// serving is the engine of this program, for calls that are no messages.
var serving *Engine

// Serve is the program of a worker: an engine that answers messages, for ever.
func Serve() {
	collectLater()
	port := js.Global()
	if given := port.Get(portName); given.Type() == js.TypeObject {
		port.Delete(portName)
		port = given
	}
	w := newWire(port)
	e := New(Host{Post: w.post, Yield: newYield(), Store: newIndexedDB(), Decoder: newDecoder()})
	serving = e
	defer listen(port, "message", func(event js.Value) {
		if p, ok := w.packet(event.Get("data")); ok {
			e.Receive(p)
		}
	})()
	if port.Get("start").Type() == js.TypeFunction {
		port.Call("start")
	}
	e.Serve(context.Background())
}

// collectLater has the first collection of garbage wait for 16 MB instead of 4: it fell into
// the start, and took a sixth of the time to a first prediction, most of it for code
// that had never run. Later ones come as Go has them.
func collectLater() {
	debug.SetGCPercent(400)
	type collected struct{ _ [32]byte } // too large to share its memory with others
	runtime.AddCleanup(new(collected), func(percent int) { debug.SetGCPercent(percent) }, 100)
}

// directInput and directRun for JavaScript on the engine's own thread. Addresses
// are unsigned 32-bit numbers, which a float64 carries together with negative codes.

//go:wasmexport terrarium_input
func exportInput(model, rows int32) float64 {
	if serving == nil {
		return directClosed
	}
	return float64(serving.directInput(int(model), int(rows)))
}

//go:wasmexport terrarium_run
func exportRun(model, rows int32) float64 {
	if serving == nil {
		return directClosed
	}
	return float64(serving.directRun(int(model), int(rows)))
}

// Staticcheck does not know go:wasmexport: this says that both are used.
var _, _ = exportInput, exportRun
