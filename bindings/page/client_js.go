package page

import (
	"syscall/js"
	"time"
)

// A workerLine carries messages to one worker.
type workerLine struct {
	worker js.Value
	hang   []func() // release its listeners
}

// spawnWorker starts a worker by the host (site/boot.js) and returns an Engine that speaks
// to it. When the worker's program ends, every pending call is answered with engine-lost,
// then lost is told why.
func spawnWorker(lost func(why string)) Engine {
	line := &workerLine{worker: js.Global().Get("terrariumHost").Call("spawn")}
	c := newClient(line)
	end := func(why string) {
		line.close()
		c.fail(why)
		lost(why)
	}
	line.hang = []func(){
		listen(line.worker, "message", func(e js.Value) {
			m := e.Get("data")
			if why := m.Get("lost"); why.Type() == js.TypeString {
				end(why.String())
				return
			}
			if rpc := m.Get("rpc"); rpc.Type() == js.TypeString {
				c.receive(rpc.String(), takeBuffers(m.Get("buffers")))
			}
		}),
		listen(line.worker, "error", func(e js.Value) {
			why := "its program could not be started"
			if text := e.Get("message"); text.Type() == js.TypeString && text.String() != "" {
				why = text.String()
			}
			e.Call("preventDefault")
			end(why)
		}),
	}
	return c
}

func (l *workerLine) close() {
	l.worker.Call("terminate")
	// Not within one of the listeners that are released here.
	hang := l.hang
	l.hang = nil
	later(time.Millisecond, func() {
		for _, release := range hang {
			release()
		}
	})
}

// post implements transport. Buffers are copied once and then transferred; files are
// handles and cost nothing.
func (l *workerLine) post(rpc string, buffers [][]byte, files []File) {
	transfer := make([]any, len(buffers))
	for i, b := range buffers {
		array := js.Global().Get("Uint8Array").New(len(b))
		js.CopyBytesToJS(array, b)
		transfer[i] = array.Get("buffer")
	}
	blobs := make([]any, len(files))
	for i, f := range files {
		blobs[i] = f.Handle
	}
	l.worker.Call("postMessage", map[string]any{"rpc": rpc, "buffers": transfer, "blobs": blobs}, transfer)
}

// breathe implements transport: a timer lets the event loop run.
func (l *workerLine) breathe() { time.Sleep(time.Millisecond) }

func takeBuffers(list js.Value) [][]byte {
	if list.Type() != js.TypeObject {
		return nil
	}
	out := make([][]byte, list.Length())
	for i := range out {
		array := js.Global().Get("Uint8Array").New(list.Index(i))
		out[i] = make([]byte, array.Length())
		js.CopyBytesToGo(out[i], array)
	}
	return out
}
